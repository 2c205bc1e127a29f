import type { BigNumberValue } from "@medusajs/framework/types";
import { exactNumber, total } from "../amounts";
import { readRows, type Query } from "./queries";

/** What an order has of one tax rate, with discounts, in billionths of its currency. */
export interface TaxShare {
  /** Sum of the tax rates in per cent, `25`; `0` where there is no tax. */
  rate: string;
  net: bigint;
  tax: bigint;
}

/** Decimals of a share. Medusa's amounts have more, which are errors of floating-point arithmetic. */
const DECIMALS = 9;

interface ChargeRow {
  total: BigNumberValue;
  tax_total: BigNumberValue;
  tax_lines?: { rate: BigNumberValue }[] | null;
}

interface OrderRow {
  id: string;
  items?: ChargeRow[] | null;
  shipping_methods?: ChargeRow[] | null;
}

const CHARGES = ["items", "shipping_methods"];

/**
 * Reads how orders divide into tax rates, highest rate first, by the order's id. An order that costs nothing has no shares.
 *
 * @param ids some hundred at most: it is one query, for which Medusa computes the totals of each order
 */
export async function taxSharesOf(query: Query, ids: readonly string[]): Promise<Map<string, TaxShare[]>> {
  if (ids.length === 0) return new Map();
  const orders = await readRows<OrderRow>(query, {
    entity: "order",
    fields: [
      ...["id", "total", "tax_total"],
      ...CHARGES.flatMap((charge) => [
        ...[`${charge}.*`, `${charge}.total`, `${charge}.tax_total`, `${charge}.tax_lines.rate`],
      ]),
    ],
    filters: { id: [...ids] },
  });
  return new Map(orders.map((order) => [order.id, sharesOf(order)]));
}

/** Reads the numbers by which people know orders, by the order's id. */
export async function orderNumbersOf(query: Query, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const orders = await readRows<{ id: string; display_id: number | null }>(query, {
    entity: "order",
    fields: ["id", "display_id"],
    filters: { id: [...ids] },
  });
  return new Map(orders.map(({ id, display_id }) => [id, String(display_id ?? "")]));
}

/** Reads Medusa's ids of payments, by the ids of their payment sessions. */
export async function paymentIdsOf(
  query: Query,
  sessionIds: readonly string[],
): Promise<Map<string, string>> {
  if (sessionIds.length === 0) return new Map();
  const payments = await readRows<{ id: string; payment_session_id: string | null }>(query, {
    entity: "payment",
    fields: ["id", "payment_session_id"],
    filters: { payment_session_id: [...sessionIds] },
  });
  return new Map(payments.map(({ id, payment_session_id }) => [payment_session_id ?? "", id]));
}

function sharesOf({ items, shipping_methods }: OrderRow): TaxShare[] {
  const shares = new Map<string, TaxShare>();
  for (const charge of [...(items ?? []), ...(shipping_methods ?? [])]) {
    const rate = total((charge.tax_lines ?? []).map((line) => line.rate)).toFixed();
    const share = shares.get(rate) ?? { rate, net: 0n, tax: 0n };
    const [gross, tax] = [billionths(charge.total), billionths(charge.tax_total)];
    shares.set(rate, { rate, net: share.net + gross - tax, tax: share.tax + tax });
  }
  return [...shares.values()]
    .map(({ rate, net, tax }) => ({ rate, net: atLeastZero(net), tax: atLeastZero(tax) }))
    .filter(({ net, tax }) => net + tax > 0n)
    .sort((one, other) => Number(other.rate) - Number(one.rate));
}

function billionths(amount: BigNumberValue): bigint {
  return BigInt(exactNumber(amount).shiftedBy(DECIMALS).toFixed(0));
}

/** What is below zero reduces no other share: a part of a payment is not below zero. */
function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
