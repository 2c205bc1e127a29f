import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { shopperStatus, type InvoiceRecord, type ShopperStatus } from "../modules/seqr/contract";

/** What the shopper may know of a payment. */
export interface ShopperPayment {
  status: ShopperStatus;
  /** Decimal string. */
  amount: string;
  currency_code: string;
  expires_at: string;
  /** Whole seconds until then, so that a wrong clock of the browser does no harm. */
  expires_in: number;
  cart_id: string | null;
  /** Once the order is placed. */
  order?: { id: string; display_id: number };
  /** Once paid: SEQR's reference, for the receipt. */
  ers_reference?: string;
}

/** Reads the order when there is one; everything else is in the ledger. */
export async function shopperPayment(
  container: MedusaContainer,
  invoice: InvoiceRecord,
): Promise<ShopperPayment> {
  // An order that the plugin cancelled, since it was never paid, is not the shopper's.
  const order =
    invoice.order_id === null || invoice.settled_at === null
      ? undefined
      : await orderOf(container, invoice.order_id);
  return {
    status: shopperStatus(invoice.state, invoice.reason),
    amount: invoice.amount,
    currency_code: invoice.currency_code,
    expires_at: invoice.expires_at.toISOString(),
    expires_in: secondsLeft(invoice, seqrOf(container).now()),
    cart_id: invoice.cart_id,
    ...(order && { order }),
    ...(invoice.ers_reference !== null && { ers_reference: invoice.ers_reference }),
  };
}

/** Whole seconds until nobody can pay the invoice any more; 0 when that time has come. */
function secondsLeft({ expires_at }: Pick<InvoiceRecord, "expires_at">, now: Date): number {
  return Math.max(0, Math.floor((expires_at.getTime() - now.getTime()) / 1_000));
}

async function orderOf(container: MedusaContainer, id: string): Promise<ShopperPayment["order"]> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({ entity: "order", fields: ["id", "display_id"], filters: { id } });
  return (data as unknown as { id: string; display_id: number }[])[0];
}
