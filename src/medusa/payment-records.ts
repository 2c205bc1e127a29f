import type { BigNumberValue } from "@medusajs/framework/types";
import { decimalString } from "../amounts";
import { readRows, type Query } from "./queries";

/** A refund as Medusa has recorded it. */
export interface RefundRecordInMedusa {
  /** Why, in the words of whoever made it. */
  note: string | null;
  /** Medusa's id of the member of staff. */
  created_by: string | null;
}

/** A capture as Medusa has recorded it. */
export interface CaptureInMedusa {
  id: string;
  amount: string;
  created_at: Date;
  /** Medusa's id of the member of staff; null when a process captured. */
  created_by: string | null;
}

/** Reads who made refunds in Medusa and why, by Medusa's ids of the refunds. Core deletes the record of a refund that was refused. */
export async function refundRecordsOf(
  query: Query,
  ids: readonly string[],
): Promise<Map<string, RefundRecordInMedusa>> {
  // The ledger's own words for refunds without a record are no ids.
  const wanted = ids.filter((id) => id.startsWith("ref_"));
  if (wanted.length === 0) return new Map();
  const rows = await readRows<{ id: string } & RefundRecordInMedusa>(query, {
    entity: "refund",
    fields: ["id", "note", "created_by"],
    filters: { id: wanted },
  });
  return new Map(rows.map(({ id, note, created_by }) => [id, { note, created_by }]));
}

interface CaptureRow {
  id: string;
  amount: BigNumberValue;
  created_at: string | Date;
  created_by: string | null;
}

/** Reads the captures of the payment of a payment session, oldest first. */
export async function capturesOfSession(query: Query, sessionId: string): Promise<CaptureInMedusa[]> {
  const payments = await readRows<{ captures?: CaptureRow[] | null }>(query, {
    entity: "payment",
    fields: ["id", "captures.id", "captures.amount", "captures.created_at", "captures.created_by"],
    filters: { payment_session_id: sessionId },
  });
  return payments
    .flatMap(({ captures }) => captures ?? [])
    .map(({ id, amount, created_at, created_by }) => ({
      ...{ id, amount: decimalString(amount), created_at: new Date(created_at), created_by },
    }))
    .sort((one, other) => one.created_at.getTime() - other.created_at.getTime());
}

/** Reads when an order was placed; undefined when it is gone. */
export async function orderPlacedAt(query: Query, orderId: string): Promise<Date | undefined> {
  const [order] = await readRows<{ created_at: string | Date }>(query, {
    entity: "order",
    fields: ["id", "created_at"],
    filters: { id: orderId },
  });
  return order && new Date(order.created_at);
}
