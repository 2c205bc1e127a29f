import { REVERSAL_AFTER } from "../../../src/seqr";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES } from "../../../src/modules/seqr/invoice/states";
import { startStoreWorld, type Checkout, type StoreWorld } from "./store-world";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { recordNotification } from "../../../src/modules/seqr/operations/record-notification";

const REVERSED = { state: "canceled", reason: "reversed", problem: "SEQR_REVERSED" };

describe("a payment that SEQR took back", () => {
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

  /** The shopper pays, and nobody here can read or write anything until SEQR has taken it back. */
  const reverse = async (): Promise<void> => {
    await world.pay(invoice);
    world.pass(REVERSAL_AFTER / 1_000 + 1);
  };
  const listed = async () => (await entriesOfInvoices(world.seqr, [invoice.id])).map(({ kind }) => kind);
  /** What was announced of the invoice since it was opened. */
  const announced = (): string[] => world.log.flatMap((line) => /event=(\S+)/.exec(line)?.[1] ?? []).slice(1);

  it.each<[string, () => Promise<unknown>]>([
    ["the watch looks at it again", () => world.processInvoice(invoice)],
    ["SEQR's notification comes again", () => world.processInvoice(invoice, "notification")],
    ["the shopper comes back from the app", () => world.processInvoice(invoice, "browser")],
    [
      "its time is over by then",
      async () => {
        await world.ledger.update(invoice.id, { expires_at: world.now() }, INVOICE_STATES);
        await world.processInvoice(invoice);
      },
    ],
    ["the shopper cancels it", () => cancelInvoice(world.seqr, invoice, "shopper")],
    ["a newer code takes its place", () => world.startPayment(bought.collectionId)],
  ])("while nothing could be written is found out when %s", async (_, notice) => {
    await reverse();
    await notice();
    expect(await world.row(invoice)).toMatchObject(REVERSED);
    expect(await listed()).toEqual(["reversed"]);
    expect(announced().filter((name) => name !== "invoice.opened")).toEqual(["payment.reversed"]);
    expect(world.refundsAtSeqr()).toEqual([]);
  });

  it("and that staff should have seen stays listed, however often it is polled", async () => {
    await reverse();
    await Promise.all([
      pollPaymentStatus(world.seqr, invoice, "watch"),
      pollPaymentStatus(world.seqr, invoice, "completion"),
    ]);
    expect(await world.row(invoice)).toMatchObject(REVERSED);
    for (const source of ["notification", "staff", "watch"] as const) {
      world.pass(60);
      await recordNotification(world.seqr, await world.row(invoice));
      await world.processInvoice(invoice, source);
      expect(await world.row(invoice)).toMatchObject({ ...REVERSED, observed_at: world.now() });
    }
    world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "garbage" });
    await world.processInvoice(invoice, "staff");
    expect(await world.row(invoice)).toMatchObject({ ...REVERSED, attempts: 1 });
    expect(announced()).toEqual(["payment.reversed"]);
  });

  it("or so it seemed, and that turns up, is announced as received and is an order", async () => {
    await world.move(invoice, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
    await world.pay(invoice);
    expect(await world.processInvoice(invoice, "notification")).toMatchObject({
      ...{ state: "completed", reason: null, problem: null },
    });
    expect(announced()).toEqual(["payment.received", "payment.captured", "payment.completed"]);
    expect(await listed()).toEqual([]);
    expect(world.rows.orders.size).toBe(1);
  });

  it("or so it seemed, and that turns up when its cart is gone, is received and is refunded", async () => {
    await world.move(invoice, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
    world.rows.sessions.delete(bought.session.id);
    await world.pay(invoice);
    expect(await world.processInvoice(invoice, "staff")).toMatchObject({
      state: "refunded",
      reason: "session_gone",
    });
    expect(announced().slice(0, 2)).toEqual(["payment.received", "payment.refunding"]);
    expect(announced()).not.toContain("payment.reversed");
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });
});
