import { seqrError } from "../errors/error-codes";
import type { ReceiptDocument } from "../seqr";
import { shorten } from "../shorten";
import type { SeqrReceipt } from "./receipt-content";
import { receiptHtml } from "./receipt-html";

/** A receipt as a document: the plugin's own, or a store's. */
export interface SeqrReceiptDocument {
  /** Such as `text/html` or `application/xml`, without parameters. */
  mime_type: string;
  /** The document as text, or its bytes in base64. */
  content: string;
  /** How `content` is written. Default `utf8`. */
  encoding?: "utf8" | "base64" | undefined;
}

const HTML = "text/html";
/** Bytes of a receipt of a store's own: with base64 and the SOAP message around it, it stays below a megabyte. */
const MOST_BYTES = 500_000;

/** An empty receipt, which certification accepts. */
export const EMPTY_RECEIPT: SeqrReceiptDocument = { mime_type: HTML, content: "" };

/** The plugin's own receipt. */
export function htmlReceipt(receipt: SeqrReceipt): SeqrReceiptDocument {
  return { mime_type: HTML, content: receiptHtml(receipt) };
}

/** Base64 as RFC 4648, section 4, without white space. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Converts a receipt to what SEQR takes (PROTOCOL 3.8).
 *
 * @throws {MedusaError} SEQR_RECEIPT_INVALID when it has no MIME type or one with parameters, is too long, or is not in the encoding
 * that it names
 */
export function forSeqr({ mime_type, content, encoding = "utf8" }: SeqrReceiptDocument): ReceiptDocument {
  if (mime_type.trim() === "") throw seqrError("SEQR_RECEIPT_INVALID", "It has no MIME type.");
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mime_type))
    throw seqrError(
      "SEQR_RECEIPT_INVALID",
      `Its MIME type is ${JSON.stringify(shorten(mime_type, 100))}: expected one without parameters, such as text/html.`,
    );
  // Measured before it is decoded, because it may have any length.
  const bytes = Buffer.byteLength(content, encoding);
  if (bytes > MOST_BYTES)
    throw seqrError("SEQR_RECEIPT_INVALID", `It has ${bytes} bytes; ${MOST_BYTES} are possible.`);
  if (encoding === "base64" && !BASE64.test(content.replace(/\s+/g, "")))
    throw seqrError("SEQR_RECEIPT_INVALID", "Its content is not base64.");
  return {
    mimeType: mime_type,
    receiptType: "PAYMENT_RECEIPT",
    receiptData: Buffer.from(content, encoding),
  };
}
