import { randomUUID } from "node:crypto";
import type { InvoiceRow } from "../../seqr";
import { ATTENTION, attentionOf, type AttentionEntry } from "./attention/attention-entries";
import type { AttentionKind } from "./attention/attention-rules";
import { intervalWhileViewed, nextDue } from "./invoice/polling-schedule";
import { LEASE_DURATION, NOTIFICATION_PROCESSING_TIME } from "./invoice/time-limits";
import { after, type Clock } from "../../clock";
import type { OperationContext } from "./operations/operation-context";
import {
  HASH_OF,
  type AttentionPage,
  type DecisionRecord,
  type InvoiceKey,
  type InvoicePatch,
  type InvoiceRecord,
  type NewDecision,
  type RefundRecord,
  type Step,
  type TokenKind,
} from "./ledger/ledger";
import type { ResolvedOptions } from "../../options/seqr-options";
import { seqrError } from "../../errors/error-codes";
import {
  CALLING_STATES,
  ORDER_PENDING_STATES,
  POLLABLE_STATES,
  INVOICE_STATES,
  isEnded,
  type EndReason,
  type InvoiceState,
} from "./invoice/states";
import { hashToken } from "./invoice/tokens";
import { lockPurchase } from "./operations/purchase-lock";
import { cancelInvoice, isPayingSaid, type CancelOutcome } from "./operations/cancel-invoice";
import { authorizePayment } from "./operations/authorize-payment";
import { issueInvoice, type IssuedInvoice, type IssueInput } from "./operations/issue-invoice";
import { pollPaymentStatus, type PollSource } from "./operations/poll-payment-status";
import {
  carryOutRefund,
  endAbandonedRefunds,
  refundInvoice,
  REQUESTED_BY_MEDUSA,
  type RefundInput,
} from "./operations/refund/refund-invoice";
import { resolveUnknownRefund, type RefundResolution } from "./operations/refund/resolve-unknown-refund";
import { updateInvoice } from "./operations/update-invoice";

/** Milliseconds; a page that asks more often is noted this often. */
const VIEW_NOTED_EVERY = 2_000;

/** So many payments in a row must have been announced for notifications to be relied upon. */
const NOTIFIED_IN_A_ROW = 3;
/** Milliseconds for which that is believed before it is looked up again. */
const NOTIFIED_BELIEVED = 30_000;

const DAY = 86_400_000;
/** Observations that are deleted at once: a bound on how long the statement takes. */
const FORGOTTEN_AT_ONCE = 1_000;

/** What a person decided about an entry, and who did. */
export type MadeDecision = Pick<DecisionRecord, "action" | "actor_id" | "reason">;

/**
 * The ledger and the verbs that move SEQR's money. Knows SEQR and its own tables; carts and orders are the workflows'
 * business.
 */
export class SeqrPayments {
  #notified: { until: Date; arrive: boolean } | undefined;

  constructor(private readonly context: OperationContext) {}

  get options(): ResolvedOptions {
    return this.context.options;
  }

  get clock(): Clock {
    return this.context.clock;
  }

  find(key: InvoiceKey): Promise<InvoiceRecord | undefined> {
    return this.context.ledger.find(key);
  }

  /** The invoice as it is now. */
  async current(invoice: InvoiceRecord): Promise<InvoiceRecord> {
    return (await this.find({ id: invoice.id })) ?? invoice;
  }

  /** The invoice of a token. */
  async findByToken(kind: TokenKind, token: unknown): Promise<InvoiceRecord | undefined> {
    const hash = hashToken(token);
    return hash === undefined ? undefined : (await this.findByTokenHashes(kind, [hash])).get(hash);
  }

  /** The invoices of many tokens, by the hash of the token; those of nobody are missing. */
  async findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<Map<string, InvoiceRecord>> {
    const found = await this.context.ledger.findByTokenHashes(kind, hashes);
    return new Map(found.map((invoice) => [invoice[HASH_OF[kind]], invoice]));
  }

  /** The invoice of a cart that can be paid or whose money is being worked on. */
  findLiveOfCart(cartId: string): Promise<InvoiceRecord | undefined> {
    return this.context.ledger.findLiveOfCart(cartId);
  }

