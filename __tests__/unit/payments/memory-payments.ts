import type { MemoryLedger } from "../modules/memory-ledger";
import {
  COUNTED_FURTHER,
  type Direction,
  type Part,
  type PartOf,
  type PaymentFilter,
  type PaymentReader,
  type RefundFilter,
} from "../../../src/modules/seqr/payments/payment-reader";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";

type Tables = Pick<MemoryLedger, "invoices" | "refunds" | "observations">;

/** Payments without a database, from the rows of a ledger in memory. */
export class MemoryPayments implements PaymentReader {
  constructor(private readonly tables: Tables) {}

  async listPayments(
    filter: PaymentFilter,
    direction: Direction,
    part: PartOf,
  ): ReturnType<PaymentReader["listPayments"]> {
    return partOf(this.#invoices(filter, direction), part);
  }

  async paymentsAfter(
    ...[filter, direction, limit, after]: Parameters<PaymentReader["paymentsAfter"]>
  ): ReturnType<PaymentReader["paymentsAfter"]> {
    const all = this.#invoices(filter, direction);
    const from = after ? all.findIndex(({ id }) => id === after.id) + 1 : 0;
    const records = all.slice(from, from + limit);
    const last = records.length < limit ? undefined : records.at(-1);
    return { records, next: last && { created_at: last.created_at.toISOString(), id: last.id } };
  }

  async findPayments(
    ...[{ reference, ...keys }, limit]: Parameters<PaymentReader["findPayments"]>
  ): ReturnType<PaymentReader["findPayments"]> {
    const is = (value: string | null, some: readonly string[] = []): boolean =>
      value !== null && (value === reference || some.includes(value));
    const ofRefunds = this.tables.refunds
      .filter((row) => [row.id, row.refund_reference, row.idempotency_key].some((value) => is(value)))
      .map(({ invoice_id }) => invoice_id);
    return this.#invoices({}, "newest")
      .filter(
        (row) =>
          [row.id, row.invoice_reference, row.ers_reference, row.disputed_reference].some((one) => is(one)) ||
          is(row.session_id, keys.session_ids) ||
          is(row.payment_collection_id, keys.payment_collection_ids) ||
          is(row.cart_id, keys.cart_ids) ||
          is(row.order_id, keys.order_ids) ||
          ofRefunds.includes(row.id),
      )
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async listRefunds(filter: RefundFilter, part: PartOf): ReturnType<PaymentReader["listRefunds"]> {
    const { state, from, to, ids, invoice_ids } = filter;
    const found = this.tables.refunds.filter(
      (row) =>
        (!state || state.includes(row.state)) &&
        (!from || row.requested_at >= from) &&
        (!to || row.requested_at < to) &&
        (!ids || ids.includes(row.id)) &&
        (!invoice_ids || invoice_ids.includes(row.invoice_id)),
    );
    const rank = (row: { state: string }): number => (row.state === "unknown" ? 0 : 1);
    found.sort(
      (one, other) =>
        rank(one) - rank(other) ||
        other.requested_at.getTime() - one.requested_at.getTime() ||
        (one.id < other.id ? 1 : -1),
    );
    return partOf(found, part);
  }

  async findRefunds(reference: string): Promise<string[]> {
    return this.tables.refunds
      .filter((row) => [row.id, row.refund_reference, row.idempotency_key].includes(reference))
      .map(({ id }) => id);
  }

  async latestObservations(
    ...[invoiceId, limit]: Parameters<PaymentReader["latestObservations"]>
  ): ReturnType<PaymentReader["latestObservations"]> {
    return this.tables.observations
      .map((row, index) => ({ id: `seqrobs_${index}`, ...row }))
      .filter(({ invoice_id }) => invoice_id === invoiceId)
      .sort((one, other) => one.observed_at.getTime() - other.observed_at.getTime())
      .slice(-limit);
  }

  #invoices(filter: PaymentFilter, direction: Direction): InvoiceRecord[] {
    const { state, terminal, currency_code, from, to, has_problem, ids } = filter;
    const found = this.tables.invoices
      .filter(
        (row) =>
          (!state || state.includes(row.state)) &&
          (!terminal || (row.terminal !== null && terminal.includes(row.terminal))) &&
          (!currency_code || currency_code.includes(row.currency_code)) &&
          (!from || row.created_at >= from) &&
          (!to || row.created_at < to) &&
          (has_problem === undefined || (row.problem !== null) === has_problem) &&
          (!ids || ids.includes(row.id)),
      )
      .sort(
        (one, other) => one.created_at.getTime() - other.created_at.getTime() || (one.id < other.id ? -1 : 1),
      );
    return direction === "newest" ? found.reverse() : found;
  }
}

function partOf<Record>(all: readonly Record[], { limit, offset }: PartOf): Part<Record> {
  const most = offset + limit + COUNTED_FURTHER;
  return {
    records: all.slice(offset, offset + limit),
    count: Math.min(all.length, most),
    has_more: all.length > most,
  };
}
