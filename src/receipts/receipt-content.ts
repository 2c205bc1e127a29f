/** What a receipt says. A store's own receipt is made from it too. Amounts are decimal strings, times are ISO 8601 in UTC. */
export interface SeqrReceipt {
  kind: "payment" | "refund";
  /** SEQR's reference of the payment, or of the refund. */
  ers_reference: string;
  /** Of a refund: SEQR's reference of the payment that was refunded. Of a payment: null. */
  payment_reference: string | null;
  /** Amount that was paid or refunded with SEQR. */
  amount: string;
  /** ISO 4217, capitals. */
  currency_code: string;
  /** When it was paid or refunded. */
  date: string;
  /** The order's language as BCP 47, or the option `receiptLanguage`. */
  language: string;
  shop_name: string;
  /** What the payment view calls the app. */
  brand_name: string;
  /** The option `footer`. */
  footer: string;
  /** The option `refundTerms`; empty when it is not set. */
  refund_terms: string;
  /** Null for the refund of a payment that became no order. */
  order: SeqrReceiptOrder | null;
}

/**
 * The order of a receipt, as it was when the payment was taken: later refunds, edits and a cancellation do not change it. The rows
 * and the rounding add up to the total. The total less the credit is what was to be paid.
 */
export interface SeqrReceiptOrder {
  id: string;
  display_id: number | null;
  /** Of the rows, with discounts and tax. Gift cards and store credit are not subtracted. */
  total: string;
  /** The tax that is included in the total. */
  tax_total: string;
  /** What discounts have taken off the rows. */
  discount_total: string;
  /** What gift cards and store credit have paid of the total. */
  credit_total: string;
  /** What rounding to two decimals adds to the rows. */
  rounding: string;
  /** Items, then shipping. */
  rows: SeqrReceiptRow[];
}

/** An item or a shipping method, with discounts and tax. */
export interface SeqrReceiptRow {
  title: string;
  quantity: string;
  /** Sum of the tax rates in per cent; null when there is none. */
  tax_rate: number | null;
  total: string;
}
