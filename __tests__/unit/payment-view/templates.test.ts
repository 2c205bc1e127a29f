import { clockTime, fill, money, safeLink } from "../../../src/payment-view/format";
import { htmlOf } from "../../../src/payment-view/html";
import * as markup from "../../../src/payment-view/templates";
import { actionOf, timeOf, wordsOf, type View } from "../../../src/payment-view/templates";
import en from "../../../src/payment-view/locales/en";
import { qrSvg } from "../../../src/seqr";

const view = (more: Partial<View> = {}): View => ({
  state: "waiting",
  showsCode: true,
  session: { shop_name: "Shop", amount: "1234.50", currency_code: "SEK", deep_link: "seqr://SEQR.SE/R1" },
  payment: {},
  texts: en,
  language: "en",
  ...more,
});

const headOf = (drawn: View): string => htmlOf(...markup.headOf(drawn));
const stageOf = (drawn: View): string => htmlOf(...markup.stageOf(drawn));

describe("the markup of the view", () => {
  it("holds nothing of a text as markup", () => {
    const evil = `<img src=x onerror="alert(1)">'&`;
    const texts = Object.fromEntries(Object.keys(en).map((key) => [key, evil])) as unknown as typeof en;
    const session = {
      shop_name: evil,
      brand_name: evil,
      amount: evil,
      currency_code: evil,
      deep_link: `seqr:${evil}`,
      logo_url: `https://x/${evil}`,
      app_store_url: `https://x/${evil}`,
      qr_svg: `<svg viewBox="0 0 1 1"><script>alert(1)</script><path stroke="#000000" d="M0 0${evil}"/></svg>`,
    };
    const payment = { ers_reference: evil, order: { id: evil, display_id: evil as unknown as number } };
    for (const state of ["waiting", "paid", "failed"] as const) {
      for (const showsCode of [true, false]) {
        const drawn = view({ state, showsCode, texts, session, payment });
        const html = headOf(drawn) + stageOf(drawn);
        expect(html).not.toMatch(/<script|<img src=x|onerror="/);
      }
    }
  });

  it.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    " javascript:x",
    "//x",
    "",
  ])("follows no address like %s", (address) => {
    expect(safeLink(address)).toBeUndefined();
    const drawn = view({ session: { deep_link: address, logo_url: address, app_store_url: address } });
    expect(headOf(drawn) + stageOf(drawn)).not.toMatch(/href|<img/);
  });

  it("draws the code of SEQR's text, and none without a text", async () => {
    const qr_svg = await qrSvg("HTTP://SEQR.SE/R123");
    const path = /stroke="#000000" d="([^"]+)"/.exec(qr_svg)?.[1] ?? "";
    expect(path.length).toBeGreaterThan(100);
    expect(stageOf(view({ session: { qr_svg } }))).toContain(`<path d="${path}"></path>`);
    expect(stageOf(view({ session: {} }))).not.toContain('role="img"');
  });

  it("shows no code and no link to the app in any other state", () => {
    for (const state of ["paid", "expired", "canceled", "checking", "missing"] as const) {
      expect(stageOf(view({ state, showsCode: false }))).not.toMatch(/role="img"|href/);
    }
  });

  it("has a picture of its own for each state that is not open", () => {
    const states = [
      "placing",
      "paid",
      "refunded",
      "clarifying",
      "reversed",
      "canceled",
      "superseded",
      "expired",
      "failed",
      "offline",
      "missing",
      "checking",
    ];
    const pictures = states.map((state) =>
      stageOf(view({ state: state as View["state"], showsCode: false })).replace(/<dl.*/, ""),
    );
    expect(new Set(pictures).size).toBe(states.length);
  });

  it("names shop, amount, brand, order and reference", () => {
    expect(wordsOf(view({ session: { brand_name: "Glase" } })).heading).toBe("Pay with Glase");
    expect(headOf(view())).toMatch(/Shop<.*1,234\.50/);
    const payment = { amount: "99.00", order: { id: "order_1", display_id: 17 }, ers_reference: "2026" };
    const paid = view({ state: "paid", showsCode: false, payment });
    expect(wordsOf(paid).text).toMatch(/99\.00/);
    const reserved = { ...paid, payment: { ...payment, ers_reference: undefined } };
    expect(wordsOf(reserved)).toEqual({
      heading: "Reserved",
      text: expect.stringMatching(/99\.00 is reserved\. The shop charges it later\.$/),
    });
    expect(wordsOf({ ...reserved, state: "placing" }).heading).toBe("Reserved");
    for (const state of ["paid", "clarifying"] as const)
      expect(stageOf({ ...paid, state })).toMatch(/<dd>17<\/dd>.*99\.00.*<dd>2026<\/dd>/);
  });

  it("offers what can be done, and no more", () => {
    const can = (state: View["state"]): string | undefined => actionOf(view({ state }))?.name;
    expect(
      ["waiting", "paid", "expired", "canceled", "failed", "superseded", "reversed"].map((state) =>
        can(state as View["state"]),
      ),
    ).toEqual(["cancel", "print", "renew", "renew", "renew", "renew", "renew"]);
    for (const state of [
      ...(["preparing", "checking", "placing", "offline", "missing"] as const),
      ...(["refunded", "clarifying"] as const),
    ])
      expect(can(state)).toBeUndefined();
  });

  it("offers no new code where there can be none", () => {
    for (const state of ["canceled", "expired", "superseded"] as const) {
      const name = (can_renew: boolean): string | undefined =>
        actionOf(view({ state, payment: { can_renew } }))?.name;
      expect([name(false), name(true)]).toEqual([undefined, "renew"]);
    }
  });

  it("shows the remaining time while there is a code", () => {
    expect(timeOf(view(), 245)).toBe("Time left: 4:05");
    expect(timeOf(view({ showsCode: false }), 245)).toBe("");
  });
});

describe("formats", () => {
  it("write amounts exactly, as the language does", () => {
    expect(money("9007199254740993.10", "SEK", "en")).toContain("9,007,199,254,740,993.10");
    expect(money("1234.50", "SEK", "sv").replace(/\s/g, " ")).toBe("1 234,50 kr");
    expect(money("1.00", "no currency", "en")).toBe("1.00 no currency");
    expect(money("1.00", "SEK", "not a language")).toBe("1.00 SEK");
  });

  it("keep a placeholder without a value", () => {
    expect(fill("{brand} {other} {toString}", { brand: "$&" })).toBe("$& {other} {toString}");
  });

  it.each([
    [0, "0:00"],
    [59, "0:59"],
    [60, "1:00"],
    [3_605, "60:05"],
  ])("write %i seconds as %s", (seconds, expected) => {
    expect(clockTime(seconds)).toBe(expected);
  });
});
