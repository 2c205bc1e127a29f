import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { createElement, type FunctionComponent } from "react";
import { renderToString } from "react-dom/server";
import type { Session } from "../../store/kit/shopper";
import { expectAccessible } from "../accessible";
import { readCode, Viewing } from "./viewing";

/** What the page has heard from the element. */
interface Heard {
  events: string[];
  details: { state: string; orderId?: string; displayId?: number; ersReference?: string; token?: string }[];
}

describe("the payment view", () => {
  let viewing: Viewing;
  beforeAll(async () => {
    viewing = await Viewing.open();
  }, 600_000);
  afterAll(() => viewing?.close());
  afterEach(() => expect(viewing.visitors.complaints()).toEqual([]));

  const view = (page: Page, at = 0) => page.locator("seqr-payment").nth(at);
  const heading = (page: Page, name: string) =>
    page.getByRole("heading", { name, exact: true }).first().waitFor();
  /** The order is there. */
  const receipt = (page: Page) => page.getByRole("button", { name: "Print receipt" }).waitFor();
  const code = (page: Page) => page.getByRole("img", { name: "QR code of this payment" });
  const events = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as Heard).events);
  const details = (page: Page): Promise<Heard["details"]> =>
    page.evaluate(() => (window as unknown as Heard).details);
  const pay = (session: Session): Promise<unknown> => viewing.store.sandbox.phone.pay(session.data.qr_text);
  const isPayable = (session: Session): boolean =>
    viewing.store.sandbox.core.invoice(session.data.invoice_reference)?.status === "ISSUED";

  async function shown(
    more: Partial<Parameters<Viewing["address"]>[0]> = {},
    options: BrowserContextOptions = {},
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<{ page: Page; session: Session }> {
    const { session } = await viewing.checkout();
    const page = await viewing.visitors.visitor(options);
    await prepare(page);
    await page.goto(viewing.address({ sessions: [session], ...more }));
    return { page, session };
  }

  it("shows shop, amount, code and what to do, and hears of the payment", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    await view(page).getByText("Nordic Goods").waitFor();
    await view(page).getByText("SEK", { exact: false }).first().waitFor();
    expect(await readCode(code(page))).toBe(session.data.qr_text);
    expect((await code(page).boundingBox())?.width).toBeGreaterThanOrEqual(240);
    await view(page)
      .getByText(/^Time left: [45]:\d\d$/)
      .waitFor();
    await page.getByRole("status").getByText("Waiting for your payment.").waitFor();

    await pay(session);
    await receipt(page);
    const last = (await details(page)).at(-1);
    expect(last).toMatchObject({
      state: "paid",
      token: session.data.token,
      orderId: expect.stringMatching(/^order_/),
      ersReference: expect.stringMatching(/^\d{25}$/),
    });
    await view(page).getByText(String(last?.displayId), { exact: true }).waitFor();
    await view(page).getByText(String(last?.ersReference)).waitFor();
    expect(await events(page)).not.toContain("failed");
    expect(await page.title()).toBe("Paid – Checkout");
    // The end asks for attention, once.
    expect(await view(page).evaluate((element) => element.shadowRoot?.activeElement?.textContent)).toBe(
      "Paid",
    );
    expect(await code(page).count()).toBe(0);
  });

  it("takes the session's data as a property that was set before its script was there", async () => {
    const { page, session } = await shown({ asProperty: true });
    await heading(page, "Pay with SEQR");
    await pay(session);
    await heading(page, "Paid");
  });

  it("cancels at SEQR, and gets a new code that can be paid", async () => {
    const { page, session } = await shown();
    await page.getByRole("button", { name: "Cancel payment" }).click();
    await heading(page, "Payment cancelled");
    expect(isPayable(session)).toBe(false);
    expect(await code(page).count()).toBe(0);
    await page.getByRole("button", { name: "Get a new code" }).click();
    await heading(page, "Pay with SEQR");
    const text = (await readCode(code(page))) ?? "";
    expect(text).not.toBe(session.data.qr_text);
    expect(await page.title()).toBe("Checkout");
    await viewing.store.sandbox.phone.pay(text);
    await receipt(page);
    expect(await events(page)).toEqual(expect.arrayContaining(["waiting", "canceled", "paid"]));
  });

  it("shows the receipt when the phone was faster than the button", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    viewing.store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await Promise.all([pay(session), page.getByRole("button", { name: "Cancel payment" }).click()]);
    // Whoever was first: never both, and never an end that is not one.
    await page.getByRole("heading", { name: /^(Paid|Payment cancelled)$/ }).waitFor();
    const isPaid = viewing.store.sandbox.core.invoice(session.data.invoice_reference)?.status === "PAID";
    await heading(page, isPaid ? "Paid" : "Payment cancelled");
  });

  it("takes the code away when its time is over, and offers a new one", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    await viewing.letExpireIn(session, 3);
    await page.reload();
    await heading(page, "Time is up");
    expect(isPayable(session)).toBe(false);
    expect(await code(page).count()).toBe(0);
    await page.getByRole("button", { name: "Get a new code" }).click();
    await heading(page, "Pay with SEQR");
  });

  it("says when the bank refused", async () => {
    const { page, session } = await shown();
    await viewing.store.sandbox.phone.decline(session.data.qr_text);
    await heading(page, "Payment failed");
    await page.getByRole("button", { name: "Get a new code" }).waitFor();
  });

  it("says when a newer code has replaced it, also in a second tab", async () => {
    const { shopper, session } = await viewing.checkout();
    const page = await viewing.visitors.visitor();
    const address = viewing.address({ sessions: [session] });
    await page.goto(address);
    const second = await page.context().newPage();
    await second.goto(address);
    await heading(second, "Pay with SEQR");
    await shopper.startPayment();
    for (const tab of [page, second]) await heading(tab, "Code replaced");
  });

  it("shows the same payment again when the page is loaded again", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    await page.reload();
    expect(await readCode(code(page))).toBe(session.data.qr_text);
    await pay(session);
    await heading(page, "Paid");
  });

  it("says that the money goes back when no order is possible", async () => {
    const { shopper, session } = await viewing.checkout();
    const page = await viewing.visitors.visitor();
    await page.goto(viewing.address({ sessions: [session] }));
    await heading(page, "Pay with SEQR");
    await viewing.store.sql("delete from cart_line_item where cart_id = $1", [shopper.cartId]);
    viewing.store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await pay(session);
    await page.getByRole("heading", { name: /^(Money returned|Payment cancelled)$/ }).waitFor();
  });

  it("says that there is no such payment, and does not ask on", async () => {
    const { session } = await viewing.checkout();
    const gone = { ...session, data: { ...session.data, token: "A".repeat(43) } };
    const page = await viewing.visitors.visitor();
    await page.goto(viewing.address({ sessions: [gone] }));
    await heading(page, "Payment not found");
    expect(viewing.visitors.complaints()).toEqual([expect.stringContaining("404")]);
    await page.goto(
      viewing.address({ sessions: [{ ...session, data: {} as Session["data"] }], asProperty: true }),
    );
    await heading(page, "Payment not found");
  });

  describe("on a bad line", () => {
    it("says that there is no connection, goes on, and misses nothing", async () => {
      const { page, session } = await shown();
      await heading(page, "Pay with SEQR");
      await page.context().setOffline(true);
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await heading(page, "No connection");
      // A code that can still be paid stays.
      expect(await code(page).count()).toBe(1);
      await pay(session);
      await page.context().setOffline(false);
      await heading(page, "Paid");
      expect(await events(page)).not.toContain("failed");
      viewing.visitors.complaints();
    });

    it.each([
      ["cannot be opened", (page: Page) => page.route("**/events", (route) => route.abort())],
      [
        "is kept back by something on the way",
        (page: Page) =>
          page.route("**/events", () => {
            // Never answered.
          }),
      ],
      [
        "is unknown to the browser",
        (page: Page) => page.addInitScript(() => Reflect.deleteProperty(window, "EventSource")),
      ],
    ])("asks when the stream %s", async (_, prepare) => {
      const { page, session } = await shown({}, {}, prepare);
      await heading(page, "Pay with SEQR");
      await pay(session);
      await heading(page, "Paid");
      viewing.visitors.complaints();
    });

    it("waits for a store that is not there yet", async () => {
      const { page } = await shown({}, {}, async (opened) => {
        let refused = 0;
        await opened.route(/\/seqr\/payments\/[\w-]{43}$/, (route) =>
          refused++ < 2 ? route.abort() : route.continue(),
        );
      });
      await heading(page, "Pay with SEQR");
      expect(viewing.visitors.complaints()).toHaveLength(2);
    });

    it("is there at once when a hidden page is shown again", async () => {
      const { page, session } = await shown({}, {}, async (opened) => {
        await opened.route("**/events", (route) => route.abort());
        await opened.addInitScript(() => {
          let isHidden = false;
          Object.defineProperty(document, "hidden", { get: () => isHidden });
          Object.assign(window, {
            hide: (hidden: boolean) => {
              isHidden = hidden;
              document.dispatchEvent(new Event("visibilitychange"));
            },
          });
        });
      });
      await heading(page, "Pay with SEQR");
      const hide = (hidden: boolean) =>
        page.evaluate((value) => (window as unknown as { hide(it: boolean): void }).hide(value), hidden);
      let asked = 0;
      page.on("request", (request) => void (asked += Number(request.url().endsWith("/status"))));
      await hide(true);
      await page.waitForTimeout(1_500);
      asked = 0;
      await page.waitForTimeout(5_000);
      expect(asked).toBe(0);
      await pay(session);
      await hide(false);
      await heading(page, "Paid");
      viewing.visitors.complaints();
    });
  });

  it("believes no clock of the browser", async () => {
    const { page } = await shown({}, {}, (opened) =>
      opened.addInitScript(() => {
        const { now } = Date;
        Date.now = () => now() + 7 * 3_600_000;
      }),
    );
    await view(page)
      .getByText(/^Time left: [45]:\d\d$/)
      .waitFor();
  });

  it("stops asking when it is taken off the page", async () => {
    const { page } = await shown();
    await heading(page, "Pay with SEQR");
    let asked = 0;
    page.on("request", () => void asked++);
    await page.evaluate(() => document.querySelector("seqr-payment")?.remove());
    await page.waitForTimeout(3_000);
    expect(asked).toBe(0);
  });

  it("shows several payments on one page, each its own", async () => {
    const [one, other] = [await viewing.checkout(), await viewing.checkout()];
    const page = await viewing.visitors.visitor();
    await page.goto(
      viewing.address({ sessions: [one.session, other.session], attributes: 'layout="small"' }),
    );
    await view(page, 1).getByRole("heading", { name: "Pay with SEQR" }).waitFor();
    await pay(other.session);
    await view(page, 1).getByRole("heading", { name: "Paid" }).waitFor();
    await view(page, 0).getByRole("heading", { name: "Pay with SEQR" }).waitFor();
    expect((await view(page, 0).getByRole("img").boundingBox())?.width).toBeLessThan(200);
  });

  describe("in words", () => {
    it("speaks the language of the page, and changes it", async () => {
      const { page } = await shown({ language: "sv" });
      await heading(page, "Betala med SEQR");
      await page.evaluate(() => document.querySelector("seqr-payment")?.setAttribute("language", "de"));
      await heading(page, "Mit SEQR bezahlen");
      expect(await page.locator("seqr-payment section").getAttribute("lang")).toBe("de");
    });

    it("speaks English where it does not know the language", async () => {
      const { page } = await shown({ language: "tlh" });
      await heading(page, "Pay with SEQR");
    });

    it("takes the store's own words as words, whatever is in them", async () => {
      const { page } = await shown();
      await heading(page, "Pay with SEQR");
      await page.evaluate(() => {
        const view = document.querySelector("seqr-payment") as unknown as { texts: object };
        view.texts = { waiting: "<img src=x onerror=alert(1)>", cancel: "No & <b>thanks</b>" };
      });
      await heading(page, "<img src=x onerror=alert(1)>");
      await page.getByRole("button", { name: "No & <b>thanks</b>" }).waitFor();
      expect(await page.locator("seqr-payment img").count()).toBe(0);
    });
  });

  describe("for everybody", () => {
    it("has no finding in any state", async () => {
      const { page, session } = await shown();
      await heading(page, "Pay with SEQR");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Cancel payment" }).click();
      await heading(page, "Payment cancelled");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Get a new code" }).click();
      await heading(page, "Pay with SEQR");
      await viewing.store.sandbox.phone.pay((await readCode(code(page))) ?? "");
      await heading(page, "Paid");
      await expectAccessible(page);
      expect(isPayable(session)).toBe(false);
    });

    it.each([280, 360, 1280])("fits a page of %i pixels, and a text of twice the size", async (width) => {
      const { page } = await shown({}, { viewport: { width, height: 900 } });
      await heading(page, "Pay with SEQR");
      for (const size of ["100%", "200%"]) {
        await page.evaluate((value) => document.documentElement.style.setProperty("font-size", value), size);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over).toBeLessThanOrEqual(0);
      }
      viewing.visitors.complaints();
    });

    it("has targets of 44 pixels, and can be used by keyboard alone", async () => {
      const { page, session } = await shown();
      await heading(page, "Pay with SEQR");
      const link = page.getByRole("link", { name: "Open the SEQR app" });
      const button = page.getByRole("button", { name: "Cancel payment" });
      for (const target of [link, button])
        expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await button.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
      await page.keyboard.press("Enter");
      await heading(page, "Payment cancelled");
      expect(isPayable(session)).toBe(false);
    });

    it("offers the app first where there is a finger instead of a mouse, and says what to do when it does not open", async () => {
      const { page } = await shown(
        {},
        { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
        (opened) => opened.route(/^seqr:/, (route) => route.abort()),
      );
      await heading(page, "Pay with SEQR");
      const link = page.getByRole("link", { name: "Open the SEQR app" });
      const [app, drawn] = await Promise.all([link.boundingBox(), code(page).boundingBox()]);
      expect(app?.y).toBeLessThan(drawn?.y ?? 0);
      await link.evaluate((element) => element.addEventListener("click", (event) => event.preventDefault()));
      await link.tap();
      await page.getByText("Did the app not open?", { exact: false }).waitFor();
    });

    it("moves nothing where motion is not wanted, and keeps its outlines in forced colours", async () => {
      const { page } = await shown({}, { reducedMotion: "reduce", forcedColors: "active" });
      await heading(page, "Pay with SEQR");
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
      expect(await readCode(code(page))).toMatch(/^HTTP:\/\/SEQR\.SE\//);
    });
  });

  describe("as a page of its own", () => {
    it("is the same view, on a second device too, and becomes the receipt", async () => {
      const { session } = await viewing.checkout();
      const page = await viewing.visitors.visitor({ locale: "sv-SE" });
      await page.goto(session.data.page_url);
      await heading(page, "Betala med SEQR");
      await view(page)
        .getByText(/^Tid kvar: [45]:\d\d$/)
        .last()
        .waitFor();
      await expectAccessible(page);
      await pay(session);
      await heading(page, "Betalt");
    });

    it("needs no script", async () => {
      const { session } = await viewing.checkout();
      const page = await viewing.visitors.visitor({ javaScriptEnabled: false });
      await page.goto(session.data.page_url);
      await heading(page, "Pay with SEQR");
      expect(await readCode(code(page))).toBe(session.data.qr_text);
      await page.getByRole("button", { name: "Cancel payment" }).click();
      await heading(page, "Payment cancelled");
      await page.getByRole("button", { name: "Get a new code" }).click();
      await heading(page, "Pay with SEQR");
      await viewing.store.sandbox.phone.pay((await readCode(code(page))) ?? "");
      // It loads itself again.
      await heading(page, "Paid");
    });

    it("says that there is no such payment", async () => {
      const page = await viewing.visitors.visitor();
      await page.goto(`${viewing.store.server.url}/seqr/payments/${"A".repeat(43)}`);
      await heading(page, "Payment not found");
      expect(viewing.visitors.complaints()).toEqual([expect.stringContaining("404")]);
    });
  });

  describe("in React", () => {
    it("is a component that tells the page, and takes its words", async () => {
      const { page, session } = await shown({ react: "component" });
      await heading(page, "Pay with SEQR");
      await page.getByRole("button", { name: "Stop <b>it</b>" }).waitFor();
      await pay(session);
      await receipt(page);
      expect(await page.locator("#paid").textContent()).toMatch(/^order_/);
      expect((await events(page)).at(-1)).toBe("paid");
    });

    it("is a hook for those who draw their own", async () => {
      const { page, session } = await shown({ react: "hook" });
      await page.getByText(`waiting ${session.data.amount} Nordic Goods`).waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText(/^canceled /).waitFor();
      expect(isPayable(session)).toBe(false);
    });

    it("is an empty tag on a server", async () => {
      const file = join(__dirname, "../../../.medusa/server/src/payment-view/browser/react.js");
      const { SeqrPayment } = (await import(file)) as {
        SeqrPayment: FunctionComponent<Record<string, string>>;
      };
      expect(renderToString(createElement(SeqrPayment, { token: "t", language: "sv" }))).toBe(
        '<seqr-payment token="t" language="sv"></seqr-payment>',
      );
    });
  });
});
