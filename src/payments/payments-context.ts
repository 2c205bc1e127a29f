import type { MedusaContainer } from "@medusajs/framework/types";
import { attentionContext, type AttentionContext } from "../attention/attention-context";
import { queryOf, type Query } from "../medusa/queries";
import { paymentsOf } from "../modules/seqr";
import type { PaymentReader } from "../modules/seqr/public";

/** What lists and pages of payments are made from. */
export interface PaymentsContext extends Pick<AttentionContext, "books"> {
  seqr: Pick<AttentionContext["seqr"], "ledger">;
  reader: PaymentReader;
  query: Query;
  actorNames: NonNullable<AttentionContext["actorNames"]>;
}

/** What lists and pages of payments are made from, in a Medusa container. */
export function paymentsContext(container: MedusaContainer): PaymentsContext {
  const { seqr, books, actorNames } = attentionContext(container);
  return { seqr, books, actorNames, reader: paymentsOf(container), query: queryOf(container) };
}
