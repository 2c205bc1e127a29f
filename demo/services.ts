// Everything that the demo runs, on this machine only: PostgreSQL, a Medusa store with the installed plugin, the SEQR
// sandbox and the storefront. The browser tests start the same.
import { createWriteStream, mkdirSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as SandboxPackage from "../src/sandbox";
import type { RunningSandbox, SandboxOptions } from "../src/sandbox";
import { PUBLIC_TEST_RESELLER as RESELLER } from "../src/sandbox/options";
import { freePort } from "../testkit/free-port";
import { startPostgres, type Postgres } from "../testkit/postgres";
import { STAFF, startStore, type RunningStore, type Seeded, type StoreEnvironment } from "../testkit/store";
import { ensureBuilt } from "../tools/build/ensure-built";
import { CompletedSteps } from "./completed-steps";
import { prepareStore, type StoreSteps } from "./prepare-store";
import { progressOn, type Progress } from "./progress";
import { startStorefront, type RunningStorefront } from "./storefront/server";

export interface DemoOptions {
  /** Where everything is kept between two runs. */
  folder: string;
  /** Wanted ports; where one is taken, another is used. Default: PORTS. */
  ports?: Partial<typeof PORTS>;
  /** Whether the dashboard is built and served. Default: true. */
  admin?: boolean;
  /** Forget everything that an earlier run left. Default: false. */
  fresh?: boolean;
  sandbox?: SandboxOptions;
  /** Further environment of the store. */
  env?: StoreEnvironment;
  /** What tells about the steps. Default: nothing does. */
  progress?: Progress;
  /** Ends a start that is under way, which then throws. */
  signal?: AbortSignal;
}

export interface RunningDemo {
  storefront: RunningStorefront;
  store: RunningStore;
  sandbox: RunningSandbox;
  /** The dashboard. */
  adminUrl: string;
  /** The login of the dashboard. */
  staff: { email: string; password: string };
  seeded: Seeded;
  /** Starts the store's server again, at the same address, once it was stopped. @param env what is different then */
  startStoreAgain(env?: StoreEnvironment): Promise<void>;
  stop(): Promise<void>;
}

/** Where things are when the ports are free. */
export const PORTS = { storefront: 8000, store: 9000, sandbox: 4080, postgres: 5433 };

const DATABASE = "seqr_demo";
/** Under this name the phone shows the shop. */
const TERMINAL = { id: "nordic_goods_webshop", password: "demo-terminal-password", name: "Nordic Goods" };
const silent = progressOn({ write() {} });

/** Starts everything that the demo runs, on this machine only. */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const start = new Start(options);
  try {
    return await start.run();
  } catch (error) {
    await start.stop();
    throw error;
  }
}

