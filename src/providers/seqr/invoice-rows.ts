import { fromHundredths, subtract, sum, toHundredths, type InvoiceRow } from "../../seqr";
import { decimalString, exactNumber } from "../../amounts";
import type { CartCharge, CartItem, PurchaseCart } from "../../medusa/session-cart";

type PricedRow = InvoiceRow & Required<Pick<InvoiceRow, "itemTotalAmount">>;

/**
 * Builds the rows of an invoice: one for each cart line and shipping method at its price before discounts, one for all
 * discounts, one for each credit (store credit, gift card), and one for the difference from rounding to two decimals.
 * They add up to the total exactly. If they cannot, because the total includes something else, one row replaces them.
 *
 * @param total decimal string
 * @param currency ISO 4217, capitals
 */
export function invoiceRows(cart: PurchaseCart | undefined, total: string, currency: string): InvoiceRow[] {
  const amount = (value: string): { currency: string; value: string } => ({ currency, value });
  const row = (itemDescription: string, value: string): PricedRow => ({
    itemDescription,
    itemQuantity: "1",
    itemTotalAmount: amount(value),
  });
  if (!cart) return [row("Total", total)];

  const charges: CartCharge[] = [...cart.items, ...cart.shipping_methods];
  const rows = [
    ...cart.items.map((item) => itemRow(item, amount)),
    ...cart.shipping_methods.map((method) => ({
      ...row(method.name || "Shipping", decimalString(method.original_total)),
      ...taxRate(method),
    })),
  ];
  const discount = toHundredths(sum(charges.map((charge) => decimalString(charge.total)))) - totalOf(rows);
  if (discount !== 0n) rows.push(row("Discount", fromHundredths(discount)));
  const credits = cart.credit_lines ?? [];
  rows.push(...credits.map((credit) => row("Credit", subtract("0", decimalString(credit.amount)))));
  const rest = toHundredths(total) - totalOf(rows);
  if (abs(rest) > BigInt(charges.length + credits.length)) return [row("Total", total)];
  if (rest !== 0n) rows.push(row("Rounding", fromHundredths(rest)));
  return rows;
}

function itemRow(item: CartItem, amount: (value: string) => { currency: string; value: string }): PricedRow {
  const quantity = exactNumber(item.quantity);
  // SEQR counts from 1 (PROTOCOL 3.4): half a metre is one row of "0.5 × …".
  const isCounted = quantity.isGreaterThanOrEqualTo(1);
  const title = item.product_title || item.title || "Item";
  const variant = item.variant_title;
  const name = variant && variant !== title ? `${title}, ${variant}` : title;
  const total = decimalString(item.original_total);
  const ean = item.variant?.ean || item.variant_barcode;
  return {
    itemDescription: isCounted ? name : `${quantity.toFixed()} × ${name}`,
    ...(ean && { itemEAN: ean }),
    itemQuantity: isCounted ? quantity.toFixed() : "1",
    ...(item.variant_sku && { itemSKU: item.variant_sku }),
    ...taxRate(item),
    itemTotalAmount: amount(total),
    itemUnitPrice: amount(isCounted ? decimalString(exactNumber(total).dividedBy(quantity)) : total),
  };
}

/** Sum of the tax rates in percent; undefined without tax. */
function taxRate({ tax_lines }: CartCharge): Pick<InvoiceRow, "itemTaxRate"> {
  if (!tax_lines?.length) return {};
  return {
    itemTaxRate: tax_lines.reduce((sum, { rate }) => sum.plus(exactNumber(rate)), exactNumber(0)).toFixed(),
  };
}

function totalOf(rows: PricedRow[]): bigint {
  return toHundredths(sum(rows.map((row) => row.itemTotalAmount.value)));
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
