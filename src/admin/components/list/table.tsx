import { Container, createDataTableColumnHelper, DataTable, Text, useDataTable } from "@medusajs/ui";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PAGE_SIZE } from "../../lib/page-size";
import { FailureNote } from "../failure";

/** A column: its heading, and what stands in it. */
export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  head: ReactNode;
  /** What chooses the rows, below the head. */
  filters?: ReactNode;
  /** What is under way, below the filters. */
  notice?: ReactNode;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  count: number | undefined;
  /** Whether there are more rows than are counted. */
  hasMore?: boolean | undefined;
  error: Error | null;
  /** When the rows were read, in milliseconds. */
  updatedAt?: number;
  onRetry?: () => void;
  empty: { heading: string; description?: string };
  page: number;
  onPage: (page: number) => void;
  onRow?: (row: Row) => void;
}

/** Words below a table. */
const PAGINATION = ["of", "results", "pages", "prev", "next"] as const;

/** A page of a list, with words for a list that is empty or cannot be read. */
export const Table = <Row extends { id: string }>(props: TableProps<Row>) => {
  const { head, filters, notice, columns, rows, count, hasMore, empty, page, onPage, onRow } = props;
  const { error, updatedAt, onRetry } = props;
  const { t } = useTranslation("seqr");
  const table = useDataTable({
    columns: useColumnDefinitions(columns),
    data: rows ?? [],
    rowCount: count ?? 0,
    getRowId: ({ id }) => id,
    isLoading: rows === undefined,
    pagination: {
      state: { pageIndex: page, pageSize: PAGE_SIZE },
      onPaginationChange: ({ pageIndex }) => onPage(pageIndex),
    },
    ...(onRow && { onRowClick: (_event: unknown, row: Row) => onRow(row) }),
  });
  const words = Object.fromEntries(PAGINATION.map((word) => [word, t(`common.pagination.${word}`)]));
  return (
    <Container className="divide-y p-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-6 py-4">{head}</div>
      {filters && (
        <div
          role="group"
          aria-label={t("common.filters.label")}
          className="flex flex-wrap items-center gap-x-4 gap-y-2 px-6 py-4"
        >
          {filters}
        </div>
      )}
      {notice}
      <FailureNote error={error} {...(updatedAt && { updatedAt })} {...(onRetry && { onRetry })} />
      {(rows || !error) && (
        <DataTable instance={table}>
          <DataTable.Table emptyState={{ empty }} />
          <DataTable.Pagination translations={words} />
          {hasMore && (
            <Text size="xsmall" className="text-ui-fg-muted px-6 pb-4">
              {t("common.more", { count })}
            </Text>
          )}
        </DataTable>
      )}
    </Container>
  );
};

/** Makes the columns anew only when their headings change. Otherwise a cell that has the focus would lose it with each new row. */
function useColumnDefinitions<Row extends { id: string }>(columns: Column<Row>[]): Definition<Row>[] {
  const latest = useRef(columns);
  latest.current = columns;
  const headings = columns.map(({ id, header }) => `${id} ${header}`).join();
  return useMemo(() => {
    const { display } = createDataTableColumnHelper<Row>();
    return latest.current.map(({ id, header }) =>
      display({
        ...{ id, header },
        cell: ({ row }) => latest.current.find((column) => column.id === id)?.cell(row.original),
      }),
    );
    // The headings stand for the columns.
  }, [headings]);
}

type Definition<Row extends { id: string }> = ReturnType<
  ReturnType<typeof createDataTableColumnHelper<Row>>["display"]
>;

/** The page of a list that is shown, from 0. It begins anew with what is listed. */
export function usePage(of: string): [page: number, show: (page: number) => void] {
  const [shown, setShown] = useState({ of, page: 0 });
  return [shown.of === of ? shown.page : 0, (page) => setShown({ of, page })];
}
