import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import type { PollSource } from "../../../src/modules/seqr/operations/poll-payment-status";
import { authorizePayment } from "../../../src/modules/seqr/operations/authorize-payment";
import { present } from "../modules/ledger-contract";
import { ProcessDied, startStoreWorld, type Checkout, type StoreWorld } from "./store-world";

describe("a captured payment", () => {
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
  const orders = () => [...world.rows.orders.values()];
  /** SEQR has the money, the ledger knows, Medusa does not. */
  const paid = (): Promise<void> => world.take(invoice);
  const dropSession = (): void => void world.rows.sessions.delete(bought.session.id);

  /** A process died after Medusa had its payment, or before. */
  const captured = async (at: "payment written" | "authorized"): Promise<void> => {
    await paid();
    world.points[at] = () => {
      throw new ProcessDied();
    };
    await expect(processInvoice()).rejects.toBeInstanceOf(ProcessDied);
    world.points[at] = undefined;
    expect((await world.row(invoice)).state).toBe("captured");
  };
  const DONE = { attempts: 0, due_at: null };
  const placed = () => present(orders()[0]);
  /** Core deletes the order and its links. */
  const rollBack = (orderId: string | null) => {
    world.rows.orders.delete(orderId ?? "");
    for (const collection of world.rows.collections.values())
      if (collection.orderId === orderId) collection.orderId = undefined;
  };
  /** Core enters the capture in the order's books. */
  const enter = () => void placed().captures.push(present(world.rows.payments[0]).id);
  /** Processes it, and lets the seconds pass in which core may go on. */
  const entered = async () => {
    const processing = processInvoice();
    await world.tick(3);
    return processing;
  };

  it("is completed with its order once core has entered the capture in the order's books", async () => {
    await captured("payment written");
    expect(await processInvoice("completion")).toMatchObject({ state: "captured" });
    enter();
    expect(await processInvoice("completion")).toMatchObject({
      ...{ state: "completed", order_id: placed().id },
      ...DONE,
    });
    expect(placed().captures_by_plugin).toEqual([]);
  });

  it("is not processed before, also when the cart was an order already", async () => {
    const backup = world.ledger.copy();
    await world.pay(invoice);
    await processInvoice("notification");
    world.ledger.restore(backup);
    placed().captures = [];
    expect(await processInvoice("completion")).toMatchObject({ state: "captured", order_id: null });
    enter();
    expect(await processInvoice("completion")).toMatchObject({ state: "completed" });
  });

  it("is entered by the plugin when core has not come for a minute, and is looked after then", async () => {
    await captured("payment written");
    world.pass(59.9);
    expect(await processInvoice()).toMatchObject({ state: "captured" });
    world.pass(0.1);
    const processing = processInvoice();
    await world.tick(2.9);
    expect(placed().captures_by_plugin).toEqual([]);
    await world.tick(0.1);
    expect(await processing).toMatchObject({ state: "completed", order_id: placed().id, attempts: 1 });
    expect(placed()).toMatchObject({ captures: [], captures_by_plugin: [world.rows.payments[0]?.id] });
    expect((await world.row(invoice)).due_at).toEqual(new Date(world.now().getTime() + 2_000));
  });

  it("is left to core when that goes on as soon as the plugin does", async () => {
    await captured("payment written");
    world.pass(60);
    const processing = processInvoice();
    await world.tick(2);
    enter();
    await world.tick(1);
    expect(await processing).toMatchObject({ state: "completed", attempts: 0 });
    expect(placed().captures_by_plugin).toEqual([]);
  });

  it("waits while somebody is writing about its order", async () => {
    await captured("payment written");
    world.pass(60);
    placed().isLocked = true;
    expect(await entered()).toMatchObject({ state: "captured" });
    expect(placed().captures_by_plugin).toEqual([]);
    placed().isLocked = false;
    expect(await entered()).toMatchObject({ state: "completed" });
  });

  it("goes on where a process died just after it had entered the capture", async () => {
    await captured("payment written");
    world.pass(60);
    jest.spyOn(world.store, "order").mockImplementationOnce(() => Promise.reject(new ProcessDied()));
    const died = expect(processInvoice()).rejects.toBeInstanceOf(ProcessDied);
    await world.tick(3);
    await died;
    expect(await processInvoice()).toMatchObject({ state: "completed", attempts: 1 });
    expect(placed().captures_by_plugin).toHaveLength(1);
  });

  it("loses the plugin's entry when core enters it after all", async () => {
    await captured("payment written");
    world.pass(60);
    await entered();
    expect(await processInvoice("watch")).toMatchObject({ state: "completed", attempts: 2 });
    enter();
    for (const source of ["completion", "notification", "staff"] as const) await processInvoice(source);
    expect(placed().captures_by_plugin).toHaveLength(1);
    expect(await processInvoice("watch")).toMatchObject({ state: "completed", attempts: 3 });
    expect(placed()).toMatchObject({ captures: [world.rows.payments[0]?.id], captures_by_plugin: [] });
  });

  it("is left alone when another process has completed it meanwhile", async () => {
    await captured("payment written");
    enter();
    world.pass(60);
    const purchaseOf = world.store.purchaseOf.bind(world.store);
    jest.spyOn(world.store, "purchaseOf").mockImplementationOnce(async (sessionId) => {
      const purchase = await purchaseOf(sessionId);
      await world.move(invoice, "completed");
      return purchase && { ...purchase, paymentId: undefined };
    });
    const completing = jest.spyOn(world.store, "completeCart");
    expect(await processInvoice()).toMatchObject({ state: "captured" });
    expect(completing).not.toHaveBeenCalled();
    expect(await world.row(invoice)).toMatchObject({ state: "completed" });
  });

  it("gets another order when core rolls the first one back after all", async () => {
    await captured("payment written");
    world.pass(60);
    const { order_id: rolledBack } = await entered();
    rollBack(rolledBack);
    expect(await processInvoice("watch")).toMatchObject({
      ...{ state: "paid", reason: "compensated", order_id: null, completed_at: null },
      ...{ attempts: 0, due_at: world.now() },
    });
    const again = await processInvoice("watch");
    expect(again).toMatchObject({ state: "completed", order_id: placed().id, reason: null });
    expect(again.order_id).not.toBe(rolledBack);
    expect(world.refundsAtSeqr()).toEqual([]);
  });

  it("is refunded when it is an extra payment and core rolls the order back", async () => {
    const extra = await world.extraPayment("119.80");
    await world.pay(extra.invoice);
    expect(await world.processInvoice(extra.invoice)).toMatchObject({ state: "completed", attempts: 1 });
    rollBack(extra.order.id);
    expect(await world.processInvoice(extra.invoice, "watch")).toMatchObject({ state: "paid" });
    expect(await world.processInvoice(extra.invoice, "watch")).toMatchObject({ state: "refunded" });
    expect(world.refundsAtSeqr()).toEqual(["119.80"]);
  });

  it("gets its entry again when core's roll-back took it away and broke off", async () => {
    await captured("payment written");
    world.pass(60);
    await entered();
    placed().captures_by_plugin = [];
    await processInvoice("watch");
    expect(placed().captures_by_plugin).toHaveLength(1);
  });

  it.each(["recordCaptureInOrder", "order"] as const)("reports that its check failed (%s)", async (step) => {
    await captured("payment written");
    world.pass(60);
    await entered();
    jest.spyOn(world.store, step).mockRejectedValueOnce(new Error("no database"));
    await expect(processInvoice("watch")).rejects.toThrow("no database");
    expect(await world.row(invoice)).toMatchObject({ state: "completed", attempts: 2 });
  });

  it.each(["update", "transition"] as const)("reports that it cannot write (%s)", async (step) => {
    await captured("payment written");
    world.pass(60);
    rollBack((await entered()).order_id);
    const write = jest.spyOn(world.ledger, step).mockRejectedValueOnce(new Error("no database"));
    await expect(processInvoice("watch")).rejects.toThrow("no database");
    write.mockRestore();
  });

  it("is entered too when staff gave it back before, and is looked after then", async () => {
    await captured("payment written");
    await world.refund(present(world.rows.payments[0]), "100.00");
    expect(await world.row(invoice)).toMatchObject({ state: "refunded" });
    await processInvoice("watch");
    expect(placed().captures_by_plugin).toEqual([]);
    expect(await world.row(invoice)).toMatchObject({ state: "refunded", attempts: 1 });
    world.pass(60);
    for (const attempts of [2, 3]) {
      const looking = processInvoice("watch");
      await world.tick(3);
      await looking;
      expect(placed().captures_by_plugin).toHaveLength(1);
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", attempts });
    }
    enter();
    await processInvoice("watch");
    expect(placed()).toMatchObject({ captures_by_plugin: [], isCanceled: false });
    expect(await world.row(invoice)).toMatchObject({ state: "refunded", problem: null, ...DONE });
  });

  it("is looked after for half an hour when it was given back", async () => {
    await captured("payment written");
    await world.refund(present(world.rows.payments[0]), "100.00");
    invoice = await world.row(invoice);
    await world.ledger.update(invoice.id, { attempts: 11 }, ["refunded"]);
    world.pass(60);
    const looking = processInvoice("watch");
    await world.tick(3);
    await looking;
    expect(await world.row(invoice)).toMatchObject({ attempts: 12 });
    await processInvoice("watch");
    expect(await world.row(invoice)).toMatchObject(DONE);
  });

  it("is left as it is when somebody has finished it while core was at it", async () => {
    await paid();
    world.points["payment written"] = (payment) => world.refund(payment, "100.00");
    jest.spyOn(world.store, "recordCaptureInOrder").mockRejectedValue(new Error("the database is away"));
    expect(await processInvoice()).toMatchObject({ state: "refunded", problem: null, attempts: 0 });
  });

  it("is looked after for half an hour, also when a look fails", async () => {
    await captured("payment written");
    world.pass(60);
    await entered();
    const begun = world.now().getTime();
    const looked = jest.spyOn(world.store, "recordCaptureInOrder").mockRejectedValueOnce(new Error("away"));
    for (let { due_at } = await world.row(invoice); due_at; { due_at } = await world.row(invoice)) {
      world.pass((due_at.getTime() - world.now().getTime()) / 1_000);
      await processInvoice("watch").catch(() => undefined);
    }
    expect(looked).toHaveBeenCalledTimes(12);
    expect((world.now().getTime() - begun) / 60_000).toBeCloseTo(28.5, 1);
    expect(placed().captures_by_plugin).toHaveLength(1);
  });

  it("stays with its order when its session is gone", async () => {
    await captured("payment written");
    world.pass(60);
    await entered();
    dropSession();
    for (let look = 1; look <= 12; look++) await processInvoice("watch");
    expect(await world.row(invoice)).toMatchObject({ state: "completed", ...DONE });
  });

  it("without a payment in Medusa has a minute, and is placed again after it", async () => {
    await paid();
    await authorizePayment(world.seqr, bought.session.id, () => Promise.resolve("100.00"));
    world.pass(59.9);
    expect(await processInvoice()).toMatchObject({ state: "captured" });
    expect(orders()).toEqual([]);
    world.pass(0.1);
    expect(await processInvoice()).toMatchObject({ state: "completed", order_id: orders()[0]?.id });
    expect(world.rows.payments).toHaveLength(1);
  });

  it("is refunded after a minute when its session is gone, through Medusa", async () => {
    await captured("payment written");
    dropSession();
    expect(await processInvoice()).toMatchObject({ state: "captured" });
    world.pass(60);
    expect(await processInvoice()).toMatchObject({ state: "refunded", reason: "session_gone" });
    expect(world.rows.payments).toMatchObject([{ refunds: [{ amount: "100.00" }] }]);
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });

  it("is not taken for paid when only the order is there, or only the payment", async () => {
    await captured("payment written");
    const collection = present(world.rows.collections.get(bought.collectionId));
    const { orderId } = collection;
    collection.orderId = undefined;
    expect(await processInvoice()).toMatchObject({ state: "captured" });
    collection.orderId = orderId;
    world.rows.payments.length = 0;
    expect(await processInvoice()).toMatchObject({ state: "captured" });
  });

  it.each([
    ["tells nothing of the capture", () => Promise.resolve("none" as const)],
    ["fails", () => Promise.reject(new Error("no such order"))],
  ])(
    "is refunded in the end when core names an order that it has deleted, and that %s",
    async (_, record) => {
      await captured("payment written");
      const { purchaseOf } = world.store;
      world.rows.orders.clear();
      // The links of an interrupted roll-back lead nowhere.
      jest
        .spyOn(world.store, "purchaseOf")
        .mockImplementation(async (id) => ({ ...present(await purchaseOf(id)), orderId: undefined }));
      jest.spyOn(world.store, "recordCaptureInOrder").mockImplementation(record);
      let processed = await processInvoice();
      for (let minutes = 0; processed.state !== "refunded" && minutes < 2_000; minutes++) {
        world.pass(60);
        processed = await processInvoice();
      }
      expect(processed).toMatchObject({ state: "refunded", reason: "order_impossible" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    },
  );
});
