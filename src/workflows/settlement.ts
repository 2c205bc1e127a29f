import { compare, SeqrError } from "../seqr";
import {
  inTime,
  isAnnouncedLate,
  isFollowedUp,
  isEnded,
  isOverdue,
  kindOf,
  NEED_OF,
  oneLine,
  problem,
  repeat,
  restOf,
  sleep,
  type EndReason,
  type InvoiceRecord,
  type ObservationSource,
  type ProblemCode,
  type SeqrPayments,
} from "../modules/seqr/contract";
import { withoutClosed } from "./closed-refunds";
import { messageOf, type Completion } from "./completion";
import type { BookedBy, Purchase, Shop, ShopOrder } from "./shop";

/** Milliseconds that cart completion may take before we observe without it: SEQR's 20 seconds must not pass because of us. */
const COMPLETION_GUARD = 10_000;
/** Tries of a completion that fails for reasons that may pass; the pauses double, so this is about half an hour. */
const COMPLETION_TRIES = 12;
/** Tries after which an order without its payment is one whose process has died. */
const TAKE_IN_AFTER = 3;
/** Tries to claim an invoice that somebody else works on, and the milliseconds between them. */
const CLAIM_TRIES = 20;
const CLAIM_EVERY = 250;
/** Milliseconds between two renewals of a claim. */
const RENEW_EVERY = 3_000;
/** Milliseconds after which an order without its payment is no longer being placed. */
const ABANDONED_AFTER = 60_000;
/** Milliseconds that core has to go on when its process stood still until now: ours stood still with it. */
const CORE_GOES_ON = 3_000;
/** Looks for an entry of core beside the plugin's; the pauses double up to five minutes, so this is half an hour. */
const LOOKS_AT_BOOKS = 12;
const AMOUNT_DIFFERS: ProblemCode = "SEQR_AMOUNT_DIFFERS";
const SESSION_GONE: EndReason = "session_gone";
const ORDER_ABANDONED: ProblemCode = "SEQR_ORDER_ABANDONED";

/** What settling works with. */
export interface SettleContext {
  seqr: SeqrPayments;
  shop: Shop;
  logger: Record<"info" | "warn" | "error", (message: string) => unknown>;
}

type Settled = Promise<InvoiceRecord>;

/**
 * Brings the shop to the state that SEQR reports: the order placed and captured, or the money returned. The one way
 * there for everybody who learns of a payment; safe to call anywhere, any number of times, at once.
 *
 * @returns the invoice afterwards; when somebody else is at it, as it is now
 */
