/** A process that watches payments. */
export interface ServerRecord {
  id: string;
  started_at: Date;
  /** When it last asked the ledger for payments that are due. */
  swept_at: Date;
}

/** Stores which processes watch payments. */
export interface ServerStore {
  /** Records that a process watches, in one statement. */
  beat(server: ServerRecord): Promise<void>;
  /** Those that were alive since a moment, the latest first, and the latest of all if none was: at most so many. */
  latest(since: Date, limit: number): Promise<ServerRecord[]>;
  /** Deletes those that were last alive before a moment. */
  deleteBefore(before: Date): Promise<void>;
}
