import type { ItemRecord, PeriodRecord, ReportRecord } from "../../../src/modules/seqr/books/books-ledger";

let made = 0;

/** A period of the shop that is reconciled, closed late on 15 January 2026 in Stockholm. */
export function period(more: Partial<PeriodRecord> = {}): PeriodRecord {
  const id = more.id ?? `seqrper_${++made}`;
  const requested_at = new Date("2026-01-15T22:55:00Z");
  return {
    ...{ id, endpoint: "https://seqr.example/soap", reseller_id: "shop", terminal: null, terminal_id: null },
    ...{ scope: "shop", state: "reconciled", transaction_period_id: `2026011523550000001${id}` },
    ...{
      entered_by: null,
      closing_day: null,
      actor_id: null,
      opened_at: null,
      requested_at,
      marked_at: requested_at,
    },
    ...{ reported_at: requested_at, reconciled_at: requested_at, sales_count: null, sales_total: null },
    ...{ due_at: null, attempts: 0, failing_since: null, lease_owner: null, lease_until: null, result: "0" },
    ...{ is_open: false, report_differs: false, summary_differs: false },
    ...more,
  } as PeriodRecord;
}

/** A payment of 125.00 kronor that SEQR reports, and that agrees. */
export function item(
  of: Pick<PeriodRecord, "id">,
  number: number,
  more: Partial<ItemRecord> = {},
): ItemRecord {
  return {
    ...{ id: `seqritem_${of.id}_${number}`, period_id: of.id, scope: "shop", number, row_number: number },
    ...{ kind: "payment", class: "agrees", cause: null, terminal_id: "t1", cashier_id: "webshop" },
    ...{ ers_reference: `20260115120000000010${number}`, currency_code: "SEK" },
    ...{ reported_amount: "125.00", expected_amount: "125.00", medusa_amount: "125.00" },
    ...{ invoice_id: `seqrinv_${number}`, refund_id: null, order_id: `order_${number}` },
    ...{ occurred_at: new Date("2026-01-15T11:00:00Z"), carried_from: null, carried_to: null },
    ...{ is_open: false, accepted_by: null, accepted_at: null, accepted_reason: null },
    ...more,
  };
}

/** A report of a period. */
export function report(
  of: Pick<PeriodRecord, "id">,
  id: string,
  more: Partial<ReportRecord> = {},
): ReportRecord {
  return {
    ...{
      id,
      period_id: of.id,
      report_id: "Reconciliation/STD_RECON_003.xml",
      title: "",
      mime_type: "text/html",
    },
    ...{ content: "<TransactionDetails/>", digest: id, is_current: true },
    ...{ fetched_at: new Date("2026-01-15T22:55:05Z") },
    ...more,
  };
}
