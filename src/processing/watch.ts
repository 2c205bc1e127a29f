import { sleep } from "../clock";
import { oneLine } from "../errors/one-line";
import { acquireDueLeases } from "../modules/seqr/public";
import { processLeased } from "./process-payment";
import type { ProcessingContext } from "./processing-context";

/** Invoices that one process works on at once: a bound on the load of SEQR and the database. */
const CONCURRENCY = 20;
/** Milliseconds between two queries for due invoices while slow ones are still being processed. */
const QUERY_INTERVAL = 500;

/**
 * Processes every invoice that is due, so that a payment is found when no notification, no browser and no staff report it.
 * A slow invoice does not delay the others: due invoices are taken until none is left.
 *
 * @returns how many invoices were processed
 */
export async function watchDue(context: ProcessingContext): Promise<number> {
  const { seqr, logger } = context;
  const working = new Set<Promise<void>>();
  let processed = 0;
  for (;;) {
    const due = working.size < CONCURRENCY ? await acquireDueLeases(seqr, CONCURRENCY - working.size) : [];
    processed += due.length;
    for (const invoice of due) {
      const work = processLeased(context, invoice, "watch").then(
        () => undefined,
        (error: unknown) => void logger.error(`seqr: watch: invoice ${invoice.id}: ${oneLine(error)}`),
      );
      working.add(work);
      void work.finally(() => working.delete(work));
    }
    if (working.size === 0) return processed;
    await Promise.race([...working, sleep(seqr.clock, QUERY_INTERVAL)]);
  }
}
