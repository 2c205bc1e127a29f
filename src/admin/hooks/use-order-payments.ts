import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { AdminSeqrOrderPayments, AdminSeqrPayment } from "../../http-types";
import { live } from "../lib/live";
import { QUERY_KEYS } from "../lib/query-keys";
import { sdk } from "../lib/sdk";

/** The SEQR payments of an order, those of its edits, claims and exchanges among them; newest first. */
export function useOrderPayments(orderId: string): UseQueryResult<AdminSeqrPayment[]> {
  return useQuery({
    queryKey: [QUERY_KEYS.orderPayments, orderId],
    queryFn: async () => {
      const path = `/admin/seqr/orders/${encodeURIComponent(orderId)}`;
      return (await sdk.client.fetch<AdminSeqrOrderPayments>(path)).payments;
    },
    ...live(),
  });
}
