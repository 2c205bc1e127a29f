import { defineLink } from "@medusajs/framework/utils";
import OrderModule from "@medusajs/medusa/order";
import SeqrModule from "../modules/seqr";

/** `order.seqr_invoices`: the SEQR invoices with which the order was paid. */
export default defineLink(
  { linkable: OrderModule.linkable.order, field: "id", isList: true },
  { ...SeqrModule.linkable.seqrInvoice.id, primaryKey: "order_id" },
  { readOnly: true },
);
