import { Agent, request } from "node:http";
import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import type { Session } from "./kit/shopper";
import { until } from "../../testkit/http";
import { startTestStore, type TestStore } from "./kit/store";

interface Answer {
  status: number;
  retryAfter: string | undefined;
  body: string;
}

/** Strangers who send what they like to the public routes, each from an address of their own. */
describe("hostile requests", () => {
  let store: TestStore;
  const agent = new Agent({ maxSockets: 40 });
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(async () => {
    agent.destroy();
    await store?.stop();
  });

  let strangers = 0;
  const stranger = () => ({ "x-forwarded-for": `192.0.2.${++strangers}` });
  const forged = () => randomBytes(32).toString("base64url");

  /** Sends one request with the path as it is written here, and reads the whole answer. */
  function send(
    path: string,
    {
      method = "POST",
      headers = {},
      body,
    }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: store.server.port,
          path,
          method,
          headers,
          // Node gives a connection back while a body is still being sent, and then nobody hears of its end.
          agent: body === undefined ? agent : false,
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              retryAfter: answer.headers["retry-after"],
              body: Buffer.concat(parts).toString(),
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Writes to a connection of its own until the server closes it; gives all that came back. */
  function converse(
    first: string,
    talk?: (write: (text: string) => void) => NodeJS.Timeout,
  ): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(store.server.port, "127.0.0.1");
      let heard = "";
      socket.on("data", (part) => (heard += String(part)));
      socket.on("error", () => undefined);
      socket.write(first);
      const timer = talk?.((text) => socket.writable && socket.write(text));
      socket.on("close", () => {
        clearInterval(timer);
        resolve(heard);
      });
    });
  }

  const statuses = (answers: Answer[]) => {
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };
  const times = (count: number, make: () => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, make));

  /** What must not change: the ledger but for its own clockwork, and all that Medusa made of it. */
  async function everything() {
    const invoices = await store.sql(
      "select session_id, state, reason, amount, order_id, ers_reference, paid_at, completed_at, notified_at, token_hash from seqr_invoice order by id",
    );
    const counted = ["seqr_refund", '"order"', "order_cart", "payment", "capture", "refund"];
    const [counts] = await store.sql(
      `select ${counted.map((table) => `(select count(*) from ${table}) as ${table}`).join(", ")}`,
    );
    const carts = await store.sql("select id, updated_at, completed_at from cart order by id");
    return { invoices, counts, carts };
  }
  /** Of receipts none are counted: they follow an earlier order some seconds later. */
  const soapCalls = () =>
    Object.entries(store.sandbox.stats()).reduce(
      (sum, [name, { total }]) => (name === "submitPaymentReceipt" ? sum : sum + total),
      0,
    );
  const asked = (session: Session, operation = "getPaymentStatus") =>
    store.sandbox
      .calls()
      .filter(
        (call) => call.operation === operation && call.invoiceReference === session.data.invoice_reference,
      ).length;
  const notificationPath = (session: Session) => {
    const sent = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice;
    return new URL(sent?.notificationUrl ?? "").pathname;
  };
  const pathOf = (url: string) => new URL(url).pathname;
  const invoiceOf = async (session: Session) => {
    const [row] = await store.sql<{ state: string; notified_at: Date | null }>(
      "select state, notified_at from seqr_invoice where session_id = $1",
      [session.id],
    );
    return row;
  };
  const ready = async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    return { shopper, session: await shopper.startPayment() };
  };
  /** The watch looks at no invoice for a while. */
  const pauseWatch = () => store.sql("update seqr_invoice set due_at = now() + interval '10 minutes'");

  it("with unknown or malformed tokens change nothing and reach neither SEQR nor the log", async () => {
    await ready();
    await pauseWatch();
    const [before, calls] = [await everything(), soapCalls()];
    const tokens = [
      ...Array.from({ length: 40 }, forged),
      "x",
      "%00",
      "%zz",
      "..%2f..%2fadmin",
      "a".repeat(44),
      "å".repeat(43),
      "{}",
      "<a/>",
      "' or 1=1 --",
      "token[]=1",
      "x".repeat(7_000),
    ].map((token) => (/^[%.\w-]+$/.test(token) ? token : encodeURIComponent(token)));
    const routes: [method: string, path: (token: string) => string][] = [
      ["POST", (token) => `/hooks/seqr/${token}`],
      ["GET", (token) => `/hooks/seqr/${token}`],
      ["GET", (token) => `/seqr/payments/${token}/status`],
      ["POST", (token) => `/seqr/payments/${token}/cancel`],
      ["GET", (token) => `/seqr/return/${token}`],
    ];
    for (const [method, path] of routes) {
      const headers = stranger();
      const answers = await Promise.all(tokens.map((token) => send(path(token), { method, headers })));
      // Twenty, and the one that cannot even be read.
      expect(statuses(answers)).toEqual({ 404: 21, 429: tokens.length - 21 });
      for (const { status, retryAfter, body } of answers) {
        if (status !== 429) continue;
        expect(Number(retryAfter)).toBeGreaterThan(50);
        expect(JSON.parse(body)).toEqual({
          code: "SEQR_TOO_MANY_REQUESTS",
          type: "not_allowed",
          message: expect.stringContaining("Retry-After"),
        });
      }
    }
    expect(await everything()).toEqual(before);
    expect(soapCalls()).toBe(calls);
    for (const token of tokens.slice(0, 40)) expect(store.server.output()).not.toContain(token);
  });

  it("with the right token in the wrong place find nothing", async () => {
    const { shopper, session } = await ready();
    await pauseWatch();
    const [before, calls] = [await everything(), soapCalls()];
    const notification = notificationPath(session).split("/").pop() ?? "";
    const wrong: [string, string][] = [
      ["POST", `/hooks/seqr/${session.data.token}`],
      ["GET", `/seqr/payments/${notification}/status`],
      ["POST", `/seqr/payments/${notification}/cancel`],
      ["GET", `/seqr/return/${notification}`],
    ];
    for (const [method, path] of wrong) {
      expect(await send(path, { method, headers: stranger() })).toMatchObject({ status: 404 });
    }
    expect(await everything()).toEqual(before);
    expect(soapCalls()).toBe(calls);
    expect(await shopper.status(session)).toMatchObject({ status: "waiting" });
  });

  it("with methods, types and bodies of any kind are notifications like any other", async () => {
    const { session } = await ready();
    await pauseWatch();
    const [before, calls] = [await everything(), soapCalls()];
    const bodies: [type: string, body: string | Buffer][] = [
      ["application/x-www-form-urlencoded", `invoiceReference=${session.data.invoice_reference}&status=PAID`],
      ["application/json", `{"a":`.repeat(2_000)],
      ["application/json", `{"__proto__":{"admin":true},"status":"PAID"}`],
      ["text/xml", `<!DOCTYPE l [<!ENTITY a "${"ha".repeat(1_000)}"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`],
      ["text/html", "<script>alert(1)</script>"],
      ["multipart/form-data; boundary=x", `--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n`],
      ["application/octet-stream", randomBytes(1_000)],
      ["no type at all", "\u0000"],
    ];
    for (const [type, body] of bodies) {
      const headers = { ...stranger(), "content-type": type, "content-encoding": "gzip" };
      expect(await send(`/hooks/seqr/${forged()}`, { headers, body })).toMatchObject({ status: 404 });
    }
    for (const method of ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]) {
      const answer = await send(notificationPath(session), { method, headers: stranger() });
      expect(answer.status).toBe(404);
    }
    expect(await everything()).toEqual(before);
    expect(soapCalls()).toBe(calls);

    const [[type, body]] = bodies as [[string, string]];
    const genuine = { headers: { ...stranger(), "content-type": type }, body };
    expect(await send(notificationPath(session), genuine)).toMatchObject({ status: 200 });
    // What the body says counts for nothing: SEQR was asked, and the invoice is not paid.
    await until(
      () => Promise.resolve(asked(session)),
      (count) => count === 1,
    );
    expect(await invoiceOf(session)).toMatchObject({ state: "open" });
    const { body: json } = await send(pathOf(`${session.data.page_url}/status`), { method: "GET" });
    expect(JSON.parse(json)).toMatchObject({ status: "waiting" });
  });

  it("that are long are answered; those that never end are cut off, and a notification among them counts", async () => {
    const { session } = await ready();
    const long = (path: string) => send(path, { headers: stranger(), body: Buffer.alloc(5_000_000, "x") });
    expect(await long(notificationPath(session))).toMatchObject({ status: 200 });
    expect(await long(`/hooks/seqr/${forged()}`)).toMatchObject({ status: 404 });

    const head = (path: string, more: string) =>
      `POST ${path} HTTP/1.1\r\nhost: store\r\nx-forwarded-for: ${stranger()["x-forwarded-for"]}\r\n${more}\r\n\r\n`;
    const drip = (text: string) => (write: (text: string) => void) => setInterval(() => write(text), 50);
    const flow = "x".repeat(64_000);
    const pour = (write: (text: string) => void) => setInterval(() => write(flow), 1);
    const endless = async (path: string, status: string) => {
      const heard = await Promise.all([
        converse(head(path, "transfer-encoding: chunked"), drip("1\r\nx\r\n")),
        converse(head(path, "content-length: 1000000"), drip("x")),
        converse(head(path, "content-length: 1000000000\r\ncontent-type: application/json"), pour),
      ]);
      // The third may be cut off before its answer has got through.
      for (const answer of heard.slice(0, 2)) expect(answer).toContain(`HTTP/1.1 ${status}\r\n`);
      expect(heard[2]).toMatch(new RegExp(`^(HTTP/1.1 ${status}\r\n|$)`));
    };
    const { shopper, session: another } = await ready();
    await pauseWatch();
    const before = asked(another);
    const cutOff = Promise.all([
      endless(notificationPath(another), "200 OK"),
      endless(`/hooks/seqr/${forged()}`, "404 Not Found"),
    ]);
    // Nobody waits for their end before it is looked into.
    await until(
      () => Promise.resolve(asked(another)),
      (count) => count > before,
      { seconds: 9 },
    );
    await cutOff;
    expect(await shopper.status(another)).toMatchObject({ status: "waiting" });
    expect(await send("/health", { method: "GET" })).toMatchObject({ status: 200 });
  });

  it("replay a notification before the payment: a few cause a poll, and the payment is still found", async () => {
    const { shopper, session } = await ready();
    await pauseWatch();
    const path = notificationPath(session);
    const answers = await times(50, () => send(path, { headers: stranger() }));
    expect(statuses(answers)).toEqual({ 200: 5, 429: 45 });
    expect(answers.find(({ status }) => status === 429)?.retryAfter).toMatch(/^[1-6]?\d$/);
    await until(
      () => Promise.resolve(asked(session)),
      (count) => count > 0,
    );
    expect(await invoiceOf(session)).toMatchObject({ state: "open" });
    // SEQR's own notification is one too many now; it is not the only way to learn of a payment.
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid", 18);
    expect(asked(session)).toBeLessThanOrEqual(25);
  });

  it("replay a notification after the payment, and cost SEQR nothing", async () => {
    const { shopper, session } = await ready();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid");
    await until(
      () => invoiceOf(session),
      (row) => row?.state === "completed",
    );
    await pauseWatch();
    const [before, calls] = [await everything(), soapCalls()];
    const path = notificationPath(session);
    const {
      200: taken = 0,
      429: refused = 0,
      ...others
    } = statuses(await times(50, () => send(path, { headers: stranger() })));
    expect(taken).toBeLessThanOrEqual(5);
    expect({ sum: taken + refused, others }).toEqual({ sum: 50, others: {} });
    expect(await everything()).toEqual(before);
    expect(soapCalls()).toBe(calls);
    expect((await (await store.staff()).payment(order?.id ?? "")).captures).toHaveLength(1);
  });

  it("notify of a cancelled payment: SEQR is polled once, and the state stays", async () => {
    const { shopper, session } = await ready();
    const cancel = pathOf(`${session.data.page_url}/cancel`);
    expect(statuses(await times(30, () => send(cancel, { headers: stranger() })))).toEqual({
      200: 10,
      429: 20,
    });
    expect(asked(session, "cancelInvoice")).toBeLessThanOrEqual(10);
    expect(await invoiceOf(session)).toMatchObject({ state: "canceled" });
    await pauseWatch();
    const calls = soapCalls();
    expect(await send(notificationPath(session), { headers: stranger() })).toMatchObject({ status: 200 });
    expect(await send(pathOf(`${session.data.page_url}/status`), { method: "GET" })).toMatchObject({
      status: 200,
    });
    expect(await shopper.status(session)).toMatchObject({ status: "canceled" });
    expect(await invoiceOf(session)).toMatchObject({ state: "canceled" });
    expect(soapCalls()).toBeLessThanOrEqual(calls + 1);
  });

  it("ask for a status: a hundred tabs may, a thousand times a second from one place may not", async () => {
    const { session } = await ready();
    const path = pathOf(`${session.data.page_url}/status`);
    const [calls, from] = [asked(session), performance.now()];
    for (let second = 0; second < 3; second++) {
      const pause = new Promise((resolve) => setTimeout(resolve, 1_000));
      const tabs = await times(100, () => send(path, { method: "GET" }));
      expect(statuses(tabs)).toEqual({ 200: 100 });
      await pause;
    }
    // Browsers do not multiply the calls to SEQR: at most one look a second.
    expect(asked(session) - calls).toBeLessThanOrEqual((performance.now() - from) / 1_000 + 1);

    // Without waiting for answers, and again when this machine was too slow for a thousand a second.
    const one = `GET ${path} HTTP/1.1\r\nhost: store\r\n`;
    const burst = `${one}\r\n`.repeat(249) + `${one}connection: close\r\n\r\n`;
    const heard = await until(
      async () => (await Promise.all(Array.from({ length: 4 }, () => converse(burst)))).join(""),
      (text) => text.includes("HTTP/1.1 429"),
      { seconds: 40 },
    );
    expect(heard.match(/HTTP\/1.1 (200|429) /g)).toHaveLength(1_000);
    expect(heard).toContain("Retry-After: 1\r\n");
  });

  it("flood from SEQR's own address, and a payment made meanwhile is processed by its notification", async () => {
    const { shopper, session } = await ready();
    await pauseWatch();
    const calls = soapCalls();
    const flood = { isOn: true, answers: [] as Answer[] };
    const stream = async () => {
      while (flood.isOn) flood.answers.push(await send(`/hooks/seqr/${forged()}`));
    };
    const streams = Array.from({ length: 25 }, stream);
    await until(
      () => Promise.resolve(flood.answers.length),
      (count) => count > 200,
    );
    await store.sandbox.phone.pay(session.data.qr_text);
    await until(
      () => invoiceOf(session),
      (row) => row?.state === "completed",
      { seconds: 18 },
    );
    expect(await send("/health", { method: "GET" })).toMatchObject({ status: 200 });
    expect(await shopper.status(session)).toMatchObject({ status: "paid" });
    flood.isOn = false;
    await Promise.all(streams);
    const { 404: missing = 0, 429: refused = 0, ...others } = statuses(flood.answers);
    expect(others).toEqual({});
    // Twenty in a minute; the flood can last from one into the next.
    expect(missing).toBeLessThanOrEqual(40);
    expect(refused).toBeGreaterThan(150);
    // The watch was told not to look: what came through the flood is the notification.
    expect((await invoiceOf(session))?.notified_at).not.toBeNull();
    const sources = await store.sql<{ source: string }>(
      "select source from seqr_observation join seqr_invoice on seqr_invoice.id = invoice_id where session_id = $1",
      [session.id],
    );
    expect(sources.map(({ source }) => source)).not.toContain("watch");
    expect(soapCalls() - calls).toBeLessThanOrEqual(4);
  });
});
