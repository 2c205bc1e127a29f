import { useState } from "react";

/** The page of a list that is shown, from 0. It begins anew with what is listed. */
export function usePage(of: string): [page: number, show: (page: number) => void] {
  const [shown, setShown] = useState({ of, page: 0 });
  return [shown.of === of ? shown.page : 0, (page) => setShown({ of, page })];
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
