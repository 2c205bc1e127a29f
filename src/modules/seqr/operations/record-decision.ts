import { seqrError } from "../../../errors/error-codes";
import { ATTENTION, type AttentionEntry } from "../attention/attention-entries";
import type { InvoiceState } from "../invoice/states";
import type { DecisionRecord, InvoicePatch, InvoiceRecord, NewDecision } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";
import { transitionPatch } from "./take-transition";

/** What a member of staff decided about an entry of the attention list, and who. */
export type StaffDecision = Pick<DecisionRecord, "action" | "actor_id" | "reason">;

/** What of an entry a decision is about. */
export type DecidedEntry = Pick<AttentionEntry, "invoice" | "kind" | "subject">;

/**
 * Changes an invoice as staff have decided, and records the decision: both or neither.
 *
 * @throws {MedusaError} SEQR_DECISION_STALE when the invoice has changed since
 */
export async function recordDecision(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  entry: DecidedEntry,
  decision: StaffDecision,
  { to, patch }: { to?: InvoiceState; patch: InvoicePatch },
): Promise<InvoiceRecord> {
  const { invoice } = entry;
  const changed = await ledger.recordDecision(newDecision(clock, entry, decision), invoice, {
    ...(to && { to }),
    patch: to ? transitionPatch(clock, invoice, to, patch) : patch,
    ofProblem: ATTENTION[entry.kind].about === "problem",
  });
  if (!changed) throw seqrError("SEQR_DECISION_STALE");
  return changed;
}

/** A decision about an entry, as the ledger records it. */
export function newDecision(
  clock: OperationContext["clock"],
  { invoice, kind, subject }: DecidedEntry,
  decision: StaffDecision,
): NewDecision {
  return { ...decision, invoice_id: invoice.id, kind, subject, decided_at: clock.now() };
}
