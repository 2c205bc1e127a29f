import { attentionOf } from "../../src/modules/seqr/attention/attention-entries";
import type { InvoiceRecord, ReceiptRecord, RefundRecord } from "../../src/modules/seqr/ledger/ledger";
import type { ErrorCode } from "../../src/errors/error-codes";
import type { InvoiceState } from "../../src/modules/seqr/invoice/states";
import type { Transaction } from "../../src/sandbox/core/state";
import { compare, fromHundredths, sum } from "../../src/seqr";
import { violationsInBooks } from "./books-invariants";
import { keptOf, type Order, type Payment } from "./accounts";
import { compareExactly, isAbout, subtractExactly, sumExactly } from "./exact";
import { BY_ITSELF } from "./medusa";
import type { World } from "./world";

/** Something that must not be, in words, and all that happened before. */
export interface Violation {
  what: string;
  trace: string[];
}

/** States in which nothing has to happen any more. */
const AT_REST: readonly InvoiceState[] = [
  "completed",
  "awaiting_capture",
  "lapsed",
  "refunded",
  "closed_by_staff",
  "canceled",
  "expired",
  "failed",
  "not_issued",
];
/** States of an invoice whose capture is in the records of its order, if it has one: not while a person has to decide. */
const ENTERED: readonly InvoiceState[] = ["completed", "refunded"];
/** Milliseconds from the end of a lifetime until the watch has surely cancelled. */
const GRACE = 7_000;
/** Milliseconds after which SEQR takes back what nobody has asked about. */
const REVERSAL = 20_000;

/** Milliseconds after which SEQR has a receipt: the job's pause and a queue at its own endpoint. */
const RECEIPT_BY_THEN = 12_000;
/** Milliseconds after which nobody can pay for an order that was cancelled. */
const CANCELED_BY_THEN = 10_000;
/** Milliseconds after the end of a lifetime from which on questions are counted, and so many there may be then. */
const COUNTED_FROM = 60_000;
const QUESTIONS = 50;
const MILLISECONDS_PER_QUESTION = 120_000;
/** Problems of a finished payment that are about its amount, and no refund. */
const ABOUT_AMOUNTS: readonly string[] = ["SEQR_ORDER_TOTAL_DIFFERS", "SEQR_PAID_AMOUNT_DIFFERS"];
/** Where somebody can still pay at SEQR. */
const PAYABLE_AT_SEQR: readonly string[] = ["open", "scanned", "pending"];

/** Compares SEQR's transactions, Medusa's records and the ledger, once a world has come to rest. */
export function violationsOf(world: World): Violation[] {
  return new Audit(world).all();
}

class Audit {
  readonly #found: Violation[] = [];
  readonly #invoices: Map<string, InvoiceRecord>;
  readonly #payments: Map<string, Transaction>;
  readonly #listed: Set<string>;
  readonly #refundsMade = new Map<string, Transaction[]>();
  readonly #byInvoice = new Map<string, RefundRecord[]>();

