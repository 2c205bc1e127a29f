import {
  dismissAttentionItems,
  listAttention,
  resolveAttentionItem,
  type Decision,
} from "../../../src/attention/attention-list";
import type { AttentionContext } from "../../../src/attention/attention-context";
import { booksOfEntry, entriesOfPeriod } from "../../../src/modules/seqr/attention/books-entries";
import { attentionOf } from "../../../src/modules/seqr/attention/attention-entries";
import type { AttentionAction, AttentionKind } from "../../../src/modules/seqr/attention/attention-kinds";
import type { PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import { at, present } from "../modules/ledger-contract";
import { MemoryBooksAttention } from "../modules/memory-books-attention";
import { MemoryPeriods } from "../modules/memory-periods";
import { MemoryReconciliation } from "../modules/memory-reconciliation";
import { booksWorld, type BooksWorld, type GivenRow } from "../books/books-world";
import { startStoreWorld, type StoreWorld } from "../processing/store-world";

const DAY = 86_400;

/** The books of a store world, with its attention list. */
function attentionIn(world: StoreWorld): {
  context: AttentionContext;
  books: BooksWorld;
  periods: MemoryPeriods;
} {
  const periods = new MemoryPeriods();
  const { tables } = periods;
  world.ledger.books = tables;
  const attention = new MemoryBooksAttention(tables);
  const change = (id: string, patch: Partial<PeriodRecord>): void =>
    void Object.assign(present(tables.periods.find((one) => one.id === id)), patch);
  const books = booksWorld({
    ledger: world.ledger,
    books: new MemoryReconciliation(world.ledger, tables),
    addPeriod: async (period) => void tables.periods.push({ ...period }),
    changePeriod: async (id, patch) => change(id, patch),
    addRows: async (rows) => void tables.rows.push(...rows),
    deleteRows: async () => void (tables.rows.length = 0),
    itemsOf: async (id) => tables.items.filter(({ period_id }) => period_id === id),
    changeItem: async () => undefined,
  });
  const clock = { ...world.seqr.clock, now: () => at(5 * DAY) };
  return { context: { ...world.processing, books: { periods, clock, attention } }, books, periods };
}

describe("the attention list about the books", () => {
  let world: StoreWorld;
  let context: AttentionContext;
  let books: BooksWorld;
  let periods: MemoryPeriods;
  beforeEach(async () => {
    world = await startStoreWorld();
    ({ context, books, periods } = attentionIn(world));
  });
  afterEach(() => world.stop());

  const list = async () => (await listAttention(context, { limit: 100, offset: 0 })).attention_items;
  const decision = (action: AttentionAction, more: Partial<Decision> = {}): Decision => ({
    ...{ action, actorId: "user_1", reason: "asked SEQR", ...more },
  });
  const about = async (kind: AttentionKind, action: AttentionAction, more: Partial<Decision> = {}) => {
    const entry = present((await list()).find((one) => one.kind === kind));
    return resolveAttentionItem(context, entry.id, decision(action, more));
  };
  const periodNow = (id: string) => present(periods.tables.periods.find((one) => one.id === id));
  const differing = async (...rows: GivenRow[]): Promise<PeriodRecord> => {
    const period = await books.period("one", DAY, { terminal: "se", terminal_id: "t-se" });
    await books.report(period, rows);
    return period;
  };

  it("has each open question about a period, and each difference, among the payments", async () => {
    const { invoice } = await world.checkout();
    await world.ledger.update(invoice.id, { problem: "SEQR_ANSWER_CONTRADICTS" }, ["open"]);
    await differing(["x1", "5.00"], ["x2", "-6.00"]);
    await books.period("lost", 2 * DAY, { state: "lost", is_open: true, result: "SEQR_TIMEOUT" });
    await books.period("none", 3 * DAY, { state: "unreported", is_open: true });
    const more = { state: "reconciled", report_differs: true, summary_differs: true } as const;
    await books.period("both", 4 * DAY, more);
    const { attention_items, count, totals } = await listAttention(context, { limit: 100, offset: 0 });
    expect(attention_items.map(({ kind }) => kind)).toEqual([
      ...["contradicting", "books_difference", "books_difference", "period_lost", "period_unreported"],
      ...["report_differs", "summary_differs"],
    ]);
    expect([count, totals.person]).toEqual([7, 7]);
    expect(attention_items[1]).toMatchObject({
      ...{ invoice_id: null, terminal: "se", ers_reference: "x1", amount: "5.00", currency_code: "SEK" },
      ...{
        state: null,
        problem: null,
        needs: "person",
        actions: ["retry", "accept"],
        automatic_action: null,
      },
      ...{ since: at(DAY).toISOString(), decisions: [] },
      period: {
        id: "seqrper_one",
        state: "reconciled",
        requested_at: at(DAY).toISOString(),
        opened_at: null,
      },
      difference: { kind: "payment", class: "only_at_seqr", cause: "other_system", reported_amount: "5.00" },
    });
    expect(attention_items[3]).toMatchObject({ problem: "SEQR_TIMEOUT", difference: null, amount: null });
    const few = await listAttention(context, {
      limit: 2,
      offset: 2,
      kind: ["books_difference", "period_lost"],
    });
    expect(few.attention_items.map(({ kind }) => kind)).toEqual(["period_lost"]);
    expect(few.count).toBe(3);
    // Without books, as in a store that has never closed a period.
    const { attention_items: ofPayments } = await listAttention(world.processing, { limit: 100, offset: 0 });
    expect(ofPayments.map(({ kind }) => kind)).toEqual(["contradicting"]);
  });

  it("accepts a difference once, and writes down who did and why", async () => {
    await differing(["x1", "5.00"], ["x2", "6.00"]);
    const [first] = await list();
    const id = present(first).id;
    expect(await about("books_difference", "accept")).toEqual([]);
    expect(periods.tables.items).toMatchObject([
      { is_open: false, accepted_by: "user_1", accepted_at: at(5 * DAY), accepted_reason: "asked SEQR" },
      { is_open: true, accepted_by: null },
    ]);
    expect(periods.tables.decisions).toMatchObject([
      { kind: "books_difference", period_id: "seqrper_one", action: "accept", actor_id: "user_1" },
    ]);
    expect((await list()).map(({ ers_reference }) => ers_reference)).toEqual(["x2"]);
    await expect(resolveAttentionItem(context, id, decision("accept"))).rejects.toMatchObject({
      code: "SEQR_DECISION_STALE",
    });
    expect(periods.tables.decisions).toHaveLength(1);
  });

  it("accepts many differences at once, and no question about a period", async () => {
    await differing(["x1", "5.00"], ["x2", "6.00"]);
    await books.period("lost", 2 * DAY, { state: "lost", is_open: true });
    const ids = (await list()).map(({ id }) => id);
    const results = await dismissAttentionItems(context, [...ids, "seqrper_none.period_lost.1"], {
      actorId: "user_1",
      reason: "a cash register",
    });
    expect(results.map(({ dismissed, code }) => [dismissed, code])).toEqual([
      [true, null],
      [true, null],
      [false, "SEQR_DECISION"],
      [false, "SEQR_NO_SUCH_ENTRY"],
    ]);
    expect((await list()).map(({ kind }) => kind)).toEqual(["period_lost"]);
    expect(periods.tables.decisions.map(({ action }) => action)).toEqual(["accept", "accept"]);
  });

  it.each<[AttentionKind, AttentionAction, Partial<PeriodRecord>]>([
    ["period_lost", "accept", { state: "lost", is_open: true }],
    ["period_unreported", "accept", { state: "unreported", is_open: true }],
    ["summary_differs", "accept", { state: "reconciled", summary_differs: true }],
    ["report_differs", "dismiss", { state: "reconciled", report_differs: true }],
  ])("closes %s with %s, and leaves the period as it is", async (kind, action, more) => {
    const { id } = await books.period("one", DAY, more);
    const { state } = periodNow(id);
    expect(await about(kind, action)).toEqual([]);
    expect(periodNow(id)).toMatchObject({
      ...{ state, is_open: false, summary_differs: false, report_differs: false },
    });
    expect(periods.tables.decisions).toMatchObject([{ kind, action, reason: "asked SEQR", period_id: id }]);
  });

  it("shows what was decided about a period with what is left of it", async () => {
    await books.period("one", DAY, { state: "reconciled", report_differs: true, summary_differs: true });
    expect(await about("summary_differs", "accept")).toMatchObject([
      { kind: "report_differs", decisions: [{ kind: "summary_differs", actor_id: "user_1" }] },
    ]);
  });

  it("shows with each period what was decided about it", async () => {
    const open = { state: "reconciled", report_differs: true, summary_differs: true } as const;
    await books.period("one", DAY, open);
    const [first] = await list();
    await books.period("two", 2 * DAY, open);
    await about("summary_differs", "accept");
    const shown = (await list()).map(({ kind, decisions }) => [kind, decisions.map((one) => one.kind)]);
    expect(first?.kind).toBe("report_differs");
    expect(shown).toEqual([
      ["report_differs", ["summary_differs"]],
      ["report_differs", []],
      ["summary_differs", []],
    ]);
  });

  it("says which difference could not be accepted", async () => {
    await differing(["x1", "5.00"]);
    const [entry] = await list();
    const accept = jest.spyOn(MemoryBooksAttention.prototype, "acceptItem").mockResolvedValueOnce(undefined);
    const results = await dismissAttentionItems(context, [present(entry).id], {
      actorId: "user_1",
      reason: "a cash register",
    });
    accept.mockRestore();
    expect(results).toMatchObject([{ dismissed: false, code: "SEQR_DECISION_STALE" }]);
  });

  it("fetches the reports of a lost period, once SEQR's id of it is given", async () => {
    const { id } = await books.period("one", DAY, {
      state: "lost",
      is_open: true,
      transaction_period_id: null,
    });
    await expect(about("period_lost", "retry")).rejects.toMatchObject({ code: "SEQR_DECISION" });
    expect(await about("period_lost", "retry", { transactionPeriodId: "77" })).toEqual([]);
    expect(periodNow(id)).toMatchObject({ state: "marked", transaction_period_id: "77", reported_at: null });
    expect(periods.tables.decisions).toMatchObject([{ action: "retry", actor_id: "user_1" }]);
  });

  it("compares a period again because of one of its differences", async () => {
    const { id } = await differing(["x1", "5.00"]);
    await about("books_difference", "retry");
    expect(periodNow(id)).toMatchObject({ state: "marked", reported_at: null, due_at: at(5 * DAY) });
  });

  it("goes by the report that was fetched again, and compares again, when staff accept it", async () => {
    const { id } = await differing(["x1", "5.00"]);
    Object.assign(periodNow(id), { report_differs: true, transaction_period_id: "77" });
    const report = {
      ...{ period_id: id, title: null, mime_type: null, digest: "d", fetched_at: at(2 * DAY) },
      content: `<TransactionDetails><Meta><TransactionPeriodId>77</TransactionPeriodId></Meta><Row><TerminalId>t-se</TerminalId>
        <CashierId>NULL</CashierId><SalesAmount>7.00000</SalesAmount><ErsReference>x9</ErsReference></Row></TransactionDetails>`,
    };
    const report_id = "Reconciliation/STD_RECON_007.xml";
    periods.tables.reports.push(
      { ...report, id: "seqrrep_1", report_id, is_current: true },
      { ...report, id: "seqrrep_2", report_id, is_current: false, fetched_at: at(3 * DAY) },
    );
    await about("report_differs", "accept");
    expect(periods.tables.rows).toMatchObject([{ ers_reference: "x9", amount: "7.00", row_number: 1 }]);
    expect(periods.tables.reports.map(({ is_current }) => is_current)).toEqual([false, true]);
    expect(periodNow(id)).toMatchObject({
      ...{ state: "marked", report_differs: false, due_at: at(5 * DAY), reported_at: at(DAY) },
    });
  });

  it("refuses what an entry does not offer, a missing reason, and a decision about something else", async () => {
    await differing(["x1", "5.00"]);
    await expect(about("books_difference", "refund")).rejects.toMatchObject({ code: "SEQR_DECISION" });
    await expect(about("books_difference", "accept", { reason: " " })).rejects.toMatchObject({
      code: "SEQR_DECISION",
    });
    for (const [id, code] of [
      ["seqrper_one.books_difference.seqritem_gone", "SEQR_DECISION_STALE"],
      ["seqrper_none.books_difference.seqritem_gone", "SEQR_NO_SUCH_ENTRY"],
    ] as const)
      await expect(resolveAttentionItem(context, id, decision("accept"))).rejects.toMatchObject({ code });
    expect(periods.tables.decisions).toEqual([]);
  });

  it("names an entry anew when the reports were fetched again", async () => {
    const period = await books.period("one", DAY, { state: "reconciled", summary_differs: true });
    const [before] = entriesOfPeriod(period);
    const [after] = entriesOfPeriod({ ...period, reported_at: at(DAY + 60) });
    expect(after?.id).not.toBe(before?.id);
    expect(booksOfEntry(before?.id ?? "")).toEqual({ periodId: period.id, itemId: undefined });
    const { invoice } = await world.checkout();
    const paid = { ...invoice, state: "paid" as const };
    expect(booksOfEntry(attentionOf(paid, [])[0]?.id ?? "")).toBeUndefined();
  });
});
