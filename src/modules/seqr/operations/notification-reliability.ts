import { after, type Clock } from "../../../clock";
import type { Ledger } from "../ledger/ledger";

/** Notifications count as reliable when this many payments in a row were announced. */
const PAYMENTS_IN_A_ROW = 3;
/** Milliseconds for which the answer is cached. */
const CACHED_FOR = 30_000;

/** Tells whether SEQR's notifications about one terminal arrive reliably, from its latest payments in the ledger. */
export class NotificationReliability {
  #cached: { until: Date; arrive: boolean } | undefined;

  constructor(
    private readonly ledger: Pick<Ledger, "latestPaid">,
    private readonly clock: Clock,
    /** Its name. */
    private readonly terminal: string,
  ) {}

  /** Whether all of the latest payments were announced by a notification. */
  async arrive(): Promise<boolean> {
    const now = this.clock.now();
    if (!this.#cached || this.#cached.until <= now) {
      const latest = await this.ledger.latestPaid(this.terminal, PAYMENTS_IN_A_ROW);
      const arrive =
        latest.length === PAYMENTS_IN_A_ROW && latest.every(({ notified_at }) => notified_at !== null);
      this.#cached = { arrive, until: after(now, CACHED_FOR) };
    }
    return this.#cached.arrive;
  }
}
