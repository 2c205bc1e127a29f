import type { InvoiceRecord, Observation } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";

/** Records a call to SEQR that answers with a result only. */
export function recordCall(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  { id }: InvoiceRecord,
  call: Pick<Observation, "source" | "operation" | "result">,
): Promise<void> {
  return ledger.recordObservation({
    invoice_id: id,
    observed_at: clock.now(),
    status: null,
    version: null,
    ers_reference: null,
    ...call,
  });
}
