import type { RunningSandbox, SandboxOptions } from "../src/sandbox";
import type { RunningStore, Seeded, StoreEnvironment } from "../tools/store.mjs";

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
  /** What tells about the steps; see progress.mjs. Default: nothing does. */
  progress?: { say(text: string): void; step<T>(title: string, work: () => Promise<T>): Promise<T> };
  /** Ends a start that is under way, which then throws. */
  signal?: AbortSignal;
}

export interface RunningDemo {
  storefront: { url: string };
  store: RunningStore;
  sandbox: RunningSandbox;
  /** The dashboard. */
  adminUrl: string;
  /** The login of the dashboard. */
  staff: { email: string; password: string };
  seeded: Seeded;
  stop(): Promise<void>;
}

/** Where things are when the ports are free. */
export const PORTS: { storefront: number; store: number; sandbox: number; postgres: number };

/** Starts everything that the demo runs, on this machine only. */
export function startDemo(options: DemoOptions): Promise<RunningDemo>;
