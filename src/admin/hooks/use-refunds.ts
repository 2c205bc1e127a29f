import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { AdminSeqrRefundDetails, AdminSeqrRefundList } from "../../http-types";
import { live } from "../lib/live";
import { searchFor } from "../lib/search";
import { sdk } from "../lib/sdk";
import { PAGE_SIZE } from "../lib/page-size";

/** Which refunds are shown; empty: all. */
export interface RefundFilter {
  state: AdminSeqrRefundDetails["state"] | "";
  q: string;
  from: string;
  to: string;
}

/** A page of the refunds, those of unknown outcome first. @param page from 0 */
export function useRefunds(
  { state, q, from, to }: RefundFilter,
  page: number,
): UseQueryResult<AdminSeqrRefundList> {
  const search = searchFor(q);
  const query = {
    ...(state && { state }),
    ...(search && { q: search }),
    ...(from && { from }),
    ...(to && { to }),
    limit: PAGE_SIZE,
    offset: page * PAGE_SIZE,
  };
  return useQuery({
    queryKey: ["seqr-refunds", query],
    queryFn: () => sdk.client.fetch<AdminSeqrRefundList>("/admin/seqr/refunds", { query }),
    placeholderData: keepPreviousData,
    ...live(),
  });
}
