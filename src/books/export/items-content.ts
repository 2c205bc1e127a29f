import { orderNumbersOf, paymentIdsOf } from "../../medusa/exported-orders";
import type { Query } from "../../medusa/queries";
import {
  REQUESTED_BY_MEDUSA,
  type ItemRecord,
  type OperationContext,
  type PeriodRecord,
} from "../../modules/seqr/public";
import type { CsvColumns } from "./csv";

const NAMES = [
  ...["period_id", "transaction_period_id", "closed_at", "number", "kind", "class", "cause", "is_open"],
  ...["terminal_id", "cashier_id", "ers_reference", "currency_code"],
  ...["reported_amount", "expected_amount", "medusa_amount"],
  ...["order_number", "order_id", "payment_session_id", "payment_id", "medusa_refund_id"],
  ...["invoice_id", "refund_id", "occurred_at", "carried_from", "carried_to", "counted_in"],
  ...["accepted_by", "accepted_at", "accepted_reason"],
] as const;
type Column = (typeof NAMES)[number];

/** The columns of an export of items: one row for each item. */
export const ITEM_COLUMNS: CsvColumns<Column> = {
  names: NAMES,
  decimals: new Set<Column>(["reported_amount", "expected_amount", "medusa_amount"]),
  numbers: new Set<Column>(["number", "order_number"]),
  booleans: new Set<Column>(["is_open"]),
};

/** A row of such an export. */
export type ItemRow = Record<Column, string | null>;

/**
 * Makes the rows of some items of a period, with Medusa's ids.
 *
 * @param items some thousand at most
 * @param counted the periods of another scope in which the books have an item already, by the items' ids
 */
export async function itemRows(
  { query, ledger }: { query: Query } & Pick<OperationContext, "ledger">,
  period: PeriodRecord,
  items: readonly ItemRecord[],
  counted: ReadonlyMap<string, string>,
): Promise<ItemRow[]> {
  const invoiceIds = known(items.map(({ invoice_id }) => invoice_id));
  const invoices = new Map((await ledger.findAll(invoiceIds)).map((invoice) => [invoice.id, invoice]));
  const withRefunds = known(items.map((item) => (item.refund_id === null ? null : item.invoice_id)));
  const refunds = new Map((await ledger.refundsOfAll(withRefunds)).map((refund) => [refund.id, refund]));
  const payments = await paymentIdsOf(
    query,
    [...invoices.values()].map(({ session_id }) => session_id),
  );
  const numbers = await orderNumbersOf(query, known(items.map(({ order_id }) => order_id)));
  return items.map((item) => {
    const session = invoices.get(item.invoice_id ?? "")?.session_id ?? null;
    const refund = refunds.get(item.refund_id ?? "");
    return {
      period_id: period.id,
      transaction_period_id: period.transaction_period_id,
      closed_at: period.requested_at.toISOString(),
      number: String(item.number),
      kind: item.kind,
      class: item.class,
      cause: item.cause,
      is_open: String(item.is_open),
      terminal_id: item.terminal_id,
      cashier_id: item.cashier_id,
      ers_reference: item.ers_reference,
      currency_code: item.currency_code,
      reported_amount: item.reported_amount,
      expected_amount: item.expected_amount,
      medusa_amount: item.medusa_amount,
      order_number: numbers.get(item.order_id ?? "") ?? null,
      order_id: item.order_id,
      payment_session_id: session,
      payment_id: payments.get(session ?? "") ?? null,
      medusa_refund_id: refund?.reason === REQUESTED_BY_MEDUSA ? refund.idempotency_key : null,
      invoice_id: item.invoice_id,
      refund_id: item.refund_id,
      occurred_at: item.occurred_at?.toISOString() ?? null,
      carried_from: item.carried_from,
      carried_to: item.carried_to,
      counted_in: counted.get(item.id) ?? null,
      accepted_by: item.accepted_by,
      accepted_at: item.accepted_at?.toISOString() ?? null,
      accepted_reason: item.accepted_reason,
    };
  });
}

/** The ids that are known, each once. */
export function known(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.flatMap((id) => id ?? []))];
}
