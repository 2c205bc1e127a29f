import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { cancelOrderWorkflow, refundPaymentWorkflow } from "@medusajs/medusa/core-flows";
import type { BigNumberRawValue, BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { isSeqrProvider, type InvoiceRecord } from "../modules/seqr/public";
import { oneLine } from "../errors/one-line";
import { compare, subtract } from "../seqr";
import { decimalString, total } from "../amounts";
import { madeRefundMetadata, namedRefund } from "../modules/seqr/operations/refund/medusa-refund";
import { completeCart, authorizeForExistingOrder } from "./complete-cart";
import { linkInterruptedOrder } from "./link-interrupted-order";
import { capturesIn } from "./captures";
import { recordCaptureInOrder } from "./order-captures";
import { recordRefundsInOrders, refundsMissingInOrders } from "./order-refunds";
import { purchaseOf, unpayableOrderOf } from "./purchase";
import { lastChangeOf, orderOf } from "./read-order";
import { queryOf, readOrderIdOfCollection, readRows } from "./queries";
import type { RefundInMedusa, RefundMadeBySeqr, Store, StoreRefundOutcome } from "../processing/store-port";

/** What processing payments needs of Medusa, in a Medusa container. */
export function medusaStore(container: MedusaContainer): Store {
  return {
    purchaseOf: (sessionId) => purchaseOf(container, sessionId),
    unpayableOrderOf: (collectionId) => unpayableOrderOf(container, collectionId),
    dropOtherSessions: (invoice, isPaid) => dropOtherSessions(container, invoice, isPaid),
    linkInterruptedOrder: (invoice) => linkInterruptedOrder(container, invoice),
    completeCart: (cartId) => completeCart(container, cartId),
    authorizeForExistingOrder: (...payment) => authorizeForExistingOrder(container, ...payment),
    cancelOrder: async (orderId) => {
      if ((await orderOf(container, orderId)).isCanceled) return;
      await cancelOrderWorkflow(container).run({ input: { order_id: orderId } });
    },
    recordCaptureInOrder: (...capture) => recordCaptureInOrder(container, ...capture),
    ...capturesIn(container),
    refundsMissingInOrders: async (ids) =>
      new Set((await refundsMissingInOrders(container, ids)).map(({ id }) => id)),
    recordRefundsInOrders: (ids) => recordRefundsInOrders(container, ids),
    order: (orderId) => orderOf(container, orderId),
    lastChangeOf: (orderId) => lastChangeOf(container, orderId),
    refund: (sessionId, amount) => refund(container, sessionId, amount),
    recordRefund: (sessionId, made) => refund(container, sessionId, made.amount, made),
    recordedRefundIds: async (ids) => {
      const refunds = await readRows<{ id: string }>(queryOf(container), {
        entity: "refund",
        fields: ["id"],
        filters: { id: ids },
      });
      return new Set(refunds.map(({ id }) => id));
    },
    refundRecordsOf: (sessionId) => recordsWhere(container, { payment: { payment_session_id: sessionId } }),
    deleteRefundRecord: async (id) => {
      // The module's own method, of which its interface does not tell.
      const module = container.resolve<{ deleteRefunds(ids: string[]): Promise<void> }>(Modules.PAYMENT);
      await module.deleteRefunds([id]);
    },
    refundRecordsBetween: (from, to) => recordsWhere(container, { created_at: { $gte: from, $lt: to } }),
  };
}

async function refund(
  container: MedusaContainer,
  sessionId: string,
  amount: string,
  made?: RefundMadeBySeqr,
): Promise<StoreRefundOutcome> {
  const module = container.resolve(Modules.PAYMENT);
  // By the session's id alone: the session may have been deleted, and the payment stays.
  const [payment] = await module.listPayments(
    { payment_session_id: sessionId },
    { relations: ["captures", "refunds"] },
  );
  if (!payment) return "unknown";
  const captured = total((payment.captures ?? []).map((capture) => capture.amount));
  const refunded = total((payment.refunds ?? []).map((refund) => refund.amount));
  const kept = subtract(decimalString(captured), decimalString(refunded));
  if (compare(kept, made ? amount : "0.01") < 0) return "nothing_left";
  const isFullRemainder = compare(kept, amount) <= 0;
  const input = {
    payment_id: payment.id,
    // All that is left has Medusa's own digits: 235.35 would be more than it has captured of 235.345.
    amount: isFullRemainder ? captured.minus(refunded).toFixed() : amount,
    ...(made && { metadata: madeRefundMetadata(made) }),
  };
  // Core's workflow keeps the order's own books, but stops after the refund when the order is cancelled.
  const orderId = await readOrderIdOfCollection(queryOf(container), payment.payment_collection_id);
  const isOpen = orderId !== undefined && !(await orderOf(container, orderId)).isCanceled;
  if (!isOpen) await module.refundPayment(input);
  else await refundPaymentWorkflow(container).run({ input });
  return "made";
}

interface RefundRow {
  id: string;
  amount: BigNumberValue;
  raw_amount: BigNumberRawValue;
  metadata?: Record<string, unknown> | null;
  created_at: string | Date;
  payment?: { provider_id: string; data?: Record<string, unknown> | null } | null;
}

async function recordsWhere(
  container: MedusaContainer,
  filters: Record<string, unknown>,
): Promise<RefundInMedusa[]> {
  const refunds = await readRows<RefundRow>(queryOf(container), {
    entity: "refund",
    fields: ["id", "amount", "raw_amount", "metadata", "created_at", "payment.provider_id", "payment.data"],
    filters,
  });
  return refunds
    .filter(({ payment }) => payment && isSeqrProvider(payment.provider_id))
    .map(({ id, amount, raw_amount, metadata, created_at, payment }) => ({
      at: new Date(created_at),
      ...{ id, amount: decimalString(amount), exactAmount: raw_amount, named: namedRefund(metadata) },
      sessionId: String(payment?.data?.["session_id"]),
    }));
}

async function dropOtherSessions(
  container: MedusaContainer,
  { session_id, payment_collection_id }: Pick<InvoiceRecord, "session_id" | "payment_collection_id">,
  isPaid: boolean,
): Promise<void> {
  const payments = container.resolve(Modules.PAYMENT);
  const sessions = await payments.listPaymentSessions(
    { payment_collection_id },
    { select: ["id", "provider_id", "status"] },
  );
  if (!sessions.some(({ id }) => id === session_id)) return;
  const others = sessions.filter(
    ({ id, provider_id, status }) =>
      id !== session_id &&
      (isSeqrProvider(provider_id) || isPaid) &&
      (status === "pending" || status === "requires_more"),
  );
  for (const { id } of others) {
    // A session that cannot be deleted does not keep the others from being deleted.
    await payments.deletePaymentSession(id).catch((error: unknown) => {
      container
        .resolve(ContainerRegistrationKeys.LOGGER)
        .warn(`seqr: payment session ${id} stays: ${oneLine(error)}`);
    });
  }
}
