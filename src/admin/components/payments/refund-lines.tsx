import { StatusBadge, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrRefundDetails } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { isDropped } from "../../lib/refunds";
import { Copied } from "../copied";
import { Field } from "../field";
import { ReceiptBadge } from "./receipt-badge";
import { reasonWords } from "./timeline";

const COLOR_OF: Record<AdminSeqrRefundDetails["state"], "green" | "orange" | "red"> = {
  requested: "orange",
  done: "green",
  refused: "red",
  unknown: "red",
};

interface RefundsProps {
  refunds: AdminSeqrRefundDetails[];
  /** Whether no heading says that these are refunds. */
  isInOrder?: boolean;
}

/** The refunds of a payment: how much, how it stands, who made it and why, and SEQR's reference. */
export const RefundLines = ({ refunds, isInOrder = false }: RefundsProps) => {
  const { t } = useTranslation("seqr");
  const { at, money } = useLocale();
  return (
    <ul className="flex flex-col gap-y-3" data-testid="seqr-refunds">
      {refunds.map((refund) => (
        <li key={refund.id} className="flex flex-col gap-y-1">
          <div className="flex items-center justify-between gap-x-4">
            <Text size="small" leading="compact" weight="plus">
              {isInOrder
                ? t("payments.refundOf", { amount: money(refund.amount, refund.currency_code) })
                : money(refund.amount, refund.currency_code)}
            </Text>
            <StatusBadge color={isDropped(refund) ? "grey" : COLOR_OF[refund.state]}>
              {isDropped(refund) ? t("payments.notMade") : t(`payments.refundStates.${refund.state}`)}
            </StatusBadge>
          </div>
          <Text size="small" leading="compact" className="text-ui-fg-subtle break-words">
            {[
              at(refund.requested_at),
              refund.actor ? t("payments.by", { who: refund.actor }) : t("payments.byPlugin"),
              refund.note ?? reasonWords(t, refund.reason),
            ].join(" · ")}
          </Text>
          {refund.result !== null && refund.result !== "0" && !isDropped(refund) && (
            <Text size="small" leading="compact" className="text-ui-fg-error">
              {t(`problems.${refund.result}.cause`, refund.result)}{" "}
              {refund.state === "refused" && t(`problems.${refund.result}.cure`, "")}
            </Text>
          )}
          {refund.refund_reference !== null && (
            <span className="text-ui-fg-subtle">
              <Copied name={t("attention.dialog.refundReference")} text={refund.refund_reference} />
            </span>
          )}
          {refund.receipt_state !== null && (
            <Field name={t("payments.refundReceipt")}>
              <ReceiptBadge state={refund.receipt_state} />
            </Field>
          )}
        </li>
      ))}
    </ul>
  );
};
