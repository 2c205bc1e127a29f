import { Modules } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import {
  cancelInvoice,
  currentInvoice,
  isSeqrProvider,
  providerOf,
  STATE_TABLE,
  type InvoiceRecord,
  type OperationContext,
} from "../modules/seqr/public";

/**
 * Deletes the payment sessions of a purchase whose terminals the options name no longer. Core cannot: it has no provider for them,
 * and refuses every change of the cart. A session that was paid stays.
 */
export async function dropUnknownSessions(container: MedusaContainer, collectionId: string): Promise<void> {
  const seqr = seqrOf(container);
  const known = seqr.terminals.all.map(providerOf);
  const sessions = await container
    .resolve(Modules.PAYMENT)
    .listPaymentSessions(
      { payment_collection_id: collectionId },
      { select: ["id", "provider_id"], relations: ["payment"] },
    );
  const unknown = sessions.filter(
    ({ provider_id, payment }) => isSeqrProvider(provider_id) && !known.includes(provider_id) && !payment,
  );
  for (const { id } of unknown) {
    const invoice = await seqr.ledger.find({ session_id: id });
    if (invoice && !(await isGivenUp(seqr, invoice))) continue;
    // The module's own method, of which its interface does not tell.
    const module = container.resolve<{ deletePaymentSessions(ids: string[]): Promise<void> }>(
      Modules.PAYMENT,
    );
    await module.deletePaymentSessions([id]);
  }
}

/** Gives up an invoice: its code is cancelled as soon as its terminal is back. */
async function isGivenUp(seqr: OperationContext, invoice: InvoiceRecord): Promise<boolean> {
  if (invoice.completed_at !== null) return false;
  if ((await cancelInvoice(seqr, invoice, "superseded")) === "paying") return false;
  const { state, completed_at } = await currentInvoice(seqr, invoice);
  return completed_at === null && STATE_TABLE[state].purchase !== "placing";
}
