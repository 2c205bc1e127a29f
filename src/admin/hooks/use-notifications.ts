import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type {
  AdminSeqrNotificationList,
  AdminSeqrNotificationReplayed,
  AdminSeqrNotificationResult,
} from "../../http-types";
import { live } from "../lib/live";
import { refreshPayments } from "../lib/query-keys";
import { sdk } from "../lib/sdk";
import { PAGE_SIZE } from "../lib/page-size";

const NOTIFICATIONS = "seqr-notifications";

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
    ...live(),
  });
}

/** Processes the payment of a notification again. It takes the notification's id. */
export function useReplay(): UseMutationResult<AdminSeqrNotificationReplayed, Error, string> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      const path = `/admin/seqr/notifications/${encodeURIComponent(id)}/replay`;
      const answer = await sdk.client.fetch<AdminSeqrNotificationReplayed>(path, {
        method: "POST",
        body: {},
      });
      await Promise.all([client.invalidateQueries({ queryKey: [NOTIFICATIONS] }), refreshPayments(client)]);
      return answer;
    },
  });
}
