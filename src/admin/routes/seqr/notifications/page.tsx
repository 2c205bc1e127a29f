import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../../components/loading";

const NotificationList = lazy(() => import("../../../components/notification-list"));

/** What SEQR has sent to the shop. Loaded when it is opened. */
const SeqrNotifications = () => (
  <Suspense fallback={<LoadingPage />}>
    <NotificationList />
  </Suspense>
);

export const config = defineRouteConfig({ label: "notifications.menu", translationNs: "seqr", rank: 4 });

export default SeqrNotifications;
