/** How a payment stands, as the store's server says it. One that is not listed here is no end of the payment. */
export type PaymentStatus =
  | "preparing"
  | "waiting"
  | "checking"
  /** Paid; the order follows, or the money goes back. */
  | "placing"
  | "paid"
  /** The money goes back, or is back: no order uses it. */
  | "refunded"
  /** A person at the shop has taken it over: where the money is, only the shop can say. */
  | "clarifying"
  /** SEQR gave the money back, since the shop had not confirmed the payment. It can be paid again. */
  | "reversed"
  | "canceled"
  | "superseded"
  | "expired"
  | "failed";

/**
 * What the store's server tells of a payment, and of the purchase that it is of: a paid purchase is `paid` for each of its
 * codes (`GET /seqr/payments/:token/status`, and each event of the stream). */
export interface Payment {
  status: PaymentStatus;
  /** Decimal string. */
  amount: string;
  /** ISO 4217, capitals. */
  currency_code: string;
  /** Whole seconds until it cannot be paid any more. */
  expires_in: number;
  /** Once the order is placed. */
  order?: { id: string; display_id: number };
  /** Once paid: SEQR's reference, for the receipt. */
  ers_reference?: string;
  /** Where the same purchase can be paid with a newer code (the address of `GET /seqr/payments/:token`). */
  newer_url?: string;
}

/** What the view needs of a payment session's `data` (also `GET /seqr/payments/:token` as JSON). */
export interface Session {
  token: string;
  amount: string;
  currency_code: string;
  shop_name: string;
  brand_name: string;
  /** The QR code as an SVG document. */
  qr_svg: string;
  /** Opens the app on the phone. */
  deep_link: string;
  /** The payment's own address: its page, and below it `/status`, `/events`, `/cancel` and `/renew`. */
  page_url: string;
  logo_url?: string;
  app_store_url?: string;
  play_store_url?: string;
}
