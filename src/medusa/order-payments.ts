import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord } from "../modules/seqr/public";
import { queryOf, readCollectionIdsOfOrder } from "./queries";

/** The SEQR invoices of an order's payment sessions, newest first. */
export async function invoicesOfOrder(container: MedusaContainer, orderId: string): Promise<InvoiceRecord[]> {
  const collectionIds = await readCollectionIdsOfOrder(queryOf(container), orderId);
  return seqrOf(container).ledger.invoicesOf(collectionIds);
}
