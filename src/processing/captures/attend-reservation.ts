import { after } from "../../clock";
import type { ErrorCode } from "../../errors/error-codes";
import {
  currentInvoice,
  isCapturedByPlugin,
  lapsesSoonFrom,
  patchInvoice,
  recheckDue,
  type AttentionKind,
  type InvoiceRecord,
} from "../../modules/seqr/public";
import { compare } from "../../seqr";
import { messageOf } from "../classify-completion-error";
import { continueIfChanged, logAbout, type ContinueFrom, type PaymentRun } from "../payment-run";
import { pollStatus } from "../poll-invoice";
import { release } from "./release";

const LAPSES: ErrorCode = "SEQR_RESERVATION_LAPSES";
const WARNING: AttentionKind = "reservation_lapses";
/** Milliseconds after which a change of an order counts as finished: staff may request and receive a return within seconds. */
const CHANGE_LASTS = 10_000;

/**
 * Attends to the reservation of an order that is not captured yet: polls whether SEQR still has it, captures it when the order was
 * changed or, by option, before it lapses, and otherwise lists that it lapses soon.
 */
export async function attendReservation(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const now = run.seqr.clock.now();
  // Without it Medusa has no provider, and its error does not say so.
  run.seqr.terminals.of(invoice);
  if (invoice.reserved_until && invoice.reserved_until <= now)
    return continueIfChanged(invoice, await pollStatus(run, invoice));
  if (isCapturedByPlugin(invoice)) return captureForOrder(run, invoice);
  const recheck = recheckDue(invoice);
  if (run.source === "staff" || (recheck && recheck <= now)) {
    const polled = await pollStatus(run, invoice);
    if (polled.state !== invoice.state) return continueIfChanged(invoice, polled);
    return captureOrList(run, polled);
  }
  return captureOrList(run, invoice);
}

/** In the last part of a reservation's time: captures it, by option, or lists that it lapses soon. */
async function captureOrList(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr } = run;
  const warning = lapsesSoonFrom(invoice);
  if (!warning || warning > seqr.clock.now()) return invoice;
  if (seqr.terminals.of(invoice).options.captureBeforeLapse) {
    await patchInvoice(seqr, invoice, { reason: "lapses_soon" });
    return captureForOrder(run, { ...invoice, reason: "lapses_soon" });
  }
  const decisions = await seqr.ledger.decisionsOf([invoice.id]);
  const isSeen = decisions.some(({ kind }) => kind === WARNING);
  if (invoice.problem === null && !isSeen) await patchInvoice(seqr, invoice, { problem: LAPSES });
  return currentInvoice(seqr, invoice);
}

/**
 * Captures what the reservation covers of what is unpaid of the order, through Medusa, which then asks the provider. Goods whose return
 * is only requested have to be paid.
 */
async function captureForOrder(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  const { session_id, order_id, reason } = invoice;
  const reserved = invoice.reserved_amount ?? invoice.amount;
  try {
    const { isCanceled, unpaid } = await store.order(order_id ?? "");
    if (isCanceled) return await release(run, invoice, "order_canceled", "its order was cancelled");
    if (compare(unpaid, "0") <= 0)
      return await release(run, invoice, "nothing_owed", "its order needs no payment any more");
    const isEdited = reason === "order_changed";
    if (isEdited) await store.adjustCollectionsAfterEdit(session_id, "captured_soon");
    if (await isBeingChanged(run, order_id ?? "")) return invoice;
    if (isEdited && compare(unpaid, reserved) === 0) return await keepReserved(run, invoice);
    await store.capture(session_id, compare(unpaid, reserved) < 0 ? unpaid : reserved);
  } catch (error) {
    const fallback: ErrorCode = "SEQR_CAPTURE_FAILED";
    const problem = (error as { code?: string }).code ?? fallback;
    const failed = { attempts: invoice.attempts + 1, problem };
    await seqr.ledger.update(invoice.id, failed, ["awaiting_capture"]);
    logAbout(run, "error", invoice, `could not be captured (${problem}): ${messageOf(error)}`);
  }
  return continueIfChanged(invoice, await currentInvoice(seqr, invoice));
}

/** Leaves a reservation to staff again, because the order still needs all of it: a return was requested, for example. */
async function keepReserved(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord | ContinueFrom> {
  await run.store.adjustCollectionsAfterEdit(invoice.session_id, "stays");
  await patchInvoice(run.seqr, invoice, { reason: null, attempts: 0, problem: null });
  return captureOrList(run, await currentInvoice(run.seqr, invoice));
}

/**
 * Whether staff have just changed the order. While core writes another version of an order, it forgets a transaction that is added
 * at that moment: the order would show as unpaid.
 */
async function isBeingChanged({ seqr, store }: PaymentRun, orderId: string): Promise<boolean> {
  const changed = await store.lastChangeOf(orderId);
  return changed !== undefined && after(changed, CHANGE_LASTS) > seqr.clock.now();
}
