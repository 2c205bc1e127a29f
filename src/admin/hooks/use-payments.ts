import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type {
  AdminSeqrPaymentDetails,
  AdminSeqrPaymentList,
  AdminSeqrPaymentListParams,
  AdminSeqrPaymentResponse,
} from "../../http-types";
import { CALM, live } from "../lib/live";
import { QUERY_KEYS, refreshPayments } from "../lib/query-keys";
import { sdk } from "../lib/sdk";
import { PAGE_SIZE } from "../lib/page-size";

const PAYMENTS = QUERY_KEYS.payments;

/** What of the payments is listed. */
export type PaymentChoice = Omit<AdminSeqrPaymentListParams, "limit" | "offset">;

/** A page of the payments. @param page from 0 */
export function usePayments(choice: PaymentChoice, page: number): UseQueryResult<AdminSeqrPaymentList> {
  return useQuery({
    queryKey: [PAYMENTS, choice, page],
    queryFn: () =>
      sdk.client.fetch<AdminSeqrPaymentList>("/admin/seqr/payments", {
        query: { ...choice, limit: PAGE_SIZE, offset: page * PAGE_SIZE },
      }),
    placeholderData: keepPreviousData,
    ...live(),
  });
}

/**
 * A payment with everything that happened to it.
 *
 * @param options.seen what else is known of the payment: when it changes, the payment is read again
 * @param options.isWatched whether it is asked for all the time, or only while something is about to happen to it
 */
export function usePayment(
  id: string,
  { seen = null, isWatched = true }: { seen?: unknown; isWatched?: boolean } = {},
): UseQueryResult<AdminSeqrPaymentDetails> {
  return useQuery({
    queryKey: [PAYMENTS, "one", id, seen],
    queryFn: () => paymentAt(`/admin/seqr/payments/${encodeURIComponent(id)}`),
    placeholderData: keepPreviousData,
    ...live(),
    refetchInterval: (query) => {
      const every = live().refetchInterval(query);
      const { data } = query.state;
      const isCalm = !isWatched && data?.due_at === null && data.attention_items.length === 0;
      return every !== false && isCalm ? CALM : every;
    },
  });
}

/** Asks SEQR how a payment stands. */
export function useAskSeqr(id: string): UseMutationResult<AdminSeqrPaymentDetails, Error, void> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        return await paymentAt(`/admin/seqr/payments/${encodeURIComponent(id)}/poll`, "POST");
      } finally {
        await refreshPayments(client);
      }
    },
  });
}

async function paymentAt(path: string, method: "GET" | "POST" = "GET"): Promise<AdminSeqrPaymentDetails> {
  const body = method === "POST" ? { body: {} } : {};
  return (await sdk.client.fetch<AdminSeqrPaymentResponse>(path, { method, ...body })).payment;
}
