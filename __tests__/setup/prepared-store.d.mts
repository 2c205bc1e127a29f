import type { Postgres } from "../../tools/postgres.mjs";
import type { Seeded } from "../../tools/store.mjs";

export interface PreparedStore {
  /** The store's folder, with the plugin installed. */
  directory: string;
  /** The database to copy. */
  template: string;
  seeded: Seeded;
}

/** Makes what is missing of the prepared store, with its database in the given PostgreSQL. One at a time. */
export function prepareStore(postgres: Postgres): Promise<PreparedStore>;
