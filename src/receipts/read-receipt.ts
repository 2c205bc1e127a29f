import type { BigNumberValue } from "@medusajs/framework/types";
import { decimalString, exactNumber } from "../amounts";
import { readRows, type Query } from "../medusa/queries";
import type { InvoiceRecord, ReceiptRecord, RefundRecord } from "../modules/seqr/public";
import type { ResolvedOptions } from "../options/seqr-options";
import { subtract, sum } from "../seqr";
import type { SeqrReceipt, SeqrReceiptOrder, SeqrReceiptRow } from "./receipt-content";

/** A receipt of the ledger, and what it is for. */
export interface ReceiptSubject {
  receipt: ReceiptRecord;
  invoice: InvoiceRecord;
  /** The refund that it is for; undefined when it is for the payment. */
  refund: RefundRecord | undefined;
  /** The options of the terminal that took the payment. */
  options: ResolvedOptions;
}

interface ChargeRow {
  title?: string | null;
  product_title?: string | null;
  variant_title?: string | null;
  name?: string | null;
  quantity?: BigNumberValue;
  total: BigNumberValue;
  tax_lines?: { rate: BigNumberValue }[] | null;
}

interface OrderRow {
  id: string;
  display_id?: number | null;
  locale?: string | null;
  total: BigNumberValue;
  tax_total: BigNumberValue;
  discount_total: BigNumberValue;
  credit_line_total: BigNumberValue;
  items?: ChargeRow[] | null;
  shipping_methods?: ChargeRow[] | null;
}

/** Reads what a receipt says: the order from Medusa, as it was when it was paid, and the amount from the ledger. */
export async function readReceipt(
  query: Query,
  { receipt, invoice, refund, options }: ReceiptSubject,
): Promise<SeqrReceipt> {
  const order = await readPaidOrder(query, invoice);
  const at = refund ? refund.finished_at : invoice.paid_at;
  return {
    kind: refund ? "refund" : "payment",
    ers_reference: receipt.ers_reference,
    payment_reference: refund ? invoice.ers_reference : null,
    amount: (refund ?? invoice).amount,
    currency_code: invoice.currency_code,
    date: new Date(at ?? receipt.created_at).toISOString(),
    language: order?.locale ?? options.receiptLanguage,
    shop_name: options.shopName,
    brand_name: options.brandName,
    footer: options.footer,
    refund_terms: options.refundTerms,
    order: order ? contentOf(order) : null,
  };
}

/** Reads the order in the version in which the payment was taken: core writes a new one for each refund, edit and cancellation. */
async function readPaidOrder(query: Query, invoice: InvoiceRecord): Promise<OrderRow | undefined> {
  const { order_id: id, session_id } = invoice;
  if (id === null) return undefined;
  const version = await paidVersion(query, id, session_id);
  const [order] = await readRows<OrderRow>(query, {
    entity: "order",
    fields: [
      ...["id", "display_id", "locale", "total", "tax_total", "discount_total", "credit_line_total"],
      ...["credit_lines.*", "items.*", "items.total", "items.tax_lines.rate"],
      ...["shipping_methods.*", "shipping_methods.total", "shipping_methods.tax_lines.rate"],
    ],
    filters: { id, ...(version !== undefined && { version }) },
  });
  return order;
}

/** The order's version when its payment was taken, by its transaction; undefined when it has none, so that the latest counts. */
async function paidVersion(query: Query, orderId: string, sessionId: string): Promise<number | undefined> {
  const [payment] = await readRows<{ captures?: { id: string }[] | null }>(query, {
    entity: "payment",
    fields: ["id", "captures.id"],
    filters: { payment_session_id: sessionId },
  });
  const captures = (payment?.captures ?? []).map(({ id }) => id);
  if (captures.length === 0) return undefined;
  const transactions = await readRows<{ version: number }>(query, {
    entity: "order_transaction",
    fields: ["id", "version"],
    filters: { order_id: orderId, reference: "capture", reference_id: captures },
  });
  const versions = transactions.map(({ version }) => version);
  return versions.length > 0 ? Math.min(...versions) : undefined;
}

function contentOf(order: OrderRow): SeqrReceiptOrder {
  const { id, display_id, items, shipping_methods } = order;
  const rows = [...(items ?? []), ...(shipping_methods ?? [])].map(rowOf);
  const credit = decimalString(order.credit_line_total);
  // Each row is rounded, and what was paid was rounded once.
  const charged = sum([decimalString(order.total), credit]);
  return {
    id,
    display_id: display_id ?? null,
    total: charged,
    tax_total: decimalString(order.tax_total),
    discount_total: decimalString(order.discount_total),
    credit_total: credit,
    rounding: subtract(charged, sum(rows.map(({ total }) => total))),
    rows,
  };
}

function rowOf(charge: ChargeRow): SeqrReceiptRow {
  const { product_title, variant_title, title, name, quantity = 1, total, tax_lines } = charge;
  const product = product_title ?? title ?? name ?? "";
  const rates = (tax_lines ?? []).map(({ rate }) => exactNumber(rate).toNumber());
  return {
    title: variant_title && variant_title !== product ? `${product}, ${variant_title}` : product,
    quantity: exactNumber(quantity).toFixed(),
    tax_rate: rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null,
    total: decimalString(total),
  };
}
