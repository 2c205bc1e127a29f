import { after, type ProblemCode } from "../modules/seqr/contract";
import type { SettleContext } from "./settlement";
import type { BookedRefund } from "./shop";

/** Milliseconds for which Medusa's refunds are compared, and after which one of them must have reached the ledger. */
const LOOKED_OVER = 3 * 24 * 3_600_000;
const SURELY_BEGUN = 120_000;

/**
 * Brings Medusa's refunds and SEQR's together again after a process has died: what Medusa wrote down and nobody asked of
 * SEQR is refunded now, and what SEQR was asked and never answered is listed as unknown.
 */
export async function reconcileRefunds(context: SettleContext): Promise<void> {
  const { seqr, shop } = context;
  await seqr.endAbandonedRefunds();
  const now = seqr.now();
  const refunds = await shop.refundsBetween(after(now, -LOOKED_OVER), after(now, -SURELY_BEGUN));
  if (refunds.length === 0) return;
  const known = await seqr.refundKeys(refunds.map(({ id }) => id));
  for (const refund of refunds.filter(({ id }) => !known.has(id))) await makeUp(context, refund);
}

/** Staff asked for it, and Medusa has it in its books. */
async function makeUp({ seqr, logger }: SettleContext, { id, amount, token }: BookedRefund): Promise<void> {
  const invoice = await seqr.findByToken("shopper", token);
  if (!invoice) return;
  try {
    await seqr.refundInvoice(invoice, { amount, idempotencyKey: id, reason: "medusa" });
  } catch (error) {
    const fallback: ProblemCode = "SEQR_REFUND_FAILED";
    await seqr.note(invoice, { problem: (error as { code?: string }).code ?? fallback });
    logger.error(`seqr: refund ${id} is in Medusa's books and could not be made: ${String(error)}`);
  }
}
