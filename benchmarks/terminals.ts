// What several terminals cost, and whether one whose endpoint hangs slows down the others.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "../testkit/http";
import { startSandbox, type SandboxProcess } from "../testkit/sandbox";
import type { Database } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { inTurns, median, quantile, ratiosOf } from "./statistics";
import { addTerminals, openInvoices, sendInvoices, type OpenInvoice } from "./watch/open-invoices";
import { startSweeper, type Sweeper } from "./watch/start-sweeper";
import type { BenchTerminal } from "./watch/sweeper";

export const name = "terminals";
export const title = "Several terminals";
const TERMINALS = 10;
const OPEN = 1_000;
const rounds = 10;
const warmUp = 2;
/** Payments of a round, the seconds in which they are made, and in which all of them are surely seen after that. */
const PAYMENTS = 60;
const SECONDS = 20;
const SEEN_AFTER = 8;
const paymentRounds = 4;
/** Open invoices of the terminal whose endpoint hangs. */
const OF_HANGING = 200;
export const method =
  `A sweep of the watch (\`watchDue\`, the built package's, in a process of its own) over ${OPEN} open invoices that are all due, of ` +
  `${TERMINALS} terminals, each at an address of its own of one sandbox in another process; beside it the same of one ` +
  `terminal. Each has a database of its own in a real PostgreSQL. ${rounds} pairs, in turns, after ${warmUp} pairs to warm up. ` +
  `_Payments of the others_: the watch runs every second, ${PAYMENTS} invoices of nine terminals are paid in ${SECONDS} seconds, ` +
  "without notifications; the time is from the payment at SEQR until the ledger has it, 95th percentile of a round. The tenth " +
  `terminal has ${OF_HANGING} open invoices, and its endpoint takes connections and never answers; beside it the same with an ` +
  `endpoint that answers. ${paymentRounds} pairs, in turns.`;

export async function run({ store, say }: Bench): Promise<Result[]> {
  const { directory } = await store.get();
  const server = join(directory, "node_modules/medusa-payment-seqr/.medusa/server");
  const sandbox = await startSandbox(directory);
  const silent = await startSilent();
  const ends: (() => Promise<void>)[] = [];
  /** A watch with a database of its own. */
  const watchOver = async (
    of: string,
    terminals: BenchTerminal[],
    invoices: OpenInvoice[],
  ): Promise<{ database: Database; sweeper: Sweeper }> => {
    const database = await store.copy(`terminals_${of}`);
    ends.push(() => database.drop());
    await openInvoices(database.sql, invoices);
    const sweeper = await startSweeper(server, database.url, terminals);
    ends.unshift(() => sweeper.stop());
    return { database, sweeper };
  };
  try {
    const terminals = await addTerminals(sandbox, TERMINALS);
    const one = terminals.slice(0, 1);
    say("Sending invoices");
    const few = await watchOver("one", one, await sendInvoices(server, one, OPEN));
    const many = await watchOver("many", terminals, await sendInvoices(server, terminals, OPEN));
    const sweeps = await inTurns(
      { one: () => sweepTime(few.sweeper), many: () => sweepTime(many.sweeper) },
      { rounds, warmUp },
    );

    const [last, others] = [terminals.slice(-1), terminals.slice(0, -1)];
    const open = await sendInvoices(server, last, OF_HANGING);
    const hanging = [...others, ...last.map((terminal) => ({ ...terminal, endpoint: silent.endpoint }))];
    const answers = await watchOver("answers", terminals, open);
    const hangs = await watchOver("hangs", hanging, open);
    const seen = async ({ database, sweeper }: typeof hangs): Promise<number> =>
      secondsUntilSeen(sandbox, database, sweeper, await sendInvoices(server, others, PAYMENTS));
    const payments = await inTurns(
      { hangs: () => seen(hangs), answers: () => seen(answers) },
      { rounds: paymentRounds, onRound: (round) => say(`${round} of ${paymentRounds} pairs of payments`) },
    );
    return [
      {
        measured: `A sweep over ${OPEN} open invoices of ${TERMINALS} terminals`,
        against: "of one terminal",
        limit: 1.1,
        ratios: ratiosOf(sweeps.many, sweeps.one),
        typical: [median(sweeps.many), median(sweeps.one)],
        unit: `ms for each invoice, ${rounds} pairs`,
      },
      {
        measured:
          "Payments of the others while one terminal's endpoint hangs, until they are seen (95th percentile)",
        against: "while none does",
        limit: 1.2,
        ratios: ratiosOf(payments.hangs, payments.answers),
        typical: [median(payments.hangs), median(payments.answers)],
        unit: `s, ${paymentRounds} pairs of ${PAYMENTS} payments`,
      },
    ];
  } finally {
    for (const end of ends) await end();
    await silent.stop();
    await sandbox.stop();
  }
}

/** @returns milliseconds for each invoice */
async function sweepTime(sweeper: Sweeper): Promise<number> {
  const { looked, milliseconds, complaint } = await sweeper.order("sweep");
  if (looked < OPEN || complaint) throw new Error(`A sweep looked at ${looked} invoices: ${complaint}`);
  return milliseconds / looked;
}

/** Has invoices paid at moments of chance while the watch runs. @returns the 95th percentile of the seconds until the ledger has them */
async function secondsUntilSeen(
  { url }: SandboxProcess,
  { sql }: Database,
  sweeper: Sweeper,
  invoices: OpenInvoice[],
): Promise<number> {
  await openInvoices(sql, invoices);
  await sweeper.order("watch");
  await Promise.all(
    invoices.map(async ({ reference }) => {
      await sleep(Math.random() * SECONDS * 1_000);
      await send("POST", `${url}/sandbox/phone/pay`, { body: { reference } });
    }),
  );
  await sleep(SEEN_AFTER * 1_000);
  await sweeper.order("rest");
  const references = invoices.map(({ reference }) => reference);
  const rows = await sql<{ reference: string; paid_at: Date }>(
    "select invoice_reference as reference, paid_at from seqr_invoice where invoice_reference = any($1) and paid_at is not null",
    [references],
  );
  if (rows.length < PAYMENTS) throw new Error(`${rows.length} of ${PAYMENTS} payments were seen`);
  const payments = await send<{ invoiceReference: string; at: number }[]>("GET", `${url}/sandbox/payments`);
  const paidAt = new Map(payments.map(({ invoiceReference, at }) => [invoiceReference, at]));
  await sql(
    "delete from seqr_refund; delete from seqr_observation; delete from seqr_invoice where paid_at is not null",
  );
  return quantile(
    rows.map(({ reference, paid_at }) => (paid_at.getTime() - (paidAt.get(reference) ?? NaN)) / 1_000),
    0.95,
  );
}

/** A server that takes connections and never answers. */
async function startSilent(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const sockets = new Set<{ destroy(): unknown }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/soap`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
