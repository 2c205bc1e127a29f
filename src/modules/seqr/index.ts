import { ContainerRegistrationKeys, Module } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { Settings } from "../../options/settings";
import type { BooksReader } from "./books/books-reader";
import type { InvoiceChangeListener } from "./ledger/invoice-change-listener";
import { checkLedger } from "./loader";
import type { PaymentReader } from "./payments/payment-reader";
import SeqrModuleService from "./service";
import { beginServing } from "./begin-serving";
import type { BooksAttention } from "./books/books-attention";
import type { BooksContext } from "./books/books-context";
import type { ReconciliationStore } from "./books/reconciliation-store";
import type { NotificationLog } from "./notifications/notification-log";
import type { NotificationStore } from "./notifications/notification-store";
import type { Heartbeat } from "./servers/heartbeat";
import type { ServerStore } from "./servers/server-store";
import type { OperationContext } from "./operations/operation-context";

/** Name under which the ledger is registered in Medusa's container. */
export const SEQR_MODULE = "seqr";

/**
 * What the operations on SEQR's payments work with, in a Medusa container.
 *
 * @throws {MedusaError} SEQR_OFF or SEQR_OPTIONS when there can be no payments
 */
export function seqrOf(container: Pick<MedusaContainer, "resolve">): OperationContext {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).context;
}

/**
 * What closing SEQR's transaction periods works with, in a Medusa container.
 *
 * @throws {MedusaError} SEQR_OFF or SEQR_OPTIONS when there can be no payments
 */
export function closingOf(container: Pick<MedusaContainer, "resolve">): BooksContext {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).closing;
}

/**
 * For a process that begins to serve: says whether SEQR is on.
 *
 * @throws {MedusaError} SEQR_OPTIONS when the options are not usable; the server must not start
 */
export function beginServingIn(container: Pick<MedusaContainer, "resolve">): void {
  const { standing } = container.resolve<SeqrModuleService>(SEQR_MODULE);
  beginServing(standing, container.resolve(ContainerRegistrationKeys.LOGGER));
}

/** Whether payments can be made in this process. */
export function isOn(container: Pick<MedusaContainer, "resolve">): boolean {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).isOn;
}

/** Tells of changes of invoices, in a Medusa container. */
export function invoiceChangesOf(container: Pick<MedusaContainer, "resolve">): InvoiceChangeListener {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).invoiceChanges;
}

/** The reconciliations of periods, in a Medusa container. */
export function reconciliationsOf(container: Pick<MedusaContainer, "resolve">): ReconciliationStore {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).reconciliations;
}

/** What the attention list says of the books, in a Medusa container. */
export function booksAttentionOf(container: Pick<MedusaContainer, "resolve">): BooksAttention {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).booksAttention;
}

/** Requests to the address for SEQR's notifications, in a Medusa container. */
export function notificationsOf(container: Pick<MedusaContainer, "resolve">): NotificationStore {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).notifications;
}

/** Records such requests, in a Medusa container. */
export function notificationLogOf(container: Pick<MedusaContainer, "resolve">): NotificationLog {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).notificationLog;
}

/** The processes of the store that watch payments, in a Medusa container. */
export function serversOf(container: Pick<MedusaContainer, "resolve">): ServerStore {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).servers;
}

/** Records that this process watches payments, in a Medusa container. */
export function heartbeatOf(container: Pick<MedusaContainer, "resolve">): Heartbeat {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).heartbeat;
}

/**
 * The options in force, without secrets, in a Medusa container.
 *
 * @throws {MedusaError} SEQR_OFF or SEQR_OPTIONS when there can be no payments
 */
export function settingsIn(container: Pick<MedusaContainer, "resolve">): Settings {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).settings;
}

/** Reads the books, in a Medusa container. */
export function booksOf(container: Pick<MedusaContainer, "resolve">): BooksReader {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).books;
}

/** Lists payments and refunds, in a Medusa container. */
export function paymentsOf(container: Pick<MedusaContainer, "resolve">): PaymentReader {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).payments;
}

export default Module(SEQR_MODULE, { service: SeqrModuleService, loaders: [checkLedger] });
export type { SeqrModuleService };
