import type { InvoiceRecord, RefundRecord } from "../../../../src/modules/seqr/ledger/ledger";
import { madeRefundMetadata } from "../../../../src/modules/seqr/operations/refund/medusa-refund";
import { recordRefundInMedusa } from "../../../../src/processing/refunds/record-refund-in-medusa";
import { present } from "../../modules/ledger-contract";
import { startStoreWorld, type BookRefund, type Payment, type StoreWorld } from "../store-world";
import { refundInvoice } from "../../../../src/modules/seqr/operations/refund/refund-invoice";

describe("a refund of 50 kronor that SEQR made and Medusa forgot", () => {
  let world: StoreWorld;
  let invoice: InvoiceRecord;
  let payment: Payment;
  let made: RefundRecord;
  beforeEach(async () => {
    world = await startStoreWorld();
    ({ invoice, payment } = await world.ordered());
    const input = { amount: "50.00", idempotencyKey: "ref_deleted", reason: "medusa" };
    made = await refundInvoice(world.seqr, invoice, input);
    world.asked();
  });
  afterEach(() => world.stop());

  const book = async (): Promise<void> =>
    recordRefundInMedusa(world.processing, await world.row(invoice), present(world.ledger.refunds[0]));
  const twoDays = 2 * 24 * 3_600_000;
  /** A record of Medusa about which nothing was asked of the provider, since the process died. */
  const unasked = (id: string, age = 0, metadata: BookRefund["metadata"] = null): void =>
    void payment.refunds.push({
      ...{ id, amount: "50.00", metadata, at: new Date(world.now().getTime() - age) },
    });
  const booked = () => payment.refunds.map(({ id }) => id);
  const key = () => world.ledger.refunds[0]?.idempotency_key;

  it("is recorded in Medusa, under the key of the new record", async () => {
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

  it("is given the record that was written for it before its process crashed", async () => {
    unasked("ref_other_amount", twoDays + 1);
    unasked("ref_own", 0, madeRefundMetadata(made));
    await book();
    expect(key()).toBe("ref_own");
    expect(booked()).toEqual(["ref_other_amount", "ref_own"]);
  });

  it.each([
    ["waits for a record that somebody has written meanwhile", twoDays, 1],
    ["does not wait for one that is not tried any more", twoDays + 1, 2],
  ])("%s", async (_, age, records) => {
    unasked("ref_again", age);
    await book();
    expect(payment.refunds).toHaveLength(records);
    expect(key() === "ref_deleted").toBe(records === 1);
    expect(await world.row(invoice)).toMatchObject({ problem: null });
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    [
      "a person has closed",
      async (id) => world.decided({ invoice_id: invoice.id, kind: "refund_missing", subject: id }),
    ],
    [
      "SEQR has refused for good",
      async (idempotencyKey) => {
        world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97 });
        const input = { amount: "20.00", idempotencyKey, reason: "medusa" };
        await expect(refundInvoice(world.seqr, invoice, input)).rejects.toMatchObject({ code: "SEQR_97" });
      },
    ],
  ])("does not wait for a record that %s", async (_, end) => {
    payment.refunds.push({ id: "ref_over", amount: "20.00", metadata: null, at: world.now() });
    await end("ref_over");
    await book();
    expect(payment.refunds.map(({ amount }) => amount)).toEqual(["20.00", "50.00"]);
  });

  it("waits for a record that SEQR has refused for now", async () => {
    unasked("ref_again");
    world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
    const input = { amount: "50.00", idempotencyKey: "ref_again", reason: "medusa" };
    await expect(refundInvoice(world.seqr, invoice, input)).rejects.toMatchObject({ code: "SEQR_23" });
    await book();
    expect(booked()).toEqual(["ref_again"]);
  });

  it("is not listed again when staff have seen that less is left in Medusa", async () => {
    payment.refunds.push({ id: "ref_by_hand", amount: "60.00", metadata: null, at: new Date(0) });
    const about = { invoice_id: invoice.id, subject: "1", kind: "refunded_elsewhere" };
    const madeAt = Number(made.finished_at);
    // SEQR took a while to answer.
    Object.assign(present(world.ledger.refunds[0]), { requested_at: new Date(madeAt - 5_000) });
    // What was seen before it was made is another one, and so is what is of another kind.
    world.decided({ ...about, decided_at: new Date(madeAt - 1) });
    world.decided({ ...about, kind: "refund_missing" });
    await book();
    expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUNDED_ELSEWHERE" });
    await world.ledger.update(invoice.id, { problem: null }, ["completed"]);
    world.decided({ ...about, decided_at: new Date(madeAt) });
    await book();
    expect(await world.row(invoice)).toMatchObject({ problem: null });
  });

  it("is not listed over another problem of the payment, and when that is solved", async () => {
    payment.refunds.push({ id: "ref_by_hand", amount: "60.00", metadata: null, at: new Date(0) });
    const other = { problem: "SEQR_ORDER_TOTAL_DIFFERS" };
    await world.ledger.update(invoice.id, other, ["completed"]);
    await book();
    expect(await world.row(invoice)).toMatchObject(other);
    await world.ledger.update(invoice.id, { problem: null }, ["completed"]);
    await book();
    expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUNDED_ELSEWHERE" });
  });

  it("is listed, and told of once, when less is left in Medusa", async () => {
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

  it("does not count as recorded when the ledger fails", async () => {
    const away = new Error("the database is away");
    jest.spyOn(world.ledger, "update").mockRejectedValueOnce(away);
    payment.refunds.push({ id: "ref_by_hand", amount: "60.00", metadata: null, at: new Date(0) });
    await expect(book()).rejects.toThrow(away);
    unasked("ref_own", 0, madeRefundMetadata(made));
    jest.spyOn(world.ledger, "rekeyRefund").mockRejectedValueOnce(away);
    await expect(book()).rejects.toThrow(away);
  });
});
