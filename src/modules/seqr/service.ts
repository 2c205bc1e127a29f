import { ContainerRegistrationKeys, MedusaService, Modules } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { IEventBusModuleService, Logger } from "@medusajs/framework/types";
import { SeqrClient } from "../../seqr";
import { announcing } from "./announcing";
import { Breaker } from "./breaker";
import { Changes } from "./changes";
import { systemClock } from "./clock";
import { moneyLine, type MoneyEvent } from "./events";
import { SeqrDecision } from "./models/seqr-decision";
import { SeqrInvoice } from "./models/seqr-invoice";
import { SeqrObservation } from "./models/seqr-observation";
import { SeqrPurchaseLock } from "./models/seqr-purchase-lock";
import { SeqrRefund } from "./models/seqr-refund";
import { oneLine } from "./one-line";
import { clientOptions, standingOf, type ResolvedOptions, type Standing } from "./options";
import { SeqrPayments } from "./payments";
import { PostgresLedger } from "./postgres-ledger";
import { problem } from "./problems";

interface Dependencies {
  [ContainerRegistrationKeys.PG_CONNECTION]: Knex;
  [Modules.EVENT_BUS]?: IEventBusModuleService;
  logger: Logger;
}

/** The ledger as a Medusa module: its tables for queries, and `payments` for everything that moves money. */
export default class SeqrModuleService extends MedusaService({
  SeqrInvoice,
  SeqrObservation,
  SeqrRefund,
  SeqrDecision,
  SeqrPurchaseLock,
}) {
  readonly changes: Changes;
  /** What the options make of this server. */
  readonly standing: Standing;
  readonly #payments: SeqrPayments | undefined;

  /** Takes any options: Medusa also makes the service for commands, which have no use for them. */
  constructor(container: Dependencies, options?: unknown) {
    super(container, options);
    this.standing = standingOf(options);
    this.changes = new Changes(container[ContainerRegistrationKeys.PG_CONNECTION]);
    if (this.standing.is === "on") this.#payments = paymentsOf(container, this.standing.options);
  }

  /** Whether payments can be made: the options are usable. */
  get isOn(): boolean {
    return this.#payments !== undefined;
  }

  /** @throws {MedusaError} SEQR_OFF or SEQR_OPTIONS when there can be no payments */
  get payments(): SeqrPayments {
    const { standing } = this;
    if (this.#payments) return this.#payments;
    if (standing.is === "refused") throw standing.error;
    // A server has said at its start which; Medusa's commands say nothing then.
    throw problem("SEQR_OFF", standing.is === "off" ? `Missing: ${standing.missing.join(", ")}.` : undefined);
  }
}

function paymentsOf(container: Dependencies, options: ResolvedOptions): SeqrPayments {
  const breaker = new Breaker();
  const { logger } = container;
  const announce = (event: MoneyEvent): void => {
    logger[event.level](moneyLine(event));
    container[Modules.EVENT_BUS]?.emit({ name: event.name, data: event.data }).catch((error: unknown) => {
      logger.warn(`seqr: the event ${event.name} could not be emitted: ${oneLine(error)}`);
    });
  };
  return new SeqrPayments({
    ledger: announcing(new PostgresLedger(container[ContainerRegistrationKeys.PG_CONNECTION]), announce),
    client: new SeqrClient({
      ...clientOptions(options),
      onCall: ({ result }) => breaker.record(result),
    }),
    clock: systemClock,
    options,
    breaker,
    logger,
  });
}
