import { deepLink, qrSvg } from "../../../seqr";
import type { InvoiceRecord } from "../ledger/ledger";
import { paymentAddress } from "./payment-page-url";
import { shopperStatus, type ShopperStatus } from "./states";
import type { ResolvedOptions } from "../../../options/seqr-options";

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
  /** Text of the QR code. Null, as the next two, once the payment was made. */
  qr_text: string;
  /** The QR code as an SVG document. */
  qr_svg: string;
  /** Opens the app on the phone. */
  deep_link: string;
  /** ISO 8601; no one can pay after it. */
  expires_at: string;
  /**
   * The payment's own address: its page, and as JSON this data. Below it: `/status` (GET: the state, as JSON), `/events` (GET:
   * the same as server-sent events), `/cancel` (POST), and `/renew` (POST: a code that can be paid, once this one cannot).
   */
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
    page_url: paymentAddress(token, options),
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

type Name = keyof SeqrSessionData;

/** What of the data is of use only while the payment can be paid. */
const OF_THE_CODE = ["qr_text", "qr_svg", "deep_link"] as const satisfies readonly Name[];

/** What of the data would let its reader act for the shopper, or is only for the shopper's eyes. */
const OF_THE_SHOPPER = ["token", "page_url", ...OF_THE_CODE] as const satisfies readonly Name[];

/**
 * The data of a session whose money is there. Every order page may carry it from now on, so the code goes out of it; the
 * token stays, for the receipt.
 */
export function authorizedData(
  data: Record<string, unknown> | undefined,
  invoice: InvoiceRecord,
): Record<string, unknown> {
  return {
    ...refreshedData(data, invoice),
    ...emptied(data, OF_THE_CODE),
    session_id: invoice.session_id,
    status: "paid" satisfies ShopperStatus,
  };
}

/**
 * The data of a payment that was made, without what only its shopper needed: Medusa logs a statement that PostgreSQL
 * refuses with all that was to be stored.
 */
export function paymentData(
  data: Record<string, unknown> | undefined,
  invoice: InvoiceRecord,
): Record<string, unknown> {
  return {
    ...refreshedData(data, invoice),
    ...emptied(data, OF_THE_SHOPPER),
    session_id: invoice.session_id,
  };
}

/** Empty and not left out, since Medusa merges what it is given into what it has. */
function emptied(data: Record<string, unknown> = {}, names: readonly Name[]): Partial<Record<Name, null>> {
  return Object.fromEntries(names.filter((name) => data[name] !== undefined).map((name) => [name, null]));
}
