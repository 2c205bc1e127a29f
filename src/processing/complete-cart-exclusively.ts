import { inTime } from "../clock";
import type { ErrorCode } from "../errors/error-codes";
import { COMPLETION_TIME_LIMIT, lockPurchase, type InvoiceRecord } from "../modules/seqr/public";
import type { Completion } from "./classify-completion-error";
import { COMPLETION_WITHOUT_SESSION } from "./end-reasons";
import type { PaymentRun } from "./payment-run";

/**
 * Completes a cart with the session that has the money, while the purchase lock keeps other payments of the purchase from
 * being started. Core writes a new session before it deletes the earlier ones, and would complete the cart with either.
 *
 * @param isPaid whether SEQR has the money; if not, only other sessions of SEQR are dropped
 */
export async function completeCartExclusively(
  { seqr, store }: PaymentRun,
  invoice: InvoiceRecord,
  cartId: string,
  isPaid: boolean,
): Promise<Completion> {
  const unlock = await lockPurchaseOf(seqr, invoice);
  if (!unlock) return { outcome: "failed", message: "another payment of the purchase is being started" };
  let completing: Promise<Completion>;
  try {
    // A payment that was started before may have deleted the session, and core would complete with another method.
    if (!(await store.purchaseOf(invoice.session_id))) return COMPLETION_WITHOUT_SESSION;
    await store.dropOtherSessions(invoice, isPaid);
    await store.linkInterruptedOrder(invoice);
    completing = store.completeCart(cartId);
    // A completion that hangs must not keep the shopper from starting another payment.
    await inTime(seqr.clock, completing, COMPLETION_TIME_LIMIT);
  } finally {
    await unlock();
  }
  return completing;
}

/** @returns how to unlock the purchase; undefined when other payments of it are started all the time */
async function lockPurchaseOf(
  seqr: PaymentRun["seqr"],
  { payment_collection_id }: InvoiceRecord,
): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockPurchase(seqr, payment_collection_id);
  } catch (error) {
    const busy: ErrorCode = "SEQR_BUSY";
    if ((error as { code?: string }).code === busy) return undefined;
    throw error;
  }
}
