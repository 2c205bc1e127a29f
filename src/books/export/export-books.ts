import { seqrError } from "../../errors/error-codes";
import { taxSharesOf } from "../../medusa/exported-orders";
import type { Query } from "../../medusa/queries";
import type {
  BooksReader,
  ExportContent,
  ExportFormat,
  ItemRecord,
  OperationContext,
  PeriodRecord,
} from "../../modules/seqr/public";
import { resolvedBooks } from "../../options/books-options";
import { localDays } from "../local-day";
import { csvHeader, csvRows, type CsvColumns } from "./csv";
import { isExported } from "./exported-period";
import { ITEM_COLUMNS, itemRows, known } from "./items-content";
import { OVERVIEW_COLUMNS, overviewRow } from "./overview-content";
import { PeriodOverview, type OverviewLine } from "./period-overview";
import { sieFile } from "./sie-file";
import { BOOK_CURRENCY, voucherOf, type Voucher } from "./vouchers";

/** What exports read from. */
export interface BooksExportContext extends Pick<OperationContext, "ledger" | "clock" | "terminals"> {
  books: BooksReader;
  query: Query;
  options: Pick<OperationContext["options"], "books" | "periods">;
}

/** What to export. */
export interface BooksExport {
  format: ExportFormat;
  content: ExportContent;
  /** One period; or all that were closed from one moment on and before another one. */
  of: { periodId: string } | { from: Date | undefined; to: Date | undefined };
}

/** An export as a file. */
export interface ExportedFile {
  name: string;
  /** MIME type with the character set. */
  type: string;
  /** The file in pieces, in constant memory however long it is. The first piece fails where the export cannot be made. */
  pieces: AsyncIterable<string | Buffer>;
}

/** Items and periods that are in memory at once. */
const ITEMS = 1_000;
const PERIODS = 100;

/** Time zone of the days, where the option `periods` does not name one. */
const TIME_ZONE = "Europe/Stockholm";

/** A row of a CSV or JSON file. */
type Row = Record<string, string | null>;

const TYPES: Record<ExportFormat, { type: string; extension: string }> = {
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
  json: { type: "application/json; charset=utf-8", extension: "json" },
  // SIE files have no type, and no character set that browsers know.
  sie: { type: "application/octet-stream", extension: "si" },
};

/** Exports the books. A SIE file has vouchers, whatever content is asked for. */
export function exportBooks(context: BooksExportContext, wanted: BooksExport): ExportedFile {
  const { type, extension } = TYPES[wanted.format];
  const what = wanted.format === "sie" ? "vouchers" : wanted.content;
  return { name: `seqr-${what}.${extension}`, type, pieces: piecesOf(context, wanted) };
}

/** The time zone of the books' days. */
export function booksTimeZone({ periods }: BooksExportContext["options"]): string {
  return periods?.timeZone ?? TIME_ZONE;
}

function piecesOf(context: BooksExportContext, wanted: BooksExport): AsyncIterable<string | Buffer> {
  const periods = exportedPeriods(context.books, wanted.of);
  if (wanted.format === "sie") return sie(context, periods);
  const [columns, rows]: [CsvColumns, (period: PeriodRecord) => AsyncIterable<Row[]>] =
    wanted.content === "items"
      ? [ITEM_COLUMNS, (period) => rowsOfItems(context, period)]
      : [OVERVIEW_COLUMNS, (period) => rowsOfOverview(context, period)];
  return wanted.format === "csv" ? csv(columns, periods, rows) : json(wanted.content, periods, rows);
}

/** The periods of an export, oldest first. */
async function* exportedPeriods(books: BooksReader, of: BooksExport["of"]): AsyncIterable<PeriodRecord> {
  if ("periodId" in of) {
    const period = await books.findPeriod(of.periodId);
    if (!period) throw seqrError("SEQR_NO_SUCH_PERIOD");
    if (!isExported(period)) throw seqrError("SEQR_PERIOD_NOT_RECONCILED", `It is ${period.state}.`);
    yield period;
    return;
  }
  const filter = {
    state: ["reconciled", "lost"] as const,
    ...(of.from && { from: of.from }),
    ...(of.to && { to: of.to }),
  };
  for (let offset = 0; ; offset += PERIODS) {
    const { records } = await books.listPeriods(filter, { limit: PERIODS, offset, oldestFirst: true });
    yield* records.filter(isExported);
    if (records.length < PERIODS) return;
  }
}

