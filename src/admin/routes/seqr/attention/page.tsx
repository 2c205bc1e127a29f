import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../../components/lazy-page";

/** What needs attention. */
const SeqrAttention = lazyPage(
  () => import("../../../components/attention/attention-page"),
  ["attention", "books", "common", "payments", "payments-history", "problems"],
);

export const config = defineRouteConfig({ label: "attention.menu", translationNs: "seqr", rank: 1 });

export default SeqrAttention;
