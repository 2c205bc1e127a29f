import { after } from "../../clock";
import {
  RECONCILIATION_WINDOW,
  REQUESTED_BY_MEDUSA,
  refundableAmount,
  REFUND_RETRY_WINDOW,
  type InvoiceRecord,
  type RefundRecord,
  endAbandonedRefunds,
  acquireLease,
  workUnderLease,
  patchInvoice,
  rekeyRefund,
  refundInvoice,
  currentInvoice,
} from "../../modules/seqr/public";
import { oneLine } from "../../errors/one-line";
import type { ErrorCode } from "../../errors/error-codes";
import { nextPart } from "../../amounts";
import {
  closedRefunds,
  isOver,
  isTakenOver,
  madeAndBooked,
} from "../../modules/seqr/operations/refund/medusa-refund";
import { compare, sum, toHundredths } from "../../seqr";
import { recordRefundInMedusa, isFinal } from "./record-refund-in-medusa";
import type { ProcessingContext } from "../processing-context";
import type { RefundInMedusa } from "../store-port";

/** Milliseconds after which a refund of Medusa must have reached the ledger. */
const SURELY_BEGUN = 120_000;
/** Milliseconds in which staff, who saw an error, may ask again for a refund that was made: it is then taken over. */
const ASKED_AGAIN = 600_000;
const NOT_MADE: ErrorCode = "SEQR_REFUND_NOT_MADE";
const TOO_HIGH: ErrorCode = "SEQR_REFUND_TOO_HIGH";

/**
 * Brings Medusa's refunds and SEQR's together again after a process has died or the database was away: what Medusa wrote
 * down and nobody asked of SEQR is refunded now, what SEQR was asked and never answered is listed as unknown, what SEQR
 * refused for good, or for days, and is in Medusa's books all the same is listed, and what SEQR made is written into
 * Medusa's books, those of the payment and those of its order.
 *
 * Every process of a store runs this at the same time. Each payment is held meanwhile; who comes second finds it done the
 * next time.
 */
export async function reconcileRefunds(context: ProcessingContext): Promise<void> {
  const { seqr, store } = context;
  await endAbandonedRefunds(seqr);
  const now = seqr.clock.now();
  const since = after(now, -RECONCILIATION_WINDOW);
  const refunds = await store.refundRecordsBetween(since, after(now, -SURELY_BEGUN));
  const known = await seqr.ledger.refundKeys(refunds.map(({ id }) => id));
  for (const refund of refunds.filter(({ id }) => !known.has(id))) {
    const invoice = await seqr.ledger.find({ session_id: refund.sessionId });
    if (invoice) await underLease(context, invoice, (leased) => makeUp(context, leased, refund));
  }
  const made = await seqr.ledger.refundsMade(REQUESTED_BY_MEDUSA, since, after(now, -ASKED_AGAIN));
  const booked = await store.recordedRefundIds(made.map(({ idempotency_key }) => idempotency_key));
  for (const refund of made.filter((one) => !booked.has(one.idempotency_key))) {
    const invoice = await seqr.ledger.find({ id: refund.invoice_id });
    if (invoice) await underLease(context, invoice, (leased) => book(context, leased, refund));
  }
  await bookInOrders(context, since);
}

/** Core writes a refund into its order's own books after the provider has answered, if its process is still there. */
async function bookInOrders(context: ProcessingContext, since: Date): Promise<void> {
  const { seqr, store } = context;
  const made = await seqr.ledger.refundsMade(
    REQUESTED_BY_MEDUSA,
    since,
    after(seqr.clock.now(), -SURELY_BEGUN),
  );
  const missing = await store.refundsMissingInOrders(made.map(({ idempotency_key }) => idempotency_key));
  for (const { invoice_id, idempotency_key } of made.filter((one) => missing.has(one.idempotency_key))) {
    const invoice = await seqr.ledger.find({ id: invoice_id });
    if (invoice) await underLease(context, invoice, () => store.recordRefundsInOrders([idempotency_key]));
  }
}

/** Works on a payment under its lease, if no other process has it. Errors are logged, and the next run tries again. */
async function underLease(
  { seqr, logger }: ProcessingContext,
  invoice: InvoiceRecord,
  work: (leased: InvoiceRecord) => Promise<void>,
): Promise<void> {
  const leased = await acquireLease(seqr, invoice);
  if (!leased) return;
  try {
    await workUnderLease(seqr, leased, () => work(leased), invoice.due_at);
  } catch (error) {
    logger.error(`seqr: refunds of invoice ${invoice.id} could not be reconciled: ${oneLine(error)}`);
  }
}

/** Core deletes its refund when anything fails after SEQR has made it, and nobody may ask for it again. */
async function book(context: ProcessingContext, invoice: InvoiceRecord, { id }: RefundRecord): Promise<void> {
  // As it is now: another process may have had the payment until a moment ago.
  const refunds = await context.seqr.ledger.refundsOf(invoice.id);
  const refund = refunds.find((one) => one.id === id);
  if (refund) await recordRefundInMedusa(context, invoice, refund);
}

