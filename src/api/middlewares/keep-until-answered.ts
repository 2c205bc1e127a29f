import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { inTime } from "../../clock";
import { oneLine } from "../../errors/one-line";

/** Milliseconds. Core waits for a cart's lock for half a minute, and keeps it for two minutes. */
const MAX_TIME_OF_CORE = 150_000;
/** Calls to SEQR that a handler makes at most: to cancel an invoice, to poll it, and to send the next. */
const MAX_CALLS = 3;

/** A lease or a lock that a request needs while it is handled. */
export interface RequestLock<Lock> {
  /** Waits until it is acquired; undefined when the request needs none. */
  acquire: () => Promise<Lock | undefined>;
  release: (lock: Lock) => Promise<unknown>;
  /** Continues with the request. */
  proceed: (lock: Lock | undefined) => unknown;
}

/**
 * Keeps a lease or a lock until a request has been answered. A request whose client disconnected while it waited is not handled:
 * the client would not get the answer, and may have sent another request since.
 *
 * @throws {unknown} what `acquire` and `proceed` throw
 */
export async function keepUntilAnswered<Lock>(
  req: MedusaRequest,
  res: MedusaResponse,
  { acquire, release, proceed }: RequestLock<Lock>,
): Promise<void> {
  let isAnswered = false;
  const answered = untilAnswered(req, res).then(() => (isAnswered = true));
  const lock = await acquire();
  if (lock === undefined) return void (await proceed(lock));
  answered
    .then(() => release(lock))
    .catch((error: unknown) => {
      const what = `the lock for ${req.params["id"] ?? "a request"}`;
      req.scope
        .resolve(ContainerRegistrationKeys.LOGGER)
        .warn(`seqr: ${what} could not be released: ${oneLine(error)}`);
    });
  // The response's "close" event does not tell: a response that waits behind another on the same connection never has it.
  if (isAnswered || req.socket.destroyed) res.end();
  else await proceed(lock);
}

/**
 * Resolves when a request has been answered: when its response was ended. A closed connection does not count, because the handler
 * continues, and its response never emits "finish". Must be called before the caller awaits anything.
 *
 * A handler that has not answered when everything that it waits for must have failed never will: it counts as answered.
 */
export function untilAnswered(req: MedusaRequest, res: MedusaResponse): Promise<unknown> {
  const { clock, terminals } = seqrOf(req.scope);
  const end = res.end.bind(res) as (...answer: unknown[]) => typeof res;
  const ended = new Promise<void>((resolve) => {
    res.end = (...answer: unknown[]) => {
      resolve();
      return end(...answer);
    };
  });
  // A request may end one terminal's invoice and start another's: the slowest terminal's limits are good for all.
  const call = Math.max(
    ...terminals.all.map(({ options }) => options.connectTimeout + options.responseTimeout),
  );
  return inTime(clock, ended, MAX_TIME_OF_CORE + MAX_CALLS * call);
}
