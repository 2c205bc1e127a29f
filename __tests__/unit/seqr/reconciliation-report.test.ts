import {
  MAX_REPORT_LENGTH,
  readReport,
  reportText,
  SeqrError,
  SeqrReportError,
  type Report,
} from "../../../src/seqr";

const META = `
<Meta>
<ResellerId>kaffeboden</ResellerId>
<TransactionPeriodId>2026010221000012301000017</TransactionPeriodId>
<GeneratedAt>2026-01-02 21:04</GeneratedAt>
</Meta>
`;
const meta = {
  resellerId: "kaffeboden",
  transactionPeriodId: "2026010221000012301000017",
  generatedAt: "2026-01-02 21:04",
};
const TILL = "4f1e0c9a7b3d4e51a2c8d6b5e7f90123";

/** A report as SEQR writes it. */
function written(root: string, rows: Record<string, string>[], head = META): string {
  const fields = (row: Record<string, string>) =>
    Object.entries(row)
      .map(([name, value]) => `<${name}>${value}</${name}>\n`)
      .join("");
  const all = rows.map((row) => `<Row>\n${fields(row)}</Row>\n`).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${head}\n${all}\n</${root}>`;
}
const asText = (contentString: string): Report => ({ mimeType: "text/html", contentString });
const asBytes = (content: string): Report => ({ mimeType: "text/html", content: Buffer.from(content) });

const SALE = {
  TerminalId: TILL,
  CashierId: "Åsa",
  SalesAmount: "85.50000",
  ErsReference: "2026010210203040501000101",
};
const sale = {
  terminalId: TILL,
  cashierId: "Åsa",
  salesAmount: "85.50",
  ersReference: "2026010210203040501000101",
};

describe("a reconciliation report", () => {
  it("on the shop is its sum", () => {
    const text = written("ResellerTransactionSummary", [{ SalesCount: "202", SalesTotal: "5476.52000" }]);
    const expected = { kind: "shop-summary", meta, salesCount: 202, salesTotal: "5476.52" };
    expect(readReport({ title: "", ...asText(text) })).toEqual(expected);
    expect(readReport(asBytes(`\n${text}`))).toEqual(expected);
    expect(readReport(asText(`\ufeff${text}`))).toEqual(expected);
  });

  it("on a shop without sales is zero", () => {
    expect(readReport(asText(written("ResellerTransactionSummary", [])))).toMatchObject({
      salesCount: 0,
      salesTotal: "0.00",
    });
  });

  it("by terminal names the terminal in each row, or once for the one that was asked for", () => {
    const sum = { SalesCount: "1", SalesTotal: "20.00000" };
    const rows = [{ terminalId: TILL, salesCount: 1, salesTotal: "20.00" }];
    expect(readReport(asText(written("TerminalTransactionSummary", [{ TerminalId: TILL, ...sum }])))).toEqual(
      {
        kind: "terminal-summary",
        meta,
        rows,
      },
    );
    const head = META.replace("<Transaction", `<TerminalId>${TILL}</TerminalId><Transaction`);
    expect(readReport(asText(written("TerminalTransactionSummary", [sum], head)))).toEqual({
      kind: "terminal-summary",
      meta: { ...meta, terminalId: TILL },
      rows,
    });
  });

  it("by cashier omits the cashier when the invoice named none", () => {
    const rows = [
      { CashierId: "bo", SalesCount: "132", SalesTotal: "4000.22000" },
      { CashierId: "NULL", SalesCount: "2", SalesTotal: "10.00000" },
    ];
    expect(readReport(asText(written("CashierTransactionSummary", rows)))).toEqual({
      kind: "cashier-summary",
      meta,
      rows: [
        { cashierId: "bo", salesCount: 132, salesTotal: "4000.22" },
        { salesCount: 2, salesTotal: "10.00" },
      ],
    });
  });

  it("in detail lists payments, and refunds below zero", () => {
    const refund = {
      ...SALE,
      CashierId: "NULL",
      SalesAmount: "-3.31000",
      ErsReference: "2026010210203040501000102",
    };
    expect(readReport(asText(written("TransactionDetails", [SALE, refund])))).toEqual({
      kind: "transaction-details",
      meta,
      rows: [sale, { terminalId: TILL, salesAmount: "-3.31", ersReference: "2026010210203040501000102" }],
    });
  });

  it("without anything in it is empty", () => {
    const empty = "<TransactionDetails/>";
    expect(readReport(asText(empty))).toEqual({ kind: "transaction-details", meta: {}, rows: [] });
  });

  it("is known by its root element, whatever title and type say", () => {
    const report = { title: "STD_RECON_001.xml", mimeType: "text/plain" };
    const contentString = written("TransactionDetails", [SALE]);
    expect(readReport({ ...report, contentString })).toMatchObject({ kind: "transaction-details" });
  });

  it("is read from the text rather than from the bytes, which samples cut short", () => {
    const content = Buffer.from("PD94bWwgdmVyc2...=", "base64");
    const contentString = written("TransactionDetails", [SALE]);
    expect(readReport({ content, contentString })).toMatchObject({ rows: [sale] });
    expect(readReport({ content: Buffer.from(contentString), contentString: " \n" })).toMatchObject({
      rows: [sale],
    });
  });

  it("may hold undocumented fields, in any order, with prefixes", () => {
    const text =
      `<x:TransactionDetails xmlns:x="urn:x"><New><Row/></New><x:Row><Fee>1</Fee><x:ErsReference> ${sale.ersReference}\n` +
      `</x:ErsReference><SalesAmount> 85.5 </SalesAmount><CashierId>Åsa</CashierId><TerminalId>${TILL}</TerminalId>` +
      "<RefundTotal>x</RefundTotal></x:Row><Meta/></x:TransactionDetails>";
    expect(readReport(asText(text))).toEqual({ kind: "transaction-details", meta: {}, rows: [sale] });
  });

  it.each([
    ["0.00000", "0.00"],
    ["-0.00000", "0.00"],
    ["10", "10.00"],
    ["0.1", "0.10"],
    ["00012.30000", "12.30"],
    ["90071992547409931234.57000", "90071992547409931234.57"],
  ])("gives the amount %s as %s", (amount, expected) => {
    const text = written("TransactionDetails", [{ ...SALE, SalesAmount: amount }]);
    expect(readReport(asText(text))).toMatchObject({ rows: [{ salesAmount: expected }] });
  });

  it("keeps references as the texts they are", () => {
    const ErsReference = "0020260102102030405010001019999999999";
    const text = written("TransactionDetails", [{ ...SALE, ErsReference }]);
    expect(readReport(asText(text))).toMatchObject({ rows: [{ ersReference: ErsReference }] });
  });

  const detail = (changed: Record<string, string>, ...without: string[]) =>
    written("TransactionDetails", [
      SALE,
      Object.fromEntries(Object.entries({ ...SALE, ...changed }).filter(([name]) => !without.includes(name))),
    ]);
  const summary = (row: Record<string, string>, root = "ResellerTransactionSummary") => written(root, [row]);

  it.each<[string, Report, string]>([
    ["has no content", { title: "x" }, "no content"],
    ["has blank content", { contentString: " " }, "no content"],
    ["is plain text", asText("115792"), "plain text"],
    ["is a page", asText("<!doctype html><html><body>sorry</body></html>"), "not XML"],
    ["is cut short", asText(written("TransactionDetails", [SALE]).slice(0, -5)), "not XML"],
    ["closes with another name", asText("<CashierTransactionSummary></TransactionDetails>"), "not XML"],
    ["holds bytes that are no text", { content: Buffer.from([0x3c, 0x61, 0xff, 0xfe]) }, "not UTF-8"],
    ["is of another kind", asText(written("TerminalList", [])), "no reconciliation report"],
    ["lacks an amount", asText(detail({}, "SalesAmount")), "row 2 has no usable SalesAmount"],
    ["lacks a reference", asText(detail({}, "ErsReference")), "row 2 has no usable ErsReference"],
    ["has an empty reference", asText(detail({ ErsReference: " " })), "row 2 has no usable ErsReference"],
    ["lacks a terminal", asText(detail({}, "TerminalId")), "row 2 has no usable TerminalId"],
    ["would need rounding", asText(detail({ SalesAmount: "1.00500" })), "row 2 has no usable SalesAmount"],
    ["has an amount in words", asText(detail({ SalesAmount: "NULL" })), "row 2 has no usable SalesAmount"],
    ["has an amount with an exponent", asText(detail({ SalesAmount: "1e3" })), "usable SalesAmount"],
    ["has an amount with a comma", asText(detail({ SalesAmount: "1,00" })), "usable SalesAmount"],
    ["has an endless amount", asText(detail({ SalesAmount: "9".repeat(1_000_000) })), "usable SalesAmount"],
    ["lacks a count", asText(summary({ SalesTotal: "1" })), "row 1 has no usable SalesCount"],
    ["has a count below zero", asText(summary({ SalesCount: "-1", SalesTotal: "1" })), "usable SalesCount"],
    ["has half a sale", asText(summary({ SalesCount: "1.5", SalesTotal: "1" })), "usable SalesCount"],
    ["lacks a total", asText(summary({ SalesCount: "1" })), "row 1 has no usable SalesTotal"],
    [
      "sums the shop up twice",
      asText(
        written("ResellerTransactionSummary", [
          { SalesCount: "1", SalesTotal: "1" },
          { SalesCount: "1", SalesTotal: "1" },
        ]),
      ),
      "more than one row",
    ],
    ["is too long", asText(`<a>${" ".repeat(MAX_REPORT_LENGTH)}</a>`), "longer than"],
    ["is too long in bytes", { content: new Uint8Array(MAX_REPORT_LENGTH + 1) }, "longer than"],
  ])("that %s is refused", (_, report, why) => {
    const error = caught(() => readReport(report));
    expect(error).toBeInstanceOf(SeqrReportError);
    expect(error).toBeInstanceOf(SeqrError);
    expect(error).toMatchObject({
      code: "SEQR_REPORT_INVALID",
      operation: "executeReport",
      outcome: "unknown",
      message: expect.stringContaining(why),
    });
  });

  it("is read to its last row when it is long, whatever its header's place, and its errors name the row", () => {
    const sales = Array.from({ length: 3_000 }, (_, index) => ({ ...SALE, ErsReference: `${index}` }));
    const text = written("TransactionDetails", sales, "").replaceAll(`<TerminalId>${TILL}</TerminalId>`, "");
    const head = META.replace("<Transaction", `<TerminalId>${TILL}</TerminalId><Transaction`);
    const read = readReport(asText(text.replace("</TransactionDetails>", `${head}</TransactionDetails>`)));
    expect(read).toMatchObject({ meta: { ...meta, terminalId: TILL } });
    expect(read.kind === "transaction-details" && read.rows).toEqual(
      sales.map(({ ErsReference }) => ({ ...sale, ersReference: ErsReference })),
    );
    expect(() => readReport(asText(text))).toThrow("row 1 has no usable TerminalId");
    const broken = written("TransactionDetails", [...sales, { ...SALE, SalesAmount: "x" }]);
    expect(() => readReport(asText(broken))).toThrow("row 3001 has no usable SalesAmount");
  });

  it("is given as text, whatever it is", () => {
    expect(reportText(asText("115792"))).toBe("115792");
    expect(reportText(asBytes("\n<a>Åsa</a>"))).toBe("\n<a>Åsa</a>");
    expect(reportText({ content: Buffer.from("Åsa", "latin1") })).toBe("Åsa");
    expect(reportText({ content: Buffer.from("abc"), contentString: " " })).toBe("abc");
    expect(reportText({ title: "x" })).toBe("");
    expect(reportText({ contentString: "" })).toBe("");
  });

  it("does not repeat what stood in a report it refuses", () => {
    for (const text of [
      "secret",
      "<secret/>",
      detail({ SalesAmount: "secret" }),
      detail({ CashierId: "secret" }, "ErsReference"),
      "<TransactionDetails><secret></TransactionDetails>",
    ]) {
      expect(String(caught(() => readReport(asText(text))))).not.toContain("secret");
    }
  });
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
