import { compare, subtract } from "../seqr";
import { escapeXml } from "../seqr/wire/xml";
import { shorten } from "../shorten";
import type { SeqrReceipt, SeqrReceiptOrder, SeqrReceiptRow } from "./receipt-content";
import { textsOf, type ReceiptTexts } from "./receipt-texts";

/** Bytes of a receipt. Rows that do not fit are counted in its last row. */
export const MOST_BYTES = 50_000;
/** Characters of a title or a name; and of the texts at the foot. */
const MOST_OF_TITLE = 300;
const MOST_OF_FOOT = 2_000;
/** Bytes that the row about those that do not fit may take. */
const ROOM_FOR_MORE = 500;

/** Writes a receipt as an HTML document in UTF-8, in the receipt's language. Nothing in it is a script, a link or a picture. */
export function receiptHtml(receipt: SeqrReceipt): string {
  const { texts, language } = textsOf(receipt.language);
  const page = { receipt, texts, language };
  const head = headOf(page);
  const foot = footOf(page);
  const rows = receipt.order && receipt.kind === "payment" ? receipt.order.rows : [];
  return head + tableOf(page, rows, MOST_BYTES - bytesOf(head + foot)) + foot;
}

interface Page {
  receipt: SeqrReceipt;
  texts: ReceiptTexts;
  language: string;
}

function headOf({ receipt, texts, language }: Page): string {
  const { kind, order, date, shop_name } = receipt;
  const heading = escape(kind === "payment" ? texts.receipt : texts.refundReceipt);
  return [
    `<!doctype html>\n<html lang="${language}">\n<head>\n<meta charset="utf-8">\n<title>${heading}</title>\n</head>\n<body>\n`,
    `<h1>${heading}</h1>\n<p>${escape(shop_name)}</p>\n<dl>\n`,
    order ? entry(texts.order, `#${order.display_id ?? order.id}`) : "",
    entry(texts.date, dateOf(date, language)),
    "</dl>\n",
  ].join("");
}

function footOf({ receipt, texts, language }: Page): string {
  const { kind, order, amount, ers_reference, payment_reference, brand_name, footer, refund_terms } = receipt;
  const sum = (value: string): string => money(value, receipt.currency_code, language);
  const paid = (kind === "payment" ? texts.paid : texts.refunded).replace("{brand}", () => brand_name);
  return [
    "<dl>\n",
    ...(order && kind === "payment" ? totalsOf(order, texts, sum) : []),
    entry(paid, sum(amount)),
    entry(texts.reference, ers_reference),
    payment_reference === null ? "" : entry(texts.paymentReference, payment_reference),
    "</dl>\n",
    ...[refund_terms || texts.terms, footer].map((text) =>
      text === "" ? "" : `<p>${escape(text, MOST_OF_FOOT)}</p>\n`,
    ),
    "</body>\n</html>\n",
  ].join("");
}

/** What the rows add up to, and what of it was not to be paid. */
function totalsOf(order: SeqrReceiptOrder, texts: ReceiptTexts, sum: (value: string) => string): string[] {
  const { total, tax_total, discount_total, credit_total, rounding } = order;
  const unlessZero = (name: string, value: string): string =>
    compare(value, "0") === 0 ? "" : entry(name, sum(value));
  return [
    unlessZero(texts.rounding, rounding),
    entry(texts.total, sum(total)),
    entry(texts.taxIncluded, sum(tax_total)),
    unlessZero(texts.discount, discount_total),
    unlessZero(texts.credit, subtract("0", credit_total)),
  ];
}

/** The rows that fit, and how many do not. */
function tableOf({ receipt, texts, language }: Page, rows: SeqrReceiptRow[], room: number): string {
  if (rows.length === 0) return "";
  const head = [texts.item, texts.quantity, texts.tax, texts.total].map((text) => `<th>${escape(text)}</th>`);
  let table = `<table>\n<tr>${head.join("")}</tr>\n`;
  let left = room - bytesOf(table) - ROOM_FOR_MORE;
  for (const [index, { title, quantity, tax_rate, total }] of rows.entries()) {
    const tax = tax_rate === null ? "" : percent(tax_rate, language);
    const sum = money(total, receipt.currency_code, language);
    const cells = [title, quantity, tax, sum].map((text) => `<td>${escape(text)}</td>`);
    const row = `<tr>${cells.join("")}</tr>\n`;
    left -= bytesOf(row);
    if (left < 0) {
      const more = texts.more.replace("{count}", String(rows.length - index));
      table += `<tr><td colspan="4">${escape(more)}</td></tr>\n`;
      break;
    }
    table += row;
  }
  return `${table}</table>\n`;
}

function entry(name: string, value: string): string {
  return `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>\n`;
}

/** Escapes a text for HTML, and shortens one that is too long. */
function escape(text: string, most = MOST_OF_TITLE): string {
  return escapeXml(shorten(text, most));
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function money(amount: string, currency: string, language: string): string {
  // Decimal strings are formatted exactly, also beyond the precision of a number.
  return new Intl.NumberFormat(language, { style: "currency", currency }).format(amount as unknown as number);
}

function percent(rate: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 3 }).format(rate / 100);
}

function dateOf(date: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return `${format.format(new Date(date))} UTC`;
}
