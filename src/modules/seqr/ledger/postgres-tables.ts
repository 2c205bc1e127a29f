import type { Knex } from "@medusajs/framework/mikro-orm/knex";

/** Names of the tables that several files of the ledger use. */
export const INVOICE = "seqr_invoice";
export const REFUND = "seqr_refund";

/** Queries invoices. Rows that Medusa's services have deleted are left out. */
export function invoices(db: Knex): Knex.QueryBuilder {
  return db(INVOICE).whereNull("deleted_at");
}

/** Queries refunds. @see invoices */
export function refunds(db: Knex): Knex.QueryBuilder {
  return db(REFUND).whereNull("deleted_at");
}

/** The written row, or undefined when one of these unique indexes forbids it. */
export async function unlessTaken<T>(write: PromiseLike<T[]>, indexes: string[]): Promise<T | undefined> {
  try {
    return (await write)[0];
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (constraint !== undefined && indexes.includes(constraint)) return undefined;
    throw error;
  }
}
