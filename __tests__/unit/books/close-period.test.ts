import { closePeriod } from "../../../src/books/close-period";
import { retryPeriod } from "../../../src/books/retry-period";
import type { CallFaultKind } from "../../../src/sandbox/core/faults";
import type { Scope } from "../../../src/modules/seqr/books/accounts";
import type { PeriodsOptions } from "../../../src/options/periods-options";
import { eventually } from "../modules/seqr-world";
import { item } from "./records";
import { broken, killed, startClosingWorld, TWO_OF_ONE_ACCOUNT, type ClosingWorld } from "./closing-world";

const BY_STAFF = { actorId: "user_1", closingDay: null };

describe("closing a period", () => {
  let closing: ClosingWorld;
  beforeEach(async () => {
    closing = await startClosingWorld();
  });
  afterEach(() => closing.stop());

  const fail = (fault: { kind: CallFaultKind; resultCode?: number; times?: number; after?: number }): void =>
    void closing.world.sandbox.faults.add({ operation: "markTransactionPeriod", ...fault });
  const periodsAtSeqr = () => closing.world.sandbox.core.periods();

  it("records the intent before SEQR is asked, and SEQR's id afterwards", async () => {
    const { world, scope } = closing;
    let intended;
    const server = closing.server({
      periods: broken(closing.store, "change", async (...given) => {
        intended ??= { ...closing.period() };
        return closing.store.change(...given);
      }),
    });
    const period = await closePeriod(server, scope, BY_STAFF);
    expect(intended).toMatchObject({
      state: "marking",
      transaction_period_id: null,
      requested_at: world.now(),
    });
    expect(period).toEqual(closing.period());
    expect(period).toMatchObject({
      ...{ state: "marked", actor_id: "user_1", closing_day: null, terminal: null, terminal_id: null },
      ...{ endpoint: world.sandbox.endpoint, reseller_id: "public_test_shop", opened_at: null },
      ...{ transaction_period_id: periodsAtSeqr()[0]?.id, marked_at: world.now(), result: "0" },
      ...{ lease_owner: null, lease_until: null, is_open: false, reported_at: null },
    });
    expect(Number(period.due_at)).toBe(Number(world.now()) + 3_000);
    expect(closing.events.map(({ name, level }) => [name, level])).toEqual([["seqr.period.closed", "info"]]);
    expect(world.log.join("\n")).toContain(String(period.transaction_period_id));
    expect(closing.asked()).toEqual(["markTransactionPeriod 0"]);
  });

  it.each([20, 37])("goes on with the period when SEQR refuses with %i", async (resultCode) => {
    fail({ kind: "result-code", resultCode });
    await expect(closing.close()).rejects.toMatchObject({ code: `SEQR_${resultCode}`, type: "not_allowed" });
    expect(closing.period()).toMatchObject({
      ...{ state: "refused", result: `SEQR_${resultCode}`, due_at: null, lease_owner: null, is_open: false },
    });
    expect(closing.events).toEqual([]);
    expect(await closing.close()).toMatchObject({ state: "marked", opened_at: null });
  });

  it("closes nothing and loses nothing while SEQR cannot be reached", async () => {
    await closing.world.sandbox.stop();
    await expect(closing.close()).rejects.toMatchObject({ code: "SEQR_UNREACHABLE" });
    expect(closing.period()).toMatchObject({ state: "refused", result: "SEQR_UNREACHABLE", is_open: false });
  });

  it.each(["lost-answer", "garbage", "cut-body", "blocked", "soap-fault"] as const)(
    "keeps a period whose answer is lost (%s), never repeats the call, and lists what was paid in it",
    async (kind) => {
      fail({ kind });
      const period = await closing.close();
      expect(period).toMatchObject({
        ...{ state: "lost", is_open: true, transaction_period_id: null, marked_at: null, lease_owner: null },
        result: expect.stringMatching(/^SEQR_[A-Z_]+$/) as unknown,
      });
      expect(closing.events).toMatchObject([{ name: "seqr.period.lost", level: "error" }]);
      await closing.runJobs(300);
      expect(closing.asked().map((call) => call.split(" ")[0])).toEqual(["markTransactionPeriod"]);
      expect(closing.reconciled.map(({ id, state }) => [id, state])).toEqual([[period.id, "lost"]]);
      expect(closing.period()).toMatchObject({ state: "lost", is_open: true, due_at: null });
      const next = await closing.close();
      expect(next).toMatchObject({ state: "marked", opened_at: period.requested_at });
    },
  );

  it("lets one of two servers close the period", async () => {
    const answers = await Promise.allSettled([closing.close(), closing.close(), closing.close()]);
    const refused = answers.flatMap((answer) =>
      answer.status === "rejected" ? [answer.reason as unknown] : [],
    );
    expect(refused).toMatchObject([{ code: "SEQR_PERIOD_CLOSING" }, { code: "SEQR_PERIOD_CLOSING" }]);
    expect(periodsAtSeqr()).toHaveLength(1);
    expect(closing.period().state).toBe("marked");
  });

  it("is lost when the process is killed before it asks SEQR, or while SEQR answers", async () => {
    // After the intent, nothing of this process happens any more.
    void closePeriod(
      closing.server({ periods: broken(closing.store, "change", killed) }),
      closing.scope,
      BY_STAFF,
    );
    await eventually(() => periodsAtSeqr().length === 1);
    expect(closing.period().state).toBe("marking");
    await expect(closing.close()).rejects.toMatchObject({ code: "SEQR_PERIOD_CLOSING" });
    await closing.runJobs(200);
    expect(closing.period().state).toBe("marking");
    await closing.runJobs(60);
    expect(closing.period()).toMatchObject({ state: "lost", result: "SEQR_PERIOD_LOST", is_open: true });
    expect(closing.asked()).toEqual(["markTransactionPeriod 0"]);
    expect(closing.events).toMatchObject([{ name: "seqr.period.lost" }]);
    await closing.close();
    expect(periodsAtSeqr()).toHaveLength(2);
  });

  it("is lost when the process is killed between the intent and the call", async () => {
    let isInserted = false;
    const periods = broken(closing.store, "insert", async (...given) => {
      await closing.store.insert(...given);
      isInserted = true;
      return killed();
    });
    void closePeriod(closing.server({ periods }), closing.scope, BY_STAFF);
    await eventually(() => isInserted);
    await closing.runJobs(260);
    expect(closing.period()).toMatchObject({ state: "lost", result: "SEQR_PERIOD_LOST" });
    expect(closing.asked()).toEqual([]);
  });

  it("does not lose SEQR's answer when it comes after another process gave the closing up", async () => {
    let record = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (record = resolve));
    let finish = (): void => undefined;
    const slow = broken(closing.store, "change", async (...given) => {
      record();
      await new Promise<void>((resolve) => (finish = resolve));
      return closing.store.change(...given);
    });
    const answer = closePeriod(closing.server({ periods: slow }), closing.scope, BY_STAFF);
    await isAsked;
    await closing.runJobs(260);
    expect(closing.period().state).toBe("lost");
    finish();
    await answer;
    expect(closing.period()).toMatchObject({ state: "marked", is_open: false, result: "0" });
    expect(closing.period().transaction_period_id).toBe(periodsAtSeqr()[0]?.id);
  });

  it("tries to record SEQR's answer until the database is back", async () => {
    let failures = 2;
    const clock = {
      ...closing.context.clock,
      schedule: (_: number, run: () => void) => (setImmediate(run), () => undefined),
    };
    const periods = broken(closing.store, "change", async (...given) => {
      if (failures-- > 0) throw new Error("the database is gone");
      return closing.store.change(...given);
    });
    const period = await closePeriod(closing.server({ periods, clock }), closing.scope, BY_STAFF);
    expect(period.state).toBe("marked");
    expect(closing.asked()).toEqual(["markTransactionPeriod 0"]);
  });

  it("counts a period once that SEQR gives twice", async () => {
    const first = await closing.close();
    const { client } = closing.scope.account;
    const again = { ...closing.scope, account: { ...closing.scope.account, client: { ...client } } };
    again.account.client.markTransactionPeriod = async () => String(first.transaction_period_id);
    await expect(closePeriod(closing.context, again as never, BY_STAFF)).rejects.toMatchObject({
      ...{ code: "SEQR_PERIOD_REPEATED", type: "not_allowed" },
    });
    expect(closing.store.tables.periods.map(({ state, result }) => [state, result])).toEqual([
      ["marked", "0"],
      ["refused", "SEQR_PERIOD_REPEATED"],
    ]);
    const next = await closing.close();
    expect(next.opened_at).toEqual(first.requested_at);
  });

  it("becomes one that was closed when staff enter SEQR's id", async () => {
    fail({ kind: "lost-answer" });
    const { id } = await closing.close();
    await closing.runJobs(2);
    const [atSeqr] = periodsAtSeqr();
    const retry = (transactionPeriodId?: string) =>
      retryPeriod(closing.context, id, { transactionPeriodId, actorId: "user_2" });
    await expect(retry()).rejects.toMatchObject({ code: "SEQR_PERIOD_STATE" });
    expect(await retry(atSeqr?.id)).toMatchObject({ state: "marked", is_open: false });
    await closing.runJobs(5);
    expect(closing.period()).toMatchObject({
      state: "reconciled",
      transaction_period_id: atSeqr?.id,
      sales_count: 0,
    });
    expect(closing.store.tables.decisions).toMatchObject([
      {
        kind: "period_lost",
        action: "retry",
        actor_id: "user_2",
        reason: expect.stringContaining(String(atSeqr?.id)) as unknown,
      },
    ]);
    await expect(retry(atSeqr?.id)).rejects.toMatchObject({ code: "SEQR_PERIOD_STATE" });
    await expect(retryPeriod(closing.context, "seqrper_none", { actorId: "user_2" })).rejects.toMatchObject({
      code: "SEQR_NO_SUCH_PERIOD",
    });
  });

  describe("whose answer was lost, and whose id was entered wrongly,", () => {
    let id: string;
    const enter = (transactionPeriodId?: string, of = id) =>
      retryPeriod(closing.context, of, { transactionPeriodId, actorId: "user_2" });
    beforeEach(async () => {
      fail({ kind: "lost-answer" });
      ({ id } = await closing.close());
      await closing.runJobs(2);
    });

    it("gets the right one when SEQR has no report under the first", async () => {
      expect(await enter("nonsense")).toMatchObject({ state: "marked", entered_by: "user_2" });
      await closing.runJobs(900);
      expect(closing.period()).toMatchObject({ state: "unreported", is_open: true });
      const [atSeqr] = periodsAtSeqr();
      expect(await enter(atSeqr?.id)).toMatchObject({ state: "marked", is_open: false, result: null });
      await closing.runJobs(5);
      expect(closing.period()).toMatchObject({ state: "reconciled", transaction_period_id: atSeqr?.id });
      await expect(enter("other")).rejects.toMatchObject({ code: "SEQR_PERIOD_STATE" });
    });

    it("gets the right one while the reports are fetched under the first", async () => {
      await enter("nonsense");
      await closing.runJobs(1);
      await enter(periodsAtSeqr()[0]?.id);
      await closing.runJobs(5);
      expect(closing.period().state).toBe("reconciled");
    });

    it("is listed when the report is of another time, and gets the right one", async () => {
      closing.world.pass(86_400);
      fail({ kind: "lost-answer" });
      const other = await closing.close();
      const [first, second] = periodsAtSeqr();
      closing.said.isOutOfTime = true;
      await enter(second?.id);
      await closing.runJobs(5);
      expect(closing.period(id)).toMatchObject({
        ...{ state: "reconciled", is_open: true, result: "SEQR_PERIOD_TIME" },
      });
      await expect(enter(second?.id, other.id)).rejects.toMatchObject({
        code: "SEQR_PERIOD_ID_TAKEN",
        message: expect.stringContaining(id) as unknown,
      });
      // Fetching it once more answers nothing.
      await enter();
      await closing.runJobs(5);
      expect(closing.period(id)).toMatchObject({ state: "reconciled", is_open: true });
      closing.said.isOutOfTime = false;
      expect(await enter(first?.id)).toMatchObject({ state: "marked", is_open: false, reconciled_at: null });
      expect(closing.store.tables.rows.filter(({ period_id }) => period_id === id)).toEqual([]);
      await enter(second?.id, other.id);
      await closing.runJobs(5);
      for (const [period, atSeqr] of [[id, first?.id] as const, [other.id, second?.id] as const])
        expect(closing.period(period)).toMatchObject({
          ...{ state: "reconciled", is_open: false, transaction_period_id: atSeqr, report_differs: false },
        });
    });

    it("stays as it is once staff have accepted it, and gets another one while items are open", async () => {
      closing.said.isOutOfTime = true;
      await enter(periodsAtSeqr()[0]?.id);
      await closing.runJobs(5);
      await closing.store.change(id, ["reconciled"], { is_open: false });
      await enter();
      await closing.runJobs(5);
      expect(closing.period()).toMatchObject({ state: "reconciled", is_open: false, result: "0" });
      await expect(enter("other")).rejects.toMatchObject({ code: "SEQR_PERIOD_STATE" });
      closing.store.tables.items.push(item({ id }, 1, { is_open: true }));
      expect(await enter("other")).toMatchObject({ state: "marked", transaction_period_id: "other" });
    });
  });

  it("does not correct an id that SEQR has said", async () => {
    const { id } = await closing.close();
    closing.said.isOutOfTime = true;
    await closing.runJobs(5);
    expect(closing.period()).toMatchObject({ state: "reconciled", is_open: false, result: "0" });
    const retry = retryPeriod(closing.context, id, { transactionPeriodId: "other", actorId: "user_2" });
    await expect(retry).rejects.toMatchObject({ code: "SEQR_PERIOD_STATE" });
  });

  it("does not take another period's id for a lost one", async () => {
    const first = await closing.close();
    fail({ kind: "lost-answer" });
    const { id } = await closing.close();
    const retry = retryPeriod(closing.context, id, {
      transactionPeriodId: String(first.transaction_period_id),
      actorId: "user_2",
    });
    await expect(retry).rejects.toMatchObject({
      ...{ code: "SEQR_PERIOD_ID_TAKEN", type: "not_allowed" },
      message: expect.stringContaining(first.id) as unknown,
    });
    expect(closing.period(id).state).toBe("lost");
  });
});