/** A start of the demo, which can be stopped at any point. */
class Start {
  readonly #options: DemoOptions;
  readonly #progress: Progress;
  readonly #ports: Partial<typeof PORTS>;
  readonly #stops: (() => Promise<void>)[] = [];
  #log: (text: string) => void = () => {};

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#progress = options.progress ?? silent;
    this.#ports = options.ports ?? PORTS;
  }

  async run(): Promise<RunningDemo> {
    const { folder, admin = true, fresh = false, signal } = this.#options;
    mkdirSync(folder, { recursive: true });
    if (fresh) await clear(folder);
    const logFile = createWriteStream(join(folder, "store.log"));
    this.#log = (text) => void logFile.write(text);
    const stateFile = join(folder, "sandbox.json");
    const directory = join(folder, "store");

    await ensureBuilt();
    const postgres = await this.#startPostgres();
    if (fresh) await postgres.dropDatabase(DATABASE);
    const { seeded, isNew } = await prepareStore({
      directory,
      postgres,
      database: DATABASE,
      done: new CompletedSteps<StoreSteps>(join(folder, "state.json")),
      admin,
      step: this.#step,
      log: this.#log,
      signal,
    });
    if (isNew) await rm(stateFile, { force: true });

    const chosen = await choosePorts(this.#ports, this.#progress.say);
    const storefrontUrl = `http://127.0.0.1:${chosen.storefront}`;
    const sandbox = await this.#startSandbox(directory, { port: chosen.sandbox, stateFile });
    const env = {
      ...addresses({ sandbox, storefrontUrl, store: chosen.store }),
      ...this.#options.env,
      DATABASE_URL: postgres.url(DATABASE),
      DEMO_ADMIN: String(admin),
    };
    const store = await this.#startStore(directory, chosen.store, env);
    const storefront = await this.#startService("Starting the storefront", () =>
      startStorefront({
        port: chosen.storefront,
        config: {
          store_url: store.url,
          phone_url: sandbox.url,
          publishable_key: seeded.publishable_key,
          region_id: seeded.region_id,
        },
      }),
    );
    signal?.throwIfAborted();
    const demo: RunningDemo = {
      ...{ storefront, store, sandbox, seeded, staff: STAFF, adminUrl: `${store.url}/app` },
      startStoreAgain: async (change = {}) => {
        demo.store = await this.#startStore(directory, chosen.store, { ...env, ...change });
      },
      stop: () => this.stop(),
    };
    return demo;
  }

  /** Stops what was started, the latest first. */
  async stop(): Promise<void> {
    for (const stopOne of this.#stops.splice(0).reverse()) await stopOne();
  }

  /** A step that is not begun any more once the demo is to end. */
  readonly #step: Progress["step"] = (title, work) => {
    this.#options.signal?.throwIfAborted();
    return this.#progress.step(title, work);
  };

  #startService<Service extends { stop(): Promise<void> }>(
    title: string,
    start: () => Promise<Service>,
  ): Promise<Service> {
    return this.#step(title, async () => {
      const service = await start();
      this.#stops.push(() => service.stop());
      return service;
    });
  }

  #startPostgres(): Promise<Postgres> {
    return this.#startService("Starting PostgreSQL", () =>
      startPostgres({
        directory: join(this.#options.folder, "postgres"),
        port: this.#ports.postgres,
        persistent: true,
        log: (line) => this.#log(`${line}\n`),
      }),
    );
  }

  #startSandbox(directory: string, own: SandboxOptions): Promise<RunningSandbox> {
    return this.#startService("Starting the SEQR sandbox", () => {
      const installed = createRequire(join(directory, "package.json"));
      const { startSandbox } = installed("medusa-payment-seqr/sandbox") as typeof SandboxPackage;
      const { sandbox = {} } = this.#options;
      return startSandbox({ qrHost: "self", terminals: [TERMINAL], ...own, ...sandbox });
    });
  }

  #startStore(directory: string, port: number, env: StoreEnvironment): Promise<RunningStore> {
    const { signal } = this.#options;
    return this.#startService("Starting the store", () =>
      startStore(directory, { env, port, log: this.#log, signal }),
    );
  }
}

/** What the store has to know of the others. */
function addresses({
  sandbox,
  storefrontUrl,
  store,
}: {
  sandbox: RunningSandbox;
  storefrontUrl: string;
  store: number;
}): StoreEnvironment {
  const storefronts = [storefrontUrl, storefrontUrl.replace("127.0.0.1", "localhost")].join(",");
  const stores = [`http://127.0.0.1:${store}`, `http://localhost:${store}`].join(",");
  return {
    SEQR_ENDPOINT: sandbox.endpoint,
    SEQR_TERMINAL_ID: TERMINAL.id,
    SEQR_PASSWORD: TERMINAL.password,
    // The sandbox's public test shop, to which its terminals belong.
    SEQR_RESELLER_ID: RESELLER.id,
    SEQR_RESELLER_PASSWORD: RESELLER.password,
    // The link that would open the app opens the sandbox's phone page.
    SEQR_LINK_SCHEME: "http",
    SEQR_RETURN_URL: `${storefrontUrl}/return`,
    STORE_CORS: storefronts,
    ADMIN_CORS: stores,
    AUTH_CORS: `${storefronts},${stores}`,
  };
}

type ChosenPorts = Omit<typeof PORTS, "postgres">;

/** The wanted ports, or others that are free. PostgreSQL chooses its own. */
async function choosePorts(wanted: Partial<ChosenPorts>, say: (text: string) => void): Promise<ChosenPorts> {
  const choose = async (name: keyof ChosenPorts): Promise<number> => {
    const port = await freePort(wanted[name]);
    if (wanted[name] && port !== wanted[name])
      say(`  ! Port ${wanted[name]} is taken; the ${name} uses ${port} instead.`);
    return port;
  };
  return {
    storefront: await choose("storefront"),
    store: await choose("store"),
    sandbox: await choose("sandbox"),
  };
}

/** Removes what an earlier demo left, but for PostgreSQL's files, which its server may be using. */
async function clear(folder: string): Promise<void> {
  const kept = ["postgres", "running.json"];
  for (const name of await readdir(folder))
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
}
