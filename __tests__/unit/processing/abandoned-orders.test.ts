import { kindOf } from "../../../src/modules/seqr/attention/attention-rules";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES } from "../../../src/modules/seqr/invoice/states";
import type { PollSource } from "../../../src/modules/seqr/operations/poll-payment-status";
import { present } from "../modules/ledger-contract";
import { medusaStore } from "../../../src/medusa/medusa-store";
import {
  containerOf,
  ProcessDied,
  startStoreWorld,
  type Checkout,
  type Order,
  type StoreWorld,
} from "./store-world";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { findAttentionEntries } from "../../../src/modules/seqr/attention/find-entries";
import { takeTransition } from "../../../src/modules/seqr/operations/take-transition";
import { recordNotification } from "../../../src/modules/seqr/operations/record-notification";

describe("an invoice that ended unpaid", () => {
  let world: StoreWorld;
  let bought: Checkout;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.checkout();
  });
  afterEach(() => world.stop());

  /** Core wrote the order down, and its process died before the payment. */
  const orderLeft = async (total = "100.00"): Promise<Order> => {
    present(world.rows.carts.get(bought.cartId)).total = total;
    world.points["order written"] = () => {
      throw new ProcessDied();
    };
    await expect(world.store.completeCart(bought.cartId)).rejects.toBeInstanceOf(ProcessDied);
    world.points["order written"] = undefined;
    return present([...world.rows.orders.values()][0]);
  };
  const end = async (): Promise<void> => {
    await cancelInvoice(world.seqr, bought.invoice, "lifetime");
    invoice = await world.row(bought.invoice);
    world.asked();
  };
  const look = async (source?: PollSource) => {
    await world.processInvoice(bought.invoice, source);
    return world.row(bought.invoice);
  };

  it("cancels the order that a process left behind when it crashed, and says so", async () => {
    const order = await orderLeft();
    await end();
    world.pass(60);
    const row = await look();
    expect(order.isCanceled).toBe(true);
    expect(row).toMatchObject({
      ...{ state: "expired", problem: "SEQR_ORDER_ABANDONED", order_id: order.id, attempts: 0, due_at: null },
    });
    expect(kindOf(row)).toBe("order_canceled");
    expect(await findAttentionEntries(world.seqr, { limit: 10, offset: 0 })).toMatchObject([
      { kind: "order_canceled", needs: "acknowledgement" },
    ]);
    expect(world.log).toContainEqual(
      expect.stringContaining(`leaves its order ${order.id} unpaid, which is cancelled`),
    );
    expect(world.asked()).toEqual([]);
  });

  it("whose code was never shown has its order looked for a minute after it was given up", async () => {
    const order = await orderLeft();
    Object.assign(present(world.ledger.invoices.find(({ id }) => id === bought.invoice.id)), {
      state: "sending",
    });
    world.pass(60);
    expect(await look()).toMatchObject({
      ...{ state: "not_issued", attempts: 0, due_at: new Date(world.now().getTime() + 60_000) },
    });
    expect(order.isCanceled).toBe(false);
    world.pass(60);
    expect(await look()).toMatchObject({ state: "not_issued", attempts: 0, due_at: null });
    expect(order.isCanceled).toBe(true);
  });

  it.each([
    [60, true],
    [59.9, false],
  ])(
    "whose payment was refunded has its order searched after %i seconds: %p",
    async (seconds, isCanceled) => {
      const order = await orderLeft();
      await world.pay(bought.invoice);
      const paid = present(await takeTransition(world.seqr, await world.row(bought.invoice), "paid"));
      expect(await takeTransition(world.seqr, paid, "refunded")).toMatchObject({
        due_at: new Date(world.now().getTime() + 60_000),
      });
      world.asked();
      expect(await look("staff")).toMatchObject({ problem: null, attempts: 0 });
      world.pass(seconds);
      const row = await look();
      expect(order.isCanceled).toBe(isCanceled);
      expect(row).toMatchObject(
        isCanceled
          ? { state: "refunded", problem: "SEQR_ORDER_ABANDONED", order_id: order.id, due_at: null }
          : { state: "refunded", problem: null, attempts: 1 },
      );
      expect(world.asked()).toEqual([]);
    },
  );

  it("never cancels the order that store credit has paid: it needs no payment", async () => {
    const order = await orderLeft("0.00");
    await end();
    for (let looks = 0; looks < 5; looks++) {
      world.pass(600);
      expect(await look()).toMatchObject({ problem: null, order_id: null, attempts: 0 });
    }
    expect(order).toMatchObject({ isCanceled: false });
  });

  it("leaves an order alone of which too much was paid", async () => {
    const order = await orderLeft();
    order.outstanding = "-0.01";
    await end();
    world.pass(600);
    await look();
    expect(order.isCanceled).toBe(false);
  });

  it("waits while the order may still be being placed: a minute, and looks again", async () => {
    const order = await orderLeft();
    await end();
    world.pass(59.9);
    expect(await look()).toMatchObject({ attempts: 1, problem: null, due_at: expect.any(Date) });
    expect(order.isCanceled).toBe(false);
    world.pass(0.1);
    expect(await look()).toMatchObject({ attempts: 0, problem: "SEQR_ORDER_ABANDONED" });
    expect(order.isCanceled).toBe(true);
  });

  it("is checked for its order only after a minute by a shopper who comes back", async () => {
    const order = await orderLeft();
    await end();
    expect(await look("browser")).toMatchObject({ attempts: 0, problem: null });
    world.pass(60);
    expect(await look("browser")).toMatchObject({ attempts: 0, problem: "SEQR_ORDER_ABANDONED" });
    expect(order.isCanceled).toBe(true);
  });

  it("leaves an order alone that staff have worked on", async () => {
    const order = await orderLeft();
    order.isPending = false;
    await end();
    world.pass(600);
    expect(await look()).toMatchObject({ attempts: 0, problem: null });
    expect(order.isCanceled).toBe(false);
  });

  it("counts an order that was changed since as one that staff have worked on", async () => {
    const order = await orderLeft();
    const shop = medusaStore(containerOf(world));
    expect(await shop.order(order.id)).toMatchObject({ isPending: true, isCanceled: false });
    order.version = 2;
    expect(await shop.order(order.id)).toMatchObject({ isPending: false });
  });

  it("leaves an order alone of which another payment collection has a payment, or may get one", async () => {
    const order = await orderLeft();
    const link = { id: "pay_col_link", amount: "100.00", cartId: undefined, orderId: order.id };
    world.rows.collections.set(link.id, link);
    world.payOtherwise({ collectionId: link.id });
    await end();
    world.pass(3_600);
    await look();
    expect(order.isCanceled).toBe(false);
  });

  it("keeps a problem that staff have to see, and cancels its order all the same", async () => {
    const order = await orderLeft();
    await end();
    await world.ledger.update(invoice.id, { problem: "SEQR_ANSWER_CONTRADICTS" }, INVOICE_STATES);
    world.pass(60);
    expect(await look()).toMatchObject({ problem: "SEQR_ANSWER_CONTRADICTS", order_id: order.id });
    expect(order.isCanceled).toBe(true);
  });

  it("lists no order that was cancelled already", async () => {
    const order = await orderLeft();
    order.isCanceled = true;
    await end();
    world.pass(600);
    expect(await look()).toMatchObject({ problem: null, order_id: null });
  });

  it("leaves an order alone that another payment has paid, or still may", async () => {
    const order = await orderLeft();
    const other = { id: "payses_other", collectionId: bought.collectionId };
    world.rows.sessions.set(other.id, { ...other, provider: "other", status: "pending", data: {} });
    await end();
    world.pass(600);
    await look();
    expect(order.isCanceled).toBe(false);
  });

  it("never cancels an order that was there before its payment: an edit's, for instance", async () => {
    bought = await world.extraPayment();
    await end();
    world.pass(600);
    expect(await look()).toMatchObject({ problem: null, attempts: 0 });
    expect([...world.rows.orders.values()]).toMatchObject([{ isCanceled: false }]);
  });

  it("leaves nothing to do where no order was written", async () => {
    await end();
    world.pass(60);
    expect(await look()).toMatchObject({ attempts: 0, problem: null, due_at: null });
  });

  it("forgets earlier failures when there is nothing left to do", async () => {
    await end();
    await world.ledger.update(invoice.id, { attempts: 1 }, INVOICE_STATES);
    expect(await look()).toMatchObject({ attempts: 0 });
  });

  it("tries again when the order could not be cancelled", async () => {
    const order = await orderLeft();
    await end();
    world.pass(60);
    jest.spyOn(world.store, "cancelOrder").mockRejectedValueOnce(new Error("the database is away"));
    const failed = await look();
    expect(failed).toMatchObject({ attempts: 1, problem: null });
    expect(failed.due_at?.getTime()).toBeGreaterThan(world.now().getTime());
    expect(world.log).toContainEqual(expect.stringContaining("its order could not be cancelled"));
    world.pass(2);
    expect(await look()).toMatchObject({ attempts: 0, problem: "SEQR_ORDER_ABANDONED" });
    expect(order.isCanceled).toBe(true);
  });

  it.each([
    ["was deleted for another payment that was never started", []],
    ["was replaced by one whose process died before there was an invoice", ["payses_dead"]],
  ])("is cancelled too when its session %s", async (_, left) => {
    const order = await orderLeft();
    await end();
    const [session] = world.rows.sessions.values();
    world.rows.sessions.clear();
    for (const id of left) world.rows.sessions.set(id, { ...present(session), id, data: {} });
    world.pass(60);
    expect(await look()).toMatchObject({ problem: "SEQR_ORDER_ABANDONED", order_id: order.id });
    expect(order.isCanceled).toBe(true);
  });

  it("stays when its session is gone and another can pay it", async () => {
    const order = await orderLeft();
    await end();
    const [session] = world.rows.sessions.values();
    world.rows.sessions.clear();
    world.rows.sessions.set("payses_other", { ...present(session), id: "payses_other", provider: "other" });
    world.pass(60);
    expect(await look()).toMatchObject({ problem: null, due_at: null });
    expect(order.isCanceled).toBe(false);
  });

  it("has nothing left to look over when its session is gone", async () => {
    await end();
    world.rows.sessions.clear();
    world.pass(60);
    expect(await look()).toMatchObject({ attempts: 0, problem: null, due_at: null });
  });

  it.each<[string, number, (order: Order) => unknown]>([
    ["the order may still be being placed", 30, () => undefined],
    ["the order was cancelled", 60, () => undefined],
    ["there is nothing left to do", 60, (order) => Object.assign(order, { outstanding: "0.00" })],
  ])("tries again when it could not be noted that %s", async (_, seconds, change) => {
    change(await orderLeft());
    await end();
    await world.ledger.update(invoice.id, { attempts: 1 }, INVOICE_STATES);
    world.pass(seconds);
    jest.spyOn(world.ledger, "update").mockRejectedValueOnce(new Error("the database is away"));
    const row = await look();
    expect(row).toMatchObject({ attempts: 2, due_at: expect.any(Date) });
    expect(world.log).toContainEqual(expect.stringContaining("its order could not be cancelled"));
  });

  it("stays with the watch when not even that can be noted", async () => {
    await orderLeft();
    await end();
    world.pass(60);
    const away = new Error("the database is away");
    jest.spyOn(world.store, "cancelOrder").mockRejectedValueOnce(away);
    jest.spyOn(world.ledger, "update").mockRejectedValueOnce(away);
    await expect(look()).rejects.toBe(away);
  });

  it("is checked for its order also when the shopper cancels it in the app", async () => {
    const order = await orderLeft();
    await world.sandbox.phone.cancel(bought.invoice.invoice_reference ?? "");
    expect(await look()).toMatchObject({ state: "canceled", problem: null });
    world.pass(60);
    expect(await look()).toMatchObject({ state: "canceled", problem: "SEQR_ORDER_ABANDONED" });
    expect(order.isCanceled).toBe(true);
  });

  it("is checked also when something is announced late, and SEQR answers only after the minute", async () => {
    const order = await orderLeft();
    await end();
    world.pass(1);
    await recordNotification(world.seqr, await world.row(invoice));
    world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "garbage" });
    world.pass(69);
    expect(await look()).toMatchObject({ attempts: 1, problem: "SEQR_ANSWER_INVALID" });
    expect(order.isCanceled).toBe(false);
    expect(await look()).toMatchObject({ attempts: 0, problem: "SEQR_ORDER_ABANDONED", due_at: null });
    expect(order.isCanceled).toBe(true);
  });
});
