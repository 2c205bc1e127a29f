import type { MedusaContainer } from "@medusajs/framework/types";
import { lastChangeOf, orderOf } from "../../../src/medusa/read-order";

describe("an order of Medusa", () => {
  /** @param summed what core's sum says of the transactions */
  const read = (summed: number, transactions: number[], requested = 0) => {
    const total = 366.9;
    const summary = { transaction_total: summed, pending_difference: total - requested - summed };
    const module = {
      retrieveOrder: async () => ({
        id: "order_1",
        total,
        summary,
        status: "pending",
        version: 1,
        created_at: 0,
      }),
      listOrderTransactions: async () => transactions.map((amount) => ({ amount })),
    };
    return orderOf({ resolve: () => module } as unknown as MedusaContainer, "order_1");
  };

  it.each([
    ["nothing is paid", 0, [], 0, "366.90", "366.90"],
    ["a part is paid, and a part of it was refunded", 80, [100, -20], 0, "286.90", "286.90"],
    ["a return is requested", 0, [], 129, "237.90", "366.90"],
    ["all is paid, and a return is requested", 366.9, [366.9], 129, "-129.00", "0.00"],
  ])("needs what is not paid when %s", async (_, summed, transactions, requested, outstanding, unpaid) => {
    expect(await read(summed, transactions, requested)).toMatchObject({
      outstanding,
      unpaid,
      isCounted: true,
    });
  });

  it("is paid by its transactions, also when core's sum leaves one out", async () => {
    expect(await read(0, [366.9])).toMatchObject({ outstanding: "0.00", unpaid: "0.00", isCounted: false });
    expect(await read(100, [100, 266.9], 50)).toMatchObject({ outstanding: "-50.00", isCounted: false });
  });

  it("was changed last at the time of its latest change", async () => {
    const changedAt = (...updated_at: string[]) => {
      const listOrderChanges = async () => updated_at.map((at) => ({ updated_at: at }));
      return lastChangeOf({ resolve: () => ({ listOrderChanges }) } as unknown as MedusaContainer, "order_1");
    };
    expect(await changedAt()).toBeUndefined();
    expect(await changedAt("2026-11-29T09:00:00Z")).toEqual(new Date("2026-11-29T09:00:00Z"));
  });
});
