import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

interface Ordered {
  order_id: string | null;
  order_display_id?: number | null;
}

/** How a link is shown: in the darker of the dashboard's two blues, because the other has too little contrast. */
export const LINK = "text-ui-fg-interactive-hover hover:text-ui-fg-base";

/** A link to the order of a payment, by its number where that is known. */
export const OrderLink = ({ of: { order_id, order_display_id } }: { of: Ordered }) => {
  const { t } = useTranslation("seqr");
  if (order_id === null) return <>{t("payments.noOrder")}</>;
  return (
    <Link className={LINK} to={`/orders/${order_id}`} onClick={(event) => event.stopPropagation()}>
      {order_display_id ? `#${order_display_id}` : t("payments.openOrder")}
    </Link>
  );
};
