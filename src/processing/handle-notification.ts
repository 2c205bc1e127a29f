import { oneLine } from "../errors/one-line";
import { sleep } from "../clock";
import {
  recordNotification,
  type Endpoint,
  type InvoiceRecord,
  type OperationContext,
} from "../modules/seqr/public";
import { processPaymentAndWait } from "./process-payment";
import type { ProcessingContext } from "./processing-context";

/** Payments of one endpoint that a process processes at once because of notifications. More would delay the answers to SEQR. */
const CONCURRENCY = 4;
/** Milliseconds after which a run no longer counts: a slow one must not delay others. */
const COUNTS_FOR = 1_000;
/** Milliseconds without a notification after which processing begins: while many arrive at once, they are answered first. */
const QUIET_TIME = 40;
/** Milliseconds that processing waits for that at most; SEQR's time until the reversal is running. */
const MAX_WAIT_FOR_QUIET = 3_000;

/**
 * Records a notification, so that it is not lost, and starts processing the payment. The notification is a hint and changes
 * nothing: SEQR is polled.
 *
 * @returns once the notification is recorded; processing continues in the background
 */
export async function handleNotification(context: ProcessingContext, invoice: InvoiceRecord): Promise<void> {
  const { seqr } = context;
  latest.set(seqr, seqr.clock.now().getTime());
  await recordNotification(seqr, invoice);
  // An endpoint that hangs delays its own payments only.
  const queue = queueOf(seqr.terminals.find(invoice)?.endpoint ?? seqr);
  enqueue(seqr, queue, () => processPaymentAndWait(context, invoice, "notification")).catch(
    (error: unknown) => {
      context.logger.error(`seqr: a notified payment could not be processed: ${oneLine(error)}`);
    },
  );
}

/** When the latest notification arrived in a process. */
const latest = new WeakMap<OperationContext, number>();

/** The notified payments of one endpoint in one process that are being processed or wait for that. */
interface Queue {
  running: number;
  waiting: (() => void)[];
}

/** The queues of a process. Payments whose terminal is unknown have one of their own. */
const queues = new WeakMap<Endpoint | OperationContext, Queue>();

function queueOf(of: Endpoint | OperationContext): Queue {
  const queue = queues.get(of) ?? { running: 0, waiting: [] };
  queues.set(of, queue);
  return queue;
}

/** Starts work when no more notifications arrive and fewer than CONCURRENCY other runs of its queue count. */
async function enqueue(seqr: OperationContext, queue: Queue, work: () => Promise<unknown>): Promise<void> {
  await untilQuiet(seqr);
  if (queue.running < CONCURRENCY) queue.running++;
  else await new Promise<void>((start) => queue.waiting.push(start));
  const startNext = (): void => {
    const next = queue.waiting.shift();
    if (next) next();
    else queue.running--;
  };
  const working = work();
  void Promise.race([working, sleep(seqr.clock, COUNTS_FOR)]).then(startNext, startNext);
  await working;
}

async function untilQuiet(seqr: OperationContext): Promise<void> {
  const { clock } = seqr;
  const now = (): number => clock.now().getTime();
  const end = now() + MAX_WAIT_FOR_QUIET;
  for (let left = QUIET_TIME; left > 0; left = Math.min((latest.get(seqr) ?? 0) + QUIET_TIME, end) - now()) {
    await sleep(clock, left);
  }
}
