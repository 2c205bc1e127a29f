import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { Purchase } from "./shop";

const FIELDS = [
  "id",
  "payment.id",
  "payment_collection.payments.id",
  "payment_collection.payment_sessions.id",
  "payment_collection.cart.id",
  "payment_collection.cart.order.id",
  "payment_collection.order.id",
];

interface SessionRow {
  payment?: { id: string } | null;
  payment_collection?: {
    payments?: { id: string }[] | null;
    payment_sessions?: { id: string }[] | null;
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
    isUnpaid: !collection?.payments?.length && collection?.payment_sessions?.length === 1,
    paidOtherwise: (collection?.payments ?? []).some(({ id }) => id !== session.payment?.id),
  };
}
