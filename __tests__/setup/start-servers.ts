// Before a suite: one PostgreSQL, which tests find through SEQR_TEST_DATABASE_URL, as `startPostgres` of testkit/postgres.ts
// reads it, and the prepared store, which they find through SEQR_TEST_STORE. Both are kept: the next run starts faster.
import type { Postgres } from "../../testkit/postgres";
import { prepareStore } from "./prepared-store";
import { startTestPostgres } from "./test-postgres";

/** What stop-servers.ts, which is loaded in the same process, stops. */
export let started: Postgres | undefined;

export default async function start({ rootDir }: { rootDir: string }): Promise<void> {
  // Suites that run together share them.
  if (process.env.SEQR_TEST_STORE) return;
  started = await startTestPostgres(rootDir);
  process.env.SEQR_TEST_DATABASE_URL = started.url("postgres");
  process.env.SEQR_TEST_STORE = JSON.stringify(await prepareStore(started));
}
