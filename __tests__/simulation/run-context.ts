import type { Kind } from "./kinds";
import type { Random } from "./random";
import { Timeline } from "./timeline";
import type { Weather } from "./weather";

/** What of a kind is a probability. */
type Chance = Exclude<
  keyof Kind,
  | "name"
  | "together"
  | "decides"
  | "reservation"
  | "capturesBeforeLapse"
  | "announcesReservations"
  | "periods"
>;

/** Something that went wrong in the world. */
interface Trouble {
  at: number;
  /** The terminal that it is about; undefined when it is about all. */
  terminal: string | undefined;
  excuses: "payments" | "receipts";
}

/** What everybody in a world shares: time, chance, the weather, and the book in which it is written what happened. */
export class RunContext {
  readonly timeline: Timeline;
  readonly counts = new Map<string, number>();
  /** When something went wrong that can excuse a payment that was not seen in time: of one terminal, or of all. */
  readonly #troubles: Trouble[] = [];
  /** What was wrong at the moment when it happened, and about what. */
  readonly wrongs: { about: string; what: string }[] = [];
  /** Sessions whose payment core has given back, since its completion broke off after it. */
  readonly compensated = new Set<string>();
  /** Sessions of orders whose cancellation was begun: a process may die after core has written the refund down. */
  readonly cancelled = new Set<string>();
  readonly #refunds = new Map<string, { isBad: boolean; at: number }>();
  readonly #lines: [about: string, line: string][] = [];
  #hash = 0x811c9dc5;
  /** Nobody decides anything any more. */
  isClosed = false;
  /** Invoices about which SEQR's answers contradict what was sent, and those that belong to an earlier terminal. */
  readonly contradicting = new Set<string>();
  readonly moved = new Set<string>();
  /** Invoices of which SEQR knows something that went with the time between a backup and its restoration. */
  readonly lost = new Set<string>();
  /** When SEQR answered a question about an invoice, or a cancellation. */
  readonly answers = new Map<string, number[]>();

  constructor(
    start: number,
    readonly random: Random,
    public weather: Weather,
    readonly kind: Kind,
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

  /** Something that must not be, seen while it happens. */
  wrong(about: string, what: string): void {
    if (this.wrongs.some((known) => known.about === about && known.what === what)) return;
    this.wrongs.push({ about, what });
    this.note(about, `WRONG: ${what}`);
  }

  /** Whether something of the world's kind happens. Nothing does any more once the weather is clear. */
  happens(what: Chance): boolean {
    const probability = this.kind[what];
    // Worlds without it are not to differ by one throw of the dice.
    return probability > 0 && !this.weather.isOver && this.random.chance(probability);
  }

  /** A refund of a payment leaves for SEQR. @returns whether it is one of those that mostly get no answer */
  refunding(ersReference: string): boolean {
    const known = this.#refunds.get(ersReference);
    const isBad = known?.isBad ?? this.happens("unanswered");
    this.#refunds.set(ersReference, { isBad, at: this.timeline.now() });
    return isBad && !this.weather.isOver;
  }

  /** When one did last; 0 when none has. */
  refundedAt(ersReference: string | null): number {
    return this.#refunds.get(ersReference ?? "")?.at ?? 0;
  }

  answered(reference: string): void {
    const known = this.answers.get(reference);
    if (known) known.push(this.timeline.now());
    else this.answers.set(reference, [this.timeline.now()]);
  }

  /**
   * @param terminal the only one whose payments it can excuse
   * @param excuses whether it can excuse what became of payments, or only that their receipts were late
   */
  trouble(terminal?: string, excuses: Trouble["excuses"] = "payments"): void {
    this.#troubles.push({ at: this.timeline.now(), terminal, excuses });
  }

  /** Whether something went wrong between two moments that can excuse what became of a terminal's payment. */
  wasInTrouble(from: number, to: number, terminal: string | null): boolean {
    return this.#troublesOf(from, to, terminal).some(({ excuses }) => excuses === "payments");
  }

  /** Whether something went wrong between two moments that can excuse that a terminal's receipt was late. */
  wasInTroubleWithReceipts(from: number, to: number, terminal: string | null): boolean {
    return this.#troublesOf(from, to, terminal).length > 0;
  }

  #troublesOf(from: number, to: number, of: string | null): Trouble[] {
    return this.#troubles.filter(
      ({ at, terminal }) => at > from && at < to && (terminal === undefined || terminal === of),
    );
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
