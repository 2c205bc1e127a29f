import { closeDuePeriods } from "../../../src/books/close-due-periods";
import { RESELLER, startClosingWorld, TWO_OF_ONE_ACCOUNT, type ClosingWorld } from "./closing-world";

const SCHEDULE = { closeAt: "23:55" };
const OPTIONS = { options: { reseller: RESELLER } };

/** Turns the world's clock to a moment. */
function turnTo({ world }: ClosingWorld, iso: string): void {
  world.pass((Date.parse(iso) - world.now().getTime()) / 1_000);
}

describe("closing by the schedule", () => {
  let closing: ClosingWorld;
  const start = async (...given: Parameters<typeof startClosingWorld>): Promise<void> => {
    closing = await startClosingWorld(...given);
  };
  afterEach(() => closing.stop());
  const states = () => closing.store.tables.periods.map(({ closing_day, state }) => [closing_day, state]);

  it("closes each day once, on every server, without a member of staff", async () => {
    await start(OPTIONS, SCHEDULE);
    turnTo(closing, "2036-01-15T22:50:00Z");
    const servers = [closing.server(), closing.server(), closing.server()];
    for (let minute = 0; minute < 26 * 60; minute += 5) {
      await Promise.all(servers.map(closeDuePeriods));
      closing.world.pass(300);
    }
    expect(states()).toEqual([
      ["2036-01-15", "marked"],
      ["2036-01-16", "marked"],
    ]);
    expect(closing.store.tables.periods.map(({ actor_id }) => actor_id)).toEqual([null, null]);
    expect(closing.asked()).toEqual(["markTransactionPeriod 0", "markTransactionPeriod 0"]);
    expect(closing.world.log.join("\n")).not.toContain("was not closed");
  });

  it("closes nothing unless the option asks for it", async () => {
    await start(OPTIONS);
    turnTo(closing, "2036-01-15T22:57:00Z");
    await closeDuePeriods(closing.context);
    expect(states()).toEqual([]);
  });

  it("closes each terminal where the option says so", async () => {
    await start(TWO_OF_ONE_ACCOUNT, { ...SCHEDULE, scope: "terminal" });
    turnTo(closing, "2036-01-15T22:57:00Z");
    await closeDuePeriods(closing.context);
    await closeDuePeriods(closing.context);
    expect(closing.store.tables.periods.map(({ terminal, state }) => [terminal, state])).toEqual([
      ["se", "marked"],
      ["two", "marked"],
    ]);
  });

  it("closes a day late that was missed over midnight, and none that is long over", async () => {
    await start(OPTIONS, SCHEDULE);
    turnTo(closing, "2036-01-15T22:55:00Z");
    await closeDuePeriods(closing.context);
    turnTo(closing, "2036-01-17T03:00:00Z");
    await closeDuePeriods(closing.context);
    turnTo(closing, "2036-01-19T12:00:00Z");
    await closeDuePeriods(closing.context);
    expect(states()).toEqual([
      ["2036-01-15", "marked"],
      ["2036-01-16", "marked"],
    ]);
  });

  it("tries a refused day again with longer and longer pauses, and not a lost one", async () => {
    await start(OPTIONS, SCHEDULE);
    const { faults } = closing.world.sandbox;
    turnTo(closing, "2036-01-14T22:55:00Z");
    await closeDuePeriods(closing.context);
    faults.add({ operation: "markTransactionPeriod", kind: "result-code", resultCode: 20, times: 3 });
    faults.add({ operation: "markTransactionPeriod", kind: "lost-answer" });
    turnTo(closing, "2036-01-15T22:55:00Z");
    const tries: number[] = [];
    for (let minute = 0; minute < 60; minute++) {
      const before = closing.store.tables.periods.length;
      await closeDuePeriods(closing.context);
      if (closing.store.tables.periods.length > before) tries.push(minute);
      closing.world.pass(60);
    }
    expect(tries).toEqual([0, 1, 3, 7]);
    expect(states()).toEqual([
      ["2036-01-14", "marked"],
      ["2036-01-15", "refused"],
      ["2036-01-15", "refused"],
      ["2036-01-15", "refused"],
      ["2036-01-15", "lost"],
    ]);
  });

  it("tries the first day of all again past midnight when SEQR has refused it", async () => {
    await start(OPTIONS, SCHEDULE);
    closing.world.sandbox.faults.add({
      operation: "markTransactionPeriod",
      kind: "result-code",
      resultCode: 20,
    });
    turnTo(closing, "2036-01-15T22:59:30Z");
    await closeDuePeriods(closing.context);
    expect(states()).toEqual([["2036-01-15", "refused"]]);
    turnTo(closing, "2036-01-15T23:02:00Z");
    await closeDuePeriods(closing.context);
    expect(states()).toEqual([
      ["2036-01-15", "refused"],
      ["2036-01-15", "marked"],
    ]);
  });

  it("closes what can be closed when another account fails", async () => {
    await start(TWO_OF_ONE_ACCOUNT, { ...SCHEDULE, scope: "terminal" });
    closing.world.sandbox.faults.add({
      operation: "markTransactionPeriod",
      kind: "result-code",
      resultCode: 29,
    });
    turnTo(closing, "2036-01-15T22:57:00Z");
    await closeDuePeriods(closing.context);
    expect(states().map(([, state]) => state)).toEqual(["refused", "marked"]);
    expect(closing.world.log.join("\n")).toContain("the period of terminal se was not closed");
  });
});
