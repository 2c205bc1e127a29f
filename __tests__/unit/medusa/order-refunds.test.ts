import type { MedusaContainer } from "@medusajs/framework/types";
import { medusaStore } from "../../../src/medusa/medusa-store";
import { reconcileRefunds } from "../../../src/processing/refunds/reconcile-refunds";
import { containerOf, gate, ProcessDied, startStoreWorld, type StoreWorld } from "../processing/store-world";

describe("the refunds of a payment of 100 kronor, in its order", () => {
  let world: StoreWorld;
  let bought: Awaited<ReturnType<StoreWorld["ordered"]>>;
  let container: MedusaContainer;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.ordered();
    container = containerOf(world);
    const { refundsMissingInOrders, recordRefundsInOrders } = medusaStore(container);
    Object.assign(world.store, { refundsMissingInOrders, recordRefundsInOrders });
  });
  afterEach(() => world.stop());

  const order = () => bought.order;
  const inOrder = () => order().refunds.map(({ amount }) => Number(amount));
  const credits = () => order().credits.map(({ amount }) => Number(amount));
  /** The payment has it, and core breaks off before the order has. */
  const broken = async (amount: string): Promise<string> => {
    world.points["refund kept"] = () => {
      throw new ProcessDied();
    };
    await expect(world.refund(bought.payment, amount)).rejects.toBeInstanceOf(ProcessDied);
    world.points["refund kept"] = undefined;
    return bought.payment.refunds.at(-1)?.id ?? "";
  };
  const reconcile = async (context = world.processing): Promise<void> => {
    world.pass(121);
    await reconcileRefunds(context);
  };

  it.each([
    // What the order has outstanding, refunds that its books have, the refund; then the credit line, and what it has outstanding.
    ["0.00", [], "40.00", [40], 0],
    ["-10.00", [], "40.00", [30], 0],
    ["-40.00", [], "40.00", [], 0],
    ["-70.00", [], "40.00", [], -30],
    ["25.00", [], "40.00", [40], 25],
    ["0.00", ["30.00", "20.00"], "40.00", [40], 0],
  ])(
    "are written there when core broke off: %s is to be paid, %j are there, %s is added",
    async (outstanding, earlier, amount, credit, left) => {
      for (const one of earlier) await world.refund(bought.payment, one);
      order().outstanding = outstanding;
      const id = await broken(amount);
      await reconcile();
      await reconcile();
      expect(order().refunds.at(-1)?.id).toBe(id);
      expect(inOrder()).toEqual([...earlier, amount].map(Number));
      expect(credits()).toEqual(credit);
      expect(Number(order().outstanding)).toBe(left);
    },
  );

  it("name in the credit line what core names there", async () => {
    await broken("10.00");
    await reconcile();
    await broken("20.00");
    Object.assign(bought.payment.refunds[1] ?? {}, { reason: { label: "Broken", code: "broken" } });
    await reconcile();
    expect(order().credits).toEqual([
      { amount: "10", reference: "payment_collection", reference_id: bought.collectionId },
      { amount: "20", reference: "Broken", reference_id: "broken" },
    ]);
  });

  it("are not searched for further when all are there, and keep nobody from the payment", async () => {
    await world.refund(bought.payment, "40.00");
    const claims = jest.spyOn(world.seqr.ledger, "acquireLease");
    const graph = jest.spyOn(container.resolve("query"), "graph");
    await reconcile();
    expect([claims.mock.calls, graph.mock.calls]).toEqual([[], []]);
    expect(inOrder()).toEqual([40]);
  });

  it("are left to core for two minutes, and searched for during three days", async () => {
    await broken("40.00");
    world.pass(119);
    await reconcileRefunds(world.processing);
    expect(inOrder()).toEqual([]);
    await broken("20.00");
    world.pass(2);
    await reconcileRefunds(world.processing);
    expect(inOrder()).toEqual([40]);
    world.pass(3 * 24 * 3_600);
    await reconcile();
    expect(inOrder()).toEqual([40]);
  });

  it("are written there once by two processes at once, and by one that comes late", async () => {
    await broken("40.00");
    const late = world.another();
    const held = gate();
    const acquire = late.seqr.ledger.acquireLease.bind(late.seqr.ledger);
    jest
      .spyOn(late.seqr.ledger, "acquireLease")
      .mockImplementation((...asked) => held.pass().then(() => acquire(...asked)));
    world.pass(121);
    const second = reconcileRefunds(late);
    await held.reached;
    await Promise.all([reconcileRefunds(world.processing), reconcileRefunds(world.another())]);
    held.open();
    await second;
    expect([inOrder(), credits()]).toEqual([[40], [40]]);
  });

  it.each(["order gets a credit", "order books a refund"] as const)(
    "are written there the next time when the first fails as the %s",
    async (point) => {
      await broken("40.00");
      world.points[point] = () => {
        world.points[point] = undefined;
        throw new Error("away");
      };
      await reconcile();
      expect([inOrder(), order().isEdited]).toEqual([[], false]);
      await reconcile();
      expect([inOrder(), credits(), Number(order().outstanding)]).toEqual([[40], [40], 0]);
    },
  );

  it("wait until nobody changes the order any more, if it needs a credit line", async () => {
    await broken("40.00");
    order().isEdited = true;
    await reconcile();
    expect([inOrder(), order().isEdited]).toEqual([[], true]);
    order().isEdited = false;
    await reconcile();
    expect(inOrder()).toEqual([40]);
  });

  it("are those that SEQR has made", async () => {
    world.points["refund written"] = () => {
      throw new ProcessDied();
    };
    await expect(world.refund(bought.payment, "40.00")).rejects.toBeInstanceOf(ProcessDied);
    world.points["refund written"] = undefined;
    world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97 });
    await reconcile();
    await reconcile();
    expect([bought.payment.refunds.length, inOrder()]).toEqual([1, []]);
  });

  describe("that was cancelled, whose refund core adds under the payment's id", () => {
    const cancel = (amount: string): unknown => order().refunds.push({ id: bought.payment.id, amount });

    it("are not written there again", async () => {
      await broken("100.00");
      cancel("100.00");
      await reconcile();
      expect(inOrder()).toEqual([100]);
    });

    it("are written there when they are older than what was cancelled", async () => {
      const id = await broken("30.00");
      world.pass(1);
      await broken("70.00");
      cancel("70.00");
      order().isCanceled = true;
      await reconcile();
      expect(order().refunds.at(-1)?.id).toBe(id);
      expect([inOrder(), credits()]).toEqual([[70, 30], [30]]);
    });

    it("are counted by payment", async () => {
      const other = await world.ordered();
      await broken("40.00");
      order().refunds.push({ id: other.payment.id, amount: "40.00" });
      await reconcile();
      expect(inOrder()).toEqual([40, 40]);
    });
  });

  it("of a payment without an order are in no order", async () => {
    await broken("40.00");
    world.rows.orders.delete(order().id);
    await reconcile();
    expect([inOrder(), credits()]).toEqual([[], []]);
  });
});
