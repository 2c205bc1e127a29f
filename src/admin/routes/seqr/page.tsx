import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../components/loading";
import { MenuIcon } from "../../components/menu-icon";

const Payments = lazy(() => import("../../components/payments"));

/** The payments. Loaded when they are opened. */
const SeqrPayments = () => (
  <Suspense fallback={<LoadingPage />}>
    <Payments />
  </Suspense>
);

export const config = defineRouteConfig({ label: "payments.heading", translationNs: "seqr", icon: MenuIcon });

export default SeqrPayments;
