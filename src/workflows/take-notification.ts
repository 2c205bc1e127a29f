import type { MedusaContainer } from "@medusajs/framework/types";
import { sleep, type InvoiceRecord, type SeqrPayments } from "../modules/seqr/contract";
import { settleContext } from "./settle";
import { settleInvoiceSoon, type SettleContext } from "./settlement";

/** Settlements that go on behind one process's answers at once. More would keep the answers to SEQR waiting. */
const AT_ONCE = 4;
/** Milliseconds after which one counts no longer: what is held up must not hold up others. */
const COUNTS_FOR = 1_000;

/** Takes a notification in this store. @see notified */
export function takeNotification(container: MedusaContainer, invoice: InvoiceRecord): Promise<void> {
  return notified(settleContext(container), invoice);
}

/**
 * Writes a notification down, so that it is not lost, and has the invoice settled. It is a hint and changes nothing by
 * itself: the settlement asks SEQR.
 *
 * @returns once it is written down; the settlement goes on by itself
 */
export async function notified(context: SettleContext, invoice: InvoiceRecord): Promise<void> {
  await context.seqr.notified(invoice);
  inTurn(context, () => settleInvoiceSoon(context, invoice, "notification")).catch((error: unknown) => {
    context.logger.error(`seqr: a notification could not be settled: ${String(error)}`);
  });
}

interface Turns {
  taken: number;
  waiting: (() => void)[];
}

const turnsOf = new WeakMap<SeqrPayments, Turns>();

/** Begins some work as soon as fewer than AT_ONCE others of this process are going on. */
async function inTurn({ seqr }: SettleContext, work: () => Promise<unknown>): Promise<void> {
  const turns = turnsOf.get(seqr) ?? { taken: 0, waiting: [] };
  turnsOf.set(seqr, turns);
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
