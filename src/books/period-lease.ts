import { randomUUID } from "node:crypto";
import { after, repeat } from "../clock";
import type { BooksContext, LeaseRequest, PeriodRecord } from "../modules/seqr/public";

/**
 * Milliseconds for which a process has a period: more than SEQR's answer to a closing can take, with the longest time limits that the
 * options allow. A closing that is not recorded by then counts as lost.
 */
const LEASE_DURATION = 240_000;

/** Milliseconds between two extensions of a lease. */
const EXTENSION_INTERVAL = 60_000;

/** Gives up a lease with the change that ends the work. */
export const RELEASED = { lease_owner: null, lease_until: null } as const;

/** Makes the request for a lease that no other process has. */
export function leaseRequest({ clock }: Pick<BooksContext, "clock">): LeaseRequest {
  const now = clock.now();
  return { owner: randomUUID(), now, until: after(now, LEASE_DURATION) };
}

/** The process that has a period. */
export function ownerOf({ lease_owner }: PeriodRecord): string {
  return lease_owner ?? "";
}

/** Extends the lease of a period while the work is done. The work gives it up. */
export async function keepingLease<T>(
  { periods, clock }: Pick<BooksContext, "periods" | "clock">,
  leased: PeriodRecord,
  work: () => Promise<T>,
): Promise<T> {
  const stop = repeat(clock, EXTENSION_INTERVAL, () =>
    periods.extendLease(leased.id, ownerOf(leased), after(clock.now(), LEASE_DURATION)),
  );
  try {
    return await work();
  } finally {
    stop();
  }
}
