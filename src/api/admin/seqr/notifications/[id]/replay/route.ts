import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrError } from "../../../../../../errors/error-codes";
import { notificationViews, requiredNotification } from "../../../../../../health/notification-view";
import type { AdminSeqrNotificationReplayed } from "../../../../../../http-types";
import { queryOf } from "../../../../../../medusa/queries";
import { notificationsOf, seqrOf } from "../../../../../../modules/seqr";
import { processSeqrPaymentWorkflow } from "../../../../../../workflows/process-payment";

/** Has the payment of a notification processed again, as if the notification came now, and records who wanted that. */
export async function POST(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrNotificationReplayed>,
): Promise<void> {
  const notifications = notificationsOf(req.scope);
  const id = req.params["id"] ?? "";
  const { invoice_id } = await requiredNotification(notifications, id);
  if (invoice_id === null) throw seqrError("SEQR_NOTIFICATION_UNKNOWN");
  await notifications.recordReplay(id, req.auth_context.actor_id, seqrOf(req.scope).clock.now());
  const { result } = await processSeqrPaymentWorkflow(req.scope).run({
    input: { invoice_id, source: "staff" },
  });
  const [notification] = await notificationViews(queryOf(req.scope), [
    await requiredNotification(notifications, id),
  ]);
  if (!notification) throw seqrError("SEQR_NO_SUCH_NOTIFICATION");
  res.json({ notification, payment: result });
}
