// Before a suite: one PostgreSQL, which tests find through SEQR_TEST_DATABASE_URL, as `startPostgres` of tools/postgres.mjs
// reads it, and the prepared store, which they find through SEQR_TEST_STORE. Both are kept: the next run starts faster.
import { join } from "node:path";
import { startPostgres } from "../../tools/postgres.mjs";

export default async function start({ rootDir }) {
  // Suites that run together share them.
  if (process.env.SEQR_TEST_STORE) return;
  const server = await startTestPostgres(rootDir);
  globalThis.stopTestPostgres = server.stop;
  process.env.SEQR_TEST_DATABASE_URL = server.url("postgres");
  // jest cannot load at the top what waits while it is loaded, as the build does.
  const { prepareStore } = await import("./prepared-store.mjs");
  process.env.SEQR_TEST_STORE = JSON.stringify(await prepareStore(server));
}

/** The PostgreSQL of all test files. */
export function startTestPostgres(rootDir) {
  return startPostgres({
    directory: join(rootDir, ".cache", "test-postgres"),
    persistent: true,
    durable: false,
    log: (line) => console.log(line),
  });
}
