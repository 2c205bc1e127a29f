import { Modules, PaymentCollectionStatus } from "@medusajs/framework/utils";
import { createPaymentSessionsWorkflowId } from "@medusajs/medusa/core-flows";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { decimalString } from "../amounts";
import { queryOf, readCollection, type CollectionRow } from "../medusa/queries";
import { compare } from "../seqr";
import { hashToken, type InvoiceRecord, lockPurchase, providerOf } from "../modules/seqr/public";
import { seqrError } from "../errors/error-codes";
import { isPaid, leadingInvoice } from "./leading-invoice";
import { shopperSession } from "./shopper-session";

/** The `data` of a payment session; see SeqrSessionData. */
export type SessionDataRecord = Record<string, unknown>;

/**
 * Gives the shopper a payable code for the same purchase: the open one if there is one, otherwise that of a
 * new payment session, as the storefront would create it. It cancels other payable invoices first. A purchase that is
 * paid with SEQR gets no code: the shopper's token leads to its receipt.
 *
 * @param token the shopper's token of the invoice
 * @returns the session's data
 * @throws {MedusaError} SEQR_NOTHING_TO_PAY when the purchase has ended or was deleted, SEQR_PAYMENT_IN_PROGRESS while it is
 * being paid, SEQR_TERMINAL_UNKNOWN, and what issueInvoice throws
 */
export async function restartPayment(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SessionDataRecord> {
  const letGo = await lockPurchase(seqrOf(container), invoice.payment_collection_id);
  try {
    return await renewAlone(container, invoice, token);
  } finally {
    await letGo();
  }
}

async function renewAlone(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SessionDataRecord> {
  const seqr = seqrOf(container);
  const { payment_collection_id: id } = invoice;
  const leading = leadingInvoice(invoice, await seqr.ledger.invoicesOf([id]));
  if (isPaid(leading)) return { ...(await shopperSession(container, leading, token)) };
  const purchase = await readCollection(queryOf(container), id);
  if (!purchase || hasNothingToPay(purchase)) throw seqrError("SEQR_NOTHING_TO_PAY");
  const newest = (await seqr.ledger.invoicesOf([id]))[0];
  const data = purchase.payment_sessions?.find((one) => one.id === newest?.session_id)?.data;
  // Until Medusa has written the session's data, it is what the storefront sent.
  const isWritten = newest !== undefined && hashToken(data?.["token"]) === newest.token_hash;
  if (data && isWritten && newest.state === "open" && newest.expires_at > seqr.clock.now()) return data;
  const { result } = await container.resolve(Modules.WORKFLOW_ENGINE).run(createPaymentSessionsWorkflowId, {
    input: { payment_collection_id: id, provider_id: providerOf(seqr.terminals.of(invoice)) },
  });
  return (result as { data: SessionDataRecord }).data;
}

/** Whether there is nothing to pay: the cart has become an order, or the changed order was cancelled. */
function hasNothingToPay({ cart, order, amount, status }: CollectionRow): boolean {
  if (cart) return Boolean(cart.order ?? cart.completed_at);
  if (status === PaymentCollectionStatus.CANCELED) return true;
  return !order || Boolean(order.canceled_at) || compare(decimalString(amount), "0") <= 0;
}
