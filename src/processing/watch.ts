import { oneLine } from "../errors/one-line";
import { acquireDueLeasesAt, acquireOtherDueLeases } from "../modules/seqr/public";
import { workInLanes } from "./lanes";
import { processLeased } from "./process-payment";
import type { ProcessingContext } from "./processing-context";

/** Invoices of one endpoint that one process works on at once: a bound on the load of SEQR and the database. */
const CONCURRENCY = 20;

/**
 * Processes every invoice that is due, so that a payment is found when no notification, no browser and no staff report it.
 *
 * @param onSweep is called each time the ledger has answered what is due; it does not throw
 * @returns how many invoices were processed
 */
export function watchDue(context: ProcessingContext, onSweep: () => void = () => undefined): Promise<number> {
  const { seqr, logger } = context;
  const acquires = [
    (limit: number) => acquireOtherDueLeases(seqr, limit),
    ...seqr.terminals.endpoints.map(
      (endpoint) => (limit: number) => acquireDueLeasesAt(seqr, endpoint, limit),
    ),
  ];
  const lanes = acquires.map((acquire) => ({
    acquire: async (limit: number) => {
      const due = await acquire(limit);
      onSweep();
      return due;
    },
    most: CONCURRENCY,
  }));
  return workInLanes(seqr.clock, lanes, async (invoice) => {
    try {
      await processLeased(context, invoice, "watch");
    } catch (error) {
      logger.error(`seqr: watch: invoice ${invoice.id}: ${oneLine(error)}`);
    }
  });
}
