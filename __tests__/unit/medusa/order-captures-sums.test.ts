import { recordCaptureInOrder } from "../../../src/medusa/order-captures";
import { SmallMedusa } from "./small-medusa";

/** As the plugin names its transaction of the capture. */
const OURS = "ordtrx_seqr_capt_1";
const capture = (id: string, amount: string) => ({ id, amount, created_at: new Date(0) });

describe("the transactions of captures that the plugin adds to an order", () => {
  let medusa: SmallMedusa;
  beforeEach(() => {
    medusa = new SmallMedusa();
    medusa.place("order_1", "100");
    medusa.pay({ captures: [capture("capt_1", "60"), capture("capt_2", "25")] }, { order_id: "order_1" });
    medusa.pay({ payment_collection_id: "pay_col_1", captures: [capture("capt_other", "15")] });
  });

  const record = (captureId: string | null) =>
    recordCaptureInOrder(medusa.container, "order_1", "pay_1", true, captureId);
  const added = () => medusa.transactions.map(({ id }) => id);

  it("are that of one capture, when one is meant", async () => {
    expect(await record("capt_1")).toBe("plugin");
    expect(medusa.transactions).toEqual([
      {
        id: OURS,
        order_id: "order_1",
        amount: "60",
        currency_code: "sek",
        reference: "capture",
        reference_id: "capt_1",
      },
    ]);
  });

  it("are those of all captures of the payment, when none is named", async () => {
    expect(await record(null)).toBe("plugin");
    expect(added()).toEqual([OURS, "ordtrx_seqr_capt_2"]);
  });

  it("come after the collection shows what was captured, and that it is all", async () => {
    await record("capt_1");
    expect(medusa.changes).toEqual(["update pay_col_1", `book ${OURS}`]);
    expect(medusa.collections[0]).toMatchObject({
      ...{ captured_amount: 100, status: "completed", completed_at: expect.any(Date) },
    });
  });

  it("do not make the collection complete that has a part", async () => {
    Object.assign(medusa.collections[0] ?? {}, { amount: 100.01 });
    await record("capt_1");
    expect(medusa.collections[0]).toMatchObject({
      ...{ captured_amount: 100, status: "authorized", completed_at: null },
    });
  });

  it.each([
    // Core has written its sum over the plugin's: the sum is right without the plugin's transaction.
    ["120", `delete the row ${OURS}`],
    // Core's sum has the plugin's transaction as well.
    ["180", `delete ${OURS} and its sums`],
    [undefined, `delete ${OURS} and its sums`],
  ])("are deleted when core adds its own (sum %s)", async (transaction_total, change) => {
    Object.assign(medusa.orders[0]?.summary ?? {}, { transaction_total });
    medusa.book("capt_1", { amount: "60" });
    medusa.book("capt_1", { id: OURS, amount: "60" });
    medusa.book("capt_1", { id: "ordtrx_more", amount: "60", reference: "more" });
    medusa.book("capt_9", { order_id: "order_other", amount: "7" });
    expect(await record("capt_1")).toBe("core");
    expect(medusa.changes).toEqual([change]);
    expect(added()).toEqual(["ordtrx_capt_1", "ordtrx_more", "ordtrx_capt_9"]);
  });

  it("are deleted with the sums of an order of which core has none, unless there is nothing else", async () => {
    Object.assign(medusa.orders[0]?.summary ?? {}, { transaction_total: undefined });
    medusa.book("capt_1", { amount: "0" });
    medusa.book("capt_1", { id: OURS, amount: "60" });
    expect(await record("capt_1")).toBe("core");
    expect(medusa.changes).toEqual([`delete the row ${OURS}`]);
  });
});
