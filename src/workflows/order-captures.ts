import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { exactNumber, total } from "../providers/seqr/amounts";
import type { BookedBy } from "./shop";

const CAPTURE = "capture";

/**
 * Sees that the capture of a payment is in its order's books once. Core enters it with the last step but one of a
 * completion, and nobody does when its process dies just before.
 *
 * Core looks whether the entry is there before it writes, and nothing in the database keeps it from writing a second. So
 * the plugin's entry has an id of its own: it can be written once, and told from core's when that comes after all.
 *
 * @param isOverdue whether core's completion must have died: only then the entry is written in its place
 */
export async function bookCapture(
  container: MedusaContainer,
  orderId: string,
  paymentId: string,
  isOverdue: boolean,
): Promise<BookedBy> {
  const orders = container.resolve(Modules.ORDER);
  const { currency_code, captures = [] } = await container
    .resolve(Modules.PAYMENT)
    .retrievePayment(paymentId, { relations: ["captures"] });
  // Before the entries are read: what was being written then has come, or shows here.
  const isWriting = isOverdue && (await isBeingWritten(container, orderId));
  const entries = await orders.listOrderTransactions({ order_id: orderId, reference: CAPTURE });
  let by: BookedBy = "core";
  for (const { id: reference_id, amount } of captures) {
    const ours = `ordtrx_seqr_${reference_id}`;
    const ids = entries.filter((entry) => entry.reference_id === reference_id).map(({ id }) => id);
    if (ids.some((id) => id !== ours)) {
      if (ids.includes(ours)) await dropEntry(container, orderId, ours);
      continue;
    }
    if (ids.length === 0) {
      if (!isOverdue || isWriting) return "nobody";
      const entry = { order_id: orderId, amount, currency_code, reference: CAPTURE, reference_id };
      await orders.addOrderTransactions({ id: ours, ...entry } as typeof entry);
    }
    by = "plugin";
  }
  return by;
}

/**
 * Takes an entry of the plugin away. Core reads an order's sums, adds its entry and writes them back, so that its own may
 * have been written over the plugin's: then they are right without the entry, and only the row goes.
 */
async function dropEntry(container: MedusaContainer, orderId: string, id: string): Promise<void> {
  const orders = container.resolve(Modules.ORDER);
  const entries = await orders.listOrderTransactions({ order_id: orderId });
  const { summary } = await orders.retrieveOrder(orderId, { select: ["id", "summary"] });
  const others = total(entries.filter((entry) => entry.id !== id).map(({ amount }) => amount));
  if (!exactNumber(summary?.transaction_total ?? 0).eq(others)) return orders.deleteOrderTransactions([id]);
  await container
    .resolve(ContainerRegistrationKeys.PG_CONNECTION)("order_transaction")
    .where({ id })
    .delete();
}

/** Whether somebody is writing about an order now: PostgreSQL locks the row that a new entry refers to. */
async function isBeingWritten(container: MedusaContainer, orderId: string): Promise<boolean> {
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  const row: unknown = await db("order").where({ id: orderId }).forUpdate().skipLocked().first("id");
  return row === undefined;
}
