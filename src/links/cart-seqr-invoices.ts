import { defineLink } from "@medusajs/framework/utils";
import CartModule from "@medusajs/medusa/cart";
import SeqrModule from "../modules/seqr";

/** `cart.seqr_invoices`: all SEQR invoices that were sent for the cart. */
export default defineLink(
  { linkable: CartModule.linkable.cart, field: "id", isList: true },
  { ...SeqrModule.linkable.seqrInvoice.id, primaryKey: "cart_id" },
  { readOnly: true },
);
