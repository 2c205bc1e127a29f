import { sleep, type Clock } from "../clock";
import type { Endpoint, InvoiceRecord, OperationContext } from "../modules/seqr/public";

/** Milliseconds between two queries for due work while slow work is still being done. */
const QUERY_INTERVAL = 500;

/** Work that waits for the same: for one endpoint of SEQR, or for Medusa only. */
export interface Lane<Item> {
  /** Takes up to so many that are due. It is called only where `most` leaves room. */
  acquire: (limit: number) => Promise<Item[]>;
  /** How many are worked on at once: an endpoint that hangs fills its own lane only. */
  most: number;
}

interface RunningLane<Item> extends Lane<Item> {
  working: Set<Promise<void>>;
  /** Whether to query for due work before the interval is over: at first, and when something has been done. */
  isQueryDue: boolean;
}

/**
 * Works on all that is due. Slow work, or a slow endpoint, does not delay the rest: due work is taken until none is left.
 *
 * @param work does not throw
 * @returns how many were worked on
 */
export async function workInLanes<Item>(
  clock: Clock,
  lanes: readonly Lane<Item>[],
  work: (item: Item) => Promise<void>,
): Promise<number> {
  const running = lanes.map((lane) => ({ ...lane, working: new Set<Promise<void>>(), isQueryDue: true }));
  let done = 0;
  let isIntervalOver = false;
  for (;;) {
    const wanted = running.filter(
      ({ working, most, isQueryDue }) => working.size < most && (isQueryDue || isIntervalOver),
    );
    const counts = await Promise.all(wanted.map((lane) => fill(lane, work)));
    done += counts.reduce((sum, count) => sum + count, 0);
    const working = running.flatMap((lane) => [...lane.working]);
    if (working.length === 0 && wanted.length === running.length) return done;
    if (working.length === 0) {
      // What was worked on may be due again, and wait for something else by now.
      for (const lane of running) lane.isQueryDue = true;
      continue;
    }
    isIntervalOver = await Promise.race([
      Promise.race(working).then(() => false),
      sleep(clock, QUERY_INTERVAL).then(() => true),
    ]);
  }
}

/** Takes due work of a lane, and begins to do it. @returns how many */
async function fill<Item>(lane: RunningLane<Item>, work: (item: Item) => Promise<void>): Promise<number> {
  const { working } = lane;
  lane.isQueryDue = false;
  const due = await lane.acquire(lane.most - working.size);
  for (const item of due) {
    const doing = work(item);
    working.add(doing);
    void doing.finally(() => {
      working.delete(doing);
      lane.isQueryDue = true;
    });
  }
  return due.length;
}

/**
 * Does the same at each endpoint of SEQR at the same time, so that an endpoint that hangs does not delay what is at the others.
 *
 * @param work gets whether an invoice belongs to the endpoint; one of an unknown terminal belongs to the first
 */
export async function atEachEndpoint(
  { terminals }: Pick<OperationContext, "terminals">,
  work: (isHere: (invoice: InvoiceRecord) => boolean) => Promise<void>,
): Promise<void> {
  const endpointOf = (invoice: InvoiceRecord): Endpoint =>
    (terminals.find(invoice) ?? terminals.first).endpoint;
  const all = await Promise.allSettled(
    terminals.endpoints.map((endpoint) => work((invoice) => endpointOf(invoice) === endpoint)),
  );
  for (const one of all) if (one.status === "rejected") throw one.reason;
}
