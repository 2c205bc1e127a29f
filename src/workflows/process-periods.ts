import type { MedusaContainer } from "@medusajs/framework/types";
import { closeDuePeriods } from "../books/close-due-periods";
import { processDuePeriods } from "../books/process-periods";
import { reconcilePeriod } from "../books/reconcile-period";
import { recordedAmounts } from "../medusa/recorded-amounts";
import { closingOf, reconciliationsOf, seqrOf } from "../modules/seqr";

/** Closes what the schedule of the option `periods` has to close now. @see closeDuePeriods */
export function closeDueSeqrPeriods(container: MedusaContainer): Promise<void> {
  return closeDuePeriods(closingOf(container));
}

/**
 * Does what is due with closed periods: fetches SEQR's reports, and compares them with the ledger and with Medusa. It may run in several
 * processes at once.
 *
 * @returns how many periods were worked on
 */
export function processSeqrPeriods(container: MedusaContainer): Promise<number> {
  const reconciliation = {
    seqr: seqrOf(container),
    books: reconciliationsOf(container),
    recordedAmounts: (sessionIds: readonly string[]) => recordedAmounts(container, sessionIds),
  };
  return processDuePeriods({
    ...closingOf(container),
    reconcile: (period) => reconcilePeriod(reconciliation, period),
  });
}
