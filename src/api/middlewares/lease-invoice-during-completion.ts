import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { Modules } from "@medusajs/framework/utils";
import { seqrOf } from "../../modules/seqr";
import { seqrError } from "../../errors/error-codes";
import { repeat, sleep } from "../../clock";
import type { InvoiceRecord, SeqrPayments } from "../../modules/seqr/public";
import { releaseAfterCompletion } from "../../medusa/process-order-payments";
import { processingContext } from "../../medusa/processing-context";
import { holdUntilAnswered } from "./hold-until-answered";

/** Attempts to acquire the lease, and the milliseconds between them. */
const TRIES = 60;
const EVERY = 250;
/** Time limit in milliseconds of a completion. After it SEQR is polled anyway, so that a slow completion cannot cause a reversal. */
const COMPLETION_GUARD = 10_000;
/** Milliseconds between two extensions of the lease. */
const RENEW_EVERY = 3_000;

/**
 * Holds the invoice's lease while a storefront completes a cart, so that no other process, on any server, processes the
 * payment at the same time. Medusa's own lock of the cart depends on the store's locking module, whose default works within one process.
 */
export function leaseInvoiceDuringCompletion(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  return holdInvoice(req, res, {
    find: () => seqrOf(req.scope).findLiveOfCart(req.params["id"] ?? ""),
    goOn: async (held) => {
      if (held)
        await processingContext(req.scope).store.dropOtherSessions(held.session_id, held.state === "paid");
      next();
    },
  });
}

/**
 * Holds the invoice's lease while staff refund a payment. SEQR would make two simultaneous refunds, and Medusa's order could
 * record only one of them.
 */
export async function holdWhileRefunding(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const [payment] = await req.scope
    .resolve(Modules.PAYMENT)
    .listPayments({ id: req.params["id"] ?? "" }, { select: ["id"], relations: ["payment_session"] });
  const session_id = payment?.payment_session?.id;
  if (!session_id) return next();
  return holdInvoice(req, res, { find: () => seqrOf(req.scope).find({ session_id }), goOn: () => next() });
}

/** The invoice to lease, and how the request continues. */
interface Wanted {
  /** The current invoice; undefined when there is nothing to lease. */
  find: () => Promise<InvoiceRecord | undefined>;
  goOn: (held: InvoiceRecord | undefined) => unknown;
}

/** @throws {MedusaError} SEQR_BUSY when other processes hold the lease for 15 seconds */
function holdInvoice(req: MedusaRequest, res: MedusaResponse, { find, goOn }: Wanted): Promise<void> {
  const seqr = seqrOf(req.scope);
  return holdUntilAnswered(req, res, {
    hold: async () => {
      const held = await claim(seqr, find);
      if (!held) return undefined;
      const { clock } = seqr;
      const stop = repeat(clock, RENEW_EVERY, () => seqr.extendLease(held.invoice));
      const forget = clock.schedule(COMPLETION_GUARD, () => void lookMeanwhile(seqr, held.invoice));
      return { ...held, stop, forget };
    },
    letGo: ({ invoice, dueBefore, stop, forget }) => {
      stop();
      forget();
      return releaseAfterCompletion(processingContext(req.scope), invoice, dueBefore);
    },
    goOn: (held) => goOn(held?.invoice),
  });
}

async function claim(
  seqr: SeqrPayments,
  find: Wanted["find"],
): Promise<{ invoice: InvoiceRecord; dueBefore: Date | null } | undefined> {
  for (let tries = 0; ; tries++) {
    const invoice = await find();
    const claimed = invoice && (await seqr.acquireLease(invoice));
    if (!invoice) return undefined;
    if (claimed) return { invoice: claimed, dueBefore: invoice.due_at };
    if (tries >= TRIES) throw seqrError("SEQR_BUSY");
    await sleep(seqr.clock, EVERY);
  }
}

/** Polls SEQR, so that the completion finds the payment in the ledger. */
async function lookMeanwhile(seqr: SeqrPayments, held: InvoiceRecord): Promise<void> {
  const current = await seqr.current(held);
  if (current.state === "open") await seqr.pollPaymentStatus(current, "completion").catch(() => undefined);
}
