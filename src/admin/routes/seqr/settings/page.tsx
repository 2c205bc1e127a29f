import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../../components/loading";

const SettingsPage = lazy(() => import("../../../components/settings-page"));

/** The options that are in force. Loaded when they are opened. */
const SeqrSettings = () => (
  <Suspense fallback={<LoadingPage />}>
    <SettingsPage />
  </Suspense>
);

export const config = defineRouteConfig({ label: "settings.menu", translationNs: "seqr", rank: 6 });

export default SeqrSettings;
