import type { MedusaContainer } from "@medusajs/framework/types";
import { closeDuePeriods } from "../books/close-due-periods";
import { processDuePeriods } from "../books/process-periods";
import { reconcilePeriod } from "../books/reconcile-period";
import { recordedAmounts } from "../medusa/recorded-amounts";
import { closingOf, reconciliationsOf, seqrOf } from "../modules/seqr";

/**
 * Closes what the schedule of the option `periods` has to close now, and does what is due with closed periods: fetches SEQR's reports,
 * and compares them with the ledger and with Medusa. It may run in several processes at once.
 */
export async function processSeqrPeriods(container: MedusaContainer): Promise<void> {
  const closing = closingOf(container);
  await closeDuePeriods(closing);
  await processDuePeriods({
    ...closing,
    reconcile: (period) =>
      reconcilePeriod(
        {
          seqr: seqrOf(container),
          books: reconciliationsOf(container),
          recordedAmounts: (sessionIds) => recordedAmounts(container, sessionIds),
        },
        period,
      ),
  });
}
