import { ApiError, send, until } from "../../testkit/http";
import { startSeqrProxy, type SeqrProxy } from "./kit/seqr-proxy";
import { CANARY } from "./kit/secrets";
import type { Shopper } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";
import { letTimePass } from "./kit/time";

describe("bad input", () => {
  let store: TestStore;
  let proxy: SeqrProxy;
  beforeAll(async () => {
    store = await startTestStore({
      env: { SEQR_CONNECT_TIMEOUT: "500", SEQR_RESPONSE_TIMEOUT: "2000" },
      between: async (sandbox) => (proxy = await startSeqrProxy(sandbox.endpoint)),
    });
  });
  afterAll(() => store?.stop());

  /** Starts a payment that must fail; the error. */
  async function refusedStart(shopper: Shopper): Promise<ApiError> {
    const error = await shopper.startPayment().catch((caught: unknown) => caught);
    if (!(error instanceof ApiError)) throw new Error("the payment was started");
    return error;
  }

  /** Everything that a failed start must leave alone. */
  async function expectNothingLeft(shopper: Shopper): Promise<void> {
    const cart = await shopper.cart();
    expect(cart.payment_collection?.payment_sessions ?? []).toHaveLength(0);
    const live = await store.sql(
      "select 1 from seqr_invoice where cart_id = $1 and state not in ('not_issued', 'canceled')",
      [shopper.cartId],
    );
    expect(live).toHaveLength(0);
  }

  describe.each([
    ["result-code", { resultCode: 20 }, "SEQR_20", "Correct the password"],
    ["result-code", { resultCode: 29 }, "SEQR_29", "Correct the terminal id"],
    ["result-code", { resultCode: 37 }, "SEQR_37", "Correct the reseller"],
    ["result-code", { resultCode: 49 }, "SEQR_49", "currency"],
    ["result-code", { resultCode: 64 }, "SEQR_64", "backendUrl"],
    ["result-code", { resultCode: 77 }, "SEQR_77", "no document lists"],
    ["result-code", { resultCode: 94 }, "SEQR_94", "is down"],
    ["html", {}, "SEQR_ANSWER_INVALID", "not XML"],
    ["garbage", {}, "SEQR_ANSWER_INVALID", "answer"],
    ["cut-body", {}, "SEQR_ANSWER_", "answer"],
    ["soap-fault", {}, "SEQR_", "SEQR"],
    ["lost-request", {}, "SEQR_ANSWER_LOST", "lost"],
    ["lost-answer", {}, "SEQR_ANSWER_LOST", "lost"],
  ] as const)("an invoice that meets %s %j", (kind, more, code, text) => {
    it(`fails with ${code}, and works when SEQR does again`, async () => {
      const shopper = store.shopper();
      await shopper.fillCart();
      store.sandbox.faults.add({ operation: "sendInvoice", kind, ...more });
      const error = await refusedStart(shopper);
      expect(error.body.code).toContain(code);
      expect(error.body.message).toContain(text);
      expect(error.body.message).not.toContain(CANARY.terminal.password);
      await expectNothingLeft(shopper);
      expect((await shopper.startPayment()).data.status).toBe("waiting");
    });
  });

  it("a currency that the terminal does not take", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 }, store.seeded.euro_region_id);
    const error = await refusedStart(shopper);
    expect(error).toMatchObject({ status: 400, body: { code: "SEQR_CURRENCY" } });
    expect(error.body.message).toMatch(/It is EUR.*Offer SEQR only in regions/s);
    await expectNothingLeft(shopper);
  });

  it("a cart without items", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({});
    const error = await refusedStart(shopper);
    expect(error).toMatchObject({ status: 400, body: { code: "SEQR_CART_EMPTY" } });
    await expectNothingLeft(shopper);
  });

  it("an amount that is too long for SEQR", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    await store.sql(
      `update cart_line_item set unit_price = 99999999999999999, raw_unit_price = '{"value": "99999999999999999", "precision": 20}'
       where cart_id = $1`,
      [shopper.cartId],
    );
    const error = await refusedStart(shopper);
    expect(error).toMatchObject({ status: 400 });
    expect(error.body.code).toMatch(/^SEQR_(INPUT|AMOUNT)$/);
    await expectNothingLeft(shopper);
  });

  it.each([
    ["foreign", "A".repeat(43)],
    ["malformed", "..%2f..%2fetc"],
    ["short", "abc"],
    ["long", "x".repeat(4_000)],
  ])("a %s token finds nothing", async (_name, token) => {
    for (const [method, path] of [
      ["GET", `/seqr/payments/${token}/status`],
      ["POST", `/seqr/payments/${token}/cancel`],
      ["GET", `/seqr/return/${token}`],
      ["POST", `/hooks/seqr/${token}`],
    ] as const) {
      await expect(send(method, store.server.url + path)).rejects.toMatchObject({ status: 404 });
    }
  });

  it("a shopper's token is not one for notifications, nor the other way round", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const invoice = store.sandbox.core.invoice(session.data.invoice_reference);
    const notificationToken = invoice?.invoice.notificationUrl?.split("/").pop() ?? "";
    await expect(send("POST", `${store.server.url}/hooks/seqr/${session.data.token}`)).rejects.toMatchObject({
      body: { code: "SEQR_TOKEN" },
    });
    await expect(
      send("GET", `${store.server.url}/seqr/payments/${notificationToken}/status`),
    ).rejects.toMatchObject({
      body: { code: "SEQR_TOKEN" },
    });
  });

  it.each([
    ["nothing", "application/x-www-form-urlencoded", ""],
    [
      "somebody else's reference",
      "application/x-www-form-urlencoded",
      "invoiceReference=1&clientInvoiceId=2",
    ],
    ["broken JSON", "application/json", "{"],
    ["five megabytes", "application/octet-stream", "x".repeat(5_000_000)],
  ])("a notification with %s is a hint like any other", async (_name, type, body) => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const url = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice.notificationUrl ?? "";
    const answer = await fetch(url, { method: "POST", headers: { "content-type": type }, body });
    expect(answer.status).toBe(200);
    expect(await shopper.status(session)).toMatchObject({ status: "waiting" });
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
  });

  it("a session of another provider is not ours", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    await shopper.startPayment("pp_system_default");
    await expect(
      send("POST", `${store.server.url}/hooks/payment/seqr_seqr`, { body: { invoiceReference: "123" } }),
    ).resolves.toBeDefined();
    expect(await shopper.complete()).toMatchObject({ type: "order" });
  });

  describe("SEQR that cannot be reached, is slow, or lies", () => {
    afterEach(() => (proxy.tamper = undefined));

    const start = async () => {
      const shopper = store.shopper();
      await shopper.fillCart();
      return shopper;
    };

    it("unreachable: reports it, and lets the cart be paid another way", async () => {
      const shopper = await start();
      await proxy.goDown();
      try {
        const error = await refusedStart(shopper);
        expect(error.body).toMatchObject({ code: "SEQR_UNREACHABLE" });
        expect(error.body.message).toContain("Check the endpoint option");
        await expectNothingLeft(shopper);
        await shopper.startPayment("pp_system_default");
        expect(await shopper.complete()).toMatchObject({ type: "order" });
      } finally {
        await proxy.comeBack();
      }
    });

    it("slow: gives up in time", async () => {
      const shopper = await start();
      store.sandbox.faults.add({ operation: "sendInvoice", kind: "delay", ms: 5_000 });
      const error = await refusedStart(shopper);
      expect(error.body).toMatchObject({ code: "SEQR_TIMEOUT" });
      await expectNothingLeft(shopper);
    });

    it("a status that no document lists is not a payment", async () => {
      const shopper = await start();
      const session = await shopper.startPayment();
      await quietWatch(session.id);
      proxy.tamper = (answer) => answer.replace("<status>ISSUED</status>", "<status>PAID_MAYBE</status>");
      expect(await shopper.complete()).toMatchObject({
        type: "cart",
        error: { type: "payment_requires_more_error" },
      });
      await expectState(session.id, "open");
    });

    it("a receipt over another sum is not believed", async () => {
      const shopper = await start();
      const session = await shopper.startPayment();
      await quietWatch(session.id);
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      proxy.tamper = (answer) =>
        answer.replaceAll(`<value>${session.data.amount}</value>`, "<value>1.00</value>");
      await store.sandbox.phone.pay(session.data.qr_text);
      expect(await shopper.complete()).toMatchObject({ type: "cart" });
      await until(
        () =>
          store.sql<{ problem: string }>("select problem from seqr_invoice where session_id = $1", [
            session.id,
          ]),
        ([row]) => row?.problem === "SEQR_ANSWER_CONTRADICTS",
      );
      await expectState(session.id, "open");
    });

    it("a receipt of another amount is polled ever more rarely, and staff can refund SEQR's amount", async () => {
      const shopper = await start();
      const session = await shopper.startPayment();
      const reference = session.data.invoice_reference;
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      proxy.tamper = (answer) =>
        answer.replaceAll(`<value>${session.data.amount}</value>`, "<value>1.00</value>");
      await store.sandbox.phone.pay(session.data.qr_text);
      await letTimePass(store.sql, 3_600);
      const begun = store.sandbox.calls().length;
      const asked = await until(
        async () =>
          store.sandbox
            .calls()
            .slice(begun)
            .filter((call) => call.operation === "getPaymentStatus" && call.invoiceReference === reference)
            .map(({ at }) => at),
        ({ length }) => length >= 5,
      );
      const [before = 0, last = 0] = asked.slice(-2);
      expect(last - before).toBeGreaterThan(2_000);
      const attention = await (await store.staff()).attention();
      expect(attention.find(({ cart_id }) => cart_id === shopper.cartId)).toMatchObject({
        kind: "contradicting",
        actions: expect.arrayContaining(["refund"]),
      });
    });

    it("PAID without a reference is not believed until the reference is there", async () => {
      const shopper = await start();
      const session = await shopper.startPayment();
      await quietWatch(session.id);
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      proxy.tamper = (answer) => answer.replace(/<(ersReference|paymentReference)>\d+<\/\1>/g, "");
      await store.sandbox.phone.pay(session.data.qr_text);
      await expect(shopper.complete()).rejects.toMatchObject({ body: { code: "SEQR_ANSWER_INVALID" } });
      await expectState(session.id, "open");
      proxy.tamper = undefined;
      expect(await shopper.complete()).toMatchObject({ type: "order" });
    });

    it("a document type declaration is refused", async () => {
      const shopper = await start();
      proxy.tamper = (answer) =>
        answer.replace(
          /^(<\?xml[^>]*>)?/,
          '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        );
      const error = await refusedStart(shopper);
      expect(error.body).toMatchObject({ code: "SEQR_ANSWER_INVALID" });
      expect(error.body.message).toContain("document type");
    });

    /** The watch leaves this invoice alone for a while: what is seen then is the completion's doing. */
    const quietWatch = (sessionId: string) =>
      store.sql("update seqr_invoice set due_at = now() + interval '1 minute' where session_id = $1", [
        sessionId,
      ]);

    const expectState = async (sessionId: string, state: string) => {
      const rows = await store.sql("select state from seqr_invoice where session_id = $1", [sessionId]);
      expect(rows).toEqual([{ state }]);
    };
  });
});
