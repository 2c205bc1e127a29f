import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { AdminOrder } from "@medusajs/framework/types";
import type { AdminSeqrOrderPayments, AdminSeqrPayment } from "../../http-types";
import { sdk } from "../lib/sdk";

/** The SEQR payments of an order, newest first. */
export function useOrderPayments(
  order: AdminOrder,
  { enabled }: { enabled: boolean },
): UseQueryResult<AdminSeqrPayment[]> {
  return useQuery({
    // A refund changes the order's summary, and with it what is shown.
    queryKey: ["seqr-order-payments", order.id, order.updated_at, order.payment_status],
    queryFn: async () => {
      const { payments } = await sdk.client.fetch<AdminSeqrOrderPayments>(`/admin/seqr/orders/${order.id}`);
      return payments;
    },
    // A receipt is sent some seconds after its payment or refund.
    refetchInterval: ({ state }) => (state.data?.some(isReceiptUnderWay) ? 3_000 : false),
    enabled,
  });
}

function isReceiptUnderWay({ receipts }: AdminSeqrPayment): boolean {
  return receipts.some(({ state, result }) => state === "pending" && result === null);
}
