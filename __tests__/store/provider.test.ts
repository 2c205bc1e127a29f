import { serveProvider, type Answer, type ServedProvider } from "./kit/provider";
import { refundsAtSeqr, refundThatCoreForgets, sell } from "./kit/sale";
import type { Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

describe("the provider's methods that core does not call", () => {
  let store: TestStore;
  let provider: ServedProvider;
  beforeAll(async () => {
    store = await startTestStore();
    provider = await serveProvider(store);
  });
  afterAll(async () => {
    await provider?.stop();
    await store?.stop();
  });

  const call: ServedProvider["call"] = (...calls) => provider.call(...calls);

  async function start(): Promise<Session> {
    const shopper = store.shopper();
    await shopper.fillCart();
    return shopper.startPayment();
  }

  const atSeqr = (session: Session) => store.sandbox.core.invoice(session.data.invoice_reference);

  it("authorize, update, retrieve and cancel an open invoice", async () => {
    const session = await start();
    const { data } = session;
    const authorize: [string, unknown] = [
      "authorizePayment",
      { data, context: { idempotency_key: session.id } },
    ];
    const answers = await call(
      ["getPaymentStatus", { data }],
      // There is no order yet: the cart's total is compared.
      authorize,
      ["updatePayment", { data, amount: 100, currency_code: "sek" }],
      authorize,
      ["updatePayment", { data, amount: 100, currency_code: "eur" }],
      ["updatePayment", { data, amount: 0, currency_code: "sek" }],
      ["capturePayment", { data }],
      ["refundPayment", { data, amount: 10 }],
      ["retrievePayment", { data }],
      ["cancelPayment", { data }],
      ["getPaymentStatus", { data }],
      ["updatePayment", { data, amount: 90, currency_code: "sek" }],
      ["deletePayment", { data }],
    );
    expect(answers).toMatchObject([
      { result: { status: "pending", data: { status: "waiting" } } },
      { error: { code: "SEQR_WAITING" } },
      { result: { status: "pending", data: { amount: "100.00", token: data.token } } },
      { error: { code: "SEQR_AMOUNT_DIFFERS" } },
      { error: { code: "SEQR_CURRENCY" } },
      { error: { code: "SEQR_INPUT", type: "invalid_data" } },
      { error: { code: "SEQR_NOT_PAID" } },
      { error: { code: "SEQR_NOT_PAID" } },
      { result: { data: { invoice_reference: data.invoice_reference } } },
      { result: { data: { status: "canceled" } } },
      { result: { status: "canceled" } },
      { error: { code: "SEQR_NOT_UPDATED", type: "not_allowed" } },
      { result: { data: { token: data.token } } },
    ]);
    expect(atSeqr(session)).toMatchObject({
      status: "CANCELED",
      amount: { currency: "SEK", value: "100.00" },
    });
  });

  it("do not change an invoice that the shopper has opened in the app", async () => {
    const session = await start();
    await store.sandbox.phone.scan(session.data.qr_text);
    const [answer] = await call(["updatePayment", { data: session.data, amount: 100, currency_code: "sek" }]);
    expect(answer).toMatchObject({ error: { code: "SEQR_NOT_UPDATED" } });
    expect(atSeqr(session)?.amount?.value).toBe(session.data.amount);
  });

  it("know a completed payment, and do not refund it on cancel: it stays with its order", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const { data } = session;
    await store.sandbox.phone.pay(data.qr_text);
    const { ers_reference, order } = await shopper.statusBecomes(session, "paid");
    const answers = await call(
      ["capturePayment", { data, context: { idempotency_key: "capt_1" } }],
      ["getPaymentStatus", { data }],
      ["refundPayment", { data, amount: -5 }],
      ["refundPayment", { data, amount: { value: "not a number", precision: 20 } }],
      ["authorizePayment", { data, context: { idempotency_key: session.id } }],
      ["cancelPayment", { data, context: { idempotency_key: "pay_1" } }],
    );
    expect(answers).toMatchObject([
      { result: { data: { ers_reference, session_id: session.id, status: "paid" } } },
      { result: { status: "captured", data: { status: "paid" } } },
      { error: { code: "SEQR_AMOUNT", type: "invalid_data" } },
      { error: { code: "SEQR_AMOUNT", type: "invalid_data" } },
      { result: { status: "captured" } },
      // Core may be rolling the order back, and the plugin looks.
      { result: { data: { status: "placing" } } },
    ]);
    expect((await shopper.statusBecomes(session, "paid")).order).toEqual(order);
    expect(atSeqr(session)?.status).toBe("PAID");
    expect(store.sandbox.core.transactions().filter(({ kind }) => kind === "refund")).toHaveLength(0);
    // What is written with a payment that was made does not let its reader act for the shopper, and still finds it.
    expect(JSON.stringify(answers[0])).not.toContain(data.token);
    const kept = (answers[0] as { result: { data: Record<string, unknown> } }).result.data;
    expect(await call(["retrievePayment", { data: kept }])).toMatchObject([
      { result: { data: { ers_reference } } },
    ]);
  });

  it("refund once what is asked for twice at once under one key", async () => {
    const { orderId, ersReference } = await sell(store);
    const { data } = await (await store.staff()).payment(orderId);
    // Both find that nothing was done yet. Then the second waits until the first is done.
    await store.sql(
      `create sequence arrival;
       create function queue() returns trigger language plpgsql as $$
       declare place int := nextval('arrival');
       begin
         while (select last_value from arrival) < 2 or (place = 2 and not exists (
           select from seqr_refund where invoice_id = new.invoice_id and state = 'done')) loop
           perform pg_sleep(0.05);
         end loop;
         return new;
       end $$;
       create trigger queue before insert on seqr_refund for each row execute function queue()`,
    );
    const refund = (): Promise<Answer[]> =>
      call(["refundPayment", { data, amount: 50, context: { idempotency_key: "ref_one" } }]);
    const answers = await Promise.all([refund(), refund()]).finally(() =>
      store.sql("drop function queue cascade; drop sequence arrival"),
    );
    const made = refundsAtSeqr(store, ersReference);
    expect(made.map(({ amount }) => amount.value)).toEqual(["50.00"]);
    const done = { result: { data: { refund_reference: made[0]?.ersReference } } };
    expect(answers.flat()).toMatchObject([done, done]);
  });

  it("refund nothing when two reconcilers at once bring a refund into Medusa's books that core forgot", async () => {
    const staff = await store.staff();
    const { orderId, ersReference } = await sell(store);
    await refundThatCoreForgets(store, staff, orderId, 50);
    await store.sql("update seqr_refund set finished_at = finished_at - interval '11 minutes'");
    await Promise.all([call(["reconcile", {}]), call(["reconcile", {}])]);
    expect(refundsAtSeqr(store, ersReference).map(({ amount }) => amount.value)).toEqual(["50.00"]);
    expect((await staff.payment(orderId)).refunds.map(({ amount }) => Number(amount))).toEqual([50]);
  });

  it("refuse data that is not theirs", async () => {
    const foreign = { data: { id: "pi_123", token: "A".repeat(43) } };
    const answers = await call(
      ["getPaymentStatus", foreign],
      ["retrievePayment", foreign],
      ["capturePayment", foreign],
      ["refundPayment", { ...foreign, amount: 1 }],
      ["cancelPayment", foreign],
      ["updatePayment", { ...foreign, amount: 1, currency_code: "sek" }],
      ["authorizePayment", { ...foreign, context: { idempotency_key: "payses_unknown" } }],
      [
        "initiatePayment",
        { amount: 1, currency_code: "sek", context: { idempotency_key: "payses_unknown" } },
      ],
      ["deletePayment", foreign],
      ["getWebhookActionAndData", { data: {}, rawData: "", headers: {} }],
      ["getWebhookActionAndData", { data: { invoiceReference: "1" }, rawData: "", headers: {} }],
    );
    expect(answers.map(({ error }) => error?.code)).toEqual([
      ...Array.from({ length: 6 }, () => "SEQR_SESSION_FOREIGN"),
      "SEQR_SESSION_UNKNOWN",
      "SEQR_SESSION_UNKNOWN",
      ...[undefined, undefined, undefined],
    ]);
    expect(answers.slice(-2)).toEqual([
      { result: { action: "not_supported" } },
      { result: { action: "not_supported" } },
    ]);
  });
});
