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

/** Sends a posting once and tells how it went. */
export type Notify = (posting: Posting, done: (outcome: string) => void) => void;

/** What the sandbox works on and with: its state, and everything that comes from outside. */
export interface World {
  state: State;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly faults: FaultQueue;
  readonly notify: Notify;
  /** To be called after every change of the state. */
  readonly changed: () => void;
  /** Takes back what was ordered from the clock, by name. */
  readonly timers: Map<string, () => void>;
}

/** Orders something from the clock, instead of what was ordered under this name before. */
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
