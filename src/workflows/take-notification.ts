import type { MedusaContainer } from "@medusajs/framework/types";
import { SEQR_MODULE } from "../modules/seqr";
import type { InvoiceRecord, SeqrModuleService } from "../modules/seqr/contract";
import { settle } from "./settle";

/** Milliseconds between two tries to take an invoice that somebody else works on. */
const RETRY_EVERY = 250;
/** Tries; after them the watch, which was told, goes on alone. */
const TRIES = 20;

/**
 * Writes a notification down, so that it is not lost, and has the invoice settled. It is a hint and changes nothing by
 * itself: the settlement asks SEQR.
 *
 * @returns once it is written down; `done` ends when the settlement does
 */
export async function takeNotification(
  container: MedusaContainer,
  invoice: InvoiceRecord,
): Promise<{ done: Promise<void> }> {
  const seqr = container.resolve<SeqrModuleService>(SEQR_MODULE);
  await seqr.note(invoice, { notified_at: invoice.notified_at ?? seqr.now() });
  await seqr.hurry(invoice);
  return { done: settleSoon(container, seqr, invoice) };
}

async function settleSoon(
  container: MedusaContainer,
  seqr: SeqrModuleService,
  invoice: InvoiceRecord,
): Promise<void> {
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const current = await seqr.find({ id: invoice.id });
      if (!current || current.state === "settled") return;
      if (current.lease_until === null || current.lease_until <= seqr.now()) {
        await settle(container, current, "notification");
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY));
    }
  } catch (error) {
    container.resolve("logger").error(`seqr: a notification could not be settled: ${String(error)}`);
  }
}
