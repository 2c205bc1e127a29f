// Closes the day of a demo that is running, as `npm run demo -- --close-day` does: through the admin API, as staff do.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AdminSeqrPeriodDetails, AdminSeqrPeriodResponse } from "../src/http-types";
import { apiAt, send, until } from "../testkit/http";
import { STAFF } from "../testkit/store";
import type { Tell } from "./purchase";

/** SEQR makes its reports in three seconds, and the plugin looks every 15. */
const reconciledWithinSeconds = 90;

/**
 * Closes SEQR's period, waits until its report is compared, and saves the files of the books.
 *
 * @param storeUrl address of the running demo's store
 * @param folder where a folder `books` is made for the files
 */
export async function closeDay(storeUrl: string, folder: string, tell: Tell): Promise<void> {
  const { token } = await send<{ token: string }>("POST", `${storeUrl}/auth/user/emailpass`, { body: STAFF });
  const headers = { authorization: `Bearer ${token}` };
  const admin = apiAt(`${storeUrl}/admin/seqr`, headers);
  const { period } = await admin<AdminSeqrPeriodResponse>("POST", "/periods", {});
  tell("Closed", `period ${period.transaction_period_id ?? "without an id"} at SEQR`);
  tell("Waiting", "for SEQR's report, some seconds");
  const { period: closed } = await until(
    () => admin<AdminSeqrPeriodResponse>("GET", `/periods/${period.id}`),
    (answer) => answer.period.due_at === null,
    { seconds: reconciledWithinSeconds },
  );
  tell("Period", `${closed.id}, ${closed.state}, ${closed.open_items} differences to decide about`);
  for (const line of linesOf(closed)) tell("", line);
  tell("Admin", `${storeUrl}/app: SEQR, Books`);
  mkdirSync(join(folder, "books"), { recursive: true });
  for (const content of ["overview", "items"]) {
    const path = `/books/export?period_id=${closed.id}&format=csv&content=${content}`;
    const answer = await fetch(`${storeUrl}/admin/seqr${path}`, { headers });
    if (!answer.ok) throw new Error(`GET ${path}: HTTP ${answer.status}`);
    const file = join(folder, "books", `${closed.id}-${content}.csv`);
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    tell("File", file);
  }
}

function linesOf({ totals }: AdminSeqrPeriodDetails): string[] {
  return totals.flatMap(({ currency_code, reported, expected, difference, classes }) => [
    `${currency_code ?? "?"}: SEQR reports ${reported}, the shop expects ${expected}, the difference is ${difference}`,
    ...Object.entries(classes).map(
      ([name, { count, ...sums }]) => `${count} × ${name}: SEQR ${sums.reported}, the shop ${sums.expected}`,
    ),
  ]);
}
