import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { cancelOrderWorkflow, refundPaymentWorkflow } from "@medusajs/medusa/core-flows";
import type { BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { compare, subtract, sum } from "../seqr";
import { decimalString } from "../providers/seqr/amounts";
import { completeCart, processPayment } from "./complete-cart";
import { purchaseOf } from "./purchase";
import type { BookedRefund, Shop, ShopRefund } from "./shop";

/** The store that runs in a Medusa container. */
export function medusaShop(container: MedusaContainer): Shop {
  return {
    purchaseOf: (sessionId) => purchaseOf(container, sessionId),
    completeCart: (cartId) => completeCart(container, cartId),
    takeIn: (sessionId, amount) => processPayment(container, sessionId, amount),
    cancelOrder: async (orderId) => {
      if (await isCanceled(container, orderId)) return;
      await cancelOrderWorkflow(container).run({ input: { order_id: orderId } });
    },
    bookCapture: (orderId, paymentId) => bookCapture(container, orderId, paymentId),
    orderTotal: async (orderId) => {
      const order = await container.resolve(Modules.ORDER).retrieveOrder(orderId, { select: ["total"] });
      return decimalString(order.total);
    },
    refund: (sessionId, amount) => refund(container, sessionId, amount),
    bookedRefunds: async (ids) => {
      const query = container.resolve(ContainerRegistrationKeys.QUERY);
      const { data } = await query.graph({ entity: "refund", fields: ["id"], filters: { id: ids } });
      return new Set(data.map(({ id }) => id));
    },
    refundsBetween: (from, to) => refundsBetween(container, from, to),
  };
}

/** What core does as its last step but one when it completes a cart; should its process have died just before. */
async function bookCapture(container: MedusaContainer, orderId: string, paymentId: string): Promise<void> {
  const orders = container.resolve(Modules.ORDER);
  const { currency_code, captures = [] } = await container
    .resolve(Modules.PAYMENT)
    .retrievePayment(paymentId, { relations: ["captures"] });
  const booked = await orders.listOrderTransactions({ order_id: orderId, reference: "capture" });
  const missing = captures.filter(({ id }) => !booked.some(({ reference_id }) => reference_id === id));
  await Promise.all(
    missing.map(({ id, amount }) =>
      orders.addOrderTransactions({
        order_id: orderId,
        amount,
        currency_code,
        reference: "capture",
        reference_id: id,
      }),
    ),
  );
}

async function refund(container: MedusaContainer, sessionId: string, amount: string): Promise<ShopRefund> {
  const purchase = await purchaseOf(container, sessionId);
  if (purchase?.paymentId === undefined) return "unknown";
  const module = container.resolve(Modules.PAYMENT);
  const { captures = [], refunds = [] } = await module.retrievePayment(purchase.paymentId, {
    relations: ["captures", "refunds"],
  });
  const total = (rows: { amount: Parameters<typeof decimalString>[0] }[]): string =>
    sum(rows.map((row) => decimalString(row.amount)));
  const kept = subtract(total(captures), total(refunds));
  if (compare(kept, "0") <= 0) return "booked";
  const input = { payment_id: purchase.paymentId, amount: Number(compare(kept, amount) < 0 ? kept : amount) };
  // Core's workflow keeps the order's own books, but breaks off after the refund when the order is cancelled.
  if (await isCanceled(container, purchase.orderId)) await module.refundPayment(input);
  else await refundPaymentWorkflow(container).run({ input });
  return "made";
}

interface RefundRow {
  id: string;
  amount: BigNumberValue;
  payment?: { provider_id: string; data?: Record<string, unknown> | null } | null;
}

async function refundsBetween(container: MedusaContainer, from: Date, to: Date): Promise<BookedRefund[]> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: "refund",
    fields: ["id", "amount", "payment.provider_id", "payment.data"],
    filters: { created_at: { $gte: from, $lt: to } },
  });
  const provider = `pp_seqr_${seqrOf(container).settings.providerId}`;
  return (data as unknown as RefundRow[])
    .filter(({ payment }) => payment?.provider_id === provider)
    .map(({ id, amount, payment }) => ({
      ...{ id, amount: decimalString(amount), token: payment?.data?.["token"] },
    }));
}

async function isCanceled(container: MedusaContainer, orderId: string | undefined): Promise<boolean> {
  if (orderId === undefined) return true;
  const { status } = await container.resolve(Modules.ORDER).retrieveOrder(orderId, { select: ["status"] });
  return status === "canceled";
}
