import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../components/lazy-page";
import { MenuIcon } from "../../components/menu-icon";

/** The payments. */
const SeqrPayments = lazyPage(
  () => import("../../components/payments/payments"),
  ["attention", "books", "common", "payments", "payments-history", "payments-list", "problems"],
);

export const config = defineRouteConfig({ label: "payments.heading", translationNs: "seqr", icon: MenuIcon });

export default SeqrPayments;
