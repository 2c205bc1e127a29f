import { model } from "@medusajs/framework/utils";

/** A process of the store that watches payments, which says so every 15 seconds. */
export const SeqrServer = model.define("seqr_server", {
  id: model.id({ prefix: "seqrsrv" }).primaryKey(),
  started_at: model.dateTime(),
  /** When it last asked the ledger for payments that are due. */
  swept_at: model.dateTime().index("IDX_seqr_server_swept_at"),
});
