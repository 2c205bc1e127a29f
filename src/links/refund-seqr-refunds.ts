import { defineLink } from "@medusajs/framework/utils";
import PaymentModule from "@medusajs/medusa/payment";
import SeqrModule from "../modules/seqr";

/** `refund.seqr_refunds`: what SEQR was asked for because of a refund of Medusa's; more than one after a refusal. */
export default defineLink(
  { linkable: PaymentModule.linkable.refund, field: "id", isList: true },
  { ...SeqrModule.linkable.seqrRefund.id, primaryKey: "idempotency_key" },
  { readOnly: true },
);
