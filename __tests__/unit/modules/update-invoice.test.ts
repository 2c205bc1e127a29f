import { MedusaError } from "@medusajs/framework/utils";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES } from "../../../src/modules/seqr/invoice/states";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { updateInvoice } from "../../../src/modules/seqr/operations/update-invoice";
import { startWorld, type World } from "./seqr-world";

describe("changing an open invoice", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld({ isDistant: true });
    ({ invoice } = await world.issue());
    world.asked();
  });
  afterEach(() => world.stop());

  const reference = (): string => invoice.invoice_reference ?? "";
  const row = (value: string) => ({
    itemDescription: "Tea",
    itemQuantity: "1",
    itemTotalAmount: { currency: "SEK", value },
  });
  const change = (amount = "80.00", rows = [row(amount)]) =>
    updateInvoice(world.context, invoice, amount, rows);
  const atSeqr = () => world.sandbox.invoices()[0];

  it("gives it a new amount and new rows, at SEQR and in the ledger", async () => {
    expect(await change()).toEqual({ ...invoice, amount: "80.00" });
    expect(await world.row(invoice)).toEqual({ ...invoice, amount: "80.00" });
    expect(atSeqr()?.invoice).toMatchObject({
      title: "Nordic Goods",
      clientInvoiceId: invoice.client_invoice_id,
      totalAmount: { currency: "SEK", value: "80.00" },
      invoiceRows: [{ itemDescription: "Tea" }],
    });
    await world.sandbox.phone.pay(reference());
    expect(await pollPaymentStatus(world.context, await world.row(invoice), "watch")).toMatchObject({
      state: "paid",
      amount: "80.00",
    });
  });

  it("is refused when the shopper looks at it already, and it stays as it was", async () => {
    world.pass(1);
    await world.sandbox.phone.scan(reference());
    await expect(change()).rejects.toMatchObject({
      type: MedusaError.Types.NOT_ALLOWED,
      code: "SEQR_NOT_UPDATED",
    });
    expect(world.asked()).toEqual(["updateInvoice 90"]);
    expect(await world.row(invoice)).toEqual({ ...invoice, due_at: world.now() });
    expect(atSeqr()?.amount?.value).toBe("100.00");
  });

  it.each(INVOICE_STATES.filter((state) => state !== "open"))(
    "is refused without asking SEQR when it is %s",
    async (state) => {
      invoice = { ...invoice, state };
      await expect(change()).rejects.toMatchObject({ code: "SEQR_NOT_UPDATED" });
      expect(world.asked()).toEqual([]);
    },
  );

  it("is refused without asking SEQR when the rows do not add up", async () => {
    await expect(change("80.00", [row("79.99")])).rejects.toMatchObject({
      type: MedusaError.Types.INVALID_DATA,
      code: "SEQR_INPUT",
      message: expect.stringContaining("79.99"),
    });
    expect(world.asked()).toEqual([]);
    expect(await world.row(invoice)).toEqual(invoice);
  });

  it("is refused without asking SEQR when another process has ended it a moment ago", async () => {
    await world.move(invoice, "canceled", { reason: "shopper" });
    await expect(change()).rejects.toMatchObject({ code: "SEQR_NOT_UPDATED" });
    expect(world.asked()).toEqual([]);
    expect(await world.row(invoice)).toMatchObject({ amount: "100.00", pending_amount: null });
  });

  it("may have been taken although no answer came: a payment of either sum is believed and shown", async () => {
    for (const taken of [true, false]) {
      ({ invoice } = await world.issue({ paymentCollectionId: `pay_col_taken_${taken}` }));
      const kind = taken ? "lost-answer" : "lost-request";
      world.sandbox.faults.add({ operation: "updateInvoice", kind, times: 2 });
      // The phone is faster than the cancellation, which is lost.
      world.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request" });
      await expect(change()).rejects.toMatchObject({ code: "SEQR_NOT_UPDATED" });
      expect(await world.row(invoice)).toMatchObject({ state: "canceling", pending_amount: "80.00" });
      await world.sandbox.phone.pay(reference());
      expect(await pollPaymentStatus(world.context, await world.row(invoice), "watch")).toMatchObject({
        ...{ state: "paid", amount: taken ? "80.00" : "100.00" },
        problem: taken ? "SEQR_PAID_AMOUNT_DIFFERS" : null,
      });
    }
  });

  it("that nobody can tell the outcome of is cancelled: it must not be paid over the wrong sum", async () => {
    world.sandbox.faults.add({ operation: "updateInvoice", kind: "lost-request", times: 2 });
    await expect(change()).rejects.toMatchObject({ code: "SEQR_NOT_UPDATED" });
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "superseded" });
  });

  it("whose answer was lost is sent again: a payment of the new amount is believed", async () => {
    world.sandbox.faults.add({ operation: "updateInvoice", kind: "lost-answer" });
    await change();
    invoice = await world.row(invoice);
    await world.sandbox.phone.pay(reference());
    expect(await pollPaymentStatus(world.context, await world.row(invoice), "watch")).toMatchObject({
      state: "paid",
    });
  });
});
