import type { Page } from "playwright-core";
import type { Session } from "../../store/kit/shopper";
import { openStream } from "../../store/kit/event-stream";
import { send, until } from "../../../testkit/http";
import { startPathProxy } from "../../store/kit/path-proxy";
import { keepPictures } from "../visitors";
import {
  view,
  heading,
  receipt,
  code,
  isCalm,
  events,
  details,
  renewed,
  viewingSteps,
  type Heard,
} from "./steps";
import { readCode } from "./viewing";

describe("the payment view, when something is unusual", () => {
  const { viewing, pay, shown } = viewingSteps();

  describe("of a code that is not the newest any more", () => {
    /** A storefront that remembers the old session; the newer one was asked for elsewhere. */
    async function startTwice(): Promise<{ old: Session; newer: Session }> {
      const { shopper, session: old } = await viewing().checkout();
      await send("POST", `${old.data.page_url}/cancel`);
      return { old, newer: await shopper.startPayment() };
    }
    const isPaid = (session: Session): Promise<unknown> =>
      until(
        () => send<{ status: string }>("GET", `${session.data.page_url}/status`),
        ({ status }) => status === "paid",
      );

    it("leads every open tab to the newer code, and to the receipt", async () => {
      const { shopper, session } = await viewing().checkout();
      const page = await viewing().visitors.visitor();
      const address = viewing().address({ sessions: [session] });
      await page.goto(address);
      const second = await page.context().newPage();
      await second.goto(address);
      await heading(page, "Pay with SEQR");
      await heading(second, "Pay with SEQR");
      const newer = await shopper.startPayment();
      for (const tab of [page, second]) {
        await tab.waitForFunction(() => (window as unknown as Heard).renewed.length > 0);
        expect(await renewed(tab)).toEqual([newer.data.token]);
        await heading(tab, "Pay with SEQR");
        expect(await readCode(code(tab))).toBe(newer.data.qr_text);
        expect(await tab.title()).toBe("Checkout");
      }
      await pay(newer);
      for (const tab of [page, second]) await receipt(tab);
    });

    it.each([
      ["an element with a property", { asProperty: true }],
      ["an element with a token", {}],
      ["a React component", { react: "component" }],
    ] as const)("leads to the newer code when the storefront is behind (%s)", async (_, how) => {
      const { old, newer } = await startTwice();
      const page = await viewing().visitors.visitor();
      await page.goto(viewing().address({ sessions: [old], ...how }));
      await heading(page, "Pay with SEQR");
      expect(await readCode(code(page))).toBe(newer.data.qr_text);
      // The storefront is told, and may say again what it remembers.
      expect(await renewed(page)).toEqual([newer.data.token]);
      if ("react" in how || "asProperty" in how)
        await view(page).evaluate((element, data) => Object.assign(element, { session: data }), old.data);
      expect(await events(page)).not.toContain("canceled");
      await keepPictures(page, "payment-view-stale-newer");
      await pay(newer);
      await receipt(page);
      expect((await details(page)).at(-1)).toMatchObject({ state: "paid", token: newer.data.token });
      expect(await renewed(page)).toEqual([newer.data.token]);
    });

    it.each([
      ["an element with a property", { asProperty: true }],
      ["an element with a token", {}],
      ["a React component", { react: "component" }],
    ] as const)("is the receipt when the newer code is paid (%s)", async (_, how) => {
      const { old, newer } = await startTwice();
      await pay(newer);
      await isPaid(newer);
      const page = await viewing().visitors.visitor();
      await page.goto(viewing().address({ sessions: [old], ...how }));
      await receipt(page);
      expect([...new Set(await events(page))]).toEqual(["preparing", "paid"]);
      expect((await details(page)).at(-1)?.orderId).toMatch(/^order_/);
      await keepPictures(page, "payment-view-stale-paid");
    });

    it("leads those who draw their own with the hook", async () => {
      const { old, newer } = await startTwice();
      const page = await viewing().visitors.visitor();
      await page.goto(viewing().address({ sessions: [old], react: "hook" }));
      await page.getByText(`waiting ${newer.data.amount} Nordic Goods`).waitFor();
      await pay(newer);
      await page.getByText(/^paid /).waitFor();
    });

    it("gives the receipt instead of a new code when the purchase is paid", async () => {
      const { page, session } = await shown();
      await page.getByRole("button", { name: "Cancel payment" }).click();
      await heading(page, "Payment cancelled");
      // This page hears nothing any more but what it asks for.
      await page.context().setOffline(true);
      const newer = await send<Session["data"]>("POST", `${session.data.page_url}/renew`);
      await viewing().store.sandbox.phone.pay(newer.qr_text);
      await isPaid({ ...session, data: newer });
      // Pressed before the page has heard, or just after: the receipt comes.
      await page.context().setOffline(false);
      const answer = page.waitForResponse(/\/renew$/);
      await view(page).evaluate((element) => (element as HTMLElement & { renew(): Promise<void> }).renew());
      expect((await answer).status()).toBe(200);
      await receipt(page);
      viewing().visitors.complaints();
    });

    it("leads the page of its own there, with and without scripts", async () => {
      for (const javaScriptEnabled of [true, false]) {
        const { old, newer } = await startTwice();
        const page = await viewing().visitors.visitor({ javaScriptEnabled });
        await page.goto(`${old.data.page_url}?lang=sv`);
        await heading(page, "Betala med SEQR");
        expect(page.url()).toBe(`${newer.data.page_url}?lang=sv`);
        await pay(newer);
        await page.getByText("Referens").last().waitFor();
        await page.goto(old.data.page_url);
        await page.getByText("Reference").last().waitFor();
        expect(page.url()).toBe(old.data.page_url);
        await keepPictures(page, `payment-page-stale-paid-${javaScriptEnabled ? "with" : "without"}-script`);
      }
    });
  });

  it("shows a reversal by SEQR, and gets a new code", async () => {
    const { page, session } = await shown();
    await heading(page, "Pay with SEQR");
    viewing().store.sandbox.faults.add({ operation: "getPaymentStatus", kind: "soap-fault", times: 1_000 });
    await pay(session);
    await until(
      () => Promise.resolve(viewing().store.sandbox.core.invoice(session.data.invoice_reference)?.status),
      (status) => status === "CANCELED",
    );
    viewing().store.sandbox.faults.clear();
    await heading(page, "Payment not confirmed");
    const text = await page.getByRole("status").textContent();
    expect(text).toMatch(/^The shop could not confirm it\. SEK\s\d+\.\d\d goes back to you\.$/);
    await keepPictures(page, "payment-view-reversed");
    await page.getByRole("button", { name: "Get a new code" }).click();
    await heading(page, "Pay with SEQR");
    await viewing().store.sandbox.phone.pay((await readCode(code(page))) ?? "");
    await receipt(page);
  });

  it("shows that the payment is being checked while SEQR confirms no cancellation, and not that it is too late", async () => {
    const { page } = await shown();
    await heading(page, "Pay with SEQR");
    viewing().store.sandbox.faults.add({ operation: "cancelInvoice", kind: "soap-fault", times: 1_000 });
    await page.getByRole("button", { name: "Cancel payment" }).click();
    await page.getByRole("status").getByText("Your payment is being checked.").waitFor();
    await page.getByRole("heading", { name: "One moment", exact: true }).waitFor();
    await keepPictures(page, "payment-view-checking");
    viewing().store.sandbox.faults.clear();
    await heading(page, "Payment cancelled");
  });

  it("refers the shopper to the shop with the reference when staff have closed the payment", async () => {
    const { shopper, session } = await viewing().checkout();
    await pay(session);
    const { order, ers_reference = "" } = await shopper.statusBecomes(session, "paid");
    viewing().store.sandbox.faults.add({
      ...{ operation: "refundPayment", kind: "result-code", resultCode: 97, times: 1_000 },
    });
    const staff = await viewing().store.staff();
    await staff.cancel(order?.id ?? "");
    const entries = await until(
      () => staff.attention(),
      (items) =>
        items.some(({ kind, ers_reference: of }) => kind === "refund_refused" && of === ers_reference),
    );
    const page = await viewing().visitors.visitor();
    const address = viewing().address({ sessions: [session] });
    await page.goto(address);
    await heading(page, "Money back");
    await keepPictures(page, "payment-view-returned");
    const entry = entries.find(({ ers_reference: of }) => of === ers_reference);
    await staff.admin("POST", `/seqr/attention/${entry?.id}`, { action: "dismiss", reason: "it stays" });
    viewing().store.sandbox.faults.clear();
    for (const at of [address, session.data.page_url]) {
      await page.goto(at);
      await heading(page, "Contact the shop");
      await page.getByText(ers_reference).last().waitFor();
      expect(await page.getByRole("button").count()).toBe(0);
      expect(await page.locator("main").innerText()).not.toContain("Nothing was charged");
    }
    await keepPictures(page, "payment-view-clarifying");
  });

  describe("on a bad line", () => {
    it("reports a lost connection, continues, and misses no change", async () => {
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
      viewing().visitors.complaints();
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
      viewing().visitors.complaints();
    });

    it("asks when as many streams are open as there may be", async () => {
      const { session } = await viewing().checkout();
      const streams = await Promise.all(
        Array.from({ length: 120 }, () => openStream(`${session.data.page_url}/events`)),
      );
      const page = await viewing().visitors.visitor();
      await page.goto(viewing().address({ sessions: [session] }));
      await heading(page, "Pay with SEQR");
      await pay(session);
      await receipt(page);
      for (const stream of streams) stream.close();
      expect(viewing().visitors.complaints()).toEqual([expect.stringContaining("429")]);
    });

    it("waits for a store that is not there yet", async () => {
      const { page } = await shown({}, {}, async (opened) => {
        let refused = 0;
        await opened.route(/\/seqr\/payments\/[\w-]{43}$/, (route) =>
          refused++ < 2 ? route.abort() : route.continue(),
        );
      });
      await heading(page, "Pay with SEQR");
      expect(viewing().visitors.complaints()).toHaveLength(2);
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
      viewing().visitors.complaints();
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

  it("stops its requests when it is removed from the page", async () => {
    const { page } = await shown();
    await heading(page, "Pay with SEQR");
    let asked = 0;
    page.on("request", () => void asked++);
    await page.evaluate(() => document.querySelector("seqr-payment")?.remove());
    await page.waitForTimeout(3_000);
    expect(asked).toBe(0);
  });

  it("shows several payments on one page, each its own", async () => {
    const [one, other] = [await viewing().checkout(), await viewing().checkout()];
    const page = await viewing().visitors.visitor();
    await page.goto(
      viewing().address({ sessions: [one.session, other.session], attributes: 'layout="small"' }),
    );
    await view(page, 1).getByRole("heading", { name: "Pay with SEQR" }).waitFor();
    await pay(other.session);
    await view(page, 1).getByRole("heading", { name: "Paid" }).waitFor();
    await view(page, 0).getByRole("heading", { name: "Pay with SEQR" }).waitFor();
    expect((await view(page, 0).getByRole("img").boundingBox())?.width).toBeLessThan(200);
  });

  describe("as a page of its own", () => {
    it.each([
      ["knows what leads away from a page", () => Promise.resolve()],
      [
        "does not",
        (page: Page) =>
          page.addInitScript(() => Object.defineProperty(window, "navigation", { value: undefined })),
      ],
    ])("is not loaded again while its view runs, in a browser that %s", async (_, prepare) => {
      const { session } = await viewing().checkout();
      const page = await viewing().visitors.visitor();
      await prepare(page);
      let loads = 0;
      page.on("framenavigated", () => void loads++);
      await page.goto(session.data.page_url);
      await isCalm(page);
      // The page would load itself again after five.
      await page.waitForTimeout(7_000);
      expect(loads).toBe(1);
      await pay(session);
      await receipt(page);
      expect(loads).toBe(1);
      viewing().visitors.complaints();
    });

    it.each([
      ["all its scripts are", /\/seqr\/payment-view\//],
      ["its element is", /\/payment-view\.js$/],
      ["what takes its refresh away is", /\/own-page\.js$/],
    ])("stays true when %s blocked, with scripts on", async (_, blocked) => {
      const { session } = await viewing().checkout();
      const page = await viewing().visitors.visitor();
      await page.route(blocked, (route) => route.abort());
      await page.goto(session.data.page_url);
      await heading(page, "Pay with SEQR");
      await pay(session);
      await page.getByText("Reference", { exact: true }).last().waitFor();
      await heading(page, "Paid");
      await keepPictures(page, "payment-page-blocked");
      viewing().visitors.complaints();
    });

    it("hears of a newer code that is paid, also without its script and after its own was cancelled", async () => {
      const { session } = await viewing().checkout();
      const page = await viewing().visitors.visitor({ javaScriptEnabled: false });
      await page.goto(session.data.page_url);
      await page.getByRole("button", { name: "Cancel payment" }).click();
      await heading(page, "Payment cancelled");
      const newer = await send<Session["data"]>("POST", `${session.data.page_url}/renew`);
      await viewing().store.sandbox.phone.pay(newer.qr_text);
      await page.getByText("Reference").last().waitFor({ timeout: 40_000 });
    });

    it.each([
      ["with", true],
      ["without", false],
    ])("leads on to the shop by itself once it is decided, %s scripts", async (_, javaScriptEnabled) => {
      const shop = viewing().address({ sessions: [] });
      const SEQR_RETURN_URL = `${shop}?order={order_id}&state={status}`;
      const server = await viewing().store.startServer({ SEQR_RETURN_URL });
      try {
        const shopper = viewing().store.shopper({ url: server.url });
        await shopper.fillCart({ MUG: 1 });
        const session = await shopper.startPayment();
        const page = await viewing().visitors.visitor({ javaScriptEnabled });
        const back = `${server.url}/seqr/return/${session.data.token}`;
        await page.goto(back);
        await heading(page, "Pay with SEQR");
        if (javaScriptEnabled) await isCalm(page);
        await keepPictures(page, "payment-page-back-from-app");
        await pay(session);
        await page.waitForURL(/order=order_\w+&state=paid$/);
        expect(page.url().startsWith(shop)).toBe(true);

        await shopper.fillCart({ MUG: 1 });
        const another = await shopper.startPayment();
        await page.goto(back.replace(session.data.token, another.data.token));
        await page.getByRole("button", { name: "Cancel payment" }).click();
        await page.waitForURL(/order=&state=canceled$/);
      } finally {
        await viewing().visitors.leave();
        await server.stop();
      }
    });

    it("works where the store has a path of its host", async () => {
      const proxy = await startPathProxy();
      const server = await viewing().store.startServer({ SEQR_BACKEND_URL: proxy.url });
      proxy.leadTo(server.url);
      try {
        const shopper = viewing().store.shopper({ url: proxy.url });
        await shopper.fillCart({ MUG: 1 });
        const session = await shopper.startPayment();
        const page = await viewing().visitors.visitor();
        await page.goto(`${session.data.page_url}?lang=sv`);
        await isCalm(page);
        await page.getByRole("button", { name: "Avbryt betalningen" }).click();
        await page.getByRole("button", { name: "Hämta en ny kod" }).click();
        await heading(page, "Betala med SEQR");
        await keepPictures(page, "payment-page-under-a-path");
        await viewing().store.sandbox.phone.pay((await readCode(code(page, "QR-kod"))) ?? "");
        await page.getByRole("button", { name: "Skriv ut kvitto" }).waitFor();

        const second = await viewing().visitors.visitor({ javaScriptEnabled: false });
        await second.goto(session.data.page_url);
        await heading(second, "Paid");
      } finally {
        await viewing().visitors.leave();
        await server.stop();
        await proxy.stop();
      }
    });
  });
});
