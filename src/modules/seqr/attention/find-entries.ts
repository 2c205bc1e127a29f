import type { AttentionPage, DecisionRecord } from "../ledger/ledger";
import type { OperationContext } from "../operations/operation-context";
import { attentionOf, type AttentionEntry } from "./attention-entries";

type LedgerContext = Pick<OperationContext, "ledger">;

/** Reads a page of the attention list, with the same number of statements however long the list is. */
export async function findAttentionEntries(
  context: LedgerContext,
  page: AttentionPage,
): Promise<AttentionEntry[]> {
  const rows = await context.ledger.attentionRows(page);
  const entries = await entriesOfInvoices(
    context,
    rows.map(({ invoice_id }) => invoice_id),
  );
  // An invoice that has changed since the first statement has no entry any more, or another one.
  return rows.flatMap(
    (row) => entries.find(({ invoice, kind }) => invoice.id === row.invoice_id && kind === row.kind) ?? [],
  );
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
