import { until } from "../../../testkit/http";
import type { TestStore } from "./store";

/** States in which the ledger has nothing left to do. */
const AT_REST = ["completed", "refunded", "canceled", "expired", "failed", "not_issued", "lapsed"];

/** As if seconds had passed for everything in the ledger that nobody works on at this moment. */
export async function letTimePass(sql: TestStore["sql"], seconds: number): Promise<void> {
  await sql(
    `update seqr_invoice set
       state_since = state_since - make_interval(secs => $1),
       expires_at = expires_at - make_interval(secs => $1),
       viewed_at = viewed_at - make_interval(secs => $1),
       reserved_at = reserved_at - make_interval(secs => $1),
       reserved_until = reserved_until - make_interval(secs => $1),
       due_at = due_at - make_interval(secs => $1)
     where not state = any($2) and (lease_until is null or lease_until < now())`,
    [seconds, AT_REST],
  );
  await sql(
    `update seqr_refund set requested_at = requested_at - make_interval(secs => $1)
     where state = 'requested'`,
    [seconds],
  );
}

/**
 * Waits until the ledger has nothing left to do for these carts by itself, while its time passes faster than ours.
 * Gives up after a while: the invariants then say what is left.
 *
 * @param seconds of ours to wait at most
 * @param faster seconds of the ledger's that pass in each of ours
 */
export async function comeToRest(
  sql: TestStore["sql"],
  carts: readonly string[],
  { seconds = 60, faster = 300 }: { seconds?: number; faster?: number } = {},
): Promise<void> {
  const busy = async (): Promise<number> => {
    await letTimePass(sql, faster / 4);
    const rows = await sql(
      `select 1 from seqr_invoice where cart_id = any($1) and not state = any($2)
       and not (state = 'refunding' and due_at is null)`,
      [carts, AT_REST],
    );
    return rows.length;
  };
  await until(busy, (count) => count === 0, { seconds, every: 250 }).catch(() => undefined);
}
