import { NotificationLog } from "../../../src/modules/seqr/notifications/notification-log";
import type { NewNotification } from "../../../src/modules/seqr/notifications/notification-store";
import { manualClock, type ManualClock } from "../health/manual-clock";

describe("the log of notifications", () => {
  let clock: ManualClock;
  let statements: NewNotification[][];
  let warnings: string[];
  let insert: (rows: readonly NewNotification[]) => Promise<void>;
  let log: NotificationLog;
  beforeEach(() => {
    clock = manualClock();
    [statements, warnings] = [[], []];
    insert = async (rows) => void statements.push([...rows]);
    log = new NotificationLog({ insert: (rows) => insert(rows) }, clock, {
      warn: (text: string) => void warnings.push(text),
    });
  });

  const invoice = (id: string, notified_at: Date | null = null) => ({ id, terminal: "se", notified_at });
  const rows = () => statements.flat();

  it("writes many of half a second in one statement, and none before", async () => {
    log.record(invoice("1"), clock.now());
    await clock.pass(499);
    log.record(invoice("2", new Date(0)), clock.now());
    expect(statements).toEqual([]);
    await clock.pass(1);
    expect(statements).toHaveLength(1);
    expect(rows()).toEqual([
      {
        ...{ invoice_id: "1", terminal: "se", result: "recorded", requests: 1 },
        received_at: new Date("2026-11-29T12:00:00.000Z"),
      },
      {
        ...{ invoice_id: "2", terminal: "se", result: "repeated", requests: 1 },
        received_at: new Date("2026-11-29T12:00:00.499Z"),
      },
    ]);
    await clock.pass(10_000);
    expect(statements).toHaveLength(1);
  });

  it("waits for a statement that takes long, and writes afterwards what came meanwhile", async () => {
    let end: () => void = () => undefined;
    insert = async (given) => {
      statements.push([...given]);
      await new Promise<void>((done) => (end = done));
    };
    log.record(invoice("1"), clock.now());
    await clock.pass(500);
    log.record(invoice("2"), clock.now());
    await clock.pass(5_000);
    expect(statements).toHaveLength(1);
    end();
    await clock.pass(0);
    await clock.pass(500);
    expect(statements.map((one) => one.map(({ invoice_id }) => invoice_id))).toEqual([["1"], ["2"]]);
  });

  it("says that it could not write, without breaking anything, and writes what comes after", async () => {
    insert = () => Promise.reject(new Error("the database\nis away"));
    log.record(invoice("1"), clock.now());
    await clock.pass(500);
    expect(warnings).toEqual([expect.stringMatching(/^seqr: 1 notifications .*the database is away/)]);
    insert = async (given) => void statements.push([...given]);
    log.record(invoice("2"), clock.now());
    await clock.pass(500);
    expect(rows().map(({ invoice_id }) => invoice_id)).toEqual(["2"]);
  });

  it("leaves out what is more than it can hold, and says how many", async () => {
    for (let number = 0; number < 2_003; number++) log.record(invoice(String(number)), clock.now());
    await clock.pass(500);
    expect(rows()).toHaveLength(2_000);
    expect(warnings).toEqual([expect.stringMatching(/^seqr: 3 notifications/)]);
  });

  it("writes three rows a minute of strangers, which count all of them", async () => {
    const knock = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time++) {
        log.recordStranger();
        await clock.pass(100);
      }
    };
    await knock(100);
    await clock.pass(1_000);
    expect(rows().map(({ requests }) => requests)).toEqual([1, 1]);
    await clock.pass(60_000);
    expect(rows().map(({ requests }) => requests)).toEqual([1, 1, 98]);
    expect(rows()[2]).toEqual({
      ...{ invoice_id: null, terminal: null, result: "unknown", requests: 98 },
      received_at: new Date("2026-11-29T12:00:09.900Z"),
    });
    await knock(3);
    await clock.pass(61_000);
    expect(rows().map(({ requests }) => requests)).toEqual([1, 1, 98, 1, 1, 1]);
  });
});
