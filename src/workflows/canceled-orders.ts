import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { compare } from "../seqr";
import { seqrOf } from "../modules/seqr";
import { LOOKED_OVER, restOf } from "../modules/seqr/contract";
import { withoutClosed } from "./closed-refunds";
import { settleContext } from "./settle";
import { settleInvoice, type SettleContext } from "./settlement";

/** Sees that the money of an order that was cancelled goes back. @see returnMoneyOf */
export async function returnMoneyOfCanceledOrder(container: MedusaContainer, orderId: string): Promise<void> {
  await returnMoneyOf(settleContext(container), [orderId]);
}

/**
 * The same for all orders that were cancelled of late, also those that staff have archived since: core's event about one
 * may be lost, its record is not.
 */
export async function returnMoneyOfCanceledOrders(container: MedusaContainer): Promise<void> {
  const seqr = seqrOf(container);
  const since = new Date(seqr.now().getTime() - LOOKED_OVER);
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "order",
    fields: ["id"],
    filters: { canceled_at: { $gte: since } },
  });
  const orderIds = data.map(({ id }) => id);
  await returnMoneyOf(settleContext(container), orderIds);
}

/**
 * Finds money of cancelled orders that is still here, and sees that it goes back. Core refunds when an order is
 * cancelled, but only logs it when that fails, and cancels the order all the same.
 */
export async function returnMoneyOf(context: SettleContext, orderIds: string[]): Promise<void> {
  const { seqr } = context;
  for (const invoice of await seqr.settledWith(orderIds)) {
    const refunds = await seqr.refundsOf(invoice);
    const left = await withoutClosed(context, invoice, { rest: restOf(invoice, refunds), refunds });
    if (compare(left, "0") <= 0) continue;
    const owed = await seqr.transition(invoice, "owed", { reason: "order_canceled", attempts: 0 });
    if (owed) await settleInvoice(context, owed, "staff");
  }
}
