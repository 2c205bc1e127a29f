import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../../components/lazy-page";

/** How SEQR is connected, and whether the plugin runs as it should. */
const SeqrHealth = lazyPage(() => import("../../../components/health/health-page"), ["health", "payments"]);

export const config = defineRouteConfig({ label: "health.menu", translationNs: "seqr", rank: 5 });

export default SeqrHealth;
