import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import SeqrPaymentProvider from "../../../src/providers/seqr/service";
import { resolveAttentionItem } from "../../../src/attention/attention-list";
import { reconcileRefunds } from "../../../src/processing/refunds/reconcile-refunds";
import { present } from "../modules/ledger-contract";
import {
  barrier,
  ProcessDied,
  startStoreWorld,
  type Checkout,
  type Payment,
  type StoreWorld,
} from "../processing/store-world";
import { refundInvoice } from "../../../src/modules/seqr/operations/refund/refund-invoice";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";

describe("the payment provider", () => {
  let world: StoreWorld;
  let bought: Checkout;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld({ proxied: true });
    bought = await world.checkout();
    ({ invoice } = bought);
    world.asked();
  });
  afterEach(() => world.stop());

  const data = () => bought.session.data;
  const context = () => ({ idempotency_key: bought.session.id });
  const row = () => world.row(invoice);
  const stateIs = (state: InvoiceState, patch: object = {}): void => {
    Object.assign(present(world.ledger.invoices.find(({ id }) => id === invoice.id)), { state, ...patch });
  };
  const isPaying = (): unknown =>
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode: 50 });

  it("is what stores know as pp_seqr_seqr", () => {
    expect(SeqrPaymentProvider.identifier).toBe("seqr");
  });

  it("answers for customers, so that core does not warn at each", async () => {
    expect(await world.provider.createAccountHolder()).toEqual({});
  });

  describe("starting a payment", () => {
    it("sends the cart's invoice, and returns the storefront's data", async () => {
      expect(invoice).toMatchObject({
        ...{ state: "open", amount: "100.00", currency_code: "SEK", session_id: bought.session.id },
        ...{ cart_id: bought.cartId, payment_collection_id: bought.collectionId },
      });
      expect(data()).toMatchObject({
        ...{ status: "waiting", amount: "100.00", invoice_reference: invoice.invoice_reference },
        ...{ session_id: bought.session.id, token: expect.any(String) },
      });
      const { invoiceRows } = present(world.sandbox.core.invoice(invoice.invoice_reference ?? "")).invoice;
      expect(invoiceRows?.map((one) => one.itemDescription)).toEqual(["Coffee"]);
    });

    it("names the payment by SEQR's reference", async () => {
      world.rows.sessions.set("payses_new", { ...bought.session, id: "payses_new" });
      const started = await world.provider.initiatePayment({
        ...{ amount: 100, currency_code: "sek", context: { idempotency_key: "payses_new" } },
      });
      const sent = present(await world.seqr.ledger.find({ session_id: "payses_new" }));
      expect(started).toMatchObject({ id: sent.invoice_reference, status: "pending" });
      expect((await row()).state).toBe("canceled");
    });

    it("of no session, of an empty cart, or of no amount is refused, and SEQR is not asked", async () => {
      const start = (context: { idempotency_key: string } | undefined, amount: unknown = 100) =>
        world.provider.initiatePayment({
          ...{ amount: amount as number, currency_code: "sek", ...(context && { context }) },
        });
      for (const nowhere of [undefined, { idempotency_key: "" }, { idempotency_key: "payses_gone" }]) {
        await expect(start(nowhere)).rejects.toMatchObject({ code: "SEQR_SESSION_UNKNOWN" });
      }
      await expect(start(context(), "a lot")).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
      present(world.rows.carts.get(bought.cartId)).items = [];
      await expect(start(context())).rejects.toMatchObject({ code: "SEQR_CART_EMPTY" });
      expect(world.asked()).toEqual([]);
    });

    it("is refused when the purchase is paid and done", async () => {
      const done = await world.ordered();
      await expect(world.startPayment(done.collectionId)).rejects.toMatchObject({
        code: "SEQR_NOTHING_TO_PAY",
      });
      expect(await world.row(done.invoice)).toEqual(done.invoice);
      expect(world.asked()).toEqual([]);
    });
  });

  describe("letting go of a session", () => {
    it("cancels its invoice", async () => {
      expect(await world.provider.deletePayment({ data: data() })).toEqual({ data: data() });
      expect(await row()).toMatchObject({ state: "canceled", reason: "superseded" });
    });

    it("is refused while the phone pays", async () => {
      isPaying();
      await expect(world.provider.deletePayment({ data: data() })).rejects.toMatchObject({
        code: "SEQR_PAYMENT_IN_PROGRESS",
      });
      expect(await row()).toMatchObject({ state: "open" });
    });

    it.each(["paid", "captured"] as const)("is refused when it is %s", async (state) => {
      stateIs(state);
      await expect(world.provider.deletePayment({ data: data() })).rejects.toMatchObject({
        code: "SEQR_PAYMENT_IN_PROGRESS",
      });
      expect(world.asked()).toEqual([]);
    });

    it.each<[InvoiceState, object]>([
      ["paid", {}],
      ["captured", {}],
      ["completed", { completed_at: new Date() }],
      ["refund_due", { completed_at: new Date() }],
    ])("is refused when it has become %s before SEQR answered", async (state, patch) => {
      present(world.proxy).tamper = (answer) => {
        stateIs(state, patch);
        return answer;
      };
      await expect(world.provider.deletePayment({ data: data() })).rejects.toMatchObject({
        code: "SEQR_PAYMENT_IN_PROGRESS",
      });
      expect(world.asked()).toEqual(["cancelInvoice 0"]);
      expect(await row()).toMatchObject({ state });
    });

    it("is refused permanently when its payment is finished: neither deleted nor replaced", async () => {
      const done = await world.ordered();
      for (const state of ["completed", "refund_due", "refunded", "closed_by_staff"] as const) {
        ({ invoice } = done);
        stateIs(state);
        await expect(world.provider.deletePayment({ data: done.session.data })).rejects.toMatchObject({
          code: "SEQR_PAYMENT_FINISHED",
        });
        await expect(world.startPayment(done.collectionId)).rejects.toMatchObject({
          code: "SEQR_NOTHING_TO_PAY",
        });
        expect((await row()).state).toBe(state);
      }
      expect(world.asked()).toEqual([]);
    });

    it("that was never written has nothing to cancel", async () => {
      expect(await world.provider.deletePayment({ data: { cart: "x" } })).toEqual({ data: { cart: "x" } });
      expect(world.asked()).toEqual([]);
    });

    it("is allowed when SEQR does not answer: the watch keeps cancelling", async () => {
      world.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request" });
      await world.provider.deletePayment({ data: data() });
      expect(await row()).toMatchObject({ state: "canceling" });
    });
  });

  describe("changing the sum", () => {
    const update = (amount: unknown, currency_code = "sek") =>
      world.provider.updatePayment({
        data: data(),
        amount: amount as number,
        currency_code,
        context: context(),
      });

    it("changes the invoice at SEQR", async () => {
      expect(await update(80)).toMatchObject({
        status: "pending",
        data: { amount: "80.00", status: "waiting" },
      });
      expect(await row()).toMatchObject({ amount: "80.00" });
      expect(world.asked()).toEqual(["updateInvoice 0"]);
    });

    it("is refused in another currency", async () => {
      await expect(update(80, "eur")).rejects.toMatchObject({ code: "SEQR_CURRENCY" });
      expect(world.asked()).toEqual([]);
    });
  });

  describe("authorising", () => {
    const authorize = () => world.provider.authorizePayment({ data: data(), context: context() });

    it("authorizes the payment when SEQR reports it as paid", async () => {
      await world.pay(invoice);
      const answer = await authorize();
      const { state, ers_reference } = await row();
      expect([state, ers_reference]).toEqual(["captured", expect.any(String)]);
      expect(answer).toEqual({
        status: "captured",
        data: {
          ...{ ...data(), status: "paid", ers_reference },
          ...{ qr_text: null, qr_svg: null, deep_link: null },
        },
      });
    });

    it("names the session in what is kept, whatever a shopper has put there: refunds find the payment by it", async () => {
      await world.pay(invoice);
      const answer = await world.provider.authorizePayment({
        ...{ data: { ...data(), session_id: "payses_other" }, context: context() },
      });
      expect(answer.data).toMatchObject({ session_id: bought.session.id });
    });

    it("requires more while the invoice is unpaid", async () => {
      await expect(authorize()).rejects.toMatchObject({ code: "SEQR_WAITING" });
    });

    it("reads no payment of a cart that has another total by now", async () => {
      await world.pay(invoice);
      present(world.rows.carts.get(bought.cartId)).total = "99.99";
      await expect(authorize()).rejects.toMatchObject({ code: "SEQR_AMOUNT_DIFFERS" });
      expect(world.asked()).toEqual([]);
    });

    it("of an order that was changed reads only what is left to pay of it", async () => {
      const extra = await world.extraPayment("40.00");
      await world.pay(extra.invoice);
      const collection = present(world.rows.collections.get(extra.collectionId));
      collection.amount = "39.99";
      expect(
        await world.store.authorizeForExistingOrder(extra.session.id, "40.00", "captured"),
      ).toMatchObject({
        outcome: "failed",
      });
      expect((await world.row(extra.invoice)).state).toBe("open");
      collection.amount = "40.00";
      expect(await world.store.authorizeForExistingOrder(extra.session.id, "40.00", "captured")).toEqual({
        outcome: "done",
      });
    });

    it("of no session is refused", async () => {
      await expect(world.provider.authorizePayment({ data: data() })).rejects.toMatchObject({
        code: "SEQR_SESSION_UNKNOWN",
      });
    });
  });

  it("captures only what SEQR has", async () => {
    await expect(world.provider.capturePayment({ data: data() })).rejects.toMatchObject({
      code: "SEQR_NOT_PAID",
    });
    const done = await world.ordered();
    expect(await world.provider.capturePayment({ data: done.payment.data })).toMatchObject({
      data: { ers_reference: done.invoice.ers_reference, status: "paid" },
    });
  });

  describe("undoing a completion", () => {
    it("sets a captured payment to paid at once, and refunds nothing", async () => {
      await world.pay(invoice);
      await world.provider.authorizePayment({ data: data(), context: context() });
      world.asked();
      await world.provider.cancelPayment({ data: data() });
      expect(await row()).toMatchObject({ state: "paid", reason: "compensated", due_at: world.now() });
      expect(world.asked()).toEqual([]);
    });

    it("sets a completed payment to paid, without its order", async () => {
      const done = await world.ordered();
      world.asked();
      await world.provider.cancelPayment({ data: done.payment.data });
      expect(await world.row(done.invoice)).toMatchObject({
        ...{ state: "paid", reason: "compensated", order_id: null, completed_at: null, due_at: world.now() },
      });
      expect(world.asked()).toEqual([]);
    });

    it("is not said to be done when it could not be written down", async () => {
      stateIs("captured");
      const write = jest.spyOn(world.ledger, "transition").mockRejectedValue(new Error("no database"));
      await expect(world.provider.cancelPayment({ data: data() })).rejects.toThrow("no database");
      write.mockRestore();
    });

    it("cancels an unpaid invoice", async () => {
      expect(await world.provider.cancelPayment({ data: data() })).toMatchObject({
        data: { status: "canceled" },
      });
      expect(await row()).toMatchObject({ state: "canceled", reason: "merchant" });
    });

    it.each(["refund_due", "refunded", "paid"] as const)("leaves what is %s", async (state) => {
      stateIs(state);
      await world.provider.cancelPayment({ data: data() });
      expect(await row()).toMatchObject({ state, reason: null });
      expect(world.asked()).toEqual([]);
    });
  });

  it.each([
    ["sending", "pending"],
    ["open", "pending"],
    ["unacknowledged", "pending"],
    ["canceling", "canceled"],
    ["paid", "captured"],
    ["captured", "captured"],
    ["completed", "captured"],
    ["refund_due", "captured"],
    ["refunding", "canceled"],
    ["refunded", "canceled"],
    ["closed_by_staff", "canceled"],
    ["canceled", "canceled"],
    ["expired", "canceled"],
    ["failed", "error"],
    ["not_issued", "error"],
  ] as const)("tells Medusa of what is %s that it is %s, without asking SEQR", async (state, status) => {
    stateIs(state);
    expect(await world.provider.getPaymentStatus({ data: data() })).toMatchObject({
      ...{ status, data: { token: data()["token"] } },
    });
    expect(await world.provider.retrievePayment({ data: data() })).toMatchObject({
      data: { token: data()["token"] },
    });
    expect(world.asked()).toEqual([]);
  });

  it("knows no payment of another provider, or of a forged token", async () => {
    const other = { session_id: "payses_other" };
    for (const foreign of [undefined, {}, { token: "x" }, { token: 7 }, { session_id: 7 }, other]) {
      await expect(world.provider.retrievePayment({ data: foreign })).rejects.toMatchObject({
        code: "SEQR_SESSION_FOREIGN",
      });
    }
  });

  it("finds a payment by its session after the token was removed, and only by the token before", async () => {
    const done = await world.ordered();
    const status = async (of: object) => (await world.provider.getPaymentStatus({ data: { ...of } })).status;
    expect(await status({ session_id: done.session.id, token: null })).toBe("captured");
    expect(await status({ session_id: done.session.id, token: data()["token"] })).toBe("pending");
    await expect(status({ session_id: done.session.id, token: "x" })).rejects.toMatchObject({
      code: "SEQR_SESSION_FOREIGN",
    });
  });

  describe("asked by Medusa's own webhook", () => {
    const hook = (reference: unknown) =>
      world.provider.getWebhookActionAndData({
        ...{ data: { invoiceReference: reference }, rawData: "", headers: {} },
      });

    it("brings nothing about but what the ledger knows", async () => {
      expect(await hook(invoice.invoice_reference)).toEqual({ action: "pending" });
      for (const state of INVOICE_STATES.filter((one) => one !== "paid" && one !== "reserved")) {
        stateIs(state);
        expect((await hook(invoice.invoice_reference)).action).toBe("pending");
      }
      stateIs("reserved");
      expect((await hook(invoice.invoice_reference)).action).toBe("authorized");
      stateIs("paid");
      expect(await hook(invoice.invoice_reference)).toMatchObject({
        ...{ action: "captured", data: { session_id: bought.session.id, amount: "100.00" } },
      });
      expect(world.asked()).toEqual([]);
    });

    it("never names a deleted session, nor an invoice of another store", async () => {
      stateIs("paid");
      world.rows.sessions.delete(bought.session.id);
      expect(await hook(invoice.invoice_reference)).toEqual({ action: "not_supported" });
      for (const foreign of ["999", 7, undefined]) {
        expect(await hook(foreign)).toEqual({ action: "not_supported" });
      }
    });
  });

  describe("refunding", () => {
    let payment: Payment;
    beforeEach(async () => {
      ({ invoice, payment } = await world.ordered());
    });
    /** SEQR has made it, core has deleted its record. */
    const forgotten = async (amount: string): Promise<void> => {
      world.points["refund made"] = () => {
        throw new Error("the database is away");
      };
      await expect(world.refund(payment, amount)).rejects.toThrow();
      world.points["refund made"] = undefined;
    };
    const made = () => world.ledger.refunds.map(({ amount, state }) => `${amount} ${state}`);

    it("asks SEQR, under the id of Medusa's record", async () => {
      const record = await world.refund(payment, "30.00");
      expect(world.ledger.refunds).toMatchObject([
        { idempotency_key: record.id, reason: "medusa", amount: "30.00", state: "done" },
      ]);
      expect(payment.data["refund_reference"]).toBe(world.ledger.refunds[0]?.refund_reference);
    });

    it("makes two of the same amount when Medusa has both", async () => {
      await world.refund(payment, "30.00");
      await world.refund(payment, "30.00");
      expect(world.refundsAtSeqr()).toEqual(["30.00", "30.00"]);
    });

    it("takes over the one of the same amount that Medusa has forgotten", async () => {
      await forgotten("30.00");
      const record = await world.refund(payment, "30.00");
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      expect(world.ledger.refunds).toMatchObject([
        { idempotency_key: record.id, taken_over_at: world.now() },
      ]);
    });

    it("takes over none of another amount, and none that the plugin made for itself", async () => {
      await forgotten("30.00");
      await world.refund(payment, "20.00");
      await refundInvoice(world.seqr, await row(), {
        ...{ amount: "10.00", idempotencyKey: "return-x", reason: "order_canceled" },
      });
      await world.refund(payment, "10.00");
      expect(world.refundsAtSeqr()).toEqual(["30.00", "20.00", "10.00", "10.00"]);
    });

    it.each([
      ["29.99", ["30.00"]],
      ["30.01", ["30.00"]],
      ["29.98", ["30.00", "29.98"]],
      ["30.02", ["30.00", "30.02"]],
    ])("of %s takes over one of 30.00 if rounding can have made the difference: %j", async (amount, all) => {
      await forgotten("30.00");
      await world.refund(payment, amount);
      expect(world.refundsAtSeqr()).toEqual(all);
    });

    it("takes over none that was refused", async () => {
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
      await expect(world.refund(payment, "30.00")).rejects.toMatchObject({ code: "SEQR_23" });
      await world.refund(payment, "30.00");
      expect(made()).toEqual(["30.00 refused", "30.00 done"]);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
    });

    it("is made once by two records of staff who both ask again for a forgotten one", async () => {
      await forgotten("30.00");
      world.points["refund written"] = barrier(2);
      const asked = await Promise.allSettled([
        world.refund(payment, "30.00"),
        world.refund(payment, "30.00"),
      ]);
      const lost = asked.filter(({ status }) => status === "rejected");
      expect(lost).toMatchObject([{ reason: { code: "SEQR_REFUND_RUNNING" } }]);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      expect(payment.refunds).toHaveLength(1);
    });

    it("waits for a minute after one was linked: a page may not show it yet", async () => {
      await forgotten("30.00");
      await world.refund(payment, "30.00");
      world.pass(59.9);
      await expect(world.refund(payment, "30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RECORDED" });
      await world.refund(payment, "20.00");
      world.pass(0.1);
      await world.refund(payment, "30.00");
      expect(world.refundsAtSeqr()).toEqual(["30.00", "20.00", "30.00"]);
    });

    it("waits also when another of the amount has been in the books for long", async () => {
      await world.refund(payment, "30.00");
      await forgotten("30.00");
      await world.refund(payment, "30.00");
      await expect(world.refund(payment, "30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RECORDED" });
      expect(world.refundsAtSeqr()).toEqual(["30.00", "30.00"]);
    });

    describe("beside one that is in Medusa's books, and whose process died before SEQR was asked,", () => {
      let earlier: string;
      beforeEach(async () => {
        world.points["refund written"] = () => {
          throw new ProcessDied();
        };
        await expect(world.refund(payment, "30.00")).rejects.toBeInstanceOf(ProcessDied);
        world.points["refund written"] = undefined;
        earlier = present(payment.refunds[0]).id;
        world.pass(5);
      });

      it.each(["30.00", "30.01"])("refuses one over %s until that one is made", async (amount) => {
        await expect(world.refund(payment, amount)).rejects.toMatchObject({
          code: "SEQR_REFUND_RUNNING",
          message: expect.stringContaining(payment.refunds[0]?.at.toISOString() ?? ""),
        });
        expect(world.refundsAtSeqr()).toEqual([]);
        world.pass(121);
        await reconcileRefunds(world.processing);
        expect(world.refundsAtSeqr()).toEqual(["30.00"]);
        expect(payment.refunds.map(({ id }) => id)).toEqual([earlier]);
        await world.refund(payment, "30.00");
        expect(world.refundsAtSeqr()).toEqual(["30.00", "30.00"]);
      });

      it("refuses one that would take a forgotten one over, which that one may be given", async () => {
        const waiting = payment.refunds;
        payment.refunds = [];
        await forgotten("30.00");
        payment.refunds = waiting;
        await expect(world.refund(payment, "30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RUNNING" });
        expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      });

      it("refuses it while SEQR has only said no for a reason that passes", async () => {
        world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
        world.pass(121);
        await reconcileRefunds(world.processing);
        await expect(world.refund(payment, "30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RUNNING" });
      });

      it.each([
        ["refuses one of the same moment that comes after it by its name", "ref_z", -5_000, true],
        ["makes one of the same moment that comes before it by its name", "ref_0", -5_000, false],
        ["refuses a later one, whatever its name", "ref_0", 0, true],
        ["refuses one whose own record Medusa does not show", undefined, 0, true],
      ])("%s", async (_, id, age, isRefused) => {
        const at = new Date(world.now().getTime() + age);
        if (id) payment.refunds.push({ id, amount: "30.00", metadata: null, at });
        const context = { idempotency_key: id ?? "ref_unseen" };
        const asked = world.provider.refundPayment({ amount: "30.00", data: payment.data, context });
        const code = await asked.then(
          () => undefined,
          (error: { code?: string }) => error.code,
        );
        expect(code).toBe(isRefused ? "SEQR_REFUND_RUNNING" : undefined);
        expect(world.refundsAtSeqr()).toEqual(isRefused ? [] : ["30.00"]);
      });

      it("refuses one as long as that one is tried: two days", async () => {
        world.pass(2 * 24 * 3_600 - 5);
        await expect(world.refund(payment, "30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RUNNING" });
        world.pass(0.001);
        await world.refund(payment, "30.00");
        expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      });

      it("makes one over another amount", async () => {
        await world.refund(payment, "20.00");
        expect(world.refundsAtSeqr()).toEqual(["20.00"]);
      });

      it("makes it when that one will not be made any more: SEQR allows none, or staff say so", async () => {
        present(payment.refunds[0]).amount = "20.00";
        const refused = async (result: string): Promise<void> => {
          const refund = present(
            await world.ledger.insertRefund({
              ...{ invoice_id: invoice.id, idempotency_key: earlier, amount: "20.00" },
              ...{ currency_code: "SEK", reason: "medusa", requested_at: world.now() },
            }),
          );
          const finished = { refund_reference: null, result, finished_at: world.now() };
          await world.ledger.finishRefund(refund.id, "refused", finished);
          world.pass(1);
        };
        await refused("SEQR_97");
        await world.refund(payment, "20.00");
        await refused("SEQR_REFUND_NOT_MADE");
        await world.refund(payment, "20.00");
        await refused("SEQR_23");
        await world.ledger.update(invoice.id, { problem: "SEQR_REFUND_NOT_MADE", problem_about: earlier }, [
          "completed",
        ]);
        const [entry] = await entriesOfInvoices(world.seqr, [invoice.id]);
        await resolveAttentionItem(world.processing, present(entry).id, {
          ...{ action: "accept", actorId: "user_1", reason: "by bank" },
        });
        await world.refund(payment, "20.00");
        expect(world.refundsAtSeqr()).toEqual(["20.00", "20.00", "20.00"]);
      });

      it("makes it after the three days in which that one could have been made", async () => {
        world.pass(3 * 24 * 3_600);
        await world.refund(payment, "30.00");
        expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      });
    });

    describe("the one that Medusa's record names", () => {
      const named = (more: object = {}) => {
        const [refund] = world.ledger.refunds;
        return {
          ...{ seqr_refund_id: refund?.id, seqr_refund_key: refund?.idempotency_key },
          ...more,
        };
      };

      it("takes that over, whatever other there is of the amount", async () => {
        await forgotten("30.00");
        await refundInvoice(world.seqr, await row(), {
          ...{ amount: "30.00", idempotencyKey: "second", reason: "medusa" },
        });
        const metadata = {
          ...named(),
          seqr_refund_id: world.ledger.refunds[1]?.id,
          seqr_refund_key: "second",
        };
        const record = await world.refund(payment, "30.00", metadata);
        expect(world.ledger.refunds[1]?.idempotency_key).toBe(record.id);
        expect(world.refundsAtSeqr()).toEqual(["30.00", "30.00"]);
      });

      it.each([
        ["another has it by now", { seqr_refund_key: "ref_other" }],
        ["there is none", { seqr_refund_id: "seqrref_none" }],
      ])("makes none when %s", async (_, more) => {
        await forgotten("30.00");
        await expect(world.refund(payment, "30.00", named(more))).rejects.toMatchObject({
          code: "SEQR_REFUND_RUNNING",
        });
        expect(world.refundsAtSeqr()).toEqual(["30.00"]);
        expect(payment.refunds).toEqual([]);
      });

      it("makes none when SEQR has not made it", async () => {
        world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
        await expect(world.refund(payment, "30.00")).rejects.toThrow();
        await expect(world.refund(payment, "30.00", named())).rejects.toMatchObject({
          code: "SEQR_REFUND_RUNNING",
        });
        expect(world.refundsAtSeqr()).toEqual([]);
      });
    });

    describe("amounts with more than two decimals", () => {
      /** Medusa's record is written and stays, whatever becomes of the refund. */
      const ask = async (id: string, amount: string): Promise<unknown> => {
        if (!payment.refunds.some((record) => record.id === id)) {
          payment.refunds.push({ id, amount, metadata: null, at: world.now() });
        }
        const refund = { amount, data: payment.data, context: { idempotency_key: id } };
        return (await world.provider.refundPayment(refund)).data?.["refund_reference"];
      };

      it("are together at SEQR what their sum is", async () => {
        await ask("ref_a", "33.3333");
        await ask("ref_b", "33.3333");
        await ask("ref_c", "10.009");
        await ask("ref_d", "23.3244");
        expect(world.refundsAtSeqr()).toEqual(["33.33", "33.34", "10.01", "23.32"]);
      });

      it("count only as far as SEQR has refunded", async () => {
        world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97 });
        await expect(ask("ref_a", "33.3333")).rejects.toMatchObject({ code: "SEQR_97" });
        await ask("ref_b", "33.3333");
        expect(world.refundsAtSeqr()).toEqual(["33.33"]);
      });

      it("do not count twice when they are requested again", async () => {
        const reference = await ask("ref_a", "0.005");
        expect(await ask("ref_a", "0.005")).toBe(reference);
        expect(world.refundsAtSeqr()).toEqual(["0.01"]);
      });

      it("that are nothing for SEQR are refused", async () => {
        await expect(ask("ref_a", "0.004")).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
        expect(world.refundsAtSeqr()).toEqual([]);
      });
    });

    it("is made once when it is asked for again, and Medusa names no record", async () => {
      const ask = () => world.provider.refundPayment({ amount: "30.00", data: payment.data });
      const first = await ask();
      expect(await ask()).toEqual(first);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
    });

    it("of an amount that is none is refused", async () => {
      await expect(
        world.provider.refundPayment({
          amount: "a lot",
          data: payment.data,
          context: { idempotency_key: "r" },
        }),
      ).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
    });
  });
});
