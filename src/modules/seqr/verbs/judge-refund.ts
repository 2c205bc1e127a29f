import { compare } from "../../../seqr";
import type { SeqrContext } from "../context";
import type { InvoiceRecord, RefundRecord } from "../ledger";
import { problem } from "../problems";
import type { ObservationSource } from "./observe";
import { restOf } from "./refund-invoice";

/** What has become known of a refund whose outcome was not. */
export interface Verdict {
  made: boolean;
  /** SEQR's reference of the refund, if it is known. */
  reference?: string;
}

/**
 * Settles a refund of unknown outcome by what a person says who has asked SEQR or read its report.
 *
 * @throws {MedusaError} SEQR_REFUND_NOT_UNKNOWN when the invoice has none
 */
export async function judgeRefund(
  { ledger, clock }: SeqrContext,
  invoice: InvoiceRecord,
  { made, reference }: Verdict,
): Promise<RefundRecord> {
  const refunds = await ledger.refundsOf(invoice.id);
  const unknown = refunds.find(({ state }) => state === "unknown");
  const judged =
    unknown &&
    (await ledger.finishRefund(unknown.id, made ? "done" : "refused", {
      refund_reference: reference ?? null,
      result: made ? "0" : "SEQR_REFUND_NOT_MADE",
      finished_at: clock.now(),
    }));
  if (!judged) throw problem("SEQR_REFUND_NOT_UNKNOWN");
  await ledger.observe({
    invoice_id: invoice.id,
    observed_at: clock.now(),
    source: "staff" satisfies ObservationSource,
    operation: "refundPayment",
    status: null,
    version: null,
    ers_reference: null,
    result: made ? "0" : "SEQR_REFUND_NOT_MADE",
  });
  const rest = restOf(invoice, await ledger.refundsOf(invoice.id));
  const state_since = clock.now();
  if (compare(rest, "0") === 0) {
    await ledger.transition(invoice.id, "returned", { state_since, due_at: null, problem: null });
  } else {
    // What was held up by it goes on.
    const patch = { problem: null, attempts: 0, ...(isGoingBack(invoice) && { due_at: state_since }) };
    await ledger.update(invoice.id, patch, [invoice.state]);
  }
  return judged;
}

function isGoingBack({ state }: InvoiceRecord): boolean {
  return state === "returning" || state === "owed";
}
