import type { ShopperPayment } from "../../src/workflows/shopper-payment";
import { openStream, type EventStream } from "./kit/event-stream";
import { send, until } from "./kit/http";
import type { Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

/** What the store's server does for the payment view: the page, the stream, a new code, the script. */
describe("the payment view's server", () => {
  let store: TestStore;
  const streams: EventStream[] = [];
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(async () => {
    for (const stream of streams) stream.close();
    await store?.stop();
  });

  async function start(): Promise<{ session: Session; shopper: ReturnType<TestStore["shopper"]> }> {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    return { shopper, session: await shopper.startPayment() };
  }
  const page = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(address, { headers: { accept: "text/html", ...headers } });
  const submit = (address: string): Promise<Response> =>
    fetch(address, { method: "POST", headers: { accept: "text/html" }, redirect: "manual" });
  const renew = (session: Pick<Session, "data">): Promise<Session["data"]> =>
    send<Session["data"]>("POST", session.data.renew_url);
  const open = async (...args: Parameters<typeof openStream>): Promise<EventStream> => {
    const stream = await openStream(...args);
    streams.push(stream);
    return stream;
  };
  const says = (status: string) => (event: { event: string; data: string }) =>
    event.event === "payment" && (JSON.parse(event.data) as ShopperPayment).status === status;
  const payable = (reference: string): boolean => store.sandbox.core.invoice(reference)?.status === "ISSUED";

  // Before the others: once three payments in a row were announced, SEQR is asked every ten seconds only.
  describe("as a stream", () => {
    it("begins with the payment as it is, and tells that it is paid", async () => {
      const { session } = await start();
      const stream = await open(session.data.events_url);
      const first = await stream.next(says("waiting"));
      expect(JSON.parse(first.data)).toMatchObject({
        amount: session.data.amount,
        expires_in: expect.any(Number),
      });
      await store.sandbox.phone.pay(session.data.qr_text);
      const paid = await stream.next(says("paid"));
      expect(JSON.parse(paid.data)).toMatchObject({
        order: { id: expect.stringMatching(/^order_/), display_id: expect.any(Number) },
        ers_reference: expect.stringMatching(/^\d{25}$/),
      });
    });

    it("does not tell a browser again what it has seen", async () => {
      const { session } = await start();
      const { id } = await (await open(session.data.events_url)).next(says("waiting"));
      const again = await open(session.data.events_url, { "last-event-id": id });
      await again.next(({ event }) => event === "ping");
      expect(again.events.filter(({ event }) => event === "payment")).toEqual([]);
      await send("POST", session.data.cancel_url);
      await again.next(says("canceled"));
    });

    it("is neither compressed nor kept back, and open to every storefront", async () => {
      const { session } = await start();
      const aborting = new AbortController();
      const answer = await fetch(session.data.events_url, { signal: aborting.signal });
      for (const [name, value] of Object.entries({
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "access-control-allow-origin": "*",
      }))
        expect([name, answer.headers.get(name)]).toEqual([name, value]);
      expect(answer.headers.get("content-encoding")).toBeNull();
      aborting.abort();
    });

    it("has SEQR asked once a second at most, also when a hundred pages are open", async () => {
      const { session } = await start();
      const asked = (): number => store.sandbox.stats().getPaymentStatus?.total ?? 0;
      const many = await Promise.all(Array.from({ length: 100 }, () => open(session.data.events_url)));
      await Promise.all(many.map((stream) => stream.next(says("waiting"))));
      // Those of other tests are looked at as well.
      await store.sql("update seqr_invoice set state = 'canceled', due_at = null where session_id <> $1", [
        session.id,
      ]);
      const before = asked();
      const from = performance.now();
      const looks = await until(
        () => Promise.resolve(asked() - before),
        (count) => count >= 4,
      );
      expect(looks).toBeLessThanOrEqual((performance.now() - from) / 1_000 + 1);
      await store.sandbox.phone.pay(session.data.qr_text);
      await Promise.all(many.map((stream) => stream.next(says("paid"))));
      for (const stream of many) stream.close();
    });

    it("tells on one server what happened on another, and ends with its server", async () => {
      const other = await store.startServer();
      const { session } = await start();
      const address = new URL(session.data.events_url);
      const stream = await open(other.url + address.pathname);
      await stream.next(says("waiting"));
      // Nobody but this server is told, and nothing but the ledger connects the two.
      await send("POST", session.data.cancel_url);
      await stream.next(says("canceled"));
      await other.stop();
      await stream.ended;
      // One that does not end by itself is killed, and has no exit code.
      expect(await other.ended).toBe(0);
    });

    it("is refused without a token that somebody has", async () => {
      const address = `${store.server.url}/seqr/payments/${"A".repeat(43)}/events`;
      await expect(openStream(address)).rejects.toThrow("HTTP 404");
    });

    it("goes on when its database connection is lost", async () => {
      const { session } = await start();
      const stream = await open(session.data.events_url);
      await stream.next(says("waiting"));
      const listening = (): Promise<unknown[]> =>
        store.sql("select pid from pg_stat_activity where query ilike 'listen seqr_invoice%'");
      await until(listening, (rows) => rows.length > 0);
      await store.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen seqr_invoice%'",
      );
      await send("POST", session.data.cancel_url);
      await stream.next(says("canceled"));
      await until(listening, (rows) => rows.length > 0);
    });
  });

  describe("as a page", () => {
    it("shows the open payment without any script, and refreshes by itself", async () => {
      const { session } = await start();
      const answer = await page(session.data.page_url);
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).toContain('<h2 class="heading">Pay with SEQR</h2>');
      expect(text).toContain("Nordic Goods");
      expect(text).toContain(session.data.deep_link);
      expect(text).toMatch(/<svg role="img" aria-label="QR code of this payment"[^>]*><path d="M/);
      expect(text).toContain('<noscript><meta http-equiv="refresh" content="3"></noscript>');
      expect(text).toContain(`action="/seqr/payments/${session.data.token}/cancel"`);
      // Nothing in it needs more than a strict policy allows.
      expect(text).not.toMatch(
        /<script(?![^>]* src="\/seqr\/payment-view\/payment-view\.js")|style=|\son\w+=/,
      );
      expect(answer.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'nonce-/,
      );
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    });

    it("speaks the shopper's language, or the one that is asked for", async () => {
      const { session } = await start();
      const inSwedish = await page(session.data.page_url, { "accept-language": "xx, sv-SE;q=0.9, en;q=0.5" });
      expect(await inSwedish.text()).toMatch(/<html lang="sv-SE">.*Betala med SEQR/s);
      const inGerman = await page(`${session.data.page_url}?lang=de`, { "accept-language": "sv" });
      const text = await inGerman.text();
      expect(text).toContain("Mit SEQR bezahlen");
      expect(text).toContain("/cancel?lang=de");
      for (const wrong of ["%22%3E%3Cscript%3E", "klingon", ""]) {
        const answer = await page(`${session.data.page_url}?lang=${wrong}`);
        expect(await answer.text()).toContain('<html lang="en">');
      }
    });

    it("is the receipt when it is paid", async () => {
      const { session, shopper } = await start();
      await store.sandbox.phone.pay(session.data.qr_text);
      const { order, ers_reference } = await shopper.statusBecomes(session, "paid");
      const text = await (await page(session.data.page_url)).text();
      expect(text).toContain('<h2 class="heading">Paid</h2>');
      expect(text).toContain(`<dt>Order</dt><dd>${order?.display_id}</dd>`);
      expect(text).toContain(`<dt>Reference</dt><dd>${ers_reference}</dd>`);
      expect(text).not.toMatch(/http-equiv="refresh"|aria-label="QR code|<form/);
    });

    it("cancels and gets a new code by forms", async () => {
      const { session } = await start();
      const canceled = await submit(session.data.cancel_url);
      expect(canceled.status).toBe(303);
      expect(canceled.headers.get("location")).toBe(`/seqr/payments/${session.data.token}`);
      expect(payable(session.data.invoice_reference)).toBe(false);
      const text = await (await page(session.data.page_url)).text();
      expect(text).toContain("Payment cancelled");
      expect(text).toContain(`action="/seqr/payments/${session.data.token}/renew"`);

      const renewed = await submit(session.data.renew_url);
      const location = renewed.headers.get("location") ?? "";
      expect(location).toMatch(/^\/seqr\/payments\/[\w-]{43}$/);
      expect(location).not.toContain(session.data.token);
      expect(await (await page(store.server.url + location)).text()).toContain("Pay with SEQR");
    });

    it("says that it was too late to cancel, and shows how the payment goes on", async () => {
      const { session, shopper } = await start();
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      await store.sandbox.phone.pay(session.data.qr_text);
      const answer = await submit(session.data.cancel_url);
      expect(answer.status).toBe(303);
      await shopper.statusBecomes(session, "paid");
      const text = await (await page(session.data.page_url)).text();
      expect(text).toContain('<h2 class="heading">Paid</h2>');
    });

    it("says that there is no such payment", async () => {
      for (const token of ["A".repeat(43), "short", "..%2f..%2fetc", "%3Cscript%3E"]) {
        const answer = await page(`${store.server.url}/seqr/payments/${token}`);
        expect(answer.status).toBe(404);
        const text = await answer.text();
        expect(text).toContain("Payment not found");
        expect(text).not.toContain("<script>");
      }
      const asJson = await fetch(`${store.server.url}/seqr/payments/${"A".repeat(43)}`);
      expect(asJson.status).toBe(404);
      expect(await asJson.json()).toMatchObject({ code: "SEQR_TOKEN" });
    });

    it("gives the session's data to a program", async () => {
      const { session } = await start();
      const data = await send<Session["data"]>("GET", session.data.page_url);
      expect(data).toEqual(session.data);
    });

    it("is where the app comes back to in a store without a page of its own", async () => {
      const { session } = await start();
      const backUrl = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice.backURL ?? "";
      const answer = await fetch(backUrl, { redirect: "manual" });
      expect(answer.status).toBe(303);
      const target = answer.headers.get("location") ?? "";
      expect(target).toMatch(/^\/seqr\/payments\/[\w-]{43}$|seqr_status=/);
    });
  });

  describe("asked for a new code", () => {
    it("gives one of the same purchase when the old one was cancelled, and the new one sells", async () => {
      const { session, shopper } = await start();
      await send("POST", session.data.cancel_url);
      const data = await renew(session);
      expect(data).toMatchObject({ status: "waiting", amount: session.data.amount });
      expect(data.token).not.toBe(session.data.token);
      await store.sandbox.phone.pay(data.qr_text);
      const renewed = { ...session, data };
      await shopper.statusBecomes(renewed, "paid");
      expect(await shopper.complete()).toMatchObject({ type: "order" });
    });

    it("gives the one that can be paid when there is one", async () => {
      const { session } = await start();
      expect((await renew(session)).token).toBe(session.data.token);
    });

    it("gives one code when it is asked many times at once", async () => {
      const { session } = await start();
      await send("POST", session.data.cancel_url);
      const answers = await Promise.allSettled(Array.from({ length: 4 }, () => renew(session)));
      expect(answers.some(({ status }) => status === "fulfilled")).toBe(true);
      const rows = await store.sql<{ invoice_reference: string }>(
        "select invoice_reference from seqr_invoice where payment_collection_id = (select payment_collection_id from seqr_invoice where session_id = $1)",
        [session.id],
      );
      expect(rows.filter(({ invoice_reference }) => payable(invoice_reference))).toHaveLength(1);
    });

    it("refuses when the cart is an order already", async () => {
      const { session, shopper } = await start();
      await store.sandbox.phone.pay(session.data.qr_text);
      await shopper.statusBecomes(session, "paid");
      await expect(renew(session)).rejects.toMatchObject({
        status: 400,
        body: { code: "SEQR_NOTHING_TO_PAY" },
      });
    });
  });

  describe("as a script", () => {
    const file = (name: string): Promise<Response> => fetch(`${store.server.url}/seqr/payment-view/${name}`);

    it("is served to any storefront, with each language", async () => {
      const script = await file("payment-view.js");
      expect(script.status).toBe(200);
      expect(script.headers.get("content-type")).toMatch(/^text\/javascript/);
      expect(script.headers.get("access-control-allow-origin")).toBe("*");
      const text = await script.text();
      const languages = [...text.matchAll(/import\("\.\/(\w+\.js)"\)/g)].map(([, name]) => name ?? "");
      expect(languages.length).toBeGreaterThanOrEqual(12);
      for (const name of languages) expect((await file(name)).status).toBe(200);
    });

    it("is nothing else", async () => {
      for (const name of ["package.json", "element.d.ts", "..%2fpage.js", "x.js"]) {
        expect((await file(name)).status).toBe(404);
      }
    });
  });
});
