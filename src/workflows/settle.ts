import type { MedusaContainer } from "@medusajs/framework/types";
import { SeqrError } from "../seqr";
import { SEQR_MODULE } from "../modules/seqr";
import {
  isOverdue,
  type EndReason,
  type InvoiceRecord,
  type ObservationSource,
  type ProblemCode,
  type SeqrModuleService,
} from "../modules/seqr/contract";
import { completeCart, processPayment, type Completion } from "./complete-cart";
import { purchaseOf } from "./purchase";

/** Milliseconds that cart completion may take before we observe without it: SEQR's 20 seconds must not pass because of us. */
const COMPLETION_GUARD = 10_000;
/** Tries of a completion that fails for reasons that may pass; the pauses double, so this is about half an hour. */
const COMPLETION_TRIES = 12;
/** Tries to claim an invoice that somebody else works on, and the milliseconds between them. */
const CLAIM_TRIES = 20;
const CLAIM_EVERY = 250;
/** Milliseconds between two renewals of a claim. */
const RENEW_EVERY = 3_000;

type Settled = Promise<InvoiceRecord>;

/**
 * Brings Medusa to the state that SEQR reports: the order placed and captured, or the money returned. The one way
 * there for everybody who learns of a payment; safe to call anywhere, any number of times, at once.
 *
 * @returns the invoice afterwards; when somebody else is at it, as it is now
 */
