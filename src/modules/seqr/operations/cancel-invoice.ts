import { SeqrError, SeqrResultError } from "../../../seqr";
import { nextDue } from "../invoice/polling-schedule";
import { after } from "../../../clock";
import type { OperationContext } from "./operation-context";
import type { InvoiceRecord, Observation } from "../ledger/ledger";
import type { ErrorCode } from "../../../errors/error-codes";
import { canceledState, type EndReason } from "../invoice/states";
import { pollPaymentStatus } from "./poll-payment-status";

/**
 * What became of a cancellation. `canceled`: nobody can pay it any more. `paying`: it is being paid or was paid, and
 * is looked at at once. `unknown`: SEQR did not say; the watch keeps trying.
 */
export type CancelOutcome = "canceled" | "paying" | "unknown";

/** 95 and 55: somebody was faster; the invoice is cancelled all the same (PROTOCOL 4.6). */
const ALREADY_CANCELED = [95, 55];
/** 50, 51, 48: the shopper is paying or has paid; 58: the payment ran out of time, the status tells how it ended. */
const PAYING = [50, 51, 48, 58];

/** Whether SEQR refused to cancel an invoice because it is being paid or was paid. */
export function isBeingPaid({ operation, result }: Observation): boolean {
  return operation === "cancelInvoice" && PAYING.some((code) => result === `SEQR_${code}`);
}

/** Milliseconds until an invoice that is being paid is looked at again. */
const PAYING_PAUSE = 1_000;

/**
 * Cancels an invoice at SEQR. An invoice that has already ended is left as it is. The reason is written down before SEQR
 * is asked: whoever sees the end first, the shopper is told what it was.
 *
 * @param isHeld whether the caller holds the invoice and goes on from the outcome by itself; otherwise the watch is told
 */
export async function cancelInvoice(
  context: OperationContext,
  invoice: InvoiceRecord,
  reason: EndReason,
  isHeld = false,
): Promise<CancelOutcome> {
  const { ledger, client, clock } = context;
  const tellWatch = async (dueAt: Date | null): Promise<void> => {
    if (!isHeld && dueAt) await ledger.scheduleNow(invoice.id, dueAt);
  };
  // Being settled; a declined one must stay unread until SEQR has reversed it.
  if (invoice.state === "unacknowledged") return "paying";
  if (invoice.state === "paid" || invoice.state === "captured") {
    await tellWatch(clock.now());
    return "paying";
  }
  if (!isCancelable(invoice) || invoice.invoice_reference === null) return "canceled";
  const write = (result: string): Promise<void> =>
    ledger.recordObservation({
      invoice_id: invoice.id,
      observed_at: clock.now(),
      source: reason,
      operation: "cancelInvoice",
      status: null,
      version: null,
      ers_reference: null,
      result,
    });
  await ledger.update(invoice.id, { reason }, ["open"]);
  let end = reason;
  let problem: ErrorCode | null = null;
  try {
    await client.cancelInvoice(invoice.invoice_reference);
    await write("0");
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    await write(error.code);
    const result = error instanceof SeqrResultError ? error.result.code : undefined;
    if (result !== undefined && PAYING.includes(result)) {
      await ledger.update(invoice.id, { reason: null }, ["open"]);
      // Who holds it looks at it now; the next look must not follow at once.
      const pause = invoice.lease_owner === null ? 0 : PAYING_PAUSE;
      await tellWatch(after(clock.now(), pause));
      return "paying";
    }
    if (result === undefined || !ALREADY_CANCELED.includes(result)) {
      const patch = { reason, problem: error.code, attempts: invoice.attempts + 1 };
      // From `open` a step; in `canceling` already, one more failed try. It may have moved on while SEQR was silent.
      const isCanceling =
        (await ledger.transition(invoice.id, "canceling", { ...patch, state_since: clock.now() })) ??
        (await ledger.update(invoice.id, patch, ["canceling"]));
      if (isCanceling) await tellWatch(nextDue({ ...invoice, ...patch, state: "canceling" }, clock.now()));
      return "unknown";
    }
    // It is cancelled, though not by this call. SEQR knows whether somebody had paid it.
    const current = await lookedUp(context, (await ledger.find({ id: invoice.id })) ?? invoice);
    if (current.notified_at) {
      end = "reversed";
      problem = "SEQR_REVERSED";
    }
  }
  const state = canceledState(end);
  const now = clock.now();
  const patch = { state_since: now, reason: end, problem, attempts: 0 };
  await ledger.transition(invoice.id, state, {
    ...patch,
    // Looked over once more: a process may have died and left an order.
    due_at: nextDue({ ...invoice, ...patch, state }, now),
  });
  return "canceled";
}

/** The invoice as SEQR has it, unless it is known by now how it ended, or SEQR does not answer. */
async function lookedUp(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  if (!isCancelable(invoice)) return invoice;
  try {
    return await pollPaymentStatus(context, invoice, "cancellation");
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    return invoice;
  }
}

function isCancelable({ state }: InvoiceRecord): boolean {
  return state === "open" || state === "canceling";
}
