import type { TerminalAnswer } from "../../../src/health/ask-terminal";
import { finding } from "../../../src/health/finding-codes";
import { connectionHealth, type HealthContext, type Questions } from "../../../src/health/health";
import { openTerminals } from "../../../src/modules/seqr/operations/terminals";
import { resolveStore } from "../../../src/options/store-options";
import { manualClock } from "./manual-clock";

const PASSWORD = "correct horse battery";

describe("the health of the connection", () => {
  function setUp(given: object = {}) {
    const clock = manualClock();
    const { options, terminals } = resolveStore({
      ...{ endpoint: "https://seqr.example:444/soap?key=secret", password: PASSWORD },
      ...{ backendUrl: "https://api.shop.example", currencies: ["SEK"], shopName: "Nordic Goods" },
      terminals: { se: { terminalId: "1" }, fi: { terminalId: "2", endpoint: "http://localhost:4080/soap" } },
      ...given,
    });
    const context: HealthContext = {
      seqr: {
        ...{ clock, options },
        terminals: openTerminals(terminals, { ledger: { latestPaid: () => Promise.resolve([]) }, clock }),
      },
      notifications: {
        announcements: async () => new Map([["se", [{ paid_at: new Date(0), notified_at: null }]]]),
        countStrangers: async () => 0,
      },
      servers: {
        latest: async () => [{ id: "seqrsrv_1", started_at: clock.now(), swept_at: clock.now() }],
      },
      surroundings: { locking: "locking-redis", events: "RedisEventBusService", isWatching: true },
    };
    const asked: string[] = [];
    const answer = (): TerminalAnswer => ({
      ...{ askedAt: clock.now(), answeredAt: clock.now(), result: "SEQR_54" },
    });
    const questions: Questions = {
      ask: async ({ name }) => {
        asked.push(name);
        return answer();
      },
      reach: async (url) => {
        asked.push(url);
        return finding("backend_url_reached");
      },
    };
    return { clock, context, asked, answer, questions };
  }

  it("has what is found about the store and each terminal, and the worst of it", async () => {
    const { context, questions } = setUp();
    const health = await connectionHealth(context, questions);
    expect(health).toMatchObject({ level: "error", checked_at: "2026-11-29T12:00:00.000Z" });
    expect(health.findings.map(({ code }) => code)).toEqual([
      ...["mode_mixed", "watch_alive", "locking_shared", "events_shared", "backend_url_public"],
      ...["backend_url_reached", "strangers_none"],
    ]);
    expect(health.terminals).toMatchObject([
      { terminal: "se", terminal_id: "1", endpoint: "seqr.example:444", is_sandbox: false, level: "error" },
      { terminal: "fi", terminal_id: "2", endpoint: "localhost:4080", is_sandbox: true, level: "ok" },
    ]);
    expect(health.servers).toEqual([
      {
        id: "seqrsrv_1",
        started_at: "2026-11-29T12:00:00.000Z",
        swept_at: "2026-11-29T12:00:00.000Z",
      },
    ]);
    expect(JSON.stringify(health)).not.toMatch(/secret|correct horse/);
  });

  it("asks SEQR every ten seconds at most, whoever wants to know", async () => {
    const { clock, context, asked, questions } = setUp();
    await Promise.all(Array.from({ length: 9 }, () => connectionHealth(context, questions)));
    expect(asked).toEqual(["se", "fi", "https://api.shop.example"]);
    await clock.pass(9_999);
    const { checked_at } = await connectionHealth(context, questions);
    expect(checked_at).toBe("2026-11-29T12:00:00.000Z");
    expect(asked).toHaveLength(3);
    await clock.pass(1);
    await connectionHealth(context, questions);
    expect(asked).toEqual(["se", "fi", "https://api.shop.example", "se", "fi"]);
    await clock.pass(20_000);
    await connectionHealth(context, questions);
    expect(asked.filter((one) => one.startsWith("https:"))).toHaveLength(2);
  });

  it("asks the terminals at the same time", async () => {
    const { clock, context, answer, questions } = setUp();
    const pending: (() => void)[] = [];
    const ask = () => new Promise<TerminalAnswer>((resolve) => pending.push(() => resolve(answer())));
    const health = connectionHealth(context, { ...questions, ask });
    await clock.pass(0);
    expect(pending).toHaveLength(2);
    for (const go of pending) go();
    expect((await health).terminals).toHaveLength(2);
  });

  it("is not found out when the database is away, and asks again afterwards", async () => {
    const { context, questions } = setUp();
    const { latest } = context.servers;
    context.servers.latest = () => Promise.reject(new Error("away"));
    await expect(connectionHealth(context, questions)).rejects.toThrow("away");
    context.servers.latest = latest;
    expect(await connectionHealth(context, questions)).toMatchObject({ level: "error" });
  });

  it("is not worse than a warning because of a retired terminal", async () => {
    const { context, questions, clock } = setUp({
      terminals: {
        se: { terminalId: "1" },
        old: { terminalId: "2", retired: true },
      },
    });
    const ask: Questions["ask"] = async ({ name }) => ({
      ...{ askedAt: clock.now(), answeredAt: clock.now(), result: name === "old" ? "SEQR_20" : "SEQR_54" },
    });
    context.notifications.announcements = async () => new Map();
    const health = await connectionHealth(context, { ...questions, ask });
    expect(health.level).toBe("warning");
    expect(health.findings[0]).toMatchObject({ code: "mode_live", values: { live: 1 } });
    expect(health.terminals[1]).toMatchObject({
      ...{ retired: true, level: "warning" },
      findings: [{ code: "answers" }, { code: "password_refused", level: "warning" }],
    });
  });
});
