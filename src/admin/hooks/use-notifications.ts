import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type { AdminSeqrNotificationList, AdminSeqrNotificationResult } from "../../http-types";
import { mayRetry } from "../components/load-error";
import { sdk } from "../lib/sdk";
import { PAGE_SIZE } from "./use-books";

const NOTIFICATIONS = "seqr-notifications";

/** Milliseconds after which the list is read again while it is shown. */
const REFRESH = 2_000;

/** Which notifications are shown; empty: all. */
export interface NotificationFilter {
  result: AdminSeqrNotificationResult | "";
  terminal: string;
  from: string;
  to: string;
}

/** A page of the notifications that SEQR sent, newest first. @param page from 0 */
export function useNotifications(
  { result, terminal, from, to }: NotificationFilter,
  page: number,
): UseQueryResult<AdminSeqrNotificationList> {
  const query = {
    ...(result && { result }),
    ...(terminal && { terminal }),
    ...(from && { from }),
    ...(to && { to }),
    limit: PAGE_SIZE,
    offset: page * PAGE_SIZE,
  };
  return useQuery({
    queryKey: [NOTIFICATIONS, query],
    queryFn: () => sdk.client.fetch<AdminSeqrNotificationList>("/admin/seqr/notifications", { query }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH,
    retry: mayRetry,
  });
}

/** Processes the payment of a notification again. It takes the ledger's id of the payment's invoice. */
export function useProcessAgain(): UseMutationResult<unknown, Error, string> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (invoiceId: string) => {
      const path = `/admin/seqr/payments/${encodeURIComponent(invoiceId)}/poll`;
      await sdk.client.fetch(path, { method: "POST", body: {} });
      await client.invalidateQueries({ queryKey: [NOTIFICATIONS] });
    },
  });
}
