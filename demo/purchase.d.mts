import type { RunningDemo } from "./services.mjs";

/** What a purchase and a partial refund left; amounts are decimal strings. */
export interface Purchase {
  order_id: string;
  display_id: number;
  invoice_reference: string;
  ers_reference: string;
  total: string;
  captured: string;
  refunded: string;
  refund_reference: string;
  /** Calls that SEQR saw for this purchase, the refund among them. */
  soap_calls: number;
  /** From asking for the code to the order. */
  seconds: number;
}

/**
 * Buys something with SEQR and refunds a part of it, through the public HTTP APIs alone.
 *
 * @param tell receives what happened; without a name the text is a picture
 */
export function buyAndRefund(
  demo: Pick<RunningDemo, "store" | "sandbox" | "seeded" | "staff">,
  tell: (name: string | undefined, text: string) => void,
): Promise<Purchase>;
