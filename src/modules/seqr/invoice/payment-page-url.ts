import type { ResolvedOptions } from "../../../options/seqr-options";

/** Where the shopper's side of a payment is, from outside: its page, and what belongs to it below. */
export function paymentAddress(token: string, { backendUrl }: Pick<ResolvedOptions, "backendUrl">): string {
  return `${backendUrl}/seqr/payments/${encodeURIComponent(token)}`;
}
