import { pageOf, type Page } from "../../../src/payment-view/page";
import en from "../../../src/payment-view/locales/en";
import type { PaymentStatus, Session } from "../../../src/payment-view/payment";

describe("the page of a payment", () => {
  const page = (status: string, more: Partial<Page> = {}): string =>
    pageOf({
      session: { token: "T", shop_name: "Shop", amount: "10.00", currency_code: "SEK" } as Session,
      payment: { status: status as PaymentStatus, amount: "10.00", currency_code: "SEK", expires_in: 60 },
      language: "en",
      scripts: ["https://shop.example/api/own.js", "https://shop.example/api/view.js?a&b"],
      nonce: "n",
      cancelUrl: "https://shop.example/api/T/cancel",
      renewUrl: "https://shop.example/api/T/renew",
      ...more,
    });
  const refresh = (html: string): string | undefined =>
    /<head>.*<meta http-equiv="refresh" content="([^"]*)">.*<\/head>/.exec(html)?.[1];

  it.each(["preparing", "waiting", "checking", "placing", "a status of a newer server"])(
    "loads itself again every few seconds while it is %s, whatever becomes of its scripts",
    (status) => {
      expect(refresh(page(status))).toBe("5");
      expect(page(status)).not.toContain("<noscript");
    },
  );

  it.each(["canceled", "superseded", "expired", "failed", "reversed"])(
    "loads itself again also when it is %s, since a newer code may be paid",
    (status) => expect(refresh(page(status))).toBe("15"),
  );

  it.each(["paid", "refunded", "clarifying", "missing"])("stays as it is when it is %s", (status) =>
    expect(refresh(page(status))).toBeUndefined(),
  );

  it.each([
    ["notCanceled", ["waiting"]],
    ["tooLate", ["placing", "paid"]],
    ["notRenewed", ["canceled", "superseded", "expired", "failed", "reversed"]],
  ] as const)("says what was refused (%s) only while it holds: its address keeps it", (notice, holdsIn) => {
    for (const status of Object.keys(en).filter((key) => `${key}Text` in en)) {
      expect([status, page(status, { notice }).includes(en[notice])]).toEqual([
        status,
        (holdsIn as readonly string[]).includes(status),
      ]);
    }
  });

  it("has the shop and the amount apart, as the element has", () => {
    expect(page("waiting")).toMatch(/<header class="head"><svg.*<span class="shop">Shop<.*<\/header>/);
  });

  it("links to the shop in the page's language, if it has the address", () => {
    const shopUrl = "https://shop.example/api/T?to=shop&x";
    expect(page("waiting", { shopUrl, language: "sv" })).toContain(
      '<a href="https://shop.example/api/T?to=shop&#38;x">Tillbaka till butiken</a>',
    );
    expect(page("waiting")).not.toContain("Back to the shop");
    expect(page("waiting", { leadsOn: true })).toContain("<body data-leads-on>");
    expect(page("waiting")).toContain("<body>");
  });

  it("uses the given addresses of scripts and forms", () => {
    const html = page("waiting");
    expect([...html.matchAll(/<script type="module" src="([^"]*)">/g)].map(([, src]) => src)).toEqual([
      "https://shop.example/api/own.js",
      "https://shop.example/api/view.js?a&#38;b",
    ]);
    expect(html).toContain('<form method="post" action="https://shop.example/api/T/cancel">');
    expect(page("expired")).toContain('<form method="post" action="https://shop.example/api/T/renew">');
  });
});
