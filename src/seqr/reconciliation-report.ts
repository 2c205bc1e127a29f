import { SeqrReportError } from "./errors";
import { fromHundredths, toHundredths } from "./money";
import { complex, decimal, integer, readFields, text } from "./wire/schema";
import type { Report } from "./types";
import { childOf, XmlError, type XmlElement } from "./wire/xml";
import { parseXmlInPieces } from "./wire/xml-pieces";

/** Header of a report (PROTOCOL 9.2). */
export interface ReportMeta {
  resellerId?: string;
  /** In reports on one terminal. */
  terminalId?: string;
  transactionPeriodId?: string;
  /** SEQR's local time, `2026-01-15 13:00`. */
  generatedAt?: string;
}

/** Number and total of sales. No report names a currency: it is that of the terminal's country. */
export interface SalesSum {
  salesCount: number;
  /** Decimal string with two decimals. */
  salesTotal: string;
}

/** The sales of the whole shop. */
export interface ShopSummary extends SalesSum {
  kind: "shop-summary";
  meta: ReportMeta;
}

/** The sales of each terminal, or of the one that was asked for. */
export interface TerminalSummary {
  kind: "terminal-summary";
  meta: ReportMeta;
  rows: (SalesSum & { terminalId: string })[];
}

/** The sales of each cashier. */
export interface CashierSummary {
  kind: "cashier-summary";
  meta: ReportMeta;
  rows: (SalesSum & Pick<ReportedTransaction, "cashierId">)[];
}

/** One payment or refund. */
export interface ReportedTransaction {
  terminalId: string;
  /** Absent when the invoice named none: reports print that as NULL, so a cashier of that name reads as absent too. */
  cashierId?: string;
  /** Decimal string with two decimals; a refund may be below zero (PROTOCOL 14). */
  salesAmount: string;
  /** Names the transaction: match by it. */
  ersReference: string;
}

/** Every payment of the period, and perhaps its refunds. */
export interface TransactionDetails {
  kind: "transaction-details";
  meta: ReportMeta;
  rows: ReportedTransaction[];
}

/** A reconciliation report that has been read; `kind` tells which. */
export type ReconciliationReport = ShopSummary | TerminalSummary | CashierSummary | TransactionDetails;

/** Characters; a longer report is not read. A transaction takes about 200, so that this is a quarter of a million. */
export const MAX_REPORT_LENGTH = 50_000_000;

/** Characters; a longer text is no amount, and parsing it would be slow. */
const MAX_AMOUNT_TEXT = 40;

interface Meta {
  ResellerId?: string;
  TerminalId?: string;
  TransactionPeriodId?: string;
  GeneratedAt?: string;
}

interface Row {
  TerminalId?: string;
  CashierId?: string;
  SalesCount?: number;
  SalesTotal?: string;
  SalesAmount?: string;
  ErsReference?: string;
}

const metaShape = complex<Meta>("Meta", {
  ResellerId: text,
  TerminalId: text,
  TransactionPeriodId: text,
  GeneratedAt: text,
});

const rowShape = complex<Row>("Row", {
  TerminalId: text,
  CashierId: text,
  SalesCount: integer,
  SalesTotal: decimal,
  SalesAmount: decimal,
  ErsReference: text,
});

/**
 * Reads a reconciliation report (PROTOCOL 9.2). The root element tells the kind of report, since the title, the MIME
 * type and the report id that was asked for are not reliable. Unknown fields are skipped. A long report is parsed in
 * pieces, so that reading it takes little more memory than its text and its rows. SEQR also has reports that are plain
 * text: {@link reportText} gives them as they are.
 *
 * @param report as executeReport gave it
 * @throws {SeqrReportError} when it is not a reconciliation report, lacks a field, or is longer than
 * {@link MAX_REPORT_LENGTH}
 *
 * @example
 * const report = readReport(await client.executeReport("Reconciliation/STD_RECON_003.xml", { transactionPeriodId }));
 * if (report.kind === "transaction-details") report.rows.find((row) => row.ersReference === refund.reference);
 */
export function readReport(report: Report): ReconciliationReport {
  const { root, head, fields } = parse(textToRead(report));
  const meta = readMeta(head);
  const rows = fields.map((row, index) => new RowReader(row, meta, index + 1));
  switch (root) {
    case "ResellerTransactionSummary": {
      const [only, ...more] = rows;
      if (more.length > 0) throw new SeqrReportError("a summary of the shop has more than one row");
      const sum = only ? only.sum() : { salesCount: 0, salesTotal: "0.00" };
      return { kind: "shop-summary", meta, ...sum };
    }
    case "TerminalTransactionSummary":
      return {
        kind: "terminal-summary",
        meta,
        rows: rows.map((row) => ({ terminalId: row.terminal(), ...row.sum() })),
      };
    case "CashierTransactionSummary":
      return {
        kind: "cashier-summary",
        meta,
        rows: rows.map((row) => ({ ...row.cashier(), ...row.sum() })),
      };
    case "TransactionDetails":
      return { kind: "transaction-details", meta, rows: rows.map((row) => row.transaction()) };
    default:
      throw new SeqrReportError("its root element is that of no reconciliation report");
  }
}

