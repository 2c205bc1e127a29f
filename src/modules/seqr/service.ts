import { randomUUID } from "node:crypto";
import { ContainerRegistrationKeys, MedusaService } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { Logger } from "@medusajs/framework/types";
import { SeqrClient, type InvoiceRow } from "../../seqr";
import { nextDue } from "./cadence";
import { after, systemClock } from "./clock";
import type { SeqrContext } from "./context";
import type { InvoiceKey, InvoicePatch, InvoiceRecord, RefundRecord } from "./ledger";
import { SeqrInvoice } from "./models/seqr-invoice";
import { SeqrObservation } from "./models/seqr-observation";
import { SeqrRefund } from "./models/seqr-refund";
import { clientOptions, resolveInjectedOptions, type ResolvedOptions } from "./options";
import { PostgresLedger } from "./postgres-ledger";
import type { EndReason, InvoiceState } from "./states";
import { hashToken } from "./tokens";
import { cancelInvoice, type CancelOutcome } from "./verbs/cancel-invoice";
import { issueInvoice, type IssuedInvoice, type IssueInput } from "./verbs/issue-invoice";
import { observe, type ObservationSource } from "./verbs/observe";
import { refundInvoice, type RefundInput } from "./verbs/refund-invoice";
import { updateInvoice } from "./verbs/update-invoice";

interface Dependencies {
  [ContainerRegistrationKeys.PG_CONNECTION]: Knex;
  logger: Logger;
}

/**
 * Milliseconds after which another may take an invoice over if its holder went silent: short enough that a payment is
 * still seen within SEQR's 20 seconds.
 */
const LEASE = 10_000;

/** Milliseconds; a page that asks more often is noted this often. */
const VIEW_NOTED_EVERY = 2_000;

/**
 * The ledger and the verbs that move SEQR's money, as a Medusa module. It knows SEQR and its own tables; carts and
 * orders are the workflows' business.
 */
export default class SeqrModuleService extends MedusaService({ SeqrInvoice, SeqrObservation, SeqrRefund }) {
  readonly #context: SeqrContext;

  constructor(container: Dependencies, options?: unknown) {
    super(container, options);
    const resolved = resolveInjectedOptions(options);
    this.#context = {
      ledger: new PostgresLedger(container[ContainerRegistrationKeys.PG_CONNECTION]),
      client: new SeqrClient(clientOptions(resolved)),
      clock: systemClock,
      options: resolved,
      logger: container.logger,
    };
  }

  get settings(): ResolvedOptions {
    return this.#context.options;
  }

  find(key: InvoiceKey): Promise<InvoiceRecord | undefined> {
    return this.#context.ledger.find(key);
  }

  /** The invoice of a shopper's token, or of the token in a notification address. */
  async findByToken(kind: "shopper" | "notification", token: unknown): Promise<InvoiceRecord | undefined> {
    const hash = hashToken(token);
    if (hash === undefined) return undefined;
    return this.find(kind === "shopper" ? { token_hash: hash } : { notification_token_hash: hash });
  }

  /** The invoices of these payment collections, newest first. */
  invoicesOf(paymentCollectionIds: string[]): Promise<InvoiceRecord[]> {
    return this.#context.ledger.invoicesOf(paymentCollectionIds);
  }

  refundsOf(invoice: InvoiceRecord): Promise<RefundRecord[]> {
    return this.#context.ledger.refundsOf(invoice.id);
  }

  /** @see issueInvoice */
  issueInvoice(input: IssueInput): Promise<IssuedInvoice> {
    return issueInvoice(this.#context, input);
  }

  /** @see observe */
  observe(invoice: InvoiceRecord, source: ObservationSource): Promise<InvoiceRecord> {
    return observe(this.#context, invoice, source);
  }

  /** @see cancelInvoice */
  cancelInvoice(invoice: InvoiceRecord, reason: EndReason): Promise<CancelOutcome> {
    return cancelInvoice(this.#context, invoice, reason);
  }

  /** @see updateInvoice */
  updateInvoice(invoice: InvoiceRecord, amount: string, rows: InvoiceRow[]): Promise<InvoiceRecord> {
    return updateInvoice(this.#context, invoice, amount, rows);
  }

  /** @see refundInvoice */
  refundInvoice(invoice: InvoiceRecord, input: RefundInput): Promise<RefundRecord> {
    return refundInvoice(this.#context, invoice, input);
  }

  /** Takes a declared step; undefined when it cannot be taken any more. */
  transition(
    invoice: InvoiceRecord,
    to: InvoiceState,
    patch: InvoicePatch = {},
  ): Promise<InvoiceRecord | undefined> {
    const state_since = this.now();
    const due_at = nextDue({ ...invoice, ...patch, state: to, state_since }, state_since);
    return this.#context.ledger.transition(invoice.id, to, { due_at, ...patch, state_since });
  }

  /** Notes something that is not a step. */
  note(invoice: InvoiceRecord, patch: InvoicePatch): Promise<void> {
    return this.#context.ledger.update(invoice.id, patch);
  }

  /** A payment page is open on it: an open invoice is then looked at every second. */
  async viewed(invoice: InvoiceRecord): Promise<void> {
    const now = this.now();
    if (
      invoice.state !== "open" ||
      (invoice.viewed_at && now.getTime() - invoice.viewed_at.getTime() < VIEW_NOTED_EVERY)
    ) {
      return;
    }
    await this.note(invoice, { viewed_at: now });
    await this.#context.ledger.hurry(invoice.id, after(now, 1_000));
  }

  /** Has the watch look at an invoice as soon as it can. */
  hurry(invoice: InvoiceRecord): Promise<void> {
    return this.#context.ledger.hurry(invoice.id, this.now());
  }

  /** Takes up to `limit` due invoices. */
  claimDue(limit: number): Promise<InvoiceRecord[]> {
    return this.#context.ledger.claimDue({ ...this.#claim(), limit });
  }

  /** Takes one invoice; undefined while somebody works on it. */
  claim(invoice: InvoiceRecord): Promise<InvoiceRecord | undefined> {
    return this.#context.ledger.claim(invoice.id, this.#claim());
  }

  /** Keeps a claimed invoice while work on it goes on; to be called well within the lease. */
  renew({ id, lease_owner }: InvoiceRecord): Promise<void> {
    return this.#context.ledger.renew(id, lease_owner ?? "", after(this.now(), LEASE));
  }

  /** Gives a claimed invoice back; the watch looks again when its state asks for it. */
  async release(claimed: InvoiceRecord): Promise<void> {
    const current = (await this.find({ id: claimed.id })) ?? claimed;
    await this.#context.ledger.release(claimed.id, claimed.lease_owner ?? "", nextDue(current, this.now()));
  }

  now(): Date {
    return this.#context.clock.now();
  }

  #claim(): { owner: string; now: Date; until: Date } {
    const now = this.now();
    return { owner: randomUUID(), now, until: after(now, LEASE) };
  }
}
