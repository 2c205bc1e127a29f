import { Modules } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { decimalString, exactNumber, total as totalOf } from "../amounts";
import type { StoreOrder } from "../processing/store-port";

/** Less than this is an error of floating-point arithmetic. */
const HALF_A_HUNDREDTH = "0.005";

/** Reads an order. What is paid for it is the sum of its transactions, whatever core's sum of them says. */
export async function orderOf(container: MedusaContainer, orderId: string): Promise<StoreOrder> {
  const orders = container.resolve(Modules.ORDER);
  const { total, summary, status, version, created_at, canceled_at } = await orders.retrieveOrder(orderId, {
    select: ["id", "status", "version", "created_at", "canceled_at", "total", "summary"],
  });
  const paid = await paidFor(container, orderId);
  const pending = exactNumber(summary?.pending_difference ?? total);
  // Core forgets a transaction in its sum when the order is changed at that moment.
  const forgotten = paid.minus(exactNumber(summary?.transaction_total ?? 0));
  return {
    total: decimalString(total),
    outstanding: decimalString(pending.minus(forgotten)),
    unpaid: decimalString(exactNumber(total).minus(paid)),
    isCounted: forgotten.abs().lt(HALF_A_HUNDREDTH),
    // Archiving an order overwrites its status.
    isCanceled: Boolean(canceled_at),
    // Each change of an order makes another version.
    isPending: status === "pending" && version === 1,
    placedAt: new Date(created_at),
  };
}

/** When staff last worked on a change of an order: an edit, a return, an exchange or a claim. Undefined when they never did. */
export async function lastChangeOf(container: MedusaContainer, orderId: string): Promise<Date | undefined> {
  const [latest] = await container
    .resolve(Modules.ORDER)
    .listOrderChanges(
      { order_id: orderId },
      { select: ["id", "updated_at"], order: { updated_at: "DESC" }, take: 1 },
    );
  return latest && new Date(latest.updated_at);
}

async function paidFor(container: MedusaContainer, orderId: string): Promise<ReturnType<typeof totalOf>> {
  const entries = await container.resolve(Modules.ORDER).listOrderTransactions({ order_id: orderId });
  return totalOf(entries.map(({ amount }) => amount));
}