  constructor(private readonly world: World) {
    const { ledger, core } = world;
    this.#invoices = new Map(ledger.invoices.map((row) => [row.invoice_reference ?? row.id, row]));
    const transactions = core.transactions();
    const payments = transactions.filter(({ kind }) => kind === "payment");
    for (const refund of transactions)
      if (refund.kind === "refund") push(this.#refundsMade, refund.invoiceReference, refund);
    for (const refund of ledger.refunds) push(this.#byInvoice, refund.invoice_id, refund);
    this.#payments = new Map(payments.map((payment) => [payment.invoiceReference, payment]));
    this.#listed = new Set(ledger.invoices.filter((row) => this.#isListed(row)).map(({ id }) => id));
  }

  all(): Violation[] {
    const { accounts, ledger, elsewhere } = this.world;
    const { lost } = this.world.runContext;
    for (const payment of this.#payments.values())
      if (!lost.has(payment.invoiceReference) && !elsewhere.has(payment.invoiceReference))
        this.#checkPayment(payment);
    for (const invoice of ledger.invoices) if (!this.#isLost(invoice)) this.#checkInvoice(invoice);
    for (const order of accounts.orders.values()) this.#checkOrder(order);
    for (const payment of accounts.payments.values()) {
      const invoice = this.#invoiceOf(payment);
      if (payment.provider !== "seqr" || (invoice && this.#isLost(invoice))) continue;
      this.#checkBooked(payment);
      this.#checkWishes(payment);
      this.#checkExtra(payment);
    }
    this.#checkList();
    this.#checkReceipts();
    for (const { about, what } of this.world.runContext.wrongs)
      this.#violated(this.#invoiceAbout(about), what);
    this.#countEnds();
    this.#found.push(...violationsInBooks(this.world));
    return this.#found;
  }

  /** Money at SEQR: one order, or back in full, or listed. */
  #checkPayment(payment: Transaction): void {
    const { runContext, unacknowledged, announced, ledger } = this.world;
    const invoice = this.#invoices.get(payment.invoiceReference);
    if (!invoice) {
      // What was sent before the database was lost may arrive after it was restored.
      if (runContext.counts.has("ledgers_restored")) return;
      this.#violated(
        undefined,
        `SEQR has a payment of ${payment.invoiceReference}, which the ledger does not know`,
      );
      return;
    }
    this.#checkLifetime(payment, invoice);
    if (payment.reversed) {
      runContext.count("reversed");
      const wasInTrouble = runContext.wasInTrouble(
        payment.at - REVERSAL,
        payment.at + REVERSAL,
        invoice.terminal,
      );
      const isOwnWish = ledger.observations.some(
        ({ invoice_id, operation }) => invoice_id === invoice.id && operation === "cancelInvoice",
      );
      const isSaidCanceled = invoice.state === "canceled" && invoice.reason === "shopper" && !isOwnWish;
      if (isSaidCanceled && announced.has(invoice.id)) {
        this.#violated(invoice, "SEQR reversed a payment, and the ledger says that the shopper cancelled it");
      }
      const isKnown = unacknowledged.has(invoice.id) || wasInTrouble || this.#isStrange(invoice);
      if (!isKnown && this.#sessionOf(invoice)) {
        this.#violated(
          invoice,
          "SEQR reversed a payment about which nobody asked in time, and nothing was wrong",
        );
      }
      const booked = this.#booked(invoice);
      if (booked && (!booked.isReserved || booked.captures.length > 0))
        this.#violated(invoice, "an order has a payment that SEQR reversed");
      return;
    }
    const back = fromHundredths(BigInt(payment.refunded));
    const booked = this.#booked(invoice);
    const isBack = compare(back, payment.amount.value) === 0;
    const isDelivered =
      booked !== undefined &&
      isAbout(booked.captured, payment.amount.value) &&
      this.#ordersOf(booked).length === 1;
    if (!isBack && !isDelivered && !this.#isAttended(invoice)) {
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
    const wasInTrouble = this.world.runContext.wasInTrouble(end - 60_000, confirmed + 1, invoice.terminal);
    if (confirmed > end + GRACE && !wasInTrouble && !this.#isStrange(invoice)) {
      this.#violated(invoice, `it was still payable ${confirmed - end} ms after its lifetime`);
    }
  }

  #checkInvoice(invoice: InvoiceRecord): void {
    const { world } = this;
    const refunds = this.#refundsOf(invoice);
    const unknown = isUnknown(refunds);
    // A refund of unknown outcome holds up all others, until a person has said what came of it.
    const isStuck = invoice.due_at === null || unknown || this.#isStrange(invoice);
    const isWaiting = isStuck && this.#listed.has(invoice.id);
    if (!AT_REST.includes(invoice.state) && !isWaiting) {
      this.#violated(
        invoice,
        `it is still ${invoice.state} (${invoice.problem}, due ${invoice.due_at?.toISOString()}), and the world has come to rest`,
      );
    }
    if (invoice.invoice_reference === null) return;
    const atSeqr = world.core.invoice(invoice.invoice_reference);
    const isPayable = atSeqr !== undefined && PAYABLE_AT_SEQR.includes(atSeqr.stage);
    if (isPayable && invoice.state !== "closed_by_staff" && !this.#isStrange(invoice)) {
      this.#violated(invoice, "it is still payable at SEQR");
    }
    const payment = this.#payments.get(invoice.invoice_reference);
    const back = fromHundredths(BigInt(payment?.refunded ?? "0"));
    const done = sum(refunds.filter(({ state }) => state === "done").map(({ amount }) => amount));
    if (compare(back, done) !== 0 && !unknown) {
      this.#violated(invoice, `SEQR gave ${back} back, the ledger says ${done}`);
    }
    if (invoice.state === "refunded" && compare(back, invoice.amount) !== 0) {
      this.#violated(invoice, `it is taken for returned, and SEQR gave ${back} back`);
    }
    if (invoice.state === "completed" && !this.#booked(invoice)) {
      this.#violated(invoice, "it is taken for completed, and Medusa has no payment");
    }
    if (invoice.state === "completed" && !this.#sessionOf(invoice)) {
      this.#violated(invoice, "it is completed, and its payment session was deleted");
    }
    this.#checkReservation(invoice);
    this.#checkFinished(invoice);
    this.#checkRefunds(invoice, refunds);
    this.#checkQuestions(invoice);
    this.#checkNeed(invoice);
    this.#checkCode(invoice);
    this.#checkOffer(invoice);
    if (refunds.some(({ state }) => state === "requested") && !unknown && !this.#listed.has(invoice.id)) {
      this.#violated(invoice, "a refund was asked for whose outcome nobody knows; nobody is told");
    }
  }

  /** A reservation becomes an order and is captured once, or is released; one that lapses is told of, and its order is unpaid. */
  #checkReservation(invoice: InvoiceRecord): void {
    const { core, accounts, warned, runContext } = this.world;
    const { state, reserved_amount, invoice_reference: reference } = invoice;
    const { stage = "?" } = core.invoice(reference ?? "") ?? {};
    const booked = this.#booked(invoice);
    const order = accounts.orders.get(invoice.order_id ?? "");
    if (stage === "reserved" && state !== "awaiting_capture" && !this.#isStrange(invoice))
      this.#violated(invoice, `its money is still reserved, and it is ${state}`);
    if (reserved_amount === null) return;
    if (state === "awaiting_capture") {
      if (stage !== "reserved") this.#violated(invoice, `it awaits its capture, and is ${stage} at SEQR`);
      if (!booked || booked.canceled || !order || order.canceled)
        this.#violated(invoice, "its money is reserved without an order that needs it");
    }
    if (state === "lapsed") this.#checkLapsed(invoice, warned.has(invoice.id));
    this.#checkCaptures(invoice, booked);
    runContext.count(`reservations_${state}`);
  }

  /** What is captured was committed once, and no other order shows a payment. */
  #checkCaptures(invoice: InvoiceRecord, booked: Payment | undefined): void {
    const { state, capture_amount, invoice_reference: reference } = invoice;
    const payment = this.#payments.get(reference ?? "");
    const isTaken = payment !== undefined && !payment.reversed;
    if (isTaken && compare(payment.amount.value, capture_amount ?? "0") !== 0)
      this.#violated(invoice, `${capture_amount} was committed, and SEQR took ${payment.amount.value}`);
    if (state === "completed" && booked?.captures.length !== 1 && !this.#isAttended(invoice))
      this.#violated(invoice, `it is captured, and Medusa has ${booked?.captures.length} captures`);
    const showsPayment = booked !== undefined && (booked.captures.length > 0 || !booked.canceled);
    if (!isTaken && showsPayment && state !== "awaiting_capture")
      this.#violated(invoice, `it is ${state}, SEQR has taken nothing, and its order shows a payment`);
    if (booked?.canceled && booked.captures.length > 0)
      this.#violated(invoice, "it is captured, and its payment in Medusa is cancelled");
    const confirmed = this.world.confirmedCaptures.filter(({ paymentId }) => paymentId === booked?.id);
    if (confirmed.length > 1) this.#violated(invoice, `its capture was confirmed ${confirmed.length} times`);
    for (const { amount } of confirmed)
      if (!isTaken || !isAbout(payment.amount.value, amount))
        this.#violated(invoice, `a capture of ${amount} was confirmed to staff, and SEQR has not made it`);
  }

  #checkLapsed(invoice: InvoiceRecord, wasWarned: boolean): void {
    const { runContext } = this.world;
    if (!this.#isAttended(invoice)) this.#violated(invoice, "its reservation has lapsed; nobody is told");
    const end = invoice.reserved_until?.getTime() ?? 0;
    const since = end - 1_000 * Number(invoice.reservation_time);
    const wasInTrouble = runContext.wasInTrouble(since, end, invoice.terminal);
    // A cancellation that arrives late ends it too, and is seen soon.
    const history = this.world.core.invoice(invoice.invoice_reference ?? "")?.history ?? [];
    if (history.at(-1)?.event !== "lapse") return;
    if (!wasWarned && !wasInTrouble)
      this.#violated(invoice, "its reservation has lapsed, and nobody was warned");
  }

  /** Every payment in Medusa is one at SEQR, and what was given back is the same in both. */
  #checkBooked(booked: Payment): void {
    const invoice = this.world.ledger.invoices.find(({ session_id }) => session_id === booked.sessionId);
    if (invoice && booked.isReserved && booked.captures.length === 0) return;
    const payment = this.#payments.get(invoice?.invoice_reference ?? "");
    if (!invoice || !payment || payment.reversed) {
      this.#violated(invoice, `Medusa has a payment ${booked.id} that SEQR does not have`);
      return;
    }
    if (!isAbout(payment.amount.value, booked.captured)) {
      this.#violated(invoice, `Medusa captured ${booked.captured}, SEQR took ${payment.amount.value}`);
    }
    const back = fromHundredths(BigInt(payment.refunded));
    const refunded = sumExactly(booked.refunds.map(({ amount }) => amount));
    const hasOrder = this.#ordersOf(booked).length > 0;
    if (isUnknown(this.#refundsOf(invoice)) || this.#isAttended(invoice)) return;
    // As often as there was a refund, the two may have been rounded otherwise.
    const rounding = fromHundredths(BigInt(1 + booked.refunds.length));
    const difference = subtractExactly(back, refunded);
    const isMore = compareExactly(difference, rounding) > 0;
    const isLess = compareExactly(difference, `-${rounding}`) < 0;
    if (isLess || (hasOrder && isMore)) {
      this.#violated(invoice, `SEQR gave ${back} back, Medusa's books say ${refunded}; nobody is told`);
      return;
    }
    // One return of all that was left may stand for several refunds that core could not have made.
    const isReturned = this.#refundsOf(invoice).some(
      ({ state, idempotency_key: key }) => state === "done" && key === `refund-${invoice.id}`,
    );
    if (!hasOrder || isReturned) return;
    const made = (this.#refundsMade.get(invoice.invoice_reference ?? "") ?? []).map(
      ({ amount }) => amount.value,
    );
    if (
      !isPaired(
        made,
        booked.refunds.map(({ amount }) => amount),
      )
    ) {
      const booksSay = booked.refunds.map(({ amount }) => amount).join(", ");
      this.#violated(
        invoice,
        `SEQR gave back ${made.join(", ")}, Medusa's books say ${booksSay}; nobody is told`,
      );
    }
  }

  /**
   * A payment that has ended well has no reason and no problem, unless its amount or a refund is not as it should be, or
   * its order was cancelled.
   */
  #checkFinished(invoice: InvoiceRecord): void {
    const { state, reason, problem, order_id } = invoice;
    if (state !== "completed" && state !== "refunded") return;
    if (state === "completed" && reason !== null)
      this.#violated(invoice, `it is completed, and the ledger gives "${reason}" as the reason of its end`);
    if (problem === null || ABOUT_AMOUNTS.includes(problem)) return;
    const abandoned: ErrorCode = "SEQR_ORDER_ABANDONED";
    if (problem === abandoned && this.world.accounts.orders.get(order_id ?? "")?.canceled) return;
    const booked = this.#booked(invoice);
    const back = fromHundredths(BigInt(this.#payments.get(invoice.invoice_reference ?? "")?.refunded ?? "0"));
    const refunded = booked ? sumExactly(booked.refunds.map(({ amount }) => amount)) : back;
    if (state === "completed" && (!isAbout(back, refunded) || this.#isRefundMissing(invoice))) return;
    this.#violated(invoice, `it is ${state}, the books agree, and it has the problem ${problem}`);
  }

  /** Each refund that the ledger has as made is one at SEQR, and no other is. */
  #checkRefunds(invoice: InvoiceRecord, refunds: readonly RefundRecord[]): void {
    const inOrder = [...refunds].sort((one, other) => Number(one.requested_at) - Number(other.requested_at));
    const madeOf = new Map<string, Transaction[]>();
    for (const made of this.#refundsMade.get(invoice.invoice_reference ?? "") ?? []) {
      // There is one at a time; one that is only being written down may be dated before another is made.
      const before = inOrder.filter(({ requested_at }) => Number(requested_at) <= made.at);
      const asked =
        before.filter(({ amount }) => compare(amount, made.amount.value) === 0).pop() ?? before.pop();
      if (asked) push(madeOf, asked.id, made);
      else this.#violated(invoice, `SEQR gave ${made.amount.value} back, and nobody has asked for it`);
    }
    const keys = new Set<string>();
    for (const { id, state, amount, idempotency_key: key } of inOrder.filter((one) => one.state === "done")) {
      if (keys.has(key))
        this.#violated(invoice, `refund ${id} of ${amount} is the second ${state} under ${key}`);
      keys.add(key);
    }
    for (const { id, state, amount, result } of inOrder) {
      const made = madeOf.get(id) ?? [];
      if (made.length > 1) this.#violated(invoice, `refund ${id} of ${amount} was made ${made.length} times`);
      if (made.length > 0 && state === "refused")
        this.#violated(invoice, `refund ${id} of ${amount} was made, and is taken for refused (${result})`);
      if (made.length === 0 && state === "done")
        this.#violated(invoice, `refund ${id} of ${amount} is taken for made, and SEQR has not made it`);
    }
    for (const { at } of this.world.kept.filter(({ invoiceId }) => invoiceId === invoice.id)) {
      const late = inOrder.find(
        (one) => one.state === "done" && Number(one.requested_at) > at && this.#isByItself(invoice, one),
      );
      if (late)
        this.#violated(
          invoice,
          `staff have said that the money stays, and ${late.amount} went back after it`,
        );
    }
    for (const { at, refundIds } of this.world.closed.filter(({ invoiceId }) => invoiceId === invoice.id)) {
      const late = inOrder.find(
        ({ state, idempotency_key: key, requested_at }) =>
          state === "done" && refundIds.includes(key) && Number(requested_at) > at,
      );
      if (late)
        this.#violated(
          invoice,
          `staff have closed the missing refund of ${late.amount}, and it was made after it`,
        );
    }
    this.#checkClosed(invoice, refunds);
    for (const { invoiceId, refundId, made, action } of this.world.verdicts) {
      const judged = invoiceId === invoice.id ? refunds.find(({ id }) => id === refundId) : undefined;
      if (judged && judged.state !== "unknown" && (judged.state === "done") !== made)
        this.#violated(
          invoice,
          `staff decided ${action} about refund ${refundId}, and it is ${judged.state}`,
        );
    }
  }

