/** Options of `startPostgres`. */
export interface PostgresOptions {
  /** Where the data is kept. Made when missing. */
  directory: string;
  /** Wanted TCP port; another one is taken when it is not free. Default: any free port. */
  port?: number;
  /** Keep the data after `stop()`. Default: false. */
  persistent?: boolean;
  /** Survive a power cut, at the price of speed. Default: the value of `persistent`. */
  durable?: boolean;
  /** Receives a line of text for each long step. Default: nothing is written. */
  log?: (line: string) => void;
}

/** A running server, started, joined, or the one of SEQR_TEST_DATABASE_URL. */
export interface Postgres {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Address of a database, for `databaseUrl` and the like. */
  url(databaseName: string): string;
  /** Runs one statement in a database. Returns its rows. */
  query<Row = Record<string, unknown>>(
    database: string,
    statement: string,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Makes a database, as a copy of another if wanted. Returns false when it was there already. */
  createDatabase(name: string, template?: string): Promise<boolean>;
  /** Drops a database if it exists, ending its sessions. */
  dropDatabase(name: string): Promise<void>;
  /** Stops the server when nobody else uses it. A server of SEQR_TEST_DATABASE_URL is left alone. */
  stop(): Promise<void>;
}

/** Starts the server of a folder, or joins the one that is already running there. */
export function startPostgres(options: PostgresOptions): Promise<Postgres>;
