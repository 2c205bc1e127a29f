import { recordRefundsInOrders, refundsMissingInOrders } from "../../../src/medusa/order-refunds";
import { SmallMedusa } from "./small-medusa";

describe("refunds that a payment has", () => {
  let medusa: SmallMedusa;
  beforeEach(() => {
    medusa = new SmallMedusa();
    for (const id of ["order_1", "order_other"]) {
      const summary = { pending_difference: "0", transaction_total: "100" };
      medusa.place(id, "100", { summary });
    }
    medusa.pay({}, { order_id: "order_1" });
    medusa.pay({ currency_code: "eur" }, { order_id: null });
  });

  const refund = (id: string, amount: string, seconds = 0, of = 0): void => {
    const refund_reason = { label: "Broken", code: "broken" };
    const created_at = new Date(seconds * 1_000);
    medusa.payments[of]?.refunds.push({ id, raw_amount: { value: amount }, created_at, refund_reason });
  };
  const missing = async (...ids: string[]): Promise<string[]> =>
    (await refundsMissingInOrders(medusa.container, ids)).map(({ id }) => id);
  const record = (...ids: string[]) => recordRefundsInOrders(medusa.container, ids);
  const pending = (pending_difference: string | undefined): void =>
    void Object.assign(medusa.orders[0]?.summary ?? {}, { pending_difference });
  const booked = () => medusa.changes.filter((change) => change.startsWith("book"));
  const credited = () =>
    medusa.changes
      .filter((change) => change.startsWith("add"))
      .map((change) => (JSON.parse(change.slice(4)) as { amount: string }).amount);

  it("are missing in its order when no refund of the order is of them", async () => {
    refund("ref_1", "30");
    refund("ref_2", "20");
    refund("ref_3", "10", 0, 1);
    medusa.book("ref_1", { reference: "refund", amount: "-30" });
    medusa.book("ref_2", { reference: "capture" });
    expect(await missing("ref_1", "ref_2", "ref_3")).toEqual(["ref_2"]);
    expect(await missing("ref_1")).toEqual([]);
    expect(await missing()).toEqual([]);
  });

  it.each([
    [
      "core's own of its cancellation stands for the latest that is not there",
      "pay_1",
      "order_1",
      "refund",
      [],
    ],
    ["of another order, nothing stands for it", "pay_1", "order_other", "refund", ["ref_1"]],
    ["of a capture, nothing stands for it", "pay_1", "order_1", "capture", ["ref_1"]],
  ])("are counted: %s", async (_, reference_id, order_id, reference, expected) => {
    refund("ref_1", "30", 1);
    refund("ref_2", "20", 2);
    medusa.book("ref_2", { reference: "refund", amount: "-20" });
    medusa.book(reference_id, { reference, order_id, amount: "-30" });
    expect(await missing("ref_1", "ref_2")).toEqual(expected);
  });

  it("are written there, after a credit line as core writes it", async () => {
    refund("ref_1", "40");
    await record("ref_1");
    const about = { action: "CREDIT_LINE_ADD", amount: "40", reference: "Broken", reference_id: "broken" };
    expect(medusa.changes).toEqual([
      `begin ${JSON.stringify({ order_id: "order_1", change_type: "credit_line" })}`,
      `add ${JSON.stringify({ order_change_id: "ordch_1", order_id: "order_1", version: 2, ...about })}`,
      ...["confirm ordch_1", "book ref_1"],
    ]);
    expect(medusa.transactions).toEqual([
      {
        order_id: "order_1",
        amount: "-40",
        currency_code: "sek",
        reference: "refund",
        reference_id: "ref_1",
      },
    ]);
  });

  it.each([
    ["0", ["40"]],
    ["0.5", ["40"]],
    ["-39.5", ["0.5"]],
    ["-40", []],
    [undefined, ["40"]],
  ])("are credited as far as the order does not owe them (%s is to be paid)", async (unpaid, credit) => {
    refund("ref_1", "40");
    pending(unpaid);
    await record("ref_1");
    expect([credited(), booked()]).toEqual([credit, ["book ref_1"]]);
  });

  it.each([
    ["pending", false],
    ["requested", false],
    ["confirmed", true],
  ])("wait for a change of the order, but not for one that is %s", async (status, isWritten) => {
    refund("ref_1", "40");
    medusa.orderChanges.push({ id: "ordch_0", order_id: "order_1", status });
    medusa.orderChanges.push({ id: "ordch_other", order_id: "order_other", status: "pending" });
    await record("ref_1");
    expect(booked()).toHaveLength(isWritten ? 1 : 0);
  });

  it("leave no change of the order behind when they could not be credited", async () => {
    refund("ref_1", "40");
    medusa.isUnconfirmable = true;
    await expect(record("ref_1")).rejects.toThrow("Medusa is away");
    expect(medusa.changes.slice(2)).toEqual(["delete ordch_1"]);
  });
});
