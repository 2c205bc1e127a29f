import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { PAGE_SIZE } from "../lib/page-size";

/** The page of a list that is shown, from 0. It begins anew with what is listed. */
export function usePage(of: string): [page: number, show: (page: number) => void] {
  const [shown, setShown] = useState({ of, page: 0 });
  return [shown.of === of ? shown.page : 0, (page) => setShown({ of, page })];
}

type Part = Pick<UseQueryResult<{ count: number }>, "data" | "isPlaceholderData">;

/**
 * Leads back to the last page that has rows when the one that is shown has none: others have resolved what was on it, or its number
 * was written into the address.
 *
 * @param list the answer of the server
 * @param rows how many rows it has
 */
export function useFilledPage(
  { data, isPlaceholderData }: Part,
  rows: number,
  page: number,
  show: (page: number) => void,
): void {
  const isEmpty = data !== undefined && !isPlaceholderData && rows === 0 && page > 0;
  const last = Math.max(0, Math.ceil((data?.count ?? 0) / PAGE_SIZE) - 1);
  useEffect(() => {
    if (isEmpty) show(Math.min(last, page - 1));
  });
}

interface UsedFilter<Filter> {
  filter: Filter;
  /** Changes a part of it. */
  change: (part: Partial<Filter>) => void;
  clear: () => void;
  isFiltered: boolean;
  /** From 0. */
  page: number;
  show: (page: number) => void;
}

/** What filters a list, and the page that is shown. @param none the filter that leaves everything in: empty texts */
export function useFilter<Filter extends { [Name in keyof Filter]: string }>(
  none: Filter,
): UsedFilter<Filter> {
  const [filter, setFilter] = useState(none);
  const [page, show] = usePage(JSON.stringify(filter));
  return {
    filter,
    change: (part) => setFilter((before) => ({ ...before, ...part })),
    clear: () => setFilter(none),
    isFiltered: Object.values(filter).some((value) => value !== ""),
    page,
    show,
  };
}
