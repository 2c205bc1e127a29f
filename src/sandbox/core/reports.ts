import { fromHundredths } from "../../seqr";
import type { ExecuteReportRequest, ExecuteReportReturn } from "../../seqr/operations/execute-report";
import { escapeXml } from "../../seqr/wire/xml";
import { hundredths } from "./amounts";
import { localTime } from "./local-time";
import { parameterOf } from "./periods";
import { Refusal, type Outcome } from "./refusal";
import type { Period, Reseller, Transaction } from "./state";
import type { World } from "./world";

interface ReportKind {
  root: string;
  /** Scope of the period that it requires. */
  scope: "shop" | "terminal";
  /** Rows: one for each value of this field, one for each transaction, or a single one. */
  rows: "all" | "each" | "TerminalId" | "CashierId";
}

/** The six reports (PROTOCOL 9.2); there is no 005. */
const REPORTS = new Map<string, ReportKind>(
  Object.entries({
    STD_RECON_001: { root: "ResellerTransactionSummary", scope: "shop", rows: "all" },
    STD_RECON_002: { root: "TerminalTransactionSummary", scope: "shop", rows: "TerminalId" },
    STD_RECON_003: { root: "TransactionDetails", scope: "shop", rows: "each" },
    STD_RECON_004: { root: "CashierTransactionSummary", scope: "shop", rows: "CashierId" },
    STD_RECON_006: { root: "TerminalTransactionSummary", scope: "terminal", rows: "all" },
    STD_RECON_007: { root: "TransactionDetails", scope: "terminal", rows: "each" },
  }),
);

type Row = Record<string, string>;

/** Creates a report. A period of the wrong scope, an unknown one and a recent one are all "not ready" (PROTOCOL 9.1). */
export function executeReport(
  world: World,
  reseller: Reseller,
  { reportId = "", parameters }: ExecuteReportRequest,
): Outcome<ExecuteReportReturn> {
  const name = reportName(reportId);
  const kind = REPORTS.get(name);
  if (!kind) return new Refusal(91, `there is no report "${reportId}"`);
  const { state, clock, settings } = world;
  const period = state.periods.get(parameterOf(parameters?.parameter, "transactionPeriodId") ?? "");
  if (period?.resellerId !== reseller.id) return new Refusal(2, "the shop has no such transaction period");
  const terminalId =
    kind.scope === "terminal" ? (parameterOf(parameters?.parameter, "TERMINALID") ?? "") : undefined;
  if (period.terminalId !== terminalId) return new Refusal(2, `the period is not that of the ${kind.scope}`);
  if (clock.now() < period.markedAt + settings.reportReadyAfter)
    return new Refusal(2, "the report is being made");
  const transactions = [...state.transactions.values()].filter((transaction) => isIn(period, transaction));
  const { refundRows, refundTotals } = settings;
  const isShopSummary = name === "STD_RECON_001";
  const text = documentOf(
    kind.root,
    metaOf(period, clock.now()),
    kind.rows === "each"
      ? detailsOf(transactions, refundRows)
      : summaryOf(kind.rows, transactions, refundTotals),
  );
  return {
    report: {
      title: isShopSummary ? "" : `${name}_${period.id}.xml`,
      mimeType: "text/html",
      content: Buffer.from(isShopSummary ? `\n${text}` : text),
      contentString: text,
    },
  };
}

/** Normalizes a report's id, which documents write with and without folder and extension (PROTOCOL 9.2). */
function reportName(reportId: string): string {
  const name = reportId.replace(/^Reconciliation\//, "").replace(/\.xml$/, "");
  return name === "Shop" ? "STD_RECON_001" : name;
}

function isIn({ resellerId, terminalId, after, upTo }: Period, transaction: Transaction): boolean {
  return (
    transaction.resellerId === resellerId &&
    (terminalId === undefined || transaction.terminalId === terminalId) &&
    transaction.number > after &&
    transaction.number <= upTo &&
    !transaction.reversed
  );
}

function metaOf({ resellerId, terminalId, id }: Period, at: number): Row {
  return {
    ResellerId: resellerId,
    ...(terminalId !== undefined && { TerminalId: terminalId }),
    TransactionPeriodId: id,
    GeneratedAt: localTime(at).minute,
  };
}

/** Lists sales, and refunds below zero only by setting, because no published report contains any (PROTOCOL 14). */
function detailsOf(transactions: Transaction[], refundRows: boolean): Row[] {
  return transactions
    .filter(({ kind }) => refundRows || kind === "payment")
    .map((transaction) => ({
      TerminalId: transaction.terminalId,
      CashierId: cashierOf(transaction),
      SalesAmount: fiveDecimals(signed(transaction)),
      ErsReference: transaction.ersReference,
    }));
}

function summaryOf(
  rows: Exclude<ReportKind["rows"], "each">,
  transactions: Transaction[],
  refundTotals: boolean,
): Row[] {
  if (rows === "all") return [totals(transactions, refundTotals)];
  const keyOf = (transaction: Transaction): string =>
    rows === "TerminalId" ? transaction.terminalId : cashierOf(transaction);
  const groups = new Map<string, Transaction[]>();
  for (const transaction of transactions) {
    const group = groups.get(keyOf(transaction));
    if (group) group.push(transaction);
    else groups.set(keyOf(transaction), [transaction]);
  }
  return [...groups].map(([key, group]) => ({ [rows]: key, ...totals(group, refundTotals) }));
}

/** Counts sales, and refunds only by setting, because no published summary contains any (PROTOCOL 14). */
function totals(transactions: Transaction[], refundTotals: boolean): Row {
  const count = (kind: Transaction["kind"]): Transaction[] =>
    transactions.filter((other) => other.kind === kind);
  const total = (kind: Transaction["kind"]): string =>
    fiveDecimals(count(kind).reduce((sum, { amount }) => sum + (hundredths(amount) ?? 0n), 0n));
  return {
    SalesCount: String(count("payment").length),
    SalesTotal: total("payment"),
    ...(refundTotals && { RefundCount: String(count("refund").length), RefundTotal: total("refund") }),
  };
}

function cashierOf({ cashierId }: Transaction): string {
  return cashierId?.trim() ? cashierId : "NULL";
}

function signed({ kind, amount }: Transaction): bigint {
  const value = hundredths(amount) ?? 0n;
  return kind === "refund" ? -value : value;
}

function fiveDecimals(value: bigint): string {
  return `${fromHundredths(value)}000`;
}

function documentOf(root: string, meta: Row, rows: Row[]): string {
  const block = (name: string, fields: Row): string => {
    const lines = Object.entries(fields).map(
      ([field, value]) => `<${field}>${escapeXml(value)}</${field}>\n`,
    );
    return `<${name}>\n${lines.join("")}</${name}>\n`;
  };
  const body = [block("Meta", meta), ...rows.map((row) => block("Row", row))].join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n${body}\n</${root}>`;
}
