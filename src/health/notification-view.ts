import { seqrError } from "../errors/error-codes";
import type { AdminSeqrNotification } from "../http-types";
import { orderNumbersOf } from "../medusa/exported-orders";
import type { Query } from "../medusa/queries";
import type { NotificationRecord, NotificationStore } from "../modules/seqr/public";
import { delayOf } from "./notification-findings";

/** Writes notifications as the admin API sends them. */
export async function notificationViews(
  query: Query,
  records: readonly NotificationRecord[],
): Promise<AdminSeqrNotification[]> {
  const orderIds = records.flatMap(({ order_id }) => order_id ?? []);
  const numbers = await orderNumbersOf(query, [...new Set(orderIds)]);
  return records.map((record) => notificationView(record, numbers));
}

/**
 * Finds a notification.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_NOTIFICATION
 */
export async function requiredNotification(
  notifications: Pick<NotificationStore, "find">,
  id: string,
): Promise<NotificationRecord> {
  const found = await notifications.find(id);
  if (!found) throw seqrError("SEQR_NO_SUCH_NOTIFICATION");
  return found;
}

function notificationView(
  record: NotificationRecord,
  orderNumbers: ReadonlyMap<string, string>,
): AdminSeqrNotification {
  const { id, received_at, result, requests, invoice_id, terminal, invoice_reference, order_id } = record;
  const number = Number(orderNumbers.get(order_id ?? ""));
  return {
    ...{ id, received_at: received_at.toISOString(), result, requests },
    ...{ invoice_id, terminal, invoice_reference, order_id },
    order_display_id: number > 0 ? number : null,
    // A repeated one tells nothing new, so that it is neither late nor in time.
    delay: result === "recorded" ? delayOf(received_at, record.paid_at) : null,
    replayed_at: record.replayed_at?.toISOString() ?? null,
    replayed_by: record.replayed_by,
  };
}
