import type { Clock } from "./clock";
import type { FaultQueue } from "./faults";
import type { Ids } from "./ids";
import type { Settings } from "./settings";
import type { State } from "./state";

/** An HTTP POST to the merchant. */
export interface Posting {
  url: string;
  /** Form-encoded, or empty. */
  body: string;
}

/** Sends a POST once. @returns its outcome */
export type Notify = (posting: Posting, done: (outcome: string) => void) => void;

/** Context of the core's functions: the state and the dependencies. */
export interface World {
  state: State;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly faults: FaultQueue;
  readonly notify: Notify;
  /** Must be called after every change of the state. */
  readonly changed: () => void;
  /** Functions that cancel the clock's timers, by name. */
  readonly timers: Map<string, () => void>;
}

/** Sets a timer, which replaces the earlier one of the same name. */
export function schedule(world: World, name: string, at: number, run: () => void): void {
  unschedule(world, name);
  world.timers.set(
    name,
    world.clock.at(at, () => {
      world.timers.delete(name);
      run();
    }),
  );
}

export function unschedule(world: World, name: string): void {
  world.timers.get(name)?.();
  world.timers.delete(name);
}
