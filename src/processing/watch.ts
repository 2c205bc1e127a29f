import { oneLine } from "../errors/one-line";
import { sleep } from "../clock";
import { processLeased, type ProcessingContext } from "./process-payment";

/** Invoices that one process works on at once: a bound on what SEQR and the database get from it. */
const AT_ONCE = 20;
/** Milliseconds between two looks for due invoices while slow ones are still being worked on. */
const LOOK_EVERY = 500;

/**
 * Looks at every invoice that is due: the way in which a payment is found when no notification, no browser and no
 * person tells of it. Slow ones do not hold up the others: it goes on while there is anything to do.
 *
 * @returns how many invoices were looked at
 */
export async function watchDue(context: ProcessingContext): Promise<number> {
  const { seqr, logger } = context;
  const working = new Set<Promise<void>>();
  let looked = 0;
  for (;;) {
    const due = working.size < AT_ONCE ? await seqr.acquireDueLeases(AT_ONCE - working.size) : [];
    looked += due.length;
    for (const invoice of due) {
      const work = processLeased(context, invoice, "watch").then(
        () => undefined,
        (error: unknown) => void logger.error(`seqr: watch: invoice ${invoice.id}: ${oneLine(error)}`),
      );
      working.add(work);
      void work.finally(() => working.delete(work));
    }
    if (working.size === 0) return looked;
    await Promise.race([...working, sleep(seqr.clock, LOOK_EVERY)]);
  }
}
