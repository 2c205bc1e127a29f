import { Button, Heading, StatusBadge } from "@medusajs/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPeriod, AdminSeqrReconciliationItem } from "../../../http-types";
import { usePage } from "../../hooks/use-filter";
import { useItems, type ItemChoice } from "../../hooks/use-books";
import { useLocale } from "../../hooks/use-locale";
import { OrderLink } from "../order-link";
import { Table, type Column } from "../list/table";

const CHOICES: ItemChoice[] = ["differences", "open", "all"];
const SIDES = ["reported", "expected", "medusa"] as const;

/** What the reconciliation of a period says of each transaction. */
export const PeriodItems = ({ period }: { period: AdminSeqrPeriod }) => {
  const { t } = useTranslation("seqr");
  const { money } = useLocale();
  const [choice, setChoice] = useState<ItemChoice>("differences");
  const [page, setPage] = usePage(choice);
  const list = useItems(period, choice, page);
  const columns: Column<AdminSeqrReconciliationItem>[] = [
    {
      id: "class",
      header: t("books.item.class"),
      cell: (item) => (
        <StatusBadge color={item.class === "agrees" ? "green" : item.is_open ? "red" : "grey"}>
          {t(item.cause === null ? `books.classes.${item.class}` : `books.causes.${item.cause}`)}
        </StatusBadge>
      ),
    },
    { id: "reference", header: "ersReference", cell: ({ ers_reference }) => ers_reference ?? "–" },
    ...SIDES.map((side) => ({
      id: side,
      header: t(`books.item.${side}`),
      cell: (item: AdminSeqrReconciliationItem) => {
        const amount = item[`${side}_amount`];
        return amount === null ? "–" : money(amount, item.currency_code ?? "");
      },
    })),
    {
      id: "order",
      header: t("books.item.order"),
      cell: ({ order_id }) => <OrderLink of={{ order_id }} />,
    },
  ];
  return (
    <Table
      head={
        <>
          <Heading level="h2">{t("books.items")}</Heading>
          <div className="flex flex-wrap gap-2">
            {CHOICES.map((one) => (
              <Button
                key={one}
                size="small"
                variant={one === choice ? "secondary" : "transparent"}
                aria-pressed={one === choice}
                onClick={() => setChoice(one)}
              >
                {t(`books.choices.${one}`)}
              </Button>
            ))}
          </div>
        </>
      }
      columns={columns}
      list={list}
      rows={list.data?.items}
      empty="books.noItems"
      page={page}
      onPage={setPage}
    />
  );
};
