import { defineRouteConfig } from "@medusajs/admin-sdk";
import { SettingsPage } from "../../../components/settings-page";

/** The options that are in force. */
const SeqrSettings = () => <SettingsPage />;

export const config = defineRouteConfig({ label: "settings.menu", translationNs: "seqr", rank: 6 });

export default SeqrSettings;
