import { Modules, PaymentCollectionStatus } from "@medusajs/framework/utils";
import { capturePaymentWorkflow, createOrderPaymentCollectionWorkflow } from "@medusajs/medusa/core-flows";
import type { BigNumberValue, MedusaContainer, PaymentDTO } from "@medusajs/framework/types";
import { decimalString, exactNumber, total, type ExactNumber } from "../amounts";
import { seqrError } from "../errors/error-codes";
import { seqrOf } from "../modules/seqr";
import { isSeqrProvider } from "../modules/seqr/public";
import type { CaptureInMedusa, CaptureRecord, EditedReservation, Store } from "../processing/store-port";
import { queryOf, readOrderIdOfCollection, readRows } from "./queries";
import { orderOf } from "./read-order";

const CAPTURE = "capture";
const { AUTHORIZED, AWAITING, CANCELED, COMPLETED, NOT_PAID, PARTIALLY_AUTHORIZED } = PaymentCollectionStatus;

/** What the store port does with captures and authorizations, in a Medusa container. */
export function capturesIn(
  container: MedusaContainer,
): Pick<
  Store,
  | "capture"
  | "captureRecordsOf"
  | "deleteCaptureRecord"
  | "unconfirmedCaptures"
  | "endAuthorization"
  | "dropSession"
  | "adjustCollectionsAfterEdit"
> {
  return {
    capture: async (sessionId, amount) => {
      const payment = await paymentOf(container, sessionId);
      if (!payment) throw seqrError("SEQR_SESSION_UNKNOWN");
      await forgetLostCapture(container, payment);
      // All of it has Medusa's own digits: 235.35 would be more than is authorized of 235.345.
      const isAll = decimalString(payment.amount) === amount;
      const input = { payment_id: payment.id, ...(!isAll && { amount }) };
      await capturePaymentWorkflow(container).run({ input });
    },
    captureRecordsOf: (sessionId) => captureRecordsOf(container, sessionId),
    deleteCaptureRecord: (id) => deleteCaptures(container, [id]),
    unconfirmedCaptures: (from, to) => unconfirmedCaptures(container, from, to),
    endAuthorization: (sessionId) => endAuthorization(container, sessionId),
    dropSession: async (sessionId) => {
      const payments = container.resolve(Modules.PAYMENT);
      const payment = await paymentOf(container, sessionId);
      if (payment) await cancelPayment(container, payment);
      const [session] = await payments.listPaymentSessions({ id: sessionId }, { select: ["id"] });
      if (session) await payments.deletePaymentSession(sessionId);
    },
    adjustCollectionsAfterEdit: (...reservation) => adjustCollectionsAfterEdit(container, ...reservation),
  };
}

/** Reads a payment by its session's id alone: the session may have been deleted, and the payment stays. */
async function paymentOf(container: MedusaContainer, sessionId: string): Promise<PaymentDTO | undefined> {
  const [payment] = await container
    .resolve(Modules.PAYMENT)
    .listPayments({ payment_session_id: sessionId }, { relations: ["captures"] });
  return payment;
}

/**
 * Core saves in the payment that it was captured in full, and deletes its record when the database does not confirm that. Such a
 * payment takes no other capture until this is undone.
 */
async function forgetLostCapture(container: MedusaContainer, payment: PaymentDTO): Promise<void> {
  if (!payment.captured_at || (payment.captures ?? []).length > 0) return;
  const notCaptured = { id: payment.id, captured_at: null };
  await container.resolve(Modules.PAYMENT).updatePayment(notCaptured);
}

async function captureRecordsOf(container: MedusaContainer, sessionId: string): Promise<CaptureRecord[]> {
  const payment = await paymentOf(container, sessionId);
  const isSaved = isCapturedAtSeqr(payment?.data);
  return (payment?.captures ?? []).map(({ id }) => ({ id, paymentId: payment?.id ?? "", isSaved }));
}

/**
 * Deletes captures that SEQR has not made, with their order transactions: core adds one for each capture of a payment when it
 * finishes any. The method is the module's own; its interface does not declare it.
 */
async function deleteCaptures(container: MedusaContainer, ids: string[]): Promise<void> {
  const orders = container.resolve(Modules.ORDER);
  const entries = await orders.listOrderTransactions({ reference: CAPTURE, reference_id: ids });
  if (entries.length > 0) await orders.deleteOrderTransactions(entries.map(({ id }) => id));
  const module = container.resolve<{ deleteCaptures(ids: string[]): Promise<void> }>(Modules.PAYMENT);
  await module.deleteCaptures(ids);
}

interface CaptureRow {
  id: string;
  amount: BigNumberValue;
  payment?: { provider_id: string; captured_at: string | null; data?: Record<string, unknown> | null } | null;
}

async function unconfirmedCaptures(
  container: MedusaContainer,
  from: Date,
  to: Date,
): Promise<CaptureInMedusa[]> {
  const rows = await readRows<CaptureRow>(queryOf(container), {
    entity: CAPTURE,
    fields: ["id", "amount", "payment.provider_id", "payment.captured_at", "payment.data"],
    filters: { created_at: { $gte: from, $lt: to }, payment: { captured_at: null } },
  });
  const providers = seqrOf(container).terminals.all.map(({ name }) => `pp_seqr_${name}`);
  return rows
    .filter(({ payment }) => payment && !payment.captured_at && providers.includes(payment.provider_id))
    .map(({ id, amount, payment }) => ({
      ...{ id, amount: decimalString(amount) },
      sessionId: String(payment?.data?.["session_id"]),
    }));
}

