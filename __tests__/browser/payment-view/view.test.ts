import { join } from "node:path";
import { createElement, type FunctionComponent } from "react";
import { renderToString } from "react-dom/server";
import type { Session } from "../../store/kit/shopper";
import { expectAccessible } from "../accessible";
import { view, heading, receipt, code, isCalm, events, details, viewingSteps } from "./steps";
import { readCode } from "./viewing";

describe("the payment view", () => {
  const { viewing, pay, isPayable, shown } = viewingSteps();

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

  it("is drawn where Trusted Types are required, in a storefront and on its own page", async () => {
    const { page, session } = await shown();
    const own = await viewing().visitors.visitor();
    await own.goto(session.data.page_url);
    for (const shows of [page, own]) {
      expect(await readCode(code(shows).last())).toBe(session.data.qr_text);
      const parse = (): unknown => (document.createElement("p").innerHTML = "<b>text</b>");
      await expect(shows.evaluate(parse)).rejects.toThrow("requires 'TrustedHTML'");
    }
    // What the evaluation above was told off for.
    viewing().visitors.complaints();
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
    await viewing().store.sandbox.phone.pay(text);
    await receipt(page);
    expect(await events(page)).toEqual(expect.arrayContaining(["waiting", "canceled", "paid"]));
  });

  it("shows the receipt when the phone was faster than the button", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    viewing().store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await Promise.all([pay(session), page.getByRole("button", { name: "Cancel payment" }).click()]);
    // Whoever was first: never both, and never an end that is not one.
    await page.getByRole("heading", { name: /^(Paid|Payment cancelled)$/ }).waitFor();
    const isPaid = viewing().store.sandbox.core.invoice(session.data.invoice_reference)?.status === "PAID";
    await heading(page, isPaid ? "Paid" : "Payment cancelled");
  });

  it("takes the code away when its time is over, and offers a new one", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    await viewing().letExpireIn(session, 3);
    await page.reload();
    await heading(page, "Time is up");
    expect(isPayable(session)).toBe(false);
    expect(await code(page).count()).toBe(0);
    await page.getByRole("button", { name: "Get a new code" }).click();
    await heading(page, "Pay with SEQR");
  });

  it("reports that the bank refused", async () => {
    const { page, session } = await shown();
    await viewing().store.sandbox.phone.decline(session.data.qr_text);
    await heading(page, "Payment failed");
    await page.getByRole("button", { name: "Get a new code" }).waitFor();
  });

  it("shows the same payment again when the page is loaded again", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    await page.reload();
    expect(await readCode(code(page))).toBe(session.data.qr_text);
    await pay(session);
    await heading(page, "Paid");
  });

  it("shows the refund when no order is possible", async () => {
    const { shopper, session } = await viewing().checkout();
    const page = await viewing().visitors.visitor();
    await page.goto(viewing().address({ sessions: [session] }));
    await heading(page, "Pay with SEQR");
    await viewing().store.sql("delete from cart_line_item where cart_id = $1", [shopper.cartId]);
    viewing().store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await pay(session);
    await page.getByRole("heading", { name: /^(Money back|Payment not confirmed)$/ }).waitFor();
  });

  it("reports an unknown payment, and stops requesting it", async () => {
    const { session } = await viewing().checkout();
    const gone = { ...session, data: { ...session.data, token: "A".repeat(43) } };
    const page = await viewing().visitors.visitor();
    await page.goto(viewing().address({ sessions: [gone] }));
    await heading(page, "Payment not found");
    expect(viewing().visitors.complaints()).toEqual([expect.stringContaining("404")]);
    await page.goto(
      viewing().address({ sessions: [{ ...session, data: {} as Session["data"] }], asProperty: true }),
    );
    await heading(page, "Payment not found");
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

  describe("for all shoppers", () => {
    it("has no finding in any state", async () => {
      const { page, session } = await shown();
      await heading(page, "Pay with SEQR");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Cancel payment" }).click();
      await heading(page, "Payment cancelled");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Get a new code" }).click();
      await heading(page, "Pay with SEQR");
      await viewing().store.sandbox.phone.pay((await readCode(code(page))) ?? "");
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
      viewing().visitors.complaints();
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

    it("offers the app first on a touch device, and explains what to do when it does not open", async () => {
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
      const { session } = await viewing().checkout();
      const page = await viewing().visitors.visitor({ locale: "sv-SE" });
      await page.goto(session.data.page_url);
      await heading(page, "Betala med SEQR");
      await view(page)
        .getByText(/^Tid kvar: [45]:\d\d$/)
        .last()
        .waitFor();
      await isCalm(page);
      await expectAccessible(page);
      await pay(session);
      await heading(page, "Betalt");
    });

    it("needs no script", async () => {
      const { session } = await viewing().checkout();
      const page = await viewing().visitors.visitor({ javaScriptEnabled: false });
      await page.goto(session.data.page_url);
      await heading(page, "Pay with SEQR");
      expect(await readCode(code(page))).toBe(session.data.qr_text);
      await page.getByRole("button", { name: "Cancel payment" }).click();
      await heading(page, "Payment cancelled");
      await page.getByRole("button", { name: "Get a new code" }).click();
      await heading(page, "Pay with SEQR");
      await viewing().store.sandbox.phone.pay((await readCode(code(page))) ?? "");
      // It loads itself again.
      await heading(page, "Paid");
    });

    it("reports an unknown payment", async () => {
      const page = await viewing().visitors.visitor();
      await page.goto(`${viewing().store.server.url}/seqr/payments/${"A".repeat(43)}`);
      await heading(page, "Payment not found");
      expect(viewing().visitors.complaints()).toEqual([expect.stringContaining("404")]);
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
      const file = join(__dirname, "../../../packages/view/dist/react.js");
      const { SeqrPayment } = (await import(file)) as {
        SeqrPayment: FunctionComponent<Record<string, string>>;
      };
      expect(renderToString(createElement(SeqrPayment, { token: "t", language: "sv" }))).toBe(
        '<seqr-payment token="t" language="sv"></seqr-payment>',
      );
    });
  });
});
