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
  /** Everything that the server has printed. */
  output(): string;
  stop(): Promise<void>;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
}

export const STAFF: { email: string; password: string };
export function makeStore(directory: string, log?: (line: string) => void): Promise<string>;
export function migrateStore(directory: string, env: StoreEnvironment): Promise<void>;
export function seedStore(directory: string, env: StoreEnvironment): Promise<Seeded>;
export function buildAdmin(directory: string, env: StoreEnvironment): Promise<void>;
export function startStore(
  directory: string,
  options: { env: StoreEnvironment; port?: number; log?: (text: string) => void },
): Promise<RunningStore>;
export function pack(directory: string): Promise<string>;
