import { parseXml, type XmlElement } from "../../../src/seqr/wire/xml";
import { contextOf, INVOICE, makeCore, RESELLER, sek, TERMINAL } from "./core-fixture";

type Core = ReturnType<typeof makeCore>;

function mark({ call }: Core, terminalId?: string): string {
  const parameters =
    terminalId === undefined ? undefined : { parameter: [{ key: "TERMINALID", value: terminalId }] };
  return (
    call("markTransactionPeriod", { ...(parameters && { parameters }) }, RESELLER).transactionPeriodId ?? ""
  );
}

function ask({ call }: Core, reportId: string, period: string, terminalId?: string) {
  const parameter = [{ key: "transactionPeriodId", value: period }];
  if (terminalId !== undefined) parameter.push({ key: "TERMINALID", value: terminalId });
  return call("executeReport", { reportId, language: "en", parameters: { parameter } }, RESELLER);
}

/** Root name, fields of Meta, and fields of each Row. */
function read(text = ""): { root: string; meta: Record<string, string>; rows: Record<string, string>[] } {
  const root = parseXml(text);
  const fields = ({ children }: XmlElement) =>
    Object.fromEntries(children.map(({ name, text }) => [name, text]));
  const [meta, ...rows] = root.children;
  return { root: root.name, meta: meta ? fields(meta) : {}, rows: rows.map(fields) };
}

/** Two sales by bob at the web shop's terminal, one without cashier at a till, one refund. */
function shopWithSales(settings?: Parameters<typeof makeCore>[0]) {
  const core = makeCore(settings);
  const till = core.register("Till");
  const first = core.sell({ totalAmount: sek("93.31") });
  core.sell({ totalAmount: sek("30") });
  const atTill = core.send({ cashierId: undefined, totalAmount: sek("0.05") }, till.context);
  core.core.phone.pay(atTill);
  core.call("getPaymentStatus", { invoiceReference: atTill, invoiceVersion: 0 }, till.context);
  const reversed = core.send();
  core.core.phone.pay(reversed);
  core.clock.advance(20_000);
  const invoice = { ...INVOICE, totalAmount: sek("3.31") };
  core.call("refundPayment", { ersReference: first, invoice });
  return { ...core, till, first };
}