  /** The invoices of these payment collections, newest first. */
  invoicesOf(paymentCollectionIds: string[]): Promise<InvoiceRecord[]> {
    return this.context.ledger.invoicesOf(paymentCollectionIds);
  }

  /** Whether a purchase had to stay as it is since then: it was paid, or SEQR said that it is being paid. */
  async wasKept(paymentCollectionId: string, since: Date): Promise<boolean> {
    const invoices = await this.invoicesOf([paymentCollectionId]);
    if (
      invoices.some(
        ({ state, completed_at }) => completed_at !== null || ORDER_PENDING_STATES.includes(state),
      )
    )
      return true;
    const ids = invoices.map(({ id }) => id);
    return (await this.context.ledger.observationsSince(ids, since)).some(isPayingSaid);
  }

  /** The invoices with which these orders were paid. */
  completedWith(orderIds: string[]): Promise<InvoiceRecord[]> {
    return this.context.ledger.completedWith(orderIds);
  }

  /** A part of the attention list. The same number of statements however long it is. */
  async attentionEntries(page: AttentionPage): Promise<AttentionEntry[]> {
    const rows = await this.context.ledger.attentionRows(page);
    const entries = await this.entriesOf(rows.map(({ invoice_id }) => invoice_id));
    // One that has changed since is no entry any more, or another one.
    return rows.flatMap(
      (row) => entries.find(({ invoice, kind }) => invoice.id === row.invoice_id && kind === row.kind) ?? [],
    );
  }

  /** How many entries of each kind the attention list has. */
  attentionCounts(): Promise<Map<AttentionKind, number>> {
    return this.context.ledger.attentionCounts();
  }

  /** The entries of these invoices. */
  async entriesOf(invoiceIds: string[]): Promise<AttentionEntry[]> {
    const ids = [...new Set(invoiceIds)];
    const invoices = await this.context.ledger.findAll(ids);
    const refunds = groupBy(await this.context.ledger.refundsOfAll(ids), ({ invoice_id }) => invoice_id);
    return invoices.flatMap((invoice) => attentionOf(invoice, refunds.get(invoice.id) ?? []));
  }

  refundsOf(invoice: InvoiceRecord): Promise<RefundRecord[]> {
    return this.context.ledger.refundsOf(invoice.id);
  }

  /** What was decided about a payment, oldest first. */
  decisionsOf(invoice: InvoiceRecord): Promise<DecisionRecord[]> {
    return this.context.ledger.decisionsOf([invoice.id]);
  }

  /** What was decided about these invoices, by the invoice's id; oldest first. */
  async decisionsOfAll(invoiceIds: string[]): Promise<Map<string, DecisionRecord[]>> {
    const decisions = await this.context.ledger.decisionsOf([...new Set(invoiceIds)]);
    return groupBy(decisions, ({ invoice_id }) => invoice_id);
  }

