// The store that all tests start: the plugin installed in a folder, and a database that is migrated and seeded for this
// build of the plugin. Tests copy the database, so that this takes its half minute once.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Postgres } from "../../testkit/postgres";
import { root } from "../../testkit/root";
import { makeStore, migrateStore, seedStore, type Seeded } from "../../testkit/store";

export interface PreparedStore {
  /** The store's folder, with the plugin installed. */
  directory: string;
  /** The database to copy. */
  template: string;
  seeded: Seeded;
}

/** Makes what is missing of the prepared store, with its database in the given PostgreSQL. One at a time. */
export async function prepareStore(postgres: Postgres): Promise<PreparedStore> {
  const directory = await makeStore(join(root, ".cache", "test-store"));
  const template = `seqr_template_${fingerprint([
    join(root, ".medusa/server/src/modules/seqr/migrations"),
    join(root, "demo/store"),
    join(root, "package-lock.json"),
  ])}`;
  const [cluster] = await postgres.query<{ id: string }>(
    "postgres",
    "select system_identifier::text as id from pg_control_system()",
  );
  const file = join(root, ".cache", `${template}_${cluster?.id}.json`);
  if (existsSync(file) && !(await postgres.createDatabase(template))) {
    return { directory, template, seeded: JSON.parse(readFileSync(file, "utf8")) as Seeded };
  }
  await postgres.dropDatabase(template);
  await postgres.createDatabase(template);
  const env = { DATABASE_URL: postgres.url(template) };
  await migrateStore(directory, env);
  const seeded = await seedStore(directory, env);
  writeFileSync(file, JSON.stringify(seeded));
  return { directory, template, seeded };
}

function fingerprint(paths: string[]): string {
  const hash = createHash("sha256");
  const add = (path: string): void => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path).update(readFileSync(path));
  };
  paths.forEach(add);
  return hash.digest("hex").slice(0, 16);
}
