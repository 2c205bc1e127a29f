import { oneLine } from "../errors/one-line";
import { sleep } from "../clock";
import { type InvoiceRecord, recordNotification, type OperationContext } from "../modules/seqr/public";
import { processPaymentAndWait } from "./process-payment";
import type { ProcessingContext } from "./processing-context";

/** Settlements that go on behind one process's answers at once. More would keep the answers to SEQR waiting. */
const AT_ONCE = 4;
/** Milliseconds after which one counts no longer: what is held up must not hold up others. */
const COUNTS_FOR = 1_000;
/** Milliseconds without a notification after which settlements begin: while many come at once, answers go first. */
const QUIET = 40;
/** Milliseconds that a settlement waits for that at most; SEQR's 20 seconds are running. */
const PATIENCE = 3_000;

/**
 * Writes a notification down, so that it is not lost, and has the invoice settled. It is a hint and changes nothing by
 * itself: the settlement asks SEQR.
 *
 * @returns once it is written down; the settlement goes on by itself
 */
export async function handleNotification(context: ProcessingContext, invoice: InvoiceRecord): Promise<void> {
  turnsFor(context).latest = context.seqr.clock.now().getTime();
  await recordNotification(context.seqr, invoice);
  inTurn(context, () => processPaymentAndWait(context, invoice, "notification")).catch((error: unknown) => {
    context.logger.error(`seqr: a notification could not be settled: ${oneLine(error)}`);
  });
}

interface Turns {
  taken: number;
  waiting: (() => void)[];
  /** When the latest notification came. */
  latest: number;
}

const turnsOf = new WeakMap<OperationContext, Turns>();

function turnsFor({ seqr }: ProcessingContext): Turns {
  const turns = turnsOf.get(seqr) ?? { taken: 0, waiting: [], latest: 0 };
  turnsOf.set(seqr, turns);
  return turns;
}

/** Begins some work when no more notifications come, and fewer than AT_ONCE others of this process are going on. */
async function inTurn(context: ProcessingContext, work: () => Promise<unknown>): Promise<void> {
  const { seqr } = context;
  const turns = turnsFor(context);
  await quiet(seqr, turns);
  if (turns.taken < AT_ONCE) turns.taken++;
  else await new Promise<void>((begin) => turns.waiting.push(begin));
  const end = (): void => {
    const next = turns.waiting.shift();
    if (next) next();
    else turns.taken--;
  };
  const working = work();
  void Promise.race([working, sleep(seqr.clock, COUNTS_FOR)]).then(end, end);
  await working;
}

async function quiet(seqr: OperationContext, turns: Turns): Promise<void> {
  const now = (): number => seqr.clock.now().getTime();
  const end = now() + PATIENCE;
  for (let left = QUIET; left > 0; left = Math.min(turns.latest + QUIET, end) - now()) {
    await sleep(seqr.clock, left);
  }
}
