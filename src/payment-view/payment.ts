/** Status of a payment, as the store's server reports it. Treat an unlisted status as pending. */
export type PaymentStatus =
  | "preparing"
  | "waiting"
  | "checking"
  /** Paid; the order follows, or a refund. */
  | "placing"
  | "paid"
  /** No order uses the payment: it is refunded, or the refund follows. */
  | "refunded"
  /** A member of staff handles the payment. */
  | "clarifying"
  /** SEQR reversed the payment, because the shop had not acknowledged it. The shopper can pay again. */
  | "reversed"
  | "canceled"
  | "superseded"
  | "expired"
  | "failed";

/**
 * Status of a payment and its purchase, from the store's server: a paid purchase is `paid` for each of its
 * codes (`GET /seqr/payments/:token/status`, and each event of the stream). */
export interface Payment {
  status: PaymentStatus;
  /** Decimal string. */
  amount: string;
  /** ISO 4217, capitals. */
  currency_code: string;
  /** Whole seconds until it expires. */
  expires_in: number;
  /** After the order was placed. */
  order?: { id: string; display_id: number };
  /** After the payment: SEQR's reference, for the receipt. */
  ers_reference?: string;
  /** After a code has ended without a payment: false when there can be no new one. */
  can_renew?: boolean;
  /** Address of the purchase's newer code that can be paid (`GET /seqr/payments/:token`). */
  newer_url?: string;
}

/** The part of a payment session's `data` that the view needs (also `GET /seqr/payments/:token` as JSON). */
export interface Session {
  token: string;
  amount: string;
  currency_code: string;
  shop_name: string;
  brand_name: string;
  /** The QR code as an SVG document. */
  qr_svg: string;
  /** Link that opens the app on the phone. */
  deep_link: string;
  /** The payment's address: its page, and below it `/status`, `/events`, `/cancel` and `/renew`. */
  page_url: string;
  logo_url?: string;
  app_store_url?: string;
  play_store_url?: string;
}
