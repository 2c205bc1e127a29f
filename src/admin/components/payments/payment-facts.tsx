import { Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentDetails } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { isNothing } from "../../lib/amounts";
import { Copied } from "../copied";
import { Field } from "../field";
import { OrderLink } from "../order-link";
import { PaymentStatus } from "./payment-status";
import { ReceiptBadge } from "./receipt-badge";

/** Name of the terminal of a store with one terminal, where it says nothing. */
const ONLY_TERMINAL = "seqr";

interface FactsProps {
  payment: AdminSeqrPaymentDetails;
  /** Whether the order is shown around the payment. */
  isInOrder?: boolean;
}

/** How a payment stands, why, and what it comes to. */
export const PaymentMoney = ({ payment }: FactsProps) => {
  const { t } = useTranslation("seqr");
  const { at, money } = useLocale();
  const { currency_code: currency, reason, reserved_amount, disputed_amount } = payment;
  return (
    <div className="flex flex-col gap-y-3">
      <Field name={t("payments.status")}>
        <span className="flex justify-end">
          <PaymentStatus {...payment} />
        </span>
      </Field>
      {reason !== null && (
        <Text size="small" className="text-ui-fg-subtle">
          {t(`payments.reasons.${reason}`, reason)}
        </Text>
      )}
      <Field name={t("payments.amount")}>{money(payment.amount, currency)}</Field>
      {!isNothing(payment.refunded_amount) && (
        <Field name={t("payments.refundedAmount")}>{money(payment.refunded_amount, currency)}</Field>
      )}
      <Field name={t("payments.netAmount")}>
        <Text as="span" size="small" leading="compact" weight="plus" className="text-ui-fg-base">
          {money(payment.net_amount, currency)}
        </Text>
      </Field>
      {reserved_amount !== null && (
        <Field name={t("payments.reservedAmount")}>{money(reserved_amount, currency)}</Field>
      )}
      {payment.reserved_until !== null && payment.state === "awaiting_capture" && (
        <Field name={t("payments.reservedUntil")}>{at(payment.reserved_until)}</Field>
      )}
      {disputed_amount !== null && (
        <Field name={t("payments.disputedAmount")}>{money(disputed_amount, currency)}</Field>
      )}
    </div>
  );
};

/** The references of a payment, each to be copied, its terminal and its times. */
export const PaymentReferences = ({ payment, isInOrder = false }: FactsProps) => {
  const { t } = useTranslation("seqr");
  const { at } = useLocale();
  const { terminal } = payment;
  return (
    <div className="flex flex-col gap-y-3">
      <Field name={t("payments.ersReference")}>
        <Copied name={t("payments.ersReference")} text={payment.ers_reference} />
      </Field>
      <Field name={t("payments.invoiceReference")}>
        <Copied name={t("payments.invoiceReference")} text={payment.invoice_reference} />
      </Field>
      {!isInOrder && (
        <>
          <Field name={t("payments.order")}>
            <OrderLink of={payment} />
          </Field>
          <Field name={t("payments.cart")}>
            <Copied name={t("payments.cart")} text={payment.cart_id} />
          </Field>
          <Field name={t("payments.paymentId")}>
            <Copied name={t("payments.paymentId")} text={payment.id} />
          </Field>
        </>
      )}
      {terminal !== null && (terminal !== ONLY_TERMINAL || !isInOrder) && (
        <Field name={t("payments.terminal")}>{terminal}</Field>
      )}
      {!isInOrder && <Field name={t("payments.createdAt")}>{at(payment.created_at)}</Field>}
      {payment.state === "open" && <Field name={t("payments.expiresAt")}>{at(payment.expires_at)}</Field>}
      {payment.paid_at !== null && <Field name={t("payments.paidAt")}>{at(payment.paid_at)}</Field>}
      {payment.completed_at !== null && !isInOrder && (
        <Field name={t("payments.completedAt")}>{at(payment.completed_at)}</Field>
      )}
      {payment.due_at !== null && <Field name={t("payments.dueAt")}>{at(payment.due_at)}</Field>}
      {payment.receipt_state !== null && (
        <Field name={t("payments.receipt")}>
          <ReceiptBadge state={payment.receipt_state} />
        </Field>
      )}
    </div>
  );
};