  /** What staff have returned in another way, or keep, stays with the shop: also when all else goes back. */
  #checkClosed(invoice: InvoiceRecord, refunds: readonly RefundRecord[]): void {
    const payment = this.#payments.get(invoice.invoice_reference ?? "");
    const closed = this.world.closed.flatMap(({ invoiceId, refundIds }) =>
      invoiceId === invoice.id ? refundIds : [],
    );
    const kept = (this.#booked(invoice)?.refunds ?? []).filter(
      ({ id }) =>
        closed.includes(id) &&
        !refunds.some(({ state, idempotency_key: key }) => state === "done" && key === id),
    );
    // A refund that core forgot was in nobody's records when core gave the rest back: a person is told.
    const elsewhere: ErrorCode = "SEQR_REFUNDED_ELSEWHERE";
    const isTold =
      invoice.problem === elsewhere ||
      this.world.ledger.decisions.some(
        ({ invoice_id, kind }) => invoice_id === invoice.id && kind === "refunded_elsewhere",
      );
    if (!payment || kept.length === 0 || isTold) return;
    const back = fromHundredths(BigInt(payment.refunded));
    const otherwise = sumExactly(kept.map(({ amount }) => amount));
    const all = sumExactly([back, otherwise]);
    const rounding = fromHundredths(BigInt(1 + kept.length));
    if (compareExactly(subtractExactly(all, payment.amount.value), rounding) > 0)
      this.#violated(
        invoice,
        `SEQR gave ${back} back, and staff have closed a refund of ${otherwise}: too much`,
      );
  }

  /** What staff wanted once is given back once, and what was confirmed is given back. */
  #checkWishes(payment: Payment): void {
    const invoice = this.#invoiceOf(payment);
    const [order] = this.#ordersOf(payment);
    if (!invoice || !order || order.canceled || invoice.state !== "completed") return;
    const { compensated, cancelled } = this.world.runContext;
    if (compensated.has(payment.sessionId) || cancelled.has(payment.sessionId)) return;
    const made = this.#refundsMade.get(invoice.invoice_reference ?? "") ?? [];
    const wanted = this.world.wishes.of(payment);
    for (const { amount } of made) {
      const same = made.filter((other) => isAbout(other.amount.value, amount.value)).length;
      const wishes = wanted.filter((one) => isAbout(one.amount, amount.value));
      const most = wishes.reduce((all, one) => all + Math.max(one.most, one.people), 0);
      if (same > most) {
        this.#violated(invoice, `${amount.value} was given back ${same} times, and wanted ${most} times`);
        break;
      }
    }
    for (const { amount, confirmed } of wanted) {
      const same = made.filter((other) => isAbout(other.amount.value, amount)).length;
      if (same < confirmed && !this.#isAttended(invoice) && !isUnknown(this.#refundsOf(invoice)))
        this.#violated(
          invoice,
          `${amount} was confirmed to staff ${confirmed} times, and given back ${same} times`,
        );
    }
  }

  /** What is paid for an order that was changed is what was outstanding for it. */
  #checkExtra(payment: Payment): void {
    const invoice = this.#invoiceOf(payment);
    const paid = payment.isReserved ? payment.amount : payment.captured;
    if (!invoice || invoice.cart_id !== null || isAbout(payment.outstanding, paid)) return;
    if (this.#isRefundedAtSeqr(payment) || this.#isAttended(invoice)) return;
    this.#violated(
      invoice,
      `${payment.captured} was paid for an extra payment of ${payment.outstanding}; nobody is told`,
    );
  }

  /** What is asked again and again is asked less and less often. */
  #checkQuestions(invoice: InvoiceRecord): void {
    const { runContext } = this.world;
    const from = invoice.expires_at.getTime() + COUNTED_FROM;
    const asked = (runContext.answers.get(invoice.invoice_reference ?? "") ?? []).filter((at) => at > from);
    const last = asked[asked.length - 1] ?? from;
    // Whoever presses "Ask now" is answered.
    const { decisions } = this.world.ledger;
    const pressed = decisions.filter(
      ({ invoice_id, action }) => invoice_id === invoice.id && action === "retry",
    );
    const asking = QUESTIONS + 2 * pressed.length + (last - from) / MILLISECONDS_PER_QUESTION;
    if (asked.length <= asking) return;
    const minutes = Math.round((last - from) / 60_000);
    this.#violated(
      invoice,
      `SEQR has answered about it ${asked.length} times in ${minutes} minutes after its end`,
    );
  }

  /** Money goes back only when something stands in the way of the order. */
  #checkNeed(invoice: InvoiceRecord): void {
    const { accounts, runContext, unacknowledged } = this.world;
    const isReleased = invoice.reserved_at !== null && ["canceled", "releasing"].includes(invoice.state);
    const goesBack = invoice.state === "refunded" || invoice.state === "refunding" || isReleased;
    if ((!goesBack && !unacknowledged.has(invoice.id)) || (invoice.paid_at ?? invoice.reserved_at) === null)
      return;
    const cart = accounts.carts.get(invoice.cart_id ?? "");
    const session = accounts.sessions.get(invoice.session_id);
    if (!cart || !session || cart.soldOut || cart.stumbled || runContext.compensated.has(session.id)) return;
    if (cart.changedAt > invoice.created_at.getTime() || !isAbout(invoice.amount, cart.total)) return;
    if (this.#isStrange(invoice) || this.#isAttended(invoice) || cart.orderId !== undefined) return;
    this.#violated(
      invoice,
      `${invoice.amount} went back (${invoice.reason}), and nothing stood in the way of an order over ${cart.total}`,
    );
  }

  /** Nobody can pay for an order for long after it was cancelled. */
  #checkCode(invoice: InvoiceRecord): void {
    const { accounts, core, runContext } = this.world;
    const { orderId } = accounts.collections.get(invoice.payment_collection_id) ?? {};
    const at = accounts.orders.get(orderId ?? "")?.canceledAt;
    if (at === undefined || invoice.invoice_reference === null || this.#isStrange(invoice)) return;
    const { history = [], issuedAt = 0 } = core.invoice(invoice.invoice_reference) ?? {};
    if (issuedAt > at) return;
    const end = history.find(({ stage: to }) => !PAYABLE_AT_SEQR.includes(to))?.at ?? Infinity;
    const wasInTrouble = runContext.wasInTrouble(at - REVERSAL, end, invoice.terminal);
    if (end > at + CANCELED_BY_THEN && !wasInTrouble)
      this.#violated(invoice, `it was still payable ${end - at} ms after order ${orderId} was cancelled`);
  }

  /** Staff can give back what SEQR holds as paid and the plugin cannot read. */
  #checkOffer(invoice: InvoiceRecord): void {
    const payment = this.#payments.get(invoice.invoice_reference ?? "");
    if (!payment || payment.reversed || !this.world.runContext.contradicting.has(payment.invoiceReference))
      return;
    if (compare(fromHundredths(BigInt(payment.refunded)), payment.amount.value) === 0) return;
    // An answer that was lost on its way has told nobody of a reference.
    if (invoice.disputed_reference === null) return;
    const entries = attentionOf(invoice, this.#refundsOf(invoice));
    if (entries.length > 0 && entries.every(({ actions }) => !actions.includes("refund")))
      this.#violated(invoice, "SEQR holds its money, the list names it, and offers no refund");
  }

  /** Whatever there is to attend to is on one page of the list, and what needs a person comes before everything else. */
  #checkList(): void {
    const { ledger, list } = this.world;
    const others = list.findIndex(({ needs }) => needs !== "person");
    const ids = list.map(({ id }) => id);
    for (const invoice of ledger.invoices) {
      for (const { id, kind, needs } of attentionOf(invoice, this.#refundsOf(invoice))) {
        const place = ids.indexOf(id);
        if (place < 0 || ids.lastIndexOf(id) !== place)
          this.#violated(invoice, `it is to be attended to (${kind}), and not once among ${list.length}`);
        else if (needs === "person" && others >= 0 && place > others)
          this.#violated(
            invoice,
            `it needs a person (${kind}), and is not among the first of ${list.length}`,
          );
      }
    }
    for (const { id, invoice_id } of ledger.refunds.filter(({ state }) => state === "unknown")) {
      if (list.some(({ refund }) => refund?.id === id)) continue;
      const invoice = ledger.invoices.find((one) => one.id === invoice_id);
      this.#violated(invoice, `refund ${id} is of unknown outcome, and not among ${list.length}`);
    }
  }

  /**
   * Each payment that was recorded as paid for an order, and each refund with a reference, has a receipt that SEQR has, or has
   * refused. SEQR has no receipt of anything else, and none under another reference.
   */
  #checkReceipts(): void {
    const { ledger, core, runContext } = this.world;
    // What was sent between a backup and its restoration is in no record.
    const isRestored = runContext.counts.has("ledgers_restored");
    const atSeqr = new Map(core.transactions().map((one) => [one.ersReference, one]));
    for (const invoice of ledger.invoices) {
      if (this.#isLost(invoice)) continue;
      const receipts = ledger.receipts.filter(({ invoice_id }) => invoice_id === invoice.id);
      const refunds = this.#refundsOf(invoice).flatMap(({ refund_reference }) => refund_reference ?? []);
      const wanted = [...(ledger.completed.has(invoice.id) ? [invoice.ers_reference] : []), ...refunds];
      if (String(receipts.map((one) => one.ers_reference).sort()) !== String(wanted.sort()))
        this.#violated(invoice, `it has ${receipts.length} receipts, and needs ${wanted.length}`);
      for (const receipt of receipts) {
        const { id, state, ers_reference, attempts, result } = receipt;
        this.#checkWait(invoice, receipt);
        const given = atSeqr.get(ers_reference)?.receipts ?? [];
        if (given.some(({ data }) => Buffer.from(data, "base64").toString() !== ers_reference))
          this.#violated(invoice, `SEQR has a receipt of ${ers_reference} that is of another payment`);
        const isAtRest =
          state === "sent" ? given.length > 0 : state === "refused" && this.#isStrange(invoice);
        if (!isAtRest || (given.length > attempts && !isRestored))
          this.#violated(
            invoice,
            `receipt ${id} is ${state} (${result}) after ${attempts} tries, and SEQR has it ${given.length} times`,
          );
        runContext.count(`receipts_${state}`);
        if (given.length > 1) runContext.count("receipts_doubled");
      }
    }
    const known = new Set(ledger.receipts.map(({ ers_reference }) => ers_reference));
    for (const { ersReference, invoiceReference, receipts } of atSeqr.values()) {
      if (receipts.length > 0 && !known.has(ersReference) && !isRestored)
        this.#violated(
          this.#invoices.get(invoiceReference),
          `SEQR has a receipt of ${ersReference}, and the ledger has none`,
        );
    }
  }

  /**
   * SEQR gets a receipt soon, whatever another endpoint does. One that took several tries had trouble of its own, such as a server
   * that still had the old password.
   */
  #checkWait(invoice: InvoiceRecord, { id, created_at, sent_at, attempts }: ReceiptRecord): void {
    const [from, to] = [created_at.getTime(), sent_at?.getTime() ?? 0];
    if (
      attempts > 1 ||
      to - from <= RECEIPT_BY_THEN ||
      this.world.runContext.wasInTroubleWithReceipts(from - 60_000, to, invoice.terminal)
    )
      return;
    this.#violated(invoice, `receipt ${id} was sent after ${to - from} ms, and nothing was wrong`);
  }

  #checkOrder(order: Order): void {
    const { invoices } = this.world.ledger;
    const isOfOrder = ({ payment_collection_id: id }: InvoiceRecord): boolean =>
      this.world.accounts.collections.get(id)?.orderId === order.id;
    if (invoices.some((invoice) => isOfOrder(invoice) && this.#isLost(invoice))) return;
    const payments = this.#paymentsOf(order).filter(
      (payment) => !payment.canceled && !this.#isRefundedAtSeqr(payment),
    );
    const ofCart = payments.filter((payment) => this.#isOfCart(payment));
    const [first] = ofCart;
    const invoice = first && this.#invoiceOf(first);
    if (ofCart.length > 1) this.#violated(invoice, `order ${order.id} has ${ofCart.length} payments`);
    if (payments.length === 0) this.#checkUnpaid(order);
    this.#checkEntries(order);
    this.#checkLinks(order);
    this.#checkAsked(order);
    if (!first || first.provider !== "seqr" || !invoice) return;
    const isPlacedWith = first.isReserved ? first.amount : first.captured;
    if (order.cartId !== undefined && !isAbout(order.placed, isPlacedWith) && !this.#isAttended(invoice)) {
      this.#violated(
        invoice,
        `order ${order.id} is over ${order.placed}, and ${first.captured} was captured`,
      );
    }
    if (order.canceled && !this.#isAttended(invoice)) {
      this.#violated(invoice, `order ${order.id} is cancelled, and ${keptOf(first)} of it is still here`);
    }
  }

  /** An order with a reservation asks for no more than is outstanding, and what is reserved is not. */
  #checkAsked(order: Order): void {
    const { accounts } = this.world;
    const payments = this.#paymentsOf(order).filter(({ isReserved, canceled }) => isReserved && !canceled);
    const [payment] = payments;
    const invoice = payment && this.#invoiceOf(payment);
    if (order.canceled || !invoice || this.#isAttended(invoice)) return;
    const reserved = payments.filter(({ captures }) => captures.length === 0).map(({ amount }) => amount);
    const outstanding = subtractExactly(order.total, sumExactly([accounts.keptFor(order.id), ...reserved]));
    for (const { id, amount, isCanceled } of accounts.collectionsOf(order.id)) {
      const isUnpaid = accounts.paymentsOf(id).every(({ canceled }) => canceled);
      if (isCanceled || !isUnpaid || compareExactly(amount, "0.01") <= 0) continue;
      if (compareExactly(subtractExactly(amount, outstanding), "0.01") > 0)
        this.#violated(invoice, `order ${order.id} asks for ${amount}, and ${outstanding} is outstanding`);
    }
  }

  /** The order of a cart that was paid for is linked to the cart and to its payments, or was never linked to either. */
  #checkLinks({ id, cartId, canceled, isLinkedToPayments }: Order): void {
    const { accounts, ledger } = this.world;
    const cart = accounts.carts.get(cartId ?? "");
    if (!cart || canceled) return;
    if ((cart.orderId === id) === isLinkedToPayments) return;
    // Without SEQR, two servers that share no lock may place two orders.
    const isKept = (payment: Payment): boolean =>
      payment.provider === "seqr" && !payment.canceled && !this.#isRefundedAtSeqr(payment);
    if (!accounts.paymentsOf(cart.collectionId).some(isKept)) return;
    const invoice = ledger.invoices.filter(({ cart_id }) => cart_id === cartId).pop();
    const missing = isLinkedToPayments ? "its cart" : "its payments";
    if (invoice && !this.#isAttended(invoice))
      this.#violated(invoice, `order ${id} has no link to ${missing}`);
  }

  /** An order has each capture once in its own records. */
  #checkEntries(order: Order): void {
    for (const payment of this.#paymentsOf(order)) {
      const invoice = this.#invoiceOf(payment);
      if (!invoice || payment.canceled || !ENTERED.includes(invoice.state)) continue;
      // What was given back may have lost its session to a newer one, and is not looked up any more.
      if (!this.#sessionOf(invoice)) continue;
      const { length } = order.entries.filter(({ paymentId }) => paymentId === payment.id);
      if (length !== 1)
        this.#violated(
          invoice,
          `order ${order.id} has the capture of ${payment.id} ${length} times in its books`,
        );
    }
  }

  /** An order without money is one that needs none, or is gone, or can still be paid otherwise, or was changed by staff. */
  #checkUnpaid(order: Order): void {
    const { accounts } = this.world;
    if (order.canceled || order.cartId === undefined || compareExactly(order.total, "0") <= 0) return;
    if (order.total !== order.placed) return;
    const collections = accounts.collectionsOf(order.id);
    const sessions = collections.flatMap(({ id }) => accounts.sessionsOf(id));
    if (sessions.some(({ provider }) => provider === "other") || this.#paymentsOf(order).length > 0) return;
    const invoices = this.world.ledger.invoices.filter(({ payment_collection_id: id }) =>
      collections.some((collection) => collection.id === id),
    );
    if (invoices.some((invoice) => this.#isAttended(invoice)) || sessions.length !== 1) return;
    this.#violated(
      invoices[invoices.length - 1],
      `order ${order.id} over ${order.total} was never paid, and stays`,
    );
  }

  #countEnds(): void {
    const { ledger, runContext, accounts } = this.world;
    for (const invoice of ledger.invoices) {
      runContext.count(`ended_${invoice.state}`);
      if (this.#listed.has(invoice.id)) runContext.count("attention");
      const { cartId } = accounts.collections.get(invoice.payment_collection_id) ?? {};
      const paid = accounts.paymentsOf(invoice.payment_collection_id);
      const isReturned = invoice.state === "refunded" || invoice.state === "refunding";
      if (invoice.reason === "paid_twice" || (isReturned && cartId !== undefined && paid.some(isOther)))
        runContext.count("paid_twice");
    }
  }

  #isListed(invoice: InvoiceRecord): boolean {
    return attentionOf(invoice, this.#refundsOf(invoice)).length > 0;
  }

  /** It is listed for a person, or a person has said what becomes of it. */
  #isAttended({ id }: InvoiceRecord): boolean {
    const { decisions } = this.world.ledger;
    return (
      this.#listed.has(id) ||
      decisions.some(({ invoice_id, action }) => invoice_id === id && action !== "retry")
    );
  }

  /** Nobody has asked for it, in Medusa or by a decision at that moment. */
  #isByItself(invoice: InvoiceRecord, { idempotency_key: key, requested_at }: RefundRecord): boolean {
    const isDecided = this.world.ledger.decisions.some(
      ({ invoice_id, action, decided_at }) =>
        invoice_id === invoice.id && action === "retry" && Number(decided_at) === Number(requested_at),
    );
    const record = this.#booked(invoice)?.refunds.find(({ id }) => id === key);
    return !isDecided && (key.startsWith("refund-") || record?.metadata["by"] === BY_ITSELF.by);
  }

  /** SEQR knows something of it that the shop knew and does not know any more. */
  #isLost({ invoice_reference: reference }: InvoiceRecord): boolean {
    return this.world.runContext.lost.has(reference ?? "");
  }

  /** SEQR does not answer about it as it should. */
  #isStrange({ invoice_reference: reference }: InvoiceRecord): boolean {
    const { contradicting, moved } = this.world.runContext;
    return contradicting.has(reference ?? "") || moved.has(reference ?? "");
  }

  #isRefundedAtSeqr(payment: Payment): boolean {
    // Each refund that was recorded afterwards is in the records as SEQR made it, rounded.
    return compareExactly(keptOf(payment), "0.05") < 0;
  }

  #isOfCart({ collectionId }: Payment): boolean {
    return this.world.accounts.collections.get(collectionId)?.cartId !== undefined;
  }

  #invoiceAbout(about: string): InvoiceRecord | undefined {
    const { invoices } = this.world.ledger;
    return (
      invoices.find(({ id }) => id === about) ?? invoices.filter(({ cart_id }) => cart_id === about).pop()
    );
  }

  #refundsOf({ id }: InvoiceRecord): RefundRecord[] {
    return this.#byInvoice.get(id) ?? [];
  }

  #sessionOf({ session_id }: InvoiceRecord): boolean {
    return this.world.accounts.sessions.has(session_id);
  }

  #booked(invoice: InvoiceRecord): Payment | undefined {
    return this.world.accounts.paymentOfSession(invoice.session_id);
  }

  /** Whether Medusa has a record of the refund that a problem is about, and SEQR did not make it. It may be of a hundredth. */
  #isRefundMissing(invoice: InvoiceRecord): boolean {
    const { problem, problem_about: about } = invoice;
    const notMade: ErrorCode = "SEQR_REFUND_NOT_MADE";
    const isMade = this.#refundsOf(invoice).some(
      ({ state, idempotency_key: key }) => state === "done" && key === about,
    );
    const isBooked = this.#booked(invoice)?.refunds.some(({ id }) => id === about) ?? false;
    return problem === notMade && isBooked && !isMade;
  }

  #invoiceOf({ sessionId }: Payment): InvoiceRecord | undefined {
    return this.world.ledger.invoices.find(({ session_id }) => session_id === sessionId);
  }

  #ordersOf({ collectionId }: Payment): Order[] {
    const order = this.world.accounts.orders.get(
      this.world.accounts.collections.get(collectionId)?.orderId ?? "",
    );
    return order ? [order] : [];
  }

  #paymentsOf(order: Order): Payment[] {
    const { accounts } = this.world;
    return [...accounts.payments.values()].filter(
      ({ collectionId }) => accounts.collections.get(collectionId)?.orderId === order.id,
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
    const { ledger, runContext, core } = this.world;
    const same = ledger.invoices.filter(
      ({ payment_collection_id }) => payment_collection_id === invoice.payment_collection_id,
    );
    const ids = same.map(({ id }) => id);
    const { orderId } = this.world.accounts.collections.get(invoice.payment_collection_id) ?? {};
    const orderIds = orderId === undefined ? [] : [orderId];
    const sessions = same.map(({ session_id }) => session_id);
    const lines = runContext.trace([...ids, ...sessions, invoice.cart_id ?? "", ...orderIds]);
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
        `${at} SEQR: refund ${refund.id} ${amount} ${reason} ${idempotency_key}, in the end ${state} ${result}`,
      );
    }
    const times = lines.map((line) => Number.parseInt(line, 10));
    const from = Math.min(...times);
    const to = Math.max(...times);
    const around = runContext
      .trace(["server 1", "server 2", "server 3", "seqr"])
      .filter((line) => Number.parseInt(line, 10) >= from && Number.parseInt(line, 10) <= to);
    return [...lines, ...around.slice(-60)].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

/** Whether two lists of amounts are the same, but for their rounding. */
function isPaired(made: readonly string[], booked: readonly string[]): boolean {
  const sorted = [made, booked].map((all) => [...all].sort(compareExactly));
  const [ours = [], theirs = []] = sorted;
  return (
    ours.length === theirs.length && ours.every((amount, index) => isAbout(amount, theirs[index] ?? "0"))
  );
}

function isUnknown(refunds: readonly RefundRecord[]): boolean {
  return refunds.some(({ state }) => state === "unknown");
}

function isOther({ provider }: Payment): boolean {
  return provider === "other";
}
