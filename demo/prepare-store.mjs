// Makes the demo's store ready to start. Each part is done once: marks tell what is there.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildAdmin, installedChecksum, makeStore, migrateStore, seedStore } from "../tools/store.mjs";

const { version: medusaVersion } = createRequire(import.meta.url)("@medusajs/medusa/package.json");

/**
 * @param next runs a step: `next(title, work)`
 * @param marks what is done already, see marks.mjs
 * @returns the store's folder, what the seed made, and whether the database is new
 */
export async function prepareStore({ directory, postgres, database, marks, admin, next, log, signal }) {
  const env = { DATABASE_URL: postgres.url(database) };
  const options = { log, signal };

  await next("Installing the plugin's package into the store", () =>
    makeStore(directory, (line) => log(`${line}\n`), { signal }),
  );
  const read = (file) => readFile(join(directory, file), "utf8");
  const version = fingerprint(medusaVersion, await installedChecksum(directory));
  // A database that was made with other migrations of the plugin than there are now is made anew.
  const seedVersion = fingerprint(await read("src/scripts/seed.js"), ...(await migrationsIn(directory)));
  const adminVersion = fingerprint(version, await read("medusa-config.js"));

  const isNew = !(await isSeeded(postgres, database, marks.get("seeded"), seedVersion));
  // Half a seed cannot be completed; tables can.
  if (isNew && !marks.get("unfilled")) await postgres.dropDatabase(database);
  if (await postgres.createDatabase(database)) {
    marks.forget("migrated", "seeded");
    marks.set("unfilled", true);
  }
  if (marks.get("migrated") !== version) {
    await next("Making the database's tables", () => migrateStore(directory, env, options));
    marks.set("migrated", version);
  }
  if (isNew) {
    marks.forget("unfilled");
    const result = await next("Filling the store with goods", () => seedStore(directory, env, options));
    marks.set("seeded", { version: seedVersion, result });
  }
  if (admin && !(marks.get("admin") === adminVersion && existsSync(join(directory, "public", "admin")))) {
    marks.forget("admin");
    await next("Building the dashboard (once, about a minute)", () => buildAdmin(directory, env, options));
    marks.set("admin", adminVersion);
  }
  return { directory, seeded: marks.get("seeded").result, isNew };
}

/** Whether there is the database that was filled, with the seed as it is now. */
async function isSeeded(postgres, database, mark, version) {
  if (mark?.version !== version) return false;
  const statement = "select 1 from api_key where token = $1";
  const rows = await postgres.query(database, statement, [mark.result.publishable_key]).catch(() => []);
  return rows.length > 0;
}

/** The text of the installed plugin's migrations. */
async function migrationsIn(directory) {
  const folder = join(
    directory,
    "node_modules/medusa-payment-seqr/.medusa/server/src/modules/seqr/migrations",
  );
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

function fingerprint(...parts) {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
