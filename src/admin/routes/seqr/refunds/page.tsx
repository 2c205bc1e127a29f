import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../../components/loading";

const RefundList = lazy(() => import("../../../components/refund-list"));

/** The refunds of all payments. Loaded when they are opened. */
const SeqrRefunds = () => (
  <Suspense fallback={<LoadingPage />}>
    <RefundList />
  </Suspense>
);

export const config = defineRouteConfig({ label: "refunds.menu", translationNs: "seqr", rank: 2 });

export default SeqrRefunds;
