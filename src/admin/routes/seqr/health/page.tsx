import { defineRouteConfig } from "@medusajs/admin-sdk";
import { HealthPage } from "../../../components/health-page";

/** How SEQR is connected, and whether the plugin runs as it should. */
const SeqrHealth = () => <HealthPage />;

export const config = defineRouteConfig({ label: "health.menu", translationNs: "seqr", rank: 5 });

export default SeqrHealth;
