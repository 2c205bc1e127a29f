import type { QueryClient } from "@tanstack/react-query";

/** The first part of the keys under which answers are kept. */
export const QUERY_KEYS = {
  payments: "seqr-payments",
  attention: "seqr-attention",
  orderPayments: "seqr-order-payments",
} as const;

/** Has everything about payments read again that is shown. */
export async function refreshPayments(client: QueryClient): Promise<void> {
  await Promise.all(Object.values(QUERY_KEYS).map((key) => client.invalidateQueries({ queryKey: [key] })));
}
