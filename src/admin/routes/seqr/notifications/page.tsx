import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../../components/lazy-page";

/** What SEQR has sent to the shop. */
const SeqrNotifications = lazyPage(
  () => import("../../../components/notifications/notification-list"),
  ["common", "notifications", "payments"],
);

export const config = defineRouteConfig({ label: "notifications.menu", translationNs: "seqr", rank: 4 });

export default SeqrNotifications;
