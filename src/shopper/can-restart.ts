import { PaymentCollectionStatus } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { queryOf, readCollection, type CollectionRow } from "../medusa/queries";
import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord } from "../modules/seqr/public";
import { compare } from "../seqr";
import { decimalString } from "../amounts";

/** Whether the shopper can get a new code for an invoice's purchase: there is something to pay, and its terminal still sells. */
export async function canRestart(container: MedusaContainer, invoice: InvoiceRecord): Promise<boolean> {
  const terminal = seqrOf(container).terminals.find(invoice);
  if (!terminal || terminal.options.retired) return false;
  const purchase = await readCollection(queryOf(container), invoice.payment_collection_id);
  return purchase !== undefined && !hasNothingToPay(purchase);
}

/** Whether there is nothing to pay: the cart has become an order, or the changed order was cancelled. */
export function hasNothingToPay({ cart, order, amount, status }: CollectionRow): boolean {
  if (cart) return Boolean(cart.order ?? cart.completed_at);
  if (status === PaymentCollectionStatus.CANCELED) return true;
  return !order || Boolean(order.canceled_at) || compare(decimalString(amount), "0") <= 0;
}
