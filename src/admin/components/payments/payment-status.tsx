import { StatusBadge } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentRow } from "../../../http-types";
import { isNothing } from "../../lib/amounts";

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

type Shown = Pick<AdminSeqrPaymentRow, "status" | "state" | "refunded_amount" | "net_amount">;

/** How a payment stands, in words: what was refunded counts. It is red where a person has to decide. */
export const PaymentStatus = ({ status, state, refunded_amount, net_amount }: Shown) => {
  const { t } = useTranslation("seqr");
  const refunded = isNothing(refunded_amount)
    ? undefined
    : isNothing(net_amount)
      ? "refunded"
      : "partially_refunded";
  const color = refunded === undefined ? COLOR_OF_STATE[state] : refunded === "refunded" ? "grey" : "orange";
  return (
    <StatusBadge color={status === "attention" ? "red" : color} className="whitespace-nowrap">
      {refunded ? t(`payments.statuses.${refunded}`) : t(`payments.states.${state}`)}
    </StatusBadge>
  );
};
