import type { Clock } from "../../../clock";
import { nextDue } from "../invoice/polling-schedule";
import type { InvoiceState } from "../invoice/states";
import type { InvoicePatch, InvoiceRecord, TransitionPatch } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";

/** How a transition differs from the usual one. */
export interface TransitionOptions {
  /** When the invoice entered the state; left out, now. */
  at?: Date;
  /** Only from these states; left out, from all that the table of states allows. */
  from?: readonly InvoiceState[];
  /** Leaves it when the invoice is due: who has caused the transition continues, and the watch takes over on a crash. */
  keepsDueTime?: boolean;
}

/**
 * Takes a transition, and computes when the watch has to process the invoice next. It succeeds for one process only.
 *
 * @returns undefined when the invoice is in no state any more from which the transition is possible
 */
export function takeTransition(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  invoice: InvoiceRecord,
  to: InvoiceState,
  patch: InvoicePatch = {},
  { at = clock.now(), from, keepsDueTime = false }: TransitionOptions = {},
): Promise<InvoiceRecord | undefined> {
  const change = keepsDueTime
    ? { ...patch, state_since: at }
    : transitionPatch({ now: () => at }, invoice, to, patch);
  return ledger.transition(invoice.id, to, change, from);
}

/** What a transition writes: when the invoice entered the state, and when the watch has to process it next. */
export function transitionPatch(
  clock: Pick<Clock, "now">,
  invoice: InvoiceRecord,
  to: InvoiceState,
  patch: InvoicePatch,
): TransitionPatch {
  const state_since = clock.now();
  const due_at = nextDue({ ...invoice, ...patch, state: to, state_since }, state_since);
  return { due_at, ...patch, state_since };
}

/**
 * Changes fields of an invoice beside its state, if it is still in the state that the caller knows.
 *
 * @returns whether it was
 */
export function patchInvoice(
  { ledger }: Pick<OperationContext, "ledger">,
  invoice: InvoiceRecord,
  patch: InvoicePatch,
): Promise<boolean> {
  return ledger.update(invoice.id, patch, [invoice.state]);
}
