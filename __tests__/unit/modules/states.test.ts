import {
  CHARGED_STATES,
  POLLABLE_STATES,
  RECEIPT_STATES,
  REFUND_STATES,
  STATES_BEFORE_END,
  canceledState,
  INVOICE_STATES,
  isEnded,
  isLive,
  LIVE_STATES,
  shopperStatus,
  statesBefore,
  UNRESOLVED_STATES,
  type EndReason,
  type InvoiceState,
} from "../../../src/modules/seqr/invoice/states";
import { STATE_TABLE } from "../../../src/modules/seqr/invoice/state-table";

/** Every state that can come after one, however many steps later. */
function reachable(from: InvoiceState): Set<InvoiceState> {
  const found = new Set<InvoiceState>();
  const visit = (state: InvoiceState): void => {
    for (const next of STATE_TABLE[state].next) if (!found.has(next)) visit((found.add(next), next));
  };
  visit(from);
  return found;
}

describe("the states of an invoice", () => {
  it("have these transitions and no others", () => {
    expect(Object.fromEntries(INVOICE_STATES.map((state) => [state, STATE_TABLE[state].next]))).toEqual({
      sending: ["open", "not_issued"],
      open: [
        "paid",
        "reserved",
        "canceling",
        "unacknowledged",
        "canceled",
        "expired",
        "failed",
        "refunding",
        "closed_by_staff",
      ],
      canceling: ["paid", "reserved", "canceled", "expired", "failed", "refunding", "closed_by_staff"],
      unacknowledged: [
        ...["open", "paid", "reserved", "canceled", "expired", "failed", "refunding", "closed_by_staff"],
      ],
      paid: ["captured", "refunding", "refunded"],
      captured: ["completed", "paid", "refunded"],
      reserved: ["authorized", "releasing"],
      authorized: ["awaiting_capture", "reserved", "releasing"],
      awaiting_capture: ["capturing", "committed", "releasing", "lapsed"],
      capturing: ["committed", "awaiting_capture", "releasing", "lapsed", "refunding", "closed_by_staff"],
      committed: ["completed", "refunded"],
      releasing: ["canceled", "refunding", "closed_by_staff"],
      lapsed: [],
      completed: ["refund_due", "paid"],
      refund_due: ["refunded", "closed_by_staff"],
      refunding: ["refunded", "closed_by_staff"],
      refunded: [],
      closed_by_staff: [],
      canceled: ["paid", "reserved", "refunding"],
      expired: ["paid", "reserved", "refunding"],
      failed: ["paid", "reserved", "refunding"],
      not_issued: [],
    });
  });

  it.each(["refunded", "closed_by_staff", "not_issued", "lapsed"] as const)("end with %s", (state) => {
    expect(reachable(state)).toEqual(new Set());
  });

  it("are never left for the one they are in", () => {
    for (const state of INVOICE_STATES) expect(STATE_TABLE[state].next).not.toContain(state);
  });

  it("are all reached from the intent to send", () => {
    expect(reachable("sending")).toEqual(new Set(INVOICE_STATES.filter((state) => state !== "sending")));
  });

  it("lead to an order or to money that is refunded, never from one to the other", () => {
    expect(statesBefore("completed")).toEqual(["captured", "committed"]);
    // Not only what is paid: a person may have the money of a contradicting answer given back.
    expect(statesBefore("refunding")).toEqual([
      ...["open", "canceling", "unacknowledged", "paid", "capturing", "releasing"],
      ...["canceled", "expired", "failed"],
    ]);
    // What was captured or has lapsed is not released.
    expect(statesBefore("releasing")).toEqual(["reserved", "authorized", "awaiting_capture", "capturing"]);
    expect(reachable("refunding")).toEqual(new Set(["refunded", "closed_by_staff"]));
    // An order with this money stays one, until it is cancelled, or rolled back by core after all.
    expect(STATE_TABLE.completed.next).toEqual(["refund_due", "paid"]);
    expect(reachable("refund_due")).toEqual(new Set(["refunded", "closed_by_staff"]));
  });

  it("cannot be opened again, unless a notification was wrong", () => {
    expect(statesBefore("sending")).toEqual([]);
    expect(statesBefore("open")).toEqual(["sending", "unacknowledged"]);
    expect(statesBefore("not_issued")).toEqual(["sending"]);
  });

  it("are changed by an answer of SEQR as long as Medusa was given nothing and a payment can still be found", () => {
    const isGivenToMedusa = (state: InvoiceState): boolean => state === "captured" || state === "completed";
    expect(POLLABLE_STATES).toEqual(statesBefore("paid").filter((state) => !isGivenToMedusa(state)));
    expect(POLLABLE_STATES.filter(isEnded)).toEqual(INVOICE_STATES.filter(isEnded));
    expect(INVOICE_STATES.filter(isEnded)).toEqual(["canceled", "expired", "failed"]);
  });

  it("are unfinished as long as money lies at SEQR that neither an order nor a refund has", () => {
    expect(UNRESOLVED_STATES).toEqual([
      ...["unacknowledged", "paid", "captured", "reserved", "authorized", "capturing", "committed"],
      ...["releasing", "refund_due", "refunding"],
    ]);
  });

  it("of an ended purchase without its money are checked for an order that was left unpaid", () => {
    const checked = INVOICE_STATES.filter((state) => STATE_TABLE[state].checkAbandonedOrder);
    expect(checked).toEqual(["refunded", "canceled", "expired", "failed", "not_issued"]);
  });

  it("say whether SEQR has charged the shopper", () => {
    expect(CHARGED_STATES).toEqual([
      ...["paid", "captured", "committed", "completed", "refund_due", "refunding", "refunded"],
      // Where SEQR has said which payment it was.
      "closed_by_staff",
    ]);
  });

  it("ask something of SEQR until the invoice has ended", () => {
    expect(STATES_BEFORE_END).toEqual([
      ...["open", "canceling", "unacknowledged", "awaiting_capture", "capturing", "releasing"],
      ...["refund_due", "refunding"],
    ]);
  });

  it.each([
    ["the receipt", RECEIPT_STATES, ["pending", "sent", "refused", "skipped"]],
    ["the refund", REFUND_STATES, ["requested", "done", "refused", "unknown"]],
  ])("are others than those of %s", (_, states, expected) => {
    expect(states).toEqual(expected);
  });

  it.each<[EndReason, InvoiceState]>([
    ["lifetime", "expired"],
    ["shopper", "canceled"],
    ["superseded", "canceled"],
    ["staff", "canceled"],
  ])("of a cancellation because of %s is %s", (reason, state) => {
    expect(canceledState(reason)).toBe(state);
  });

  it.each(INVOICE_STATES)("before %s are exactly those with a step to it", (state) => {
    const before = statesBefore(state);
    for (const from of INVOICE_STATES)
      expect(before.includes(from)).toBe(STATE_TABLE[from].next.includes(state));
  });

  it("forbid a second invoice while it is payable or its money is being worked on", () => {
    expect(INVOICE_STATES.filter(isLive)).toEqual([...LIVE_STATES]);
    expect(INVOICE_STATES.filter((state) => !isLive(state))).toEqual([
      ...["awaiting_capture", "capturing", "committed", "releasing", "lapsed"],
      "completed",
      "refund_due",
      "refunding",
      "refunded",
      "closed_by_staff",
      "canceled",
      "expired",
      "failed",
      "not_issued",
    ]);
  });
});

