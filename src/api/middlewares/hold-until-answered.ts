import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { inTime } from "../../clock";
import { oneLine } from "../../errors/one-line";

/** Milliseconds; core waits for a cart for half a minute, and keeps it for two. */
const CORE_AT_MOST = 150_000;
/** How often a handler asks SEQR at most: to cancel an invoice, to read it, and to send the next. */
const QUESTIONS = 3;

/** What a request needs to itself while it is dealt with. */
export interface Holding<Held> {
  /** Waits until it is held; undefined when there is nothing to hold. */
  hold: () => Promise<Held | undefined>;
  letGo: (held: Held) => Promise<unknown>;
  /** Goes on with the request. */
  goOn: (held: Held | undefined) => unknown;
}

/**
 * Holds something until a request has been answered. A client that went away while it waited for its turn will not hear
 * what became of its wish, and may have come again with another: its request is not gone on with.
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
        .warn(`seqr: ${what} could not be let go: ${oneLine(error)}`);
    });
  // Not "close" of the response: one that waits behind another on the same connection never has it.
  if (isAnswered || req.socket.destroyed) res.end();
  else await goOn(held);
}

/**
 * Resolves when a request has been answered: its response was ended. That its connection is closed means nothing, since
 * its handler goes on; and "finish" does not come then. To be called before anything is waited for.
 *
 * A handler that has not answered by the time at which all that it waits for has failed will never do so, and keeps
 * nobody waiting any longer.
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
