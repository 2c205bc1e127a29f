import { derivedSeed } from "./random";
import type { Violation } from "./invariants";
import { KINDS } from "./kinds";
import { WEATHERS } from "./weather";
import { World } from "./world";

/** Payments of one world, by default: so many that they meet, so few that memory stays flat. */
const PER_WORLD = 100;

/** What came of a run. */
export interface Report {
  seed: number;
  payments: number;
  /** How often each thing happened. */
  counts: Record<string, number>;
  violations: number;
  /** The same for every run of the same seed and number. */
  trace: string;
}

/** A world in which something happened that must not. */
export interface Failure {
  seed: number;
  payments: number;
  world: number;
  weather: string;
  kind: string;
  violations: Violation[];
}

/**
 * Lets payments happen, world after world, each by a seed that follows from the run's.
 *
 * @param options.weather name of the only weather in which they happen; default: all in turns
 * @param options.kind name of the only kind of worlds; default: all in turns
 * @param options.about only violations in whose words this is; default: all
 * @param options.perWorld payments of one world
 * @param options.stopAtFirst ends after the first world with a violation
 * @param options.failed hears of each world with violations
 */
export async function simulate({
  seed,
  payments,
  weather: only,
  kind: onlyKind,
  about = "",
  perWorld = PER_WORLD,
  stopAtFirst = false,
  failed = () => undefined,
}: {
  seed: number;
  payments: number;
  weather?: string;
  kind?: string;
  about?: string;
  perWorld?: number;
  stopAtFirst?: boolean;
  failed?: (failure: Failure) => void;
}): Promise<Report> {
  const counts = new Map<string, number>();
  let violations = 0;
  let trace = 0;
  let done = 0;
  const weathers = only === undefined ? WEATHERS : WEATHERS.filter(({ name }) => name === only);
  const kinds = onlyKind === undefined ? KINDS : KINDS.filter(({ name }) => name === onlyKind);
  for (let number = 0; done < payments; number++) {
    const inWorld = Math.min(perWorld, payments - done);
    // The weathers and kinds in turn, so that also a short run meets all of them.
    const weather = weathers[number % weathers.length];
    // Once all of both were met, the kinds move on by one, so that each is met in each weather.
    const round = Math.floor(number / leastCommonMultiple(weathers.length, kinds.length));
    const world = new World(derivedSeed(seed, number), weather, kinds[(number + round) % kinds.length]);
    const outcome = await world.run(inWorld);
    done += inWorld;
    trace = (Math.imul(trace, 31) + outcome.hash) >>> 0;
    const found = outcome.violations.filter(({ what }) => what.includes(about));
    violations += found.length;
    for (const [what, times] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + times);
    if (found.length === 0) continue;
    // Every full world is the same in a longer run, so this many payments show it again.
    const { weather: today, kind } = outcome;
    failed({ seed, payments: done, world: number, weather: today, kind, violations: found });
    if (stopAtFirst) break;
  }
  const sorted = Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  return { seed, payments: done, counts: sorted, violations, trace: trace.toString(16) };
}

function leastCommonMultiple(one: number, other: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return (one * other) / divisor(one, other);
}
