import { Badge, StatusBadge } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPayment, AdminSeqrRefund } from "../../http-types";
import { Field } from "./field";

type Color = "green" | "orange" | "red" | "grey";

const COLOR_OF_STATE: Record<AdminSeqrPayment["state"], Color> = {
  sending: "orange",
  open: "orange",
  canceling: "orange",
  unacknowledged: "orange",
  paid: "orange",
  captured: "green",
  reserved: "orange",
  authorized: "orange",
  awaiting_capture: "orange",
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

const COLOR_OF_REFUND: Record<AdminSeqrRefund["state"], Color> = {
  requested: "orange",
  done: "green",
  refused: "red",
  unknown: "red",
};

/** A SEQR payment: its references, state, amount and refunds. */
export const PaymentDetails = ({ payment }: { payment: AdminSeqrPayment }) => {
  const { t } = useTranslation("seqr");
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4">
      <Field name={t("payments.status")}>
        <StatusBadge color={COLOR_OF_STATE[payment.state]}>
          {t(`payments.states.${payment.state}`)}
        </StatusBadge>
      </Field>
      <Field name={t("payments.amount")}>
        {payment.amount} {payment.currency_code}
      </Field>
      {payment.state === "awaiting_capture" && payment.reserved_until && (
        <Field name={t("payments.reservedUntil")}>{new Date(payment.reserved_until).toLocaleString()}</Field>
      )}
      <Field name={t("payments.ersReference")}>{payment.ers_reference ?? "–"}</Field>
      <Field name={t("payments.invoiceReference")}>{payment.invoice_reference ?? "–"}</Field>
      {payment.paid_at && (
        <Field name={t("payments.paidAt")}>{new Date(payment.paid_at).toLocaleString()}</Field>
      )}
      {payment.problem && (
        <Field name={t("payments.problem")}>
          <Badge color="red" size="2xsmall">
            {payment.problem}
          </Badge>
        </Field>
      )}
      {payment.refunds.map((refund) => (
        <RefundDetails key={refund.id} refund={refund} currency={payment.currency_code} />
      ))}
    </div>
  );
};

const RefundDetails = ({ refund, currency }: { refund: AdminSeqrRefund; currency: string }) => {
  const { t } = useTranslation("seqr");
  return (
    <Field name={t("payments.refund", { amount: refund.amount, currency })}>
      <span className="flex flex-col items-end gap-y-1">
        <StatusBadge color={COLOR_OF_REFUND[refund.state]}>
          {t(`payments.refundStates.${refund.state}`)}
        </StatusBadge>
        {refund.refund_reference ?? (refund.result !== "0" && refund.result)}
      </span>
    </Field>
  );
};
