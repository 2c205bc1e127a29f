import type { OperationContext } from "../operations/operation-context";
import { hashToken } from "../invoice/tokens";
import { HASH_OF, type InvoiceRecord, type TokenKind } from "./ledger";

type LedgerContext = Pick<OperationContext, "ledger">;

/** Reads an invoice again; returns the given one if its row is gone. */
export async function currentInvoice(
  { ledger }: LedgerContext,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord> {
  return (await ledger.find({ id: invoice.id })) ?? invoice;
}

/** Finds the invoice of a token. */
export async function findByToken(
  context: LedgerContext,
  kind: TokenKind,
  token: unknown,
): Promise<InvoiceRecord | undefined> {
  const hash = hashToken(token);
  return hash === undefined ? undefined : (await findByTokenHashes(context, kind, [hash])).get(hash);
}

/** Finds the invoices of many tokens, by the hash of the token. Unknown tokens are missing in the result. */
export async function findByTokenHashes(
  { ledger }: LedgerContext,
  kind: TokenKind,
  hashes: string[],
): Promise<Map<string, InvoiceRecord>> {
  const found = await ledger.findByTokenHashes(kind, hashes);
  return new Map(found.map((invoice) => [invoice[HASH_OF[kind]], invoice]));
}
