import { randomUUID } from "node:crypto";
import { after, repeat, sleep } from "../../../clock";
import type { OperationContext } from "./operation-context";
import { seqrError } from "../../../errors/error-codes";

/** Milliseconds after which the lock of a crashed process ends. */
const LOCK_DURATION = 10_000;
/** Milliseconds between two extensions of the lock. */
const EXTENSION_INTERVAL = 3_000;
/** Milliseconds between two attempts to lock. */
const ATTEMPT_INTERVAL = 100;
/** Milliseconds. A start waits for SEQR twice at most: to cancel the earlier invoice, and to send the new one. */
const MAX_WAIT = 30_000;

/**
 * Locks a purchase, so that no other process on any server starts a payment of it. Medusa deletes only the earlier sessions that it
 * saw when a start began: of two simultaneous starts both sessions would stay, and only one of them can be paid.
 *
 * This lock is for starting payments. Processing a payment takes the lease of its invoice instead (`../ledger/lease.ts`).
 *
 * @returns a function that unlocks the purchase
 * @throws {MedusaError} SEQR_BUSY when other processes have it locked for half a minute
 */
export async function lockPurchase(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  paymentCollectionId: string,
): Promise<() => Promise<void>> {
  const owner = randomUUID();
  const request = (): { owner: string; now: Date; until: Date } => {
    const now = clock.now();
    return { owner, now, until: after(now, LOCK_DURATION) };
  };
  const end = after(clock.now(), MAX_WAIT);
  while (!(await ledger.acquirePurchaseLock(paymentCollectionId, request()))) {
    if (clock.now() >= end) throw seqrError("SEQR_BUSY");
    await sleep(clock, ATTEMPT_INTERVAL);
  }
  const stop = repeat(clock, EXTENSION_INTERVAL, () =>
    ledger.acquirePurchaseLock(paymentCollectionId, request()),
  );
  return async () => {
    stop();
    await ledger.releasePurchaseLock(paymentCollectionId, owner);
  };
}
