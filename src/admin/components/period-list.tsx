import { Button, Heading, Text, toast, usePrompt } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriod } from "../../http-types";
import { useClosePeriod, usePeriods } from "../hooks/use-books";
import { PeriodState } from "./period-state";
import { Table, usePage, type Column } from "./table";

/** The transaction periods that the plugin closed, newest first. */
export const PeriodList = ({ onOpen }: { onOpen: (id: string) => void }) => {
  const { t } = useTranslation("seqr");
  const [page, setPage] = usePage("");
  const { data, error } = usePeriods(page);
  const columns: Column<AdminSeqrPeriod>[] = [
    {
      id: "closedAt",
      header: t("books.closedAt"),
      cell: ({ id, requested_at }) => <a href={`#${id}`}>{new Date(requested_at).toLocaleString()}</a>,
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
          <div>
            <Heading>{t("books.heading")}</Heading>
            <Text size="small" className="text-ui-fg-subtle">
              {t("books.subtitle")}
            </Text>
          </div>
          <CloseButton />
        </>
      }
      columns={columns}
      rows={data?.periods}
      count={data?.count}
      error={error}
      empty={{ heading: t("books.empty.heading"), description: t("books.empty.description") }}
      page={page}
      onPage={setPage}
      onRow={({ id }) => onOpen(id)}
    />
  );
};

const CloseButton = () => {
  const { t } = useTranslation("seqr");
  const prompt = usePrompt();
  const { mutateAsync: close, isPending } = useClosePeriod();
  const ask = async (): Promise<void> => {
    const isWanted = await prompt({
      title: t("books.close.action"),
      description: t("books.close.description"),
      confirmText: t("books.close.confirm"),
      cancelText: t("books.close.cancel"),
      variant: "confirmation",
    });
    if (!isWanted) return;
    try {
      await close();
      toast.success(t("books.close.done"));
    } catch (error) {
      toast.error((error as Error).message);
    }
  };
  return (
    <Button variant="secondary" size="small" isLoading={isPending} onClick={() => void ask()}>
      {t("books.close.action")}
    </Button>
  );
};
