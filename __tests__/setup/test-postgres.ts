import { join } from "node:path";
import { startPostgres, type Postgres } from "../../testkit/postgres";

/** The PostgreSQL of all test files. */
export function startTestPostgres(rootDir: string): Promise<Postgres> {
  return startPostgres({
    directory: join(rootDir, ".cache", "test-postgres"),
    persistent: true,
    durable: false,
    log: (line) => console.log(line),
  });
}
