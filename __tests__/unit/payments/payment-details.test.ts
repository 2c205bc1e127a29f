import { paymentDetails } from "../../../src/payments/payment-details";
import { at } from "../modules/ledger-contract";
import { makePaymentsWorld, type PaymentsWorld } from "./payments-world";
import { invoice, refund } from "./records";

const ORDERED = new Date(at(4));
const MEDUSA = {
  order: [{ id: "order_1", display_id: 12, created_at: ORDERED.toISOString() }],
  payment: [
    {
      ...{ id: "pay_1", payment_session_id: "payses_a" },
      captures: [
        { id: "capt_1", amount: { value: "100", precision: 20 }, created_at: at(6), created_by: "apk_1" },
      ],
    },
  ],
  refund: [
    { id: "ref_1", note: null, created_by: "user_1" },
    { id: "ref_2", note: "<b>scratched</b>", created_by: "user_gone" },
  ],
  user: [{ id: "user_1", first_name: " ", last_name: null, email: "eva@example.com" }],
  api_key: [{ id: "apk_1", title: "Warehouse" }],
};

describe("a payment's page", () => {
  let world: PaymentsWorld;
  beforeEach(() => {
    world = makePaymentsWorld(MEDUSA);
  });

  it("has everything that happened, oldest first, with who did it", async () => {
    const { context } = world;
    world.add({
      invoices: [
        invoice("a", { order_id: "order_1", ers_reference: "ers 1", notified_at: at(2), paid_at: at(3) }),
      ],
    });
    world.add({
      observations: [
        {
          ...{ invoice_id: "a", observed_at: at(3), source: "notification", operation: "getPaymentStatus" },
          ...{ status: "PAID", version: 1, ers_reference: "ers 1", result: "0" },
        },
      ],
    });
    world.add({
      refunds: [
        refund("1", "a", {
          idempotency_key: "ref_1",
          requested_at: at(10),
          finished_at: at(11),
          refund_reference: "ers 2",
        }),
        refund("2", "a", {
          ...{
            idempotency_key: "ref_2",
            state: "refused",
            result: "SEQR_97",
            requested_at: at(20),
            finished_at: at(21),
          },
        }),
        refund("3", "a", {
          idempotency_key: "ref_3",
          state: "requested",
          finished_at: null,
          requested_at: at(30),
        }),
      ],
    });
    world.add({
      receipts: [
        {
          ...{
            id: "r1",
            invoice_id: "a",
            refund_id: null,
            ers_reference: "ers 1",
            state: "sent",
            attempts: 1,
          },
          ...{ due_at: null, result: "0", sent_at: at(8), created_at: at(7), updated_at: at(8) },
        },
      ],
    });
    world.add({
      receipts: [
        {
          ...{
            id: "r2",
            invoice_id: "a",
            refund_id: "1",
            ers_reference: "ers 2",
            state: "refused",
            attempts: 3,
          },
          ...{ due_at: null, result: "SEQR_10", sent_at: null, created_at: at(11), updated_at: at(15) },
        },
      ],
    });
    world.add({
      decisions: [
        {
          ...{
            id: "d1",
            invoice_id: "a",
            kind: "amount_differs",
            subject: "1",
            action: "accept",
            actor_id: "user_1",
          },
          ...{ reason: "a gift card", decided_at: at(40) },
        },
      ],
    });
    const payment = await paymentDetails(context, "a");
    expect(
      payment.timeline.map(({ kind, at: when }) => [(Date.parse(when) - Number(at(0))) / 1_000, kind]),
    ).toEqual([
      [0, "sent"],
      [2, "notified"],
      [3, "asked"],
      [3, "paid"],
      [4, "order_placed"],
      [6, "captured"],
      [8, "receipt_sent"],
      [10, "refund_requested"],
      [11, "refund_done"],
      [15, "receipt_refused"],
      [20, "refund_requested"],
      [21, "refund_refused"],
      [30, "refund_requested"],
      [40, "decision"],
    ]);
    expect(new Set(payment.timeline.map(({ id }) => id)).size).toBe(payment.timeline.length);
    expect(payment.timeline).toMatchObject([
      {},
      {},
      { operation: "getPaymentStatus", source: "notification", result: "PAID" },
      { amount: "100.00", reference: "ers 1" },
      {},
      { amount: "100.00", actor: "Warehouse" },
      { reference: "ers 1", result: "0" },
      { amount: "10.00", reason: "medusa", actor: "eva@example.com" },
      { reference: "ers 2", result: "0" },
      { amount: "10.00", reference: "ers 2", result: "SEQR_10" },
      { reason: "<b>scratched</b>", actor: null },
      { result: "SEQR_97", reference: null },
      { actor: null },
      { action: "accept", attention_kind: "amount_differs", reason: "a gift card", actor: "eva@example.com" },
    ]);
    expect(payment).toMatchObject({
      ...{ order_display_id: 12, net_amount: "90.00", receipt_state: "sent", attention_items: [] },
      refunds: [{ id: "1", receipt_state: "refused" }, { id: "2" }, { id: "3", finished_at: null }],
    });
  });

  it("has the failure of an answer, the end and its reason, and the entries of the attention list", async () => {
    const { context } = world;
    world.add({
      invoices: [
        invoice("c", { state: "canceled", reason: "reversed", problem: "SEQR_REVERSED", state_since: at(9) }),
      ],
    });
    world.add({
      observations: [
        {
          ...{ invoice_id: "c", observed_at: at(3), source: "watch", operation: "getPaymentStatus" },
          ...{ status: null, version: null, ers_reference: null, result: "SEQR_TIMEOUT" },
        },
      ],
    });
    world.add({
      decisions: [
        {
          ...{
            id: "d1",
            invoice_id: "c",
            kind: "reversed",
            subject: "1",
            action: "dismiss",
            actor_id: "user_1",
          },
          ...{ reason: "seen", decided_at: at(5) },
        },
      ],
    });
    const { timeline, attention_items } = await paymentDetails(context, "c");
    expect(timeline).toMatchObject([
      { kind: "sent" },
      { kind: "asked", result: "SEQR_TIMEOUT" },
      { kind: "decision" },
      { kind: "ended", reason: "reversed", result: "canceled" },
    ]);
    expect(attention_items).toMatchObject([
      { kind: "reversed", decisions: [{ actor_id: "user_1", actor: "eva@example.com" }] },
    ]);
  });

  it("of a change of an order does not say that the order was placed then", async () => {
    world.add({ invoices: [invoice("a", { created_at: at(5), order_id: "order_1" })] });
    const { timeline } = await paymentDetails(world.context, "a");
    expect(timeline.map(({ kind }) => kind)).toEqual(["sent", "captured"]);
  });

  it("of a reservation says when it was reserved, and until when", async () => {
    world.add({
      invoices: [
        invoice("b", {
          ...{
            state: "awaiting_capture",
            reserved_amount: "100.00",
            reserved_at: at(4),
            reserved_until: at(90),
          },
        }),
      ],
    });
    const payment = await paymentDetails(world.context, "b");
    expect(payment).toMatchObject({
      ...{ status: "reserved", reserved_amount: "100.00", reserved_until: at(90).toISOString() },
      timeline: [{ kind: "sent" }, { kind: "reserved", amount: "100.00" }],
    });
  });

  it.each(["none", "", "\u0000", "' or 1=1", "x".repeat(500)])("is not there for %j", async (id) => {
    await expect(paymentDetails(world.context, id)).rejects.toMatchObject({ code: "SEQR_NO_SUCH_INVOICE" });
    expect(world.asked).toEqual([]);
  });
});
