import { Modules } from "@medusajs/framework/utils";
import type { BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { exactNumber, total } from "../amounts";
import { queryOf, readRows } from "./queries";

/** A refund that a payment has and its order misses. */
interface MissingRefund {
  id: string;
  amount: ReturnType<typeof exactNumber>;
  currency: string;
  orderId: string;
  /** What core names in the credit line: the reason that staff gave, or the payment collection. */
  about: { reference: string; reference_id: string };
}

interface PaymentRow {
  id: string;
  currency_code: string;
  refunds: {
    id: string;
    raw_amount: BigNumberValue;
    created_at: string | Date;
    refund_reason?: { label: string; code: string } | null;
  }[];
  payment_collection: { id: string; order?: { id: string } | null };
}

const REFUND = "refund";

/**
 * Finds refunds that the payments have and the payments' orders miss: core adds them to the order after the provider has
 * answered, unless its process has crashed in between.
 *
 * @param ids Medusa's refunds; those that no payment has are left out
 */
export async function refundsMissingInOrders(
  container: MedusaContainer,
  ids: string[],
): Promise<MissingRefund[]> {
  if (ids.length === 0) return [];
  const orders = container.resolve(Modules.ORDER);
  const recorded = await orders.listOrderTransactions({ reference: REFUND, reference_id: ids });
  const unrecorded = ids.filter((id) => !recorded.some(({ reference_id }) => reference_id === id));
  if (unrecorded.length === 0) return [];
  const payments = await readRows<PaymentRow>(queryOf(container), {
    entity: "payment",
    fields: [
      ...["id", "currency_code", "refunds.id", "refunds.raw_amount", "refunds.created_at"],
      ...["refunds.refund_reason.label", "refunds.refund_reason.code"],
      ...["payment_collection.id", "payment_collection.order.id"],
    ],
    filters: { refunds: { id: unrecorded } },
  });
  const orderIds = payments.flatMap(({ payment_collection: { order } }) => order?.id ?? []);
  const entries = await orders.listOrderTransactions({ reference: REFUND, order_id: orderIds });
  return payments.flatMap((payment) => {
    const { order, id: collectionId } = payment.payment_collection;
    if (!order) return [];
    const amountsOf = (id: string): BigNumberValue[] =>
      entries.filter((entry) => entry.reference_id === id).map(({ amount }) => amount);
    // Core adds what it refunds with a cancellation under the payment's id, even when the refund fails. It stands for the
    // latest refunds.
    let canceled = total(amountsOf(payment.id)).negated();
    const missing = payment.refunds
      .filter(({ id }) => amountsOf(id).length === 0)
      .sort((one, other) => Number(new Date(other.created_at)) - Number(new Date(one.created_at)))
      .filter(({ raw_amount }) => {
        const amount = exactNumber(raw_amount);
        if (canceled.lt(amount)) return true;
        canceled = canceled.minus(amount);
        return false;
      });
    return missing
      .filter(({ id }) => unrecorded.includes(id))
      .map(({ id, raw_amount, refund_reason }) => ({
        ...{ id, amount: exactNumber(raw_amount), currency: payment.currency_code, orderId: order.id },
        about: {
          reference: refund_reason?.label ?? "payment_collection",
          reference_id: refund_reason?.code ?? collectionId,
        },
      }));
  });
}

/**
 * Adds refunds to their orders where they are missing, as core does it: with a credit line over what the order did not owe. The
 * caller needs the invoice's lease, because core may add them at the same time.
 *
 * An order that is being edited takes no credit line: its refunds stay missing until the edit has ended.
 */
export async function recordRefundsInOrders(container: MedusaContainer, ids: string[]): Promise<void> {
  for (const refund of await refundsMissingInOrders(container, ids)) await addToOrder(container, refund);
}

async function addToOrder(
  container: MedusaContainer,
  { id, amount, currency, orderId, about }: MissingRefund,
): Promise<void> {
  const orders = container.resolve(Modules.ORDER);
  const { summary } = await orders.retrieveOrder(orderId, { select: ["id", "summary"] });
  const unpaid = exactNumber(summary?.pending_difference ?? 0);
  const credit = unpaid.lt(0) ? amount.plus(unpaid) : amount;
  // Before the transaction: after a crash in between, the order has the amount outstanding, and gets no second credit line.
  if (credit.gt(0) && !(await addCreditLine(container, orderId, credit.toFixed(), about))) return;
  await orders.addOrderTransactions({
    ...{ order_id: orderId, amount: amount.negated().toFixed(), currency_code: currency },
    ...{ reference: REFUND, reference_id: id },
  });
}

/**
 * Adds a credit line as core's workflow does, which refuses cancelled orders.
 *
 * @returns false when the order is being edited
 */
async function addCreditLine(
  container: MedusaContainer,
  orderId: string,
  amount: string,
  about: MissingRefund["about"],
): Promise<boolean> {
  const orders = container.resolve(Modules.ORDER);
  const active = await orders.listOrderChanges({ order_id: orderId, status: ["pending", "requested"] });
  if (active.length > 0) return false;
  const change = await orders.createOrderChange({ order_id: orderId, change_type: "credit_line" });
  try {
    await orders.addOrderAction({
      ...{ order_change_id: change.id, order_id: orderId, version: change.version },
      ...{ action: "CREDIT_LINE_ADD", amount, ...about },
    });
    await orders.confirmOrderChange(change.id);
  } catch (error) {
    // A change that is left open would keep staff from every later change of the order.
    await orders.deleteOrderChanges([change.id]);
    throw error;
  }
  return true;
}
