import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../../components/loading";

const HealthPage = lazy(() => import("../../../components/health-page"));

/** How SEQR is connected, and whether the plugin runs as it should. Loaded when it is opened. */
const SeqrHealth = () => (
  <Suspense fallback={<LoadingPage />}>
    <HealthPage />
  </Suspense>
);

export const config = defineRouteConfig({ label: "health.menu", translationNs: "seqr", rank: 5 });

export default SeqrHealth;
