import type { MedusaContainer } from "@medusajs/framework/types";
import { SEQR_MODULE } from "../modules/seqr";
import type { InvoiceRecord, SeqrModuleService } from "../modules/seqr/contract";
import { settleSoon } from "./settle";

/**
 * Writes a notification down, so that it is not lost, and has the invoice settled. It is a hint and changes nothing by
 * itself: the settlement asks SEQR.
 *
 * @returns once it is written down; the settlement goes on by itself
 */
export async function takeNotification(container: MedusaContainer, invoice: InvoiceRecord): Promise<void> {
  const seqr = container.resolve<SeqrModuleService>(SEQR_MODULE);
  await seqr.note(invoice, { notified_at: invoice.notified_at ?? seqr.now() });
  await seqr.hurry(invoice);
  settleSoon(container, invoice, "notification").catch((error: unknown) => {
    container.resolve("logger").error(`seqr: a notification could not be settled: ${String(error)}`);
  });
}
