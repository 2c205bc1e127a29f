import {
  exportBooks,
  type BooksExport,
  type BooksExportContext,
} from "../../../src/books/export/export-books";
import type { Query } from "../../../src/medusa/queries";
import type { ExportFormat } from "../../../src/modules/seqr/books/book-words";
import type { MemoryBooks } from "./memory-books";

/** A charge of an order in Medusa, with its tax. */
export const charge = (rate: number, net: number) => ({
  ...{ total: (net * (100 + rate)) / 100, tax_total: (net * rate) / 100, tax_lines: [{ rate }] },
});

interface Question {
  entity: string;
  fields: string[];
  filters: Record<string, string[]>;
}

/** Medusa's answers: order n has these charges, which may be given by its id, and the number n. */
export function queryFor(given: object[] | Record<string, object[]>, asked: string[][] = []): Query {
  const graph = async ({ entity, fields, filters }: Question) => {
    const [ids = []] = Object.values(filters);
    asked.push([fields.includes("total") ? `${entity} with totals` : entity, String(ids.length)]);
    const rows = ids.map((id) => {
      const charges = Array.isArray(given) ? given : (given[id] ?? []);
      return entity === "order"
        ? {
            id,
            display_id: Number(id.split("_")[1]),
            items: charges.slice(1),
            shipping_methods: charges.slice(0, 1),
          }
        : { id: id.replace("payses", "pay"), payment_session_id: id };
    });
    return { data: rows };
  };
  return { graph: graph as unknown as Query["graph"] };
}

/** What exports read from, with the terminal se. */
export function contextFor(
  books: MemoryBooks,
  query: Query = queryFor([charge(25, 100)]),
  options = { terminalId: "t1", shopName: "Butik" },
): BooksExportContext {
  const terminal = { name: "se", options };
  const endpoint = { address: "https://seqr.example/soap" };
  return {
    ...{ books, query },
    clock: { now: () => new Date("2026-01-16T08:00:00Z") },
    options: {},
    terminals: { all: [{ ...terminal, endpoint }], first: terminal },
    ledger: {
      findAll: async (ids: string[]) =>
        ids.map((id) => ({ id, session_id: id.replace("seqrinv", "payses") })),
      refundsOfAll: async (ids: string[]) =>
        ids.flatMap((invoice_id) => [
          { id: "seqrref_1", invoice_id, reason: "medusa", idempotency_key: "ref_1" },
          { id: "seqrref_2", invoice_id, reason: "not_placeable", idempotency_key: "refund-1" },
        ]),
    },
  } as unknown as BooksExportContext;
}

/** Makes an export, of all periods unless it is said of which. */
export async function exported(
  context: BooksExportContext,
  format: ExportFormat,
  content: BooksExport["content"],
  of: BooksExport["of"] = { from: undefined, to: undefined },
): Promise<Buffer> {
  const parts: Buffer[] = [];
  const { pieces } = await exportBooks(context, { format, content, of });
  for await (const piece of pieces) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}
