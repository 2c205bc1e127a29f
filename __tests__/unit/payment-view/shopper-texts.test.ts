import { INVOICE_STATES, shopperStatus, type EndReason } from "../../../src/modules/seqr/invoice/states";
import type { InvoiceState } from "../../../src/modules/seqr/public";
import { ALL_TEXTS } from "../../../src/payment-view/locales/all";
import type { Texts } from "../../../src/payment-view/locales/texts";
import { canRenew, isFinal } from "../../../src/payment-view/view-state";

/**
 * Where the shopper's money is: never taken, perhaps taken any moment, with the shop, on its way back or back, or known to
 * the person who has taken the payment over.
 */
type Money = "never taken" | "perhaps" | "with the shop" | "goes back" | "a person knows";

const MONEY: Record<InvoiceState, Money> = {
  sending: "perhaps",
  open: "perhaps",
  canceling: "perhaps",
  unacknowledged: "perhaps",
  paid: "with the shop",
  captured: "with the shop",
  reserved: "with the shop",
  authorized: "with the shop",
  awaiting_capture: "with the shop",
  capturing: "with the shop",
  committed: "with the shop",
  releasing: "never taken",
  lapsed: "never taken",
  completed: "with the shop",
  refund_due: "goes back",
  refunding: "goes back",
  refunded: "goes back",
  closed_by_staff: "a person knows",
  canceled: "never taken",
  expired: "never taken",
  failed: "never taken",
  not_issued: "never taken",
};

const REASONS = [
  null,
  ...(Object.keys({
    shopper: 0,
    merchant: 0,
    superseded: 0,
    lifetime: 0,
    reversed: 0,
    seqr: 0,
    not_sent: 0,
    order_impossible: 0,
    session_gone: 0,
    paid_twice: 0,
    nothing_owed: 0,
    amount_differs: 0,
    compensated: 0,
    order_canceled: 0,
    order_changed: 0,
    lapses_soon: 0,
    staff: 0,
  } satisfies Record<EndReason, 0>) as EndReason[]),
];

function moneyOf(state: InvoiceState, reason: EndReason | null): Money {
  return state === "canceled" && reason === "reversed" ? "goes back" : MONEY[state];
}

/** Every sentence about the money, in a language: what is said of a failed payment, and so on. */
function claimsOf(texts: Texts): Partial<Record<Money, string>> {
  const last = (text: string): string => text.split(/(?<=[.!]) /).at(-1) ?? "";
  return {
    "never taken": last(texts.failedText),
    "with the shop": texts.paid,
    "goes back": last(texts.refundedText),
    "a person knows": texts.clarifying,
  };
}

describe("what a shopper reads of a payment", () => {
  describe.each(Object.entries<Texts>(ALL_TEXTS))("in %s", (_, texts) => {
    it.each(INVOICE_STATES)("for %s is true of the money, whatever the reason", (state) => {
      for (const reason of REASONS) {
        const status = shopperStatus(state, reason);
        const words = `${texts[status]}. ${texts[`${status}Text`]}`;
        const said = Object.entries(claimsOf(texts)).filter(([, claim]) => words.includes(claim));
        const money = moneyOf(state, reason);
        expect([reason, said.map(([about]) => about)]).toEqual([reason, money === "perhaps" ? [] : [money]]);
      }
    });
  });

  it.each(INVOICE_STATES)("that is %s offers a new code only when the shop has no payment", (state) => {
    for (const reason of REASONS) {
      const money = moneyOf(state, reason);
      const status = shopperStatus(state, reason);
      const isReversed = state === "canceled" && reason === "reversed";
      expect([reason, canRenew(status)]).toEqual([reason, money === "never taken" || isReversed]);
      // What the shop has, or gives back, is not paid a second time.
      if (isFinal(status)) expect(["with the shop", "goes back", "a person knows"]).toContain(money);
    }
  });

  it("mentions no failed order with a refund: there may be an order that was paid otherwise", () => {
    expect(ALL_TEXTS.en.refundedText).not.toMatch(/could not|cancel|placed/);
  });

  it("states neither a confirmation nor a cancellation while the result is unknown", () => {
    for (const state of ["canceling", "unacknowledged"] as const) {
      expect(shopperStatus(state, null)).toBe("checking");
      expect(ALL_TEXTS.en.checkingText).not.toMatch(/confirm|paid|cancel/);
    }
  });
});
