import { StatusBadge, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriod } from "../../../http-types";
import { isUnderWay } from "../../hooks/use-books";

const STEPS = ["marked", "reported", "reconciled"] as const;

/** How many of the steps of closing a period are done. */
export function stepsDone(period: AdminSeqrPeriod): number {
  return STEPS.filter((step) => period[`${step}_at`] !== null).length;
}

/** What is done and what comes next while a period is being closed. Nothing once that is over. */
export const PeriodProgress = ({ period }: { period: AdminSeqrPeriod }) => {
  const { t } = useTranslation("seqr");
  if (!isUnderWay(period)) return null;
  const done = stepsDone(period);
  return (
    <div className="flex flex-col gap-y-2 px-6 py-4" role="status" data-testid="seqr-progress">
      <Text size="small" weight="plus">
        {t("books.progress.heading", { done, all: STEPS.length })}
      </Text>
      <ol className="flex flex-wrap gap-2">
        {STEPS.map((step, at) => (
          <li key={step}>
            <StatusBadge color={at < done ? "green" : at === done ? "orange" : "grey"}>
              {t(`books.progress.${step}`)}
            </StatusBadge>
          </li>
        ))}
      </ol>
    </div>
  );
};
