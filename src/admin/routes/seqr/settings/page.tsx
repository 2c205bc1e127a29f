import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../../components/lazy-page";

/** The options that are in force. */
const SeqrSettings = lazyPage(
  () => import("../../../components/settings/settings-page"),
  ["payments", "settings"],
);

export const config = defineRouteConfig({ label: "settings.menu", translationNs: "seqr", rank: 6 });

export default SeqrSettings;
