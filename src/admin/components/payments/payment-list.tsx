import { Badge, Button, toast } from "@medusajs/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentRow } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { usePaymentChoice } from "../../hooks/use-payment-choice";
import { usePayments, type PaymentChoice } from "../../hooks/use-payments";
import { download } from "../../lib/download";
import { failureKind } from "../../lib/live";
import { ListHead } from "../list/list-head";
import { LINK, OrderLink } from "../order-link";
import { PaymentFilters } from "./payment-filters";
import { PaymentStatus } from "./payment-status";
import { Table, type Column } from "../list/table";

/** All payments: search, filters, and the file of what is filtered. */
export const PaymentList = ({ onOpen }: { onOpen: (id: string) => void }) => {
  const { t } = useTranslation("seqr");
  const { choice, query, page, isFiltered, change, show, clear } = usePaymentChoice();
  const list = usePayments(query, page);
  return (
    <Table
      head={
        <>
          <ListHead heading={t("payments.title")} subtitle={t("payments.subtitle")} />
          <Export choice={query} />
        </>
      }
      filters={
        <PaymentFilters
          choice={choice}
          isFiltered={isFiltered}
          rows={list.data?.payments ?? []}
          onChange={change}
          onClear={clear}
        />
      }
      columns={useColumns()}
      list={list}
      rows={list.data?.payments}
      empty={isFiltered ? "payments.nothingFound" : "payments.empty"}
      page={page}
      onPage={show}
      onRow={({ id }) => onOpen(id)}
    />
  );
};

function useColumns(): Column<AdminSeqrPaymentRow>[] {
  const { t } = useTranslation("seqr");
  const { at, money } = useLocale();
  return [
    {
      id: "created",
      header: t("payments.columns.created"),
      cell: ({ id, created_at }) => (
        <a className={LINK} href={`#${id}`}>
          {at(created_at)}
        </a>
      ),
    },
    {
      id: "status",
      header: t("payments.columns.status"),
      cell: (row) => (
        <span className="flex items-center gap-x-1">
          <PaymentStatus {...row} />
          {row.problem !== null && <ProblemSign code={row.problem} />}
        </span>
      ),
    },
    { id: "order", header: t("payments.columns.order"), cell: (row) => <OrderLink of={row} /> },
    {
      id: "reference",
      header: t("payments.columns.reference"),
      cell: ({ ers_reference }) => ers_reference ?? "–",
    },
    {
      id: "amount",
      header: t("payments.columns.amount"),
      cell: ({ amount, currency_code }) => money(amount, currency_code),
    },
    {
      id: "net",
      header: t("payments.columns.net"),
      cell: ({ net_amount, currency_code }) => money(net_amount, currency_code),
    },
  ];
}

/** Says in a row that something stands in the way of its payment. */
const ProblemSign = ({ code }: { code: string }) => {
  const { t } = useTranslation("seqr");
  const words = t("payments.hasProblem", { code });
  return (
    <Badge color="red" size="2xsmall" role="img" aria-label={words} title={words}>
      !
    </Badge>
  );
};

/** Saves what is filtered as a file. */
const Export = ({ choice }: { choice: PaymentChoice }) => {
  const { t } = useTranslation("seqr");
  const [isRunning, setRunning] = useState(false);
  const save = async (): Promise<void> => {
    setRunning(true);
    try {
      const query = Object.entries(choice).map(([name, value]) => [name, String(value)] as const);
      await download("/admin/seqr/payments/export", Object.fromEntries(query));
    } catch (error) {
      const { message } = error as Error;
      toast.error(t(`payments.failures.${failureKind(error as Error)}`, { message }));
    } finally {
      setRunning(false);
    }
  };
  return (
    <Button variant="secondary" size="small" disabled={isRunning} onClick={() => void save()}>
      {t(isRunning ? "payments.exporting" : "payments.export")}
    </Button>
  );
};
