import { randomUUID } from "node:crypto";
import { after, repeat, sleep } from "../../../clock";
import type { OperationContext } from "./operation-context";
import { seqrError } from "../../../errors/error-codes";

/** Milliseconds after which another may take a purchase over if its holder went silent. */
const LEASE = 10_000;
/** Milliseconds between two renewals, and between two tries to get hold of it. */
const RENEW_EVERY = 3_000;
const TRY_EVERY = 100;
/** Milliseconds; a start waits for SEQR twice at most: to cancel the earlier invoice, and to send the new one. */
const PATIENCE = 30_000;

/**
 * Gets hold of a purchase, so that nobody else starts a payment of it meanwhile, on this server or another. Medusa deletes
 * the earlier sessions that it saw when a start began: two at once would both stay, and only one of them can be paid.
 *
 * @returns how to let go
 * @throws {MedusaError} SEQR_BUSY when others have it for half a minute
 */
export async function lockPurchase(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  paymentCollectionId: string,
): Promise<() => Promise<void>> {
  const owner = randomUUID();
  const lease = (): { owner: string; now: Date; until: Date } => {
    const now = clock.now();
    return { owner, now, until: after(now, LEASE) };
  };
  const end = after(clock.now(), PATIENCE);
  while (!(await ledger.acquirePurchaseLock(paymentCollectionId, lease()))) {
    if (clock.now() >= end) throw seqrError("SEQR_BUSY");
    await sleep(clock, TRY_EVERY);
  }
  const stop = repeat(clock, RENEW_EVERY, () => ledger.acquirePurchaseLock(paymentCollectionId, lease()));
  return async () => {
    stop();
    await ledger.releasePurchaseLock(paymentCollectionId, owner);
  };
}
