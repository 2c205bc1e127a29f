import { SeqrClient, SeqrResultError } from "../../../src/seqr";
import {
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
  type TurnableClock,
} from "../../../src/sandbox";

const bill = {
  title: "Order 1",
  clientInvoiceId: "1",
  totalAmount: { currency: "SEK", value: "12.50" },
  cashierId: "web",
  footer: "Thank you",
};

describe("the sandbox over SOAP", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  let client: SeqrClient;
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: "turnable" });
    client = new SeqrClient({ endpoint: sandbox.endpoint, terminal: PUBLIC_TEST_TERMINAL });
  });
  afterEach(async () => {
    client.close();
    await sandbox.stop();
  });

  it("sells and refunds", async () => {
    const { invoiceReference, invoiceQRCode } = await client.sendInvoice(bill);
    expect(invoiceReference).toMatch(/^\d{17}$/);
    expect(invoiceQRCode).toBe(`HTTP://SEQR.SE/R${invoiceReference}`);
    expect(await client.getPaymentStatus(invoiceReference, 0)).toMatchObject({
      status: "ISSUED",
      version: 0,
    });
    await sandbox.phone.pay(invoiceQRCode);
    const paid = await client.getPaymentStatus(invoiceReference, 0);
    expect(paid).toMatchObject({
      status: "PAID",
      version: 1,
      ersReference: expect.stringMatching(/^\d{25}$/),
    });
    const refund = await client.refundPayment(paid.ersReference ?? "", { ...bill, title: "Refund" });
    expect(refund.ersReference).toMatch(/^\d{25}$/);
    await expect(client.cancelInvoice(invoiceReference)).rejects.toMatchObject({ code: "SEQR_50" });
    await expect(client.cancelInvoice("1")).rejects.toBeInstanceOf(SeqrResultError);
    expect(sandbox.calls().map(({ operation, resultCode }) => [operation, resultCode])).toEqual([
      ["sendInvoice", 0],
      ["getPaymentStatus", 0],
      ["getPaymentStatus", 0],
      ["refundPayment", 0],
      ["cancelInvoice", 50],
      ["cancelInvoice", 54],
    ]);
  });

  it("reverses a payment that nobody asked about within 20 seconds", async () => {
    const { invoiceReference } = await client.sendInvoice(bill);
    await sandbox.phone.pay(invoiceReference);
    sandbox.clock.advance(19_999);
    expect(sandbox.invoices()[0]?.status).toBe("PAID");
    sandbox.clock.advance(1);
    expect(await client.getPaymentStatus(invoiceReference, 0)).toMatchObject({
      status: "CANCELED",
      version: 2,
    });
    expect(sandbox.sms()).toHaveLength(1);
  });
});
