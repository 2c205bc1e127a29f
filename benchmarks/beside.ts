// How much longer cart completion takes while something else happens.
import type { RunningShop } from "./bench-store";
import type { Result } from "./report";
import { paidCompletion, shopAt } from "./shopper";
import { inTurns, median, ratiosOf } from "./statistics";

/** What happens meanwhile. @returns a function that ends it, or waits for its end */
export type Begin = (round: number) => Promise<() => Promise<void>>;

/**
 * Completes carts that are paid through SEQR, in turns beside something and without it.
 *
 * @param options.begin begins it for one completion
 * @param options.limit of the ratio
 */
export async function completionBeside(
  { server, sandbox, seeded }: Pick<RunningShop, "server" | "sandbox" | "seeded">,
  { measured, against, limit, begin, rounds, warmUp }: Beside,
): Promise<Result> {
  const shop = shopAt(server.url, seeded);
  const without = async (): Promise<number> => (await paidCompletion(shop, seeded, sandbox)).milliseconds;
  let round = 0;
  const beside = async (): Promise<number> => {
    const end = await begin(round++);
    try {
      return await without();
    } finally {
      await end();
    }
  };
  const times = await inTurns({ beside, without }, { rounds, warmUp });
  return {
    ...{ measured, against, limit, ratios: ratiosOf(times.beside, times.without) },
    ...{ typical: [median(times.beside), median(times.without)], unit: `ms, ${rounds} pairs` },
  };
}

interface Beside extends Pick<Result, "measured" | "against" | "limit"> {
  begin: Begin;
  rounds: number;
  warmUp: number;
}
