import { compare, subtract, sum } from "../../seqr";
import { findAttentionEntries, type InvoiceRecord } from "../../modules/seqr/public";
import { oneLine } from "../../errors/one-line";
import type { ProcessingContext } from "../processing-context";

/** Entries that are read at once. */
const PAGE = 100;

/**
 * Takes lapsed reservations off the attention list whose orders need nothing any more: they were paid in another way, or cancelled.
 */
export async function clearLapses(context: ProcessingContext): Promise<void> {
  const { seqr, logger } = context;
  const lapsed: InvoiceRecord[] = [];
  for (let offset = 0; offset === lapsed.length; offset += PAGE) {
    const entries = await findAttentionEntries(seqr, { limit: PAGE, offset, kinds: ["reservation_lapsed"] });
    lapsed.push(...entries.flatMap((entry) => ("invoice" in entry ? entry.invoice : [])));
  }
  for (const invoice of lapsed) {
    // Until then, its payment in Medusa is still being cancelled.
    if (invoice.order_id === null || invoice.attempts > 0) continue;
    try {
      if (await needsNothing(context, invoice.order_id))
        await seqr.ledger.update(invoice.id, { problem: null }, [invoice.state]);
    } catch (error) {
      logger.error(`seqr: the order of invoice ${invoice.id} could not be read: ${oneLine(error)}`);
    }
  }
}

/** Whether an order is cancelled, or paid, also by another reservation that waits for its capture. */
async function needsNothing({ seqr, store }: ProcessingContext, orderId: string): Promise<boolean> {
  const { isCanceled, outstanding } = await store.order(orderId);
  if (isCanceled) return true;
  const placed = await seqr.ledger.placedWith([orderId]);
  const reserved = placed.filter(({ state }) => state === "awaiting_capture").map(({ amount }) => amount);
  return compare(subtract(outstanding, sum(reserved)), "0") <= 0;
}
