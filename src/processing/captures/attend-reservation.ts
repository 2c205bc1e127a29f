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

/**
 * Attends to the reservation of an order that is not captured yet: polls whether SEQR still has it, captures it when the order was
 * changed or, by option, before it lapses, and otherwise lists that it lapses soon.
 */
export async function attendReservation(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const now = run.seqr.clock.now();
  if (invoice.reserved_until && invoice.reserved_until <= now)
    return continueIfChanged(invoice, await pollStatus(run, invoice));
  if (isCapturedByPlugin(invoice)) return captureForOrder(run, invoice);
  const recheck = recheckDue(invoice);
  if (recheck && recheck <= now) {
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

/** Captures what the reservation covers of the order's outstanding amount, through Medusa, which then asks the provider. */
async function captureForOrder(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  const reserved = invoice.reserved_amount ?? invoice.amount;
  try {
    const { isCanceled, outstanding } = await store.order(invoice.order_id ?? "");
    if (isCanceled) return await release(run, invoice, "order_canceled", "its order was cancelled");
    if (compare(outstanding, "0") <= 0)
      return await release(run, invoice, "nothing_owed", "its order needs no payment any more");
    await store.capture(invoice.session_id, compare(outstanding, reserved) < 0 ? outstanding : reserved);
  } catch (error) {
    const fallback: ErrorCode = "SEQR_CAPTURE_FAILED";
    const problem = (error as { code?: string }).code ?? fallback;
    const failed = { attempts: invoice.attempts + 1, problem };
    await seqr.ledger.update(invoice.id, failed, ["awaiting_capture"]);
    logAbout(run, "error", invoice, `could not be captured (${problem}): ${messageOf(error)}`);
  }
  return continueIfChanged(invoice, await currentInvoice(seqr, invoice));
}
