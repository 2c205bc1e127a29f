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
  isOfAmount,
  isClosedSince,
  madeAndBooked,
} from "../../modules/seqr/operations/refund/medusa-refund";
import { compare, sum, toHundredths } from "../../seqr";
import { atEachEndpoint } from "../lanes";
import { recordRefundInMedusa, isFinal } from "./record-refund-in-medusa";
import type { ProcessingContext } from "../processing-context";
import type { RefundInMedusa } from "../store-port";

/** Milliseconds after which a refund that Medusa has recorded must have reached the ledger. */
const REFUND_REACHES_LEDGER = 120_000;
/** Milliseconds in which staff who saw an error may request a refund again: the one that was made is then assigned to it. */
const STAFF_RETRY_WINDOW = 600_000;
const NOT_MADE: ErrorCode = "SEQR_REFUND_NOT_MADE";
const TOO_HIGH: ErrorCode = "SEQR_REFUND_TOO_HIGH";

/** Whether an invoice belongs to the endpoint that is worked on. */
type IsHere = (invoice: InvoiceRecord) => boolean;

/**
 * Reconciles Medusa's refunds with SEQR's after a crash or an outage of the database. A refund that Medusa has recorded and SEQR
 * was not asked for is made. One that SEQR did not answer is listed as unknown. One that SEQR refuses permanently, or for days,
 * is listed. One that SEQR has made is recorded in Medusa, with its payment and its order.
 *
 * Every process of a store runs it at the same time. It takes the lease of each payment; a process that does not get it finds
 * the work done at its next run.
 */
export async function reconcileRefunds(context: ProcessingContext): Promise<void> {
  const { seqr } = context;
  await endAbandonedRefunds(seqr);
  const since = after(seqr.clock.now(), -RECONCILIATION_WINDOW);
  await atEachEndpoint(seqr, async (isHere) => {
    await makeMissing(context, since, isHere);
    await recordInMedusa(context, since, isHere);
    await recordInOrders(context, since, isHere);
  });
}

/** Makes refunds that Medusa has recorded and SEQR was not asked for. */
async function makeMissing(context: ProcessingContext, since: Date, isHere: IsHere): Promise<void> {
  const { seqr, store } = context;
  const refunds = await store.refundRecordsBetween(since, after(seqr.clock.now(), -REFUND_REACHES_LEDGER));
  const known = await seqr.ledger.refundKeys(refunds.map(({ id }) => id));
  for (const refund of refunds.filter(({ id }) => !known.has(id))) {
    const invoice = await seqr.ledger.find({ session_id: refund.sessionId });
    if (invoice && isHere(invoice))
      await underLease(context, invoice, (leased) => retryMissingRefund(context, leased, refund));
  }
}

/** Records in Medusa refunds that SEQR has made. */
async function recordInMedusa(context: ProcessingContext, since: Date, isHere: IsHere): Promise<void> {
  const { seqr, store } = context;
  const until = after(seqr.clock.now(), -STAFF_RETRY_WINDOW);
  const made = await seqr.ledger.refundsMade(REQUESTED_BY_MEDUSA, since, until);
  const recorded = await store.recordedRefundIds(made.map(({ idempotency_key }) => idempotency_key));
  for (const refund of made.filter((one) => !recorded.has(one.idempotency_key))) {
    const invoice = await seqr.ledger.find({ id: refund.invoice_id });
    if (invoice && isHere(invoice))
      await underLease(context, invoice, (leased) => recordMadeRefund(context, leased, refund));
  }
}

