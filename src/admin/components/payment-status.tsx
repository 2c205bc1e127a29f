import { StatusBadge } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentRow } from "../../http-types";

type Color = "green" | "orange" | "red" | "grey" | "blue";

const COLOR_OF_STATE: Record<AdminSeqrPaymentRow["state"], Color> = {
  sending: "grey",
  open: "grey",
  canceling: "orange",
  unacknowledged: "orange",
  paid: "orange",
  captured: "green",
  reserved: "orange",
  authorized: "orange",
  awaiting_capture: "blue",
  capturing: "orange",
  committed: "green",
  releasing: "orange",
  lapsed: "red",
  completed: "green",
  refund_due: "orange",
  refunding: "orange",
  refunded: "grey",
  closed_by_staff: "grey",
  canceled: "grey",
  expired: "grey",
  failed: "red",
  not_issued: "grey",
};

/** How a payment stands, in words: what was refunded counts. */
export const PaymentStatus = ({ status, state }: Pick<AdminSeqrPaymentRow, "status" | "state">) => {
  const { t } = useTranslation("seqr");
  if (status === "refunded" || status === "partially_refunded") {
    return (
      <StatusBadge color={status === "refunded" ? "grey" : "orange"} className="whitespace-nowrap">
        {t(`payments.statuses.${status}`)}
      </StatusBadge>
    );
  }
  return (
    <StatusBadge color={status === "attention" ? "red" : COLOR_OF_STATE[state]} className="whitespace-nowrap">
      {t(`payments.states.${state}`)}
    </StatusBadge>
  );
};
