import type { PeriodRecord, ReportRowRecord } from "../../../src/modules/seqr/books/books-ledger";
import type {
  NewPeriod,
  NewPeriodDecision,
  NewReport,
  NewReportRow,
  PeriodPatch,
  PeriodStore,
} from "../../../src/modules/seqr/books/period-store";
import { at, present } from "./ledger-contract";

export function newPeriod(more: Partial<NewPeriod> = {}): NewPeriod {
  return {
    endpoint: "https://seqr.example/soap",
    reseller_id: "shop-1",
    terminal: null,
    terminal_id: null,
    scope: "scope",
    closing_day: null,
    actor_id: null,
    requested_at: at(0),
    ...more,
  };
}

export function newReport(more: Partial<NewReport> = {}): NewReport {
  return {
    report_id: "Reconciliation/STD_RECON_003.xml",
    title: null,
    mime_type: "text/html",
    content: "<TransactionDetails/>",
    digest: "digest",
    is_current: true,
    fetched_at: at(10),
    ...more,
  };
}

export function newRow(row_number: number, more: Partial<NewReportRow> = {}): NewReportRow {
  return {
    row_number,
    terminal_id: "terminal",
    cashier_id: null,
    amount: "10.00",
    ers_reference: `reference-${row_number}`,
    ...more,
  };
}

function newDecision(period_id: string, more: Partial<NewPeriodDecision> = {}): NewPeriodDecision {
  return {
    ...{ period_id, kind: "period_lost", subject: "", action: "accept" },
    ...{ actor_id: "user_1", reason: "SEQR cannot say", decided_at: at(90) },
    ...more,
  };
}

const lease = (owner = "a", from = 0): { owner: string; now: Date; until: Date } => ({
  owner,
  now: at(from),
  until: at(from + 60),
});

const MARKED: PeriodPatch = { state: "marked", marked_at: at(1), due_at: at(4) };
const RELEASED: PeriodPatch = { lease_owner: null, lease_until: null };

/** An empty store, and what it has of a period's report, in the order of the numbers. */
export interface PeriodsUnderTest {
  store: PeriodStore;
  rowsOf(periodId: string): Promise<ReportRowRecord[]>;
}

