import { defineLink } from "@medusajs/framework/utils";
import PaymentModule from "@medusajs/medusa/payment";
import SeqrModule from "../modules/seqr";

/** `payment_session.seqr_invoice`: the SEQR invoice that was sent for the payment session. */
export default defineLink(
  { linkable: PaymentModule.linkable.paymentSession, field: "id" },
  { ...SeqrModule.linkable.seqrInvoice.id, primaryKey: "session_id" },
  { readOnly: true },
);
