import type { BigNumberValue } from "@medusajs/framework/types";
import { decimalString, exactNumber } from "../amounts";
import { readRows, type Query } from "../medusa/queries";
import type { InvoiceRecord, ReceiptRecord, RefundRecord } from "../modules/seqr/public";
import type { ResolvedOptions } from "../options/seqr-options";
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
  items?: ChargeRow[] | null;
  shipping_methods?: ChargeRow[] | null;
}

/** Reads what a receipt says: the order as it is now in Medusa, and the amount from the ledger. */
export async function readReceipt(
  query: Query,
  { receipt, invoice, refund, options }: ReceiptSubject,
): Promise<SeqrReceipt> {
  const order = invoice.order_id === null ? undefined : await readOrder(query, invoice.order_id);
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

async function readOrder(query: Query, id: string): Promise<OrderRow | undefined> {
  const [order] = await readRows<OrderRow>(query, {
    entity: "order",
    fields: [
      ...["id", "display_id", "locale", "total", "tax_total", "discount_total"],
      ...["items.*", "items.total", "items.tax_lines.rate"],
      ...["shipping_methods.*", "shipping_methods.total", "shipping_methods.tax_lines.rate"],
    ],
    filters: { id },
  });
  return order;
}

function contentOf(order: OrderRow): SeqrReceiptOrder {
  const { id, display_id, items, shipping_methods } = order;
  return {
    id,
    display_id: display_id ?? null,
    total: decimalString(order.total),
    tax_total: decimalString(order.tax_total),
    discount_total: decimalString(order.discount_total),
    rows: [...(items ?? []), ...(shipping_methods ?? [])].map(rowOf),
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