describe("reports (PROTOCOL 9)", () => {
  it("summarises the shop", () => {
    const shop = shopWithSales();
    const period = mark(shop);
    shop.clock.advance(3_000);
    for (const id of ["Reconciliation/Shop.xml", "STD_RECON_001", "Reconciliation/STD_RECON_001.xml"]) {
      const { report, resultCode } = ask(shop, id, period);
      expect(resultCode).toBe(0);
      expect(report).toMatchObject({ title: "", mimeType: "text/html" });
      expect(Buffer.from(report?.content ?? []).toString()).toBe(`\n${report?.contentString ?? ""}`);
      expect(read(report?.contentString)).toEqual({
        root: "ResellerTransactionSummary",
        meta: {
          ResellerId: "public_test_shop",
          TransactionPeriodId: period,
          GeneratedAt: "2026-01-15 13:00",
        },
        rows: [{ SalesCount: "3", SalesTotal: "123.36000" }],
      });
    }
  });

  it.each([
    ["leaves refunds out", false],
    ["has refunds below zero where that is wanted", true],
  ])("lists the shop's transactions, but no reversed payment, and %s", (_, refundRows) => {
    const shop = refundRows ? shopWithSales({ refundRows }) : shopWithSales();
    const period = mark(shop);
    shop.clock.advance(3_000);
    const { report } = ask(shop, "Reconciliation/STD_RECON_003.xml", period);
    expect(report?.title).toBe(`STD_RECON_003_${period}.xml`);
    expect(Buffer.from(report?.content ?? []).toString()).toBe(report?.contentString);
    const { root, rows } = read(report?.contentString);
    expect(root).toBe("TransactionDetails");
    const web = "public_test_shop_terminal";
    expect(
      rows.map(({ TerminalId, CashierId, SalesAmount }) => [TerminalId, CashierId, SalesAmount]),
    ).toEqual([
      [web, "bob", "93.31000"],
      [web, "bob", "30.00000"],
      [shop.till.id, "NULL", "0.05000"],
      ...(refundRows ? [[web, "bob", "-3.31000"]] : []),
    ]);
    expect(rows[0]?.ErsReference).toBe(shop.first);
  });

  it("summarises by terminal and by cashier", () => {
    const shop = shopWithSales();
    const period = mark(shop);
    shop.clock.advance(3_000);
    const byTerminal = read(ask(shop, "STD_RECON_002", period).report?.contentString);
    expect(byTerminal.root).toBe("TerminalTransactionSummary");
    expect(byTerminal.rows).toEqual([
      { TerminalId: "public_test_shop_terminal", SalesCount: "2", SalesTotal: "123.31000" },
      { TerminalId: shop.till.id, SalesCount: "1", SalesTotal: "0.05000" },
    ]);
    const byCashier = read(ask(shop, "STD_RECON_004", period).report?.contentString);
    expect(byCashier.root).toBe("CashierTransactionSummary");
    expect(byCashier.rows).toEqual([
      { CashierId: "bob", SalesCount: "2", SalesTotal: "123.31000" },
      { CashierId: "NULL", SalesCount: "1", SalesTotal: "0.05000" },
    ]);
  });

  it("reports on one terminal, on a period of its own", () => {
    const shop = shopWithSales();
    const period = mark(shop, shop.till.id);
    shop.clock.advance(3_000);
    const summary = read(
      ask(shop, "Reconciliation/STD_RECON_006.xml", period, shop.till.id).report?.contentString,
    );
    expect(summary).toMatchObject({
      root: "TerminalTransactionSummary",
      meta: { TerminalId: shop.till.id },
      rows: [{ SalesCount: "1", SalesTotal: "0.05000" }],
    });
    const details = read(
      ask(shop, "Reconciliation/STD_RECON_007.xml", period, shop.till.id).report?.contentString,
    );
    expect(details.rows.map(({ SalesAmount }) => SalesAmount)).toEqual(["0.05000"]);
  });

  it("is not ready for three seconds, and never for a period of the other scope", () => {
    const shop = shopWithSales();
    const [shops, tills] = [mark(shop), mark(shop, shop.till.id)];
    expect(ask(shop, "Reconciliation/Shop.xml", shops).resultCode).toBe(2);
    shop.clock.advance(2_999);
    expect(ask(shop, "Reconciliation/Shop.xml", shops).resultCode).toBe(2);
    shop.clock.advance(1);
    expect(ask(shop, "Reconciliation/Shop.xml", shops).resultCode).toBe(0);
    shop.clock.advance(1e9);
    expect(ask(shop, "Reconciliation/STD_RECON_006.xml", shops, shop.till.id).resultCode).toBe(2);
    expect(ask(shop, "Reconciliation/STD_RECON_006.xml", tills, "public_test_shop_terminal").resultCode).toBe(
      2,
    );
    expect(ask(shop, "Reconciliation/Shop.xml", tills).resultCode).toBe(2);
    expect(ask(shop, "Reconciliation/Shop.xml", "1").resultCode).toBe(2);
  });

  it("covers what happened since the last mark of the same scope", () => {
    const shop = shopWithSales();
    mark(shop);
    shop.sell({ totalAmount: sek("1") });
    const [second, empty, tills] = [mark(shop), mark(shop), mark(shop, shop.till.id)];
    shop.clock.advance(3_000);
    const totals = (period: string) =>
      read(ask(shop, "Reconciliation/Shop.xml", period).report?.contentString).rows[0];
    expect(totals(second)).toEqual({ SalesCount: "1", SalesTotal: "1.00000" });
    expect(totals(empty)).toEqual({ SalesCount: "0", SalesTotal: "0.00000" });
    const till = read(ask(shop, "STD_RECON_006", tills, shop.till.id).report?.contentString).rows[0];
    expect(till).toEqual({ SalesCount: "1", SalesTotal: "0.05000" });
  });

  it("counts refunds apart where that is wanted", () => {
    const shop = makeCore({ refundTotals: true });
    const ersReference = shop.sell();
    shop.call("refundPayment", { ersReference, invoice: { ...INVOICE, totalAmount: sek("2.5") } });
    const period = mark(shop);
    shop.clock.advance(3_000);
    expect(read(ask(shop, "Reconciliation/Shop.xml", period).report?.contentString).rows).toEqual([
      { SalesCount: "1", SalesTotal: "12.50000", RefundCount: "1", RefundTotal: "2.50000" },
    ]);
  });

  it("is for shops: 91 for terminals and for reports that do not exist", () => {
    const shop = makeCore();
    expect(shop.call("executeReport", { reportId: "Reconciliation/Shop.xml" }, TERMINAL).resultCode).toBe(91);
    expect(shop.call("markTransactionPeriod", {}, TERMINAL).resultCode).toBe(91);
    for (const reportId of ["SOME_REPORT", "STD_RECON_005", "constructor", undefined]) {
      expect(shop.call("executeReport", { reportId }, RESELLER).resultCode).toBe(91);
    }
  });

  it("keeps shops apart", () => {
    const shop = shopWithSales();
    const period = mark(shop);
    shop.clock.advance(3_000);
    const other = contextOf("RESELLERUSER", "other_shop/9900", "pass");
    const parameters = { parameter: [{ key: "transactionPeriodId", value: period }] };
    expect(shop.call("executeReport", { reportId: "STD_RECON_001", parameters }, other).resultCode).toBe(2);
    const foreign = { parameter: [{ key: "TERMINALID", value: shop.till.id }] };
    expect(shop.call("markTransactionPeriod", { parameters: foreign }, other).resultCode).toBe(29);
  });
});
