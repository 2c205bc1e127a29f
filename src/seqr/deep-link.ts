/**
 * The link that opens the SEQR app with an invoice: the QR text with its `HTTP:` replaced (PROTOCOL 5.3).
 *
 * @param qrText `invoiceQRCode` as SEQR gave it
 * @param scheme `seqr`, or the scheme of a test app
 * @example
 * deepLink("HTTP://SEQR.SE/R1397222701693"); // "seqr://SEQR.SE/R1397222701693"
 */
export function deepLink(qrText: string, scheme = "seqr"): string {
  return qrText.replace(/^https?:/i, `${scheme}:`);
}
