import { Container, createDataTableColumnHelper, DataTable, Text, useDataTable } from "@medusajs/ui";
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFilledPage } from "../../hooks/use-filter";
import { usePaginationWords } from "../../hooks/use-pagination-words";
import { PAGE_SIZE } from "../../lib/page-size";
import { FailureNote } from "../failure";

/** A column: its heading, and what stands in it. */
export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
}

/** A part of a list. */
interface Listed {
  count: number;
  /** Whether there are more rows than are counted. */
  has_more?: boolean;
}

interface TableProps<Row> {
  head: ReactNode;
  /** What chooses the rows, below the head. */
  filters?: ReactNode;
  /** What is under way, below the filters. */
  notice?: ReactNode;
  columns: Column<Row>[];
  /** The answer of the server. */
  list: Pick<UseQueryResult<Listed>, "data" | "isPlaceholderData" | "error" | "dataUpdatedAt" | "refetch">;
  /** The rows in it. */
  rows: Row[] | undefined;
  /** Where the texts are that are shown in place of no row: `heading` and `description`. */
  empty: string;
  page: number;
  onPage: (page: number) => void;
  onRow?: (row: Row) => void;
}

/** A page of a list, with words for a list that is empty or cannot be read. */
export const Table = <Row extends { id: string }>(props: TableProps<Row>) => {
  const { head, filters, notice, columns, list, rows, empty, page, onPage, onRow } = props;
  const { data, error, dataUpdatedAt, refetch } = list;
  const { t } = useTranslation("seqr");
  const table = useDataTable({
    columns: useColumnDefinitions(columns),
    data: rows ?? [],
    rowCount: data?.count ?? 0,
    getRowId: ({ id }) => id,
    isLoading: rows === undefined,
    pagination: {
      state: { pageIndex: page, pageSize: PAGE_SIZE },
      onPaginationChange: ({ pageIndex }) => onPage(pageIndex),
    },
    ...(onRow && { onRowClick: (_event: unknown, row: Row) => onRow(row) }),
  });
  const words = usePaginationWords();
  useFilledPage(list, rows?.length ?? 0, page, onPage);
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
      <FailureNote error={error} updatedAt={data ? dataUpdatedAt : 0} onRetry={() => void refetch()} />
      {(rows || !error) && (
        <DataTable instance={table}>
          <DataTable.Table
            emptyState={{ empty: { heading: t(`${empty}.heading`), description: t(`${empty}.description`) } }}
          />
          <DataTable.Pagination translations={words} />
          {data?.has_more && (
            <Text size="xsmall" className="text-ui-fg-muted px-6 pb-4">
              {t("common.more", { count: data.count })}
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
