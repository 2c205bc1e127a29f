import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { moneyOf, statusOf } from "../../../src/payments/payment-status";
import { invoice, refund } from "./records";

describe("the status of a payment", () => {
  const status = (state: InvoiceState, more: Partial<InvoiceRecord> = {}) =>
    statusOf(invoice("a", { state, ers_reference: "ers", ...more }), []);

  it.each<[InvoiceState[], string]>([
    [["sending", "open", "canceling", "unacknowledged"], "pending"],
    [["reserved", "authorized", "awaiting_capture", "capturing", "releasing"], "reserved"],
    [["paid", "captured", "committed", "completed", "refund_due", "refunding", "closed_by_staff"], "paid"],
    [["lapsed", "canceled", "expired", "failed", "not_issued"], "ended"],
  ])("of %j is %s", (states, wanted) => {
    expect(states.map((state) => [state, status(state)])).toEqual(states.map((state) => [state, wanted]));
  });

  it("is there for every state", () => {
    for (const state of INVOICE_STATES) expect(status(state)).toMatch(/^[a-z_]+$/);
    expect(status("closed_by_staff", { ers_reference: null })).toBe("ended");
  });

  it("goes by what was refunded, and by nothing that SEQR has not made", () => {
    const paid = invoice("a", { ers_reference: "ers" });
    const of = (...refunds: [amount: string, state: "done" | "refused" | "requested"][]) =>
      statusOf(
        paid,
        refunds.map(([amount, state], index) => refund(`${index}`, "a", { amount, state })),
      );
    expect(of(["30.00", "refused"], ["30.00", "requested"])).toBe("paid");
    expect(of(["0.01", "done"])).toBe("partially_refunded");
    expect(of(["99.99", "done"])).toBe("partially_refunded");
    expect(of(["99.99", "done"], ["0.01", "done"])).toBe("refunded");
  });

  it("says first that a person has to decide, and not what passes or only has to be acknowledged", () => {
    expect(status("completed", { problem: "SEQR_REFUNDED_ELSEWHERE" })).toBe("attention");
    expect(statusOf(invoice("a"), [refund("1", "a", { state: "unknown" })])).toBe("attention");
    expect(status("refunding", { problem: "SEQR_TIMEOUT" })).toBe("paid");
    expect(status("canceled", { problem: "SEQR_REVERSED" })).toBe("ended");
  });
});

describe("the money of a payment", () => {
  it("is exact, where floating-point numbers are not", () => {
    const refunds = Array.from({ length: 3 }, (_, n) => refund(`${n}`, "a", { amount: "0.10" }));
    expect(moneyOf(invoice("a", { amount: "1111111111111.10" }), refunds)).toEqual({
      ...{ charged: "1111111111111.10", refunded: "0.30", net: "1111111111110.80" },
    });
  });

  it("is nothing before SEQR has charged it", () => {
    expect(moneyOf(invoice("a", { state: "awaiting_capture" }), [])).toEqual({
      ...{ charged: "0.00", refunded: "0.00", net: "0.00" },
    });
  });
});