export async function settle(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Settled {
  const seqr = container.resolve<SeqrModuleService>(SEQR_MODULE);
  const claimed = await seqr.claim(invoice);
  if (!claimed) {
    await seqr.hurry(invoice);
    return (await seqr.find({ id: invoice.id })) ?? invoice;
  }
  return settleClaimed(container, claimed, source);
}

/**
 * The same for those who want to know how it ended: waits a few seconds while somebody else is at it. After that the
 * watch, which was told, goes on alone.
 */
export async function settleSoon(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Settled {
  const seqr = container.resolve<SeqrModuleService>(SEQR_MODULE);
  for (let attempt = 0; attempt < CLAIM_TRIES; attempt++) {
    const current = (await seqr.find({ id: invoice.id })) ?? invoice;
    if (current.state === "settled") return current;
    if (current.lease_until === null || current.lease_until <= seqr.now()) {
      return settle(container, current, source);
    }
    await new Promise((resolve) => setTimeout(resolve, CLAIM_EVERY));
  }
  return (await seqr.find({ id: invoice.id })) ?? invoice;
}

/** The same for an invoice that the caller has claimed; gives it back at the end. */
export async function settleClaimed(
  container: MedusaContainer,
  claimed: InvoiceRecord,
  source: ObservationSource,
): Settled {
  const seqr = container.resolve<SeqrModuleService>(SEQR_MODULE);
  const renewal = setInterval(() => void seqr.renew(claimed).catch(() => undefined), RENEW_EVERY);
  try {
    return await new Settlement(container, seqr, source).advance(claimed);
  } finally {
    clearInterval(renewal);
    await seqr.release(claimed);
  }
}

class Settlement {
  constructor(
    private readonly container: MedusaContainer,
    private readonly seqr: SeqrModuleService,
    private readonly source: ObservationSource,
  ) {}

  /** Takes every step that can be taken now. */
  async advance(invoice: InvoiceRecord): Settled {
    switch (invoice.state) {
      case "sending":
        return this.#abandonSend(invoice);
      case "open":
        return this.source === "notification" ? this.#acknowledgeLast(invoice) : this.#look(invoice);
      case "declined":
        // Looking would acknowledge it, and SEQR would not return the money any more.
        return isOverdue(invoice, this.seqr.now()) ? this.#look(invoice) : invoice;
      case "canceling":
        return this.#look(invoice);
      case "paid":
        return this.#fulfil(invoice);
      case "captured":
        return this.#confirm(invoice);
      case "returning":
        return this.#giveBack(invoice);
      default:
        return invoice;
    }
  }

  /** A send whose process died: the code was never shown, so nobody can pay it. */
  async #abandonSend(invoice: InvoiceRecord): Settled {
    if (!isOverdue(invoice, this.seqr.now())) return invoice;
    return (await this.seqr.transition(invoice, "void", { reason: "not_sent" })) ?? invoice;
  }

  /**
   * After a notification the cart is completed first, and the completion observes as its last act: what cannot become
   * an order is not acknowledged, and SEQR returns the money by itself.
   */
  async #acknowledgeLast(invoice: InvoiceRecord): Settled {
    const purchase = await purchaseOf(this.container, invoice.session_id);
    if (!purchase) return this.#decline(invoice, "session_gone", "the payment session is gone");
    if (purchase.cartId === undefined) return this.#look(invoice);
    const completion = await inTime(completeCart(this.container, purchase.cartId), COMPLETION_GUARD);
    const current = (await this.seqr.find({ id: invoice.id })) ?? invoice;
    switch (completion?.outcome) {
      case "order":
        return current.state === "captured"
          ? this.#settled(current, completion.orderId)
          : this.#look(current);
      case "impossible":
        return current.state === "open"
          ? this.#decline(current, "order_impossible", completion.message)
          : this.advance(current);
      case "unpaid":
        return current.state === "open" ? current : this.advance(current);
      default:
        return this.#look(current);
    }
  }

  /** Leaves the payment unread, so that SEQR reverses it. */
  async #decline(invoice: InvoiceRecord, reason: EndReason, why: string): Settled {
    this.#log("warn", invoice, `is not acknowledged: ${why}`);
    return (await this.seqr.transition(invoice, "declined", { reason })) ?? invoice;
  }

  /** Learns how the invoice stands at SEQR, ends it when its time is over, and goes on from there. */
  async #look(invoice: InvoiceRecord): Settled {
    if (invoice.state !== "open" && invoice.state !== "canceling" && invoice.state !== "declined") {
      return this.advance(invoice);
    }
    try {
      const before = invoice.state;
      if (before === "canceling") return await this.#cancel(invoice, invoice.reason ?? "merchant");
      if (before === "open" && invoice.expires_at <= this.seqr.now())
        return await this.#cancel(invoice, "lifetime");
      const seen = await this.seqr.observe(invoice, this.source);
      return seen.state === before ? seen : await this.advance(seen);
    } catch (error) {
      if (!(error instanceof SeqrError)) throw error;
      this.#log("warn", invoice, `could not be looked up: ${error.message}`);
      return invoice;
    }
  }

  /** Cancels, and reads once more when the cancellation was refused: the shopper was faster. */
  async #cancel(invoice: InvoiceRecord, reason: EndReason): Settled {
    const outcome = await this.seqr.cancelInvoice(invoice, reason);
    const current = (await this.seqr.find({ id: invoice.id })) ?? invoice;
    if (outcome !== "paying") return current;
    const seen = await this.seqr.observe(current, this.source);
    return seen.state === current.state ? seen : this.advance(seen);
  }

  /** The money is ours: place the order, or find that it cannot be placed. */
  async #fulfil(invoice: InvoiceRecord): Settled {
    const purchase = await purchaseOf(this.container, invoice.session_id);
    if (!purchase) return this.#return(invoice, "session_gone", "the payment session is gone");
    const completion =
      purchase.cartId !== undefined
        ? await completeCart(this.container, purchase.cartId)
        : await this.#takeIn(invoice, purchase.orderId);
    const current = (await this.seqr.find({ id: invoice.id })) ?? invoice;
    if (completion.outcome === "order") return this.#paidFor(current, completion.orderId);
    if (current.state !== "paid") return current;
    if (completion.outcome === "impossible")
      return this.#return(current, "order_impossible", completion.message);
    return this.#tryAgain(current, completion.message);
  }

  async #tryAgain(invoice: InvoiceRecord, why: string): Settled {
    if (invoice.attempts >= COMPLETION_TRIES) return this.#return(invoice, "order_impossible", why);
    this.#log("warn", invoice, `is paid, its order failed and is tried again: ${why}`);
    const problem: ProblemCode = "SEQR_ORDER_FAILED";
    await this.seqr.note(invoice, { attempts: invoice.attempts + 1, problem });
    return invoice;
  }

  /** There is an order: with this payment, or with another one. */
  async #paidFor(invoice: InvoiceRecord, orderId: string): Settled {
    const purchase = await purchaseOf(this.container, invoice.session_id);
    if (purchase?.paymentId !== undefined) return this.#settled(invoice, orderId);
    if (purchase?.paidOtherwise) {
      return this.#return(invoice, "paid_twice", "the order was placed with another payment");
    }
    // Core writes the order down before it takes the payment: another process is still placing it.
    return this.#tryAgain(invoice, "the order is being placed");
  }

  /** Money for an order that exists already. */
  async #takeIn(invoice: InvoiceRecord, orderId: string | undefined): Promise<Completion> {
    const taken = await processPayment(this.container, invoice.session_id, invoice.amount);
    if (taken.outcome === "failed") return { outcome: "failed", message: taken.message };
    if (orderId !== undefined) return { outcome: "order", orderId };
    return { outcome: "impossible", message: "the payment belongs to no cart and no order" };
  }

  /** Handed to Medusa: either its order is there, or the process that was placing it died. */
  async #confirm(invoice: InvoiceRecord): Settled {
    const purchase = await purchaseOf(this.container, invoice.session_id);
    if (purchase?.orderId !== undefined && purchase.paymentId !== undefined) {
      return this.#settled(invoice, purchase.orderId);
    }
    if (!isOverdue(invoice, this.seqr.now())) return invoice;
    const paid = await this.seqr.transition(invoice, "paid");
    return paid ? this.#fulfil(paid) : invoice;
  }

  async #settled(invoice: InvoiceRecord, orderId: string): Settled {
    const settled_at = this.seqr.now();
    const patch = { order_id: orderId, settled_at, reason: null, problem: null, attempts: 0 };
    const captured = (await this.seqr.transition(invoice, "captured")) ?? invoice;
    const settled = await this.seqr.transition(captured, "settled", patch);
    if (settled) this.#log("info", settled, `is settled with order ${orderId}`);
    return settled ?? (await this.seqr.find({ id: invoice.id })) ?? invoice;
  }

  async #return(invoice: InvoiceRecord, reason: EndReason, why: string): Settled {
    const returning = await this.seqr.transition(invoice, "returning", { reason, attempts: 0 });
    if (!returning) return (await this.seqr.find({ id: invoice.id })) ?? invoice;
    this.#log("warn", returning, `is paid and goes back to the shopper: ${why}`);
    return this.#giveBack(returning);
  }

  /** Refunds all of it. What SEQR refuses stays, with its problem, for a person. */
  async #giveBack(invoice: InvoiceRecord): Settled {
    try {
      await this.seqr.refundInvoice(invoice, {
        amount: invoice.amount,
        idempotencyKey: `return-${invoice.id}`,
        reason: invoice.reason ?? "order_impossible",
      });
    } catch (error) {
      const fallback: ProblemCode = "SEQR_REFUND_FAILED";
      const problem = (error as { code?: string }).code ?? fallback;
      await this.seqr.note(invoice, { attempts: invoice.attempts + 1, problem });
      this.#log("error", invoice, `could not be returned (${problem})`);
    }
    return (await this.seqr.find({ id: invoice.id })) ?? invoice;
  }

  #log(level: "info" | "warn" | "error", invoice: InvoiceRecord, text: string): void {
    const logger = this.container.resolve("logger");
    logger[level](`seqr: invoice ${invoice.invoice_reference ?? invoice.id} ${text}`);
  }
}

/** The result, or undefined when it is not there in time; the work goes on all the same. */
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
