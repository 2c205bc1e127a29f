import { sleep } from "../clock";
import { oneLine } from "../errors/one-line";
import { acquireDueLeasesAt, acquireOtherDueLeases, type InvoiceRecord } from "../modules/seqr/public";
import { processLeased } from "./process-payment";
import type { ProcessingContext } from "./processing-context";

/**
 * Invoices of one lane that one process works on at once: a bound on the load of SEQR and the database. An endpoint that hangs
 * fills its own lane only.
 */
const CONCURRENCY = 20;
/** Milliseconds between two queries for due invoices while slow ones are still being processed. */
const QUERY_INTERVAL = 500;

/** Invoices that wait for the same: for one endpoint of SEQR, or for Medusa only. */
interface Lane {
  /** Acquires the leases of up to so many due invoices. */
  acquire: (limit: number) => Promise<InvoiceRecord[]>;
  working: Set<Promise<void>>;
  /** Whether to query for due invoices before the interval is over: at first, and when one has been processed. */
  isQueryDue: boolean;
}

/**
 * Processes every invoice that is due, so that a payment is found when no notification, no browser and no staff report it.
 * A slow invoice or a slow endpoint does not delay the others: due invoices are taken until none is left.
 *
 * @returns how many invoices were processed
 */
export async function watchDue(context: ProcessingContext): Promise<number> {
  const { seqr } = context;
  const lanes = lanesOf(context);
  let processed = 0;
  let isIntervalOver = false;
  for (;;) {
    const wanted = lanes.filter(
      ({ working, isQueryDue }) => working.size < CONCURRENCY && (isQueryDue || isIntervalOver),
    );
    const counts = await Promise.all(wanted.map((lane) => fill(context, lane)));
    processed += counts.reduce((sum, count) => sum + count, 0);
    const working = lanes.flatMap((lane) => [...lane.working]);
    if (working.length === 0 && wanted.length === lanes.length) return processed;
    if (working.length === 0) {
      // What was processed may be due again, and wait for something else by now.
      for (const lane of lanes) lane.isQueryDue = true;
      continue;
    }
    isIntervalOver = await Promise.race([
      Promise.race(working).then(() => false),
      sleep(seqr.clock, QUERY_INTERVAL).then(() => true),
    ]);
  }
}

function lanesOf({ seqr }: ProcessingContext): Lane[] {
  const acquires = [
    (limit: number) => acquireOtherDueLeases(seqr, limit),
    ...seqr.terminals.endpoints.map(
      (endpoint) => (limit: number) => acquireDueLeasesAt(seqr, endpoint, limit),
    ),
  ];
  return acquires.map((acquire) => ({ acquire, working: new Set(), isQueryDue: true }));
}

/** Takes due invoices of a lane, and begins to process them. @returns how many */
async function fill(context: ProcessingContext, lane: Lane): Promise<number> {
  const { working } = lane;
  lane.isQueryDue = false;
  const due = await lane.acquire(CONCURRENCY - working.size);
  for (const invoice of due) {
    const work = processLeased(context, invoice, "watch").then(
      () => undefined,
      (error: unknown) => void context.logger.error(`seqr: watch: invoice ${invoice.id}: ${oneLine(error)}`),
    );
    working.add(work);
    void work.finally(() => {
      working.delete(work);
      lane.isQueryDue = true;
    });
  }
  return due.length;
}
