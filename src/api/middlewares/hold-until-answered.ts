import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { inTime } from "../../clock";
import { oneLine } from "../../errors/one-line";

/** Milliseconds. Core waits half a minute for the lock of a cart, and keeps it for two minutes. */
const CORE_AT_MOST = 150_000;
/** Largest number of calls to SEQR in one handler: cancel an invoice, poll it, send the next. */
const QUESTIONS = 3;

/** A resource that a request needs exclusively while it is handled. */
export interface Holding<Held> {
  /** Resolves when the resource is held, with undefined when there is nothing to hold. */
  hold: () => Promise<Held | undefined>;
  letGo: (held: Held) => Promise<unknown>;
  /** Continues with the request. */
  goOn: (held: Held | undefined) => unknown;
}

/**
 * Holds a resource until a request was answered. If the client disconnects while it waits for the resource, the request is
 * dropped: the client cannot receive the answer and may have sent another request.
 *
 * @throws {unknown} what `hold` and `goOn` throw
 */
export async function holdUntilAnswered<Held>(
  req: MedusaRequest,
  res: MedusaResponse,
  { hold, letGo, goOn }: Holding<Held>,
): Promise<void> {
  let isAnswered = false;
  const answered = untilAnswered(req, res).then(() => (isAnswered = true));
  const held = await hold();
  if (held === undefined) return void (await goOn(held));
  answered
    .then(() => letGo(held))
    .catch((error: unknown) => {
      const what = `what was held for ${req.params["id"] ?? "a request"}`;
      req.scope
        .resolve(ContainerRegistrationKeys.LOGGER)
        .warn(`seqr: ${what} could not be released: ${oneLine(error)}`);
    });
  // Not the response's "close" event: a response that is queued behind another on the same connection never emits it.
  if (isAnswered || req.socket.destroyed) res.end();
  else await goOn(held);
}

/**
 * Resolves when the response of a request was ended. A closed connection does not count: the handler continues, and the
 * response emits no "finish" event. Call it before the first await.
 *
 * Also resolves when all time limits of the handler's calls have passed: such a handler will never answer, and other
 * requests need not wait for it.
 */
export function untilAnswered(req: MedusaRequest, res: MedusaResponse): Promise<unknown> {
  const { clock, options } = seqrOf(req.scope);
  const end = res.end.bind(res) as (...answer: unknown[]) => typeof res;
  const ended = new Promise<void>((resolve) => {
    res.end = (...answer: unknown[]) => {
      resolve();
      return end(...answer);
    };
  });
  return inTime(clock, ended, CORE_AT_MOST + QUESTIONS * (options.connectTimeout + options.responseTimeout));
}
