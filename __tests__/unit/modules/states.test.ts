import {
  AT_SEQR_STATES,
  canceledState,
  INVOICE_STATES,
  isEnded,
  isLive,
  LIVE_STATES,
  shopperStatus,
  statesBefore,
  TRANSITIONS,
  UNFINISHED_STATES,
  type EndReason,
  type InvoiceState,
} from "../../../src/modules/seqr/invoice/states";

/** Every state that can come after one, however many steps later. */
function reachable(from: InvoiceState): Set<InvoiceState> {
  const found = new Set<InvoiceState>();
  const visit = (state: InvoiceState): void => {
    for (const next of TRANSITIONS[state]) if (!found.has(next)) visit((found.add(next), next));
  };
  visit(from);
  return found;
}

describe("the states of an invoice", () => {
  it("are all in the table of steps, and the table knows no others", () => {
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...INVOICE_STATES].sort());
    expect(INVOICE_STATES).toEqual(expect.arrayContaining(Object.values(TRANSITIONS).flat()));
  });

  it("take these steps and no others", () => {
    expect(TRANSITIONS).toEqual({
      sending: ["open", "void"],
      open: ["paid", "canceling", "declined", "canceled", "expired", "failed", "returning", "waived"],
      canceling: ["paid", "canceled", "expired", "failed", "returning", "waived"],
      declined: ["open", "paid", "canceled", "expired", "failed", "returning", "waived"],
      paid: ["captured", "returning", "returned"],
      captured: ["settled", "paid", "returned"],
      settled: ["owed"],
      owed: ["returned", "waived"],
      returning: ["returned", "waived"],
      returned: [],
      waived: [],
      canceled: ["paid", "returning"],
      expired: ["paid", "returning"],
      failed: ["paid", "returning"],
      void: [],
    });
  });

  it.each(["returned", "waived", "void"] as const)("end with %s", (state) => {
    expect(reachable(state)).toEqual(new Set());
  });

  it("are never left for the one they are in", () => {
    for (const state of INVOICE_STATES) expect(TRANSITIONS[state]).not.toContain(state);
  });

  it("are all reached from the intent to send", () => {
    expect(reachable("sending")).toEqual(new Set(INVOICE_STATES.filter((state) => state !== "sending")));
  });

  it("lead to an order or to money that goes back, never from one to the other", () => {
    expect(statesBefore("settled")).toEqual(["captured"]);
    // Not only what is paid: a person may have the money of a contradicting answer given back.
    expect(statesBefore("returning")).toEqual([
      ...["open", "canceling", "declined", "paid", "canceled", "expired", "failed"],
    ]);
    expect(reachable("returning")).toEqual(new Set(["returned", "waived"]));
    // An order with this money stays one, until it is cancelled.
    expect(reachable("settled")).toEqual(new Set(["owed", "returned", "waived"]));
  });

  it("cannot be opened again, unless a notification was wrong", () => {
    expect(statesBefore("sending")).toEqual([]);
    expect(statesBefore("open")).toEqual(["sending", "declined"]);
    expect(statesBefore("void")).toEqual(["sending"]);
  });

  it("are changed by an answer of SEQR as long as Medusa was given nothing and a payment can still be found", () => {
    expect(AT_SEQR_STATES).toEqual(statesBefore("paid").filter((state) => state !== "captured"));
    expect(AT_SEQR_STATES.filter(isEnded)).toEqual(INVOICE_STATES.filter(isEnded));
    expect(INVOICE_STATES.filter(isEnded)).toEqual(["canceled", "expired", "failed"]);
  });

  it("are unfinished as long as money lies at SEQR that neither an order nor a refund has", () => {
    expect(UNFINISHED_STATES).toEqual(["declined", "paid", "captured", "owed", "returning"]);
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
    for (const from of INVOICE_STATES) expect(before.includes(from)).toBe(TRANSITIONS[from].includes(state));
  });

  it("forbid a second invoice while it is payable or its money is being worked on", () => {
    expect(INVOICE_STATES.filter(isLive)).toEqual([...LIVE_STATES]);
    expect(INVOICE_STATES.filter((state) => !isLive(state))).toEqual([
      "settled",
      "owed",
      "returning",
      "returned",
      "waived",
      "canceled",
      "expired",
      "failed",
      "void",
    ]);
  });
});

describe("what the shopper is told", () => {
  it.each([
    ["sending", "preparing"],
    ["open", "waiting"],
    ["declined", "checking"],
    ["paid", "placing"],
    ["captured", "placing"],
    ["settled", "paid"],
    ["owed", "returned"],
    ["waived", "clarifying"],
    ["canceling", "checking"],
    ["canceled", "canceled"],
    ["expired", "expired"],
    ["failed", "failed"],
    ["void", "failed"],
    ["returning", "returned"],
    ["returned", "returned"],
  ] as const)("of %s is %s", (state, status) => {
    expect(shopperStatus(state, null)).toBe(status);
  });

  it("is paid only when the order is there", () => {
    expect(INVOICE_STATES.filter((state) => shopperStatus(state, null) === "paid")).toEqual(["settled"]);
  });

  it("tells a replaced payment, and one that was paid and given back, from a cancelled one", () => {
    expect(shopperStatus("canceled", "superseded")).toBe("superseded");
    expect(shopperStatus("canceled", "reversed")).toBe("reversed");
    expect(shopperStatus("canceled", "shopper")).toBe("canceled");
    expect(shopperStatus("settled", "superseded")).toBe("paid");
  });
});
