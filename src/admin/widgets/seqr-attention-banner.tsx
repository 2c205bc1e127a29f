import { defineWidgetConfig } from "@medusajs/admin-sdk";
import { Alert } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { LINK } from "../components/order-link";
import { useAttentionCount } from "../hooks/use-attention";
import { FIRST } from "../lib/first";
import { LIVE } from "../lib/live";

/** Leads from the list of orders to what needs a person. Not shown where nothing does. */
const SeqrAttentionBanner = () => {
  const { t } = useTranslation("seqr");
  const count = useAttentionCount(LIVE);
  if (count === 0) return null;
  return (
    <Alert variant="warning" style={FIRST} data-testid="seqr-attention-banner">
      <span className="flex flex-wrap items-center justify-between gap-x-4">
        {t("attention.banner", { count })}
        <Link className={LINK} to="/seqr/attention">
          {t("attention.open")}
        </Link>
      </span>
    </Alert>
  );
};

export const config = defineWidgetConfig({ zone: "order.list.before" });

export default SeqrAttentionBanner;