/** SEQR has not done it: a person is told, once. */
async function list(
  seqr: ProcessingContext["seqr"],
  invoice: InvoiceRecord,
  refundId: string,
): Promise<void> {
  if (invoice.state !== "completed" || invoice.problem !== null) return;
  await patchInvoice(seqr, invoice, { problem: NOT_MADE, problem_about: refundId });
}

/** What was listed about a refund is as it should be now. */
async function unlist(
  seqr: ProcessingContext["seqr"],
  invoice: InvoiceRecord,
  refundId: string,
): Promise<void> {
  if (invoice.problem !== NOT_MADE || invoice.problem_about !== refundId) return;
  await patchInvoice(seqr, invoice, { problem: null, problem_about: null });
}

/** Takes a record away that stands for no refund. */
async function drop(
  { seqr, store }: ProcessingContext,
  invoice: InvoiceRecord,
  refundId: string,
): Promise<void> {
  await store.deleteRefundRecord(refundId);
  await unlist(seqr, invoice, refundId);
}

/** Whether all that was left went back at once, beside Medusa's books, and a record in them is a part of that. */
async function isPartOfReturn(
  { seqr, store }: ProcessingContext,
  invoice: InvoiceRecord,
  refundId: string,
): Promise<boolean> {
  if (invoice.state === "completed") return false;
  const made = (await seqr.ledger.refundsOf(invoice.id)).filter(({ state }) => state === "done");
  if (made.every(({ reason }) => reason === REQUESTED_BY_MEDUSA)) return false;
  const others = (await store.refundRecordsOf(invoice.session_id)).filter(({ id }) => id !== refundId);
  const given = sum(made.map(({ amount }) => amount));
  const booked = sum(others.map(({ amount }) => amount));
  // A hundredth may come of rounding.
  return toHundredths(given) - toHundredths(booked) > 1n;
}

/** Staff asked for it, and Medusa has it in its books. */
async function makeUp(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  { id, amount, exactAmount, named, at }: RefundInMedusa,
): Promise<void> {
  const { seqr, store, logger } = context;
  if ((await closedRefunds(seqr, invoice)).has(id)) return;
  const refunds = await seqr.ledger.refundsOf(invoice.id);
  const same = refunds.filter(({ idempotency_key }) => idempotency_key === id);
  if (same.some(({ state }) => state !== "refused")) return;
  // A process may have died just before the provider took one over.
  const made = refunds.filter(
    (one) => one.state === "done" && (named ? one.id === named.id : isOver(one, amount)),
  );
  const booked = await store.recordedRefundIds(made.map(({ idempotency_key }) => idempotency_key));
  const unbooked = made.find(({ idempotency_key }) => !booked.has(idempotency_key));
  if (unbooked && (await rekeyRefund(seqr, unbooked, id))) return unlist(seqr, invoice, id);
  // Written for a refund that has another record by now: nobody asked for one more.
  if (named) return drop(context, invoice, id);
  if (isTakenOver(invoice, at)) return;
  const last = same.at(-1);
  // A person has said that it is not to be made. Where all goes back, it is a part of that, and stays in the books.
  if (last?.result === NOT_MADE)
    return invoice.state === "completed" ? drop(context, invoice, id) : undefined;
  const isGivenUp = at <= after(seqr.clock.now(), -REFUND_RETRY_WINDOW);
  if (isGivenUp || (last && isFinal(last))) return list(seqr, invoice, id);
  if (last && last.requested_at > after(seqr.clock.now(), -ASKED_AGAIN)) return;
  const due = nextPart(madeAndBooked(refunds, await store.refundRecordsOf(invoice.session_id)), exactAmount);
  const rest = refundableAmount(invoice, refunds);
  // What went back beside Medusa's books was rounded by itself, so that a hundredth may be missing.
  const part = compare(due, rest) > 0 && isOver({ amount: rest }, due) ? rest : due;
  // As core does when SEQR has nothing to give back.
  if (compare(part, "0") === 0) return drop(context, invoice, id);
  try {
    await refundInvoice(seqr, invoice, { amount: part, idempotencyKey: id, reason: REQUESTED_BY_MEDUSA });
    await unlist(seqr, invoice, id);
  } catch (error) {
    // Nothing was asked of SEQR, and never will be: core would have deleted its record, had its process lived.
    if ((error as { code?: string }).code === TOO_HIGH) {
      return (await isPartOfReturn(context, invoice, id)) ? undefined : drop(context, invoice, id);
    }
    const tries = (await seqr.ledger.refundsOf(invoice.id)).filter(
      ({ idempotency_key }) => idempotency_key === id,
    );
    const lastTry = tries.at(-1);
    // One of unknown outcome is listed as such, and whatever may pass is tried again.
    if (lastTry && isFinal(lastTry)) await list(seqr, await currentInvoice(seqr, invoice), id);
    logger.error(`seqr: refund ${id} is in Medusa's books and could not be made: ${oneLine(error)}`);
  }
}
