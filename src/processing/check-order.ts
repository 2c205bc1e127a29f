import type { EndReason, InvoiceRecord } from "../modules/seqr/public";
import { whyExtraPaymentMisfits, whyNoPaymentNeeded } from "./end-reasons";
import type { Purchase, Store } from "./store-port";

/** Why an order needs no payment, if it needs none. */
export async function whyOrderNeedsNoPayment(store: Store, orderId: string): Promise<EndReason | undefined> {
  return whyNoPaymentNeeded(await store.order(orderId));
}

/** Why an extra payment (a payment that was started for an existing order) cannot be used for that order, if so. */
export async function whyExtraPaymentImpossible(
  store: Store,
  invoice: InvoiceRecord,
  purchase: Purchase,
): Promise<EndReason | undefined> {
  if (purchase.orderId === undefined) return "order_impossible";
  return whyExtraPaymentMisfits(invoice, purchase, await store.order(purchase.orderId));
}
