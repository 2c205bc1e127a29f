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
import { dayOfPeriod, selectPeriods, type ExportedSpan, type Selection } from "./exported-period";
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
  of: ExportedSpan;
}

/** An export as a file. */
export interface ExportedFile {
  name: string;
  /** MIME type with the character set. */
  type: string;
  /** The periods of the span that are not in it, as yet. */
  leftOut: readonly PeriodRecord[];
  /** The file in pieces, in constant memory however long it is. The first piece fails where the export cannot be made. */
  pieces: AsyncIterable<string | Buffer>;
}

/** Items that are in memory at once. */
const ITEMS = 1_000;

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

/**
 * Exports the books. A SIE file has vouchers, whatever content is asked for.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD; SEQR_PERIOD_NOT_RECONCILED when it is not known what a single period comes to
 */
export async function exportBooks(context: BooksExportContext, wanted: BooksExport): Promise<ExportedFile> {
  const { type, extension } = TYPES[wanted.format];
  const selection = await selectPeriods(context.books, wanted.of);
  const what = wanted.format === "sie" ? "vouchers" : wanted.content;
  const parts = ["seqr", what, ...spanName(wanted.of, selection, booksTimeZone(context.options))];
  return {
    ...{ name: `${parts.join("-")}.${extension}`, type, leftOut: selection.leftOut },
    pieces: piecesOf(context, wanted, selection),
  };
}

/** What a file is of, for its name: a period with its day, or a span. */
function spanName(of: ExportedSpan, { only }: Selection, timeZone: string): string[] {
  if (only) return [dayOfPeriod(only, timeZone), only.id];
  if ("periodId" in of) return [];
  const dayOf = localDays(timeZone);
  const { from, to, fromDay = from && dayOf(from), toDay = to && dayOf(to) } = of;
  return [...(fromDay === undefined ? [] : ["from", fromDay]), ...(toDay === undefined ? [] : ["to", toDay])];
}

/** The time zone of the books' days. */
export function booksTimeZone({ periods }: BooksExportContext["options"]): string {
  return periods?.timeZone ?? TIME_ZONE;
}

function piecesOf(
  context: BooksExportContext,
  wanted: BooksExport,
  selection: Selection,
): AsyncIterable<string | Buffer> {
  const { periods } = selection;
  if (wanted.format === "sie") return sie(context, selection);
  const [columns, rows]: [CsvColumns, (period: PeriodRecord) => AsyncIterable<Row[]>] =
    wanted.content === "items"
      ? [ITEM_COLUMNS, (period) => rowsOfItems(context, period)]
      : [OVERVIEW_COLUMNS, (period) => rowsOfOverview(context, period)];
  return wanted.format === "csv" ? csv(columns, periods, rows) : json(wanted.content, columns, periods, rows);
}

/** Some items of a period, and in which earlier period of another scope the books have one already, by the items' ids. */
interface Batch {
  items: ItemRecord[];
  counted: ReadonlyMap<string, string>;
}

/** The items of a period, in batches. */
async function* itemsOf(books: BooksReader, period: PeriodRecord): AsyncIterable<Batch> {
  for (let last = 0; ;) {
    const items = await books.itemsAfter(period.id, last, ITEMS);
    const end = items.at(-1);
    if (!end) return;
    yield { items, counted: await books.countedBefore(period, items) };
    last = end.number;
  }
}

async function* rowsOfItems(context: BooksExportContext, period: PeriodRecord): AsyncIterable<Row[]> {
  for await (const { items, counted } of itemsOf(context.books, period))
    yield await itemRows(context, period, items, counted);
}

async function* rowsOfOverview(context: BooksExportContext, period: PeriodRecord): AsyncIterable<Row[]> {
  const nameOf = (id: string): string | null =>
    context.terminals.all.find(
      ({ options, endpoint }) => options.terminalId === id && endpoint.address === period.endpoint,
    )?.name ?? null;
  const { lines } = await overviewOf(context, period);
  yield lines.map((line) => overviewRow(period, line, nameOf(line.terminal_id)));
}

/** What a period comes to without what earlier periods of another scope have, and how many items those are. */
async function overviewOf(
  context: BooksExportContext,
  period: PeriodRecord,
): Promise<{ lines: OverviewLine[]; counted: number }> {
  const overview = new PeriodOverview(period, booksTimeZone(context.options));
  let found = 0;
  for await (const { items, counted } of itemsOf(context.books, period)) {
    const own = items.filter(({ id }) => !counted.has(id));
    found += items.length - own.length;
    const shares = await taxSharesOf(context.query, known(own.map(({ order_id }) => order_id)));
    for (const item of own) overview.add(item, shares.get(item.order_id ?? "") ?? []);
  }
  return { lines: overview.lines(), counted: found };
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
  columns: CsvColumns,
  periods: AsyncIterable<PeriodRecord>,
  rowsOf: (period: PeriodRecord) => AsyncIterable<Row[]>,
): AsyncIterable<string> {
  const head = `{"${content}":[`;
  let before = `${head}\n`;
  for await (const period of periods) {
    for await (const rows of rowsOf(period)) {
      const text = rows.map((row) => JSON.stringify(inJson(columns, row))).join(",\n");
      if (text === "") continue;
      yield before + text;
      before = ",\n";
    }
  }
  yield before === ",\n" ? "\n]}\n" : `${head}]}\n`;
}

/** A row with numbers and booleans as such. Amounts stay texts, so that no program rounds them. */
function inJson({ numbers, booleans }: CsvColumns, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value === null) return [name, null];
      return [name, numbers?.has(name) ? Number(value) : booleans?.has(name) ? value === "true" : value];
    }),
  );
}

/** A whole file in one piece: it has one voucher for each period, however many items there are. */
async function* sie(context: BooksExportContext, { periods, leftOut }: Selection): AsyncIterable<Buffer> {
  const timeZone = booksTimeZone(context.options);
  const { accounts } = context.options.books ?? resolvedBooks();
  const vouchers: Voucher[] = [];
  const omitted = { currencies: new Set<string>(), terminals: new Set<string>(), counted: 0 };
  for await (const period of periods) {
    const { lines, counted } = await overviewOf(context, period);
    omitted.counted += counted;
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
  const { currencies, terminals, counted } = omitted;
  if (vouchers.length === 0 && currencies.size > 0) throw seqrError("SEQR_SIE_CURRENCY");
  yield sieFile({
    madeOn: localDays(timeZone)(context.clock.now()),
    company: context.terminals.first.options.shopName,
    comment: [
      ...(currencies.size > 0 ? [`Andra valutor ingår inte: ${[...currencies].sort().join(", ")}.`] : []),
      ...(terminals.size > 0 ? [`Andra terminaler ingår inte: ${[...terminals].sort().join(", ")}.`] : []),
      ...(counted > 0 ? [`Poster som redan finns i andra perioder ingår inte: ${counted}.`] : []),
      ...(leftOut.length > 0 ? [`Perioder som inte ingår: ${leftOut.map(nameOf).join(", ")}.`] : []),
    ].join(" "),
    vouchers,
  });
}

function nameOf({ id, state }: PeriodRecord): string {
  return `${id} (${state})`;
}