/** What every store of periods has to do. */
export function describePeriods(name: string, make: () => Promise<PeriodsUnderTest>): void {
  describe(name, () => {
    let store: PeriodStore;
    let rowsOf: PeriodsUnderTest["rowsOf"];
    beforeEach(async () => {
      ({ store, rowsOf } = await make());
    });

    const begun = async (more: Partial<NewPeriod> = {}): Promise<PeriodRecord> =>
      present(await store.insert(newPeriod(more), lease()));
    const changed = async (id: string, patch: PeriodPatch): Promise<PeriodRecord> =>
      store.change(id, ["marking", "marked"], patch).then((row) => {
        if (row === undefined || row === "taken") throw new Error(`it was not changed: ${String(row)}`);
        return row;
      });
    const marked = async (more: Partial<NewPeriod> = {}, id?: string): Promise<PeriodRecord> => {
      const period = await begun(more);
      return changed(period.id, {
        ...MARKED,
        ...RELEASED,
        transaction_period_id: id ?? `id of ${period.id}`,
      });
    };

    it("records the intent to close a period under a lease, at whose end it is due", async () => {
      const period = await begun({ terminal: "se", terminal_id: "terminal", actor_id: "user_1" });
      expect(period).toMatchObject({
        ...newPeriod({ terminal: "se", terminal_id: "terminal", actor_id: "user_1" }),
        ...{
          state: "marking",
          opened_at: null,
          transaction_period_id: null,
          attempts: 0,
          failing_since: null,
        },
        ...{ lease_owner: "a", lease_until: at(60), due_at: at(60), result: null },
        ...{ is_open: false, report_differs: false, summary_differs: false },
      });
      expect(await store.find(period.id)).toEqual(period);
      expect(await store.find("seqrper_none")).toBeUndefined();
    });

    it("lets one period of a scope be closed at a time", async () => {
      const tries = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.insert(newPeriod(), lease(`server ${index}`))),
      );
      const [period, ...others] = tries.filter((one) => one !== undefined);
      expect(others).toEqual([]);
      await begun({ scope: "another" });
      await changed(present(period).id, { ...MARKED, transaction_period_id: "1" });
      await begun();
    });

    it("closes a scope once for a day, unless SEQR refused it", async () => {
      const day = { closing_day: "2030-01-01" };
      const first = await begun(day);
      await changed(first.id, { state: "refused", result: "SEQR_93" });
      await marked({ ...day, requested_at: at(60) });
      expect(await store.insert(newPeriod(day), lease())).toBeUndefined();
      await marked({ closing_day: "2030-01-02", requested_at: at(120) });
      await marked({ requested_at: at(180) });
      await begun({ ...day, scope: "another" });
      expect(await store.lastClosingDay("scope")).toBe("2030-01-02");
      expect(await store.lastClosingDay("another")).toBe("2030-01-01");
      expect(await store.lastClosingDay("none")).toBeUndefined();
    });

    it("finds the last period of an account that was closed, of whatever scope, and the one with an id", async () => {
      const account = { endpoint: "https://seqr.example/soap", reseller_id: "shop-1" };
      expect(await store.lastClosed(account)).toBeUndefined();
      const first = await marked({ requested_at: at(60), scope: "another", terminal_id: "t1" });
      await marked({ requested_at: at(0) });
      const refused = await begun({ requested_at: at(120) });
      await changed(refused.id, { state: "refused" });
      expect((await store.lastClosed(account))?.id).toBe(first.id);
      expect(await store.lastClosed({ ...account, reseller_id: "other" })).toBeUndefined();
      await changed(first.id, { transaction_period_id: "77" });
      expect((await store.findByTransactionPeriod(account, "77"))?.id).toBe(first.id);
      expect(await store.findByTransactionPeriod(account, "78")).toBeUndefined();
      const other = { ...account, endpoint: "https://another.example/soap" };
      expect(await store.findByTransactionPeriod(other, "77")).toBeUndefined();
    });

    it("takes another id as staff enter it: what was fetched under the first is not what it goes by", async () => {
      const { id } = await marked({});
      await store.acquireDueLeases({ ...lease("a", 10), limit: 1 });
      const rows = [newRow(1), newRow(2)];
      await store.keepReports(id, "a", { reports: [newReport()], rows, patch: { reported_at: at(10) } });
      const entered = { transaction_period_id: "78", entered_by: "user_1" };
      expect(await store.enterId(newDecision(id), { state: "lost" }, entered)).toBeUndefined();
      expect(await rowsOf(id)).toHaveLength(2);
      expect(await store.enterId(newDecision(id), { state: "marked" }, entered)).toMatchObject(entered);
      expect(await rowsOf(id)).toEqual([]);
      expect(await store.currentReports(id)).toEqual([]);
      const other = await marked({ requested_at: at(60) });
      expect(await store.enterId(newDecision(other.id), { state: "marked" }, entered)).toBe("taken");
      // The report under the right id is the first one, though there is an older one.
      await store.keepReports(id, "a", {
        ...{ reports: [newReport({ digest: "other", fetched_at: at(20) })], rows: [newRow(1)], patch: {} },
      });
      expect(await store.differingReports(id)).toEqual([]);
      expect(await rowsOf(id)).toHaveLength(1);
    });

    it("does not count a refused day as closed, and counts its tries", async () => {
      for (const second of [0, 60, 30]) {
        const period = await begun({ closing_day: "2030-01-01", requested_at: at(second) });
        await changed(period.id, { state: "refused" });
      }
      const other = await begun({ closing_day: "2030-01-02" });
      await changed(other.id, { state: "refused" });
      expect(await store.lastClosingDay("scope")).toBeUndefined();
      expect(await store.refusedTries("scope", "2030-01-01")).toEqual({ count: 3, last: at(60) });
      expect(await store.refusedTries("scope", "2030-01-03")).toEqual({ count: 0, last: null });
      expect(await store.refusedTries("another", "2030-01-01")).toEqual({ count: 0, last: null });
    });

    it("opens a period where the last one ended that SEQR closed, or may have closed", async () => {
      await marked({ requested_at: at(0) });
      await marked({ scope: "another", requested_at: at(500) });
      const refused = await begun({ requested_at: at(10) });
      expect(refused.opened_at).toEqual(at(0));
      await changed(refused.id, { state: "refused" });
      const lost = await begun({ requested_at: at(20) });
      expect(lost.opened_at).toEqual(at(0));
      await changed(lost.id, { state: "lost" });
      const next = await begun({ requested_at: at(30) });
      expect(next.opened_at).toEqual(at(20));
    });

    it("changes a period only from the named states, and only for the process that has its lease", async () => {
      const { id } = await begun();
      expect(await store.change(id, ["lost"], MARKED)).toBeUndefined();
      expect(await store.change(id, ["marking"], MARKED, "b")).toBeUndefined();
      expect((await store.find(id))?.state).toBe("marking");
      expect(await store.change(id, ["lost", "marking"], { ...MARKED, ...RELEASED }, "a")).toMatchObject({
        ...{ state: "marked", marked_at: at(1), due_at: at(4), lease_owner: null, lease_until: null },
      });
    });

    it("gives one id of SEQR's to one period of a scope", async () => {
      const first = await marked({}, "1");
      const { id } = await begun();
      expect(await store.change(id, ["marking"], { ...MARKED, transaction_period_id: "1" })).toBe("taken");
      expect(await store.find(id)).toMatchObject({ state: "marking", transaction_period_id: null });
      expect(await store.decide(newDecision(id), { state: "marking" }, { transaction_period_id: "1" })).toBe(
        "taken",
      );
      await marked({ scope: "another" }, "1");
      expect(await store.change(first.id, ["marked"], { transaction_period_id: "1" })).toMatchObject({
        transaction_period_id: "1",
      });
    });

    it("gives each due period to one process, the most overdue first", async () => {
      const periods = [];
      for (const second of [8, 4, 90])
        periods.push(await changed((await marked()).id, { due_at: at(second) }));
      const taken = await Promise.all(
        ["b", "c", "d", "e"].map((owner) => store.acquireDueLeases({ ...lease(owner, 30), limit: 1 })),
      );
      expect(
        taken
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(
        periods
          .slice(0, 2)
          .map(({ id }) => id)
          .sort(),
      );
      const [one] = taken.flat();
      expect(one).toMatchObject({ lease_until: at(90), due_at: at(90) });
      expect(await store.acquireDueLeases({ ...lease("f", 89), limit: 9 })).toEqual([]);
      await store.extendLease(present(one).id, "someone else", at(200));
      await store.extendLease(present(one).id, present(one?.lease_owner ?? undefined), at(150));
      const later = await store.acquireDueLeases({ ...lease("f", 90), limit: 9 });
      expect(later.map(({ id }) => id).sort()).toEqual(
        periods
          .map(({ id }) => id)
          .filter((id) => id !== one?.id)
          .sort(),
      );
      expect((await store.find(present(one).id))?.due_at).toEqual(at(150));
    });

    it("takes the most overdue of several", async () => {
      const late = await changed((await marked()).id, { due_at: at(8) });
      const later = await changed((await marked()).id, { due_at: at(4) });
      const take = () => store.acquireDueLeases({ ...lease("b", 30), limit: 1 });
      expect([...(await take()), ...(await take())].map(({ id }) => id)).toEqual([later.id, late.id]);
    });

    it("takes nothing that is not due", async () => {
      await changed((await marked()).id, { due_at: null });
      expect(await store.acquireDueLeases({ ...lease("b", 900), limit: 9 })).toEqual([]);
    });

    const withReports = async (): Promise<PeriodRecord> => {
      const { id } = await marked();
      const [leased] = await store.acquireDueLeases({ ...lease("b", 10), limit: 1 });
      expect(leased?.id).toBe(id);
      const rows = Array.from({ length: 2_345 }, (_, index) => newRow(index + 1));
      const kept = await store.keepReports(id, "b", {
        reports: [newReport(), newReport({ report_id: "Reconciliation/Shop.xml", digest: "sum" })],
        rows,
        patch: { reported_at: at(11), sales_count: 2_345, sales_total: "23450.00" },
      });
      return present(kept);
    };

    it("keeps reports and rows with the change of the period", async () => {
      const period = await withReports();
      expect(period).toMatchObject({ reported_at: at(11), sales_count: 2_345, sales_total: "23450.00" });
      const reports = await store.currentReports(period.id);
      expect(reports.map(({ report_id }) => report_id).sort()).toEqual([
        "Reconciliation/STD_RECON_003.xml",
        "Reconciliation/Shop.xml",
      ]);
      expect(reports[0]).not.toHaveProperty("content");
      const rows = await rowsOf(period.id);
      expect(rows.map(({ row_number }) => row_number)).toEqual(
        Array.from({ length: 2_345 }, (_, index) => index + 1),
      );
      expect(rows[2_000]).toMatchObject({ ...newRow(2_001), period_id: period.id });
      expect(await store.differingReports(period.id)).toEqual([]);
    });

    it("keeps nothing without the lease, and nothing when a row fails", async () => {
      const { id } = await marked();
      await store.acquireDueLeases({ ...lease("b", 10), limit: 1 });
      const kept = { reports: [newReport()], rows: [newRow(1)], patch: { reported_at: at(11) } };
      expect(await store.keepReports(id, "a", kept)).toBeUndefined();
      function* failing() {
        for (let number = 1; number <= 1_500; number++) yield newRow(number);
        throw new Error("the server crashed");
      }
      await expect(store.keepReports(id, "b", { ...kept, rows: failing() })).rejects.toThrow("crashed");
      expect(await store.find(id)).toMatchObject({ reported_at: null });
      expect(await store.currentReports(id)).toEqual([]);
      expect(await rowsOf(id)).toEqual([]);
      expect(await store.keepReports(id, "b", kept)).toMatchObject({ reported_at: at(11) });
    });

    it("keeps a report that differs beside the first, until staff accept it", async () => {
      const { id } = await withReports();
      for (const [digest, second] of [
        ["second", 20],
        ["third", 30],
      ] as const)
        await store.keepReports(id, "b", {
          reports: [
            newReport({ digest, is_current: false, fetched_at: at(second), content: `<${digest}/>` }),
          ],
          patch: { report_differs: true },
        });
      const [report, ...others] = await store.differingReports(id);
      expect(others).toEqual([]);
      expect(report).toMatchObject({ digest: "third", content: "<third/>" });
      expect((await store.currentReports(id)).map(({ digest }) => digest).sort()).toEqual(["digest", "sum"]);

      const accept = () =>
        store.acceptReport(
          newDecision(id, { kind: "report_differs" }),
          [present(report).id],
          [newRow(1, { amount: "7.00" })],
          { report_differs: false, due_at: at(50) },
        );
      expect(await accept()).toMatchObject({ report_differs: false, due_at: at(50) });
      expect((await store.currentReports(id)).map(({ digest }) => digest).sort()).toEqual(["sum", "third"]);
      expect(await rowsOf(id)).toMatchObject([newRow(1, { amount: "7.00" })]);
      expect(await store.differingReports(id)).toEqual([]);
      expect(await accept()).toBeUndefined();
    });

    it("changes a period by a decision only while it is as staff have seen it", async () => {
      const { id } = await begun();
      await changed(id, { state: "lost", is_open: true });
      const accept = () =>
        store.decide(newDecision(id), { state: "lost", is_open: true }, { is_open: false });
      const results = await Promise.all([accept(), accept()]);
      expect(results.filter((one) => one !== undefined)).toMatchObject([{ id, is_open: false }]);
      expect(await store.countOpenItems(id)).toBe(0);
    });
  });
}
