import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord } from "../modules/seqr/contract";
import type { MedusaContainer } from "@medusajs/framework/types";
import { sessionData, type SeqrSessionData } from "../providers/seqr/session-data";

/** The data of a payment session, made anew from the ledger for whoever holds its token. */
export async function shopperSession(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  token: string,
): Promise<SeqrSessionData> {
  return (await sessionData(invoice, token, seqrOf(container).settings)) as SeqrSessionData;
}
