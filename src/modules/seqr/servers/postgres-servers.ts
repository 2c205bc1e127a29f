import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { ServerRecord, ServerStore } from "./server-store";

const SERVER = "seqr_server";

/** Stores in PostgreSQL which processes watch payments. */
export class PostgresServers implements ServerStore {
  constructor(private readonly db: Knex) {}

  async beat(server: ServerRecord): Promise<void> {
    await this.db(SERVER).insert(server).onConflict("id").merge(["swept_at"]);
  }

  async latest(since: Date, limit: number): Promise<ServerRecord[]> {
    const found = await this.db(SERVER)
      .whereNull("deleted_at")
      .orderBy("swept_at", "desc")
      .limit(limit)
      .select<ServerRecord[]>("id", "started_at", "swept_at");
    return found.filter(({ swept_at }, index) => index === 0 || swept_at >= since);
  }

  async deleteBefore(before: Date): Promise<void> {
    await this.db(SERVER).where("swept_at", "<", before).delete();
  }
}
