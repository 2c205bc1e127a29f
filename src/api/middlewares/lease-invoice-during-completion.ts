import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { Modules } from "@medusajs/framework/utils";
import { seqrOf } from "../../modules/seqr";
import { seqrError } from "../../errors/error-codes";
import { repeat, sleep } from "../../clock";
import { COMPLETION_TIME_LIMIT, type InvoiceRecord, type SeqrPayments } from "../../modules/seqr/public";
import { releaseAfterCompletion } from "../../medusa/process-order-payments";
import { processingContext } from "../../medusa/processing-context";
import { holdUntilAnswered } from "./hold-until-answered";

/** Tries to get hold of the invoice, and the milliseconds between them. */
const TRIES = 60;
const EVERY = 250;
/** Milliseconds between two renewals of the claim. */
const RENEW_EVERY = 3_000;

/**
 * A storefront completes a cart that is paid with SEQR: nobody else, on this server or another, settles it meanwhile.
 * Medusa's own lock on the cart is only as wide as the store's locking module, which by default is one process.
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
 * Staff refund a payment: two refunds at once would both be made, and Medusa's order could only take one of them into its
 * books.
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

/** An invoice to hold, and how to go on then. */
interface Wanted {
  /** The invoice as it is now; undefined when there is nothing to hold. */
  find: () => Promise<InvoiceRecord | undefined>;
  goOn: (held: InvoiceRecord | undefined) => unknown;
}

/** @throws {MedusaError} SEQR_BUSY when others have it for a quarter of a minute */
function holdInvoice(req: MedusaRequest, res: MedusaResponse, { find, goOn }: Wanted): Promise<void> {
  const seqr = seqrOf(req.scope);
  return holdUntilAnswered(req, res, {
    hold: async () => {
      const held = await claim(seqr, find);
      if (!held) return undefined;
      const { clock } = seqr;
      const stop = repeat(clock, RENEW_EVERY, () => seqr.extendLease(held.invoice));
      const forget = clock.schedule(COMPLETION_TIME_LIMIT, () => void lookMeanwhile(seqr, held.invoice));
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

/** Whoever completes the cart finds the money in the ledger then. */
async function lookMeanwhile(seqr: SeqrPayments, held: InvoiceRecord): Promise<void> {
  const current = await seqr.current(held);
  if (current.state === "open") await seqr.pollPaymentStatus(current, "completion").catch(() => undefined);
}
