import { Badge, StatusBadge } from "@medusajs/ui";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPayment, AdminSeqrReceipt, AdminSeqrRefund } from "../../http-types";
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

const COLOR_OF_RECEIPT: Record<AdminSeqrReceipt["state"], Color> = {
  pending: "orange",
  sent: "green",
  refused: "red",
  skipped: "grey",
};

const COLOR_OF_REFUND: Record<AdminSeqrRefund["state"], Color> = {
  requested: "orange",
  done: "green",
  refused: "red",
  unknown: "red",
};

/** Name of the terminal of a store with one terminal, where it tells nothing. */
const ONLY_TERMINAL = "seqr";

/** A SEQR payment: its references, state, amount, refunds and receipts. */
export const PaymentDetails = ({ payment }: { payment: AdminSeqrPayment }) => {
  const { t } = useTranslation("seqr");
  const receiptOf = (refundId: string | null): AdminSeqrReceipt | undefined =>
    payment.receipts.find(({ refund_id }) => refund_id === refundId);
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
      {payment.terminal && payment.terminal !== ONLY_TERMINAL && (
        <Field name={t("payments.terminal")}>{payment.terminal}</Field>
      )}
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
      <ReceiptDetails receipt={receiptOf(null)} />
      {payment.refunds.map((refund) => (
        <Fragment key={refund.id}>
          <RefundDetails refund={refund} currency={payment.currency_code} />
          <ReceiptDetails receipt={receiptOf(refund.id)} />
        </Fragment>
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

const ReceiptDetails = ({ receipt }: { receipt: AdminSeqrReceipt | undefined }) => {
  const { t } = useTranslation("seqr");
  if (!receipt) return null;
  return (
    <Field name={t(receipt.refund_id === null ? "payments.receipt" : "payments.refundReceipt")}>
      <span className="flex flex-col items-end gap-y-1">
        <StatusBadge color={COLOR_OF_RECEIPT[receipt.state]}>
          {t(`payments.receiptStates.${receipt.state}`)}
        </StatusBadge>
        {receipt.result !== "0" && receipt.result}
      </span>
    </Field>
  );
};