describe("what the shopper is told", () => {
  it.each([
    ["sending", "preparing"],
    ["open", "waiting"],
    ["unacknowledged", "checking"],
    ["paid", "placing"],
    ["captured", "placing"],
    ["reserved", "placing"],
    ["authorized", "placing"],
    ["awaiting_capture", "paid"],
    ["capturing", "paid"],
    ["committed", "paid"],
    ["releasing", "canceled"],
    ["lapsed", "canceled"],
    ["completed", "paid"],
    ["refund_due", "refunded"],
    ["closed_by_staff", "clarifying"],
    ["canceling", "checking"],
    ["canceled", "canceled"],
    ["expired", "expired"],
    ["failed", "failed"],
    ["not_issued", "failed"],
    ["refunding", "refunded"],
    ["refunded", "refunded"],
  ] as const)("of %s is %s", (state, status) => {
    expect(shopperStatus(state, null)).toBe(status);
  });

  it("of a purchase with several invoices is about the first of these", () => {
    const byRank: InvoiceState[][] = [];
    for (const state of INVOICE_STATES) (byRank[STATE_TABLE[state].shopper.rank] ??= []).push(state);
    expect(byRank).toEqual([
      ["awaiting_capture", "capturing", "committed", "completed", "refund_due"],
      ["paid", "captured", "reserved", "authorized"],
      ["sending", "open", "canceling", "unacknowledged"],
      ["releasing", "lapsed", "refunding", "refunded", "closed_by_staff"],
      ["canceled", "expired", "failed", "not_issued"],
    ]);
  });

  it("is paid only when the order is there", () => {
    expect(INVOICE_STATES.filter((state) => shopperStatus(state, null) === "paid")).toEqual([
      ...["awaiting_capture", "capturing", "committed", "completed"],
    ]);
  });

  it("tells a replaced payment, and one that was paid and refunded, from a cancelled one", () => {
    expect(shopperStatus("canceled", "superseded")).toBe("superseded");
    expect(shopperStatus("canceled", "reversed")).toBe("reversed");
    expect(shopperStatus("canceled", "shopper")).toBe("canceled");
    expect(shopperStatus("completed", "superseded")).toBe("paid");
  });
});
