import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type {
  AdminSeqrPeriod,
  AdminSeqrPeriodDetails,
  AdminSeqrPeriodList,
  AdminSeqrPeriodResponse,
  AdminSeqrReconciliationItemList,
} from "../../http-types";
import type { Days } from "../components/list/filters";
import { PAGE_SIZE } from "../lib/page-size";
import { sdk } from "../lib/sdk";

const PERIODS = "seqr-periods";

/** Milliseconds after which a period that is being closed or compared is read again. */
const SOON = 2_000;

/** Whether the plugin goes on with a period: it is being closed, its reports are fetched, or they are compared. */
export function isUnderWay({ state, due_at }: AdminSeqrPeriod): boolean {
  return state === "marking" || state === "marked" || due_at !== null;
}

/** A page of the transaction periods, newest first. @param page from 0 */
export function usePeriods({ from, to }: Days, page: number): UseQueryResult<AdminSeqrPeriodList> {
  const query = { ...(from && { from }), ...(to && { to }), limit: PAGE_SIZE, offset: page * PAGE_SIZE };
  return useQuery({
    queryKey: [PERIODS, query],
    queryFn: () => sdk.client.fetch<AdminSeqrPeriodList>("/admin/seqr/periods", { query }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.periods.some(isUnderWay) ? SOON : false),
  });
}

/** A period with what it comes to. */
export function usePeriod(id: string): UseQueryResult<AdminSeqrPeriodDetails> {
  return useQuery({
    queryKey: [PERIODS, "one", id],
    queryFn: async () =>
      (await sdk.client.fetch<AdminSeqrPeriodResponse>(`/admin/seqr/periods/${encodeURIComponent(id)}`))
        .period,
    retry: false,
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? SOON : false),
  });
}

/** Which items of a period: all that are not as they should be, or those that need a person. */
export type ItemChoice = "differences" | "open" | "all";

const QUERY_OF: Record<ItemChoice, Record<string, string>> = {
  differences: { class: "amount_differs,terminal_differs,medusa_differs,only_at_seqr,only_here" },
  open: { is_open: "true" },
  all: {},
};

/** A page of a period's items. @param page from 0 */
export function useItems(
  period: AdminSeqrPeriod,
  choice: ItemChoice,
  page: number,
): UseQueryResult<AdminSeqrReconciliationItemList> {
  return useQuery({
    queryKey: [PERIODS, "items", period.id, period.reconciled_at, choice, page],
    queryFn: () =>
      sdk.client.fetch<AdminSeqrReconciliationItemList>(`/admin/seqr/periods/${period.id}/items`, {
        query: { ...QUERY_OF[choice], limit: PAGE_SIZE, offset: page * PAGE_SIZE },
      }),
    placeholderData: keepPreviousData,
  });
}

/** Closes SEQR's period of the shop now. */
export function useClosePeriod(): UseMutationResult<unknown, Error, void> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        await sdk.client.fetch("/admin/seqr/periods", { method: "POST", body: {} });
      } finally {
        // One that SEQR refused is in the list too.
        await client.invalidateQueries({ queryKey: [PERIODS] });
      }
    },
  });
}
