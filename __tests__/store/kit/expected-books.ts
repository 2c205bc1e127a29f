import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AdminSeqrPeriod, AdminSeqrReconciliationItemList } from "../../../src/http-types";
import type { Staff } from "./staff";
import type { TestStore } from "./store";

/** What no test can know before: ids, references and times, by the names that stand in braces in the expected files. */
export type Known = Record<string, string>;

const FOLDER = join(__dirname, "../books");
const dayIn = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" });

/**
 * What the books have of some periods: `{period_1}`, `{closed_1}` and the like of the first, `{order_id_1_2}` of its second item. It is read
 * from the tables and not from an export.
 *
 * @param periods those that have items, oldest first
 */
export async function knownOf(
  store: TestStore,
  staff: Staff,
  periods: readonly AdminSeqrPeriod[],
): Promise<Known> {
  const known: Known = {};
  for (const [index, { id, transaction_period_id, requested_at }] of periods.entries()) {
    const number = index + 1;
    const day = dayIn.format(new Date(requested_at));
    for (const [name, value] of Object.entries({
      period: id,
      tp: transaction_period_id,
      closed: requested_at,
      day,
    })) {
      known[`${name}_${number}`] = value ?? "";
    }
    const path = `/seqr/periods/${id}/items?limit=200`;
    const { items } = await staff.admin<AdminSeqrReconciliationItemList>("GET", path);
    for (const item of items) {
      const { invoice_id, refund_id, ers_reference, occurred_at, order_id } = item;
      const [row] = await store.sql<Record<string, string | null>>(
        `select session_id, (select id from payment where payment_session_id = session_id) as payment_id,
           (select display_id::text from "order" where id = order_id) as order_number,
           (select idempotency_key from seqr_refund where id = $2) as medusa_refund
         from seqr_invoice where id = $1`,
        [invoice_id, refund_id],
      );
      const values = { invoice_id, refund_id, ers_reference, occurred_at, order_id, ...row };
      for (const [name, value] of Object.entries(values))
        known[`${name}_${number}_${item.number}`] = value ?? "";
    }
  }
  return known;
}

/** A file of `store/books` as it is expected: with CR LF, and what is known in place of names in braces. */
export function expectedFile(name: string, known: Known): string {
  const text = readFileSync(join(FOLDER, name), "utf8").replace(/\r?\n/g, "\r\n");
  return text.replace(/\{(\w+)\}/g, (braces, key: string) => known[key] ?? braces);
}
