// The store that all tests start: the plugin installed in a folder, and a database that is migrated and seeded for this
// build of the plugin. Tests copy the database, so that this takes its half minute once.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeStore, migrateStore, seedStore } from "../../tools/store.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** @returns see prepared-store.d.mts */
export async function prepareStore(postgres) {
  const directory = await makeStore(join(root, ".cache", "test-store"));
  const template = `seqr_template_${fingerprint([
    join(root, ".medusa/server/src/modules/seqr/migrations"),
    join(root, "demo/store"),
    join(root, "package-lock.json"),
  ])}`;
  const [cluster] = await postgres.query(
    "postgres",
    "select system_identifier::text as id from pg_control_system()",
  );
  const file = join(root, ".cache", `${template}_${cluster.id}.json`);
  if (existsSync(file) && !(await postgres.createDatabase(template))) {
    return { directory, template, seeded: JSON.parse(readFileSync(file, "utf8")) };
  }
  await postgres.dropDatabase(template);
  await postgres.createDatabase(template);
  const env = { DATABASE_URL: postgres.url(template) };
  await migrateStore(directory, env);
  const seeded = await seedStore(directory, env);
  writeFileSync(file, JSON.stringify(seeded));
  return { directory, template, seeded };
}

function fingerprint(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path).update(readFileSync(path));
  };
  paths.forEach(add);
  return hash.digest("hex").slice(0, 16);
}
