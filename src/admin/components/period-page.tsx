import { Button, Container, Heading, Text, toast } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriodDetails, AdminSeqrPeriodTotals } from "../../http-types";
import { usePeriod } from "../hooks/use-books";
import { download } from "../lib/download";
import { Field } from "./field";
import { PeriodItems } from "./period-items";
import { PeriodState } from "./period-state";

/** A period: what SEQR and the shop say, the differences, and the files. */
export const PeriodPage = ({ id, onBack }: { id: string; onBack: () => void }) => {
  const { t } = useTranslation("seqr");
  const { data: period, error } = usePeriod(id);
  return (
    <div className="flex flex-col gap-y-3">
      <Container className="divide-y p-0">
        <div className="flex items-center justify-between gap-x-4 px-6 py-4">
          <Heading>{t("books.period")}</Heading>
          <Button variant="transparent" size="small" onClick={onBack}>
            {t("books.back")}
          </Button>
        </div>
        {error ? (
          <Text className="px-6 py-4" size="small" role="alert">
            {t("books.loadError", { message: error.message })}
          </Text>
        ) : period ? (
          <Details period={period} />
        ) : (
          <Text className="text-ui-fg-subtle px-6 py-4" size="small" role="status">
            {t("books.loading")}
          </Text>
        )}
      </Container>
      {period && <PeriodItems period={period} />}
    </div>
  );
};

const Details = ({ period }: { period: AdminSeqrPeriodDetails }) => {
  const { t } = useTranslation("seqr");
  const at = (time: string | null): string => (time ? new Date(time).toLocaleString() : "–");
  return (
    <>
      <div className="flex flex-col gap-y-3 px-6 py-4">
        <Field name={t("books.state")}>
          <PeriodState period={period} />
        </Field>
        {period.result !== null && period.result !== "0" && (
          <Field name={t("books.result")}>{period.result}</Field>
        )}
        <Field name={t("books.of")}>{period.terminal ?? t("books.shop")}</Field>
        <Field name={t("books.reference")}>{period.transaction_period_id ?? "–"}</Field>
        <Field name={t("books.openedAt")}>{at(period.opened_at)}</Field>
        <Field name={t("books.closedAt")}>{at(period.requested_at)}</Field>
      </div>
      {period.totals.map((totals) => (
        <Totals key={totals.currency_code} totals={totals} />
      ))}
      <Files period={period} />
    </>
  );
};

const Totals = ({ totals }: { totals: AdminSeqrPeriodTotals }) => {
  const { t } = useTranslation("seqr");
  const currency = totals.currency_code ?? t("books.unknownCurrency");
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4" data-testid={`seqr-totals-${totals.currency_code}`}>
      {(["reported", "expected", "difference"] as const).map((name) => (
        <Field key={name} name={t(`books.totals.${name}`)}>
          {totals[name]} {currency}
        </Field>
      ))}
      {Object.entries(totals.classes).map(([name, { count, reported, expected }]) => (
        <Field key={name} name={`${t(`books.classes.${name}`)} (${count})`}>
          {t("books.totals.both", { reported, expected })}
        </Field>
      ))}
    </div>
  );
};

const FILES = [
  { name: "overviewCsv", query: { content: "overview", format: "csv" } },
  { name: "itemsCsv", query: { content: "items", format: "csv" } },
  { name: "itemsJson", query: { content: "items", format: "json" } },
  { name: "sie", query: { format: "sie" } },
] as const;

const Files = ({ period: { id, state, is_open, reports } }: { period: AdminSeqrPeriodDetails }) => {
  const { t } = useTranslation("seqr");
  const save = (path: string, query?: Record<string, string>) => () =>
    void download(path, query).catch((error: Error) => toast.error(error.message));
  const canExport = ["reconciled", "lost", "unreported"].includes(state) && !is_open;
  if (!canExport && reports.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-2 px-6 py-4">
      {canExport &&
        FILES.map(({ name, query }) => (
          <Button
            key={name}
            variant="secondary"
            size="small"
            onClick={save("/admin/seqr/books/export", { ...query, period_id: id })}
          >
            {t(`books.files.${name}`)}
          </Button>
        ))}
      {reports.map((report) => (
        <Button
          key={report.id}
          variant="transparent"
          size="small"
          onClick={save(`/admin/seqr/periods/${id}/reports/${report.id}`)}
        >
          {report.report_id}
        </Button>
      ))}
    </div>
  );
};
