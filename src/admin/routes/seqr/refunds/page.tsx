import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../../components/lazy-page";

/** The refunds of all payments. */
const SeqrRefunds = lazyPage(
  () => import("../../../components/refunds/refund-list"),
  ["common", "payments", "refunds"],
);

export const config = defineRouteConfig({ label: "refunds.menu", translationNs: "seqr", rank: 2 });

export default SeqrRefunds;
