import { after } from "../../../clock";
import type { NotificationStore } from "../notifications/notification-store";
import type { ServerStore } from "../servers/server-store";
import type { OperationContext } from "./operation-context";

const DAY = 86_400_000;
/** Notifications of each result that are deleted at once: a bound on how long the statement takes. */
const BATCH_SIZE = 1_000;

/**
 * Deletes notifications that are older than the option `notificationsKept` allows, and servers that have not watched for a day:
 * they are kept only for staff to read.
 */
export async function deleteOldNotifications({
  notifications,
  servers,
  clock,
  options,
}: Pick<OperationContext, "clock" | "options"> & {
  notifications: Pick<NotificationStore, "deleteBefore">;
  servers: Pick<ServerStore, "deleteBefore">;
}): Promise<void> {
  const now = clock.now();
  await notifications.deleteBefore(after(now, -options.notificationsKept * DAY), BATCH_SIZE);
  await servers.deleteBefore(after(now, -DAY));
}
