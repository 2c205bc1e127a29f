import {
  canRenew,
  isEnd,
  isFinal,
  showsCode,
  viewState,
  whyNotCanceled,
  type Known,
  type ViewState,
} from "../../../src/payment-view/view-state";

const known = (more: Partial<Known> = {}): Known => ({
  status: "waiting",
  isLost: false,
  isOver: false,
  ...more,
});

const STATUSES = [
  ...["preparing", "waiting", "checking", "placing", "paid", "refunded", "clarifying", "reversed"],
  ...["canceled", "superseded", "expired", "failed", "a status of a newer server"],
];

describe("the state of the view", () => {
  it.each<[string, Partial<Known>, string]>([
    ["before the server has said anything", { status: undefined }, "preparing"],
    ["while the code is being made", { status: "preparing", isOver: true }, "preparing"],
    ["while it can be paid", {}, "waiting"],
    ["while the payment is being confirmed", { status: "checking" }, "checking"],
    ["while the order is being placed", { status: "placing", isOver: true }, "placing"],
    ["when its time is over and the server has not said so", { isOver: true }, "checking"],
    ["for a status of a newer server", { status: "pondering" }, "checking"],
    ["for a status that is a property of every object", { status: "toString" }, "checking"],
    ["without a connection", { isLost: true }, "offline"],
    ["without a connection from the beginning", { status: undefined, isLost: true }, "offline"],
    ["when it is paid, connection or not", { status: "paid", isLost: true, isOver: true }, "paid"],
    ["when it has expired", { status: "expired", isOver: true }, "expired"],
    ["when there is none", { status: "missing" }, "missing"],
  ])("%s", (_, more, expected) => {
    expect(viewState(known(more))).toBe(expected);
  });

  it("shows a code only while it can be paid, with or without a connection", () => {
    expect(showsCode(known())).toBe(true);
    expect(showsCode(known({ isLost: true }))).toBe(true);
    expect(showsCode(known({ isOver: true }))).toBe(false);
    for (const status of [
      undefined,
      "preparing",
      "checking",
      "placing",
      "paid",
      "expired",
      "canceled",
      "new",
    ]) {
      expect(showsCode(known({ status }))).toBe(false);
    }
  });

  it("offers a new code only when the shop has no payment", () => {
    const states: ViewState[] = [
      "preparing",
      "waiting",
      "checking",
      "placing",
      "offline",
      "paid",
      "refunded",
      "clarifying",
      "missing",
    ];
    for (const state of states) expect(canRenew(state)).toBe(false);
    for (const state of ["canceled", "superseded", "expired", "failed", "reversed"] as const) {
      expect([canRenew(state), isEnd(state)]).toEqual([true, true]);
    }
    expect(states.filter((state) => isEnd(state))).toEqual(["paid", "refunded", "clarifying", "missing"]);
  });

  it("reports that it is too late to cancel only for a paid invoice", () => {
    const why = (notice: string | undefined): string[] =>
      STATUSES.filter((status) => whyNotCanceled(status) === notice);
    expect(why("tooLate")).toEqual(["placing", "paid"]);
    expect(why("notCanceled")).toEqual(["waiting"]);
  });

  it("continues after an end without a payment: there may be a newer code or a late payment", () => {
    for (const state of [
      "canceled",
      "superseded",
      "expired",
      "failed",
      "reversed",
      "waiting",
      "new",
      undefined,
    ])
      expect([state, isFinal(state)]).toEqual([state, false]);
    for (const state of ["paid", "refunded", "clarifying", "missing"])
      expect([state, isFinal(state)]).toEqual([state, true]);
  });
});
