import { readReport, SeqrClient, SeqrReportError, subtract } from "../../../src/seqr";
import { answerIn, readBody } from "../../../src/seqr/wire/envelope";
import { operations } from "../../../src/seqr/operations";
import {
  PUBLIC_TEST_RESELLER,
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
  type TurnableClock,
} from "../../../src/sandbox";
import { describePublished, golden } from "../published";

describePublished("SEQR's published reports", () => {
  const report = (name: string) => {
    const xml = golden("response").find((one) => one.name === `executeReport${name}.response.xml`)?.xml ?? "";
    const body = readBody(xml);
    const answer = body && answerIn(body, "executeReport", operations.executeReport.return);
    if (!answer?.report) throw new Error(`no report ${name}`);
    return answer.report;
  };

  it("sum the shop up", () => {
    expect(readReport(report(".Shop"))).toMatchObject({
      kind: "shop-summary",
      meta: { resellerId: "hm1", generatedAt: "2012-07-18 15:19" },
      salesCount: 202,
      salesTotal: "5476.52",
    });
  });

  it("list the shop's transactions", () => {
    const read = readReport(report(".STD_RECON_003"));
    expect(read).toMatchObject({ kind: "transaction-details", meta: { resellerId: "hm1" } });
    expect(read.kind === "transaction-details" && read.rows.map(Object.values)).toEqual([
      ["d8e0ff10ea214e5282899aa9697117c1", "bob", "93.31", "2012060410485453001000101"],
      ["d8e0ff10ea214e5282899aa9697117c1", "bob", "30.00", "2012060410502892201000104"],
      ["d8e0ff10ea214e5282899aa9697117c1", "bob", "340.00", "2012060411033709001000145"],
    ]);
  });

  it("sum a terminal up", () => {
    const terminalId = "2469e0bf14214797880cafb0eda1b535";
    expect(readReport(report(".STD_RECON_006"))).toMatchObject({
      kind: "terminal-summary",
      meta: { terminalId },
      rows: [{ terminalId, salesCount: 1, salesTotal: "10.00" }],
    });
  });

  it("are not taken for one when they are something else", () => {
    expect(() => readReport(report(""))).toThrow(SeqrReportError);
  });
});

describe("the sandbox's reports, over SOAP", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  let client: SeqrClient;
  let payment: string;
  let refund: string | undefined;
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: "turnable", refundRows: true });
    client = new SeqrClient({
      endpoint: sandbox.endpoint,
      terminal: PUBLIC_TEST_TERMINAL,
      reseller: PUBLIC_TEST_RESELLER,
    });
    payment = await sell("93.31", "Åsa & Bo");
    await sell("0.05", "web");
    const totalAmount = { currency: "SEK", value: "3.31" };
    refund = (await client.refundPayment(payment, { title: "Back", cashierId: "web", totalAmount }))
      .ersReference;
  });
  afterAll(async () => {
    client.close();
    await sandbox.stop();
  });

  async function sell(value: string, cashierId: string): Promise<string> {
    const { invoiceReference, invoiceQRCode } = await client.sendInvoice({
      title: "Kaffe",
      clientInvoiceId: "1",
      totalAmount: { currency: "SEK", value },
      cashierId,
      footer: "",
    });
    await sandbox.phone.pay(invoiceQRCode);
    return (await client.getPaymentStatus(invoiceReference, 0)).ersReference ?? "";
  }

  it("are read, each as what it is", async () => {
    const transactionPeriodId = await client.markTransactionPeriod();
    sandbox.clock.advance(3_000);
    const read = async (name: string) =>
      readReport(await client.executeReport(`Reconciliation/${name}.xml`, { transactionPeriodId }));
    const { id } = PUBLIC_TEST_TERMINAL;
    const meta = { resellerId: PUBLIC_TEST_RESELLER.id, transactionPeriodId };

    expect(await read("Shop")).toMatchObject({
      kind: "shop-summary",
      meta,
      salesCount: 2,
      salesTotal: "93.36",
    });
    expect(await read("STD_RECON_002")).toMatchObject({
      kind: "terminal-summary",
      meta,
      rows: [{ terminalId: id, salesCount: 2, salesTotal: "93.36" }],
    });
    const details = await read("STD_RECON_003");
    expect(details).toMatchObject({ kind: "transaction-details", meta });
    const rows = details.kind === "transaction-details" ? details.rows : [];
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      terminalId: id,
      cashierId: "Åsa & Bo",
      salesAmount: "93.31",
      ersReference: payment,
    });
    expect(rows.find(({ ersReference }) => ersReference === refund)?.salesAmount).toBe(subtract("0", "3.31"));
    expect(await read("STD_RECON_004")).toMatchObject({ kind: "cashier-summary", meta });
  });

  it("on one terminal are read too", async () => {
    const TERMINALID = PUBLIC_TEST_TERMINAL.id;
    const transactionPeriodId = await client.markTransactionPeriod(TERMINALID);
    sandbox.clock.advance(3_000);
    const read = async (name: string) =>
      readReport(
        await client.executeReport(`Reconciliation/${name}.xml`, { transactionPeriodId, TERMINALID }),
      );
    expect(await read("STD_RECON_006")).toMatchObject({
      kind: "terminal-summary",
      meta: { terminalId: TERMINALID },
      rows: [{ terminalId: TERMINALID, salesCount: 2 }],
    });
    expect(await read("STD_RECON_007")).toMatchObject({ kind: "transaction-details" });
  });
});
