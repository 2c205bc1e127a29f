import { StatusBadge } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrReceipt } from "../../../http-types";

const COLOR_OF: Record<AdminSeqrReceipt["state"], "green" | "orange" | "red" | "grey"> = {
  pending: "orange",
  sent: "green",
  refused: "red",
  skipped: "grey",
};

/** How the receipt of a payment or a refund stands at SEQR. */
export const ReceiptBadge = ({ state }: { state: AdminSeqrReceipt["state"] }) => {
  const { t } = useTranslation("seqr");
  return (
    <span className="flex justify-end">
      <StatusBadge color={COLOR_OF[state]}>{t(`payments.receiptStates.${state}`)}</StatusBadge>
    </span>
  );
};
