import { randomUUID } from "node:crypto";
import type { InvoiceRow } from "../../seqr";
import { ATTENTION, attentionOf, type AttentionEntry } from "./attention";
import type { AttentionKind } from "./attention-rules";
import { lookWhileViewed, nextDue, NOTIFICATION_SETTLES } from "./cadence";
import { after, type Clock } from "./clock";
import type { SeqrContext } from "./context";
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
} from "./ledger";
import type { ResolvedOptions } from "./options";
import { problem } from "./problems";
import {
  ASKING_STATES,
  AT_SEQR_STATES,
  INVOICE_STATES,
  isEnded,
  type EndReason,
  type InvoiceState,
} from "./states";
import { hashToken } from "./tokens";
import { holdPurchase } from "./purchase-lock";
import { cancelInvoice, isPayingSaid, type CancelOutcome } from "./verbs/cancel-invoice";
import { handOver } from "./verbs/hand-over";
import { issueInvoice, type IssuedInvoice, type IssueInput } from "./verbs/issue-invoice";
import { observe, type ObservationSource } from "./verbs/observe";
import {
  carryOutRefund,
  endAbandonedRefunds,
  refundInvoice,
  REQUESTED_BY_MEDUSA,
  type RefundInput,
} from "./verbs/refund-invoice";
import { judgeRefund, type Verdict } from "./verbs/judge-refund";
import { updateInvoice } from "./verbs/update-invoice";

/**
 * Milliseconds after which another may take an invoice over if its holder went silent: short enough that a payment is
 * still seen within SEQR's 20 seconds.
 */
const LEASE = 10_000;

/** States in which an invoice is not cancelled, as its money may become an order. */
const KEPT_STATES: readonly InvoiceState[] = ["declined", "paid", "captured"];

/** Milliseconds; a page that asks more often is noted this often. */
const VIEW_NOTED_EVERY = 2_000;

/** So many payments in a row must have been announced for notifications to be relied upon. */
const NOTIFIED_IN_A_ROW = 3;
/** Milliseconds for which that is believed before it is looked up again. */
const NOTIFIED_BELIEVED = 30_000;

