import { connect } from "node:net";
import {
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
  type TurnableClock,
} from "../../../src/sandbox";
import { readBody, faultIn, writeRequest } from "../../../src/seqr/wire/envelope";
import { operations } from "../../../src/seqr/operations";
import type { SeqrClient } from "../../../src/seqr";
import { INVOICE, TERMINAL } from "./core-fixture";
import { clientOf, ORDER } from "./running-fixture";

describe("the sandbox over HTTP", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  let client: SeqrClient;
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: "turnable", maxRequestBytes: 20_000 });
    client = clientOf(sandbox);
  });
  afterEach(async () => {
    client.close();
    await sandbox.stop();
  });

  const sendInvoice = (): string =>
    writeRequest("sendInvoice", operations.sendInvoice.request, { context: TERMINAL, invoice: INVOICE });

  /** Posts a text to the service. */
  async function post(
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = "",
  ) {
    const response = await fetch(sandbox.endpoint + path, { method: "POST", body, headers });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      text: await response.text(),
    };
  }

  function faultOf(text: string) {
    const element = readBody(text);
    return element && faultIn(element);
  }

  it("answers all thirteen operations", async () => {
    const sold = await client.sendInvoice(ORDER);
    expect(sold.invoiceReference).toMatch(/^20\d{15}$/);
    expect(sold.invoiceQRCode).toBe(`HTTP://SEQR.SE/R${sold.invoiceReference}`);
    await client.updateInvoice(sold.invoiceReference, { ...ORDER, title: "Order 1, changed" });
    await sandbox.phone.pay(sold.invoiceQRCode);
    const { ersReference = "", receipt } = await client.getPaymentStatus(sold.invoiceReference, 0);
    expect(receipt).toMatchObject({ paymentReference: ersReference, invoice: { title: "Order 1, changed" } });
    await client.submitPaymentReceipt(ersReference, {
      mimeType: "text/html",
      receiptData: Buffer.from("<p>"),
    });
    expect((await client.refundPayment(ersReference, ORDER)).ersReference).not.toBe(ersReference);
    const other = await client.sendInvoice(ORDER);
    await client.cancelInvoice(other.invoiceReference);
    const reserved = await client.sendInvoice({ ...ORDER, paymentMode: "RESERVATION_REQUIRED" });
    await sandbox.phone.pay(reserved.invoiceReference);
    await client.commitReservation(reserved.invoiceReference, { currency: "SEK", value: "5.00" });
    const till = { externalTerminalId: "Shop 1/Till 1", password: "secret", name: "Till 1" };
    const tillClient = clientOf(sandbox, {
      terminal: { id: await client.registerTerminal(till), password: "secret" },
    });
    await tillClient.assignSeqrId("Till1");
    await tillClient.unregisterTerminal();
    tillClient.close();
    const transactionPeriodId = await client.markTransactionPeriod();
    sandbox.clock.advance(3_000);
    const report = await client.executeReport("Reconciliation/Shop.xml", { transactionPeriodId });
    expect(report.contentString).toContain("<SalesTotal>17.50000</SalesTotal>");
    const { key } = await sandbox.phone.openSession({ table: "7" });
    expect(await client.getClientSessionInfo(key)).toMatchObject({ table: "7", subscriberKey: "1" });
    expect(sandbox.calls().every(({ resultCode }) => resultCode === 0)).toBe(true);
    expect(new Set(sandbox.calls().map(({ operation }) => operation))).toEqual(
      new Set(Object.keys(operations)),
    );
  });

  it("records calls without any secret", async () => {
    const { invoiceReference } = await client.sendInvoice(ORDER);
    await expect(client.cancelInvoice("1")).rejects.toMatchObject({ code: "SEQR_54" });
    expect(sandbox.calls()).toEqual([
      {
        operation: "sendInvoice",
        at: sandbox.clock.now(),
        resultCode: 0,
        invoiceReference,
        clientReference: expect.stringMatching(/^\w{32}$/),
        principal: PUBLIC_TEST_TERMINAL.id,
      },
      expect.objectContaining({
        operation: "cancelInvoice",
        resultCode: 54,
        why: expect.stringContaining("1"),
      }),
    ]);
    const everything = JSON.stringify([sandbox.calls(), sandbox.invoices(), sandbox.core.terminals()]);
    expect(everything).not.toContain(PUBLIC_TEST_TERMINAL.password);
  });

  it("answers under both published paths, with and without SOAPAction, also with ?wsdl left on", async () => {
    const old = `${sandbox.url}/extclientproxy/service/v2`;
    for (const url of [
      sandbox.endpoint,
      `${sandbox.endpoint}?wsdl`,
      `${sandbox.endpoint}/`,
      old,
      `${old}?wsdl`,
    ]) {
      const response = await fetch(url, {
        method: "POST",
        body: sendInvoice(),
        headers: { SOAPAction: `""` },
      });
      expect([url, response.status]).toEqual([url, 200]);
    }
    expect(sandbox.invoices()).toHaveLength(5);
  });

  it("takes children in any order, unknown and qualified ones", async () => {
    const text = sendInvoice()
      .replace(/<context>.*<\/context>/, "")
      .replace("<invoice>", "<ext:invoice><novelty>1</novelty>")
      .replace("</invoice>", `</ext:invoice>${/<context>.*<\/context>/.exec(sendInvoice())?.[0] ?? ""}`)
      .replace(/<paymentMode>\w+/, "<paymentMode>LATER");
    expect(await post(text)).toMatchObject({ status: 200, text: expect.stringContaining("<resultCode>0<") });
    expect(sandbox.invoices()[0]?.invoice).not.toHaveProperty("paymentMode");
  });

  it("reads the character set that the request names", async () => {
    const text = sendInvoice().replace("Order 1", "Räksmörgås").replace("UTF-8", "ISO-8859-1");
    for (const type of ["text/xml; charset=ISO-8859-1", "text/xml"]) {
      await post(new Uint8Array(Buffer.from(text, "latin1")), { "Content-Type": type });
    }
    const titles = sandbox.invoices().map(({ invoice }) => invoice.title);
    expect(titles).toEqual(["Räksmörgås", "Räksmörgås"]);
    expect((await post(text, { "Content-Type": "text/xml; charset=klingon" })).status).toBe(415);
  });

  it.each<[string, (text: string) => string]>([
    ["something that is no XML", () => "invoice=1"],
    ["nothing", () => ""],
    ["XML that is not well-formed", (text) => text.slice(0, -3)],
    ["XML that is no SOAP", () => "<sendInvoice/>"],
    [
      "SOAP 1.2",
      (text) =>
        text.replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
    ],
    ["a document type declaration", (text) => text.replace("?>", `?><!DOCTYPE x [<!ENTITY a "b">]>`)],
    ["an operation in no namespace", (text) => text.replaceAll("ext:sendInvoice", "sendInvoice")],
    ["an operation that does not exist", (text) => text.replaceAll("ext:sendInvoice", "ext:payEverything")],
    ["one of the other service", (text) => text.replaceAll("ext:sendInvoice", "ext:getClientSessionInfo")],
    [
      "two operations at once",
      (text) => text.replace(/<ext:sendInvoice>.*<\/ext:sendInvoice>/, (operation) => operation.repeat(2)),
    ],
    ["no operation", (text) => text.replace(/<ext:sendInvoice>.*<\/ext:sendInvoice>/, "")],
  ])("answers %s with a SOAP fault", async (_, change) => {
    const { status, type, text } = await post(change(sendInvoice()));
    expect({ status, type }).toEqual({ status: 500, type: "text/xml;charset=UTF-8" });
    expect(faultOf(text)).toMatchObject({ code: "Client" });
    expect(sandbox.calls()).toMatchObject([{ operation: "?", fault: expect.any(String) }]);
    expect(sandbox.invoices()).toEqual([]);
  });

  it.each<[string, string, boolean]>([
    ["must be understood", `soapenv:mustUnderstand="1"`, true],
    [
      "must be understood by the first who gets it",
      `soapenv:mustUnderstand="1" soapenv:actor="http://schemas.xmlsoap.org/soap/actor/next"`,
      true,
    ],
    ["need not be understood", `soapenv:mustUnderstand="0"`, false],
    ["is for somebody else", `soapenv:mustUnderstand="1" soapenv:actor="urn:gateway"`, false],
    ["has an attribute of another namespace", `ext:mustUnderstand="1"`, false],
  ])("refuses a header only when it must understand it: one that %s", async (_, attributes, isRefused) => {
    const header = `<soapenv:Header><t:Token xmlns:t="urn:t" ${attributes}/></soapenv:Header>`;
    const { status, text } = await post(sendInvoice().replace("<soapenv:Body>", `${header}<soapenv:Body>`));
    expect({ status, fault: faultOf(text)?.code }).toEqual(
      isRefused ? { status: 500, fault: "MustUnderstand" } : { status: 200, fault: undefined },
    );
    expect(sandbox.invoices()).toHaveLength(isRefused ? 0 : 1);
  });

  it("refuses a request that is too long, and continues", async () => {
    expect(await post("x".repeat(20_001))).toMatchObject({ status: 413 });
    await expect(client.sendInvoice(ORDER)).resolves.toBeDefined();
  });

  it("answers what merchants may not use with 91, and the health check with 0", async () => {
    const call = (name: string): string => sendInvoice().replaceAll("sendInvoice", name);
    const names = ["requestTopup", "requestTransfer", "requestPurchase", "requestPrincipalInformation"];
    for (const name of [...names, "changePrincipalPassword", "confirmCustomerRegistration", "creditUser"]) {
      expect((await post(call(name))).text).toContain(
        `<ns2:${name}Response><return><resultCode>91</resultCode>`,
      );
    }
    const nop = call("benchmarkingNop").replace(/<context>.*<\/invoice>/, "");
    expect((await post(nop)).text).toContain(
      "<ns2:benchmarkingNopResponse><return><resultCode>0</resultCode>",
    );
  });

  it("explains its use in the answer to a wrong method or path", async () => {
    const get = await fetch(sandbox.endpoint);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, GET"]);
    expect(await get.text()).toContain("?wsdl");
    expect((await fetch(sandbox.endpoint, { method: "PUT", body: "x" })).status).toBe(405);
    expect((await fetch(`${sandbox.url}/soap`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/soap`, { method: "POST", body: "x" })).status).toBe(404);
  });

  it("survives what is no HTTP", async () => {
    const socket = connect(sandbox.port, "127.0.0.1");
    socket.end("GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((resolve) => socket.on("close", resolve).resume());
    await expect(client.sendInvoice(ORDER)).resolves.toBeDefined();
  });

  it("reports that the port is taken", async () => {
    await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: "SANDBOX_PORT_TAKEN" });
    await expect(startSandbox({ host: "192.0.2.1" })).rejects.toMatchObject({ code: "SANDBOX_OPTION" });
  });

  it("can serve both services elsewhere, and put its own address into the codes", async () => {
    const other = await startSandbox({ qrHost: "self", paths: { service: ["/a"], session: ["/b"] } });
    const otherClient = clientOf(other);
    const { invoiceQRCode, invoiceReference } = await otherClient.sendInvoice(ORDER);
    expect(invoiceQRCode).toBe(`${other.url}/R${invoiceReference}`);
    expect([other.endpoint, other.sessionEndpoint]).toEqual([`${other.url}/a`, `${other.url}/b`]);
    otherClient.close();
    await other.stop();
  });

  it.each([
    [{ terminals: [{ id: "", password: "x" }] }, /needs an id/],
    [{ terminals: [{ id: "x", password: "x", currency: "kr" }] }, /three capitals/],
    [{ terminals: [{ id: "x", password: "x", resellerId: "y" }] }, /no reseller/],
    [{ reversalAfter: -1 }, /reversalAfter/],
  ])("says what is wrong with an option (%#)", async (options, message) => {
    await expect(startSandbox(options)).rejects.toMatchObject({
      code: "SANDBOX_OPTION",
      message: expect.stringMatching(message),
    });
  });

  it("works in each terminal's own currency", async () => {
    const other = await startSandbox({ terminals: [{ id: "euro", password: "secret", currency: "EUR" }] });
    const euro = clientOf(other, { terminal: { id: "euro", password: "secret" } });
    await expect(euro.sendInvoice(ORDER)).rejects.toMatchObject({ code: "SEQR_49" });
    const totalAmount = { currency: "EUR", value: "1.00" };
    await expect(euro.sendInvoice({ ...ORDER, totalAmount })).resolves.toBeDefined();
    euro.close();
    await other.stop();
  });
});

describe("strict mode over HTTP", () => {
  let sandbox: RunningSandbox;
  afterEach(() => sandbox.stop());

  const message = writeRequest("sendInvoice", operations.sendInvoice.request, {
    context: TERMINAL,
    invoice: {
      ...INVOICE,
      invoiceRows: [{ itemQuantity: "1", itemTotalAmount: { currency: "SEK", value: "12.50" } }],
    },
    tokens: [
      { description: "Card", id: "X_CARD", status: 1, value: "4711" },
      { description: "Card", id: "Y_CARD", status: 1, value: "4712" },
    ],
  });

  async function fault(text: string, options: object = {}): Promise<string | undefined> {
    sandbox = await startSandbox({ strict: true, ...options });
    const response = await fetch(sandbox.endpoint, { method: "POST", body: text });
    const element = readBody(await response.text());
    return element && faultIn(element)?.message;
  }

  it("takes what the schema allows", async () => {
    expect(await fault(message)).toBeUndefined();
    expect(sandbox.calls()).toMatchObject([{ resultCode: 0 }]);
  });

  it("takes everything that our own client sends", async () => {
    sandbox = await startSandbox({ strict: true });
    const client = clientOf(sandbox);
    const { invoiceReference } = await client.sendInvoice(ORDER);
    await sandbox.phone.pay(invoiceReference);
    const { ersReference = "" } = await client.getPaymentStatus(invoiceReference, 0);
    await client.submitPaymentReceipt(ersReference, { mimeType: "text/html", receiptData: Buffer.from("x") });
    await client.refundPayment(ersReference, ORDER);
    await client.markTransactionPeriod();
    client.close();
    expect(sandbox.calls().map(({ resultCode }) => resultCode)).toEqual([0, 0, 0, 0, 0]);
  });

  it.each<[string, RegExp, (text: string) => string]>([
    [
      "an unknown element",
      /unexpected element novelty/,
      (text) => text.replace("<title>", "<novelty/><title>"),
    ],
    [
      "an unknown element in a row",
      /unexpected element x/,
      (text) => text.replace("<itemQuantity>", "<x/><itemQuantity>"),
    ],
    [
      "something else in a wrapper",
      /unexpected element row/,
      (text) => text.replaceAll("invoiceRow>", "row>"),
    ],
    ["a qualified element", /namespace/, (text) => text.replaceAll("title>", "ext:title>")],
    [
      "a wrong order",
      /order/,
      (text) => text.replace(/(<title>.*<\/title>)(<clientInvoiceId>.*<\/clientInvoiceId>)/, "$2$1"),
    ],
    ["a doubled element", /doubled/, (text) => text.replace(/(<title>.*<\/title>)/, "$1$1")],
    ["an invalid value", /not a valid paymentMode/, (text) => text.replace("IMMEDIATE_DEBIT", "LATER")],
    [
      "an invalid date",
      /not a valid issueDate/,
      (text) => text.replace(/<issueDate>[^<]+/, "<issueDate>2026-01-15"),
    ],
    ["an invalid amount", /not a valid value/, (text) => text.replace("12.50", "12,50")],
    [
      "a missing mandatory element",
      /clientRequestTimeout is missing/,
      (text) => text.replace(/<clientRequestTimeout>.*<\/clientRequestTimeout>/, ""),
    ],
    ["a token without status", /status is missing/, (text) => text.replace("<status>1</status>", "")],
  ])("faults %s", async (_, expected, change) => {
    expect(change(message)).not.toBe(message);
    expect(await fault(change(message))).toMatch(expected);
    expect(sandbox.invoices()).toEqual([]);
  });

  it("knows what an older interface does not have", async () => {
    const text = message.replace("IMMEDIATE_DEBIT", "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT");
    expect(await fault(text, { emulate: "2.4" })).toMatch(/paymentMode/);
    await sandbox.stop();
    expect(await fault(text, { emulate: "2.9" })).toBeUndefined();
    await sandbox.stop();
    const later = message.replace(
      "</footer>",
      "</footer><commitReservationTimeout>60</commitReservationTimeout>",
    );
    expect(await fault(later, { emulate: "2.4" })).toMatch(/unexpected element commitReservationTimeout/);
  });
});
