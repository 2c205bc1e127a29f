import { Modules } from "@medusajs/framework/utils";
import type { IOrderModuleService, MedusaContainer } from "@medusajs/framework/types";
import { recordCaptureInOrder } from "../../../src/medusa/order-captures";
import { containerOf, startStoreWorld, type StoreWorld } from "../processing/store-world";

describe("the capture of a payment, in the books of its order", () => {
  let world: StoreWorld;
  let bought: Awaited<ReturnType<StoreWorld["ordered"]>>;
  let container: MedusaContainer;
  let orders: IOrderModuleService;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.ordered();
    container = containerOf(world);
    orders = container.resolve(Modules.ORDER);
  });
  afterEach(() => world.stop());

  const book = (isOverdue = true) =>
    recordCaptureInOrder(container, bought.order.id, bought.payment.id, isOverdue, null);
  const entries = () => {
    const { captures, captures_by_plugin } = bought.order;
    return [captures, captures_by_plugin];
  };

  it("is core's, and nothing is written", async () => {
    const [added, deleted] = [
      jest.spyOn(orders, "addOrderTransactions"),
      jest.spyOn(orders, "deleteOrderTransactions"),
    ];
    const read = jest.spyOn(orders, "listOrderTransactions");
    expect([await book(false), await book()]).toEqual(["core", "core"]);
    // And not of all orders of the store.
    expect(read).toHaveBeenCalledWith({ order_id: bought.order.id, reference: "capture" });
    expect([added.mock.calls, deleted.mock.calls]).toEqual([[], []]);
  });

  it("is the plugin's only when core is overdue, beside those of other payments", async () => {
    await world.ordered();
    bought.order.captures = ["pay_other"];
    expect([await book(false), await book(), await book()]).toEqual(["none", "plugin", "plugin"]);
    expect(entries()).toEqual([["pay_other"], [bought.payment.id]]);
  });

  it("is written by one of two processes, whose database refuses it to the other", async () => {
    bought.order.captures = [];
    const both = await Promise.allSettled([book(), book()]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(entries()).toEqual([[], [bought.payment.id]]);
  });

  it("is core's alone when both have written it, and stays to be looked at while that fails", async () => {
    bought.order.captures_by_plugin = [bought.payment.id];
    jest.spyOn(orders, "deleteOrderTransactions").mockRejectedValueOnce(new Error("away"));
    await expect(book(false)).rejects.toThrow("away");
    expect(await book(false)).toBe("core");
    expect(entries()).toEqual([[bought.payment.id], []]);
  });

  it("leaves the order's sums alone when core's have been written over the plugin's", async () => {
    Object.assign(bought.order, { captures_by_plugin: [bought.payment.id], sum: 1 });
    const subtracted = jest.spyOn(orders, "listOrderTransactions");
    expect(await book()).toBe("core");
    expect(entries()).toEqual([[bought.payment.id], []]);
    expect(subtracted).toHaveBeenCalledTimes(2);
  });

  it("waits while somebody is writing about the order", async () => {
    bought.order.captures = [];
    bought.order.isLocked = true;
    expect(await book()).toBe("none");
    bought.order.captures_by_plugin = [bought.payment.id];
    expect(await book()).toBe("plugin");
  });
});
