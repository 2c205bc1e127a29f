import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type {
  AdminDismissSeqrAttention,
  AdminResolveSeqrAttention,
  AdminSeqrAttentionDismissed,
  AdminSeqrAttentionList,
  AdminSeqrAttentionListParams,
  AdminSeqrAttentionResolved,
} from "../../http-types";
import { CALM, live } from "../lib/live";
import { QUERY_KEYS, refreshPayments } from "../lib/query-keys";
import { sdk } from "../lib/sdk";
import { PAGE_SIZE } from "../lib/page-size";

const ATTENTION = QUERY_KEYS.attention;

/** What the entries of the list can need. */
export type Need = keyof AdminSeqrAttentionList["totals"];

const COUNT = [ATTENTION, "count"];

function list(query: AdminSeqrAttentionListParams): Promise<AdminSeqrAttentionList> {
  return sdk.client.fetch<AdminSeqrAttentionList>("/admin/seqr/attention", { query: { ...query } });
}

/** A page of the attention list. @param page from 0 */
export function useAttention(need: Need, page: number): UseQueryResult<AdminSeqrAttentionList> {
  const client = useQueryClient();
  return useQuery({
    queryKey: [ATTENTION, "list", need, page],
    queryFn: async () => {
      const found = await list({
        limit: PAGE_SIZE,
        offset: page * PAGE_SIZE,
        ...(need !== "all" && { needs: need }),
      });
      client.setQueryData(COUNT, found.totals.person);
      return found;
    },
    placeholderData: keepPreviousData,
    ...live(),
  });
}

/** How many entries need a person. @param every milliseconds between two requests */
export function useAttentionCount(every: number = CALM): number {
  const { data } = useQuery({
    queryKey: COUNT,
    queryFn: async () => (await list({ limit: 1, needs: "person" })).totals.person,
    ...live(every),
  });
  return data ?? 0;
}

/** A decision about an entry. */
export interface Decision extends AdminResolveSeqrAttention {
  /** Of the entry. */
  id: string;
}

/** Decides about an entry. */
export function useDecide(): UseMutationResult<AdminSeqrAttentionResolved, Error, Decision> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, ...body }: Decision) => {
      try {
        const path = `/admin/seqr/attention/${encodeURIComponent(id)}`;
        return await sdk.client.fetch<AdminSeqrAttentionResolved>(path, { method: "POST", body });
      } finally {
        // What was refused shows why in the list.
        await refreshPayments(client);
      }
    },
  });
}

/** Dismisses several entries. */
export function useDismiss(): UseMutationResult<
  AdminSeqrAttentionDismissed,
  Error,
  AdminDismissSeqrAttention
> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: AdminDismissSeqrAttention) => {
      try {
        const path = "/admin/seqr/attention/dismiss";
        return await sdk.client.fetch<AdminSeqrAttentionDismissed>(path, { method: "POST", body });
      } finally {
        await refreshPayments(client);
      }
    },
  });
}
