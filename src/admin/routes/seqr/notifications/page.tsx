import { defineRouteConfig } from "@medusajs/admin-sdk";
import { NotificationList } from "../../../components/notification-list";

/** What SEQR has sent to the shop. */
const SeqrNotifications = () => <NotificationList />;

export const config = defineRouteConfig({ label: "notifications.menu", translationNs: "seqr", rank: 4 });

export default SeqrNotifications;
