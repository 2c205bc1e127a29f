import { randomUUID } from "node:crypto";
import { after, repeat, sleep, type Clock } from "../../../clock";
import { nextDue } from "../invoice/polling-schedule";
import { STATE_TABLE } from "../invoice/state-table";
import { CALLING_STATES, INVOICE_STATES } from "../invoice/states";
import { LEASE_DURATION } from "../invoice/time-limits";
import type { OperationContext } from "../operations/operation-context";
import type { Endpoint, Terminal } from "../operations/terminals";
import { currentInvoice } from "./find-invoice";
import type { InvoiceRecord, LeaseRequest } from "./ledger";

// A lease is the right of one process to work on an invoice, across all servers. It is kept in the invoice's row and
// ends after LEASE_DURATION, so that another process takes over from one that has crashed.

/** Milliseconds between two extensions of a lease. */
const EXTENSION_INTERVAL = 3_000;

/** How often to try to get a lease, and the milliseconds between two attempts. */
export interface LeaseAttempts {
  attempts: number;
  interval: number;
}

/** Five seconds: for a caller that wants the result. */
export const SHORT_WAIT: LeaseAttempts = { attempts: 21, interval: 250 };
/** A quarter of a minute: for a request that cannot be answered without the lease. */
export const LONG_WAIT: LeaseAttempts = { attempts: 61, interval: 250 };

/** A lease that was acquired. */
export interface Lease {
  /** The invoice as it was when the lease was acquired. */
  invoice: InvoiceRecord;
  /** The invoice's due time before the lease was acquired. */
  previousDueAt: Date | null;
}

/** Acquires the lease of an invoice; undefined while another process has it. */
export function acquireLease(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | undefined> {
  return ledger.acquireLease(invoice.id, leaseRequest(clock));
}

/** States whose next step calls nothing but Medusa. */
const OTHER_STATES = INVOICE_STATES.filter((state) => !CALLING_STATES.includes(state));

/**
 * Acquires the leases of up to `limit` due invoices whose next step calls one endpoint of SEQR. While the endpoint is down, only
 * one is taken: it shows when SEQR is back, and then the others are taken at once. So it is with a terminal whose password SEQR
 * refuses, except that the next one is taken after a pause: other servers may have the right password.
 */
export async function acquireDueLeasesAt(
  { ledger, clock, terminals }: Pick<OperationContext, "ledger" | "clock" | "terminals">,
  endpoint: Endpoint,
  limit: number,
): Promise<InvoiceRecord[]> {
  const acquire = async (of: readonly Terminal[], most: number): Promise<InvoiceRecord[]> =>
    of.length === 0
      ? []
      : ledger.acquireDueLeases({
          ...leaseRequest(clock),
          ...{ limit: most, states: CALLING_STATES, of: terminals.keysOf(of) },
        });
  const here = terminals.at(endpoint);
  const due = await acquire(
    here.filter(({ credentials }) => !credentials.isRefused),
    endpoint.breaker.isOpen ? 1 : limit,
  );
  const tries = here.filter(({ credentials }) => credentials.isTryDue);
  return [...due, ...(await acquire(tries, 1))];
}

/** Acquires the leases of up to `limit` due invoices whose next step calls Medusa only, whichever terminal made them. */
export function acquireOtherDueLeases(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  limit: number,
): Promise<InvoiceRecord[]> {
  return ledger.acquireDueLeases({ ...leaseRequest(clock), limit, states: OTHER_STATES });
}

/**
 * Waits until the lease of an invoice is free, and acquires it.
 *
 * @param find reads the invoice before each attempt; undefined when no lease is needed
 * @returns undefined when no lease is needed; `busy` when other processes had it all the time
 */
export async function waitForLease(
  context: Pick<OperationContext, "ledger" | "clock">,
  find: () => Promise<InvoiceRecord | undefined>,
  { attempts, interval }: LeaseAttempts,
): Promise<Lease | "busy" | undefined> {
  for (let attempt = 1; ; attempt++) {
    const invoice = await find();
    if (!invoice) return undefined;
    const leased = await acquireLease(context, invoice);
    if (leased) return { invoice: leased, previousDueAt: invoice.due_at };
    if (attempt >= attempts) return "busy";
    await sleep(context.clock, interval);
  }
}

/**
 * Extends a lease until the returned function is called.
 *
 * @returns a function that stops extending; it does not release the lease
 */
export function keepLease(
  context: Pick<OperationContext, "ledger" | "clock">,
  leased: InvoiceRecord,
): () => void {
  return repeat(context.clock, EXTENSION_INTERVAL, () => extendLease(context, leased));
}

/** Extends a lease once. */
export function extendLease(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  { id, lease_owner }: InvoiceRecord,
): Promise<void> {
  return ledger.extendLease(id, lease_owner ?? "", after(clock.now(), LEASE_DURATION));
}

/**
 * Releases a lease, and computes when the watch has to process the invoice next.
 *
 * @param previousDueAt the invoice's due time before the lease was acquired. Pass it when the lease served another purpose, so
 * that the due work is not put off
 */
export async function releaseLease(
  context: OperationContext,
  leased: InvoiceRecord,
  previousDueAt: Date | null = null,
): Promise<void> {
  const { ledger, clock, terminals } = context;
  const current = await currentInvoice(context, leased);
  const isNotified =
    current.state === "open" && (await terminals.find(current)?.notifications.arrive()) === true;
  const next = nextDue(current, clock.now(), isNotified);
  // The check for an abandoned order comes only once. A lease that served another purpose must not cancel it.
  const isCheckLeft = next !== null || STATE_TABLE[current.state].checkAbandonedOrder;
  const due = previousDueAt && isCheckLeft && (!next || previousDueAt < next) ? previousDueAt : next;
  await ledger.releaseLease(leased.id, leased.lease_owner ?? "", due);
}

/** Works on an invoice whose lease was acquired: extends the lease meanwhile, and releases it at the end. */
export async function workUnderLease<T>(
  context: OperationContext,
  leased: InvoiceRecord,
  work: () => Promise<T>,
  previousDueAt: Date | null = null,
): Promise<T> {
  const stop = keepLease(context, leased);
  try {
    return await work();
  } finally {
    stop();
    await releaseLease(context, leased, previousDueAt);
  }
}

/**
 * Works on an invoice under its lease, for a purpose other than that for which the invoice is due.
 *
 * @returns what the work returns; undefined when other processes had the lease at all attempts
 */
export async function withLease<T>(
  context: OperationContext,
  invoice: InvoiceRecord,
  wait: LeaseAttempts,
  work: (leased: InvoiceRecord) => Promise<T>,
): Promise<T | undefined> {
  const lease = await waitForLease(context, () => Promise.resolve(invoice), wait);
  if (lease === undefined || lease === "busy") return undefined;
  return workUnderLease(context, lease.invoice, () => work(lease.invoice), lease.previousDueAt);
}

function leaseRequest(clock: Clock): LeaseRequest {
  const now = clock.now();
  return { owner: randomUUID(), now, until: after(now, LEASE_DURATION) };
}
