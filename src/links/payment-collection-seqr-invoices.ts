import { defineLink } from "@medusajs/framework/utils";
import PaymentModule from "@medusajs/medusa/payment";
import SeqrModule from "../modules/seqr";

/**
 * `payment_collection.seqr_invoices`: all SEQR invoices that were sent for the payment collection. The alias is the plural:
 * Medusa tells links of one module apart by their alias, and payment sessions have `seqr_invoice`.
 */
export default defineLink(
  { linkable: PaymentModule.linkable.paymentCollection, field: "id", isList: true },
  {
    ...SeqrModule.linkable.seqrInvoice.id,
    primaryKey: "payment_collection_id",
    alias: "seqr_invoices",
  },
  { readOnly: true },
);
