import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../../components/loading";

const AttentionPage = lazy(() => import("../../../components/attention-page"));

/** What needs attention. Loaded when it is opened. */
const SeqrAttention = () => (
  <Suspense fallback={<LoadingPage />}>
    <AttentionPage />
  </Suspense>
);

export const config = defineRouteConfig({ label: "attention.menu", translationNs: "seqr", rank: 1 });

export default SeqrAttention;
