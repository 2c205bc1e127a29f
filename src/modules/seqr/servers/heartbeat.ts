import { generateEntityId } from "@medusajs/framework/utils";
import type { Logger } from "@medusajs/framework/types";
import { after, type Clock } from "../../../clock";
import { oneLine } from "../../../errors/one-line";
import type { ServerStore } from "./server-store";

/** Milliseconds between two records of one process. */
export const BEAT_INTERVAL = 15_000;

/** Records that this process watches payments. Nothing waits for it: what cannot be written is logged. */
export class Heartbeat {
  readonly #id = generateEntityId(undefined, "seqrsrv");
  readonly #startedAt: Date;
  #nextAt: Date;

  constructor(
    private readonly store: Pick<ServerStore, "beat">,
    private readonly clock: Pick<Clock, "now">,
    private readonly logger: Pick<Logger, "warn">,
  ) {
    this.#startedAt = clock.now();
    this.#nextAt = this.#startedAt;
  }

  /** For the watch, each time it has asked for payments that are due: records that, every 15 seconds at most. */
  beat(): void {
    const now = this.clock.now();
    if (now < this.#nextAt) return;
    this.#nextAt = after(now, BEAT_INTERVAL);
    this.store.beat({ id: this.#id, started_at: this.#startedAt, swept_at: now }).catch((error: unknown) => {
      this.logger.warn(`seqr: it could not be recorded that the watch runs: ${oneLine(error)}`);
    });
  }
}
