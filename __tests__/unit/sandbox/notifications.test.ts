import {
  NOTIFIED_STATUSES,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type TurnableClock,
} from "../../../src/sandbox";
import { makeCore } from "./core-fixture";
import { clientOf, ORDER, startShop, until } from "./running-fixture";

const NOTIFY = { notificationUrl: "http://shop.example/notify?order=7&t=secret" };

describe("notifications (PROTOCOL 5.1)", () => {
  it("notifies a payment once, and no other change", () => {
    const { core, call, postings, send, status } = makeCore();
    const [paid, cancelled, failed, withdrawn] = [send(NOTIFY), send(NOTIFY), send(NOTIFY), send(NOTIFY)];
    core.phone.pay(send());
    core.phone.pay(paid);
    status(paid);
    core.phone.cancel(cancelled);
    core.phone.decline(failed);
    call("cancelInvoice", { invoiceReference: withdrawn });
    expect(postings).toEqual([
      { url: NOTIFY.notificationUrl, body: `invoiceReference=${paid}&clientInvoiceId=1` },
    ]);
    expect(core.notifications()).toMatchObject([
      { invoiceReference: paid, status: "PAID", outcome: "HTTP 200" },
    ]);
  });

  it("sends nothing when a payment is reversed, even if cancellations are notified", () => {
    const { core, clock, postings, send } = makeCore({ notification: { body: "empty", on: ["CANCELED"] } });
    const reference = send(NOTIFY);
    core.phone.pay(reference);
    clock.advance(20_000);
    expect(core.invoice(reference)?.status).toBe("CANCELED");
    expect(postings).toEqual([]);
  });

  it("notifies every other end and reservations by setting", () => {
    const notification = { body: "form", on: NOTIFIED_STATUSES } as const;
    const { core, call, clock, postings, send } = makeCore({ notification, expireAfter: 60_000 });
    const [reserved, cancelled, withdrawn, failed, expired] = [
      send({ ...NOTIFY, paymentMode: "RESERVATION_REQUIRED" }),
      send(NOTIFY),
      send(NOTIFY),
      send(NOTIFY),
      send(NOTIFY),
    ];
    core.phone.pay(reserved);
    core.phone.cancel(cancelled);
    call("cancelInvoice", { invoiceReference: withdrawn });
    call("commitReservation", { invoiceReference: reserved });
    core.phone.decline(failed);
    clock.advance(60_000);
    expect(core.notifications().map(({ invoiceReference, status }) => [invoiceReference, status])).toEqual([
      [reserved, "RESERVED"],
      [cancelled, "CANCELED"],
      [reserved, "PAID"],
      [failed, "FAILED"],
      [expired, "EXPIRED"],
    ]);
    expect(postings).toHaveLength(5);
  });

  it("has a body of four fields, or none, where that is wanted", () => {
    const bodyOf = (body: "four-field" | "empty"): string | undefined => {
      const { core, postings, send } = makeCore({ notification: { body, on: ["PAID"] } });
      core.phone.pay(send(NOTIFY));
      return postings[0]?.body;
    };
    expect(bodyOf("empty")).toBe("");
    expect(bodyOf("four-field")).toMatch(
      /^invoiceReference=\d+&clientInvoiceId=1&msisdn=46700000001&subscriberKey=1$/,
    );
  });

  it("can be lost, doubled or late by order", () => {
    const { core, clock, postings, send } = makeCore();
    const order = (kind: "lost" | "double" | "late") =>
      core.faults.add({ operation: "notification", kind, ms: 5_000 });
    order("lost");
    core.phone.pay(send(NOTIFY));
    expect(postings).toHaveLength(0);
    order("double");
    core.phone.pay(send(NOTIFY));
    expect(postings).toHaveLength(2);
    order("late");
    core.phone.pay(send(NOTIFY));
    clock.advance(4_999);
    expect(postings).toHaveLength(2);
    clock.advance(1);
    expect(postings).toHaveLength(3);
    core.phone.pay(send(NOTIFY));
    expect(postings).toHaveLength(4);
    expect(core.notifications().map(({ outcome }) => outcome)).toEqual([
      "lost",
      ...Array.from({ length: 4 }, () => "HTTP 200"),
    ]);
  });

  it("is not struck by a fault that is meant for calls", () => {
    const { core, postings, send } = makeCore();
    core.faults.add({ kind: "hang" });
    core.phone.pay(send(NOTIFY));
    expect(postings).toHaveLength(1);
    expect(core.faults.list()).toHaveLength(1);
  });
});

describe("notifications over HTTP", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  afterEach(() => sandbox.stop());

  /** Sells one thing and gives what became of the notification. */
  async function sell(notificationUrl: string, options: SandboxOptions = {}): Promise<string | undefined> {
    sandbox = await startSandbox({ ...options, clock: "turnable" });
    const client = clientOf(sandbox);
    const { invoiceReference } = await client.sendInvoice({ ...ORDER, notificationUrl });
    await sandbox.phone.pay(invoiceReference);
    client.close();
    await until(() => sandbox.notifications().every(({ outcome }) => outcome !== "sending"));
    return sandbox.notifications()[0]?.outcome;
  }

  it("is a POST of a form with the address untouched", async () => {
    const shop = await startShop();
    expect(await sell(`${shop.url}/hooks/seqr?token=a%20b&x=1`)).toBe("HTTP 200");
    expect(shop.received).toMatchObject([
      {
        method: "POST",
        url: "/hooks/seqr?token=a%20b&x=1",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `invoiceReference=${sandbox.invoices()[0]?.invoiceReference ?? ""}&clientInvoiceId=1`,
      },
    ]);
    await shop.stop();
  });

  it("follows no redirect and repeats nothing", async () => {
    for (const [status, outcome] of [
      [302, "HTTP 302"],
      [500, "HTTP 500"],
    ] as const) {
      const shop = await startShop(status, { Location: "/elsewhere" });
      expect(await sell(`${shop.url}/notify`)).toBe(outcome);
      sandbox.clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(shop.received).toHaveLength(1);
      await sandbox.stop();
      await shop.stop();
    }
    sandbox = await startSandbox({ clock: "turnable" });
  });

  it("ignores the proxies of the environment", async () => {
    const [shop, proxy] = [await startShop(), await startShop()];
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: proxy.url, HTTP_PROXY: proxy.url, no_proxy: "", NO_PROXY: "" });
    try {
      expect(await sell(`${shop.url}/notify`)).toBe("HTTP 200");
      expect(shop.received).toHaveLength(1);
      expect(proxy.received).toEqual([]);
    } finally {
      process.env = before;
      await Promise.all([shop.stop(), proxy.stop()]);
    }
  });

  it("waits a short time and gives up", async () => {
    const shop = await startShop(0);
    expect(await sell(`${shop.url}/notify`, { notificationTimeout: 50 })).toBe("no answer in time");
    await shop.stop();
  });

  it("records that no server answered", async () => {
    expect(await sell("http://127.0.0.1:1/notify")).toMatch(/^failed: .*ECONNREFUSED/);
  });
});
