import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import type { BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { decimalString } from "../amounts";
import type { Purchase } from "../processing/store-port";

const FIELDS = [
  "id",
  "payment.id",
  "payment_collection.id",
  "payment_collection.amount",
  "payment_collection.payments.id",
  "payment_collection.cart.id",
  "payment_collection.cart.order.id",
  "payment_collection.order.id",
];

interface SessionRow {
  payment?: { id: string } | null;
  payment_collection?: {
    id: string;
    amount: BigNumberValue;
    payments?: { id: string }[] | null;
    cart?: { id: string; order?: { id: string } | null } | null;
    order?: { id: string } | null;
  } | null;
}

/** Looks up the purchase of a payment session; undefined when the session is gone, or its cart without an order is. */
export async function purchaseOf(
  container: MedusaContainer,
  sessionId: string,
): Promise<Purchase | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "payment_session",
    fields: FIELDS,
    filters: { id: sessionId },
  });
  const session = (data as unknown as SessionRow[])[0];
  if (!session) return undefined;
  const collection = session.payment_collection;
  const cartId = collection?.cart?.id;
  const orderId = collection?.order?.id ?? collection?.cart?.order?.id;
  if (cartId === undefined && orderId === undefined) return undefined;
  return {
    cartId,
    orderId,
    paymentId: session.payment?.id,
    amount: decimalString(collection?.amount ?? 0),
    isUnpaid:
      orderId !== undefined &&
      !collection?.payments?.length &&
      (await isAlone(container, orderId, collection?.id ?? "")),
    paidOtherwise: (collection?.payments ?? []).some(({ id }) => id !== session.payment?.id),
  };
}

/** Whether there is no session but one with which anybody can pay an order or has paid it, in none of its collections. */
async function isAlone(container: MedusaContainer, orderId: string, collectionId: string): Promise<boolean> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: "order",
    fields: ["id", "payment_collections.id"],
    filters: { id: orderId },
  });
  const [order] = data as unknown as { payment_collections?: { id: string }[] | null }[];
  const ids = new Set([collectionId, ...(order?.payment_collections ?? []).map(({ id }) => id)]);
  const sessions = await container
    .resolve(Modules.PAYMENT)
    .listPaymentSessions({ payment_collection_id: [...ids] }, { select: ["id"] });
  return sessions.length === 1;
}
