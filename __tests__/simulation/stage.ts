import type { Random } from "./random";
import { Timeline } from "./timeline";
import type { Weather } from "./weather";

/** What everybody in a world shares: time, chance, the weather, and the book in which it is written what happened. */
export class Stage {
  readonly timeline: Timeline;
  readonly counts = new Map<string, number>();
  /** When something went wrong that can excuse a payment that was not seen in time. */
  readonly troubles: number[] = [];
  readonly #lines: [about: string, line: string][] = [];
  #hash = 0x811c9dc5;

  constructor(
    start: number,
    readonly random: Random,
    public weather: Weather,
  ) {
    this.timeline = new Timeline(start);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Writes down what happened. Nothing that differs between two runs of a seed may be in it. */
  note(about: string, what: string): void {
    const line = `${this.timeline.now()} ${what}`;
    this.#lines.push([about, line]);
    for (let index = 0; index < line.length; index++) {
      this.#hash = Math.imul(this.#hash ^ line.charCodeAt(index), 0x01000193);
    }
  }

  trouble(): void {
    this.troubles.push(this.timeline.now());
  }

  /** What happened about these, in order. */
  trace(abouts: readonly string[]): string[] {
    return this.#lines.filter(([about]) => abouts.includes(about)).map(([, line]) => line);
  }

  /** Differs when anything happened otherwise or at another time. */
  get hash(): number {
    return this.#hash >>> 0;
  }
}
