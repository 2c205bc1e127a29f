import { openTerminals } from "../../../src/modules/seqr/operations/terminals";
import type { ItemRecord, PeriodRecord, ReportRowRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { ReconciliationStore } from "../../../src/modules/seqr/books/reconciliation-store";
import type {
  InvoicePatch,
  InvoiceRecord,
  Ledger,
  RefundRecord,
} from "../../../src/modules/seqr/ledger/ledger";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { systemClock } from "../../../src/clock";
import { reconcilePeriod, type Reconciliation } from "../../../src/books/reconcile-period";
import type { RecordedAmounts } from "../../../src/medusa/recorded-amounts";
import { resolveStore } from "../../../src/options/store-options";
import { compare, fromHundredths, sum, toHundredths } from "../../../src/seqr";
import { at, invoiceIn, newRefund, present, step } from "../modules/ledger-contract";

/** Where the ledger and the books of a test are. */
export interface BooksUnderTest {
  ledger: Ledger;
  books: ReconciliationStore;
  addPeriod(period: PeriodRecord): Promise<void>;
  changePeriod(id: string, patch: Partial<PeriodRecord>): Promise<void>;
  addRows(rows: readonly ReportRowRecord[]): Promise<void>;
  deleteRows(periodId: string): Promise<void>;
  itemsOf(periodId: string): Promise<ItemRecord[]>;
  changeItem(id: string, patch: Partial<ItemRecord>): Promise<void>;
}

const ENDPOINT = "https://seqr.example/soap";
const ID_OF = { se: "t-se", fi: "t-fi", both: "t-both" } as const;
export type TerminalName = keyof typeof ID_OF;

/** A row of a report: reference, amount, and terminal if it is not the first. */
export type GivenRow = readonly [reference: string, amount: string, terminal?: string];

/** A payment that SEQR has charged. */
interface GivenPayment {
  reference: string | null;
  amount?: string;
  seconds?: number;
  terminal?: TerminalName;
  currency?: string;
  state?: InvoiceState;
  patch?: InvoicePatch;
  /** What Medusa has captured; left out, the amount. */
  captured?: string | null;
}

/** A refund that SEQR has made. */
interface GivenRefund {
  reference: string | null;
  amount: string;
  seconds: number;
  state?: "done" | "unknown" | "refused";
  reason?: string;
  /** What Medusa has refunded; left out, the amount. */
  recorded?: string | null;
}

/** A shop with three terminals at one account, whose periods are closed and reconciled. */
export interface BooksWorld extends BooksUnderTest {
  pay(payment: GivenPayment): Promise<InvoiceRecord>;
  refund(invoice: InvoiceRecord, refund: GivenRefund): Promise<RefundRecord>;
  /** A period that was closed at this second; the one before it in its scope ends where it begins. */
  period(name: string, seconds: number, more?: Partial<PeriodRecord>): Promise<PeriodRecord>;
  /** Has SEQR report these rows for a period, and reconciles it. */
  report(period: PeriodRecord, rows: readonly GivenRow[]): Promise<ItemRecord[]>;
  /** Reconciles a period as it is now. */
  reconcile(period: PeriodRecord, now?: Date): Promise<Reconciliation>;
  /** `class/cause` of each item, with what it is about. */
  said(items: readonly ItemRecord[]): string[];
}

const { terminals } = resolveStore({
  endpoint: ENDPOINT,
  password: "password",
  backendUrl: "https://shop.example",
  shopName: "Nordic Goods",
  reseller: { id: "shop", password: "secret" },
  terminals: {
    se: { terminalId: ID_OF.se, currencies: ["SEK"] },
    fi: { terminalId: ID_OF.fi, currencies: ["EUR"], retired: true },
    both: { terminalId: ID_OF.both, currencies: ["SEK", "EUR"] },
    other: { terminalId: ID_OF.se, currencies: ["SEK"], endpoint: "https://another.example/soap" },
  },
});

export function booksWorld(under: BooksUnderTest): BooksWorld {
  const recorded = new Map<string, RecordedAmounts & { refunds: Map<string, string> }>();
  const last = new Map<string, Date>();
  const opened = openTerminals(terminals, { ledger: under.ledger, clock: systemClock });
  const recordOf = (sessionId: string) => {
    const record = recorded.get(sessionId) ?? { captured: null, refunds: new Map<string, string>() };
    recorded.set(sessionId, record);
    return record;
  };
  const world: BooksWorld = {
    ...under,
    async pay({ reference, seconds = 0, terminal = "se", currency = "SEK", ...given }) {
      const { amount = "100.00", state = "completed", captured = amount } = given;
      const invoice = await invoiceIn(under.ledger, "captured", {
        ...{ terminal, terminal_id: ID_OF[terminal], currency_code: currency, amount },
      });
      const paid = { ers_reference: reference, paid_at: at(seconds), ...given.patch };
      if (state === "completed")
        await under.ledger.transition(
          invoice.id,
          "completed",
          step({ ...paid, order_id: `order-${reference}` }),
        );
      else if (state === "refunded") await under.ledger.transition(invoice.id, "refunded", step(paid));
      else await under.ledger.update(invoice.id, paid, ["captured"]);
      recordOf(invoice.session_id).captured = captured;
      return present(await under.ledger.find({ id: invoice.id }));
    },
    async refund(invoice, { reference, amount, seconds, state = "done", reason = "medusa", ...given }) {
      const { recorded: record = amount } = given;
      const wanted = newRefund(invoice.id, { amount, reason, requested_at: at(seconds - 1) });
      const { id } = present(await under.ledger.insertRefund(wanted));
      const outcome = { refund_reference: reference, result: "0", finished_at: at(seconds) };
      if (record !== null) recordOf(invoice.session_id).refunds.set(wanted.idempotency_key, record);
      return present(await under.ledger.finishRefund(id, state, outcome));
    },
    async period(name, seconds, more = {}) {
      const scope = `${ENDPOINT} shop ${more.terminal ?? ""}`;
      const requested_at = at(seconds);
      const period: PeriodRecord = {
        ...{
          id: `seqrper_${name}`,
          endpoint: ENDPOINT,
          reseller_id: "shop",
          terminal: null,
          terminal_id: null,
        },
        ...{
          scope,
          state: "marked",
          transaction_period_id: name,
          entered_by: null,
          closing_day: null,
          actor_id: null,
        },
        ...{ opened_at: last.get(scope) ?? null, requested_at, marked_at: requested_at, reconciled_at: null },
        ...{
          reported_at: hasReport(more.state) ? requested_at : null,
          sales_count: null,
          sales_total: null,
          due_at: null,
          attempts: 0,
        },
        ...{ lease_owner: null, lease_until: null, result: "0", is_open: false, report_differs: false },
        ...{ summary_differs: false, failing_since: null, ...more },
      };
      if (period.state !== "refused") last.set(scope, requested_at);
      await under.addPeriod(period);
      return period;
    },
    async report(period, rows) {
      await under.deleteRows(period.id);
      await under.addRows(
        rows.map(([ers_reference, amount, terminal_id = ID_OF.se], index) => ({
          ...{ id: `seqrrow_${period.id}_${index}`, period_id: period.id, row_number: index + 1 },
          ...{ terminal_id, cashier_id: null, amount, ers_reference },
        })),
      );
      const reported = { state: "marked", reported_at: period.requested_at } as const;
      await under.changePeriod(period.id, reported);
      await world.reconcile({ ...period, ...reported });
      await under.changePeriod(period.id, { state: "reconciled" });
      const items = await under.itemsOf(period.id);
      await balances(world, period, items, rows);
      return items;
    },
    reconcile(period, now = at(1_000_000)) {
      const clock = { now: () => now };
      return reconcilePeriod(
        {
          seqr: { terminals: opened, clock },
          books: under.books,
          recordedAmounts: async (ids) =>
            new Map(ids.flatMap((id) => (recorded.has(id) ? [[id, recordOf(id)]] : []))),
        },
        period,
      );
    },
    said: (items) =>
      items.map(
        ({ class: itemClass, cause, ers_reference, is_open }) =>
          `${ers_reference ?? "-"} ${itemClass}${cause ? `/${cause}` : ""}${is_open ? "!" : ""}`,
      ),
  };
  return world;
}

function hasReport(state: PeriodRecord["state"] = "marked"): boolean {
  return state === "marked" || state === "reconciled";
}

/** Every row is one item in its place, and what is explained and what is not equals the report, to 0.00. */
async function balances(
  { books }: BooksUnderTest,
  { id }: PeriodRecord,
  items: readonly ItemRecord[],
  rows: readonly GivenRow[],
): Promise<void> {
  expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => index + 1));
  const ofRows = items.filter(({ row_number }) => row_number !== null);
  expect(ofRows.map(({ ers_reference, reported_amount }) => [ers_reference, reported_amount])).toEqual(
    rows.map(([reference, amount]) => [reference, amount]),
  );
  const totals = await books.totalsOf(id);
  const own = items.filter(({ carried_to }) => carried_to === null);
  const expected = sum(own.map(({ expected_amount }) => expected_amount ?? "0"));
  expect(sum(totals.map((one) => one.reported))).toBe(sum(rows.map(([, amount]) => amount)));
  expect(sum(totals.map((one) => one.expected))).toBe(expected);
  for (const total of totals) {
    const { agrees, only_at_seqr, only_here, ...differing } = total.classes;
    const terms = [
      ...Object.values(differing).map((one) => toHundredths(one.reported) - toHundredths(one.expected)),
      toHundredths(only_at_seqr?.reported ?? "0"),
      -toHundredths(only_here?.expected ?? "0"),
    ];
    expect(fromHundredths(terms.reduce((one, other) => one + other, 0n))).toBe(total.difference);
    expect(compare(agrees?.reported ?? "0", agrees?.expected ?? "0")).toBe(0);
    expect(only_at_seqr?.expected ?? "0.00").toBe("0.00");
    expect(only_here?.reported ?? "0.00").toBe("0.00");
  }
}