  /**
   * Does to an invoice what a person decided about an entry, and writes the decision down with it.
   *
   * @throws {MedusaError} SEQR_DECISION_STALE when what it was about has changed
   */
  async recordDecision(
    entry: AttentionEntry,
    decision: MadeDecision,
    { to, patch }: { to?: InvoiceState; patch: InvoicePatch },
  ): Promise<InvoiceRecord> {
    const { invoice } = entry;
    const changed = await this.context.ledger.recordDecision(this.#decision(entry, decision), invoice, {
      ...(to && { to }),
      patch: to ? this.#step(invoice, to, patch) : patch,
      ofProblem: ATTENTION[entry.kind].about === "problem",
    });
    if (!changed) throw seqrError("SEQR_DECISION_STALE");
    return changed;
  }

  /** @see issueInvoice */
  issueInvoice(input: IssueInput): Promise<IssuedInvoice> {
    return issueInvoice(this.context, input);
  }

  /** @see pollPaymentStatus */
  pollPaymentStatus(invoice: InvoiceRecord, source: PollSource): Promise<InvoiceRecord> {
    return pollPaymentStatus(this.context, invoice, source);
  }

  /** @see authorizePayment */
  authorizePayment(sessionId: string, total: string | undefined): Promise<InvoiceRecord> {
    return authorizePayment(this.context, sessionId, total);
  }

  /** @see cancelInvoice */
  cancelInvoice(invoice: InvoiceRecord, reason: EndReason, isHeld = false): Promise<CancelOutcome> {
    return cancelInvoice(this.context, invoice, reason, isHeld);
  }

  /** @see updateInvoice */
  updateInvoice(invoice: InvoiceRecord, amount: string, rows: InvoiceRow[]): Promise<InvoiceRecord> {
    return updateInvoice(this.context, invoice, amount, rows);
  }

  /** @see refundInvoice */
  refundInvoice(invoice: InvoiceRecord, input: RefundInput): Promise<RefundRecord> {
    return refundInvoice(this.context, invoice, input);
  }

  /** Asks SEQR for a refund of which only the intent is written; undefined when there is none. @see carryOutRefund */
  async carryOutRefund(invoice: InvoiceRecord): Promise<RefundRecord | undefined> {
    const intent = (await this.refundsOf(invoice)).find(({ state }) => state === "requested");
    return intent && carryOutRefund(this.context, invoice, intent);
  }

  /** @see endAbandonedRefunds */
  endAbandonedRefunds(): Promise<void> {
    return endAbandonedRefunds(this.context);
  }

  /**
   * Deletes some of what was observed longer ago than `keepObservations` says. Nothing is decided by it: it is kept for
   * people.
   */
  async deleteOldObservations(): Promise<void> {
    const { ledger, options } = this.context;
    await ledger.deleteObservations(after(this.now(), -options.keepObservations * DAY), FORGOTTEN_AT_ONCE);
  }

  /** Which of Medusa's refunds the ledger knows, other than as refused. */
  refundKeys(keys: string[]): Promise<Set<string>> {
    return this.context.ledger.refundKeys(keys);
  }

  /** The refunds that Medusa asked for and SEQR made in a time. */
  refundsMadeForMedusa(from: Date, to: Date): Promise<RefundRecord[]> {
    return this.context.ledger.refundsMade(REQUESTED_BY_MEDUSA, from, to);
  }

  /** @see resolveUnknownRefund */
  resolveUnknownRefund(
    entry: AttentionEntry,
    decision: MadeDecision,
    verdict: RefundResolution,
  ): Promise<RefundRecord> {
    return resolveUnknownRefund(this.context, entry.invoice, this.#decision(entry, decision), verdict);
  }

  /** Gives a refund that was made another of Medusa's ids; undefined when it has a different one by now. */
  rekeyRefund(refund: RefundRecord, key: string): Promise<RefundRecord | undefined> {
    return this.context.ledger.rekeyRefund(refund.id, refund.idempotency_key, key, this.now());
  }

  /** @see lockPurchase */
  lockPurchase(paymentCollectionId: string): Promise<() => Promise<void>> {
    return lockPurchase(this.context, paymentCollectionId);
  }

  /** Takes a declared step; undefined when it cannot be taken any more. */
  transition(
    invoice: InvoiceRecord,
    to: InvoiceState,
    patch: InvoicePatch = {},
  ): Promise<InvoiceRecord | undefined> {
    return this.context.ledger.transition(invoice.id, to, this.#step(invoice, to, patch));
  }

  /**
   * Notes something that is not a step, about the invoice as the caller knows it.
   *
   * @returns whether it still is in that state
   */
  note(invoice: InvoiceRecord, patch: InvoicePatch): Promise<boolean> {
    return this.context.ledger.update(invoice.id, patch, [invoice.state]);
  }

  /** A payment page is open on it: an open invoice is then looked at soon. */
  async recordPageView(invoice: InvoiceRecord): Promise<void> {
    const { state, viewed_at } = invoice;
    const isNoted = viewed_at !== null && this.now().getTime() - viewed_at.getTime() < VIEW_NOTED_EVERY;
    if (state === "open" && !isNoted) await this.recordPageViews([invoice.id]);
  }

  /** Payment pages are open on all of these, in one statement. */
  async recordPageViews(ids: string[]): Promise<void> {
    const now = this.now();
    await this.context.ledger.recordPageViews(
      ids,
      now,
      after(now, intervalWhileViewed(await this.#notificationsArrive())),
    );
  }

  /** Notes that SEQR has announced something; the watch looks at the invoice soon, should nobody settle it. */
  async recordNotification(invoice: InvoiceRecord): Promise<void> {
    // Announced and seen: a repetition is no news.
    if (invoice.notified_at !== null && invoice.paid_at !== null) return;
    const { ledger } = this.context;
    const now = this.now();
    const patch = { notified_at: now, due_at: after(now, NOTIFICATION_PROCESSING_TIME) };
    const isAsked = !(await ledger.update(invoice.id, patch, POLLABLE_STATES));
    // That SEQR's notification came all the same shows that notifications arrive.
    if (isAsked) await ledger.update(invoice.id, { notified_at: now }, INVOICE_STATES);
  }

  /** Has the watch look at an invoice as soon as it can. */
  scheduleNow(invoice: InvoiceRecord): Promise<void> {
    return this.context.ledger.scheduleNow(invoice.id, this.now());
  }

  /**
   * Takes up to `limit` due invoices. While SEQR is down, only one of those about which SEQR has to be asked: it shows
   * when SEQR is back, and then all are due at once.
   */
  async acquireDueLeases(limit: number): Promise<InvoiceRecord[]> {
    const { ledger, breaker } = this.context;
    if (!breaker.isOpen) return ledger.acquireDueLeases({ ...this.#claim(), limit });
    const probe = await ledger.acquireDueLeases({ ...this.#claim(), limit: 1, states: CALLING_STATES });
    const others = INVOICE_STATES.filter((state) => !CALLING_STATES.includes(state));
    return [...probe, ...(await ledger.acquireDueLeases({ ...this.#claim(), limit, states: others }))];
  }

  /** Takes one invoice; undefined while somebody works on it. */
  acquireLease(invoice: InvoiceRecord): Promise<InvoiceRecord | undefined> {
    return this.context.ledger.acquireLease(invoice.id, this.#claim());
  }

  /** Keeps a claimed invoice while work on it goes on; to be called well within the lease. */
  extendLease({ id, lease_owner }: InvoiceRecord): Promise<void> {
    return this.context.ledger.extendLease(id, lease_owner ?? "", after(this.now(), LEASE_DURATION));
  }

  /**
   * Gives a claimed invoice back; the watch looks again when its state asks for it.
   *
   * @param dueBefore when it was due before it was claimed, where nothing was done for which it is due: claims that come
   * again and again would put it off for ever
   */
  async releaseLease(claimed: InvoiceRecord, dueBefore: Date | null = null): Promise<void> {
    const current = await this.current(claimed);
    const next = nextDue(
      current,
      this.now(),
      current.state === "open" && (await this.#notificationsArrive()),
    );
    // The look for what a process may have left comes once: it is lost with a claim that did something else.
    const isLookLeft = next !== null || current.state === "refunded" || isEnded(current.state);
    const due = dueBefore && isLookLeft && (!next || dueBefore < next) ? dueBefore : next;
    await this.context.ledger.releaseLease(claimed.id, claimed.lease_owner ?? "", due);
  }

  now(): Date {
    return this.context.clock.now();
  }

  /** What a step writes: since when it is in the new state, and when that asks for something. */
  #step(invoice: InvoiceRecord, to: InvoiceState, patch: InvoicePatch): Step {
    const state_since = this.now();
    const due_at = nextDue({ ...invoice, ...patch, state: to, state_since }, state_since);
    return { due_at, ...patch, state_since };
  }

  #decision({ invoice, kind, subject }: AttentionEntry, decision: MadeDecision): NewDecision {
    return { ...decision, invoice_id: invoice.id, ...{ kind, subject }, decided_at: this.now() };
  }

  /** Whether SEQR's notifications have been arriving of late: the latest payments were all announced. */
  async #notificationsArrive(): Promise<boolean> {
    const now = this.now();
    if (!this.#notified || this.#notified.until <= now) {
      const latest = await this.context.ledger.latestPaid(NOTIFIED_IN_A_ROW);
      const arrive =
        latest.length === NOTIFIED_IN_A_ROW && latest.every(({ notified_at }) => notified_at !== null);
      this.#notified = { arrive, until: after(now, NOTIFIED_BELIEVED) };
    }
    return this.#notified.arrive;
  }

  #claim(): { owner: string; now: Date; until: Date } {
    const now = this.now();
    return { owner: randomUUID(), now, until: after(now, LEASE_DURATION) };
  }
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
