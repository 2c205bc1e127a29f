import { model } from "@medusajs/framework/utils";

/** A lease on a payment collection while a payment of it is started, so that only one is started at a time. */
export const SeqrPurchaseLock = model.define("seqr_purchase_lock", {
  /** The payment collection's id. */
  id: model.text().primaryKey(),
  lease_owner: model.text(),
  lease_until: model.dateTime(),
});
