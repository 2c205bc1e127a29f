import { SeqrClient } from "../../../src/seqr/client";
import type { CallRecord, SeqrClientOptions } from "../../../src/seqr/client-options";
import { writeFault } from "../../../src/seqr/wire/envelope";
import { SeqrError } from "../../../src/seqr/errors";
import type { InvoiceInput } from "../../../src/seqr/limits";
import { operations, type OperationName, type RequestOf } from "../../../src/seqr/operations";
import { readBody } from "../../../src/seqr/wire/envelope";
import type { SoapTransport } from "../../../src/seqr/wire/transport";
import { readFields, type Complex } from "../../../src/seqr/wire/schema";
import { answerTo, startServer, type LocalServer, type Reply } from "./local-server";

const TERMINAL = { id: "terminal-1", password: `p<ä>&"ß 😀` };
const RESELLER = { id: "shop-1", password: "reseller-pw" };
const INVOICE: InvoiceInput = {
  title: "My shop",
  clientInvoiceId: "order 17",
  totalAmount: { currency: "SEK", value: "99.50" },
  cashierId: "web",
  footer: "Thank you 😀",
};
const REFUND = { title: "Refund", cashierId: "web", totalAmount: { currency: "SEK", value: "9.50" } };

describe("the client", () => {
  let server: LocalServer;
  let reply: Reply | undefined;
  let client: SeqrClient;
  let records: CallRecord[];

  beforeEach(async () => {
    records = [];
    server = await startServer(() => reply);
    client = clientWith();
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  function clientWith(more: Partial<SeqrClientOptions> = {}): SeqrClient {
    return new SeqrClient({
      endpoint: server.url,
      sessionEndpoint: server.url,
      terminal: TERMINAL,
      reseller: RESELLER,
      responseTimeout: 2_000,
      onCall: (record) => records.push(record),
      ...more,
    });
  }

  /** Lets the server answer success, with these fields. */
  function answering<N extends OperationName>(...answer: Parameters<typeof answerTo<N>>): void {
    reply = { body: answerTo(...answer) };
  }

  /** The last request that came, read back. */
  function sent<N extends OperationName>(name: N): Partial<RequestOf<N>> {
    const element = readBody(server.received.at(-1)?.body ?? "");
    expect(element?.name).toBe(name);
    if (!element) throw new Error("nothing came");
    return readFields(operations[name].request as unknown as Complex<RequestOf<N>>, element);
  }

  async function failureOf(call: Promise<unknown>): Promise<SeqrError> {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof SeqrError) return error;
    throw new Error("no error of ours", { cause: error });
  }

  it("hands its messages to another transport when it is given one", async () => {
    const posted: unknown[][] = [];
    const closed = jest.fn();
    const other = clientWith({
      transport: {
        post: (...message) => {
          posted.push(message);
          return Promise.resolve({ status: 200, body: answerTo("refundPayment", { ersReference: "7" }) });
        },
        close: closed,
      },
    });
    expect(await other.refundPayment("1", REFUND)).toEqual({ ersReference: "7" });
    expect(posted).toEqual([[server.url, expect.stringContaining("9.50"), "refundPayment", true]]);
    other.close();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(server.received).toEqual([]);
  });

  describe("identifies itself", () => {
    it("as a terminal, with every documented field", async () => {
      answering("cancelInvoice");
      await client.cancelInvoice("1");
      expect(sent("cancelInvoice").context).toEqual({
        channel: "WS",
        clientId: "medusa-payment-seqr",
        clientReference: expect.stringMatching(/^[0-9a-f]{32}$/),
        clientRequestTimeout: 0,
        initiatorPrincipalId: { id: "terminal-1", type: "TERMINALID" },
        password: TERMINAL.password,
      });
    });

    it("as the shop's user for terminals and reports", async () => {
      answering("registerTerminal", { terminalId: "abc" });
      await client.registerTerminal({ externalTerminalId: "Till 4", password: "1234", name: "Till" });
      expect(sent("registerTerminal").context).toMatchObject({
        initiatorPrincipalId: { id: "shop-1", type: "RESELLERUSER", userId: "9900" },
        password: RESELLER.password,
      });
      const other = clientWith({ reseller: { ...RESELLER, userId: "9901" } });
      await other.registerTerminal({ externalTerminalId: "Till 4", password: "1234", name: "Till" });
      expect(sent("registerTerminal").context?.initiatorPrincipalId?.userId).toBe("9901");
    });

    it("with the merchant's own names, and a new reference for each call", async () => {
      answering("cancelInvoice");
      let calls = 0;
      const own = clientWith({
        channel: "ClientWS",
        clientId: "Shop AB 2.0",
        clientReference: () => `call ${++calls}`,
      });
      await own.cancelInvoice("1");
      expect(sent("cancelInvoice").context).toMatchObject({
        channel: "ClientWS",
        clientId: "Shop AB 2.0",
        clientReference: "call 1",
      });
      await own.cancelInvoice("1");
      expect(sent("cancelInvoice").context?.clientReference).toBe("call 2");
      await client.cancelInvoice("1");
      const first = sent("cancelInvoice").context?.clientReference;
      await client.cancelInvoice("1");
      expect(sent("cancelInvoice").context?.clientReference).not.toBe(first);
    });

    it.each<[string, Partial<SeqrClientOptions>, (client: SeqrClient) => Promise<unknown>, string]>([
      ["the terminal", { terminal: undefined }, (one) => one.sendInvoice(INVOICE), "terminal is not set"],
      [
        "the terminal's password",
        { terminal: { id: "t", password: "" } },
        (one) => one.cancelInvoice("1"),
        "terminal is not set",
      ],
      ["the reseller", { reseller: undefined }, (one) => one.markTransactionPeriod(), "reseller is not set"],
      [
        "the session address",
        { sessionEndpoint: undefined },
        (one) => one.getClientSessionInfo("k"),
        "sessionEndpoint is not set",
      ],
    ])("or names the option when %s is missing, and sends nothing", async (_, options, call, message) => {
      const failed = await failureOf(call(clientWith(options)));
      expect(failed).toMatchObject({ code: "SEQR_NOT_CONFIGURED", outcome: "refused" });
      expect(failed.message).toContain(message);
      expect(server.received).toEqual([]);
    });

    it("refuses options that cannot work at once", () => {
      expect(() => clientWith({ endpoint: "http://seqr.example" })).toThrow("endpoint must be https");
      expect(() => clientWith({ sessionEndpoint: "nowhere" })).toThrow("sessionEndpoint is not an address");
      expect(() => clientWith({ channel: "x".repeat(41) })).toThrow("channel is longer than 40 characters");
      expect(() => clientWith({ responseTimeout: 0 })).toThrow("responseTimeout must be a number");
    });

    it("refuses a reference that SEQR would cut", async () => {
      const failed = await failureOf(
        clientWith({ clientReference: () => "x".repeat(33) }).cancelInvoice("1"),
      );
      expect(failed).toMatchObject({ code: "SEQR_INPUT", operation: "cancelInvoice" });
      expect(server.received).toEqual([]);
    });
  });

  describe("sends an invoice", () => {
    const sold = {
      invoiceReference: "20260102030405678",
      invoiceQRCode: "HTTP://SEQR.SE/R20260102030405678",
    };

    it("as immediate debit without acknowledgment, dated now", async () => {
      answering("sendInvoice", sold);
      const dated = clientWith({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
      expect(await dated.sendInvoice(INVOICE)).toEqual(sold);
      expect(sent("sendInvoice")).toMatchObject({
        invoice: {
          ...INVOICE,
          paymentMode: "IMMEDIATE_DEBIT",
          acknowledgmentMode: "NO_ACKNOWLEDGMENT",
          issueDate: "2026-01-02T03:04:05Z",
        },
      });
      expect(sent("sendInvoice")).not.toHaveProperty("tokens");
    });

    it("with modes and tokens as given", async () => {
      answering("sendInvoice", sold);
      const tokens = [{ description: "Card", id: "X_CARD", status: 1, value: "123" }];
      const own = {
        ...INVOICE,
        paymentMode: "RESERVATION_DESIRED",
        acknowledgmentMode: "REQUIRE_ACKNOWLEDGMENT",
        issueDate: "2026-01-02T03:04:05",
        commitReservationTimeout: 3600,
      } as const;
      await client.sendInvoice(own, tokens);
      expect(sent("sendInvoice")).toMatchObject({ invoice: own, tokens });
    });

    it("without acknowledgment even if the mode is given as undefined: the app would wait for ever", async () => {
      answering("sendInvoice", sold);
      await client.sendInvoice({ ...INVOICE, acknowledgmentMode: undefined, paymentMode: undefined });
      expect(sent("sendInvoice").invoice).toMatchObject({
        paymentMode: "IMMEDIATE_DEBIT",
        acknowledgmentMode: "NO_ACKNOWLEDGMENT",
      });
    });

    it.each([
      ["no reference", { ...sold, invoiceReference: undefined }],
      ["an empty reference", { ...sold, invoiceReference: " " }],
      ["no code", { ...sold, invoiceQRCode: undefined }],
      ["a code that is script", { ...sold, invoiceQRCode: "javascript:alert(1)" }],
      ["a code with a line break", { ...sold, invoiceQRCode: "http://seqr.se/R1\nhttp://x" }],
      ["a code that no code can hold", { ...sold, invoiceQRCode: `http://seqr.se/R${"1".repeat(3_000)}` }],
    ])("and rejects an answer with %s", async (_, answer) => {
      answering("sendInvoice", answer);
      expect(await failureOf(client.sendInvoice(INVOICE))).toMatchObject({
        code: "SEQR_ANSWER_INVALID",
        outcome: "unknown",
      });
    });

    it("only if it keeps to the limits", async () => {
      const unpaid = { ...INVOICE, totalAmount: { currency: "SEK", value: "0" } };
      for (const call of [client.sendInvoice(unpaid), client.updateInvoice("1", unpaid)]) {
        expect(await failureOf(call)).toMatchObject({ code: "SEQR_INPUT", outcome: "refused" });
      }
      const halfToken = [{ id: "X_CARD", status: 1 }];
      for (const call of [
        client.sendInvoice(INVOICE, halfToken),
        client.updateInvoice("1", INVOICE, halfToken),
      ]) {
        expect(await failureOf(call)).toMatchObject({ code: "SEQR_INPUT", outcome: "refused" });
      }
      expect(server.received).toEqual([]);
    });
  });

  describe("polls the status", () => {
    const paid = { status: "PAID", version: 2, ersReference: "2026010203040567801000001" };

    it.each(["ISSUED", "PENDING_ISSUER_ACKNOWLEDGE", "RESERVED", "CANCELED", "FAILED", "EXPIRED"] as const)(
      "and reads %s, with the version to send next time",
      async (status) => {
        answering("getPaymentStatus", { status, version: 7 });
        expect(await client.getPaymentStatus("1", 6)).toEqual({ status, version: 7, customerTokens: [] });
        expect(sent("getPaymentStatus")).toMatchObject({ invoiceReference: "1", invoiceVersion: 6 });
      },
    );

    it("and reads PAID with the payment's reference and the receipt", async () => {
      const receipt = { paymentReference: "2026", invoice: { title: "My shop" } };
      const customerTokens = [{ id: "X_CARD", status: 0, value: "1" }];
      answering("getPaymentStatus", { ...paid, receipt, customerTokens });
      expect(await client.getPaymentStatus("1", 0)).toEqual({ ...paid, receipt, customerTokens });
    });

    it("and takes the reference from the receipt when it stands only there", async () => {
      for (const ersReference of [undefined, "", " "]) {
        answering("getPaymentStatus", { ...paid, ersReference, receipt: { paymentReference: "2026" } });
        expect(await client.getPaymentStatus("1", 0)).toMatchObject({ status: "PAID", ersReference: "2026" });
      }
    });

    it("and rejects PAID without a payment reference", async () => {
      for (const receipt of [undefined, {}, { paymentReference: "" }]) {
        answering("getPaymentStatus", { ...paid, ersReference: undefined, receipt });
        expect(await failureOf(client.getPaymentStatus("1", 0))).toMatchObject({
          code: "SEQR_ANSWER_INVALID",
          outcome: "unknown",
        });
      }
    });

    it("and gives no reference before the payment, whatever the answer says", async () => {
      answering("getPaymentStatus", { ...paid, status: "RESERVED" });
      expect(await client.getPaymentStatus("1", 0)).toEqual({
        status: "RESERVED",
        version: 2,
        customerTokens: [],
      });
    });

    it.each(["PARTIALLY_PAID", "0 - pending usage", "paid", "PAID!", ""])(
      "and takes %j for unknown",
      async (status) => {
        answering("getPaymentStatus", { status, version: 1 });
        expect(await client.getPaymentStatus("1", 0)).toMatchObject({ status: "UNKNOWN", version: 1 });
      },
    );

    it("and reads a missing status as UNKNOWN, CANCELLED as CANCELED, a missing version as 0", async () => {
      answering("getPaymentStatus");
      expect(await client.getPaymentStatus("1", 0)).toEqual({
        status: "UNKNOWN",
        version: 0,
        customerTokens: [],
      });
      answering("getPaymentStatus", { status: "CANCELLED" });
      expect(await client.getPaymentStatus("1", 0)).toMatchObject({ status: "CANCELED" });
    });

    it("and refuses a version that is no whole number", async () => {
      for (const version of [NaN, 1.5, 2 ** 31, undefined as unknown as number]) {
        expect(await failureOf(client.getPaymentStatus("1", version))).toMatchObject({ code: "SEQR_INPUT" });
      }
      expect(server.received).toEqual([]);
    });
  });

  describe("refunds and commits", () => {
    it("and gives SEQR's reference of the refund", async () => {
      answering("refundPayment", { ersReference: "refund-1" });
      expect(await client.refundPayment("payment-1", REFUND)).toEqual({ ersReference: "refund-1" });
      expect(sent("refundPayment")).toMatchObject({ ersReference: "payment-1", invoice: REFUND });
    });

    it("and counts a refund as made when SEQR gives no reference", async () => {
      for (const ersReference of [undefined, "", "\n"]) {
        answering("refundPayment", { ersReference });
        expect(await client.refundPayment("payment-1", REFUND)).toEqual({});
      }
    });

    it("a reservation, with an amount only if one is given", async () => {
      answering("commitReservation");
      await client.commitReservation("1");
      expect(sent("commitReservation")).not.toHaveProperty("amount");
      const amount = { currency: "SEK", value: "5" };
      await client.commitReservation("1", amount);
      expect(sent("commitReservation")).toMatchObject({ invoiceReference: "1", amount });
    });

    it("on fresh connections, which no server closes for being idle", async () => {
      answering("getPaymentStatus", { status: "ISSUED", version: 0 });
      await client.getPaymentStatus("1", 0);
      await client.getPaymentStatus("1", 0);
      expect(server.connections()).toBe(1);
      answering("refundPayment");
      await client.refundPayment("payment-1", REFUND);
      answering("commitReservation");
      await client.commitReservation("1");
      answering("markTransactionPeriod", { transactionPeriodId: "1" });
      await client.markTransactionPeriod();
      answering("registerTerminal", { terminalId: "1" });
      await client.registerTerminal({ externalTerminalId: "x", password: "1234", name: "x" });
      expect(server.connections()).toBe(5);
    });

    it("no amount that is zero, negative, or longer than SEQR can read", async () => {
      for (const value of ["0", "0.00", "-1", "1000000000000000.00", "1.001", "x", ""]) {
        const amount = { currency: "SEK", value };
        for (const call of [
          client.refundPayment("payment-1", { ...REFUND, totalAmount: amount }),
          client.commitReservation("1", amount),
        ]) {
          expect(await failureOf(call)).toMatchObject({ code: "SEQR_INPUT", outcome: "refused" });
        }
      }
      expect(server.received).toEqual([]);
    });
  });

  it("registers and removes a terminal, and assigns its SEQR id", async () => {
    answering("registerTerminal", { terminalId: "87e7" });
    const till = { externalTerminalId: "Store 1/Till 4", password: "pw 4", name: "Åse's till" };
    expect(await client.registerTerminal(till)).toBe("87e7");
    expect(sent("registerTerminal")).toMatchObject(till);
    answering("assignSeqrId");
    await client.assignSeqrId("SHOP4711");
    expect(sent("assignSeqrId")).toMatchObject({ seqrId: "SHOP4711" });
    answering("unregisterTerminal");
    await client.unregisterTerminal();
    expect(sent("unregisterTerminal").context?.initiatorPrincipalId?.type).toBe("TERMINALID");
    answering("submitPaymentReceipt");
    const receiptData = new TextEncoder().encode("<p>Tack så mycket</p>");
    await client.submitPaymentReceipt("payment-1", {
      mimeType: "text/html",
      receiptData,
      receiptType: "PAYMENT_RECEIPT",
    });
    const { receiptDocument } = sent("submitPaymentReceipt");
    expect(Buffer.from(receiptDocument?.receiptData ?? []).toString()).toBe("<p>Tack så mycket</p>");
  });

  it("closes a period of the shop or of a terminal, and fetches its report", async () => {
    answering("markTransactionPeriod", { transactionPeriodId: "period-1" });
    expect(await client.markTransactionPeriod()).toBe("period-1");
    expect(sent("markTransactionPeriod")).not.toHaveProperty("parameters");
    answering("markTransactionPeriod", { transactionPeriodId: "", ersReference: "period-2" });
    expect(await client.markTransactionPeriod("terminal-1")).toBe("period-2");
    expect(sent("markTransactionPeriod").parameters).toEqual({
      parameter: [{ key: "TERMINALID", value: "terminal-1" }],
    });
    const report = {
      title: "",
      mimeType: "text/html",
      contentString: "<Row/>",
      content: Buffer.from("<Row/>"),
    };
    answering("executeReport", { report });
    const parameters = { transactionPeriodId: "period-2", TERMINALID: "terminal-1" };
    expect(await client.executeReport("Reconciliation/STD_RECON_006.xml", parameters, "en")).toEqual(report);
    expect(sent("executeReport")).toMatchObject({
      reportId: "Reconciliation/STD_RECON_006.xml",
      language: "en",
      parameters: {
        parameter: [
          { key: "transactionPeriodId", value: "period-2" },
          { key: "TERMINALID", value: "terminal-1" },
        ],
      },
    });
    await client.executeReport("Reconciliation/Shop.xml");
    expect(sent("executeReport")).not.toHaveProperty("parameters");
    expect(sent("executeReport")).not.toHaveProperty("language");
  });

  it("gives a report more room and time than other answers, as much as it is told", async () => {
    const report = { title: "x".repeat(3_000_000), contentString: "1" };
    answering("executeReport", { report });
    expect(await client.executeReport("SOME_REPORT")).toEqual(report);
    answering("getPaymentStatus", { status: "ISSUED", version: 0, resultDescription: report.title });
    const tooLarge = { code: "SEQR_ANSWER_INVALID", message: expect.stringContaining("too large") };
    expect(await failureOf(client.getPaymentStatus("1", 0))).toMatchObject(tooLarge);
    answering("executeReport", { report });
    const small = clientWith({ maxReportBytes: 2_999_999 });
    expect(await failureOf(small.executeReport("SOME_REPORT"))).toMatchObject(tooLarge);
    small.close();
    const limitsOf = async (options: Partial<SeqrClientOptions>) => {
      const limits: unknown[] = [];
      const transport: SoapTransport = {
        post: (_url, _message, name, _fresh, given) => {
          limits.push(given);
          return Promise.resolve({
            status: 200,
            body: name === "executeReport" ? answerTo(name, { report }) : answerTo("cancelInvoice"),
          });
        },
        close: () => undefined,
      };
      const one = clientWith({ ...options, transport });
      await one.executeReport("SOME_REPORT");
      await one.cancelInvoice("1");
      return limits;
    };
    const usual = { responseTimeout: 60_000, maxResponseBytes: 130_000_000 };
    expect(await limitsOf({})).toEqual([usual, undefined]);
    const more = { responseTimeout: 90_000, maxResponseBytes: 150_000_000 };
    expect(await limitsOf(more)).toEqual([more, undefined]);
    expect(await limitsOf({ reportTimeout: 5, maxReportBytes: 6 })).toEqual([
      { responseTimeout: 5, maxResponseBytes: 6 },
      undefined,
    ]);
    for (const name of ["reportTimeout", "maxReportBytes"]) {
      expect(() => clientWith({ [name]: 0 })).toThrow(`${name} must be a number from 1 to 2147483647`);
    }
  });

  it("tells who opened the shop in the app", async () => {
    answering("getClientSessionInfo", {
      parameters: [
        { key: "msisdn", value: "46700000000" },
        { key: "__proto__", value: "x" },
        { value: "without a key" },
        { key: "empty" },
      ],
    });
    const info = await client.getClientSessionInfo("0000002012-63506374");
    expect(Object.entries(info)).toEqual([
      ["msisdn", "46700000000"],
      ["__proto__", "x"],
      ["empty", ""],
    ]);
    expect(sent("getClientSessionInfo")).toMatchObject({ key: "0000002012-63506374" });
    answering("getClientSessionInfo");
    expect(await client.getClientSessionInfo("k")).toEqual({});
  });

  it.each<[string, (client: SeqrClient) => Promise<unknown>]>([
    ["updateInvoice", (one) => one.updateInvoice("", INVOICE)],
    ["getPaymentStatus", (one) => one.getPaymentStatus(" ", 0)],
    ["cancelInvoice", (one) => one.cancelInvoice("")],
    ["commitReservation", (one) => one.commitReservation("")],
    ["submitPaymentReceipt", (one) => one.submitPaymentReceipt("", {})],
    ["refundPayment", (one) => one.refundPayment("\t", REFUND)],
    [
      "registerTerminal",
      (one) => one.registerTerminal({ externalTerminalId: "", password: "1234", name: "x" }),
    ],
    [
      "registerTerminal",
      (one) => one.registerTerminal({ externalTerminalId: "x", password: "123", name: "x" }),
    ],
    [
      "registerTerminal",
      (one) => one.registerTerminal({ externalTerminalId: "x", password: "1234", name: "" }),
    ],
    ["assignSeqrId", (one) => one.assignSeqrId("SHOP-1")],
    ["assignSeqrId", (one) => one.assignSeqrId("A".repeat(35))],
    ["assignSeqrId", (one) => one.assignSeqrId("")],
    ["markTransactionPeriod", (one) => one.markTransactionPeriod("")],
    ["executeReport", (one) => one.executeReport("")],
    ["getClientSessionInfo", (one) => one.getClientSessionInfo("")],
  ])("does not send %s with a field that is empty or too long", async (operation, call) => {
    expect(await failureOf(call(client))).toMatchObject({
      code: "SEQR_INPUT",
      outcome: "refused",
      operation,
    });
    expect(server.received).toEqual([]);
    expect(records).toEqual([]);
  });

  describe("tells a refusal from an unknown outcome", () => {
    const code = (resultCode: number, resultDescription = "WORDS") =>
      answerTo("refundPayment", { resultCode, resultDescription });
    const refused = (seqr: string) => ({ code: seqr, outcome: "refused" });
    const unknown = (seqr: string) => ({ code: seqr, outcome: "unknown" });
    const soap12 = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>`;
    const html = {
      headers: { "Content-Type": "text/html" },
      body: "<!DOCTYPE html><html><body>Sorry</body></html>",
    };

    it.each<[string, Reply, object]>([
      ["a wrong password", { body: code(20) }, refused("SEQR_20")],
      ["an unknown terminal", { body: code(29) }, refused("SEQR_29")],
      ["an unknown reseller", { body: code(37) }, refused("SEQR_37")],
      ["too much refunded", { body: code(98) }, refused("SEQR_98")],
      ["a failing system", { body: code(90) }, unknown("SEQR_90")],
      ["a busy system", { body: code(93) }, unknown("SEQR_93")],
      ["a bank that is down", { body: code(94) }, unknown("SEQR_94")],
      ["a code of tomorrow", { body: code(100) }, unknown("SEQR_100")],
      ["a code below zero", { body: code(-1) }, unknown("SEQR_-1")],
      [
        "no code",
        { body: answerTo("refundPayment", { resultCode: undefined }) },
        unknown("SEQR_ANSWER_INVALID"),
      ],
      ["a code that is no number", { body: code(0).replace(">0<", ">OK<") }, unknown("SEQR_ANSWER_INVALID")],
      ["an answer to something else", { body: answerTo("cancelInvoice") }, unknown("SEQR_ANSWER_INVALID")],
      [
        "an answer without a return",
        { body: code(0).replace(/<return>.*<\/return>/, "") },
        unknown("SEQR_ANSWER_INVALID"),
      ],
      [
        "a success with the status of an error",
        { status: 500, body: code(0) },
        unknown("SEQR_ANSWER_INVALID"),
      ],
      [
        "a refusal with the status of an error",
        { status: 500, body: code(98) },
        unknown("SEQR_ANSWER_INVALID"),
      ],
      [
        "a success with the status of a refusal",
        { status: 404, body: code(0) },
        unknown("SEQR_ANSWER_INVALID"),
      ],
      [
        "a fault of ours",
        { status: 500, body: writeFault({ code: "Client", message: "what?" }) },
        refused("SEQR_MESSAGE_REFUSED"),
      ],
      [
        "a fault of ours, said more closely",
        { status: 400, body: writeFault({ code: "Client.Authentication", message: "" }) },
        refused("SEQR_MESSAGE_REFUSED"),
      ],
      [
        "a header not understood",
        { status: 500, body: writeFault({ code: "MustUnderstand", message: "" }) },
        refused("SEQR_MESSAGE_REFUSED"),
      ],
      [
        "a fault about the version of SOAP",
        { status: 500, body: writeFault({ code: "VersionMismatch", message: "" }) },
        refused("SEQR_MESSAGE_REFUSED"),
      ],
      [
        "a fault of theirs",
        { status: 500, body: writeFault({ code: "Server", message: "oops" }) },
        unknown("SEQR_FAULT"),
      ],
      [
        "a server fault with the status of a refusal",
        { status: 404, body: writeFault({ code: "Server", message: "oops" }) },
        unknown("SEQR_FAULT"),
      ],
      [
        "a fault without a code",
        { status: 200, body: writeFault({ code: "", message: "" }) },
        unknown("SEQR_FAULT"),
      ],
      [
        "a fault that only looks like ours",
        { status: 500, body: writeFault({ code: "ClientServer", message: "" }) },
        unknown("SEQR_FAULT"),
      ],
      ["a page instead of SOAP", html, unknown("SEQR_ANSWER_INVALID")],
      ["a page from a broken gateway", { ...html, status: 502 }, unknown("SEQR_ANSWER_INVALID")],
      ["a page that says 500", { ...html, status: 500 }, unknown("SEQR_ANSWER_INVALID")],
      ["a page that says 404", { ...html, status: 404 }, unknown("SEQR_HTTP_REFUSED")],
      [
        "a page that calls itself XML and says 403",
        { status: 403, body: "<html/>" },
        unknown("SEQR_HTTP_REFUSED"),
      ],
      ["a firewall that did not like the answer", { ...html, status: 403 }, unknown("SEQR_HTTP_REFUSED")],
      ["a proxy that found us slow", { status: 408, body: "" }, unknown("SEQR_HTTP_REFUSED")],
      ["a proxy that thought us gone", { ...html, status: 499 }, unknown("SEQR_HTTP_REFUSED")],
      ["a proxy that counts requests", { status: 429, body: "{}" }, unknown("SEQR_HTTP_REFUSED")],
      ["a page that says 300", { ...html, status: 300 }, unknown("SEQR_HTTP_REFUSED")],
      ["a login", { status: 401, body: "" }, unknown("SEQR_HTTP_REFUSED")],
      [
        "a redirect",
        { status: 307, headers: { Location: "https://elsewhere.example" } },
        unknown("SEQR_HTTP_REFUSED"),
      ],
      ["a redirect in XML", { status: 302, body: "<moved/>" }, unknown("SEQR_HTTP_REFUSED")],
      ["nothing at all", { body: "" }, unknown("SEQR_ANSWER_INVALID")],
      ["an answer that is cut", { body: code(0).slice(0, -10) }, unknown("SEQR_ANSWER_INVALID")],
      ["SOAP 1.2", { body: soap12 }, unknown("SEQR_ANSWER_INVALID")],
      [
        "a document type",
        { body: `<!DOCTYPE a [<!ENTITY b "c">]>${code(0)}` },
        unknown("SEQR_ANSWER_INVALID"),
      ],
    ])("in %s", async (_, given, expected) => {
      reply = given;
      const failed = await failureOf(client.refundPayment("payment-1", REFUND));
      expect(failed).toMatchObject({ ...expected, operation: "refundPayment" });
      expect(server.received).toHaveLength(1);
      expect(records).toMatchObject([{ operation: "refundPayment", result: failed.code }]);
    });

    it("and gives SEQR's description on one line, shortened", async () => {
      reply = { body: code(49, `Wrong\n currency: ${"EUR ".repeat(200)}`) };
      const failed = await failureOf(client.refundPayment("payment-1", REFUND));
      expect(failed).toMatchObject({ description: expect.stringMatching(/^Wrong currency: EUR/) });
      expect((failed as { description?: string }).description).toHaveLength(200);
      reply = { status: 500, body: writeFault({ code: "Server", message: "x".repeat(5_000) }) };
      expect((await failureOf(client.refundPayment("payment-1", REFUND))).message.length).toBeLessThan(300);
    });

    it("when nothing answers", async () => {
      reply = undefined;
      const failed = await failureOf(clientWith({ responseTimeout: 200 }).refundPayment("payment-1", REFUND));
      expect(failed).toMatchObject(unknown("SEQR_TIMEOUT"));
      await server.stop();
      const gone = await failureOf(client.refundPayment("payment-1", REFUND));
      expect(gone).toMatchObject(refused("SEQR_UNREACHABLE"));
    });
  });

  describe("reports each call", () => {
    it("with its operation, duration and result", async () => {
      let time = 1_000;
      answering("cancelInvoice");
      const timed = clientWith({ now: () => (time += 5), clientReference: () => "my call" });
      await timed.cancelInvoice("1");
      expect(records).toEqual([
        { operation: "cancelInvoice", clientReference: "my call", duration: 5, result: 0 },
      ]);
    });

    it("also when the answer lacks a field", async () => {
      answering("sendInvoice");
      await failureOf(client.sendInvoice(INVOICE));
      expect(records).toMatchObject([{ result: "SEQR_ANSWER_INVALID" }]);
    });

    it("and keeps the outcome when the listener fails", async () => {
      const onCall = () => {
        throw new Error("log is full");
      };
      answering("refundPayment", { ersReference: "refund-1" });
      const talking = clientWith({ onCall });
      expect(await talking.refundPayment("payment-1", REFUND)).toEqual({ ersReference: "refund-1" });
      reply = { body: answerTo("refundPayment", { resultCode: 98 }) };
      expect(await failureOf(talking.refundPayment("payment-1", REFUND))).toMatchObject({ code: "SEQR_98" });
    });
  });
});
