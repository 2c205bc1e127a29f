import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { BigNumberValue, MedusaContainer, RemoteQueryFunction } from "@medusajs/framework/types";

/** Medusa's query, as far as the plugin uses it. */
export type Query = Pick<RemoteQueryFunction, "graph">;

/** What to read from Medusa. */
interface Question {
  entity: string;
  fields: readonly string[];
  filters?: object;
  /** Left out, all rows. */
  pagination?: { take: number; order: object };
  /** Whether rows that were deleted, and are still there, are read too. */
  withDeleted?: boolean;
}

/** Medusa's query in a container. */
export function queryOf(container: MedusaContainer): Query {
  return container.resolve(ContainerRegistrationKeys.QUERY);
}

/**
 * Reads rows from Medusa. Its query is typed by the schema that a store generates, which a plugin does not have: the row's type
 * is therefore said here, beside the fields, and nowhere else.
 */
export async function readRows<Row>(query: Query, question: Question): Promise<Row[]> {
  const { data } = await query.graph(question as Parameters<Query["graph"]>[0]);
  return data as unknown as Row[];
}

/** A payment session, and the purchase that it can pay: a cart, or an order that was changed. */
interface SessionRow {
  payment?: { id: string } | null;
  payment_collection?: {
    id: string;
    amount: BigNumberValue;
    status: string;
    payments?: { id: string }[] | null;
    cart?: { id: string; order?: { id: string } | null } | null;
    order?: { id: string } | null;
  } | null;
}

/** Reads a payment session with its purchase; undefined when the session is gone. */
export async function readSession(query: Query, id: string): Promise<SessionRow | undefined> {
  const [session] = await readRows<SessionRow>(query, {
    entity: "payment_session",
    fields: [
      "id",
      "payment.id",
      "payment_collection.id",
      "payment_collection.amount",
      "payment_collection.status",
      "payment_collection.payments.id",
      "payment_collection.cart.id",
      "payment_collection.cart.order.id",
      "payment_collection.order.id",
    ],
    filters: { id },
  });
  return session;
}

/** A payment collection with its sessions and the purchase that it is of. */
export interface CollectionRow {
  amount: BigNumberValue;
  status: string;
  payment_sessions?: { id: string; data?: Record<string, unknown> | null }[] | null;
  cart?: { id: string; completed_at?: string | null; order?: { id: string } | null } | null;
  /** Of a payment for an order that was changed. */
  order?: { id: string; canceled_at?: string | null } | null;
}

/** Reads a payment collection; undefined when it is gone. */
export async function readCollection(query: Query, id: string): Promise<CollectionRow | undefined> {
  const [collection] = await readRows<CollectionRow>(query, {
    entity: "payment_collection",
    fields: [
      "id",
      "amount",
      "status",
      "payment_sessions.*",
      "cart.id",
      "cart.completed_at",
      "cart.order.id",
      "order.id",
      "order.canceled_at",
    ],
    filters: { id },
  });
  return collection;
}

/** Reads the id of the order that a payment collection is of: its own, or that of its cart. */
export async function readOrderIdOfCollection(query: Query, id: string): Promise<string | undefined> {
  const [collection] = await readRows<Pick<CollectionRow, "cart" | "order">>(query, {
    entity: "payment_collection",
    fields: ["id", "order.id", "cart.order.id"],
    filters: { id },
  });
  return collection?.order?.id ?? collection?.cart?.order?.id;
}

/** Reads the ids of an order's payment collections. */
export async function readCollectionIdsOfOrder(query: Query, orderId: string): Promise<string[]> {
  const [order] = await readRows<{ payment_collections?: { id: string }[] | null }>(query, {
    entity: "order",
    fields: ["id", "payment_collections.id"],
    filters: { id: orderId },
  });
  return (order?.payment_collections ?? []).map(({ id }) => id);
}
