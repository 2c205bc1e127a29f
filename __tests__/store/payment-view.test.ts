import type { ShopperPayment } from "../../src/shopper/shopper-payment";
import { openStream, type EventStream } from "./kit/event-stream";
import { send, until } from "../../testkit/http";
import { startPathProxy } from "./kit/path-proxy";
import type { Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";
import type { RunningStore } from "../../testkit/store";

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
    send<Session["data"]>("POST", `${session.data.page_url}/renew`);
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
    it("begins with the current payment, and reports that it is paid", async () => {
      const { session } = await start();
      const stream = await open(`${session.data.page_url}/events`);
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

    it("does not send an event again that the browser has received", async () => {
      const { session } = await start();
      const { id } = await (await open(`${session.data.page_url}/events`)).next(says("waiting"));
      const again = await open(`${session.data.page_url}/events`, { "last-event-id": id });
      await again.next(({ event }) => event === "ping");
      expect(again.events.filter(({ event }) => event === "payment")).toEqual([]);
      await send("POST", `${session.data.page_url}/cancel`);
      await again.next(says("canceled"));
    });

    it("is neither compressed nor buffered, and open to every storefront", async () => {
      const { session } = await start();
      const aborting = new AbortController();
      const answer = await fetch(`${session.data.page_url}/events`, { signal: aborting.signal });
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
      const many = await Promise.all(
        Array.from({ length: 100 }, () => open(`${session.data.page_url}/events`)),
      );
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
      const address = new URL(`${session.data.page_url}/events`);
      const stream = await open(other.url + address.pathname);
      await stream.next(says("waiting"));
      // Nobody but this server is told, and nothing but the ledger connects the two.
      await send("POST", `${session.data.page_url}/cancel`);
      await stream.next(says("canceled"));
      await other.stop();
      await stream.ended;
      // One that does not end by itself is killed, and has no exit code.
      expect(await other.ended).toBe(0);
    });

    it("is refused to the 121st page of one payment, until one of them is closed", async () => {
      const { session } = await start();
      const address = `${session.data.page_url}/events`;
      const many = await Promise.all(Array.from({ length: 120 }, () => open(address)));
      const refused = await fetch(address);
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
      expect(await refused.json()).toMatchObject({ code: "SEQR_TOO_MANY_REQUESTS" });
      // What such a page does instead.
      expect(await send("GET", `${session.data.page_url}/status`)).toMatchObject({ status: "waiting" });
      const { session: another } = await start();
      await (await open(`${another.data.page_url}/events`)).next(says("waiting"));
      many[7]?.close();
      await until(
        () => openStream(address).catch(() => undefined),
        (stream) => {
          if (stream) streams.push(stream);
          return stream !== undefined;
        },
      );
      for (const stream of many) stream.close();
    });

    it("is refused without a valid token", async () => {
      const address = `${store.server.url}/seqr/payments/${"A".repeat(43)}/events`;
      await expect(openStream(address)).rejects.toThrow("HTTP 404");
    });

    it("continues when its database connection is lost", async () => {
      const { session } = await start();
      const stream = await open(`${session.data.page_url}/events`);
      await stream.next(says("waiting"));
      const listening = (): Promise<unknown[]> =>
        store.sql("select pid from pg_stat_activity where query ilike 'listen seqr_invoice%'");
      await until(listening, (rows) => rows.length > 0);
      await store.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen seqr_invoice%'",
      );
      await send("POST", `${session.data.page_url}/cancel`);
      await stream.next(says("canceled"));
      await until(listening, (rows) => rows.length > 0);
    });
  });

  describe("as a page", () => {
    it("shows the open payment without scripts, and refreshes automatically", async () => {
      const { session } = await start();
      const answer = await page(session.data.page_url);
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).toContain('<h2 class="heading">Pay with SEQR</h2>');
      expect(text).toContain("Nordic Goods");
      expect(text).toContain(session.data.deep_link);
      expect(text).toMatch(/<svg role="img" aria-label="QR code of this payment"[^>]*><path d="M/);
      expect(text).toContain('<meta http-equiv="refresh" content="5">');
      expect(text).toContain(`action="${session.data.page_url}/cancel"`);
      // Nothing in it needs more than a strict policy allows.
      expect(text).not.toMatch(/<script(?![^>]* src="http)|style=|\son\w+=/);
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'self' http:\S+; style-src 'nonce-/);
      expect(policy).toContain(`script-src 'self' ${store.server.url};`);
      expect(policy).toContain("require-trusted-types-for 'script'");
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
      // What storefronts load with every order has no code in it, and is small.
      const [kept] = await store.sql<{ session: string; payment: string }>(
        `select s.data::text as session, p.data::text as payment
         from payment_session s join payment p on p.payment_session_id = s.id where s.id = $1`,
        [session.id],
      );
      for (const data of [kept?.session, kept?.payment]) {
        expect(data).toContain(ers_reference);
        expect(data).not.toMatch(/<svg|SEQR\.SE/);
        expect(data?.length).toBeLessThan(800);
      }
      expect(kept?.session).toContain(session.data.page_url);
    });

    it("cancels and gets a new code by forms", async () => {
      const { session } = await start();
      const canceled = await submit(`${session.data.page_url}/cancel`);
      expect(canceled.status).toBe(303);
      expect(canceled.headers.get("location")).toBe(session.data.page_url);
      expect(payable(session.data.invoice_reference)).toBe(false);
      const text = await (await page(session.data.page_url)).text();
      expect(text).toContain("Payment cancelled");
      expect(text).toContain(`action="${session.data.page_url}/renew"`);

      const renewed = await submit(`${session.data.page_url}/renew`);
      const location = renewed.headers.get("location") ?? "";
      expect(location).toMatch(/^http:.*\/seqr\/payments\/[\w-]{43}$/);
      expect(location).not.toContain(session.data.token);
      expect(await (await page(location)).text()).toContain("Pay with SEQR");
    });

    it("reports that it was too late to cancel, and shows the payment", async () => {
      const { session, shopper } = await start();
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      await store.sandbox.phone.pay(session.data.qr_text);
      const answer = await submit(`${session.data.page_url}/cancel`);
      expect(answer.status).toBe(303);
      await shopper.statusBecomes(session, "paid");
      const text = await (await page(session.data.page_url)).text();
      expect(text).toContain('<h2 class="heading">Paid</h2>');
    });

    it("reports an unknown payment", async () => {
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

    it("is the page that the app opens in a store without the option returnUrl", async () => {
      const { session } = await start();
      const backUrl = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice.backURL ?? "";
      const answer = await fetch(backUrl, { redirect: "manual" });
      expect(answer.status).toBe(303);
      const target = answer.headers.get("location") ?? "";
      expect(target).toMatch(/^http:.*\/seqr\/payments\/[\w-]{43}$|seqr_status=/);
    });
  });

  describe("asked with an old token", () => {
    /** An old code, and a newer one of the same purchase that another page has asked for. */
    async function startTwice(): Promise<{
      old: Session;
      newer: Session;
      shopper: ReturnType<TestStore["shopper"]>;
    }> {
      const { shopper, session: old } = await start();
      await send("POST", `${old.data.page_url}/cancel`);
      return { shopper, old, newer: await shopper.startPayment() };
    }

    it("leads to the newer code while that can be paid", async () => {
      const { shopper, old, newer } = await startTwice();
      const payment = await shopper.status(old);
      expect(payment).toMatchObject({ status: "superseded", newer_url: newer.data.page_url });
      expect(await send("GET", payment.newer_url ?? "")).toEqual(newer.data);
      expect(await shopper.status(newer)).not.toHaveProperty("newer_url");

      const answer = await fetch(`${old.data.page_url}?lang=sv`, {
        headers: { accept: "text/html" },
        redirect: "manual",
      });
      expect([answer.status, answer.headers.get("location")]).toEqual([
        303,
        `${newer.data.page_url}?lang=sv`,
      ]);
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(await (await page(old.data.page_url)).text()).toContain(newer.data.deep_link);
    });

    it("tells a page that is open when the newer code is there, and when it is paid", async () => {
      const { shopper, session } = await start();
      const stream = await open(`${session.data.page_url}/events`);
      await stream.next(says("waiting"));
      const newer = await shopper.startPayment();
      const { data } = await stream
        .next(says("superseded"))
        .then(() => stream.next((event) => event.data.includes("newer_url")));
      expect(JSON.parse(data)).toMatchObject({ status: "superseded", newer_url: newer.data.page_url });
      await store.sandbox.phone.pay(newer.data.qr_text);
      const paid = JSON.parse((await stream.next(says("paid"))).data) as ShopperPayment;
      expect(paid.order?.id).toMatch(/^order_/);
      const statuses = stream.events
        .filter(({ event }) => event === "payment")
        .map(({ data: told }) => (JSON.parse(told) as ShopperPayment).status);
      // From the newer code's money on, nobody reads that nothing was charged.
      expect(statuses.slice(statuses.indexOf("paid"))).toEqual(["paid"]);
      expect(statuses).not.toContain("canceled");
    });

    it("is the receipt once the newer code is paid", async () => {
      const { shopper, old, newer } = await startTwice();
      await store.sandbox.phone.pay(newer.data.qr_text);
      const paid = await shopper.statusBecomes(newer, "paid");
      expect(await shopper.status(old)).toEqual({ ...paid, expires_in: expect.any(Number) });
      const answer = await fetch(old.data.page_url, { headers: { accept: "text/html" }, redirect: "manual" });
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).toContain('<h2 class="heading">Paid</h2>');
      expect(text).toContain(`<dt>Order</dt><dd>${paid.order?.display_id}</dd>`);
      expect(text).not.toMatch(/cancelled|Nothing was charged|<form/);
      // A button of a page that has not heard of it yet.
      expect(await send("POST", `${old.data.page_url}/cancel`)).toMatchObject({
        status: "paid",
        order: paid.order,
      });
      const back = await fetch(`${store.server.url}/seqr/return/${old.data.token}`, { redirect: "manual" });
      expect(back.headers.get("location")).toMatch(/seqr_status=paid&order_id=order_|\/seqr\/payments\//);
    });

    it("shows how its own code ended after the newer one has ended too", async () => {
      const { shopper, old, newer } = await startTwice();
      await send("POST", `${newer.data.page_url}/cancel`);
      expect(await shopper.status(old)).toMatchObject({ status: "canceled" });
      expect(await (await page(old.data.page_url)).text()).toContain("Payment cancelled");
    });

    it("believes no token that a storefront wrote into the newer session, and waits for the right one", async () => {
      const { shopper, old, newer } = await startTwice();
      const write = (data: object): Promise<unknown> =>
        store.sql("update payment_session set data = $2 where id = $1", [newer.id, JSON.stringify(data)]);
      await write({ token: "A".repeat(43) });
      const payment = await shopper.status(old);
      expect(payment).toMatchObject({ status: "preparing" });
      expect(payment).not.toHaveProperty("newer_url");
      const text = await (await page(old.data.page_url)).text();
      expect(text).not.toMatch(/cancelled|Nothing was charged/);
      const stream = await open(`${old.data.page_url}/events`);
      await stream.next(says("preparing"));
      await write(newer.data);
      await stream.next(says("superseded"));
      expect(await shopper.status(old)).toMatchObject({ newer_url: newer.data.page_url });
    });
  });

  describe("under a path of its host", () => {
    it("has no address that leads past the path", async () => {
      const proxy = await startPathProxy();
      const server = await store.startServer({ SEQR_BACKEND_URL: proxy.url });
      proxy.leadTo(server.url);
      try {
        const shopper = store.shopper({ url: proxy.url });
        await shopper.fillCart({ MUG: 1 });
        const { data } = await shopper.startPayment();
        expect(data.page_url).toBe(`${proxy.url}/seqr/payments/${data.token}`);
        const answer = await page(data.page_url);
        const text = await answer.text();
        const addresses = [...text.matchAll(/ (?:src|action)="([^"]*)"/g)].map(([, address = ""]) => address);
        expect(addresses).toHaveLength(3);
        for (const address of addresses) expect(address.startsWith(`${proxy.url}/seqr/`)).toBe(true);
        for (const script of addresses.filter((address) => address.endsWith(".js")))
          expect((await fetch(script)).status).toBe(200);
        expect(answer.headers.get("content-security-policy")).toContain(
          `form-action 'self' ${new URL(proxy.url).origin};`,
        );

        const canceled = await submit(`${data.page_url}/cancel`);
        expect(canceled.headers.get("location")).toBe(data.page_url);
        const renewed = (await submit(`${data.page_url}/renew`)).headers.get("location") ?? "";
        expect(renewed.startsWith(`${proxy.url}/seqr/payments/`)).toBe(true);
        expect(await (await page(renewed)).text()).toContain("Pay with SEQR");
        const back = await fetch(`${proxy.url}/seqr/return/${data.token}`, { redirect: "manual" });
        expect(back.headers.get("location")).toMatch(/^http:.*(\/api\/seqr\/payments\/|seqr_status=)/);
      } finally {
        await server.stop();
        await proxy.stop();
      }
    });
  });

  describe("the return from the app, when the shop's address has placeholders", () => {
    const shop = "https://shop.example";
    let server: RunningStore;
    beforeAll(async () => {
      const SEQR_RETURN_URL = `${shop}/{country}/order/{order_id}/confirmed?state={status}&cart={cart_id}`;
      server = await store.startServer({ SEQR_RETURN_URL });
    });
    afterAll(() => server?.stop());

    async function startThere() {
      const shopper = store.shopper({ url: server.url });
      await shopper.fillCart({ MUG: 1 });
      const session = await shopper.startPayment();
      const { page_url } = session.data;
      const leadsTo = async (address: string): Promise<string | null> => {
        const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "manual" });
        return answer.headers.get("location");
      };
      const back = (query = "") => leadsTo(`${server.url}/seqr/return/${session.data.token}${query}`);
      return { shopper, session, page_url, leadsTo, back };
    }

    it("the phone waits on the payment's own page, which leads on to the order", async () => {
      const { shopper, session, page_url, leadsTo, back } = await startThere();
      expect(await back()).toBe(`${page_url}?from=app`);
      const waiting = await page(`${page_url}?from=app`);
      expect(waiting.headers.get("content-security-policy")).toContain(` ${shop}; base-uri`);
      const text = await waiting.text();
      expect(text).toMatch(/http-equiv="refresh" content="5".*<body data-leads-on>/);
      expect(text).toContain(`action="${page_url}/cancel?from=app"`);
      expect(text).toContain(
        `<a href="${server.url}/seqr/return/${session.data.token}?to=shop">Back to the shop`,
      );
      // Whoever wants to leave leaves; to nowhere else, whatever an address says.
      expect(await back("?to=shop")).toBe(shop);
      for (const query of [
        "?to=https://evil.example",
        "?returnUrl=https://evil.example",
        "?to=shop&to=//evil",
      ])
        expect(await back(query)).toBe(`${page_url}?from=app`);

      await store.sandbox.phone.pay(session.data.qr_text);
      const { order } = await shopper.statusBecomes(session, "paid");
      const confirmed = `${shop}/se/order/${order?.id}/confirmed?state=paid&cart=${shopper.cartId}`;
      expect(await back()).toBe(confirmed);
      expect(await back("?to=shop")).toBe(confirmed);
      expect(await leadsTo(`${page_url}?from=app`)).toBe(confirmed);
      // Opened from elsewhere it is the receipt, and stays.
      expect(await (await page(page_url)).text()).toMatch(/<body>.*<h2 class="heading">Paid.*\?to=shop"/);
    });

    it("the phone stays on the payment's own page when no order comes of it", async () => {
      const { page_url, leadsTo, back } = await startThere();
      const canceled = await submit(`${page_url}/cancel?from=app`);
      expect(canceled.headers.get("location")).toBe(`${page_url}?from=app`);
      expect(await back()).toBe(`${page_url}?from=app`);
      expect(await leadsTo(`${page_url}?from=app`)).toBeNull();
      const text = await (await page(`${page_url}?from=app`)).text();
      expect(text).toMatch(/<body>.*Payment cancelled.*\/renew\?from=app".*Back to the shop/);
      expect(await back("?to=shop")).toBe(shop);
    });
  });

  describe("asked for a new code", () => {
    it("gives one of the same purchase when the old one was cancelled, and the new one sells", async () => {
      const { session, shopper } = await start();
      await send("POST", `${session.data.page_url}/cancel`);
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
      await send("POST", `${session.data.page_url}/cancel`);
      const answers = await Promise.allSettled(Array.from({ length: 4 }, () => renew(session)));
      expect(answers.some(({ status }) => status === "fulfilled")).toBe(true);
      const rows = await store.sql<{ invoice_reference: string }>(
        "select invoice_reference from seqr_invoice where payment_collection_id = (select payment_collection_id from seqr_invoice where session_id = $1)",
        [session.id],
      );
      expect(rows.filter(({ invoice_reference }) => payable(invoice_reference))).toHaveLength(1);
    });

    it("gives the paid payment when there is nothing more to pay, also to an old code, again and again", async () => {
      const { session, shopper } = await start();
      await send("POST", `${session.data.page_url}/cancel`);
      const newer = { ...session, data: await renew(session) };
      await store.sandbox.phone.pay(newer.data.qr_text);
      const { order, ers_reference } = await shopper.statusBecomes(newer, "paid");
      for (const asked of [session, newer, session]) {
        const { token, invoice_reference } = { ...asked.data, ...newer.data, token: asked.data.token };
        const paid = await renew(asked);
        expect(paid).toMatchObject({ status: "paid", token, invoice_reference, ers_reference });
        expect(await send("GET", `${paid.page_url}/status`)).toMatchObject({ status: "paid", order });
        const submitted = await submit(`${asked.data.page_url}/renew`);
        expect(await (await page(submitted.headers.get("location") ?? "")).text()).toContain(
          `<dt>Order</dt><dd>${order?.display_id}</dd>`,
        );
      }
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
