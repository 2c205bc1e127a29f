import {
  after,
  needsPerson,
  REQUESTED_BY_MEDUSA,
  type AttentionKind,
  type InvoiceRecord,
  type ProblemCode,
  type RefundRecord,
} from "../modules/seqr/contract";
import type { SettleContext } from "./settlement";
import type { BookedRefund } from "./shop";

/** Milliseconds for which Medusa's refunds are compared, and after which one of them must have reached the ledger. */
const LOOKED_OVER = 3 * 24 * 3_600_000;
const SURELY_BEGUN = 120_000;
/** Milliseconds in which staff, who saw an error, may ask again for a refund that was made: it is then taken over. */
const ASKED_AGAIN = 600_000;
const MISSING: AttentionKind = "refund_missing";
const NOT_MADE: ProblemCode = "SEQR_REFUND_NOT_MADE";

/**
 * Brings Medusa's refunds and SEQR's together again after a process has died or the database was away: what Medusa wrote
 * down and nobody asked of SEQR is refunded now, what SEQR was asked and never answered is listed as unknown, what SEQR
 * refused and is in Medusa's books all the same is listed, and what SEQR made is written into Medusa's books.
 */
export async function reconcileRefunds(context: SettleContext): Promise<void> {
  const { seqr, shop } = context;
  await seqr.endAbandonedRefunds();
  const now = seqr.now();
  const since = after(now, -LOOKED_OVER);
  const refunds = await shop.refundsBetween(since, after(now, -SURELY_BEGUN));
  const known = await seqr.refundKeys(refunds.map(({ id }) => id));
  for (const refund of refunds.filter(({ id }) => !known.has(id))) await makeUp(context, refund);
  const made = await seqr.refundsMadeForMedusa(since, after(now, -ASKED_AGAIN));
  const booked = await shop.bookedRefunds(made.map(({ idempotency_key }) => idempotency_key));
  for (const refund of made.filter((one) => !booked.has(one.idempotency_key))) await book(context, refund);
}

/** Core deletes its refund when anything fails after SEQR has made it, and nobody may ask for it again. */
async function book({ seqr, shop, logger }: SettleContext, refund: RefundRecord): Promise<void> {
  const invoice = await seqr.find({ id: refund.invoice_id });
  if (!invoice) return;
  try {
    // Core asks the provider, which takes the refund over and does not make it twice.
    await shop.refund(invoice.session_id, refund.amount);
  } catch (error) {
    logger.error(`seqr: refund ${refund.id} could not be written into Medusa's books: ${String(error)}`);
  }
}

/** SEQR has refused it: a person is told, once. */
async function list(seqr: SettleContext["seqr"], invoice: InvoiceRecord): Promise<void> {
  if (invoice.state !== "settled" || invoice.problem !== null) return;
  const decisions = await seqr.decisionsOf(invoice);
  if (decisions.some(({ kind }) => kind === MISSING)) return;
  await seqr.note(invoice, { problem: NOT_MADE });
}

/** Staff asked for it, and Medusa has it in its books. */
async function makeUp({ seqr, logger }: SettleContext, { id, amount, token }: BookedRefund): Promise<void> {
  const invoice = await seqr.findByToken("shopper", token);
  if (!invoice) return;
  const refunds = await seqr.refundsOf(invoice);
  const last = refunds.filter(({ idempotency_key }) => idempotency_key === id).pop();
  // A person has said that it is not to be made.
  if (last?.result === NOT_MADE) return;
  if (last && needsPerson({ problem: last.result })) return list(seqr, invoice);
  if (last && last.requested_at > after(seqr.now(), -ASKED_AGAIN)) return;
  try {
    await seqr.refundInvoice(invoice, { amount, idempotencyKey: id, reason: REQUESTED_BY_MEDUSA });
    if (last && invoice.problem === last.result) await seqr.note(invoice, { problem: null });
  } catch (error) {
    const fallback: ProblemCode = "SEQR_REFUND_FAILED";
    await seqr.note(invoice, { problem: (error as { code?: string }).code ?? fallback });
    logger.error(`seqr: refund ${id} is in Medusa's books and could not be made: ${String(error)}`);
  }
}
