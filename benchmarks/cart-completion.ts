// How long POST /store/carts/:id/complete takes when the cart is paid through SEQR, beside Medusa's own pp_system_default.
// The invoice has just been paid and nobody has told the store, so that the completion has to find out by itself: the
// longest way that it can take.
import { setTimeout as sleep } from "node:timers/promises";
import { withRunningShop, type BenchStore, type RunningShop } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { completion, filledCart, loseNotifications, paidCompletion, REST, shopAt } from "./shopper";
import { adminOf } from "./staff-api";
import { inTurns, median, ratiosOf } from "./statistics";

export const name = "cart-completion";
export const title = "Cart completion";
const rounds = 60;
const warmUp = 15;
export const method =
  "`POST /store/carts/:id/complete` of a real Medusa over HTTP, with a real PostgreSQL that flushes to disk, and the " +
  "sandbox in a process of its own. The same cart (two mugs, a notebook, a parcel) with a session of `pp_seqr_seqr` or " +
  "of `pp_system_default`. The SEQR invoice is paid just before, and SEQR's notification is lost, so that the " +
  "completion itself asks SEQR, writes the answer down, and has Medusa record the capture; Medusa's own provider only " +
  "authorizes, asks nobody and captures nothing. _With its capture_ adds the request by which staff have Medusa capture " +
  "such a payment (`POST /admin/payments/:id/capture`): what the store's books then hold is the same. Completions that " +
  "the watch had already prepared are left out. " +
  "_What it is made of_, counted on 2026-11-29 as SQL statements until the answer: Medusa makes 126 through SEQR, and " +
  "through its own provider 100, with 42 more for the capture. The plugin adds 13, and one call to SEQR: the invoice and " +
  "its lease (2), the purchase's other sessions (1), the links of an order that a crashed process has left (2), the " +
  "order's total (4), and the ledger (4: the invoice, SEQR's answer, its record, the capture that only one completion " +
  "makes). Each protects the payment from two completions at once, from a crash, or from a cart that was changed meanwhile, " +
  "so they stay. The subscriber of `order.placed` adds 4 to every order, and 2 to one that was paid through SEQR. " +
  `${rounds} pairs, in turns, after ${warmUp} pairs to warm up. Milliseconds as the caller sees them.`;

export async function run(bench: Bench): Promise<Result[]> {
  const { ours, others, captures } = await withRunningShop(bench, { prepare: loseNotifications }, measure);
  const withCapture = others.map((milliseconds, round) => milliseconds + (captures[round] ?? NaN));
  const { length } = ours;
  if (length < rounds) bench.say(`${rounds - length} pairs left out: the watch was faster`);
  const comparison = (measured: string, against: string, limit: number, times: number[]): Result => ({
    measured,
    against,
    limit,
    ratios: ratiosOf(ours, times),
    typical: [median(ours), median(times)],
    unit: `ms, ${length} pairs`,
  });
  return [
    comparison("Cart completion through SEQR", "through `pp_system_default`", 1.15, others),
    comparison("The same", "through `pp_system_default`, with its capture", 1, withCapture),
  ];
}

/** The milliseconds of completions, of captures by staff of the others, round by round. */
async function measure({
  store,
  server,
  sandbox,
  seeded,
  say,
}: RunningShop): Promise<Record<"ours" | "others" | "captures", number[]>> {
  const shop = shopAt(server.url, seeded);
  const sessions: string[] = [];
  const ours = async (): Promise<number> => {
    const { milliseconds, session } = await paidCompletion(shop, seeded, sandbox);
    sessions.push(session.id);
    return milliseconds;
  };
  const capture = await staffCapture(server.url);
  const captures: number[] = [];
  const others = async (): Promise<number> => {
    const { cart } = await filledCart(shop, seeded, "pp_system_default");
    await sleep(REST);
    const milliseconds = await completion(shop, cart);
    await sleep(REST);
    captures.push(await capture());
    return milliseconds;
  };
  const onRound = (round: number): void => {
    if (round % 10 === 0) say(`${round} of ${rounds} pairs`);
  };
  const times = await inTurns({ ours, others }, { rounds, warmUp, onRound });
  const byCompletion = await observedByCompletion(store, sessions.slice(warmUp));
  const counting = (all: number[]): number[] => all.filter((_, round) => byCompletion[round]);
  return {
    ours: counting(times.ours),
    others: counting(times.others),
    captures: counting(captures.slice(warmUp)),
  };
}

/** @returns a function that captures the newest order's payment, as staff; it gives the milliseconds */
async function staffCapture(url: string): Promise<() => Promise<number>> {
  const admin = await adminOf(url);
  return async () => {
    const newest = "fields=id,payment_collections.payments.id&limit=1&order=-created_at";
    const { orders } = await admin<{ orders: { payment_collections: { payments: { id: string }[] }[] }[] }>(
      "GET",
      `/orders?${newest}`,
    );
    const payment = orders[0]?.payment_collections[0]?.payments[0];
    const started = performance.now();
    await admin("POST", `/payments/${payment?.id}/capture`, {});
    return performance.now() - started;
  };
}

/** Whether it was the completion that learned of the payment, for each of the sessions. */
async function observedByCompletion(store: BenchStore, sessions: string[]): Promise<boolean[]> {
  const rows = await store.sql<{ session_id: string; source: string }>(
    `select i.session_id, o.source from seqr_observation o join seqr_invoice i on i.id = o.invoice_id
      where o.status = 'PAID' and i.session_id = any($1)`,
    [sessions],
  );
  const sources = new Map(rows.map(({ session_id, source }) => [session_id, source]));
  return sessions.map((session) => sources.get(session) === "completion");
}
