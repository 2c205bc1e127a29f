import { MedusaError } from "@medusajs/framework/utils";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { seqrError } from "../../../src/errors/error-codes";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { type PollSource, pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { REVERSAL_AFTER, type PaymentStatus } from "../../../src/seqr";
import { processPayment } from "../../../src/processing/process-payment";
import { present } from "../modules/ledger-contract";
import { eventually } from "../modules/seqr-world";
import { ProcessDied, startStoreWorld, type Checkout, type StoreWorld } from "./store-world";
import { refundInvoice } from "../../../src/modules/seqr/operations/refund/refund-invoice";

const soldOut = (): MedusaError => new MedusaError("not_allowed", "Not enough stock");

describe("processing a payment", () => {
  let world: StoreWorld;
  let bought: Checkout;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.checkout();
    ({ invoice } = bought);
    world.asked();
  });
  afterEach(() => world.stop());

  const processInvoice = (source?: PollSource): Promise<InvoiceRecord> =>
    world.processInvoice(invoice, source);
  const cart = () => present(world.rows.carts.get(bought.cartId));
  const orders = () => [...world.rows.orders.values()];
  const note = (patch: InvoicePatch): Promise<boolean> =>
    world.ledger.update(invoice.id, patch, INVOICE_STATES);
  /** SEQR has the money, the ledger knows, Medusa does not. */
  const paid = async (patch: InvoicePatch = {}): Promise<void> => {
    await world.take(invoice);
    await note(patch);
  };
  const dropSession = (): void => void world.rows.sessions.delete(bought.session.id);
  const order = (resultCode: number, operation = "cancelInvoice"): unknown =>
    world.sandbox.faults.add({ operation, kind: "result-code", resultCode });

  describe("after a notification", () => {
    it("places the order, and reads the payment as the last thing", async () => {
      await world.pay(invoice);
      world.points["order written"] = () => expect(world.asked()).toEqual([]);
      expect(await processInvoice("notification")).toMatchObject({
        state: "completed",
        order_id: orders()[0]?.id,
        completed_at: world.now(),
        reason: null,
        attempts: 0,
        problem: null,
        due_at: null,
      });
      expect(world.asked()).toEqual(["getPaymentStatus 0"]);
      expect(orders()).toMatchObject([{ outstanding: "0.00", captures: [world.rows.payments[0]?.id] }]);
    });

    it("leaves the payment of a cart that cannot be an order unread, and SEQR takes it back", async () => {
      cart().obstacle = soldOut();
      await world.pay(invoice);
      expect(await processInvoice("notification")).toMatchObject({
        state: "unacknowledged",
        reason: "order_impossible",
      });
      expect(world.asked()).toEqual([]);
      expect(world.log).toContainEqual(expect.stringContaining("is not acknowledged: Not enough stock"));
      world.pass(REVERSAL_AFTER / 1_000);
      expect(world.sandbox.sms()).toHaveLength(1);
    });

    it("leaves it unread when the cart has another total by now, and says so", async () => {
      cart().total = "120.00";
      await world.pay(invoice);
      expect(await processInvoice("notification")).toMatchObject({
        state: "unacknowledged",
        reason: "amount_differs",
      });
      expect(world.asked()).toEqual([]);
    });

    it("leaves it unread when its session is gone", async () => {
      dropSession();
      await world.pay(invoice);
      expect(await processInvoice("notification")).toMatchObject({
        state: "unacknowledged",
        reason: "session_gone",
      });
      expect(world.asked()).toEqual([]);
    });

    it("leaves the invoice open when nobody has paid after all", async () => {
      expect(await processInvoice("notification")).toMatchObject({ state: "open", reason: null });
      expect(orders()).toEqual([]);
    });

    it("goes on with an invoice that was cancelled while the cart was being completed", async () => {
      world.points["order written"] = async () => {
        await world.sandbox.phone.cancel(invoice.invoice_reference ?? "");
      };
      expect(await processInvoice("notification")).toMatchObject({ state: "canceled", reason: "shopper" });
      expect(orders()).toEqual([]);
    });

    it("does not leave unacknowledged what another process has taken further meanwhile", async () => {
      await world.pay(invoice);
      cart().obstacle = soldOut();
      const { completeCart } = world.store;
      jest.spyOn(world.store, "completeCart").mockImplementation(async (cartId) => {
        await pollPaymentStatus(world.seqr, invoice, "browser");
        return completeCart(cartId);
      });
      expect(await processInvoice("notification")).toMatchObject({
        state: "refunded",
        reason: "order_impossible",
      });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });

    it("reads the payment without the order when that takes ten seconds: SEQR would take it back", async () => {
      await world.pay(invoice);
      jest.spyOn(world.store, "completeCart").mockReturnValueOnce(new Promise(() => undefined));
      const processing = processInvoice("notification");
      await world.tick(9.9);
      expect(world.asked()).toEqual([]);
      await world.tick(0.1);
      await eventually(() => world.asked().length > 0);
      // The completion that hangs lets go of the purchase by then.
      await world.tick(0.2);
      expect(await processing).toMatchObject({ state: "completed" });
    });

    it("drops the other sessions of the cart first, but never another method's, and links its order", async () => {
      const dropped = jest.spyOn(world.store, "dropOtherSessions");
      const linked = jest.spyOn(world.store, "linkInterruptedOrder");
      const completed = jest.spyOn(world.store, "completeCart");
      await world.pay(invoice);
      await processInvoice("notification");
      expect(dropped.mock.calls).toMatchObject([[{ id: invoice.id }, false]]);
      expect(linked.mock.calls).toMatchObject([[{ id: invoice.id }]]);
      const order = [dropped, linked, completed].flatMap(({ mock }) => mock.invocationCallOrder);
      expect(order).toEqual([...order].sort((one, other) => one - other));
    });

    it("reads the payment when placing the order failed for a reason that may pass, and tries again", async () => {
      cart().obstacle = new Error("the tax service does not answer");
      await world.pay(invoice);
      expect(await processInvoice("notification")).toMatchObject({ state: "paid" });
      expect(await world.row(invoice)).toMatchObject({ attempts: 1, problem: "SEQR_ORDER_FAILED" });
    });

    it.each([
      ["has nothing to pay", { outstanding: "0.00" }],
      ["was cancelled", { isCanceled: true }],
    ])("cancels the code when the cart is an order by now that %s", async (_, change) => {
      world.placeOrder(bought, change);
      expect(await processInvoice("notification")).toMatchObject({ state: "canceled", reason: "superseded" });
      expect(world.asked()).toEqual(["cancelInvoice 0"]);
    });

    it("of an extra payment polls SEQR without completing a cart", async () => {
      const extra = await world.extraPayment();
      await world.pay(extra.invoice);
      const done = await processPayment(world.processing, extra.invoice, "notification");
      expect(done).toMatchObject({ state: "completed", order_id: extra.order.id });
    });
  });

  describe("what is paid", () => {
    it("places the order", async () => {
      await paid();
      const dropped = jest.spyOn(world.store, "dropOtherSessions");
      expect(await processInvoice()).toMatchObject({ state: "completed", order_id: orders()[0]?.id });
      expect(dropped).toHaveBeenCalledWith(expect.objectContaining({ id: invoice.id }), true);
    });

    it("is refunded when its session is gone", async () => {
      await paid();
      dropSession();
      expect(await processInvoice()).toMatchObject({ state: "refunded", reason: "session_gone" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(world.ledger.refunds).toMatchObject([
        { idempotency_key: `refund-${invoice.id}`, reason: "session_gone", state: "done" },
      ]);
    });

    it.each([
      ["not_allowed", undefined, "order_impossible"],
      ["payment_authorization_error", "SEQR_AMOUNT_DIFFERS", "amount_differs"],
    ])("is refunded when its cart cannot be an order: %s %s", async (type, code, reason) => {
      await paid();
      cart().obstacle = new MedusaError(type, "no", code);
      expect(await processInvoice()).toMatchObject({ state: "refunded", reason });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(world.log).toContainEqual(expect.stringContaining("is paid and is refunded"));
    });

    it.each([
      [0, { state: "paid", attempts: 1, problem: "SEQR_ORDER_FAILED" }],
      [11, { state: "paid", attempts: 12, problem: "SEQR_ORDER_FAILED" }],
      [12, { state: "refunded", attempts: 0, reason: "order_impossible" }],
    ])("after %i failures of its order is %j", async (attempts, expected) => {
      await paid({ attempts });
      cart().obstacle = new Error("the tax service does not answer");
      await processInvoice();
      expect(await world.row(invoice)).toMatchObject(expected);
      expect(world.log).toContainEqual(expect.stringMatching(/warn .*the tax service does not answer/));
    });

    it.each([
      [0, { state: "paid", attempts: 1, problem: "SEQR_ORDER_FAILED" }],
      [12, { state: "refunded", reason: "order_impossible" }],
    ])(
      "whose cart has an order that is gone is tried again, and refunded after %i tries",
      async (attempts, expected) => {
        await paid({ attempts });
        jest
          .spyOn(world.store, "completeCart")
          .mockResolvedValue({ outcome: "order", orderId: "order_gone" });
        jest.spyOn(world.store, "order").mockRejectedValue(new Error("there is no order order_gone"));
        await processInvoice();
        expect(await world.row(invoice)).toMatchObject(expected);
      },
    );

    it("is left to whoever has taken it further while its order failed", async () => {
      await paid();
      jest.spyOn(world.store, "completeCart").mockImplementation(async () => {
        await world.move(invoice, "captured");
        return { outcome: "failed", message: "somebody else completes it" };
      });
      await processInvoice();
      expect(await world.row(invoice)).toMatchObject({ state: "captured", attempts: 0, problem: null });
    });

    it("is not attached to its order when it was completed while the order was placed", async () => {
      await paid();
      const { completeCart } = world.store;
      jest.spyOn(world.store, "completeCart").mockImplementation(async (cartId) => {
        const completion = await completeCart(cartId);
        await world.move(invoice, "completed");
        return completion;
      });
      const recorded = jest.spyOn(world.store, "recordCaptureInOrder");
      await processInvoice();
      expect(recorded).not.toHaveBeenCalled();
    });

    it("is not refunded when another process has taken it further while its order was found impossible", async () => {
      await paid();
      jest.spyOn(world.store, "completeCart").mockImplementation(async () => {
        await world.move(invoice, "captured");
        return { outcome: "impossible", message: "the cart is completed" };
      });
      expect(await processInvoice()).toMatchObject({ state: "captured" });
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("is refunded when the order has another payment", async () => {
      await paid();
      world.payOtherwise(bought);
      world.placeOrder(bought, { outstanding: "0.00" });
      expect(await processInvoice()).toMatchObject({ state: "refunded", reason: "paid_twice" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });

    it("waits for its order while that is being placed, and pays it when its process must have crashed", async () => {
      await paid();
      const { id } = world.placeOrder(bought);
      for (const attempts of [1, 2, 3]) {
        expect(await processInvoice()).toMatchObject({ state: "paid" });
        expect(await world.row(invoice)).toMatchObject({ attempts });
      }
      expect(world.rows.payments).toEqual([]);
      expect(await processInvoice()).toMatchObject({ state: "completed", order_id: id, attempts: 0 });
      expect(world.rows.payments).toHaveLength(1);
      expect(orders()).toMatchObject([{ captures: [world.rows.payments[0]?.id] }]);
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("tries again when Medusa could not take it in for its order", async () => {
      await paid({ attempts: 3 });
      world.placeOrder(bought);
      jest
        .spyOn(world.store, "authorizeForExistingOrder")
        .mockResolvedValue({ outcome: "failed", message: "no" });
      await processInvoice();
      expect(await world.row(invoice)).toMatchObject({ state: "paid", attempts: 4 });
    });

    it.each([
      ["order_canceled", { isCanceled: true }],
      ["nothing_owed", { outstanding: "0.00" }],
      ["nothing_owed", { outstanding: "-5.00" }],
    ])("is refunded (%s) when its order needs no payment any more", async (reason, change) => {
      await paid();
      world.placeOrder(bought, change);
      expect(await processInvoice()).toMatchObject({ state: "refunded", reason });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });

    it("is left to the process that has captured it when Medusa fails after the authorization", async () => {
      await paid({ attempts: 3 });
      world.placeOrder(bought);
      world.points.authorized = () => {
        throw new Error("the database is away");
      };
      await processInvoice();
      expect(await world.row(invoice)).toMatchObject({ state: "captured", attempts: 3, problem: null });
    });

    it("is refunded when its session vanishes while it waits for its order", async () => {
      await paid();
      jest.spyOn(world.store, "completeCart").mockImplementation(async () => {
        const { id } = world.placeOrder(bought);
        dropSession();
        return { outcome: "order", orderId: id };
      });
      expect(await processInvoice()).toMatchObject({ state: "paid" });
      expect(await processInvoice()).toMatchObject({ state: "refunded", reason: "session_gone" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });

    it("is processed with the payment that Medusa has of it, also when the ledger was restored from a backup", async () => {
      const backup = world.ledger.copy();
      await world.pay(invoice);
      const done = await processInvoice("notification");
      world.ledger.restore(backup);
      const { order_id } = await processInvoice("completion");
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "completed", order_id: done.order_id, problem: null },
      });
      expect(order_id).toBe(done.order_id);
      expect(world.rows.payments).toHaveLength(1);
      expect(orders()).toMatchObject([{ isCanceled: false, captures: [world.rows.payments[0]?.id] }]);
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("is processed without the reason for which Medusa gave it up before", async () => {
      await paid({ reason: "compensated" });
      expect(await processInvoice()).toMatchObject({ state: "completed", reason: null });
    });

    it.each([[undefined], ["pay_1"]])(
      "is refunded when it belongs to no cart and no order (Medusa's payment: %s)",
      async (paymentId) => {
        await paid();
        jest.spyOn(world.store, "purchaseOf").mockResolvedValue({
          ...{ cartId: undefined, orderId: undefined, paymentId },
          ...{ amount: "100.00", isCanceled: false, paidOtherwise: false, isUnpaid: false },
        });
        jest.spyOn(world.store, "authorizeForExistingOrder").mockResolvedValue({ outcome: "done" });
        expect(await processInvoice()).toMatchObject({ state: "refunded", reason: "order_impossible" });
        expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      },
    );

    it("is refunded once, when core has rolled its order back and refunded it already", async () => {
      await world.pay(invoice);
      world.points["payment written"] = () => {
        throw new Error("a hook failed");
      };
      expect(await processInvoice()).toMatchObject({ state: "refunded" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(orders()).toEqual([]);
    });
  });

  describe("with an order of another total than what was paid", () => {
    it("is listed for staff", async () => {
      await paid();
      world.points["payment written"] = () => void (present(orders()[0]).total = "99.00");
      expect(await processInvoice()).toMatchObject({
        state: "completed",
        problem: "SEQR_ORDER_TOTAL_DIFFERS",
      });
    });

    it("lists an extra payment for staff when its collection asks for another amount by then", async () => {
      const extra = await world.extraPayment("40.00");
      await world.take(extra.invoice);
      await world.store.authorizeForExistingOrder(extra.session.id, "40.00", "captured");
      present(world.rows.collections.get(extra.collectionId)).amount = "50.00";
      expect(await world.processInvoice(extra.invoice)).toMatchObject({
        ...{ state: "completed", problem: "SEQR_ORDER_TOTAL_DIFFERS" },
      });
    });

    it("is as it should be for an extra payment", async () => {
      const extra = await world.extraPayment("40.00");
      extra.order.total = "140.00";
      await world.pay(extra.invoice);
      expect(await processPayment(world.processing, extra.invoice, "watch")).toMatchObject({
        state: "completed",
        problem: null,
      });
    });
  });

  describe("what is open", () => {
    it("is polled, and stays", async () => {
      expect(await processInvoice()).toMatchObject({ state: "open" });
      expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    });

    it("is ordered when the shopper has paid, also when nobody announced it", async () => {
      await world.pay(invoice);
      expect(await processInvoice()).toMatchObject({ state: "completed" });
    });

    it("is cancelled when its time is over, and not before, and is read once more", async () => {
      world.pass((invoice.expires_at.getTime() - world.now().getTime()) / 1_000 - 0.001);
      expect(await processInvoice()).toMatchObject({ state: "open" });
      world.asked();
      world.pass(0.001);
      expect(await processInvoice()).toMatchObject({ state: "expired", reason: "lifetime" });
      expect(world.asked()).toEqual(["cancelInvoice 0", "getPaymentStatus 0"]);
    });

    it("that was paid in the last moment is ordered", async () => {
      await world.pay(invoice);
      world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode: 51 });
      await note({ expires_at: world.now() });
      expect(await processInvoice()).toMatchObject({ state: "completed" });
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("whose cancellation SEQR does not confirm is left, and read by nobody", async () => {
      await note({ expires_at: world.now() });
      order(90);
      expect(await processInvoice()).toMatchObject({
        state: "canceling",
        reason: "lifetime",
        problem: "SEQR_90",
      });
      expect(world.asked()).toEqual(["cancelInvoice 90"]);
    });

    it("stays as it is while SEQR does not answer, and the log says why", async () => {
      world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "garbage" });
      expect(await processInvoice()).toMatchObject({ state: "open" });
      const { invoice_reference } = bought.invoice;
      expect(world.log).toContainEqual(
        expect.stringContaining(`invoice ${invoice_reference} could not be polled`),
      );
    });

    it("hides no fault of our own behind SEQR's silence", async () => {
      jest.spyOn(world.client, "getPaymentStatus").mockRejectedValueOnce(new TypeError("a mistake"));
      await expect(processInvoice()).rejects.toThrow("a mistake");
      expect((await world.row(invoice)).lease_owner).toBeNull();
    });
  });

  describe("what is being cancelled", () => {
    it.each([
      ["superseded", "canceled", ["cancelInvoice 0"]],
      ["lifetime", "expired", ["cancelInvoice 0", "getPaymentStatus 0"]],
      [null, "canceled", ["cancelInvoice 0"]],
    ] as const)("(%s) is cancelled again", async (reason, state, asked) => {
      await world.move(invoice, "canceling", { reason });
      expect(await processInvoice()).toMatchObject({ state, reason: reason ?? "merchant" });
      expect(world.asked()).toEqual(asked);
    });

    it("is ordered when the shopper was faster", async () => {
      await world.move(invoice, "canceling", { reason: "lifetime" });
      await world.pay(invoice);
      expect(await processInvoice()).toMatchObject({ state: "completed" });
    });
  });

  describe("what is unacknowledged", () => {
    it("is not read before SEQR has surely taken the payment back", async () => {
      await world.pay(invoice);
      invoice = await world.move(invoice, "unacknowledged", { reason: "order_impossible" });
      world.pass(REVERSAL_AFTER / 1_000 + 9.9);
      expect(await processInvoice()).toMatchObject({ state: "unacknowledged" });
      expect(world.asked()).toEqual([]);
      world.pass(0.1);
      expect(await processInvoice()).toMatchObject({
        state: "canceled",
        reason: "reversed",
        problem: "SEQR_REVERSED",
      });
    });

    it("is read after that, also when its order needs no payment any more", async () => {
      world.placeOrder(bought, { outstanding: "0.00" });
      await world.pay(invoice);
      await world.move(invoice, "unacknowledged", { reason: "nothing_owed" });
      world.pass(30);
      expect(await processInvoice("staff")).toMatchObject({ state: "canceled", reason: "reversed" });
    });

    it("is open again when nobody had paid", async () => {
      invoice = await world.move(invoice, "unacknowledged", { reason: "order_impossible" });
      world.pass(30);
      expect(await processInvoice("notification")).toMatchObject({ state: "open", reason: null });
    });
  });

  it.each<[InvoiceState, number, InvoiceState]>([
    ["sending", 59.9, "sending"],
    ["sending", 60, "not_issued"],
  ])("a send that is %s after %f seconds is %s", async (_, seconds, state) => {
    const sent = present(
      await world.ledger.insert({
        ...invoice,
        ...{ session_id: "s", token_hash: "t", notification_token_hash: "n" },
        ...{ payment_collection_id: "p", state_since: world.now() },
      }),
    );
    world.pass(seconds);
    expect(await processPayment(world.processing, sent, "watch")).toMatchObject({
      state,
      reason: state === "not_issued" ? "not_sent" : null,
    });
    expect(world.asked()).toEqual([]);
  });

  it.each(["completed", "closed_by_staff"] as const)("what is %s is left alone", async (state) => {
    const before = await world.row(invoice);
    jest.spyOn(world.ledger, "acquireLease").mockResolvedValueOnce({ ...before, state });
    const purchase = jest.spyOn(world.store, "purchaseOf");
    await processInvoice();
    expect(world.asked()).toEqual([]);
    expect(purchase).not.toHaveBeenCalled();
  });

  describe("what ended", () => {
    beforeEach(async () => {
      await world.pay(invoice);
      invoice = await world.move(invoice, "expired", { reason: "lifetime" });
    });

    it("is polled when something is announced of it, and a payment is taken up", async () => {
      expect(await processInvoice("notification")).toMatchObject({ state: "completed" });
    });

    it("is left unread when its session is gone, so that SEQR takes the money back", async () => {
      dropSession();
      expect(await processInvoice("notification")).toMatchObject({ state: "expired" });
      expect(world.asked()).toEqual([]);
    });

    it.each(["browser", "completion", "cancellation"] as const)(
      "is not polled for %s: reading a payment accepts it",
      async (source) => {
        expect(await processInvoice(source)).toMatchObject({ state: "expired" });
        expect(world.asked()).toEqual([]);
      },
    );

    it("is polled when staff want to know", async () => {
      expect(await processInvoice("staff")).toMatchObject({ state: "completed" });
    });

    it("is polled by the watch only when something was announced after the end, and not asked since", async () => {
      expect(await processInvoice("watch")).toMatchObject({ state: "expired" });
      expect(world.asked()).toEqual([]);
      world.pass(1);
      await note({ notified_at: world.now() });
      expect(await processInvoice("watch")).toMatchObject({ state: "completed" });
    });

    it("stays ended when SEQR says the same", async () => {
      const same = { status: "EXPIRED", version: 1 } as PaymentStatus;
      jest.spyOn(world.client, "getPaymentStatus").mockResolvedValue(same);
      expect(await processInvoice("staff")).toMatchObject({ state: "expired" });
    });
  });

  describe("refunding", () => {
    const outstanding = async (patch: InvoicePatch = {}): Promise<void> => {
      bought = await world.ordered();
      ({ invoice } = bought);
      invoice = await world.move(invoice, "refund_due", { reason: "order_canceled", ...patch });
    };
    const payment = () => present(world.paymentOf(bought.session.id));

    it("goes through Medusa, which records it", async () => {
      await outstanding();
      expect(await processInvoice()).toMatchObject({ state: "refunded", problem: null });
      expect(payment().refunds).toMatchObject([{ amount: "100.00" }]);
      expect(world.ledger.refunds).toMatchObject([
        { idempotency_key: payment().refunds[0]?.id, state: "done" },
      ]);
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(world.log.filter((line) => line.startsWith("error"))).toEqual([]);
    });

    it("refunds what is left only", async () => {
      bought = await world.ordered();
      ({ invoice } = bought);
      await world.refund(payment(), "30.00");
      await world.move(invoice, "refund_due", {});
      expect(await processInvoice()).toMatchObject({ state: "refunded" });
      expect(world.refundsAtSeqr()).toEqual(["30.00", "70.00"]);
    });

    it("records what core has deleted after SEQR had refunded it, before it refunds what is left", async () => {
      await outstanding();
      order(97, "refundPayment");
      const refused = { amount: "40.00", idempotencyKey: "ref_refused", reason: "medusa" };
      await refundInvoice(world.seqr, { ...invoice, state: "completed" }, refused).catch(() => undefined);
      await world.refund(payment(), "60.00");
      payment().refunds = [{ id: "ref_refused", amount: "40.00", metadata: null, at: world.now() }];
      world.pass(180);
      expect(await processInvoice()).toMatchObject({ state: "refunded" });
      expect(payment().refunds.map(({ amount }) => amount)).toEqual(["40.00", "60.00"]);
    });

    it("only ends what is back already", async () => {
      await outstanding({ problem: "SEQR_TIMEOUT" });
      const input = { amount: "100.00", idempotencyKey: "x", reason: "staff" };
      await refundInvoice(world.seqr, { ...invoice, state: "completed" }, input).catch(() => undefined);
      await world.ledger.update(invoice.id, { state: "refund_due" } as InvoicePatch, INVOICE_STATES);
      world.asked();
      jest.spyOn(world.ledger, "transition").mockRejectedValueOnce(new Error("the database is away"));
      expect(await processInvoice()).toMatchObject({
        state: "refund_due",
        attempts: 1,
        problem: "SEQR_REFUND_FAILED",
      });
      expect(await processInvoice()).toMatchObject({ state: "refunded", problem: null });
      expect(world.asked()).toEqual([]);
    });

    it("asks nothing of SEQR while Medusa has recorded a refund that may be on its way", async () => {
      await outstanding();
      payment().refunds.push({ id: "ref_x", amount: "100.00", metadata: null, at: world.now() });
      world.pass(179.9);
      await processInvoice();
      expect(await world.row(invoice)).toMatchObject({
        state: "refund_due",
        attempts: 1,
        problem: "SEQR_REFUND_RUNNING",
      });
      expect(world.refundsAtSeqr()).toEqual([]);
      world.pass(0.1);
      expect(await processInvoice()).toMatchObject({ state: "refunded" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(world.ledger.refunds).toMatchObject([{ reason: "order_canceled" }]);
    });

    it("lists for staff what SEQR refuses", async () => {
      await outstanding();
      order(97, "refundPayment");
      expect(await processInvoice()).toMatchObject({ state: "refund_due", attempts: 1, problem: "SEQR_97" });
      expect((await world.row(invoice)).due_at).toBeNull();
      expect(payment().refunds).toEqual([]);
      expect(world.log).toContainEqual(expect.stringContaining("could not be refunded (SEQR_97)"));
    });

    it("tries again what failed in the store", async () => {
      await outstanding({ attempts: 2 });
      jest.spyOn(world.store, "refund").mockRejectedValueOnce(new Error("the database is away"));
      expect(await processInvoice()).toMatchObject({
        state: "refund_due",
        attempts: 3,
        problem: "SEQR_REFUND_FAILED",
      });
      expect((await world.row(invoice)).due_at).not.toBeNull();
      expect(await processInvoice()).toMatchObject({ state: "refunded" });
    });

    it("of money that belongs to no order says why in SEQR's bill and in the ledger", async () => {
      await paid();
      invoice = await world.move(invoice, "refunding", { reason: null });
      await processInvoice();
      expect(world.ledger.refunds).toMatchObject([{ reason: "order_impossible" }]);
    });
  });

  describe("while other payments of the purchase are started", () => {
    const others = (seconds: number) =>
      world.ledger.acquirePurchaseLock(bought.collectionId, {
        ...{ owner: "another", now: world.now() },
        until: new Date(world.now().getTime() + seconds * 1_000),
      });

    it.each([
      ["watch", { state: "refunded", reason: "session_gone" }],
      ["notification", { state: "unacknowledged", reason: "session_gone" }],
    ] as const)(
      "waits, and places no order when the start took its session away (%s)",
      async (source, end) => {
        const completed = jest.spyOn(world.store, "completeCart");
        if (source === "watch") await paid();
        else await world.pay(invoice);
        await others(60);
        const processing = processInvoice(source);
        await world.tick(1);
        dropSession();
        await world.ledger.releasePurchaseLock(bought.collectionId, "another");
        await world.tick(0.2);
        expect(await processing).toMatchObject(end);
        expect(completed).not.toHaveBeenCalled();
      },
    );

    it("tries again later when they take too long", async () => {
      await paid();
      jest.spyOn(world.seqr.ledger, "acquirePurchaseLock").mockRejectedValueOnce(seqrError("SEQR_BUSY"));
      expect(await processInvoice()).toMatchObject({ state: "paid" });
      expect(await world.row(invoice)).toMatchObject({ attempts: 1, problem: "SEQR_ORDER_FAILED" });
      expect(orders()).toEqual([]);
      expect(await processInvoice()).toMatchObject({ state: "completed" });
    });

    it("lets none be started while it places the order, and lets go afterwards", async () => {
      await paid();
      let couldStart: boolean | undefined;
      world.points["payment written"] = async () => void (couldStart = await others(60));
      expect(await processInvoice()).toMatchObject({ state: "completed" });
      expect(couldStart).toBe(false);
      expect(world.waiting()).toBe(0);
      expect(await others(60)).toBe(true);
    });
  });

  describe("a failure of the store or the database", () => {
    const away = new Error("the database is away");
    const failsOnce = (where: unknown, what: string): void =>
      void jest.spyOn(where as Record<string, () => Promise<unknown>>, what).mockRejectedValueOnce(away);

    /** Medusa has its payment, and the process dies. */
    const diesWithPayment = async (): Promise<void> => {
      world.points["payment written"] = () => Promise.reject(new ProcessDied());
      await processInvoice().catch(() => undefined);
      world.points["payment written"] = undefined;
    };

    it.each<[string, () => Promise<unknown>]>([
      ["when the purchase is held", async () => failsOnce(world.ledger, "acquirePurchaseLock")],
      ["when other sessions are dropped", async () => failsOnce(world.store, "dropOtherSessions")],
      ["when an order is linked", async () => failsOnce(world.store, "linkInterruptedOrder")],
      ["when the purchase is let go", async () => failsOnce(world.ledger, "releasePurchaseLock")],
      [
        "when a failed completion is noted",
        async () => {
          cart().obstacle = new Error("the tax service does not answer");
          failsOnce(world.ledger, "update");
        },
      ],
      [
        "when the capture is booked",
        async () => {
          await diesWithPayment();
          orders()[0]?.captures.push(present(world.rows.payments[0]).id);
          failsOnce(world.store, "recordCaptureInOrder");
        },
      ],
      [
        "when a failed refund is noted",
        async () => {
          dropSession();
          order(97, "refundPayment");
          failsOnce(world.ledger, "update");
        },
      ],
      [
        "when the order is confirmed",
        async () => {
          await diesWithPayment();
          orders()[0]?.captures.push(present(world.rows.payments[0]).id);
          jest.spyOn(world.ledger, "transition").mockResolvedValueOnce(undefined).mockRejectedValueOnce(away);
        },
      ],
      ["when the invoice is given back", async () => failsOnce(world.ledger, "releaseLease")],
    ])("%s reaches the caller, and the next poll goes on", async (_, arrange) => {
      await paid();
      await arrange();
      await expect(processInvoice()).rejects.toBe(away);
      cart().obstacle = undefined;
      world.pass(10);
      expect(["completed", "refunded"]).toContain((await processInvoice()).state);
      expect(world.rows.payments.length + world.refundsAtSeqr().length).toBe(1);
    });
  });

  it("goes on where a process crashed at any point, and the money is one order", async () => {
    await world.pay(invoice);
    for (const point of ["order written", "authorized", "payment written"] as const) {
      world.points[point] = () => {
        throw new ProcessDied();
      };
      await processInvoice().catch(() => undefined);
      world.points[point] = undefined;
    }
    for (let looks = 0; looks < 8; looks++) {
      world.pass(61);
      await processInvoice();
    }
    await eventually(() => true);
    expect(await world.row(invoice)).toMatchObject({ state: "completed" });
    expect(orders()).toHaveLength(1);
    expect(world.rows.payments).toHaveLength(1);
    expect(world.refundsAtSeqr()).toEqual([]);
  });
});
