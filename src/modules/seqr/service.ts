import { ContainerRegistrationKeys, MedusaService, Modules } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { IEventBusModuleService, Logger } from "@medusajs/framework/types";
import { openAccounts } from "./books/accounts";
import type { BooksContext } from "./books/books-context";
import type { BooksReader } from "./books/books-reader";
import type { PeriodEvent } from "./books/period-events";
import { PostgresBooksReader } from "./books/postgres-books-reader";
import { PostgresPeriods } from "./books/postgres-periods";
import type { BooksAttention } from "./books/books-attention";
import { PostgresBooksAttention } from "./books/postgres-books-attention";
import { PostgresReconciliation } from "./books/postgres-reconciliation";
import type { ReconciliationStore } from "./books/reconciliation-store";
import { EventEmittingLedger } from "./ledger/event-emitting-ledger";
import { InvoiceChangeListener } from "./ledger/invoice-change-listener";
import { systemClock } from "../../clock";
import { moneyLine, type MoneyEvent } from "./ledger/money-events";
import { SeqrDecision } from "./models/seqr-decision";
import { SeqrInvoice } from "./models/seqr-invoice";
import { SeqrNotification } from "./models/seqr-notification";
import { SeqrObservation } from "./models/seqr-observation";
import { SeqrPeriod } from "./models/seqr-period";
import { SeqrPeriodReport } from "./models/seqr-period-report";
import { SeqrPurchaseLock } from "./models/seqr-purchase-lock";
import { SeqrReceipt } from "./models/seqr-receipt";
import { SeqrReconciliationItem } from "./models/seqr-reconciliation-item";
import { SeqrRefund } from "./models/seqr-refund";
import { SeqrReportRow } from "./models/seqr-report-row";
import { SeqrServer } from "./models/seqr-server";
import { NotificationLog } from "./notifications/notification-log";
import type { NotificationStore } from "./notifications/notification-store";
import { PostgresNotifications } from "./notifications/postgres-notifications";
import { Heartbeat } from "./servers/heartbeat";
import { PostgresServers } from "./servers/postgres-servers";
import type { ServerStore } from "./servers/server-store";
import type { PaymentReader } from "./payments/payment-reader";
import { PostgresPaymentReader } from "./payments/postgres-payment-reader";
import { makeReadOnly } from "./read-only";
import { oneLine } from "../../errors/one-line";
import { settingsOf, type Settings } from "../../options/settings";
import { standingOf, type ResolvedStore, type Standing } from "../../options/store-options";
import { PostgresLedger } from "./ledger/postgres-ledger";
import { seqrError } from "../../errors/error-codes";
import type { OperationContext } from "./operations/operation-context";
import { openTerminals } from "./operations/terminals";

interface Dependencies {
  [ContainerRegistrationKeys.PG_CONNECTION]: Knex;
  [Modules.EVENT_BUS]?: IEventBusModuleService;
  logger: Logger;
}

/** What the options make possible. */
interface Contexts {
  seqr: OperationContext;
  closing: BooksContext;
}

/**
 * The ledger as a Medusa module: its tables for queries, and `context` for the operations that move money. The generated
 * methods read only: see `makeReadOnly`.
 */
export default class SeqrModuleService extends MedusaService({
  SeqrInvoice,
  SeqrObservation,
  SeqrRefund,
  SeqrDecision,
  SeqrReceipt,
  SeqrPurchaseLock,
  SeqrPeriod,
  SeqrPeriodReport,
  SeqrReportRow,
  SeqrReconciliationItem,
  SeqrNotification,
  SeqrServer,
}) {
  readonly invoiceChanges: InvoiceChangeListener;
  /** Periods, reports and reconciliations, to be read. */
  readonly books: BooksReader;
  readonly reconciliations: ReconciliationStore;
  /** Payments and refunds, to be listed. */
  readonly payments: PaymentReader;
  /** What the attention list says of the books. */
  readonly booksAttention: BooksAttention;
  /** Requests to the address for SEQR's notifications. */
  readonly notifications: NotificationStore;
  readonly notificationLog: NotificationLog;
  /** The processes that watch payments. */
  readonly servers: ServerStore;
  readonly heartbeat: Heartbeat;
  /** What the options make of this server. */
  readonly standing: Standing;
  readonly #context: Contexts | undefined;
  readonly #given: unknown;

  /** Takes any options: Medusa also makes the service for commands, which have no use for them. */
  constructor(container: Dependencies, options?: unknown) {
    super(container, options);
    this.standing = standingOf(options);
    this.#given = options;
    const db = container[ContainerRegistrationKeys.PG_CONNECTION];
    this.invoiceChanges = new InvoiceChangeListener(db);
    this.books = new PostgresBooksReader(db);
    this.payments = new PostgresPaymentReader(db);
    this.reconciliations = new PostgresReconciliation(db);
    this.booksAttention = new PostgresBooksAttention(db);
    this.notifications = new PostgresNotifications(db);
    this.notificationLog = new NotificationLog(this.notifications, systemClock, container.logger);
    this.servers = new PostgresServers(db);
    this.heartbeat = new Heartbeat(this.servers, systemClock, container.logger);
    if (this.standing.is === "on") this.#context = contextOf(container, this.standing.store);
  }

  /** Whether payments can be made: the options are usable. */
  get isOn(): boolean {
    return this.#context !== undefined;
  }

  /** @throws {MedusaError} SEQR_OFF or SEQR_OPTIONS when there can be no payments */
  get context(): OperationContext {
    return this.#contextWhileOn.seqr;
  }

  /**
   * What closing SEQR's transaction periods works with.
   *
   * @throws {MedusaError} as {@link context}
   */
  get closing(): BooksContext {
    return this.#contextWhileOn.closing;
  }

  /**
   * The options in force, without secrets.
   *
   * @throws {MedusaError} as {@link context}
   */
  get settings(): Settings {
    return this.#contextWhileOn && settingsOf(this.#given);
  }

  get #contextWhileOn(): Contexts {
    const { standing } = this;
    if (this.#context) return this.#context;
    if (standing.is === "refused") throw standing.error;
    // The server's log names the missing options at its start; Medusa's commands write no such line.
    throw seqrError(
      "SEQR_OFF",
      standing.is === "off" ? `Missing: ${standing.missing.join(", ")}.` : undefined,
    );
  }
}

makeReadOnly(SeqrModuleService);

function contextOf(container: Dependencies, { options, terminals: given }: ResolvedStore): Contexts {
  const { logger } = container;
  const db = container[ContainerRegistrationKeys.PG_CONNECTION];
  const announce = (event: MoneyEvent | PeriodEvent): void => {
    logger[event.level](moneyLine(event));
    container[Modules.EVENT_BUS]?.emit({ name: event.name, data: event.data }).catch((error: unknown) => {
      logger.warn(`seqr: the event ${event.name} could not be emitted: ${oneLine(error)}`);
    });
  };
  const ledger = new EventEmittingLedger(new PostgresLedger(db), announce);
  const clock = systemClock;
  const terminals = openTerminals(given, { ledger, clock });
  const accounts = openAccounts(terminals);
  return {
    seqr: { ledger, clock, options, terminals, logger },
    closing: {
      periods: new PostgresPeriods(db),
      accounts,
      schedule: options.periods,
      clock,
      logger,
      announce,
    },
  };
}
