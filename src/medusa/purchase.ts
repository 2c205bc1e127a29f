import { Modules, PaymentCollectionStatus } from "@medusajs/framework/utils";
import type { MedusaContainer, PaymentSessionDTO } from "@medusajs/framework/types";
import { decimalString } from "../amounts";
import { isSeqrProvider } from "../modules/seqr/public";
import type { Purchase } from "../processing/store-port";
import { queryOf, readCollectionIdsOfOrder, readOrderIdOfCollection, readSession } from "./queries";

/** Finds the purchase of a payment session; undefined when the session is gone, or its cart is gone without an order. */
export async function purchaseOf(
  container: MedusaContainer,
  sessionId: string,
): Promise<Purchase | undefined> {
  const session = await readSession(queryOf(container), sessionId);
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
    isCanceled: collection?.status === PaymentCollectionStatus.CANCELED,
    isUnpaid:
      orderId !== undefined &&
      !collection?.payments?.length &&
      (await hasOneSession(container, orderId, collection?.id ?? "")),
    paidOtherwise: (collection?.payments ?? []).some(({ id }) => id !== session.payment?.id),
  };
}

/**
 * Finds the order of a payment collection, when nothing of the order is paid and no payment session is left to pay it. A session
 * of SEQR without data can pay nothing: the process that started its payment crashed before there was an invoice.
 */
export async function unpayableOrderOf(
  container: MedusaContainer,
  collectionId: string,
): Promise<string | undefined> {
  const orderId = await readOrderIdOfCollection(queryOf(container), collectionId);
  if (orderId === undefined) return undefined;
  const collections = await container
    .resolve(Modules.PAYMENT)
    .listPaymentCollections(
      { id: await collectionsOf(container, orderId, collectionId) },
      { relations: ["payments", "payment_sessions"] },
    );
  const isLeft = collections.some(
    ({ payments, payment_sessions }) => payments?.length || payment_sessions?.some(isStarted),
  );
  return isLeft ? undefined : orderId;
}

function isStarted({ provider_id, data }: PaymentSessionDTO): boolean {
  return !isSeqrProvider(provider_id) || typeof data["session_id"] === "string";
}

/** Whether the order has one payment session only, in all of its payment collections. */
async function hasOneSession(
  container: MedusaContainer,
  orderId: string,
  collectionId: string,
): Promise<boolean> {
  const sessions = await container
    .resolve(Modules.PAYMENT)
    .listPaymentSessions(
      { payment_collection_id: await collectionsOf(container, orderId, collectionId) },
      { select: ["id"] },
    );
  return sessions.length === 1;
}

/** The payment collections of an order, also when the link to this one is missing. */
async function collectionsOf(
  container: MedusaContainer,
  orderId: string,
  collectionId: string,
): Promise<string[]> {
  return [...new Set([collectionId, ...(await readCollectionIdsOfOrder(queryOf(container), orderId))])];
}
