import { after, type Clock } from "../clock";

/** Finds something out and remembers it for some time. All who ask meanwhile share one answer, also while it is being found. */
export class Remembered<T> {
  #answer: { value: Promise<T>; until: Date | undefined } | undefined;

  constructor(
    private readonly clock: Pick<Clock, "now">,
    /** Milliseconds from the moment at which it was found out. */
    private readonly keptFor: number,
    private readonly find: () => Promise<T>,
  ) {}

  /** @throws what finding it out throws; that is not remembered */
  get(): Promise<T> {
    const { until } = this.#answer ?? {};
    if (this.#answer && (until === undefined || until > this.clock.now())) return this.#answer.value;
    const answer: { value: Promise<T>; until: Date | undefined } = { value: this.find(), until: undefined };
    this.#answer = answer;
    answer.value.then(
      () => (answer.until = after(this.clock.now(), this.keptFor)),
      () => (answer.until = this.clock.now()),
    );
    return answer.value;
  }
}
