import { Modules } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { compare, subtract, sum } from "../seqr";
import { decimalString } from "../providers/seqr/amounts";
import { completeCart, processPayment } from "./complete-cart";
import { purchaseOf } from "./purchase";
import type { Shop } from "./shop";

/** The store that runs in a Medusa container. */
export function medusaShop(container: MedusaContainer): Shop {
  return {
    purchaseOf: (sessionId) => purchaseOf(container, sessionId),
    completeCart: (cartId) => completeCart(container, cartId),
    takeIn: (sessionId, amount) => processPayment(container, sessionId, amount),
    orderTotal: async (orderId) => {
      const order = await container.resolve(Modules.ORDER).retrieveOrder(orderId, { select: ["total"] });
      return decimalString(order.total);
    },
    refund: (sessionId, amount) => refund(container, sessionId, amount),
  };
}

/** Through the Payment module: an order that is cancelled takes no refund by core's workflows any more. */
async function refund(container: MedusaContainer, sessionId: string, amount: string): Promise<boolean> {
  const purchase = await purchaseOf(container, sessionId);
  if (purchase?.paymentId === undefined) return false;
  const module = container.resolve(Modules.PAYMENT);
  const { captures = [], refunds = [] } = await module.retrievePayment(purchase.paymentId, {
    relations: ["captures", "refunds"],
  });
  const total = (rows: { amount: Parameters<typeof decimalString>[0] }[]): string =>
    sum(rows.map((row) => decimalString(row.amount)));
  if (compare(subtract(total(captures), total(refunds)), amount) < 0) return false;
  await module.refundPayment({ payment_id: purchase.paymentId, amount: Number(amount) });
  return true;
}
