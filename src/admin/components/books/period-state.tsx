import { StatusBadge } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriod } from "../../../http-types";

const COLOR_OF: Record<AdminSeqrPeriod["state"], "green" | "orange" | "red" | "grey"> = {
  marking: "orange",
  marked: "orange",
  reconciled: "green",
  unreported: "red",
  lost: "red",
  refused: "grey",
};

/** How far the plugin is with a period, and whether it needs a person. */
export const PeriodState = ({ period }: { period: AdminSeqrPeriod }) => {
  const { t } = useTranslation("seqr");
  const { state, open_items, is_open, report_differs, summary_differs } = period;
  const open = open_items + Number(is_open) + Number(report_differs) + Number(summary_differs);
  return open > 0 && state === "reconciled" ? (
    <StatusBadge color="red">{t("books.open", { count: open })}</StatusBadge>
  ) : (
    <StatusBadge color={COLOR_OF[state]}>{t(`books.states.${state}`)}</StatusBadge>
  );
};