const DAY = 86_400_000;
/** States, beside those that ended at SEQR, in which one look is taken for what a process may have left. */
const LOOKED_OVER_ONCE: readonly InvoiceState[] = ["returned", "void"];
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

  constructor(private readonly context: SeqrContext) {}

  get settings(): ResolvedOptions {
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
    if (invoices.some(({ state, settled_at }) => settled_at !== null || KEPT_STATES.includes(state)))
      return true;
    const ids = invoices.map(({ id }) => id);
    return (await this.context.ledger.observedSince(ids, since)).some(isPayingSaid);
  }

  /** The invoices with which these orders were paid. */
  settledWith(orderIds: string[]): Promise<InvoiceRecord[]> {
    return this.context.ledger.settledWith(orderIds);
  }

  /** A part of the attention list. The same number of statements however long it is. */
  async attention(page: AttentionPage): Promise<AttentionEntry[]> {
    const rows = await this.context.ledger.attention(page);
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
  async decide(
    entry: AttentionEntry,
    decision: MadeDecision,
    { to, patch }: { to?: InvoiceState; patch: InvoicePatch },
  ): Promise<InvoiceRecord> {
    const { invoice } = entry;
    const changed = await this.context.ledger.decide(this.#decision(entry, decision), invoice, {
      ...(to && { to }),
      patch: to ? this.#step(invoice, to, patch) : patch,
      ofProblem: ATTENTION[entry.kind].about === "problem",
    });
    if (!changed) throw problem("SEQR_DECISION_STALE");
    return changed;
  }

  /** @see issueInvoice */
  issueInvoice(input: IssueInput): Promise<IssuedInvoice> {
    return issueInvoice(this.context, input);
  }

  /** @see observe */
  observe(invoice: InvoiceRecord, source: ObservationSource): Promise<InvoiceRecord> {
    return observe(this.context, invoice, source);
  }

  /** @see handOver */
  handOver(sessionId: string, total: string | undefined): Promise<InvoiceRecord> {
    return handOver(this.context, sessionId, total);
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
  async forgetObservations(): Promise<void> {
    const { ledger, options } = this.context;
    await ledger.forgetObservations(after(this.now(), -options.keepObservations * DAY), FORGOTTEN_AT_ONCE);
  }

  /** Which of Medusa's refunds the ledger knows, other than as refused. */
  refundKeys(keys: string[]): Promise<Set<string>> {
    return this.context.ledger.refundKeys(keys);
  }

  /** The refunds that Medusa asked for and SEQR made in a time. */
  refundsMadeForMedusa(from: Date, to: Date): Promise<RefundRecord[]> {
    return this.context.ledger.refundsMade(REQUESTED_BY_MEDUSA, from, to);
  }

  /** @see judgeRefund */
  judgeRefund(entry: AttentionEntry, decision: MadeDecision, verdict: Verdict): Promise<RefundRecord> {
    return judgeRefund(this.context, entry.invoice, this.#decision(entry, decision), verdict);
  }

  /** Gives a refund that was made another of Medusa's ids; undefined when it has a different one by now. */
  rekeyRefund(refund: RefundRecord, key: string): Promise<RefundRecord | undefined> {
    return this.context.ledger.rekeyRefund(refund.id, refund.idempotency_key, key, this.now());
  }

  /** @see holdPurchase */
  holdPurchase(paymentCollectionId: string): Promise<() => Promise<void>> {
    return holdPurchase(this.context, paymentCollectionId);
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
  async viewed(invoice: InvoiceRecord): Promise<void> {
    const { state, viewed_at } = invoice;
    const isNoted = viewed_at !== null && this.now().getTime() - viewed_at.getTime() < VIEW_NOTED_EVERY;
    if (state === "open" && !isNoted) await this.viewedAll([invoice.id]);
  }

  /** Payment pages are open on all of these, in one statement. */
  async viewedAll(ids: string[]): Promise<void> {
    const now = this.now();
    await this.context.ledger.view(ids, now, after(now, lookWhileViewed(await this.#notificationsArrive())));
  }

  /** Notes that SEQR has announced something; the watch looks at the invoice soon, should nobody settle it. */
  async notified(invoice: InvoiceRecord): Promise<void> {
    // Announced and seen: a repetition is no news.
    if (invoice.notified_at !== null && invoice.paid_at !== null) return;
    const { ledger } = this.context;
    const now = this.now();
    const patch = { notified_at: now, due_at: after(now, NOTIFICATION_SETTLES) };
    const isAsked = !(await ledger.update(invoice.id, patch, AT_SEQR_STATES));
    // That SEQR's notification came all the same shows that notifications arrive.
    if (isAsked) await ledger.update(invoice.id, { notified_at: now }, INVOICE_STATES);
  }

  /** Has the watch look at an invoice as soon as it can. */
  hurry(invoice: InvoiceRecord): Promise<void> {
    return this.context.ledger.hurry(invoice.id, this.now());
  }

  /**
   * Takes up to `limit` due invoices. While SEQR is down, only one of those about which SEQR has to be asked: it shows
   * when SEQR is back, and then all are due at once.
   */
  async claimDue(limit: number): Promise<InvoiceRecord[]> {
    const { ledger, breaker } = this.context;
    if (!breaker.isOpen) return ledger.claimDue({ ...this.#claim(), limit });
    const probe = await ledger.claimDue({ ...this.#claim(), limit: 1, states: ASKING_STATES });
    const others = INVOICE_STATES.filter((state) => !(ASKING_STATES as readonly string[]).includes(state));
    return [...probe, ...(await ledger.claimDue({ ...this.#claim(), limit, states: others }))];
  }

  /** Takes one invoice; undefined while somebody works on it. */
  claim(invoice: InvoiceRecord): Promise<InvoiceRecord | undefined> {
    return this.context.ledger.claim(invoice.id, this.#claim());
  }

  /** Keeps a claimed invoice while work on it goes on; to be called well within the lease. */
  renew({ id, lease_owner }: InvoiceRecord): Promise<void> {
    return this.context.ledger.renew(id, lease_owner ?? "", after(this.now(), LEASE));
  }

  /**
   * Gives a claimed invoice back; the watch looks again when its state asks for it.
   *
   * @param dueBefore when it was due before it was claimed, where nothing was done for which it is due: claims that come
   * again and again would put it off for ever
   */
  async release(claimed: InvoiceRecord, dueBefore: Date | null = null): Promise<void> {
    const current = await this.current(claimed);
    const next = nextDue(
      current,
      this.now(),
      current.state === "open" && (await this.#notificationsArrive()),
    );
    // The look for what a process may have left comes once: it is lost with a claim that did something else.
    const isLookLeft = next !== null || LOOKED_OVER_ONCE.includes(current.state) || isEnded(current.state);
    const due = dueBefore && isLookLeft && (!next || dueBefore < next) ? dueBefore : next;
    await this.context.ledger.release(claimed.id, claimed.lease_owner ?? "", due);
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
    return { owner: randomUUID(), now, until: after(now, LEASE) };
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
