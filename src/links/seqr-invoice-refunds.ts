import { defineLink } from "@medusajs/framework/utils";
import SeqrModule from "../modules/seqr";

/** `seqr_invoice.refunds`: the refunds of the invoice that SEQR was asked for. */
export default defineLink(
  { linkable: SeqrModule.linkable.seqrInvoice, field: "id", isList: true },
  { ...SeqrModule.linkable.seqrRefund.id, primaryKey: "invoice_id", alias: "refund" },
  { readOnly: true },
);