export async function settleInvoice(
  context: SettleContext,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Settled {
  const claimed = await context.seqr.claim(invoice);
  if (claimed) return settleClaimed(context, claimed, source);
  await context.seqr.hurry(invoice);
  return context.seqr.current(invoice);
}

/**
 * The same for those who want to know how it ended: waits a few seconds while somebody else is at it. After that the
 * watch, which is told, goes on alone.
 */
export async function settleInvoiceSoon(
  context: SettleContext,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Settled {
  const { seqr } = context;
  for (let attempt = 0; attempt < CLAIM_TRIES; attempt++) {
    const current = await seqr.current(invoice);
    if (current.state === "settled") return current;
    const claimed = await seqr.claim(current);
    if (claimed) return settleClaimed(context, claimed, source);
    await sleep(seqr.clock, CLAIM_EVERY);
  }
  await seqr.hurry(invoice);
  return seqr.current(invoice);
}

/**
 * Takes an invoice for work during which nobody else may work on it; waits a few seconds while somebody does.
 *
 * @returns undefined when it stays busy
 */
export async function claimSoon(
  seqr: SeqrPayments,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | undefined> {
  for (let attempt = 0; attempt < CLAIM_TRIES; attempt++) {
    const claimed = await seqr.claim(invoice);
    if (claimed) return claimed;
    await sleep(seqr.clock, CLAIM_EVERY);
  }
  return undefined;
}

/** Settles an invoice that the caller has claimed; gives it back at the end. */
export async function settleClaimed(
  context: SettleContext,
  claimed: InvoiceRecord,
  source: ObservationSource,
): Settled {
  return holding(context.seqr, claimed, () => new Settlement(context, source).advance(claimed));
}

/** Does something with a claimed invoice, keeps the claim meanwhile, and gives it back. */
export async function holding<T>(
  seqr: SeqrPayments,
  claimed: InvoiceRecord,
  work: () => Promise<T>,
  dueBefore: Date | null = null,
): Promise<T> {
  const stop = repeat(seqr.clock, RENEW_EVERY, () => seqr.renew(claimed));
  try {
    return await work();
  } finally {
    stop();
    await seqr.release(claimed, dueBefore);
  }
}

class Settlement {
  readonly #seqr: SeqrPayments;
  readonly #shop: Shop;
  readonly #logger: SettleContext["logger"];

  constructor(
    { seqr, shop, logger }: SettleContext,
    private readonly source: ObservationSource,
  ) {
    this.#seqr = seqr;
    this.#shop = shop;
    this.#logger = logger;
  }

  /** Takes every step that can be taken now. */
  async advance(invoice: InvoiceRecord): Settled {
    switch (invoice.state) {
      case "sending":
        return this.#abandonSend(invoice);
      case "open":
        return this.source === "notification" ? this.#acknowledgeLast(invoice) : this.#look(invoice);
      case "declined":
        // Looking would acknowledge it, and SEQR would not return the money any more.
        return isOverdue(invoice, this.#seqr.now()) ? this.#look(invoice) : invoice;
      case "canceling":
        return this.#look(invoice);
      case "paid":
        return this.#fulfil(invoice);
      case "captured":
        return this.#confirm(invoice);
      case "owed":
      case "returning":
        return this.#giveBack(invoice);
      case "canceled":
      case "expired":
      case "failed":
        return this.#lookLate(invoice);
      case "returned":
      case "void":
        return this.source === "watch" || isFollowedUp(invoice, this.#seqr.now())
          ? this.#endUnpaid(invoice)
          : invoice;
      case "settled":
        return this.source === "watch" ? this.#lookAtBooks(invoice) : invoice;
      default:
        return invoice;
    }
  }

  /** A send whose process died: the code was never shown, so nobody can pay it. */
  async #abandonSend(invoice: InvoiceRecord): Settled {
    if (!isOverdue(invoice, this.#seqr.now())) return invoice;
    return (await this.#seqr.transition(invoice, "void", { reason: "not_sent" })) ?? invoice;
  }

  /**
   * After a notification the cart is completed first, and the completion observes as its last act: what cannot become
   * an order is not acknowledged, and SEQR returns the money by itself.
   */
  async #acknowledgeLast(invoice: InvoiceRecord): Settled {
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    if (!purchase) return this.#decline(invoice, "session_gone", "the payment session is gone");
    const { cartId } = purchase;
    if (cartId === undefined) return this.#look(invoice);
    const completing = this.#complete(invoice, cartId, false);
    const completion = await inTime(this.#seqr.clock, completing, COMPLETION_GUARD);
    const current = await this.#seqr.current(invoice);
    switch (completion?.outcome) {
      case "impossible":
        return current.state === "open"
          ? this.#decline(current, reasonOf(completion), completion.message)
          : this.#goOn(invoice, current);
      case "unpaid":
        return this.#goOn(invoice, current);
      default:
        return this.#look(current);
    }
  }

  /** Leaves the payment unread, so that SEQR reverses it. */
  async #decline(invoice: InvoiceRecord, reason: EndReason, why: string): Settled {
    // A payment that contradicts the invoice was read, and SEQR will not reverse it: a person decides.
    if (invoice.disputed_reference !== null) return invoice;
    this.#log("warn", invoice, `is not acknowledged: ${why}`);
    return (await this.#seqr.transition(invoice, "declined", { reason })) ?? invoice;
  }

  /** Learns how the invoice stands at SEQR, ends it when its time is over, and goes on from there. */
  async #look(invoice: InvoiceRecord): Settled {
    const { state } = invoice;
    if (state === "canceling") return this.#cancel(invoice, invoice.reason ?? "merchant");
    if (state === "open" && invoice.expires_at <= this.#seqr.now()) return this.#cancel(invoice, "lifetime");
    if (state !== "open" && state !== "declined") return this.advance(invoice);
    // Reading a payment accepts it, so a code that nobody is to pay any more is cancelled instead.
    const obsolete = state === "open" ? await this.#obsoleteBy(invoice) : undefined;
    if (obsolete) return this.#withdraw(invoice, obsolete);
    return this.#goOn(invoice, await this.#observe(invoice));
  }

  /**
   * Why an open invoice is not to be paid any more, if so. Core cancels one of a cart when the cart changes; it leaves
   * the sessions of an order as they are when the order is changed, cancelled, or complete without them. For carts the
   * watch does not look at the store: the event about the order does.
   */
  async #obsoleteBy(invoice: InvoiceRecord): Promise<EndReason | undefined> {
    if (invoice.cart_id !== null && this.source === "watch") return undefined;
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    if (!purchase) return "session_gone";
    // Medusa may have taken it in: a ledger restored from a backup does not know.
    if (purchase.paymentId !== undefined) return undefined;
    if (purchase.cartId === undefined) return this.#doubtOfChange(invoice, purchase);
    if (purchase.orderId === undefined) return undefined;
    return purchase.paidOtherwise ? "paid_twice" : this.#doubtOfOrder(purchase.orderId);
  }

  /** Cancels an open invoice that nobody is to pay; one that is being paid stays unread, and SEQR returns the money. */
  async #withdraw(invoice: InvoiceRecord, reason: EndReason): Settled {
    const outcome = await this.#seqr.cancelInvoice(invoice, "superseded", true);
    const current = await this.#seqr.current(invoice);
    if (outcome === "paying" && current.state === "open") {
      return this.#decline(current, reason, "its purchase is not to be paid with it any more");
    }
    // The watch cancels it again.
    if (outcome === "unknown") return current;
    return this.#goOn(invoice, current);
  }

  /** Why an order needs no payment, if so. */
  async #doubtOfOrder(orderId: string): Promise<EndReason | undefined> {
    return needsNoPayment(await this.#shop.order(orderId));
  }

  /** Why money for an order that was there before does not fit it, if it does not. */
  async #doubtOfChange(
    { amount }: InvoiceRecord,
    { orderId, amount: asked }: Purchase,
  ): Promise<EndReason | undefined> {
    if (orderId === undefined) return "order_impossible";
    const order = await this.#shop.order(orderId);
    const doubt = needsNoPayment(order);
    if (doubt) return doubt;
    const { owed } = order;
    // A payment collection may be over a part of what is owed.
    return asked === amount && compare(amount, owed) <= 0 ? undefined : "amount_differs";
  }

  /** Goes on from what was seen, if there was anything new. The watch looks over what has ended. */
  async #goOn(before: InvoiceRecord, seen: InvoiceRecord): Settled {
    return seen.state === before.state || isEnded(seen.state) ? seen : this.advance(seen);
  }

  /**
   * It ended, and its money is not here. Should a process have died between writing the order and taking the payment, the
   * order is there all the same, and will never be paid. While that cannot be looked up or put right, it is tried again.
   */
  async #endUnpaid(invoice: InvoiceRecord): Settled {
    try {
      const abandoned = await this.#abandonedOrderOf(invoice);
      if (abandoned === "not certain yet") {
        await this.#seqr.note(invoice, { attempts: invoice.attempts + 1 });
      } else if (abandoned) {
        this.#log("warn", invoice, `leaves its order ${abandoned.orderId} unpaid, which is cancelled`);
        await this.#shop.cancelOrder(abandoned.orderId);
        await this.#seqr.note(invoice, {
          attempts: 0,
          order_id: abandoned.orderId,
          // What a person has to see first stays.
          ...(!isForPerson(invoice) && { problem: ORDER_ABANDONED }),
        });
      } else if (invoice.attempts > 0) {
        await this.#seqr.note(invoice, { attempts: 0 });
      }
    } catch (error) {
      this.#log("error", invoice, `ended, and its order could not be cancelled: ${String(error)}`);
      await this.#seqr.note(invoice, { attempts: invoice.attempts + 1 });
    }
    return this.#seqr.current(invoice);
  }

  /**
   * The order that core wrote down before the payment, when it never came to the payment. One that has nothing to pay is
   * complete without a payment, and one of which nobody knows yet whether it is still being placed may become complete.
   */
  async #abandonedOrderOf(
    invoice: InvoiceRecord,
  ): Promise<{ orderId: string } | "not certain yet" | undefined> {
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    if (purchase?.orderId === undefined) return undefined;
    const { orderId, paymentId } = purchase;
    if (paymentId !== undefined) {
      // Staff may have given it back before its capture was in the order's books.
      const by = await this.#bookedBy(orderId, paymentId, isFollowedUp(invoice, this.#seqr.now()));
      return by === "core" || invoice.attempts >= LOOKS_AT_BOOKS ? undefined : "not certain yet";
    }
    if (purchase.cartId === undefined || !purchase.isUnpaid) return undefined;
    const order = await this.#shop.order(orderId);
    if (order.isCanceled || !order.isPending || compare(order.owed, "0") <= 0) return undefined;
    const isOld = this.#seqr.now().getTime() - order.placedAt.getTime() >= ABANDONED_AFTER;
    return isOld ? { orderId } : "not certain yet";
  }

  /**
   * Something was announced of an invoice that had ended, or somebody wants to know. Money of a session that is gone
   * is left unread until SEQR has reversed it. Otherwise the watch looks once for what a process may have left.
   */
  async #lookLate(invoice: InvoiceRecord): Settled {
    const isAnnounced = this.source === "notification";
    if (isAnnounced && !(await this.#shop.purchaseOf(invoice.session_id))) return invoice;
    if (!isAnnounced && this.source !== "watch" && this.source !== "staff")
      return isFollowedUp(invoice, this.#seqr.now()) ? this.#endUnpaid(invoice) : invoice;
    if (this.source === "watch" && !isAnnouncedLate(invoice)) return this.#endUnpaid(invoice);
    const seen = await this.#observe(invoice);
    if (!isEnded(seen.state)) return this.advance(seen);
    // What nobody could read is looked at again.
    return isAnnouncedLate(seen) ? seen : this.#endUnpaid(seen);
  }

  /** Asks SEQR; when it does not answer, the invoice stays as it is. */
  async #observe(invoice: InvoiceRecord): Settled {
    try {
      return await this.#seqr.observe(invoice, this.source);
    } catch (error) {
      if (!(error instanceof SeqrError)) throw error;
      this.#log("warn", invoice, `could not be looked up: ${error.message}`);
      return invoice;
    }
  }

  /**
   * Cancels, and reads once more when the cancellation was refused, since the shopper was faster, and when a lifetime
   * is over, since nobody looks at it again.
   */
  async #cancel(invoice: InvoiceRecord, reason: EndReason): Settled {
    const outcome = await this.#seqr.cancelInvoice(invoice, reason, true);
    const current = await this.#seqr.current(invoice);
    if (outcome === "unknown" || (outcome === "canceled" && reason !== "lifetime")) return current;
    return this.#goOn(current, await this.#observe(current));
  }

  /** The money is ours: place the order, or find that it cannot be placed. */
  async #fulfil(invoice: InvoiceRecord): Settled {
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    if (!purchase) return this.#return(invoice, "session_gone", "the payment session is gone");
    if (purchase.cartId === undefined && purchase.paymentId === undefined) {
      const doubt = await this.#doubtOfChange(invoice, purchase);
      if (doubt) return this.#return(invoice, doubt, "the order was changed");
    }
    const completion =
      purchase.cartId !== undefined
        ? await this.#complete(invoice, purchase.cartId, true)
        : await this.#takeIn(invoice, purchase.orderId);
    const current = await this.#seqr.current(invoice);
    // Somebody has taken it further meanwhile, such as staff who gave it back.
    if (current.state !== "paid" && current.state !== "captured") return current;
    if (completion.outcome === "order") {
      // A roll-back of core that broke off can leave the cart with an order that is gone.
      return this.#paidFor(current, completion.orderId).catch((error: unknown) =>
        this.#tryAgain(current, messageOf(error)),
      );
    }
    if (current.state !== "paid") return current;
    if (completion.outcome === "impossible") {
      return this.#return(current, reasonOf(completion), completion.message);
    }
    return this.#tryAgain(current, completion.message);
  }

  /**
   * Completes the cart with the session that has the money, while no other payment of the purchase is being started: core
   * writes a new session down before it deletes the earlier ones, and would complete with either.
   */
  async #complete(invoice: InvoiceRecord, cartId: string, isPaid: boolean): Promise<Completion> {
    const letGo = await this.#holdPurchase(invoice);
    if (!letGo) return { outcome: "failed", message: "another payment of the purchase is being started" };
    let completing: Promise<Completion>;
    try {
      // A start that went before may have taken the session away, and core would complete with another method.
      if (!(await this.#shop.purchaseOf(invoice.session_id)))
        return { outcome: "impossible", message: "the payment session is gone", code: SESSION_GONE };
      await this.#shop.dropOtherSessions(invoice.session_id, isPaid);
      completing = this.#shop.completeCart(cartId);
      // One that hangs does not keep the shopper from starting again.
      await inTime(this.#seqr.clock, completing, COMPLETION_GUARD);
    } finally {
      await letGo();
    }
    return completing;
  }

  /** @returns how to let go; undefined when others start payments of it all the time */
  async #holdPurchase(invoice: InvoiceRecord): Promise<(() => Promise<void>) | undefined> {
    try {
      return await this.#seqr.holdPurchase(invoice.payment_collection_id);
    } catch (error) {
      const busy: ProblemCode = "SEQR_BUSY";
      if ((error as { code?: string }).code === busy) return undefined;
      throw error;
    }
  }

  async #tryAgain(invoice: InvoiceRecord, why: string): Settled {
    if (invoice.attempts >= COMPLETION_TRIES) return this.#return(invoice, "order_impossible", why);
    this.#log("warn", invoice, `is paid, its order failed and is tried again: ${why}`);
    const obstacle: ProblemCode = "SEQR_ORDER_FAILED";
    await this.#seqr.note(invoice, { attempts: invoice.attempts + 1, problem: obstacle });
    return invoice;
  }

  /** There is an order: with this payment, or with another one. */
  async #paidFor(invoice: InvoiceRecord, orderId: string): Settled {
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    if (purchase?.paymentId !== undefined)
      return this.#placed(invoice, orderId, purchase.paymentId, purchase.amount);
    if (purchase?.paidOtherwise) {
      return this.#return(invoice, "paid_twice", "the order was placed with another payment");
    }
    const doubt = await this.#doubtOfOrder(orderId);
    if (doubt) return this.#return(invoice, doubt, "its order is cancelled, or has nothing to pay");
    // Core writes the order down before it takes the payment, and never comes back to it: somebody is placing it, or
    // died while placing it. Nobody who asks this plugin first does the former, since the invoice is claimed.
    if (invoice.attempts < TAKE_IN_AFTER) return this.#tryAgain(invoice, "the order is being placed");
    return this.#paidForBy(invoice, await this.#takeIn(invoice, orderId));
  }

  async #paidForBy(invoice: InvoiceRecord, taken: Completion): Settled {
    const current = await this.#seqr.current(invoice);
    if (taken.outcome === "order") return this.#confirm(current);
    return current.state === "paid" ? this.#tryAgain(current, taken.message) : current;
  }

  /** Money for an order that exists already. */
  async #takeIn(invoice: InvoiceRecord, orderId: string | undefined): Promise<Completion> {
    const taken = await this.#shop.takeIn(invoice.session_id, invoice.amount);
    if (taken.outcome === "failed") return { outcome: "failed", message: taken.message };
    if (orderId !== undefined) return { outcome: "order", orderId };
    return { outcome: "impossible", message: "the payment belongs to no cart and no order" };
  }

  /** Handed to Medusa: either its order is there, or the process that was placing it died. */
  async #confirm(invoice: InvoiceRecord): Settled {
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    if (purchase?.orderId !== undefined && purchase.paymentId !== undefined) {
      return this.#placed(invoice, purchase.orderId, purchase.paymentId, purchase.amount);
    }
    if (!isOverdue(invoice, this.#seqr.now())) return invoice;
    const paid = await this.#seqr.transition(invoice, "paid");
    return paid ? this.#fulfil(paid) : invoice;
  }

  /** The order is there with its payment. What is left for core is to enter the capture in the order's books. */
  async #placed(invoice: InvoiceRecord, orderId: string, paymentId: string, asked: string): Settled {
    const captured = (await this.#seqr.transition(invoice, "captured")) ?? invoice;
    const by = await this.#bookedBy(orderId, paymentId, isOverdue(captured, this.#seqr.now()));
    if (by === "nobody") return captured;
    const problem = await this.#doubtOf(captured, orderId, asked);
    await this.#seqr.transition(captured, "settled", {
      ...{ order_id: orderId, settled_at: this.#seqr.now(), reason: null, problem },
      attempts: by === "plugin" ? 1 : 0,
    });
    return this.#seqr.current(invoice);
  }

  /**
   * Who has entered a capture in its order's books: whoever completes the cart does.
   *
   * @param isOverdue whether that must have died, so that the plugin does
   */
  async #bookedBy(orderId: string, paymentId: string, isOverdue: boolean): Promise<BookedBy> {
    const by = await this.#shop.bookCapture(orderId, paymentId, false);
    if (by !== "nobody" || !isOverdue) return by;
    await sleep(this.#seqr.clock, CORE_GOES_ON);
    return this.#shop.bookCapture(orderId, paymentId, true);
  }

  /**
   * The plugin has entered the capture in core's place. Should core come after all, it enters it too, and the plugin's
   * entry goes.
   */
  async #lookAtBooks(invoice: InvoiceRecord): Settled {
    const { attempts, order_id } = invoice;
    if (attempts === 0 || order_id === null) return invoice;
    await this.#seqr.note(invoice, { attempts: attempts + 1 });
    const purchase = await this.#shop.purchaseOf(invoice.session_id);
    const by = purchase?.paymentId && (await this.#shop.bookCapture(order_id, purchase.paymentId, true));
    if (by !== "plugin" || attempts >= LOOKS_AT_BOOKS) await this.#seqr.note(invoice, { attempts: 0 });
    return this.#seqr.current(invoice);
  }

  /** An order that was placed from a cart amounts to what was paid; one that was changed later may not. */
  async #doubtOf(invoice: InvoiceRecord, orderId: string, asked: string): Promise<ProblemCode | null> {
    const total = invoice.cart_id === null ? asked : (await this.#shop.order(orderId)).total;
    return total === invoice.amount ? null : "SEQR_ORDER_TOTAL_DIFFERS";
  }

  async #return(invoice: InvoiceRecord, reason: EndReason, why: string): Settled {
    const returning = await this.#seqr.transition(invoice, "returning", { reason, attempts: 0 });
    if (!returning) return this.#seqr.current(invoice);
    this.#log("warn", returning, `is paid and goes back to the shopper: ${why}`);
    return this.#giveBack(returning);
  }

  /**
   * Refunds what is left of it: in Medusa's books where they know of the payment, and through them at SEQR. What SEQR
   * refuses stays, with its problem, for a person. What a person has closed is not refunded.
   */
  async #giveBack(invoice: InvoiceRecord): Settled {
    return this.#refunding(invoice, async (left) => {
      const outcome = await this.#shop.refund(invoice.session_id, left);
      if (outcome === "made") return;
      // Medusa's books have refunds that the ledger has not. While one may be on its way, another would leave its
      // money in nobody's books.
      if (outcome === "booked" && !isOverdue(invoice, this.#seqr.now())) throw problem("SEQR_REFUND_RUNNING");
      await this.#refundAtSeqr(invoice, left);
    });
  }

  async #refundAtSeqr(invoice: InvoiceRecord, amount: string): Promise<void> {
    await this.#seqr.refundInvoice(invoice, {
      amount,
      idempotencyKey: `return-${invoice.id}`,
      reason: invoice.reason ?? "order_impossible",
    });
  }

  async #refunding(invoice: InvoiceRecord, refund: (left: string) => Promise<void>): Settled {
    const refunds = await this.#seqr.refundsOf(invoice);
    const rest = restOf(invoice, refunds);
    // What a person has returned in another way, or keeps, is not back at SEQR.
    const end = compare(rest, "0") > 0 ? "waived" : "returned";
    try {
      const books = { seqr: this.#seqr, shop: this.#shop };
      const left = await withoutClosed(books, invoice, { rest, refunds });
      if (compare(left, "0") > 0) await refund(left);
      else await this.#seqr.transition(invoice, end, { problem: null });
    } catch (error) {
      const fallback: ProblemCode = "SEQR_REFUND_FAILED";
      const obstacle = (error as { code?: string }).code ?? fallback;
      await this.#seqr.note(invoice, { attempts: invoice.attempts + 1, problem: obstacle });
      this.#log("error", invoice, `could not be returned (${obstacle})`);
    }
    return this.#seqr.current(invoice);
  }

  #log(level: "warn" | "error", invoice: InvoiceRecord, text: string): void {
    this.#logger[level](`seqr: invoice ${invoice.invoice_reference ?? invoice.id} ${oneLine(text)}`);
  }
}

function isForPerson(invoice: InvoiceRecord): boolean {
  const kind = kindOf(invoice);
  return kind !== undefined && NEED_OF[kind] === "person";
}

/** Why an order needs no payment, if so. */
function needsNoPayment({ owed, isCanceled }: ShopOrder): EndReason | undefined {
  if (isCanceled) return "order_canceled";
  return compare(owed, "0") <= 0 ? "nothing_owed" : undefined;
}

/** Why a cart that cannot become an order keeps its payment from being one. */
function reasonOf({ code }: Exclude<Completion, { outcome: "order" }>): EndReason {
  if (code === SESSION_GONE) return "session_gone";
  return code === AMOUNT_DIFFERS ? "amount_differs" : "order_impossible";
}
