import { MedusaError } from "@medusajs/framework/utils";
import { refundCanceledOrders } from "../../../src/processing/refunds/refund-canceled-orders";
import { clearLapses } from "../../../src/processing/captures/clear-lapses";
import { reconcileCaptures } from "../../../src/processing/captures/reconcile-captures";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { Terminals } from "../../../src/modules/seqr/operations/terminals";
import { processPayment } from "../../../src/processing/process-payment";
import { watchDue } from "../../../src/processing/watch";
import { listUnknownTerminals } from "../../../src/modules/seqr/operations/list-unknown-terminals";
import { present } from "../modules/ledger-contract";
import { ProcessDied, startStoreWorld, type Order, type Payment, type StoreWorld } from "./store-world";

const HOUR = 3_600;

interface Reserved {
  invoice: InvoiceRecord;
  order: Order;
  payment: Payment;
}

describe.each([false, true])("an order with a reservation (captured by the plugin: %s)", (isByPlugin) => {
  let world: StoreWorld;
  beforeAll(async () => {
    const options = { capture: "manual", reservationTime: 8 * HOUR, captureBeforeLapse: isByPlugin } as const;
    world = await startStoreWorld({ options });
  });
  afterAll(() => world?.stop());
  afterEach(() => Object.assign(world.points, { "capture made": undefined, "capture kept": undefined }));

  const placed = async (amount?: string): Promise<Reserved> => {
    const { invoice, collectionId } = await world.checkout(amount);
    await world.pay(invoice);
    const processed = await world.processInvoice(invoice);
    const order = present(world.rows.orders.get(world.rows.collections.get(collectionId)?.orderId ?? ""));
    return { invoice: processed, order, payment: present(world.paymentOf(invoice.session_id)) };
  };
  const capture = ({ payment }: Reserved, amount = "100.00") =>
    world.store.capture(payment.sessionId, amount);
  const process = async ({ invoice }: Reserved) => world.processInvoice(await world.row(invoice));
  /** Processes it a minute later, and lets the seconds pass in which core may go on. */
  const processLate = async (sale: Reserved) => {
    await world.tick(61);
    const processing = process(sale);
    await world.tick(3);
    return processing;
  };
  const entriesOf = ({ order }: Reserved): string[] => [...order.captures, ...order.captures_by_plugin];
  const takenOf = ({ invoice }: Reserved): string[] =>
    world.sandbox.core
      .transactions()
      .filter(({ kind, invoiceReference: of }) => kind === "payment" && of === invoice.invoice_reference)
      .map(({ amount }) => amount.value);

  it("awaits its capture, with the order and without the money", async () => {
    const sale = await placed();
    expect(sale.invoice).toMatchObject({ state: "awaiting_capture", order_id: sale.order.id, problem: null });
    expect([sale.payment.captures, takenOf(sale)]).toEqual([[], []]);
  });

  it("is completed once Medusa has recorded the capture", async () => {
    const sale = await placed();
    await capture(sale, "60.00");
    expect(await process(sale)).toMatchObject({
      state: "completed",
      amount: "60.00",
      reason: null,
      problem: null,
    });
    expect([takenOf(sale), sale.payment.captures?.length]).toEqual([["60.00"], 1]);
    await expect(capture(sale, "40.00")).rejects.toMatchObject({ code: "SEQR_CAPTURED_ONCE" });
    await expect(capture(sale, "60.00")).rejects.toMatchObject({ code: "SEQR_CAPTURED_ONCE" });
  });

  it("is captured in part with two decimals only, because Medusa would record another amount than SEQR charges", async () => {
    const sale = await placed();
    for (const amount of ["33.333", "0.001", "99.999"])
      await expect(capture(sale, amount)).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
    expect([sale.payment.captures, takenOf(sale)]).toEqual([[], []]);
    await capture(sale, "33.330000000000001");
    expect(takenOf(sale)).toEqual(["33.33"]);
  });

  it("is captured in full with all of Medusa's decimals", async () => {
    const sale = await placed("235.345");
    await capture(sale, "235.34499999999999952");
    expect(takenOf(sale)).toEqual(["235.35"]);
  });

  it("is refunded at once when it is cancelled while the outcome of its capture is unknown, and SEQR has charged it", async () => {
    const sale = await placed();
    for (const operation of ["commitReservation", "getPaymentStatus"])
      world.sandbox.faults.add({ operation, kind: "lost-answer" });
    await expect(capture(sale)).rejects.toMatchObject({ code: "SEQR_CAPTURE_UNKNOWN" });
    sale.order.isCanceled = true;
    expect(await process(sale)).toMatchObject({ state: "refunded", reason: "order_canceled", problem: null });
    expect([takenOf(sale), sale.payment.captures, sale.payment.refunds]).toEqual([["100.00"], [], []]);
    expect(world.ledger.refunds.at(-1)).toMatchObject({ amount: "100.00", state: "done" });
  });

  it.each<[string, (sale: Reserved) => Promise<unknown>]>([
    ["was changed", (sale) => edit(sale, "80.00")],
    ["is captured, and Medusa has not recorded it", (sale) => uncaptured(sale)],
  ])("that %s waits for its terminal when it is missing", async (_, prepare) => {
    const sale = await placed();
    await prepare(sale);
    const { state } = await world.row(sale.invoice);
    const less = { ...world.seqr, terminals: new Terminals([]) };
    await world.tick(61);
    await processPayment({ ...world.processing, seqr: less }, await world.row(sale.invoice), "staff");
    const problem = "SEQR_TERMINAL_UNKNOWN";
    expect(await world.row(sale.invoice)).toMatchObject({ state, problem, attempts: 0 });
    expect(sale.payment.captures).toEqual([]);
    expect((await processLate(sale)).state).toBe("completed");
  });
  const uncaptured = async (sale: Reserved) => {
    world.points["capture made"] = () => {
      throw new Error("the database is away");
    };
    await expect(capture(sale)).rejects.toThrow("away");
    world.points["capture made"] = undefined;
  };

  it("has the capture recorded that core has deleted, or never finished", async () => {
    const [deleted, unfinished] = [await placed(), await placed()];
    world.points["capture made"] = () => {
      throw new Error("the database is away");
    };
    await expect(capture(deleted)).rejects.toThrow("away");
    world.points["capture made"] = undefined;
    expect(deleted.payment.captures).toEqual([]);
    await expect(capture(deleted, "50.00")).rejects.toMatchObject({ code: "SEQR_CAPTURE_DIFFERS" });
    expect(await process(deleted)).toMatchObject({ state: "completed" });

    world.points["capture kept"] = () => {
      throw new ProcessDied();
    };
    await expect(capture(unfinished)).rejects.toThrow(ProcessDied);
    world.points["capture kept"] = undefined;
    expect(await process(unfinished)).toMatchObject({ state: "committed" });
    expect(await processLate(unfinished)).toMatchObject({ state: "completed" });
    for (const sale of [deleted, unfinished]) {
      expect(takenOf(sale)).toEqual(["100.00"]);
      expect(sale.payment.captures).toMatchObject([{ amount: "100.00" }]);
      expect(entriesOf(sale)).toEqual(sale.payment.captures?.map(({ id }) => id));
    }
  });

  it.each(["capture made", "capture kept"] as const)(
    "has the capture once when core stands still at '%s', and goes on after the plugin has recorded it",
    async (point) => {
      const sale = await placed();
      let goOn = (): void => undefined;
      const isStanding = new Promise<void>((resolve) => {
        world.points[point] = () => {
          world.points[point] = undefined;
          resolve();
          return new Promise<void>((goes) => (goOn = goes));
        };
      });
      const capturing = capture(sale);
      await isStanding;
      await process(sale);
      expect(await processLate(sale)).toMatchObject({ state: "completed", problem: null });
      goOn();
      await capturing;
      expect([takenOf(sale), sale.payment.captures?.length]).toEqual([["100.00"], 1]);
      expect(entriesOf(sale)).toEqual(sale.payment.captures?.map(({ id }) => id));
    },
  );

  it("has the plugin's entry of the capture deleted when core has been about to add its own", async () => {
    const sale = await placed();
    world.points["capture kept"] = () => {
      throw new ProcessDied();
    };
    await expect(capture(sale)).rejects.toThrow(ProcessDied);
    await process(sale);
    expect(await processLate(sale)).toMatchObject({ state: "completed", attempts: 1 });
    const [{ id = "" } = {}] = sale.payment.captures ?? [];
    expect([sale.order.captures, sale.order.captures_by_plugin]).toEqual([[], [id]]);
    sale.order.captures.push(id);
    await world.processInvoice(await world.row(sale.invoice), "watch");
    expect([sale.order.captures, sale.order.captures_by_plugin]).toEqual([[id], []]);
  });

  it("is captured when the process died before it asked SEQR, though the store charges at once by now", async () => {
    const sale = await placed();
    sale.payment.captures?.push({ id: "capt_unasked", amount: "70.00" });
    const { options } = world.seqr.terminals.first;
    options.capture = "automatic";
    await reconcileCaptures(world.processing).finally(() => (options.capture = "manual"));
    expect(await process(sale)).toMatchObject({ state: "completed", amount: "70.00" });
    expect([takenOf(sale), sale.payment.captures?.map(({ amount }) => amount)]).toEqual([
      ["70.00"],
      ["70.00"],
    ]);
  });

  it("is listed, or captured by option, in the last quarter of its time", async () => {
    const sale = await placed();
    await world.tick(5 * HOUR);
    expect(await process(sale)).toMatchObject({ state: "awaiting_capture", problem: null });
    await world.tick(2 * HOUR);
    const processed = await process(sale);
    if (isByPlugin) expect([processed.state, takenOf(sale)]).toEqual(["completed", ["100.00"]]);
    else expect(processed).toMatchObject({ state: "awaiting_capture", problem: "SEQR_RESERVATION_LAPSES" });
  });

  it("is listed, or captured by option, when it was placed in the last minute of the reservation", async () => {
    const { invoice } = await world.checkout();
    await world.take(invoice);
    await world.tick(8 * HOUR - 50);
    await world.processInvoice(invoice);
    const placed = await world.row(invoice);
    expect(placed).toMatchObject({ state: "awaiting_capture", problem: null });
    const due = Number(placed.due_at);
    expect(due).toBeLessThan(Number(placed.reserved_until));
    await world.tick((due - Number(world.now())) / 1_000);
    expect(await world.processInvoice(invoice)).toMatchObject(
      isByPlugin ? { state: "completed" } : { state: "awaiting_capture", problem: "SEQR_RESERVATION_LAPSES" },
    );
  });

  it("shows that it is unpaid once it has lapsed", async () => {
    const sale = await placed();
    await world.tick(9 * HOUR);
    expect(await process(sale)).toMatchObject({
      state: "lapsed",
      problem: "SEQR_RESERVATION_LAPSED",
      attempts: 0,
    });
    expect([sale.payment.isCanceled, takenOf(sale)]).toEqual([true, []]);
  });

  it.each([
    ["was cancelled", ({ order }: Reserved) => void (order.isCanceled = true), true],
    ["was paid in another way", ({ order }: Reserved) => void (order.outstanding = "0.00"), true],
    [
      "has another reservation over what is to be paid",
      async ({ order }: Reserved) => {
        const other = await placed();
        const row = present(world.ledger.invoices.find(({ id }) => id === other.invoice.id));
        Object.assign(row, { order_id: order.id });
      },
      true,
    ],
    ["was paid in part", ({ order }: Reserved) => void (order.outstanding = "40.00"), false],
    ["is as it was", () => undefined, false],
  ] as [string, (sale: Reserved) => unknown, boolean][])(
    "that has lapsed is listed until its order needs nothing: it %s",
    async (_, change, isCleared) => {
      const sale = await placed();
      await world.tick(9 * HOUR);
      await process(sale);
      await change(sale);
      await clearLapses(world.processing);
      expect(await world.row(sale.invoice)).toMatchObject({
        state: "lapsed",
        problem: isCleared ? null : "SEQR_RESERVATION_LAPSED",
      });
    },
  );

  it("is captured at what is outstanding when staff have edited it", async () => {
    const sale = await placed();
    sale.order.outstanding = "80.00";
    await world.ledger.update(sale.invoice.id, { reason: "order_changed" }, ["awaiting_capture"]);
    expect(await process(sale)).toMatchObject({ state: "completed", amount: "80.00", reason: null });
    expect(world.rows.collections.get(sale.payment.collectionId)?.amount).toBe("80.00");
  });

  /** Core has cancelled the collection, and asks the provider to cancel the payment; it only logs what the provider throws. */
  const edit = async ({ payment, order }: Reserved, outstanding: string, status = "canceled") => {
    Object.assign(order, { outstanding, changedAt: world.now() });
    present(world.rows.collections.get(payment.collectionId)).status = status;
    const context = { idempotency_key: payment.id };
    return world.provider.cancelPayment({ data: payment.data, context }).then(
      () => "canceled",
      ({ code }: { code: string }) => code,
    );
  };
  const collectionOf = ({ payment }: Reserved) => world.rows.collections.get(payment.collectionId);
  const watch = async ({ invoice }: Reserved) => world.processInvoice(await world.row(invoice), "watch");

  it("is captured once staff have left the order alone for some seconds", async () => {
    const sale = await placed();
    expect(await edit(sale, "80.00")).toBe("SEQR_RESERVATION_KEPT");
    expect(await watch(sale)).toMatchObject({ state: "awaiting_capture", reason: "order_changed" });
    expect(takenOf(sale)).toEqual([]);
    world.pass(9);
    expect(await watch(sale)).toMatchObject({ state: "awaiting_capture" });
    world.pass(2);
    expect(await watch(sale)).toMatchObject({ state: "completed", amount: "80.00", attempts: 1 });
    expect(collectionOf(sale)).toMatchObject({ amount: "80.00", status: "completed" });
  });

  it("stays reserved while a return is only requested, and is captured once it was received", async () => {
    const sale = await placed();
    sale.order.requested = "30.00";
    expect(await edit(sale, "70.00")).toBe("SEQR_RESERVATION_KEPT");
    world.pass(11);
    expect(await watch(sale)).toMatchObject({ state: "awaiting_capture", reason: null, problem: null });
    expect([takenOf(sale), collectionOf(sale)?.status]).toEqual([[], "authorized"]);

    sale.order.requested = "0.00";
    expect(await edit(sale, "70.00")).toBe("SEQR_RESERVATION_KEPT");
    world.pass(11);
    expect(await watch(sale)).toMatchObject({ state: "completed", amount: "70.00" });
    expect(takenOf(sale)).toEqual(["70.00"]);
  });

  it("has its collections adjusted when staff edit it while the outcome of its capture is unknown", async () => {
    const sale = await placed();
    for (const operation of ["commitReservation", "getPaymentStatus"])
      world.sandbox.faults.add({ operation, kind: "lost-answer" });
    await expect(capture(sale, "60.00")).rejects.toMatchObject({ code: "SEQR_CAPTURE_UNKNOWN" });
    expect(await world.row(sale.invoice)).toMatchObject({ state: "capturing" });
    expect(await edit(sale, "80.00")).toBe("SEQR_CAPTURE_RUNNING");
    expect(await process(sale)).toMatchObject({ state: "completed", amount: "60.00", reason: null });
    expect([takenOf(sale), collectionOf(sale)]).toMatchObject([
      ["60.00"],
      { amount: "60.00", status: "completed" },
    ]);
  });

  it("has its collections adjusted when it was edited without the provider, and staff capture it later", async () => {
    const sale = await placed();
    present(collectionOf(sale)).status = "canceled";
    await capture(sale, "60.00");
    expect(await process(sale)).toMatchObject({ state: "completed", reason: null });
    expect(collectionOf(sale)).toMatchObject({ amount: "60.00", status: "completed" });
  });

  it("keeps its payment when staff edit it after a part of it was captured", async () => {
    const sale = await placed();
    await capture(sale, "60.00");
    await process(sale);
    expect(await edit(sale, "80.00", "partially_captured")).toBe("SEQR_CAPTURED_ONCE");
    expect(await world.row(sale.invoice)).toMatchObject({
      ...{ state: "completed", order_id: sale.order.id, problem: null },
    });
    expect(await watch(sale)).toMatchObject({ state: "completed", reason: null, problem: null });
    expect(collectionOf(sale)).toMatchObject({ amount: "60.00", status: "completed" });
  });

  it("of which a part was captured has the reservation of the rest captured at what is left when staff edit it", async () => {
    const [sale, rest] = [await placed(), await placed("40.00")];
    await capture(sale, "60.00");
    await process(sale);
    present(collectionOf(rest)).orderId = sale.order.id;
    await world.ledger.update(rest.invoice.id, { order_id: sale.order.id }, ["awaiting_capture"]);
    expect(await edit(sale, "10.00")).toBe("SEQR_CAPTURED_ONCE");
    world.pass(11);
    await watchDue(world.processing);
    expect(await world.row(rest.invoice)).toMatchObject({ state: "completed", amount: "10.00" });
    expect([takenOf(sale), takenOf(rest)]).toEqual([["60.00"], ["10.00"]]);
  });

  it("is placed anew when core rolls its order back after a part of it was captured", async () => {
    const sale = await placed();
    await capture(sale, "60.00");
    await process(sale);
    await expect(world.provider.cancelPayment({ data: sale.payment.data })).rejects.toMatchObject({
      code: "SEQR_CAPTURED_ONCE",
    });
    expect(await watch(sale)).toMatchObject({ state: "completed" });
    world.rows.orders.delete(sale.order.id);
    expect(await watch(sale)).toMatchObject({ state: "paid", reason: "compensated" });
  });

  it.each([false, true])(
    "is listed when core's sum leaves its capture out (found later: %s)",
    async (isFoundLater) => {
      const sale = await placed();
      await edit(sale, "80.00");
      sale.order.isMiscounted = !isFoundLater;
      world.pass(11);
      expect(await watch(sale)).toMatchObject({ state: "completed", amount: "80.00" });
      sale.order.isMiscounted = true;
      expect(await watch(sale)).toMatchObject({ problem: "SEQR_CAPTURE_NOT_RECORDED" });
    },
  );

  it("is listed, or captured by option, in time, when its terminal was missing and is in the options again", async () => {
    const sale = await placed();
    await world.ledger.update(sale.invoice.id, { problem: "SEQR_TERMINAL_UNKNOWN" }, ["awaiting_capture"]);
    world.pass(7 * HOUR);
    await listUnknownTerminals(world.seqr);
    expect(await world.row(sale.invoice)).toMatchObject({ problem: null, due_at: sale.invoice.due_at });
    await watchDue(world.processing);
    expect(await world.row(sale.invoice)).toMatchObject(
      isByPlugin ? { state: "completed" } : { state: "awaiting_capture", problem: "SEQR_RESERVATION_LAPSES" },
    );
  });

  it("has no problem when SEQR does not answer a poll", async () => {
    const sale = await placed();
    await world.tick(61);
    world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "result-code", resultCode: 90 });
    for (const attempts of [1, 0]) {
      await process(sale);
      const problem = null;
      expect(await world.row(sale.invoice)).toMatchObject({ state: "awaiting_capture", problem, attempts });
    }
  });

  it("is released when it is cancelled, and SEQR was not asked", async () => {
    const sale = await placed();
    sale.order.isCanceled = true;
    await refundCanceledOrders(world.processing, [sale.order.id]);
    expect(await world.row(sale.invoice)).toMatchObject({ state: "canceled", reason: "order_canceled" });
    expect(takenOf(sale)).toEqual([]);
  });

  it("does not come to be when the cart cannot become one: the reservation is released", async () => {
    const { invoice, cartId } = await world.checkout();
    present(world.rows.carts.get(cartId)).obstacle = new MedusaError("not_allowed", "Not enough stock");
    await world.pay(invoice);
    expect(await world.processInvoice(invoice)).toMatchObject({
      state: "canceled",
      reason: "order_impossible",
    });
    expect(world.sandbox.core.invoice(invoice.invoice_reference ?? "")?.status).toBe("CANCELED");
  });

  it.each([false, true])(
    "is released with the payment that an interrupted completion has left (session deleted: %s)",
    async (isDeleted) => {
      const { invoice, cartId, collectionId } = await world.checkout();
      const collection = present(world.rows.collections.get(collectionId));
      await world.pay(invoice);
      world.points["payment written"] = () => {
        throw new ProcessDied();
      };
      await expect(world.store.completeCart(cartId)).rejects.toBeInstanceOf(ProcessDied);
      world.points["payment written"] = undefined;
      world.rows.orders.delete(collection.orderId ?? "");
      collection.orderId = undefined;
      present(world.rows.carts.get(cartId)).obstacle = new MedusaError("not_allowed", "Not enough stock");
      if (isDeleted) world.rows.sessions.delete(invoice.session_id);

      await world.tick(61);
      expect(await world.processInvoice(invoice)).toMatchObject({
        state: "canceled",
        reason: isDeleted ? "session_gone" : "order_impossible",
      });
      expect(world.paymentOf(invoice.session_id)).toMatchObject({ isCanceled: true });
    },
  );
});
