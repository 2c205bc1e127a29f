import { processDuePeriods, type ClosingContext } from "../../../src/books/process-periods";
import { retryPeriod } from "../../../src/books/retry-period";
import { Accounts } from "../../../src/modules/seqr/books/accounts";
import type { PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { CallFaultKind } from "../../../src/sandbox/core/faults";
import { SeqrUnknownOutcomeError, type Report, type SeqrClient } from "../../../src/seqr";
import { eventually } from "../modules/seqr-world";
import { broken, killed, startClosingWorld, type ClosingWorld } from "./closing-world";

const DETAILS = "Reconciliation/STD_RECON_003.xml";
const SUMMARY = "Reconciliation/Shop.xml";

describe("the reports on a period", () => {
  let closing: ClosingWorld;
  beforeEach(async () => {
    closing = await startClosingWorld();
  });
  afterEach(() => closing.stop());

  const fail = (fault: { kind: CallFaultKind; resultCode?: number; times?: number; after?: number }): void =>
    void closing.world.sandbox.faults.add({ operation: "executeReport", ...fault });
  const tables = () => closing.store.tables;
  const retry = (): Promise<PeriodRecord> =>
    retryPeriod(closing.context, closing.period().id, { actorId: "user_2" });

  /** A server to which SEQR gives reports as they are said. */
  const withReports = (execute: SeqrClient["executeReport"]) => {
    const { account } = closing.scope;
    const client = { ...account.client, executeReport: execute } as SeqrClient;
    return closing.server({ accounts: new Accounts([{ ...account, client }]) });
  };
  /** The same with a change of the document of SEQR. */
  const changed = (change: (text: string, reportId: string) => string) => {
    const { client } = closing.scope.account;
    return withReports(async (reportId, ...more) => {
      const report = await client.executeReport(reportId, ...more);
      return { ...report, contentString: change(report.contentString ?? "", reportId) };
    });
  };

  it("are fetched when they are ready, and kept with their rows and documents", async () => {
    const { world } = closing;
    const paid = [await world.paid(), await world.paid()];
    const period = await closing.close();
    await processDuePeriods(closing.context);
    expect(closing.asked()).toEqual(["markTransactionPeriod 0"]);
    await closing.runJobs(4);
    expect(closing.asked()).toEqual(["executeReport 0", "executeReport 0"]);
    expect(tables().reports).toMatchObject([
      { period_id: period.id, report_id: DETAILS, is_current: true, mime_type: "text/html" },
      { period_id: period.id, report_id: SUMMARY, is_current: true, title: null },
    ]);
    expect(tables().reports[0]?.content).toMatch(/^<\?xml[^]*<TransactionDetails>/);
    expect(tables().rows).toMatchObject(
      paid.map(({ ers_reference }, index) => ({
        ...{ period_id: period.id, row_number: index + 1, terminal_id: "canary_terminal" },
        ...{ cashier_id: "webshop", amount: "100.00", ers_reference },
      })),
    );
    expect(closing.period()).toMatchObject({
      ...{ state: "reconciled", sales_count: 2, sales_total: "200.00", result: "0", due_at: null },
      ...{ attempts: 0, failing_since: null, is_open: false, report_differs: false, summary_differs: false },
      ...{ lease_owner: null, lease_until: null },
    });
    expect(closing.reconciled.map(({ id, state }) => [id, state])).toEqual([[period.id, "marked"]]);
    expect(closing.events.map(({ name, data }) => [name, data.differences])).toEqual([
      ["seqr.period.closed", undefined],
      ["seqr.period.reconciled", 0],
    ]);
    await closing.runJobs(60);
    expect(closing.asked()).toEqual([]);
  });

  it("are asked for again while SEQR says that they are not ready, and then given up", async () => {
    fail({ kind: "result-code", resultCode: 2, times: 1_000 });
    await closing.close();
    const times: number[] = [];
    for (let second = 0; second < 900; second++) {
      await processDuePeriods(closing.context);
      times.push(...closing.asked().flatMap((call) => (call.startsWith("executeReport") ? second : [])));
      closing.world.pass(1);
    }
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times[0]).toBe(3);
    expect(pauses).toEqual([3, 3, 3, 3, 3, 6, 12, 24, 48, 60, 60, 60, 60, 60, 60]);
    expect(closing.period()).toMatchObject({
      state: "unreported",
      is_open: true,
      result: "SEQR_2",
      due_at: null,
    });
    expect(closing.events.at(-1)).toMatchObject({
      name: "seqr.period.unreported",
      data: { problem: "SEQR_2" },
    });
    // What was paid in it is listed, as long as it has no report.
    expect(closing.reconciled.map(({ state }) => state)).toEqual(["unreported"]);
    closing.world.sandbox.faults.clear();
    await retry();
    expect(closing.period()).toMatchObject({ state: "marked", is_open: false, attempts: 0 });
    await closing.runJobs(1);
    expect(closing.period()).toMatchObject({ state: "reconciled", is_open: false });
    expect(tables().decisions).toMatchObject([
      { kind: "period_unreported", action: "retry", actor_id: "user_2" },
    ]);
  });

  it("are asked for through an outage of hours, and given up after a day", async () => {
    fail({ kind: "soap-fault", times: 100_000 });
    await closing.close();
    let asked = 0;
    for (let minute = 0; minute < 23 * 60; minute++) {
      await processDuePeriods(closing.context);
      asked += closing.asked().filter((call) => call.startsWith("executeReport")).length;
      closing.world.pass(60);
    }
    expect(closing.period()).toMatchObject({ state: "marked", result: "SEQR_FAULT", is_open: false });
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(60);
    for (let minute = 0; minute < 120; minute++) {
      await processDuePeriods(closing.context);
      closing.world.pass(60);
    }
    expect(closing.period()).toMatchObject({ state: "unreported", result: "SEQR_FAULT", is_open: true });
  });

  it("are not given up because of an outage before they were not ready", async () => {
    fail({ kind: "lost-request", times: 3 });
    fail({ kind: "result-code", resultCode: 2, times: 14 });
    await closing.close();
    await closing.runJobs(900);
    expect(closing.period()).toMatchObject({ state: "reconciled", failing_since: null, attempts: 0 });
  });

  it.each([1, 2] as const)("are fetched anew when the process is killed in call %i", async (call) => {
    await closing.world.paid();
    await closing.close();
    closing.world.pass(4);
    let calls = 0;
    const { client } = closing.scope.account;
    const server = withReports(async (...given) => {
      calls += 1;
      return calls === call ? killed() : client.executeReport(...given);
    });
    void processDuePeriods(server);
    await eventually(() => calls === call);
    expect(tables().reports).toEqual([]);
    await closing.runJobs(235);
    expect(closing.period()).toMatchObject({ state: "marked", reported_at: null });
    await closing.runJobs(10);
    expect(closing.period().state).toBe("reconciled");
    expect(tables().rows).toHaveLength(1);
  });

  it("are kept entirely or not at all when the process is killed while rows are written", async () => {
    await closing.world.paid();
    await closing.close();
    closing.world.pass(4);
    let isWriting = false;
    const periods = broken(closing.store, "keepReports", async () => {
      isWriting = true;
      return killed();
    });
    void processDuePeriods(closing.server({ periods }));
    await eventually(() => isWriting);
    await closing.runJobs(250);
    expect(closing.period().state).toBe("reconciled");
    expect(tables().rows).toHaveLength(1);
    expect(tables().reports).toHaveLength(2);
  });

  it("are not fetched again when the process is killed before it has reconciled them", async () => {
    await closing.world.paid();
    const { id } = await closing.close();
    closing.world.pass(4);
    let isReconciling = false;
    const reconcile = () => {
      isReconciling = true;
      return killed();
    };
    void processDuePeriods(closing.server({ reconcile }));
    await eventually(() => isReconciling);
    closing.asked();
    await closing.runJobs(250);
    expect(closing.asked()).toEqual([]);
    expect(closing.reconciled.map((period) => period.id)).toEqual([id]);
    expect(closing.period().state).toBe("reconciled");
  });

  it("leave a period to one of two servers", async () => {
    await closing.world.paid();
    await closing.close();
    closing.world.pass(4);
    await Promise.all([processDuePeriods(closing.context), processDuePeriods(closing.server())]);
    expect(closing.asked()).toEqual(["markTransactionPeriod 0", "executeReport 0", "executeReport 0"]);
    expect(closing.reconciled).toHaveLength(1);
  });

  it("are reconciled again after a failure inside the store", async () => {
    await closing.close();
    closing.world.pass(4);
    const reconcile = () => Promise.reject(new Error("the database is gone"));
    await processDuePeriods(closing.server({ reconcile }));
    expect(closing.period()).toMatchObject({
      state: "marked",
      result: "SEQR_BOOKS_FAILED",
      lease_owner: null,
    });
    closing.asked();
    await closing.runJobs(61);
    expect(closing.period()).toMatchObject({ state: "reconciled", failing_since: null, result: "0" });
    expect(closing.asked()).toEqual([]);
  });

  it("need no summary: the rows are enough when SEQR does not give it", async () => {
    await closing.world.paid();
    fail({ kind: "result-code", resultCode: 91, after: 1 });
    await closing.close();
    await closing.runJobs(4);
    expect(closing.period()).toMatchObject({ state: "reconciled", sales_count: null, sales_total: null });
    expect(tables().reports.map(({ report_id }) => report_id)).toEqual([DETAILS]);
  });

  it("wait for a summary that is not ready yet", async () => {
    fail({ kind: "result-code", resultCode: 2, after: 1 });
    await closing.close();
    await closing.runJobs(4);
    expect(tables().reports).toEqual([]);
    await closing.runJobs(4);
    expect(closing.period()).toMatchObject({ state: "reconciled", sales_count: 0 });
  });

  it.each<[string, Report]>([
    ["plain text", { mimeType: "text/plain", contentString: "115792" }],
    ["bytes of plain text", { mimeType: "text/plain", content: Buffer.from("115792") }],
    ["no content", {}],
  ])("are kept as they came when they cannot be read: %s", async (_, report) => {
    await closing.close();
    closing.world.pass(4);
    await processDuePeriods(withReports(async () => report));
    expect(closing.period()).toMatchObject({
      state: "unreported",
      is_open: true,
      result: "SEQR_REPORT_INVALID",
    });
    const content = report.contentString ?? Buffer.from(report.content ?? []).toString();
    expect(tables().reports).toMatchObject([{ report_id: DETAILS, content, is_current: false }]);
    expect(tables().rows).toEqual([]);
    expect(closing.events.at(-1)?.name).toBe("seqr.period.unreported");
    await retry();
    await closing.runJobs(1);
    expect(closing.period()).toMatchObject({ state: "reconciled", report_differs: false, is_open: false });
  });

  it("are not used when they are about another period", async () => {
    await closing.close();
    closing.world.pass(4);
    await processDuePeriods(changed((text) => text.replace(/(TransactionPeriodId>)\d+/, "$17")));
    expect(closing.period()).toMatchObject({ state: "unreported", result: "SEQR_REPORT_INVALID" });
  });

  describe("that are fetched again", () => {
    beforeEach(async () => {
      await closing.world.paid();
      await closing.close();
      await closing.runJobs(4);
      closing.world.pass(600);
      await retry();
    });

    it("are the same when only the time differs at which they were made", async () => {
      await closing.runJobs(1);
      expect(tables().reports).toHaveLength(2);
      expect(tables().rows).toHaveLength(1);
      expect(closing.period()).toMatchObject({ state: "reconciled", report_differs: false });
      expect(closing.reconciled).toHaveLength(2);
    });

    it("are kept beside the first ones when they differ, and the rows stay", async () => {
      const other = changed((text, id) => (id === DETAILS ? text.replace("100.00000", "90.00000") : text));
      await processDuePeriods(other);
      expect(tables().reports.map(({ report_id, is_current }) => [report_id, is_current])).toEqual([
        [DETAILS, true],
        [SUMMARY, true],
        [DETAILS, false],
      ]);
      expect(tables().rows.map(({ amount }) => amount)).toEqual(["100.00"]);
      expect(closing.period()).toMatchObject({ state: "reconciled", report_differs: true });
    });

    it("leave the sums as they were when the summary differs", async () => {
      const other = changed((text, id) => (id === SUMMARY ? text.replace("100.00000", "90.00000") : text));
      await processDuePeriods(other);
      expect(tables().reports.at(-1)).toMatchObject({ report_id: SUMMARY, is_current: false });
      expect(closing.period()).toMatchObject({ sales_count: 1, sales_total: "100.00", report_differs: true });
    });

    it("change nothing of the period when SEQR does not give them any more", async () => {
      fail({ kind: "result-code", resultCode: 2, times: 1_000 });
      await closing.runJobs(700);
      expect(closing.period()).toMatchObject({
        state: "reconciled",
        result: "SEQR_2",
        is_open: false,
        due_at: null,
      });
      expect(tables().rows).toHaveLength(1);
    });

    it("change nothing of the period when they cannot be read", async () => {
      await processDuePeriods(withReports(async () => ({ contentString: "115792" })));
      expect(closing.period()).toMatchObject({ state: "reconciled", result: "SEQR_REPORT_INVALID" });
      expect(tables().reports).toHaveLength(2);
    });
  });

  it("list a summary that differs from the rows once: until staff have accepted it", async () => {
    closing.said.summaryDiffers = true;
    await closing.close();
    await closing.runJobs(4);
    expect(closing.period().summary_differs).toBe(true);
    await closing.store.change(closing.period().id, ["reconciled"], { summary_differs: false });
    await retry();
    await closing.runJobs(1);
    expect(closing.period().summary_differs).toBe(false);
  });

  it.each(["lost", "unreported"] as const)(
    "have the %s periods that follow reconciled again",
    async (state) => {
      const { store, context } = closing;
      const period = await closing.close();
      const lost = async (): Promise<string> => {
        closing.world.pass(60);
        const lease = { owner: "other", now: context.clock.now(), until: context.clock.now() };
        const fields = { ...period, requested_at: context.clock.now() };
        const { id } = (await store.insert(fields, lease)) as PeriodRecord;
        await store.change(id, ["marking"], { state, due_at: null });
        return id;
      };
      const following = [await lost(), await lost()];
      const later = [...following];
      const reconcile: ClosingContext["reconcile"] = async ({ id }) => {
        closing.reconciled.push(closing.period(id));
        const unreportedAfter = later.shift();
        return { ...closing.said, ...(unreportedAfter !== undefined && { unreportedAfter }) };
      };
      await closing.runJobs(4, closing.server({ reconcile }));
      expect(closing.reconciled.map(({ id }) => id)).toEqual([period.id, ...following]);
      expect(following.map((id) => closing.period(id).state)).toEqual([state, state]);
    },
  );

  it("are awaited when the options do not have the account, until they do", async () => {
    await closing.close();
    const other = closing.server({ accounts: new Accounts([]) });
    await closing.runJobs(10, other);
    expect(closing.period()).toMatchObject({ state: "marked", result: "SEQR_ACCOUNT_UNKNOWN" });
    await closing.runJobs(60);
    expect(closing.period()).toMatchObject({ state: "reconciled", result: "0" });
  });

  it("leave no secret in the log when SEQR's answer is lost", async () => {
    await closing.close();
    closing.world.pass(4);
    await processDuePeriods(
      withReports(async () => {
        throw new SeqrUnknownOutcomeError("SEQR_TIMEOUT", "executeReport", "no answer");
      }),
    );
    expect(closing.world.log.join("\n")).toContain("SEQR_TIMEOUT");
    expect(closing.world.log.join("\n")).not.toContain("1234");
  });
});
