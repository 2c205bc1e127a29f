import { model } from "@medusajs/framework/utils";

/** A payment collection of which a payment is being started: nobody else may start one meanwhile. */
export const SeqrPurchaseLock = model.define("seqr_purchase_lock", {
  /** The payment collection's id. */
  id: model.text().primaryKey(),
  lease_owner: model.text(),
  lease_until: model.dateTime(),
});
