import { actorNamesIn } from "../../../src/medusa/actors";
import type { PaymentsContext } from "../../../src/payments/payments-context";
import { MemoryLedger, type LedgerCopy } from "../modules/memory-ledger";
import { queryOver } from "../providers/medusa-query";
import { MemoryPayments } from "./memory-payments";

type Row = Record<string, unknown>;

/** What is asked of Medusa. */
export interface Asked {
  entity: string;
  filters: unknown;
}

/** Payments and Medusa's tables in memory. */
export interface PaymentsWorld {
  context: PaymentsContext;
  /** Adds rows to the ledger. */
  add(rows: Partial<LedgerCopy>): void;
  /** What Medusa was asked. */
  asked: Asked[];
}

/** @param tables Medusa's rows, by entity */
export function makePaymentsWorld(tables: Record<string, Row[]> = {}): PaymentsWorld {
  const ledger = new MemoryLedger({ now: () => new Date() });
  const asked: Asked[] = [];
  const query = queryOver((entity, _ids, filters) => {
    asked.push({ entity, filters });
    return (tables[entity] ?? []).filter((row) => fits(row, filters as Row));
  });
  const context = { seqr: { ledger }, reader: new MemoryPayments(ledger), query };
  const add = (rows: Partial<LedgerCopy>): void => {
    const { invoices, refunds, observations, decisions, receipts } = ledger.copy();
    ledger.restore({
      invoices: [...invoices, ...(rows.invoices ?? [])],
      refunds: [...refunds, ...(rows.refunds ?? [])],
      observations: [...observations, ...(rows.observations ?? [])],
      decisions: [...decisions, ...(rows.decisions ?? [])],
      receipts: [...receipts, ...(rows.receipts ?? [])],
    });
  };
  return { add, asked, context: { ...context, books: undefined, actorNames: actorNamesIn(query) } };
}

function fits(row: Row, filters: Row): boolean {
  return Object.entries(filters).every(([name, wanted]) =>
    name === "$or"
      ? (wanted as Row[]).some((one) => fits(row, one))
      : ([wanted].flat() as unknown[]).includes(row[name]),
  );
}
