// Makes the demo's store ready to start. Each part is done once: completed steps tell what is there.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { version as medusaVersion } from "@medusajs/medusa/package.json";
import type { Postgres } from "../testkit/postgres";
import {
  buildAdmin,
  installedChecksum,
  makeStore,
  migrateStore,
  seedStore,
  type CommandOptions,
  type Seeded,
  type StoreEnvironment,
} from "../testkit/store";
import type { CompletedSteps } from "./completed-steps";
import type { Progress } from "./progress";

/** What is remembered of each step; versions are fingerprints of what it was made with. */
export interface StoreSteps {
  /** The database is there and has no goods. */
  unfilled: boolean;
  migrated: string;
  seeded: { version: string; result: Seeded };
  admin: string;
}

export interface Preparation {
  directory: string;
  postgres: Postgres;
  database: string;
  done: CompletedSteps<StoreSteps>;
  /** Whether the dashboard is built. */
  admin: boolean;
  step: Progress["step"];
  log: (text: string) => void;
  signal?: AbortSignal;
}

export interface PreparedStore {
  seeded: Seeded;
  /** Whether the database is. */
  isNew: boolean;
}

/** Makes what is missing of the store. */
export async function prepareStore(preparation: Preparation): Promise<PreparedStore> {
  const { directory, postgres, database, admin, step, log, signal } = preparation;
  const env = { DATABASE_URL: postgres.url(database) };
  const options = { log, signal };

  await step("Installing the plugin's package into the store", () =>
    makeStore(directory, (line) => log(`${line}\n`), { signal }),
  );
  const version = fingerprint(medusaVersion, await installedChecksum(directory));
  const prepared = await prepareDatabase(preparation, version, env, options);
  if (admin) await prepareAdmin(preparation, version, env, options);
  return prepared;
}

/** Makes the database's tables and fills them. */
async function prepareDatabase(
  { directory, postgres, database, done, step }: Preparation,
  version: string,
  env: StoreEnvironment,
  options: CommandOptions,
): Promise<PreparedStore> {
  const seedScript = await readFile(join(directory, "src/scripts/seed.js"), "utf8");
  // A database that was made with other migrations of the plugin than there are now is made anew.
  const seedVersion = fingerprint(seedScript, ...(await migrationsIn(directory)));
  const earlier = await seededBefore({ postgres, database, done }, seedVersion);
  // Half a seed cannot be completed; tables can.
  if (!earlier && !done.get("unfilled")) await postgres.dropDatabase(database);
  if (await postgres.createDatabase(database)) {
    done.forget("migrated", "seeded");
    done.set("unfilled", true);
  }
  if (done.get("migrated") !== version) {
    await step("Making the database's tables", () => migrateStore(directory, env, options));
    done.set("migrated", version);
  }
  if (earlier) return { seeded: earlier, isNew: false };
  done.forget("unfilled");
  const seeded = await step("Filling the store with goods", () => seedStore(directory, env, options));
  done.set("seeded", { version: seedVersion, result: seeded });
  return { seeded, isNew: true };
}

async function prepareAdmin(
  { directory, done, step }: Preparation,
  storeVersion: string,
  env: StoreEnvironment,
  options: CommandOptions,
): Promise<void> {
  const config = await readFile(join(directory, "medusa-config.js"), "utf8");
  const version = fingerprint(storeVersion, config);
  if (done.get("admin") === version && existsSync(join(directory, "public", "admin"))) return;
  done.forget("admin");
  await step("Building the dashboard (once, about a minute)", () => buildAdmin(directory, env, options));
  done.set("admin", version);
}

/** What the seed made, if there is the database that was filled with the seed as it is now. */
async function seededBefore(
  { postgres, database, done }: Pick<Preparation, "postgres" | "database" | "done">,
  version: string,
): Promise<Seeded | undefined> {
  const seeded = done.get("seeded");
  if (seeded?.version !== version) return undefined;
  const statement = "select 1 from api_key where token = $1";
  const rows = await postgres.query(database, statement, [seeded.result.publishable_key]).catch(() => []);
  return rows.length > 0 ? seeded.result : undefined;
}

/** The text of the installed plugin's migrations. */
async function migrationsIn(directory: string): Promise<string[]> {
  const folder = join(
    directory,
    "node_modules/medusa-payment-seqr/.medusa/server/src/modules/seqr/migrations",
  );
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

function fingerprint(...parts: (string | undefined)[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
