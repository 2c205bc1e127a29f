import { Button, Container, Heading } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriodDetails, AdminSeqrPeriodTotals } from "../../../http-types";
import { usePeriod } from "../../hooks/use-books";
import { useLocale } from "../../hooks/use-locale";
import { FailureNote } from "../failure";
import { Field } from "../field";
import { FileButtons, useBooksFiles } from "./file-buttons";
import { Loading } from "../loading";
import { PeriodItems } from "./period-items";
import { PeriodProgress } from "./period-progress";
import { PeriodState } from "./period-state";

/** A period: what SEQR and the shop say, the differences, and the files. */
export const PeriodPage = ({ id, onBack }: { id: string; onBack: () => void }) => {
  const { t } = useTranslation("seqr");
  const { data: period, error, dataUpdatedAt, refetch } = usePeriod(id);
  return (
    <div className="flex flex-col gap-y-3">
      <Container className="divide-y p-0">
        <div className="flex items-center justify-between gap-x-4 px-6 py-4">
          <Heading>{t("books.period")}</Heading>
          <Button variant="transparent" size="small" onClick={onBack}>
            {t("books.back")}
          </Button>
        </div>
        <FailureNote error={error} updatedAt={dataUpdatedAt} onRetry={() => void refetch()} />
        {period && <Details period={period} />}
        {!period && !error && <Loading rows={8} />}
      </Container>
      {period && <PeriodItems period={period} />}
    </div>
  );
};

const Details = ({ period }: { period: AdminSeqrPeriodDetails }) => {
  const { t } = useTranslation("seqr");
  const { at } = useLocale();
  return (
    <>
      <PeriodProgress period={period} />
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
  const { money } = useLocale();
  const currency = totals.currency_code ?? t("books.unknownCurrency");
  const open = Object.values(totals.classes).reduce((sum, { open }) => sum + open, 0);
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4" data-testid={`seqr-totals-${totals.currency_code}`}>
      {(["reported", "expected", "difference"] as const).map((name) => (
        <Field key={name} name={t(`books.totals.${name}`)}>
          {money(totals[name], currency)}
        </Field>
      ))}
      <Field name={t("books.totals.left")}>
        {open === 0 ? t("books.totals.nothingLeft") : t("books.open", { count: open })}
      </Field>
      {Object.entries(totals.classes).map(([name, { count, reported, expected }]) => (
        <Field key={name} name={`${t(`books.classes.${name}`)} (${count})`}>
          {t("books.totals.both", {
            reported: money(reported, currency),
            expected: money(expected, currency),
          })}
        </Field>
      ))}
    </div>
  );
};

const Files = ({ period: { id, state, is_open, reports } }: { period: AdminSeqrPeriodDetails }) => {
  const files = useBooksFiles({ period_id: id });
  const canExport = ["reconciled", "lost", "unreported"].includes(state) && !is_open;
  if (!canExport && reports.length === 0) return null;
  const originals = reports.map((report) => ({
    label: report.report_id,
    path: `/admin/seqr/periods/${id}/reports/${report.id}`,
    isOriginal: true,
  }));
  return (
    <div className="flex flex-wrap gap-2 px-6 py-4">
      <FileButtons files={[...(canExport ? files : []), ...originals]} />
    </div>
  );
};
