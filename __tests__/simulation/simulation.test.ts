import { randomInt } from "node:crypto";
import { DISTORTIONS } from "./distortions";
import { runScript } from "./run-script";

/** @returns what was found, as text when there are violations, so that a failure shows how to repeat it */
function simulate(
  seed: number,
  payments: number,
  ...options: string[]
): { result: Record<string, unknown>; text: string } {
  const lines = runScript("run.ts", "--seed", String(seed), "--payments", String(payments), ...options);
  return { result: JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>, text: lines.join("\n") };
}

describe("a simulated shop", () => {
  it("loses, doubles and keeps no money, and does the same again with the same seed", () => {
    const { result, text } = simulate(1, 1_800);
    if (result["violations"] !== 0) throw new Error(text);
    // It was not quiet: much of what can happen did.
    for (const what of [
      ...["orders", "crashes", "database_failures", "notifications_lost", "payment.refunded"],
      ...["orders_canceled", "ended_expired", "cart_changes", "pays_otherwise", "fault_lost_answer"],
      ...["refund.unknown", "refunds_forgotten", "refunds_unasked", "decisions", "decisions_refused"],
      ...["order_edits", "extra_payments", "orders_on_credit", "starts_at_once", "renews"],
      ...["late_entries", "entries_by_plugin"],
      ...["receipts_sent", "receipts_refused", "receipts_doubled"],
      ...[
        "captures",
        "captures_forgotten",
        "captures_unasked",
        "reservation.lapsed",
        "reservation.releasing",
      ],
    ]) {
      expect([what, result[what]]).toEqual([what, expect.any(Number)]);
    }
    expect(simulate(1, 1_800).result["trace"]).toBe(result["trace"]);
  });

  it.each([
    ["answers", 600, ["fault_firewall", "ledgers_restored", "terminal_moves"]],
    ["terminals", 400, ["hangs", "fault_hang", "rotations"]],
    [
      "terminal periods",
      900,
      [
        ...["period.closed", "periods_reconciled", "periods_lost", "periods_found", "periods_refused"],
        ...["payments_elsewhere", "open_other_system"],
      ],
    ],
    ["periods", 300, ["open_perhaps_unknown_refund"]],
    ["wrong reports", 600, DISTORTIONS.map((name) => `planted_${name}`)],
  ])("does so in worlds of the kind %s", (kind, payments, whats) => {
    const { result, text } = simulate(1, payments, "--kind", kind);
    if (result["violations"] !== 0) throw new Error(text);
    for (const what of whats) expect([what, result[what]]).toEqual([what, expect.any(Number)]);
  });

  it("does so with a seed that was never tried", () => {
    const { result, text } = simulate(randomInt(1_000_000, 1_000_000_000), 1_800);
    if (result["violations"] !== 0) throw new Error(text);
  });
});
