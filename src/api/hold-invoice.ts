import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { Modules } from "@medusajs/framework/utils";
import { seqrOf } from "../modules/seqr";
import {
  oneLine,
  problem,
  repeat,
  sleep,
  type InvoiceRecord,
  type SeqrPayments,
} from "../modules/seqr/contract";
import { endCompletion } from "../workflows/confirm-order";
import { settleContext } from "../workflows/settle";

/** Tries to get hold of the invoice, and the milliseconds between them. */
const TRIES = 60;
const EVERY = 250;
/** Milliseconds between two renewals of the claim. */
const RENEW_EVERY = 3_000;
/** Milliseconds that a completion may take before SEQR is asked without it. */
const COMPLETION_GUARD = 10_000;

/**
 * A storefront completes a cart that is paid with SEQR: nobody else, on this server or another, settles it meanwhile.
 * Medusa's own lock on the cart is only as wide as the store's locking module, which by default is one process.
 */
export async function holdWhileCompleting(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const held = await hold(req, res, () => seqrOf(req.scope).findLiveOfCart(req.params["id"] ?? ""));
  if (held) await settleContext(req.scope).shop.dropOtherSessions(held.session_id, false);
  if (!res.closed) next();
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
  if (session_id) await hold(req, res, () => seqrOf(req.scope).find({ session_id }));
  next();
}

/**
 * Gets hold of an invoice until the request has been answered.
 *
 * @param find the invoice as it is now; undefined when there is nothing to hold
 * @throws {MedusaError} SEQR_BUSY when others have it for a quarter of a minute
 */
async function hold(
  req: MedusaRequest,
  res: MedusaResponse,
  find: () => Promise<InvoiceRecord | undefined>,
): Promise<InvoiceRecord | undefined> {
  const seqr = seqrOf(req.scope);
  let invoice = await find();
  let claimed: InvoiceRecord | undefined;
  for (let tries = 0; invoice && !(claimed = await seqr.claim(invoice)); tries++) {
    if (tries >= TRIES) throw problem("SEQR_BUSY");
    await sleep(seqr.clock, EVERY);
    invoice = await find();
  }
  if (claimed) releaseAfter(req, res, claimed, invoice?.due_at ?? null);
  return claimed;
}

function releaseAfter(
  req: MedusaRequest,
  res: MedusaResponse,
  claimed: InvoiceRecord,
  dueBefore: Date | null,
): void {
  const seqr = seqrOf(req.scope);
  // SEQR's 20 seconds must not pass because a completion takes long.
  const forget = seqr.clock.schedule(COMPLETION_GUARD, () => void lookMeanwhile(seqr, claimed));
  const stop = repeat(seqr.clock, RENEW_EVERY, () => seqr.renew(claimed));
  const end = (): void => {
    stop();
    forget();
    endCompletion(settleContext(req.scope), claimed, dueBefore).catch((error: unknown) => {
      req.scope
        .resolve("logger")
        .error(`seqr: invoice ${claimed.id} could not be released: ${oneLine(error)}`);
    });
  };
  if (res.closed) end();
  else res.once("close", end);
}

/** Whoever completes the cart finds the money in the ledger then. */
async function lookMeanwhile(seqr: SeqrPayments, claimed: InvoiceRecord): Promise<void> {
  const current = await seqr.current(claimed);
  if (current.state === "open") await seqr.observe(current, "completion").catch(() => undefined);
}
