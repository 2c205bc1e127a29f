import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriod } from "../../../http-types";
import { isUnderWay, useClosePeriod, usePeriods } from "../../hooks/use-books";
import { useFilter } from "../../hooks/use-filter";
import { useLocale } from "../../hooks/use-locale";
import { ConfirmedButton } from "../confirmed-button";
import { FileButtons, useBooksFiles } from "./file-buttons";
import { ClearFilters, DaysFilter, type Days } from "../list/filters";
import { ListHead } from "../list/list-head";
import { PeriodProgress } from "./period-progress";
import { PeriodState } from "./period-state";
import { LINK } from "../order-link";
import { Table, type Column } from "../list/table";

const NO_DAYS: Days = { from: "", to: "" };

/** The transaction periods that the plugin closed, newest first. */
export const PeriodList = ({ onOpen }: { onOpen: (id: string) => void }) => {
  const { t } = useTranslation("seqr");
  const { at } = useLocale();
  const { filter: days, change, clear, isFiltered, page, show } = useFilter(NO_DAYS);
  const list = usePeriods(days, page);
  const { data } = list;
  const columns: Column<AdminSeqrPeriod>[] = [
    {
      id: "closedAt",
      header: t("books.closedAt"),
      cell: ({ id, requested_at }) => (
        <a className={LINK} href={`#${id}`}>
          {at(requested_at)}
        </a>
      ),
    },
    { id: "of", header: t("books.of"), cell: ({ terminal }) => terminal ?? t("books.shop") },
    { id: "state", header: t("books.state"), cell: (period) => <PeriodState period={period} /> },
    {
      id: "reference",
      header: t("books.reference"),
      cell: ({ transaction_period_id }) => transaction_period_id ?? "–",
    },
  ];
  return (
    <Table
      head={
        <>
          <ListHead heading={t("books.heading")} subtitle={t("books.subtitle")} />
          <CloseButton />
        </>
      }
      filters={
        <>
          <DaysFilter days={days} onChange={change} />
          <ClearFilters isOn={isFiltered} onClear={clear} />
          {days.from && days.to && data && data.count > 0 && <FilesOfDays days={days} />}
        </>
      }
      notice={data?.periods.filter(isUnderWay).map((period) => (
        <PeriodProgress key={period.id} period={period} />
      ))}
      columns={columns}
      list={list}
      rows={data?.periods}
      empty={isFiltered ? "common.nothingFound" : "books.empty"}
      page={page}
      onPage={show}
      onRow={({ id }) => onOpen(id)}
    />
  );
};

/** The files of all periods that were closed on the chosen days. */
const FilesOfDays = ({ days }: { days: Days }) => (
  <div className="flex flex-wrap gap-2">
    <FileButtons files={useBooksFiles(days)} />
  </div>
);

const CloseButton = () => {
  const { t } = useTranslation("seqr");
  const { mutateAsync: close, isPending } = useClosePeriod();
  const act = async (): Promise<string> => {
    await close();
    return t("books.close.done");
  };
  return <ConfirmedButton texts="books.close" variant="secondary" isLoading={isPending} act={act} />;
};
