import { returnMoneyOf } from "../../../src/workflows/canceled-orders";
import { startStoreWorld, type StoreWorld } from "./store-world";

describe("the money of a cancelled order", () => {
  let world: StoreWorld;
  let bought: Awaited<ReturnType<StoreWorld["ordered"]>>;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.ordered();
  });
  afterEach(() => world.stop());
  const returnMoney = () => returnMoneyOf(world.settling, [bought.order.id]);

  it("goes back when core has not refunded it", async () => {
    await returnMoney();
    expect(await world.row(bought.invoice)).toMatchObject({ state: "returned", reason: "order_canceled" });
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    expect(bought.payment.refunds).toMatchObject([{ amount: "100.00" }]);
  });

  it("goes back as far as it is still here", async () => {
    await world.refund(bought.payment, "99.99");
    await returnMoney();
    expect(world.refundsAtSeqr()).toEqual(["99.99", "0.01"]);
  });

  it("is left alone when core has refunded all of it", async () => {
    await world.refund(bought.payment, "100.00");
    const before = await world.row(bought.invoice);
    await returnMoney();
    expect(await world.row(bought.invoice)).toEqual(before);
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });

  it("goes back once when several processes see it at once", async () => {
    await Promise.all([returnMoney(), returnMoneyOf(world.another(), [bought.order.id]), returnMoney()]);
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });

  it("begins anew to count failures", async () => {
    await world.ledger.update(bought.invoice.id, { attempts: 7 }, ["settled"]);
    world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
    await returnMoney();
    expect(await world.row(bought.invoice)).toMatchObject({
      ...{ state: "owed", reason: "order_canceled", attempts: 1, problem: "SEQR_23" },
    });
  });

  it("of other orders stays", async () => {
    await returnMoneyOf(world.settling, ["order_other"]);
    expect(world.refundsAtSeqr()).toEqual([]);
  });
});
