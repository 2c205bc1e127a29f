import type { AttentionPage, DecisionRecord } from "../ledger/ledger";
import type { OperationContext } from "../operations/operation-context";
import { entriesOfBooks, type BooksAttention } from "../books/books-attention";
import { attentionOf, type AttentionEntry } from "./attention-entries";
import type { BooksEntry } from "./books-entries";

type LedgerContext = Pick<OperationContext, "ledger">;

/**
 * Reads a page of the attention list, with the same number of statements however long the list is.
 *
 * @param books left out where there are none: then the list is of payments only
 */
export async function findAttentionEntries(
  context: LedgerContext,
  page: AttentionPage,
  books?: BooksAttention,
): Promise<(AttentionEntry | BooksEntry)[]> {
  const rows = await context.ledger.attentionRows(page);
  const ofInvoices = await entriesOfInvoices(
    context,
    rows.flatMap(({ invoice_id }) => invoice_id ?? []),
  );
  const subjects = rows.flatMap(({ period_id, item_id }) =>
    period_id === null ? [] : { period_id, item_id },
  );
  const ofBooks = books ? await entriesOfBooks(books, subjects) : [];
  const found = new Map<string, AttentionEntry | BooksEntry>([
    ...ofInvoices.map((entry) => [keyOf(entry.kind, entry.invoice.id, undefined), entry] as const),
    ...ofBooks.map((entry) => [keyOf(entry.kind, entry.period.id, entry.item?.id), entry] as const),
  ]);
  // What has changed since the first statement has no entry any more, or another one.
  return rows.flatMap(
    ({ kind, invoice_id, period_id, item_id }) =>
      found.get(keyOf(kind, invoice_id ?? period_id ?? "", item_id ?? undefined)) ?? [],
  );
}

function keyOf(kind: string, id: string, itemId: string | undefined): string {
  return `${kind} ${id} ${itemId ?? ""}`;
}

/** Reads the attention entries of these invoices. */
export async function entriesOfInvoices(
  { ledger }: LedgerContext,
  invoiceIds: string[],
): Promise<AttentionEntry[]> {
  const ids = [...new Set(invoiceIds)];
  const invoices = await ledger.findAll(ids);
  const refunds = groupBy(await ledger.refundsOfAll(ids), ({ invoice_id }) => invoice_id);
  return invoices.flatMap((invoice) => attentionOf(invoice, refunds.get(invoice.id) ?? []));
}

/** Reads the decisions about these invoices, by the invoice's id; oldest first. */
export async function decisionsOfInvoices(
  { ledger }: LedgerContext,
  invoiceIds: string[],
): Promise<Map<string, DecisionRecord[]>> {
  const decisions = await ledger.decisionsOf([...new Set(invoiceIds)]);
  return groupBy(decisions, ({ invoice_id }) => invoice_id);
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
