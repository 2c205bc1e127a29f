import { createClientAsync, type Client } from "soap";
import {
  PUBLIC_TEST_RESELLER,
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
  type TurnableClock,
} from "../../../src/sandbox";

/** The content of `return`, as node-soap gives it. */
type Return = Record<string, unknown> & { resultCode: number };

const SEK = (value: string) => ({ currency: "SEK", value });
const INVOICE = {
  acknowledgmentMode: "NO_ACKNOWLEDGMENT",
  title: "Order <1>",
  invoiceRows: {
    invoiceRow: [
      { itemDescription: "Tea", itemQuantity: "2", itemTotalAmount: SEK("10") },
      { itemDescription: "Räksmörgås", itemQuantity: "1", itemTotalAmount: SEK("2.50") },
    ],
  },
  totalAmount: SEK("12.50"),
};

describe("node-soap, a foreign toolkit, with the sandbox's own description", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  let client: Client;
  let sessionClient: Client;
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: "turnable" });
    client = await createClientAsync(`${sandbox.endpoint}?wsdl`);
    sessionClient = await createClientAsync(`${sandbox.sessionEndpoint}?wsdl`);
  });
  afterAll(() => sandbox.stop());

  const contextOf = (type: string, id: string, password: string, userId?: string): object => ({
    clientRequestTimeout: 0,
    initiatorPrincipalId: { id, type, ...(userId !== undefined && { userId }) },
    password,
  });
  const TERMINAL = contextOf("TERMINALID", PUBLIC_TEST_TERMINAL.id, PUBLIC_TEST_TERMINAL.password);
  const { id, password, userId } = PUBLIC_TEST_RESELLER;
  const RESELLER = contextOf("RESELLERUSER", id, password, userId);

  async function call(
    name: string,
    request: object,
    context: object = TERMINAL,
    by = client,
  ): Promise<Return> {
    const method = by[`${name}Async`] as (request: object) => Promise<[{ return: Return }]>;
    const [answer] = await method.call(by, { context, ...request });
    return answer.return;
  }

  const send = async (more: object = {}): Promise<string> =>
    String((await call("sendInvoice", { invoice: { ...INVOICE, ...more } })).invoiceReference);

  it("finds nineteen operations", () => {
    const description = client.describe() as Record<string, Record<string, object>>;
    const port = description.ERSWSExternalClientServiceService?.ERSWSExternalClientServicePort ?? {};
    expect(Object.keys(port)).toHaveLength(19);
  });

  it("sells, submits a receipt and refunds", async () => {
    const invoiceReference = await send();
    expect(await call("getPaymentStatus", { invoiceReference, invoiceVersion: 0 })).toMatchObject({
      resultCode: 0,
      status: "ISSUED",
      version: 0,
    });
    await sandbox.phone.pay(invoiceReference);
    const paid = await call("getPaymentStatus", { invoiceReference, invoiceVersion: 0 });
    expect(paid).toMatchObject({
      status: "PAID",
      version: 1,
      receipt: { paymentReference: paid.ersReference, invoice: { title: "Order <1>" } },
    });
    expect(JSON.stringify(paid.receipt)).toContain("Räksmörgås");
    const { ersReference } = paid;
    const receiptDocument = { mimeType: "text/html", receiptData: "PHA+", receiptType: "PAYMENT_RECEIPT" };
    expect((await call("submitPaymentReceipt", { ersReference, receiptDocument })).resultCode).toBe(0);
    const refund = await call("refundPayment", {
      ersReference,
      invoice: { title: "Refund", totalAmount: SEK("10") },
    });
    expect(refund).toMatchObject({ resultCode: 0, ersReference: expect.stringMatching(/^\d{25}$/) });
    expect(
      (await call("refundPayment", { ersReference, invoice: { totalAmount: SEK("10") } })).resultCode,
    ).toBe(98);
  });

  it("cancels, updates with tokens, and commits a reservation", async () => {
    const cancelled = await send();
    expect((await call("cancelInvoice", { invoiceReference: cancelled })).resultCode).toBe(0);
    await sandbox.phone.setTokens([{ id: "X_CARD", value: "4711", description: "Card" }]);
    const invoiceReference = await send({
      acknowledgmentMode: "REQUIRE_ACKNOWLEDGMENT",
      paymentMode: "RESERVATION_REQUIRED",
    });
    await sandbox.phone.scan(invoiceReference);
    const pending = await call("getPaymentStatus", { invoiceReference, invoiceVersion: 0 });
    expect(pending).toMatchObject({
      status: "PENDING_ISSUER_ACKNOWLEDGE",
      customerTokens: { token: [{ id: "X_CARD", value: "4711", status: 0 }] },
    });
    const tokens = [{ description: "Card", id: "X_CARD", status: 1, value: "4711" }];
    const invoice = { ...INVOICE, paymentMode: "RESERVATION_REQUIRED" };
    expect((await call("updateInvoice", { invoiceReference, invoice, tokens })).resultCode).toBe(0);
    await sandbox.phone.pay(invoiceReference);
    expect((await call("commitReservation", { amount: SEK("5"), invoiceReference })).resultCode).toBe(0);
    expect(await call("getPaymentStatus", { invoiceReference, invoiceVersion: 3 })).toMatchObject({
      status: "PAID",
    });
    expect(sandbox.invoices().at(-1)?.tokens).toMatchObject([{ status: 1 }]);
  });

  it("registers, names and removes a till", async () => {
    const till = { externalTerminalId: "Shop 1/Till 1", password: "secret", name: "Till 1" };
    const { terminalId } = await call("registerTerminal", till, RESELLER);
    const context = contextOf("TERMINALID", String(terminalId), "secret");
    expect((await call("assignSeqrId", { seqrId: "Till1" }, context)).resultCode).toBe(0);
    expect((await call("unregisterTerminal", {}, context)).resultCode).toBe(0);
    expect((await call("unregisterTerminal", {}, context)).resultCode).toBe(29);
  });

  it("closes a period and reads a report", async () => {
    const { transactionPeriodId } = await call("markTransactionPeriod", {}, RESELLER);
    const parameters = { parameter: { entry: [{ key: "transactionPeriodId", value: transactionPeriodId }] } };
    const request = { reportId: "Reconciliation/Shop.xml", language: "en", parameters };
    expect((await call("executeReport", request, RESELLER)).resultCode).toBe(2);
    sandbox.clock.advance(3_000);
    const { report } = await call("executeReport", request, RESELLER);
    // node-soap reads the XML in the CDATA of `contentString`, too.
    const { mimeType, content } = report as { mimeType: string; content: string };
    expect([mimeType, Buffer.from(content, "base64").toString()]).toEqual([
      "text/html",
      expect.stringContaining("<SalesTotal>"),
    ]);
  });

  it("asks who opened the shop in the app, at the other service", async () => {
    const { key } = await sandbox.phone.openSession({ table: "7" });
    const { parameters } = await call("getClientSessionInfo", { key }, TERMINAL, sessionClient);
    expect(parameters).toMatchObject({ entry: expect.arrayContaining([{ key: "table", value: "7" }]) });
  });

  it("gets 91 for what merchants may not use, and 0 for the health check", async () => {
    const names = ["requestTopup", "requestTransfer", "requestPurchase", "requestPrincipalInformation"];
    for (const name of [...names, "changePrincipalPassword", "confirmCustomerRegistration"]) {
      expect((await call(name, {})).resultCode).toBe(91);
    }
    const method = client.benchmarkingNopAsync as (request: object) => Promise<[{ return: Return }]>;
    const [nop] = await method.call(client, {});
    expect(nop.return.resultCode).toBe(0);
  });
});
