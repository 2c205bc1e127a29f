import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord } from "../modules/seqr/public";
import type { MedusaContainer } from "@medusajs/framework/types";
import { sessionData, type SeqrSessionData } from "../modules/seqr/invoice/session-data";

/** The data of a payment session, made anew from the ledger for whoever holds its token. */
export async function shopperSession(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SeqrSessionData> {
  return (await sessionData(invoice, token, seqrOf(container).options)) as SeqrSessionData;
}
