import type { BigNumberValue } from "@medusajs/framework/types";
import { exactNumber, total, type MedusaAmount } from "../amounts";
import { readRows, type Query } from "./queries";

/** What an order has of one tax rate, with discounts: parts of a whole, in proportion to each other. */
export interface TaxShare {
  /** Sum of the tax rates in per cent, `25`; `0` where there is no tax. */
  rate: string;
  net: bigint;
  tax: bigint;
}

/** Decimals of a share. Medusa's amounts have more, which are errors of floating-point arithmetic. */
const DECIMALS = 9;

/** Orders whose totals Medusa computes at once. */
const WITH_TOTALS = 200;

/** An item or a delivery of an order. */
interface ChargeRow {
  tax_lines?: { rate: BigNumberValue }[] | null;
}

interface OrderRow<Charge> {
  id: string;
  items?: Charge[] | null;
  shipping_methods?: Charge[] | null;
}

type ChargeWithTotals = ChargeRow & { total: BigNumberValue; tax_total: BigNumberValue };

/**
 * Reads how orders divide into tax rates, highest rate first, by the order's id. An order that costs nothing has no shares.
 *
 * Medusa computes totals from an order's rows, which takes it long. So it is asked for the totals of those orders only that have
 * several rates.
 *
 * @param ids some thousand at most
 */
export async function taxSharesOf(query: Query, ids: readonly string[]): Promise<Map<string, TaxShare[]>> {
  const orders = await readOrders<ChargeRow>(query, ids, []);
  const shares = new Map<string, TaxShare[]>();
  const mixed: string[] = [];
  for (const order of orders) {
    const [rate, ...others] = new Set(chargesOf(order).map(rateOf));
    if (others.length > 0) mixed.push(order.id);
    else
      shares.set(order.id, rate === undefined ? [] : [{ rate, net: billionths(100), tax: billionths(rate) }]);
  }
  for (let from = 0; from < mixed.length; from += WITH_TOTALS) {
    const totals = ["total", "tax_total"];
    const some = mixed.slice(from, from + WITH_TOTALS);
    for (const order of await readOrders<ChargeWithTotals>(query, some, totals))
      shares.set(order.id, sharesOf(order));
  }
  return shares;
}

/** Reads orders with the tax rates of their rows. @param totals also of their rows */
async function readOrders<Charge>(
  query: Query,
  ids: readonly string[],
  totals: readonly string[],
): Promise<OrderRow<Charge>[]> {
  if (ids.length === 0) return [];
  return readRows<OrderRow<Charge>>(query, {
    entity: "order",
    fields: [
      ...["id", ...totals],
      ...["items", "shipping_methods"].flatMap((charge) => [
        ...[`${charge}.*`, `${charge}.tax_lines.rate`, ...totals.map((total) => `${charge}.${total}`)],
      ]),
    ],
    filters: { id: [...ids] },
  });
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

function sharesOf(order: OrderRow<ChargeWithTotals>): TaxShare[] {
  const shares = new Map<string, TaxShare>();
  for (const charge of chargesOf(order)) {
    const rate = rateOf(charge);
    const share = shares.get(rate) ?? { rate, net: 0n, tax: 0n };
    const [gross, tax] = [billionths(charge.total), billionths(charge.tax_total)];
    shares.set(rate, { rate, net: share.net + gross - tax, tax: share.tax + tax });
  }
  return [...shares.values()]
    .map(({ rate, net, tax }) => ({ rate, net: atLeastZero(net), tax: atLeastZero(tax) }))
    .filter(({ net, tax }) => net + tax > 0n)
    .sort((one, other) => Number(other.rate) - Number(one.rate));
}

function chargesOf<Charge>({ items, shipping_methods }: OrderRow<Charge>): Charge[] {
  return [...(items ?? []), ...(shipping_methods ?? [])];
}

/** Sum of the tax rates of a row, in per cent. */
function rateOf({ tax_lines }: ChargeRow): string {
  return total((tax_lines ?? []).map(({ rate }) => rate)).toFixed();
}

function billionths(amount: MedusaAmount): bigint {
  return BigInt(exactNumber(amount).shiftedBy(DECIMALS).toFixed(0));
}

/** What is below zero reduces no other share: a part of a payment is not below zero. */
function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
