// Everything that the demo runs, on this machine only: PostgreSQL, a Medusa store with the installed plugin, the SEQR
// sandbox and the storefront. The browser tests start the same.
import { createWriteStream, mkdirSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ensureBuilt } from "../tools/ensure-built.mjs";
import { freePort } from "../tools/free-port.mjs";
import { startPostgres } from "../tools/postgres.mjs";
import { startStore, STAFF } from "../tools/store.mjs";
import { marksIn } from "./marks.mjs";
import { prepareStore } from "./prepare-store.mjs";
import { progressOn } from "./progress.mjs";
import { startStorefront } from "./storefront/server.mjs";

/** Where things are when the ports are free. */
export const PORTS = { storefront: 8000, store: 9000, sandbox: 4080, postgres: 5433 };

const DATABASE = "seqr_demo";
/** Under this name the phone shows the shop. */
const TERMINAL = { id: "nordic_goods_webshop", password: "demo-terminal-password", name: "Nordic Goods" };
const silent = progressOn({ write() {} });

/** @returns see services.d.mts */
export async function startDemo({
  folder,
  ports = PORTS,
  admin = true,
  fresh = false,
  sandbox: sandboxOptions = {},
  env = {},
  progress = silent,
  signal,
}) {
  const { say, step } = progress;
  const stops = [];
  const started = (service) => {
    stops.push(() => service.stop());
    return service;
  };
  const stop = async () => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  /** A step that is not begun any more once the demo is to end. */
  const next = (title, work) => {
    signal?.throwIfAborted();
    return step(title, work);
  };

  try {
    mkdirSync(folder, { recursive: true });
    if (fresh) await clear(folder);
    const logFile = createWriteStream(join(folder, "store.log"));
    const log = (text) => logFile.write(text);
    const stateFile = join(folder, "sandbox.json");

    await ensureBuilt();
    const postgres = await next("Starting PostgreSQL", async () => {
      const options = { directory: join(folder, "postgres"), port: ports.postgres, persistent: true };
      return started(await startPostgres({ ...options, log: (line) => log(`${line}\n`) }));
    });
    if (fresh) await postgres.dropDatabase(DATABASE);
    const { directory, seeded, isNew } = await prepareStore({
      ...{ postgres, database: DATABASE, admin, next, log, signal },
      directory: join(folder, "store"),
      marks: marksIn(join(folder, "state.json")),
    });
    if (isNew) await rm(stateFile, { force: true });

    const chosen = await choosePorts(ports, say);
    const sandbox = await next("Starting the SEQR sandbox", async () => {
      const { startSandbox } = createRequire(join(directory, "package.json"))("medusa-payment-seqr/sandbox");
      const options = {
        port: chosen.sandbox,
        qrHost: "self",
        stateFile,
        terminals: [TERMINAL],
        ...sandboxOptions,
      };
      return started(await startSandbox(options));
    });
    const storefrontUrl = `http://127.0.0.1:${chosen.storefront}`;
    const store = await next("Starting the store", async () => {
      const given = { ...addresses({ sandbox, storefrontUrl, store: chosen.store }), ...env };
      const everything = { ...given, DATABASE_URL: postgres.url(DATABASE), DEMO_ADMIN: String(admin) };
      return started(await startStore(directory, { env: everything, port: chosen.store, log, signal }));
    });
    const storefront = await next("Starting the storefront", async () =>
      started(
        await startStorefront({
          port: chosen.storefront,
          config: {
            store_url: store.url,
            phone_url: sandbox.url,
            publishable_key: seeded.publishable_key,
            region_id: seeded.region_id,
          },
        }),
      ),
    );
    signal?.throwIfAborted();
    return { storefront, store, sandbox, seeded, staff: STAFF, adminUrl: `${store.url}/app`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the store has to know of the others. */
function addresses({ sandbox, storefrontUrl, store }) {
  const storefronts = [storefrontUrl, storefrontUrl.replace("127.0.0.1", "localhost")].join(",");
  const stores = [`http://127.0.0.1:${store}`, `http://localhost:${store}`].join(",");
  return {
    SEQR_ENDPOINT: sandbox.endpoint,
    SEQR_TERMINAL_ID: TERMINAL.id,
    SEQR_PASSWORD: TERMINAL.password,
    // The link that would open the app opens the sandbox's phone page.
    SEQR_LINK_SCHEME: "http",
    SEQR_RETURN_URL: `${storefrontUrl}/return`,
    STORE_CORS: storefronts,
    ADMIN_CORS: stores,
    AUTH_CORS: `${storefronts},${stores}`,
  };
}

/** The wanted ports, or others that are free. PostgreSQL chooses its own. */
async function choosePorts(wanted, say) {
  const chosen = {};
  for (const name of ["storefront", "store", "sandbox"]) {
    chosen[name] = await freePort(wanted[name]);
    if (wanted[name] && chosen[name] !== wanted[name])
      say(`  ! Port ${wanted[name]} is taken; the ${name} uses ${chosen[name]} instead.`);
  }
  return chosen;
}

/** Removes what an earlier demo left, but for PostgreSQL's files, which its server may be using. */
async function clear(folder) {
  const kept = ["postgres", "running.json"];
  for (const name of await readdir(folder))
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
}
