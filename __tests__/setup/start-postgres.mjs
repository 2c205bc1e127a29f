// Starts one PostgreSQL for the whole suite. Tests find it through SEQR_TEST_DATABASE_URL, which `startPostgres` of
// tools/postgres.mjs reads. Its folder is kept, so that the next run starts faster.
import { join } from "node:path";
import { startPostgres } from "../../tools/postgres.mjs";

export default async function start({ rootDir }) {
  const server = await startPostgres({
    directory: join(rootDir, ".cache", "test-postgres"),
    persistent: true,
    durable: false,
    log: (line) => console.log(line),
  });
  process.env.SEQR_TEST_DATABASE_URL = server.url("postgres");
  globalThis.stopTestPostgres = server.stop;
}
