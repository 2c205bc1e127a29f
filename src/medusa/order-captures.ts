import { ContainerRegistrationKeys, Modules, PaymentCollectionStatus } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { exactNumber, total } from "../amounts";
import type { CaptureRecordedBy } from "../processing/store-port";

const CAPTURE = "capture";

/**
 * Ensures that an order has one transaction for the capture of a payment. Core adds it in its second-to-last completion step, or in
 * the last step of a capture; if the process crashes before, the order has none.
 *
 * Core checks for the transaction before it adds it, and nothing in the database prevents a second one. So the plugin's
 * transaction has an id of its own: it can be added once, and is distinguishable from core's, should core add one later.
 *
 * @param isOverdue whether core must have crashed: only then the plugin adds the transaction
 * @param captureId the capture; null when all captures of the payment are meant
 * @returns who has added the transaction
 */
export async function recordCaptureInOrder(
  container: MedusaContainer,
  orderId: string,
  paymentId: string,
  isOverdue: boolean,
  captureId: string | null,
): Promise<CaptureRecordedBy> {
  const orders = container.resolve(Modules.ORDER);
  const {
    currency_code,
    payment_collection_id,
    captures = [],
  } = await container.resolve(Modules.PAYMENT).retrievePayment(paymentId, { relations: ["captures"] });
  // Checked before the transactions are read: what was being written then is committed, or shows here.
  const isWriting = isOverdue && (await isBeingWritten(container, orderId));
  const entries = await orders.listOrderTransactions({ order_id: orderId, reference: CAPTURE });
  let by: CaptureRecordedBy = "core";
  const wanted = captures.filter(({ id }) => captureId === null || id === captureId);
  for (const { id: reference_id, amount } of wanted) {
    const ours = `ordtrx_seqr_${reference_id}`;
    const ids = entries.filter((entry) => entry.reference_id === reference_id).map(({ id }) => id);
    if (ids.some((id) => id !== ours)) {
      if (ids.includes(ours)) await deleteTransaction(container, orderId, ours);
      continue;
    }
    if (ids.length === 0) {
      if (!isOverdue || isWriting) return "none";
      await countCaptures(container, payment_collection_id);
      const entry = { order_id: orderId, amount, currency_code, reference: CAPTURE, reference_id };
      await orders.addOrderTransactions({ id: ours, ...entry } as typeof entry);
    }
    by = "plugin";
  }
  return by;
}

/** Has a payment collection show its captures, as core does just before it adds the order's transaction. */
async function countCaptures(container: MedusaContainer, collectionId: string): Promise<void> {
  const module = container.resolve(Modules.PAYMENT);
  const { amount, payments = [] } = await module.retrievePaymentCollection(collectionId, {
    relations: ["payments.captures"],
  });
  const captures = payments.flatMap((payment) => payment.captures ?? []);
  const captured = total(captures.map((capture) => capture.amount));
  const isAll = captured.gte(exactNumber(amount));
  const counted = { captured_amount: captured.toNumber() };
  const completed = { status: PaymentCollectionStatus.COMPLETED, completed_at: new Date() };
  await module.updatePaymentCollections(collectionId, { ...counted, ...(isAll && completed) });
}

/**
 * Deletes the plugin's transaction. Core reads an order's sums, adds its transaction and writes them back, so core's sums may have
 * overwritten the plugin's: then they are right without the plugin's transaction, and only its row is deleted.
 */
async function deleteTransaction(container: MedusaContainer, orderId: string, id: string): Promise<void> {
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

/** Whether a transaction is being added to the order now: PostgreSQL locks the row that a new one refers to. */
async function isBeingWritten(container: MedusaContainer, orderId: string): Promise<boolean> {
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  const row: unknown = await db("order").where({ id: orderId }).forUpdate().skipLocked().first("id");
  return row === undefined;
}
