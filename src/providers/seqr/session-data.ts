import { deepLink, qrSvg } from "../../seqr";
import {
  paymentAddress,
  shopperStatus,
  type InvoiceRecord,
  type ResolvedOptions,
  type ShopperStatus,
} from "../../modules/seqr/contract";

/**
 * What the storefront finds in the payment session's `data`. Everything in it is for the shopper's eyes; the token
 * is the key to this one payment's status.
 */
export interface SeqrSessionData {
  session_id: string;
  /** Unguessable key to the status of this payment. */
  token: string;
  status: ShopperStatus;
  invoice_reference: string;
  /** Decimal string. */
  amount: string;
  /** ISO 4217, capitals. */
  currency_code: string;
  /** Text of the QR code. */
  qr_text: string;
  /** The QR code as an SVG document. */
  qr_svg: string;
  /** Opens the app on the phone. */
  deep_link: string;
  /** ISO 8601; nobody can pay after it. */
  expires_at: string;
  /** GET: the payment's state, as JSON. */
  status_url: string;
  /** GET: the same as server-sent events. */
  events_url: string;
  /** POST: cancels the payment. */
  cancel_url: string;
  /** POST: a code that can be paid, once this one cannot. */
  renew_url: string;
  /** The same payment as a page of its own. */
  page_url: string;
  shop_name: string;
  brand_name: string;
  /** As far as the options have them. */
  logo_url?: string;
  app_store_url?: string;
  play_store_url?: string;
  /** Set when paid: SEQR's reference, for the receipt. */
  ers_reference?: string;
}

/** Builds the session's data; an invoice that SEQR never answered has no code in it. */
export async function sessionData(
  invoice: InvoiceRecord,
  token: string,
  options: ResolvedOptions,
): Promise<Record<keyof SeqrSessionData, unknown>> {
  const qrText = invoice.qr_code ?? "";
  const address = paymentAddress(token, options);
  const data: SeqrSessionData = {
    session_id: invoice.session_id,
    token,
    status: shopperStatus(invoice.state, invoice.reason),
    invoice_reference: invoice.invoice_reference ?? "",
    amount: invoice.amount,
    currency_code: invoice.currency_code,
    qr_text: qrText,
    qr_svg: qrText && (await qrSvg(qrText)),
    deep_link: deepLink(qrText, options.linkScheme),
    expires_at: invoice.expires_at.toISOString(),
    status_url: `${address}/status`,
    events_url: `${address}/events`,
    cancel_url: `${address}/cancel`,
    renew_url: `${address}/renew`,
    page_url: address,
    shop_name: options.shopName,
    brand_name: options.brandName,
  };
  return {
    ...data,
    logo_url: options.logoUrl,
    app_store_url: options.appStoreUrl,
    play_store_url: options.playStoreUrl,
    ers_reference: invoice.ers_reference ?? undefined,
  };
}

/** The same data with the state as it is now. */
export function refreshedData(
  data: Record<string, unknown> | undefined,
  invoice: InvoiceRecord,
): Record<string, unknown> {
  return {
    ...data,
    status: shopperStatus(invoice.state, invoice.reason),
    ...(invoice.ers_reference && { ers_reference: invoice.ers_reference }),
  };
}

/** What of the data would let its reader act for the shopper, or is only for the shopper's eyes. */
const OF_THE_SHOPPER = [
  "token",
  "status_url",
  "events_url",
  "cancel_url",
  "renew_url",
  "page_url",
  "qr_text",
  "qr_svg",
  "deep_link",
] as const satisfies readonly (keyof SeqrSessionData)[];

/**
 * The data of a payment that was made, without what only its shopper needed: Medusa logs a statement that PostgreSQL
 * refuses with all that was to be stored. Empty and not left out, since Medusa merges what it is given into what it has.
 */
export function paymentData(
  data: Record<string, unknown> | undefined,
  invoice: InvoiceRecord,
): Record<string, unknown> {
  const emptied = OF_THE_SHOPPER.filter((name) => data?.[name] !== undefined).map((name) => [name, null]);
  return {
    ...refreshedData(data, invoice),
    ...(Object.fromEntries(emptied) as Record<string, null>),
    session_id: invoice.session_id,
  };
}
