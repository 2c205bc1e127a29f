interface Event {
  at: number;
  /** Of events at the same time, the one that was ordered first comes first. */
  order: number;
  run: (() => unknown) | undefined;
}

/** What an event gives that has set nothing going: nobody has to be waited for. */
export const NOTHING_BEGUN = Symbol("nothing begun");

/**
 * The only time in a world. It stands still while anything is being worked on, and then jumps to the next event, so
 * that the same orders always happen in the same order.
 */
export class Timeline {
  #heap: Event[] = [];
  #orders = 0;
  #now: number;

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Runs something at a time. @returns a function that takes the order back */
  at(time: number, run: () => unknown): () => void {
    const event: Event = { at: Math.max(time, this.#now), order: ++this.#orders, run };
    this.#push(event);
    return () => void (event.run = undefined);
  }

  /** Runs something after some milliseconds. @returns a function that takes the order back */
  after(milliseconds: number, run: () => unknown): () => void {
    return this.at(this.#now + milliseconds, run);
  }

  /** Lets everything happen up to a time, or until nobody wants more. */
  async run(end: number, isOver: () => boolean = () => false): Promise<void> {
    for (let next = this.#heap[0]; next && next.at <= end && !isOver(); next = this.#heap[0]) {
      this.#pop();
      const { run } = next;
      if (!run) continue;
      this.#now = next.at;
      if (run() !== NOTHING_BEGUN) await everythingProcessed();
    }
    if (!isOver()) this.#now = Math.max(this.#now, end);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Event;
      if (!isBefore(event, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** All promises that can go on by themselves have gone on. */
function everythingProcessed(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
