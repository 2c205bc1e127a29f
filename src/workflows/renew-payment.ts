import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { createPaymentSessionsWorkflowId } from "@medusajs/medusa/core-flows";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { problem, type InvoiceRecord } from "../modules/seqr/contract";
import { isPaid, leadingInvoice } from "./leading-invoice";
import { shopperSession } from "./shopper-session";

/** Seconds. */
const RENEWED_WITHIN = 15;

/** What a payment session has in its `data`; see SeqrSessionData. */
export type SessionDataRecord = Record<string, unknown>;

interface CollectionRow {
  payment_sessions?: { id: string; data?: SessionDataRecord | null }[] | null;
  cart?: { id: string; completed_at?: string | null; order?: { id: string } | null } | null;
}

/**
 * Gives the shopper a code that can be paid, for the same purchase: the open one when there is one already, otherwise a
 * new payment session, as the storefront would make it. Whatever was payable before is cancelled first. A purchase that is
 * paid with SEQR gets no code: the shopper's own token leads to its receipt.
 *
 * @param token the shopper's, of the invoice
 * @returns the session's data
 * @throws {MedusaError} SEQR_NOTHING_TO_PAY when the purchase is over or gone, SEQR_PAYMENT_IN_PROGRESS while it is
 * being paid, and what issueInvoice throws
 */
export async function renewPayment(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SessionDataRecord> {
  // Two that are made at once would each end the other one.
  const key = `seqr-renew:${invoice.payment_collection_id}`;
  return container
    .resolve(Modules.LOCKING)
    .execute(key, () => renewAlone(container, invoice, token), { timeout: RENEWED_WITHIN });
}

async function renewAlone(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SessionDataRecord> {
  const seqr = seqrOf(container);
  const { payment_collection_id: id } = invoice;
  const leading = leadingInvoice(invoice, await seqr.invoicesOf([id]));
  if (isPaid(leading)) return { ...(await shopperSession(container, leading, token)) };
  const purchase = await collectionOf(container, id);
  if (!purchase?.cart || purchase.cart.order || purchase.cart.completed_at) {
    throw problem("SEQR_NOTHING_TO_PAY");
  }
  const newest = (await seqr.invoicesOf([id]))[0];
  const session = purchase.payment_sessions?.find((one) => one.id === newest?.session_id);
  if (newest?.state === "open" && newest.expires_at > seqr.now() && session?.data) return session.data;
  const { result } = await container.resolve(Modules.WORKFLOW_ENGINE).run(createPaymentSessionsWorkflowId, {
    input: { payment_collection_id: id, provider_id: `pp_seqr_${seqr.settings.providerId}` },
  });
  return (result as { data: SessionDataRecord }).data;
}

async function collectionOf(container: MedusaContainer, id: string): Promise<CollectionRow | undefined> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: "payment_collection",
    fields: ["id", "payment_sessions.*", "cart.id", "cart.completed_at", "cart.order.id"],
    filters: { id },
  });
  return (data as unknown as CollectionRow[])[0];
}