/**
 * Gives a report's document as text, whatever is in it: for keeping it, or for reading one that is not about
 * reconciliation. Bytes that are no UTF-8 are taken for Latin-1, so that each stays a character of its own.
 *
 * @param report as executeReport gave it
 * @returns empty when the report has no content
 */
export function reportText(report: Report): string {
  const written = contentOf(report);
  if (typeof written === "string") return written;
  return decoded(written) ?? Buffer.from(written).toString("latin1");
}

/** The same text is sent in two forms (PROTOCOL 3.9). */
function contentOf({ content, contentString }: Report): string | Uint8Array {
  return contentString?.trim() || content === undefined ? (contentString ?? "") : content;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The trimmed text: the shop's summary begins with a line break, which XML forbids before its declaration. */
function textToRead(report: Report): string {
  const written = contentOf(report);
  if (written.length > MAX_REPORT_LENGTH) {
    throw new SeqrReportError(`it is longer than ${MAX_REPORT_LENGTH} characters`);
  }
  const text = (typeof written === "string" ? written : decoded(written))?.trim();
  if (text === undefined) throw new SeqrReportError("its content is not UTF-8");
  if (text === "") throw new SeqrReportError("it has no content");
  if (!text.startsWith("<")) throw new SeqrReportError("it is plain text and not XML");
  return text;
}

/** A report's document: name of its root, header, and the fields of its rows. */
interface ParsedReport {
  root: string;
  head: XmlElement | undefined;
  fields: Row[];
}

function parse(text: string): ParsedReport {
  const parsed: ParsedReport = { root: "", head: undefined, fields: [] };
  const texts = new Map<string, string>();
  try {
    for (const piece of parseXmlInPieces(text, "Row")) {
      parsed.root = piece.name;
      parsed.head ??= childOf(piece, "Meta");
      for (const child of piece.children) {
        if (child.name === "Row") parsed.fields.push(detached(readFields(rowShape, child), texts));
      }
    }
  } catch (error) {
    if (error instanceof XmlError) throw new SeqrReportError(`it is not XML: ${error.message}`);
    throw error;
  }
  return parsed;
}

/**
 * The row with texts of its own: the parser's are parts of the piece that they stood in, and would keep it in memory.
 *
 * @param texts terminals and cashiers of other rows, which are few
 */
function detached(row: Row, texts: Map<string, string>): Row {
  for (const name of ["TerminalId", "CashierId"] as const) {
    const text = row[name];
    if (text === undefined) continue;
    const known = texts.get(text) ?? copied(text);
    texts.set(known, known);
    row[name] = known;
  }
  for (const name of ["SalesAmount", "SalesTotal", "ErsReference"] as const) {
    const text = row[name];
    if (text !== undefined) row[name] = copied(text);
  }
  return row;
}

function copied(text: string): string {
  return Buffer.from(text).toString();
}

function readMeta(element: XmlElement | undefined): ReportMeta {
  const { ResellerId, TerminalId, TransactionPeriodId, GeneratedAt }: Meta = element
    ? readFields(metaShape, element)
    : {};
  return {
    ...filled("resellerId", ResellerId),
    ...filled("terminalId", TerminalId),
    ...filled("transactionPeriodId", TransactionPeriodId),
    ...filled("generatedAt", GeneratedAt),
  };
}

/** Reads one row; errors name its number. */
class RowReader {
  constructor(
    private readonly row: Row,
    private readonly meta: ReportMeta,
    private readonly number: number,
  ) {}

  sum(): SalesSum {
    const { SalesCount, SalesTotal } = this.row;
    if (SalesCount === undefined || SalesCount < 0) return this.#lacks("SalesCount");
    return { salesCount: SalesCount, salesTotal: this.#amount("SalesTotal", SalesTotal) };
  }

  /** The row's terminal. A report on one terminal names it in the header only. */
  terminal(): string {
    return this.row.TerminalId?.trim() || this.meta.terminalId || this.#lacks("TerminalId");
  }

  cashier(): Pick<ReportedTransaction, "cashierId"> {
    const cashier = this.row.CashierId?.trim();
    return filled("cashierId", cashier === "NULL" ? undefined : cashier);
  }

  transaction(): ReportedTransaction {
    return {
      terminalId: this.terminal(),
      ...this.cashier(),
      salesAmount: this.#amount("SalesAmount", this.row.SalesAmount),
      ersReference: this.row.ErsReference?.trim() || this.#lacks("ErsReference"),
    };
  }

  /** Reads an amount. Reports print five decimals; an amount that is not whole hundredths is refused, not rounded. */
  #amount(field: string, value: string | undefined): string {
    if (value === undefined || value.length > MAX_AMOUNT_TEXT) return this.#lacks(field);
    try {
      return fromHundredths(toHundredths(value));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#lacks(field);
    }
  }

  #lacks(field: string): never {
    throw new SeqrReportError(`row ${this.number} has no usable ${field}`);
  }
}

/** An object with the field, or an empty one when the text is blank. */
function filled<Name extends string>(name: Name, value: string | undefined): { [N in Name]?: string } {
  const trimmed = value?.trim();
  return (trimmed ? { [name]: trimmed } : {}) as { [N in Name]?: string };
}