describe("closing a period of another scope than the account's", () => {
  let closing: ClosingWorld;
  const start = async (...periods: PeriodsOptions[]): Promise<[Scope, Scope]> => {
    closing = await startClosingWorld(TWO_OF_ONE_ACCOUNT, ...periods);
    const { accounts } = closing.context;
    return [accounts.scope({}), accounts.scope({ terminal: "se" })];
  };
  afterEach(() => closing.stop());
  const refused = { code: "SEQR_PERIOD_SCOPE", type: "not_allowed" };

  it.each(["shop", "terminal"] as const)("is refused where the schedule closes the %s", async (kind) => {
    const [shop, terminal] = await start({ closeAt: "23:55", scope: kind });
    const [own, other] = kind === "shop" ? [shop, terminal] : [terminal, shop];
    await expect(closing.close(other)).rejects.toMatchObject(refused);
    expect(closing.asked()).toEqual([]);
    expect(closing.store.tables.periods).toEqual([]);
    expect((await closing.close(own)).state).toBe("marked");
    // It is closed once, if somebody insists.
    expect((await closePeriod(closing.context, other, { ...BY_STAFF, isForced: true })).state).toBe("marked");
    await expect(closing.close(other)).rejects.toMatchObject(refused);
  });

  it("is refused where the last closing was of the other, and there is no schedule", async () => {
    const [shop, terminal] = await start();
    await closing.close(terminal);
    closing.world.pass(60);
    await expect(closing.close(shop)).rejects.toMatchObject(refused);
    await closePeriod(closing.context, shop, { ...BY_STAFF, isForced: true });
    closing.world.pass(60);
    await expect(closing.close(terminal)).rejects.toMatchObject(refused);
    await closing.close(shop);
  });
});

describe("closing the periods of terminals", () => {
  it("closes each terminal's own, and gets that terminal's report", async () => {
    const closing = await startClosingWorld(TWO_OF_ONE_ACCOUNT);
    try {
      const { world, context, store } = closing;
      await world.paid("paid", "se");
      await world.paid("paid", "two");
      const scopes = context.accounts.scopes("terminal");
      expect(scopes.map(({ terminal }) => terminal?.name)).toEqual(["se", "two"]);
      const [se] = await Promise.all(scopes.map((scope) => closing.close(scope)));
      expect(se).toMatchObject({ terminal: "se", terminal_id: "canary_terminal" });
      await closing.runJobs(5);
      expect(store.tables.periods.map(({ state, sales_count }) => [state, sales_count])).toEqual([
        ["reconciled", 1],
        ["reconciled", 1],
      ]);
      expect(store.tables.rows.map(({ period_id, terminal_id }) => [period_id, terminal_id])).toEqual(
        store.tables.periods.map(({ id, terminal_id }) => [id, terminal_id]),
      );
    } finally {
      await closing.stop();
    }
  });
});
