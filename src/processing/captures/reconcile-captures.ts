import { after } from "../../clock";
import { oneLine } from "../../errors/one-line";
import {
  acquireLease,
  RECONCILIATION_WINDOW,
  workUnderLease,
  type InvoiceRecord,
} from "../../modules/seqr/public";
import { atEachEndpoint } from "../lanes";
import type { ProcessingContext } from "../processing-context";
import type { CaptureInMedusa } from "../store-port";

/** Milliseconds after which a capture that Medusa has recorded must have reached the ledger. */
const CAPTURE_REACHES_LEDGER = 120_000;

/**
 * Makes the captures of reservations that Medusa has recorded and SEQR was never asked for, because a process crashed in between.
 * A record beside a capture that was made, or of a reservation that is gone, is deleted, as core does when a capture fails.
 */
export async function reconcileCaptures({ seqr, store, logger }: ProcessingContext): Promise<void> {
  const now = seqr.clock.now();
  const from = after(now, -RECONCILIATION_WINDOW);
  const captures = await store.unconfirmedCaptures(from, after(now, -CAPTURE_REACHES_LEDGER));
  const known = await seqr.ledger.captureKeys(captures.map(({ id }) => id));
  await atEachEndpoint(seqr, async (isHere) => {
    for (const capture of captures.filter(({ id }) => !known.has(id))) {
      const invoice = await seqr.ledger.find({ session_id: capture.sessionId });
      if (!invoice || invoice.reserved_at === null || !isHere(invoice)) continue;
      const leased = await acquireLease(seqr, invoice);
      if (!leased) continue;
      const work = (): Promise<void> => reconcile({ seqr, store, logger }, leased, capture);
      await workUnderLease(seqr, leased, work, invoice.due_at).catch((error: unknown) =>
        logger.error(`seqr: capture ${capture.id} could not be made: ${oneLine(error)}`),
      );
    }
  });
}

async function reconcile(
  { seqr, store }: ProcessingContext,
  leased: InvoiceRecord,
  { id, amount, sessionId }: CaptureInMedusa,
): Promise<void> {
  // Read again under the lease: another process may have changed it.
  if ((await seqr.ledger.captureKeys([id])).has(id)) return;
  // While an unknown outcome is resolved, its own record is missing; this one is of another attempt.
  if (leased.state === "capturing" || leased.state === "committed") return;
  await store.deleteCaptureRecord(id);
  if (leased.state === "awaiting_capture") await store.capture(sessionId, amount);
}
