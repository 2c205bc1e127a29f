import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord } from "../modules/seqr/public";
import type { MedusaContainer } from "@medusajs/framework/types";
import { sessionData, type SeqrSessionData } from "../modules/seqr/invoice/session-data";

/** Builds the current data of a payment session from the ledger, for the holder of its token. */
export async function shopperSession(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SeqrSessionData> {
  return (await sessionData(invoice, token, seqrOf(container).terminals.shownBy(invoice))) as SeqrSessionData;
}
