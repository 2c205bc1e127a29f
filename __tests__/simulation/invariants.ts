import { attentionOf } from "../../src/modules/seqr/attention";
import type { InvoiceRecord, RefundRecord } from "../../src/modules/seqr/ledger";
import type { InvoiceState } from "../../src/modules/seqr/states";
import type { Transaction } from "../../src/sandbox/core/state";
import { compare, fromHundredths, sum } from "../../src/seqr";
import { keptOf, type Order, type Payment } from "./books";
import type { World } from "./world";

/** Something that must not be, in words, and all that happened before. */
export interface Violation {
  what: string;
  trace: string[];
}

/** States in which nothing has to happen any more. */
const AT_REST: readonly InvoiceState[] = [
  "settled",
  "returned",
  "waived",
  "canceled",
  "expired",
  "failed",
  "void",
];
/** Milliseconds from the end of a lifetime until the watch has surely cancelled. */
const GRACE = 7_000;
/** Milliseconds after which SEQR takes back what nobody has asked about. */
const REVERSAL = 20_000;

/** Compares SEQR's transactions, Medusa's records and the ledger, once a world has come to rest. */
export function violationsOf(world: World): Violation[] {
  return new Audit(world).all();
}

class Audit {
  readonly #found: Violation[] = [];
  readonly #invoices: Map<string, InvoiceRecord>;
  readonly #payments: Map<string, Transaction>;
  readonly #listed: Set<string>;

  constructor(private readonly world: World) {
    const { ledger, core } = world;
    this.#invoices = new Map(ledger.invoices.map((row) => [row.invoice_reference ?? row.id, row]));
    const payments = core.transactions().filter(({ kind }) => kind === "payment");
    this.#payments = new Map(payments.map((payment) => [payment.invoiceReference, payment]));
    this.#listed = new Set(ledger.invoices.filter((row) => this.#isListed(row)).map(({ id }) => id));
  }