async function endAuthorization(container: MedusaContainer, sessionId: string): Promise<boolean> {
  const payments = container.resolve(Modules.PAYMENT);
  const payment = await paymentOf(container, sessionId);
  if (!payment) return false;
  // SEQR has captured nothing: a record of it is of a process that crashed before SEQR was asked.
  const captures = (payment.captures ?? []).map(({ id }) => id);
  if (captures.length > 0) await deleteCaptures(container, captures);
  const { payment_collection_id: id } = payment;
  await payments.updatePaymentCollections(id, { status: CANCELED });
  await cancelPayment(container, payment);
  const orderId = await readOrderIdOfCollection(queryOf(container), id);
  if (orderId === undefined) return false;
  const order = await container
    .resolve(Modules.ORDER)
    .retrieveOrder(orderId, { select: ["id", "canceled_at"] });
  if (order.canceled_at) return false;
  const { unpaid, outstanding } = await collectionsOf(container, orderId);
  if (unpaid) await payments.updatePaymentCollections(unpaid.id, { amount: outstanding });
  else
    await createOrderPaymentCollectionWorkflow(container).run({
      input: { order_id: orderId, amount: outstanding },
    });
  return true;
}

/** Cancels a payment, unless it is cancelled already. */
async function cancelPayment(container: MedusaContainer, { id }: PaymentDTO): Promise<void> {
  const payments = container.resolve(Modules.PAYMENT);
  const { canceled_at } = await payments.retrievePayment(id, { select: ["id", "canceled_at"] });
  if (!canceled_at) await payments.cancelPayment(id);
}

/** Core has cancelled the collection of the reservation, and made another one over the whole new total. */
async function adjustCollectionsAfterEdit(
  container: MedusaContainer,
  sessionId: string,
  reservation: EditedReservation,
): Promise<void> {
  const payment = await paymentOf(container, sessionId);
  if (!payment) return;
  const { payment_collection_id: id, captures = [] } = payment;
  const orderId = await readOrderIdOfCollection(queryOf(container), id);
  if (orderId === undefined) return;
  const payments = container.resolve(Modules.PAYMENT);
  const captured = total(captures.map(({ amount }) => amount)).toNumber();
  if (reservation === "stays") await payments.updatePaymentCollections(id, { status: AUTHORIZED });
  if (reservation === "captured")
    await payments.updatePaymentCollections(id, { amount: captured, status: COMPLETED });
  await askForOutstanding(container, orderId);
}

/** Has the unpaid payment collection of an order ask for what is outstanding. One that asks for nothing is cancelled. */
async function askForOutstanding(container: MedusaContainer, orderId: string): Promise<void> {
  const { unpaid, outstanding } = await collectionsOf(container, orderId);
  if (!unpaid) return;
  await container.resolve(Modules.PAYMENT).updatePaymentCollections(unpaid.id, {
    // With an amount of zero it would count as captured.
    ...(outstanding > 0 ? { amount: outstanding } : { status: CANCELED }),
  });
}

interface PaymentRow {
  amount: BigNumberValue;
  provider_id: string;
  canceled_at: string | null;
  data?: Record<string, unknown> | null;
  captures?: { amount: BigNumberValue }[];
}

interface OrderCollectionsRow {
  payment_collections?: { id: string; status: string; payments?: PaymentRow[] }[];
}

/** The unpaid payment collection of an order, and what no payment of the order has captured or authorized. */
async function collectionsOf(
  container: MedusaContainer,
  orderId: string,
): Promise<{ unpaid: { id: string } | undefined; outstanding: number }> {
  const [order] = await readRows<OrderCollectionsRow>(queryOf(container), {
    entity: "order",
    fields: [
      ...["id", "payment_collections.id", "payment_collections.status"],
      ...["amount", "provider_id", "canceled_at", "data", "captures.amount"].map(
        (field) => `payment_collections.payments.${field}`,
      ),
    ],
    filters: { id: orderId },
  });
  const collections = order?.payment_collections ?? [];
  const reserved = collections.flatMap(({ status, payments = [] }) =>
    payments.filter(({ canceled_at }) => !canceled_at).map((payment) => reservedOf(payment, status)),
  );
  const { outstanding: pending } = await orderOf(container, orderId);
  const outstanding = reserved.reduce((rest, amount) => rest.minus(amount), exactNumber(pending)).toNumber();
  return {
    unpaid: collections.find(({ status }) => status === NOT_PAID || status === AWAITING),
    outstanding: Math.max(0, outstanding),
  };
}

/** What a payment that was not cancelled has authorized, and not captured. */
function reservedOf({ amount, provider_id, data, captures = [] }: PaymentRow, status: string): ExactNumber {
  const captured = total(captures.map((capture) => capture.amount));
  // SEQR captures once, and releases the rest. Core cancels the collection of a reservation that the plugin keeps.
  if (isSeqrProvider(provider_id)) return exactNumber(isCapturedAtSeqr(data) ? 0 : amount);
  const isAuthorized = status === AUTHORIZED || status === PARTIALLY_AUTHORIZED;
  return isAuthorized ? exactNumber(amount).minus(captured) : exactNumber(0);
}

/** Whether core has saved that SEQR has made the capture: only the provider's answer to it tells SEQR's reference of a reservation. */
function isCapturedAtSeqr(data: PaymentDTO["data"] | null): boolean {
  return typeof data?.["ers_reference"] === "string";
}
