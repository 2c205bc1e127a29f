/** Environment of a store's processes; `undefined` leaves a variable out. */
export type StoreEnvironment = Record<string, string | undefined>;

/** What the seed made. */
export interface Seeded {
  publishable_key: string;
  /** Sweden, SEK. */
  region_id: string;
  /** Finland, EUR. */
  euro_region_id: string;
  sales_channel_id: string;
  location_id: string;
  /** Variant ids by SKU. */
  variants: Record<string, string>;
}

export interface RunningStore {
  url: string;
  port: number;
  pid: number;
  /** The last that the server has printed, a million characters at least. */
  output(): string;
  /** Resolves when the server's process ends, with its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Ends it in good order, or after five seconds in any. */
  stop(): Promise<void>;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
}

export interface CommandOptions {
  /** Receives what the command prints. */
  log?: (text: string) => void;
  /** Ends the command, which then throws. */
  signal?: AbortSignal;
}

export const STAFF: { email: string; password: string };
export function makeStore(
  directory: string,
  log?: (line: string) => void,
  options?: Pick<CommandOptions, "signal">,
): Promise<string>;
export function installedChecksum(directory: string): Promise<string | undefined>;
export function migrateStore(
  directory: string,
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<void>;
export function runScript(
  directory: string,
  script: string,
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<void>;
export function runCommand(
  directory: string,
  args: string[],
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<void>;
export function seedStore(
  directory: string,
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<Seeded>;
export function buildAdmin(directory: string, env: StoreEnvironment, options?: CommandOptions): Promise<void>;
export function startStore(
  directory: string,
  options: { env: StoreEnvironment; port?: number } & CommandOptions,
): Promise<RunningStore>;
export function pack(directory: string, options?: CommandOptions): Promise<string>;
export function packView(directory: string, options?: CommandOptions): Promise<string>;
