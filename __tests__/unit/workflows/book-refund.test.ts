import type { InvoiceRecord, RefundRecord } from "../../../src/modules/seqr/ledger";
import { madeRefundMetadata } from "../../../src/providers/seqr/made-refund";
import { bookRefund } from "../../../src/workflows/book-refund";
import { present } from "../modules/ledger-contract";
import { startStoreWorld, type BookRefund, type Payment, type StoreWorld } from "./store-world";

describe("a refund of 50 kronor that SEQR made and Medusa forgot", () => {
  let world: StoreWorld;
  let invoice: InvoiceRecord;
  let payment: Payment;
  let made: RefundRecord;
  beforeEach(async () => {
    world = await startStoreWorld();
    ({ invoice, payment } = await world.ordered());
    const input = { amount: "50.00", idempotencyKey: "ref_deleted", reason: "medusa" };
    made = await world.seqr.refundInvoice(invoice, input);
    world.asked();
  });
  afterEach(() => world.stop());

  const book = async (): Promise<void> =>
    bookRefund(world.settling, await world.row(invoice), present(world.ledger.refunds[0]));
  const threeDays = 3 * 24 * 3_600_000;
  /** A record of Medusa about which nothing was asked of the provider, since the process died. */
  const unasked = (id: string, age = 0, metadata: BookRefund["metadata"] = null): void =>
    void payment.refunds.push({
      ...{ id, amount: "50.00", metadata, at: new Date(world.now().getTime() - age) },
    });
  const booked = () => payment.refunds.map(({ id }) => id);
  const key = () => world.ledger.refunds[0]?.idempotency_key;

  it("is written into Medusa's books, under the key of the new record", async () => {
    await book();
    expect(payment.refunds).toMatchObject([{ id: key(), amount: "50.00" }]);
    await book();
    expect(payment.refunds).toHaveLength(1);
    expect(await world.row(invoice)).toMatchObject({ problem: null });
    expect(world.asked()).toEqual([]);
  });

  it("is not written twice when it is there, beside others", async () => {
    await world.refund(payment, "10.00");
    unasked("ref_deleted");
    const before = booked();
    await book();
    expect(booked()).toEqual(before);
  });

  it("is written beside other refunds that SEQR made", async () => {
    await world.refund(payment, "10.00");
    await book();
    expect(payment.refunds.map(({ amount }) => amount)).toEqual(["10.00", "50.00"]);
  });

  it("is given the record that was written for it before its process died", async () => {
    unasked("ref_other_amount", threeDays + 1);
    unasked("ref_own", 0, madeRefundMetadata(made));
    await book();
    expect(key()).toBe("ref_own");
    expect(booked()).toEqual(["ref_other_amount", "ref_own"]);
  });

  it.each([
    ["waits for a record that somebody has written meanwhile", threeDays, 1],
    ["does not wait for one that nobody looks at any more", threeDays + 1, 2],
  ])("%s", async (_, age, records) => {
    unasked("ref_again", age);
    await book();
    expect(payment.refunds).toHaveLength(records);
    expect(key() === "ref_deleted").toBe(records === 1);
    expect(await world.row(invoice)).toMatchObject({ problem: null });
  });

  it("is listed, and told of once, when Medusa's books have less left", async () => {
    payment.refunds.push({ id: "ref_by_hand", amount: "60.00", metadata: null, at: new Date(0) });
    await book();
    const listed = await world.row(invoice);
    expect(listed).toMatchObject({ problem: "SEQR_REFUNDED_ELSEWHERE" });
    await book();
    expect(await world.row(invoice)).toEqual(listed);
    expect(world.log.filter((line) => line.includes("event=refund.elsewhere"))).toHaveLength(1);
    expect(booked()).toEqual(["ref_by_hand"]);
    expect(world.refundsAtSeqr()).toEqual(["50.00"]);
  });

  it("is not taken for booked when the ledger fails", async () => {
    const away = new Error("the database is away");
    jest.spyOn(world.ledger, "update").mockRejectedValueOnce(away);
    payment.refunds.push({ id: "ref_by_hand", amount: "60.00", metadata: null, at: new Date(0) });
    await expect(book()).rejects.toThrow(away);
    unasked("ref_own", 0, madeRefundMetadata(made));
    jest.spyOn(world.ledger, "rekeyRefund").mockRejectedValueOnce(away);
    await expect(book()).rejects.toThrow(away);
  });
});