/** Adds refunds to their orders: core does it after the provider has answered, unless its process has crashed. */
async function recordInOrders(context: ProcessingContext, since: Date, isHere: IsHere): Promise<void> {
  const { seqr, store } = context;
  const until = after(seqr.clock.now(), -REFUND_REACHES_LEDGER);
  const made = await seqr.ledger.refundsMade(REQUESTED_BY_MEDUSA, since, until);
  const missing = await store.refundsMissingInOrders(made.map(({ idempotency_key }) => idempotency_key));
  for (const { invoice_id, idempotency_key } of made.filter((one) => missing.has(one.idempotency_key))) {
    const invoice = await seqr.ledger.find({ id: invoice_id });
    if (invoice && isHere(invoice))
      await underLease(context, invoice, () => store.recordRefundsInOrders([idempotency_key]));
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

/** Records a refund in Medusa whose record core has deleted, because something failed after SEQR had made it. */
async function recordMadeRefund(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  { id }: RefundRecord,
): Promise<void> {
  // Read again under the lease: another process may have changed it.
  const refunds = await context.seqr.ledger.refundsOf(invoice.id);
  const refund = refunds.find((one) => one.id === id);
  if (refund) await recordRefundInMedusa(context, invoice, refund);
}

/** Lists a refund that SEQR has not made for staff, once. */
async function listAsMissing(
  seqr: ProcessingContext["seqr"],
  invoice: InvoiceRecord,
  refundId: string,
): Promise<void> {
  if (invoice.state !== "completed" || invoice.problem !== null) return;
  await patchInvoice(seqr, invoice, { problem: NOT_MADE, problem_about: refundId });
}

/** Removes a refund from the list: it is made now. */
async function unlist(
  seqr: ProcessingContext["seqr"],
  invoice: InvoiceRecord,
  refundId: string,
): Promise<void> {
  if (invoice.problem !== NOT_MADE || invoice.problem_about !== refundId) return;
  await patchInvoice(seqr, invoice, { problem: null, problem_about: null });
}

/** Deletes a refund record of Medusa that stands for no refund. */
async function deleteRecord(
  { seqr, store }: ProcessingContext,
  invoice: InvoiceRecord,
  refundId: string,
): Promise<void> {
  await store.deleteRefundRecord(refundId);
  await unlist(seqr, invoice, refundId);
}

/** Whether all that was left was refunded at once without Medusa, and a record of Medusa is a part of that. */
async function isPartOfFullRefund(
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
  // Rounding may leave a hundredth.
  return toHundredths(given) - toHundredths(booked) > 1n;
}

/** Makes a refund that Medusa has recorded and SEQR has not made. */
async function retryMissingRefund(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  { id, amount, exactAmount, named, at }: RefundInMedusa,
): Promise<void> {
  const { seqr, store, logger } = context;
  if ((await closedRefunds(seqr, invoice)).has(id)) return;
  const refunds = await seqr.ledger.refundsOf(invoice.id);
  const same = refunds.filter(({ idempotency_key }) => idempotency_key === id);
  if (same.some(({ state }) => state !== "refused")) return;
  // A process may have crashed just before the provider assigned a refund to the record.
  const made = refunds.filter(
    (one) => one.state === "done" && (named ? one.id === named.id : isOfAmount(one, amount)),
  );
  const recorded = await store.recordedRefundIds(made.map(({ idempotency_key }) => idempotency_key));
  const unrecorded = made.find(({ idempotency_key }) => !recorded.has(idempotency_key));
  if (unrecorded && (await rekeyRefund(seqr, unrecorded, id))) return unlist(seqr, invoice, id);
  // It was recorded for a refund that has another record by now: no one has requested another refund.
  if (named) return deleteRecord(context, invoice, id);
  if (isClosedSince(invoice, at)) return;
  const last = same.at(-1);
  // Staff have decided that it is not to be made. When all of the payment is refunded, it is a part of that, and its record stays.
  if (last?.result === NOT_MADE)
    return invoice.state === "completed" ? deleteRecord(context, invoice, id) : undefined;
  const isGivenUp = at <= after(seqr.clock.now(), -REFUND_RETRY_WINDOW);
  if (isGivenUp || (last && isFinal(last))) return listAsMissing(seqr, invoice, id);
  if (last && last.requested_at > after(seqr.clock.now(), -STAFF_RETRY_WINDOW)) return;
  const due = nextPart(madeAndBooked(refunds, await store.refundRecordsOf(invoice.session_id)), exactAmount);
  const rest = refundableAmount(invoice, refunds);
  // A refund without Medusa was rounded separately, so that a hundredth may be missing.
  const part = compare(due, rest) > 0 && isOfAmount({ amount: rest }, due) ? rest : due;
  // As core does when SEQR has nothing to refund.
  if (compare(part, "0") === 0) return deleteRecord(context, invoice, id);
  try {
    await refundInvoice(seqr, invoice, { amount: part, idempotencyKey: id, reason: REQUESTED_BY_MEDUSA });
    await unlist(seqr, invoice, id);
  } catch (error) {
    // SEQR is never asked for it: core would have deleted its record if its process had not crashed.
    if ((error as { code?: string }).code === TOO_HIGH) {
      return (await isPartOfFullRefund(context, invoice, id))
        ? undefined
        : deleteRecord(context, invoice, id);
    }
    const tries = (await seqr.ledger.refundsOf(invoice.id)).filter(
      ({ idempotency_key }) => idempotency_key === id,
    );
    const lastTry = tries.at(-1);
    // One of unknown outcome is listed as such, and a failure that may pass is retried.
    if (lastTry && isFinal(lastTry)) await listAsMissing(seqr, await currentInvoice(seqr, invoice), id);
    logger.error(`seqr: refund ${id} is recorded in Medusa and could not be made: ${oneLine(error)}`);
  }
}