/** The items of a period, in batches. */
async function* itemsOf(books: BooksReader, { id }: PeriodRecord): AsyncIterable<ItemRecord[]> {
  for (let last = 0; ;) {
    const items = await books.itemsAfter(id, last, ITEMS);
    const end = items.at(-1);
    if (!end) return;
    yield items;
    last = end.number;
  }
}

async function* rowsOfItems(context: BooksExportContext, period: PeriodRecord): AsyncIterable<Row[]> {
  for await (const items of itemsOf(context.books, period)) yield await itemRows(context, period, items);
}

async function* rowsOfOverview(context: BooksExportContext, period: PeriodRecord): AsyncIterable<Row[]> {
  const nameOf = (id: string): string | null =>
    context.terminals.all.find(
      ({ options, endpoint }) => options.terminalId === id && endpoint.address === period.endpoint,
    )?.name ?? null;
  const lines = await overviewOf(context, period);
  yield lines.map((line) => overviewRow(period, line, nameOf(line.terminal_id)));
}

async function overviewOf(context: BooksExportContext, period: PeriodRecord): Promise<OverviewLine[]> {
  const overview = new PeriodOverview(period, booksTimeZone(context.options));
  for await (const items of itemsOf(context.books, period)) {
    const shares = await taxSharesOf(context.query, known(items.map(({ order_id }) => order_id)));
    for (const item of items) overview.add(item, shares.get(item.order_id ?? "") ?? []);
  }
  return overview.lines();
}

async function* csv(
  columns: CsvColumns,
  periods: AsyncIterable<PeriodRecord>,
  rowsOf: (period: PeriodRecord) => AsyncIterable<Row[]>,
): AsyncIterable<string> {
  let head = csvHeader(columns);
  for await (const period of periods) {
    for await (const rows of rowsOf(period)) {
      yield head + csvRows(columns, rows);
      head = "";
    }
  }
  if (head !== "") yield head;
}

/** One object, whose only field is a list of rows. */
async function* json(
  content: ExportContent,
  periods: AsyncIterable<PeriodRecord>,
  rowsOf: (period: PeriodRecord) => AsyncIterable<Row[]>,
): AsyncIterable<string> {
  const head = `{"${content}":[`;
  let before = `${head}\n`;
  for await (const period of periods) {
    for await (const rows of rowsOf(period)) {
      const text = rows.map((row) => JSON.stringify(row)).join(",\n");
      if (text === "") continue;
      yield before + text;
      before = ",\n";
    }
  }
  yield before === ",\n" ? "\n]}\n" : `${head}]}\n`;
}

/** A whole file in one piece: it has one voucher for each period, however many items there are. */
async function* sie(
  context: BooksExportContext,
  periods: AsyncIterable<PeriodRecord>,
): AsyncIterable<Buffer> {
  const timeZone = booksTimeZone(context.options);
  const { accounts } = context.options.books ?? resolvedBooks();
  const vouchers: Voucher[] = [];
  const omitted = { currencies: new Set<string>(), terminals: new Set<string>() };
  for await (const period of periods) {
    const lines = await overviewOf(context, period);
    const terminals = new Set(
      context.terminals.all
        .filter(({ endpoint }) => endpoint.address === period.endpoint)
        .map(({ options }) => options.terminalId),
    );
    for (const { currency_code, terminal_id, differences } of lines) {
      if (!terminals.has(terminal_id) && differences !== 0n) omitted.terminals.add(terminal_id);
      else if (currency_code !== BOOK_CURRENCY) omitted.currencies.add(currency_code ?? "?");
    }
    const voucher = voucherOf(period, lines, { accounts, timeZone, terminals });
    if (voucher) vouchers.push(voucher);
  }
  const { currencies, terminals } = omitted;
  if (vouchers.length === 0 && currencies.size > 0) throw seqrError("SEQR_SIE_CURRENCY");
  yield sieFile({
    madeOn: localDays(timeZone)(context.clock.now()),
    company: context.terminals.first.options.shopName,
    comment: [
      ...(currencies.size > 0 ? [`Andra valutor ingår inte: ${[...currencies].sort().join(", ")}.`] : []),
      ...(terminals.size > 0 ? [`Andra terminaler ingår inte: ${[...terminals].sort().join(", ")}.`] : []),
    ].join(" "),
    vouchers,
  });
}