  all(): Violation[] {
    const { books, ledger } = this.world;
    for (const payment of this.#payments.values()) this.#checkPayment(payment);
    for (const invoice of ledger.invoices) this.#checkInvoice(invoice);
    for (const order of books.orders.values()) this.#checkOrder(order);
    for (const payment of books.payments.values())
      if (payment.provider === "seqr") this.#checkBooked(payment);
    this.#countEnds();
    return this.#found;
  }

  /** Money at SEQR: one order, or back in full, or listed. */
  #checkPayment(payment: Transaction): void {
    const { stage, declined } = this.world;
    const invoice = this.#invoices.get(payment.invoiceReference);
    if (!invoice) {
      this.#violated(
        undefined,
        `SEQR has a payment of ${payment.invoiceReference}, which the ledger does not know`,
      );
      return;
    }
    this.#checkLifetime(payment, invoice);
    if (payment.reversed) {
      stage.count("reversed");
      const wasInTrouble = stage.troubles.some(
        (at) => at > payment.at - REVERSAL && at < payment.at + REVERSAL,
      );
      if (!declined.has(invoice.id) && !wasInTrouble && this.#sessionOf(invoice)) {
        this.#violated(
          invoice,
          "SEQR reversed a payment about which nobody asked in time, and nothing was wrong",
        );
      }
      if (this.#booked(invoice)) this.#violated(invoice, "an order has a payment that SEQR reversed");
      return;
    }
    const back = fromHundredths(BigInt(payment.refunded));
    const booked = this.#booked(invoice);
    const isBack = compare(back, payment.amount.value) === 0;
    const isDelivered =
      booked !== undefined &&
      compare(booked.captured, payment.amount.value) === 0 &&
      this.#ordersOf(booked).length === 1;
    if (!isBack && !isDelivered && !this.#listed.has(invoice.id)) {
      this.#violated(
        invoice,
        `${payment.amount.value} was paid, ${back} given back, and there is no order with it; nobody is told`,
      );
    }
  }

  /** Nobody pays after the lifetime, unless something kept us from cancelling. */
  #checkLifetime({ invoiceReference }: Transaction, invoice: InvoiceRecord): void {
    const history = this.world.core.invoice(invoiceReference)?.history ?? [];
    const confirmed = history.filter(({ event }) => event === "confirm").pop()?.at ?? 0;
    const end = invoice.expires_at.getTime();
    const wasInTrouble = this.world.stage.troubles.some((at) => at > end - 60_000 && at <= confirmed);
    if (confirmed > end + GRACE && !wasInTrouble) {
      this.#violated(invoice, `it was still payable ${confirmed - end} ms after its lifetime`);
    }
  }

  #checkInvoice(invoice: InvoiceRecord): void {
    const { world } = this;
    const refunds = this.#refundsOf(invoice);
    const unknown = isUnknown(refunds);
    // A refund of unknown outcome holds up all others, until a person has said what came of it.
    const isWaiting = (invoice.due_at === null || unknown) && this.#listed.has(invoice.id);
    if (!AT_REST.includes(invoice.state) && !isWaiting) {
      this.#violated(invoice, `it is still ${invoice.state}, and the world has come to rest`);
    }
    if (invoice.invoice_reference === null) return;
    const atSeqr = world.core.invoice(invoice.invoice_reference);
    if (atSeqr && ["open", "scanned", "pending"].includes(atSeqr.stage) && invoice.state !== "waived") {
      this.#violated(invoice, "it is still payable at SEQR");
    }
    const payment = this.#payments.get(invoice.invoice_reference);
    const back = fromHundredths(BigInt(payment?.refunded ?? "0"));
    const done = sum(refunds.filter(({ state }) => state === "done").map(({ amount }) => amount));
    if (compare(back, done) !== 0 && !unknown) {
      this.#violated(invoice, `SEQR gave ${back} back, the ledger says ${done}`);
    }
    if (invoice.state === "returned" && compare(back, invoice.amount) !== 0) {
      this.#violated(invoice, `it is taken for returned, and SEQR gave ${back} back`);
    }
    if (invoice.state === "settled" && !this.#booked(invoice)) {
      this.#violated(invoice, "it is taken for settled, and Medusa has no payment");
    }
    if (refunds.some(({ state }) => state === "requested") && !unknown && !this.#listed.has(invoice.id)) {
      this.#violated(invoice, "a refund was asked for whose outcome nobody knows; nobody is told");
    }
  }

  /** Every payment in Medusa is one at SEQR, and what was given back is the same in both. */
  #checkBooked(booked: Payment): void {
    const invoice = this.world.ledger.invoices.find(({ session_id }) => session_id === booked.sessionId);
    const payment = this.#payments.get(invoice?.invoice_reference ?? "");
    if (!invoice || !payment || payment.reversed) {
      this.#violated(invoice, `Medusa has a payment ${booked.id} that SEQR does not have`);
      return;
    }
    if (compare(payment.amount.value, booked.captured) !== 0) {
      this.#violated(invoice, `Medusa captured ${booked.captured}, SEQR took ${payment.amount.value}`);
    }
    const back = fromHundredths(BigInt(payment.refunded));
    const refunded = sum(booked.refunds.map(({ amount }) => amount));
    const hasOrder = this.#ordersOf(booked).length > 0;
    const differs = hasOrder ? compare(back, refunded) !== 0 : compare(refunded, back) > 0;
    if (differs && !isUnknown(this.#refundsOf(invoice)) && !this.#listed.has(invoice.id)) {
      this.#violated(invoice, `SEQR gave ${back} back, Medusa's books say ${refunded}; nobody is told`);
    }
  }

  #checkOrder(order: Order): void {
    const payments = this.#paymentsOf(order).filter(
      (payment) => !payment.canceled && !this.#isGivenBack(payment),
    );
    const [first] = payments;
    const invoice = first && this.#invoiceOf(first);
    if (payments.length > 1) this.#violated(invoice, `order ${order.id} has ${payments.length} payments`);
    if (!first || first.provider !== "seqr" || !invoice) return;
    if (
      order.cartId !== undefined &&
      compare(order.total, first.captured) !== 0 &&
      !this.#listed.has(invoice.id)
    ) {
      this.#violated(invoice, `order ${order.id} is over ${order.total}, and ${first.captured} was captured`);
    }
    if (order.canceled && !this.#listed.has(invoice.id)) {
      this.#violated(invoice, `order ${order.id} is cancelled, and ${keptOf(first)} of it is still here`);
    }
  }

  #countEnds(): void {
    const { ledger, stage, books } = this.world;
    for (const invoice of ledger.invoices) {
      stage.count(`ended_${invoice.state}`);
      if (this.#listed.has(invoice.id)) stage.count("attention");
      const { cartId } = books.collections.get(invoice.payment_collection_id) ?? {};
      const paid = books.paymentsOf(invoice.payment_collection_id);
      const isReturned = invoice.state === "returned" || invoice.state === "returning";
      if (invoice.reason === "paid_twice" || (isReturned && cartId !== undefined && paid.some(isOther)))
        stage.count("paid_twice");
    }
  }

  #isListed(invoice: InvoiceRecord): boolean {
    return attentionOf(invoice, this.#refundsOf(invoice)).length > 0;
  }

  #isGivenBack(payment: Payment): boolean {
    return compare(keptOf(payment), "0") === 0;
  }

  #refundsOf({ id }: InvoiceRecord): RefundRecord[] {
    return this.world.ledger.refunds.filter(({ invoice_id }) => invoice_id === id);
  }

  #sessionOf({ session_id }: InvoiceRecord): boolean {
    return this.world.books.sessions.has(session_id);
  }

  #booked(invoice: InvoiceRecord): Payment | undefined {
    return this.world.books.paymentOfSession(invoice.session_id);
  }

  #invoiceOf({ sessionId }: Payment): InvoiceRecord | undefined {
    return this.world.ledger.invoices.find(({ session_id }) => session_id === sessionId);
  }

  #ordersOf({ collectionId }: Payment): Order[] {
    const order = this.world.books.orders.get(this.world.books.collections.get(collectionId)?.orderId ?? "");
    return order ? [order] : [];
  }

  #paymentsOf(order: Order): Payment[] {
    const { books } = this.world;
    return [...books.payments.values()].filter(
      ({ collectionId }) => books.collections.get(collectionId)?.orderId === order.id,
    );
  }

  #violated(invoice: InvoiceRecord | undefined, what: string): void {
    this.#found.push({
      what: `${invoice ? `invoice ${invoice.id} (${invoice.invoice_reference ?? "not sent"}): ` : ""}${what}`,
      trace: invoice ? this.#traceOf(invoice) : [],
    });
  }

  /** All that happened to a purchase: its invoices, at SEQR and here, its cart, and the servers meanwhile. */
  #traceOf(invoice: InvoiceRecord): string[] {
    const { ledger, stage, core } = this.world;
    const same = ledger.invoices.filter(
      ({ payment_collection_id }) => payment_collection_id === invoice.payment_collection_id,
    );
    const ids = same.map(({ id }) => id);
    const lines = stage.trace([...ids, invoice.cart_id ?? ""]);
    for (const { id, invoice_reference } of same) {
      for (const { at, event, stage: to } of core.invoice(invoice_reference ?? "")?.history ?? [])
        lines.push(`${at} ${id} at SEQR: ${event}, now ${to}`);
    }
    for (const seen of ledger.observations.filter(({ invoice_id }) => ids.includes(invoice_id))) {
      const { source, operation, status, result, invoice_id } = seen;
      lines.push(
        `${seen.observed_at.getTime()} ${invoice_id} ${source}: ${operation} ${status ?? ""} ${result}`,
      );
    }
    for (const refund of ledger.refunds.filter(({ invoice_id }) => ids.includes(invoice_id))) {
      const { amount, state, reason, idempotency_key, result } = refund;
      const at = refund.requested_at.getTime();
      lines.push(
        `${at} refund ${refund.id} ${amount} ${reason} ${idempotency_key}, in the end ${state} ${result}`,
      );
    }
    const times = lines.map((line) => Number.parseInt(line, 10));
    const from = Math.min(...times);
    const to = Math.max(...times);
    const around = stage
      .trace(["server 1", "server 2", "server 3", "seqr"])
      .filter((line) => Number.parseInt(line, 10) >= from && Number.parseInt(line, 10) <= to);
    return [...lines, ...around.slice(-60)].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  }
}

function isUnknown(refunds: readonly RefundRecord[]): boolean {
  return refunds.some(({ state }) => state === "unknown");
}

function isOther({ provider }: Payment): boolean {
  return provider === "other";
}
