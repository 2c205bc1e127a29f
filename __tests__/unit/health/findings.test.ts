import type { TerminalAnswer } from "../../../src/health/ask-terminal";
import { levelOf } from "../../../src/health/finding-codes";
import { delayOf, notificationFinding } from "../../../src/health/notification-findings";
import {
  modeFinding,
  moduleFindings,
  strangersFinding,
  watchFinding,
} from "../../../src/health/store-findings";
import { terminalFindings } from "../../../src/health/terminal-findings";

const NOW = new Date("2026-11-29T12:00:00.000Z");
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);
const days = (number: number): Date => ago(-number * 86_400);

describe("what an answer of SEQR tells", () => {
  const answer = (more: Partial<TerminalAnswer> = {}): TerminalAnswer => ({
    ...{ askedAt: ago(0.1), answeredAt: NOW, result: "SEQR_54", ...more },
  });
  const codesOf = (more: Partial<TerminalAnswer>, isHttps = true): string[] =>
    terminalFindings(answer(more), isHttps).map(({ code }) => code);

  it.each([
    [0, "answers", "credentials_accepted"],
    ["SEQR_54", "answers", "credentials_accepted"],
    ["SEQR_58", "answers", "credentials_accepted"],
    ["SEQR_20", "answers", "password_refused"],
    ["SEQR_21", "answers", "access_denied"],
    ["SEQR_29", "answers", "terminal_unknown"],
    ["SEQR_37", "answers", "terminal_unknown"],
    ["SEQR_33", "answers", "terminal_blocked"],
    ["SEQR_91", "answers", "credentials_unknown"],
    ["SEQR_12345", "answers", "credentials_unknown"],
    ["SEQR_90", "answers_busy", "credentials_unknown"],
    ["SEQR_93", "answers_busy", "credentials_unknown"],
    ["SEQR_94", "answers_busy", "credentials_unknown"],
    ["SEQR_UNREACHABLE", "unreachable", "credentials_unknown"],
    ["SEQR_TIMEOUT", "no_answer", "credentials_unknown"],
    ["SEQR_ANSWER_LOST", "no_answer", "credentials_unknown"],
    ["SEQR_HTTP_REFUSED", "answers_wrongly", "credentials_unknown"],
    ["SEQR_MESSAGE_REFUSED", "answers_wrongly", "credentials_unknown"],
    ["SEQR_ANSWER_INVALID", "answers_wrongly", "credentials_unknown"],
    ["SEQR_FAULT", "answers_wrongly", "credentials_unknown"],
    ["SEQR_NOT_CONFIGURED", "answers_wrongly", "credentials_unknown"],
  ] as const)("by the result %s: %s, %s", (result, ...codes) => {
    expect(codesOf({ result })).toEqual(codes);
  });

  it("with the time that it took", () => {
    expect(terminalFindings(answer(), true)[0]).toEqual({
      ...{ check: "answers", level: "ok", code: "answers", values: { milliseconds: 100 } },
    });
    expect(codesOf({ askedAt: ago(1.5) })).toContain("answers");
    expect(codesOf({ askedAt: ago(1.501) })).toContain("answers_slowly");
  });

  it.each([
    [days(14), "certificate_valid"],
    [new Date(days(14).getTime() - 1), "certificate_expires"],
    [ago(1), "certificate_expires"],
  ])("of a certificate until %s: %s", (certificateUntil, code) => {
    expect(codesOf({ certificateUntil })).toContain(code);
    expect(codesOf({ certificateUntil }, false)).not.toContain(code);
  });

  it.each(["CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])(
    "of a certificate that is refused: %s",
    (network) => {
      expect(codesOf({ result: "SEQR_UNREACHABLE", network })).toContain("certificate_refused");
    },
  );

  it("of nothing but the connection where none was made", () => {
    expect(codesOf({ result: "SEQR_UNREACHABLE", network: "ECONNREFUSED" })).toEqual([
      ...["unreachable", "credentials_unknown"],
    ]);
  });

  it.each([
    // A clock of whole seconds, in an answer that took 100 ms.
    [0, "clock_right", 0],
    [1, "clock_right", 0],
    [-5, "clock_right", 5],
    [-30, "clock_right", 30],
    [-31, "clock_wrong", 31],
    [30, "clock_right", -29],
    [33, "clock_wrong", -32],
  ])("of a clock that was right %d seconds ago: %s", (seconds, code, skew) => {
    const found = terminalFindings(answer({ date: ago(seconds) }), false).find(
      ({ check }) => check === "clock",
    );
    expect(found).toMatchObject({ code, values: { seconds: skew } });
  });
});

describe("whether notifications arrive", () => {
  const paid = (seconds: number, delay: number | null = 0) => ({
    paid_at: ago(seconds),
    notified_at: delay === null ? null : ago(seconds - delay),
  });

  it.each([
    ["there are no payments", [], "notifications_untested"],
    ["its notification may still come", [paid(30 - 0.001, null)], "notifications_untested"],
    ["it did not come", [paid(30, null)], "notifications_missing"],
    ["all came", [paid(1), paid(60)], "notifications_arrive"],
    [
      "the first of all did not come",
      [paid(1), paid(2), paid(3), paid(99, null)],
      "notifications_arrive_again",
    ],
    [
      "one of the latest three did not come",
      [paid(1), paid(2), paid(40, null), paid(99)],
      "notifications_incomplete",
    ],
    ["half of them come late", [paid(90, 5.001), paid(90, 5.001), paid(90)], "notifications_late"],
    ["less than half of them come late", [paid(90, 6), paid(90), paid(90)], "notifications_arrive"],
  ])("when %s", (_, latest, code) => {
    expect(notificationFinding(latest, NOW)).toMatchObject({ check: "notifications", code });
  });

  it("with share and delay", () => {
    const latest = [paid(90, null), paid(90, 4), paid(90, -2), paid(90, 1)];
    expect(notificationFinding(latest, NOW).values).toEqual({
      ...{ payments: 4, announced: 3, share: 75, median_delay: 1_000, longest_delay: 4_000 },
    });
  });

  it("counts a delay from when the payment was known", () => {
    expect(delayOf(NOW, ago(2))).toBe(2_000);
    expect(delayOf(NOW, ago(-2))).toBe(0);
    expect(delayOf(NOW, null)).toBeNull();
  });
});

describe("what is found about the store", () => {
  const server = (seconds: number) => ({ id: `${seconds}`, started_at: ago(9_999), swept_at: ago(seconds) });

  it.each([
    [[], "watch_dead", { servers: 0 }],
    [[server(0), server(60), server(61)], "watch_alive", { servers: 2, seconds: 0 }],
    [[server(61)], "watch_dead", { servers: 0, seconds: 61 }],
  ])("is whether payments are watched: %j", (servers, code, values) => {
    expect(watchFinding(servers, NOW)).toMatchObject({ code, values });
  });

  it.each([
    [1, true, "in_memory"],
    [2, true, "in_memory_on_several_servers"],
    [1, false, "in_memory_on_several_servers"],
    [0, true, "in_memory"],
  ])("is what modules in memory mean on %d servers that watch", (number, isWatching, words) => {
    const servers = Array.from({ length: number }, () => server(1));
    const modules = { locking: "in-memory", events: "LocalEventBusService", isWatching };
    expect(moduleFindings(modules, [...servers, server(99)], NOW).map(({ code }) => code)).toEqual([
      ...[`locking_${words}`, `events_${words}`],
    ]);
  });

  it("is which other modules there are", () => {
    const modules = { locking: "locking-redis", events: "RedisEventBusService", isWatching: true };
    expect(moduleFindings(modules, [server(1), server(2)], NOW)).toMatchObject([
      { code: "locking_shared", values: { module: "locking-redis" } },
      { code: "events_shared", values: { module: "RedisEventBusService" } },
    ]);
    const unknown = { locking: undefined, events: undefined, isWatching: true };
    expect(moduleFindings(unknown, [], NOW).map(({ code }) => code)).toEqual([
      ...["locking_unknown", "events_unknown"],
    ]);
  });

  it.each([
    [[false, false], "mode_live"],
    [[true], "mode_sandbox"],
    [[true, false], "mode_mixed"],
  ])("is whether payments are real: %j", (sandboxes, code) => {
    expect(modeFinding(sandboxes)).toMatchObject({ code });
  });

  it("is how many strangers there are", () => {
    expect(strangersFinding(0).code).toBe("strangers_none");
    expect(strangersFinding(7)).toMatchObject({ code: "strangers", values: { requests: 7 } });
  });

  it("comes to the worst of what is known", () => {
    const of = (...levels: ("ok" | "warning" | "error" | "unknown")[]) =>
      levelOf(levels.map((level) => ({ level })));
    expect(of("ok", "error", "warning")).toBe("error");
    expect(of("ok", "unknown", "warning")).toBe("warning");
    expect(of("unknown", "ok")).toBe("ok");
    expect(of("unknown")).toBe("unknown");
    expect(of()).toBe("unknown");
  });
});
