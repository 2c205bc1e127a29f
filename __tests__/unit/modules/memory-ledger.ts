import { attentionOf, type AttentionEntry } from "../../../src/modules/seqr/attention/attention-entries";
import {
  entriesOfPeriod,
  entryOfItem,
  type BooksEntry,
} from "../../../src/modules/seqr/attention/books-entries";
import type { ItemRecord, PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import {
  ATTENTION_KINDS,
  NEEDS,
  type AttentionKind,
} from "../../../src/modules/seqr/attention/attention-kinds";
import type { Clock } from "../../../src/clock";
import {
  HASH_OF,
  type AttentionPage,
  type AttentionRow,
  type LeaseRequest,
  type DecisionEffect,
  type DecisionRecord,
  type DueLeaseRequest,
  type DueReceiptRequest,
  type DueWhileViewed,
  type InvoiceKey,
  type InvoicePatch,
  type InvoiceRecord,
  type ResolvedRefund,
  type Ledger,
  type NewDecision,
  type NewInvoice,
  type NewRefund,
  type Observation,
  type ReceiptOutcome,
  type ReceiptRecord,
  type OverdueInvoices,
  type RefundRecord,
  type SeenInvoice,
  type TerminalKey,
  type TransitionPatch,
  type TokenKind,
} from "../../../src/modules/seqr/ledger/ledger";
import {
  INVOICE_STATES,
  isLive,
  isPayable,
  FINAL_STATES,
  statesBefore,
  type InvoiceState,
} from "../../../src/modules/seqr/invoice/states";

/** What PostgreSQL says when a unique index is violated. */
export class UniqueViolation extends Error {
  readonly code = "23505";
  constructor(readonly constraint: string) {
    super(`duplicate key value violates unique constraint "${constraint}"`);
  }
}

const UNIQUE = [
  "session_id",
  "token_hash",
  "notification_token_hash",
  "invoice_reference",
  "ers_reference",
] as const;

/** What a backup of the ledger has. */
export type LedgerCopy = Pick<
  MemoryLedger,
  "invoices" | "refunds" | "observations" | "decisions" | "receipts"
>;

/** The ledger without a database. Each method takes effect at once, as a statement does; the rows are open to tests. */
export class MemoryLedger implements Ledger {
  readonly invoices: InvoiceRecord[] = [];
  readonly refunds: RefundRecord[] = [];
  readonly observations: Observation[] = [];
  readonly decisions: DecisionRecord[] = [];
  readonly receipts: ReceiptRecord[] = [];
  /** The books, whose open differences are in the attention list: those of another store, if there is one. */
  books: { periods: PeriodRecord[]; items: ItemRecord[] } = { periods: [], items: [] };
  readonly #byId = new Map<string, InvoiceRecord>();
  readonly #ofPurchase = new Map<string, InvoiceRecord[]>();
  readonly #unique = new Map(UNIQUE.map((name) => [name, new Map<unknown, InvoiceRecord>()]));
  readonly #refundsOf = new Map<string, RefundRecord[]>();
  readonly #purchaseLocks = new Map<string, { owner: string; until: Date }>();
  #made = 0;

  constructor(private readonly clock: Pick<Clock, "now">) {}

  async find(key: InvoiceKey): Promise<InvoiceRecord | undefined> {
    const [[name, value] = []] = Object.entries(key);
    if (name === "invoice_reference")
      return copyOf(this.invoices.find(({ invoice_reference }) => invoice_reference === value));
    if (name === "id") return copyOf(this.#byId.get(value ?? ""));
    return copyOf(this.#unique.get(name as (typeof UNIQUE)[number])?.get(value));
  }

  async findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<InvoiceRecord[]> {
    const rows = this.#unique.get(HASH_OF[kind]);
    return hashes.flatMap((hash) => copyOf(rows?.get(hash)) ?? []);
  }

  async findLive(paymentCollectionId: string): Promise<InvoiceRecord | undefined> {
    return copyOf(this.#live(paymentCollectionId));
  }

  async invoicesOf(paymentCollectionIds: string[]): Promise<InvoiceRecord[]> {
    const found = paymentCollectionIds.flatMap((id) => this.#purchase(id));
    return found.reverse().map((row) => ({ ...row }));
  }

  async findLiveOfCart(cartId: string): Promise<InvoiceRecord | undefined> {
    return copyOf(this.invoices.find((row) => row.cart_id === cartId && isLive(row.state)));
  }

  async placedWith(orderIds: string[]): Promise<InvoiceRecord[]> {
    return this.invoices
      .filter(
        ({ order_id, state }) =>
          (state === "completed" || state === "awaiting_capture") &&
          order_id !== null &&
          orderIds.includes(order_id),
      )
      .map((row) => ({ ...row }));
  }

  async captureKeys(keys: string[]): Promise<Set<string>> {
    return new Set(this.invoices.flatMap(({ capture_key: key }) => (key && keys.includes(key) ? key : [])));
  }

  async rekeyCapture(id: string, from: string, to: string): Promise<boolean> {
    const row = this.#row(id);
    if (row?.capture_key !== from) return false;
    row.capture_key = to;
    return true;
  }

  async latestPaid(terminal: string, limit: number): Promise<InvoiceRecord[]> {
    return this.invoices
      .filter((row) => row.paid_at !== null && row.reserved_at === null && row.terminal === terminal)
      .sort((a, b) => Number(b.paid_at) - Number(a.paid_at))
      .slice(0, limit)
      .map((row) => ({ ...row }));
  }

  async findAll(ids: string[]): Promise<InvoiceRecord[]> {
    return ids.flatMap((id) => copyOf(this.#byId.get(id)) ?? []);
  }

  async attentionRows({ limit, offset, kinds = ATTENTION_KINDS }: AttentionPage): Promise<AttentionRow[]> {
    return [...this.#entries(), ...this.#booksEntries()]
      .filter(({ kind }) => kinds.includes(kind))
      .sort(
        (a, b) =>
          NEEDS.indexOf(a.needs) - NEEDS.indexOf(b.needs) ||
          Number(a.since) - Number(b.since) ||
          (placeOf(a) < placeOf(b) ? -1 : 1),
      )
      .slice(offset, offset + limit)
      .map((entry) => ({
        invoice_id: "invoice" in entry ? entry.invoice.id : null,
        period_id: "period" in entry ? entry.period.id : null,
        item_id: "period" in entry ? (entry.item?.id ?? null) : null,
        kind: entry.kind,
      }));
  }

  async attentionCounts(): Promise<Map<AttentionKind, number>> {
    const counts = new Map<AttentionKind, number>();
    for (const { kind } of [...this.#entries(), ...this.#booksEntries()])
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts;
  }

  async insert(invoice: NewInvoice): Promise<InvoiceRecord | undefined> {
    const row: InvoiceRecord = {
      ...invoice,
      id: `seqrinv_${++this.#made}`,
      order_id: null,
      pending_amount: null,
      reserved_amount: null,
      reserved_at: null,
      reserved_until: null,
      capture_amount: null,
      capture_key: null,
      invoice_reference: null,
      ers_reference: null,
      qr_code: null,
      state: "sending",
      reason: null,
      version: 0,
      observed_at: null,
      notified_at: null,
      viewed_at: null,
      paid_at: null,
      completed_at: null,
      lease_owner: null,
      lease_until: null,
      attempts: 0,
      problem: null,
      disputed_reference: null,
      problem_no: 0,
      problem_about: null,
      disputed_amount: null,
      created_at: this.clock.now(),
    };
    this.#checkUnique(row);
    if (this.#payable(row.payment_collection_id)) return undefined;
    this.invoices.push(row);
    this.#byId.set(row.id, row);
    this.#ofPurchase.set(row.payment_collection_id, [...this.#purchase(row.payment_collection_id), row]);
    this.#write(row, row);
    return { ...row };
  }

  async transition(
    id: string,
    to: InvoiceState,
    patch: TransitionPatch,
    from: readonly InvoiceState[] = INVOICE_STATES,
  ): Promise<InvoiceRecord | undefined> {
    const row = this.#row(id);
    if (!row || !statesBefore(to).includes(row.state) || !from.includes(row.state)) return undefined;
    const moved = { ...row, ...defined(patch), state: to };
    this.#checkUnique(moved);
    const payable = this.#payable(row.payment_collection_id);
    if (isPayable(to) && payable && payable !== row) throw new UniqueViolation("IDX_seqr_invoice_payable");
    if (to === "completed") this.#addReceipt(moved.ers_reference, patch.state_since, row.id);
    return { ...this.#write(row, moved) };
  }

  async update(id: string, patch: InvoicePatch, from: readonly InvoiceState[]): Promise<boolean> {
    const row = this.#row(id);
    if (!row || !from.includes(row.state)) return false;
    this.#checkUnique({ ...row, ...defined(patch) });
    this.#write(row, defined(patch));
    return true;
  }

  async acquireDueLeases({
    limit,
    states = INVOICE_STATES,
    of,
    ...claim
  }: DueLeaseRequest): Promise<InvoiceRecord[]> {
    return this.invoices
      .filter(({ due_at }) => due_at !== null && due_at <= claim.now)
      .filter((row) => states.includes(row.state) && isFree(row, claim.now) && (!of || isMadeBy(row, of)))
      .sort((a, b) => Number(a.due_at) - Number(b.due_at))
      .slice(0, limit)
      .map((row) => lease(row, claim));
  }

  async recordProblemOfOthers(
    known: readonly TerminalKey[],
    problem: string,
    { now, before, states }: OverdueInvoices,
  ): Promise<InvoiceRecord[]> {
    return this.invoices
      .filter(({ due_at }) => due_at !== null && due_at <= before)
      .filter((row) => states.includes(row.state) && isFree(row, now))
      .filter((row) => !isMadeBy(row, known) && row.problem !== problem)
      .map((row) => ({ ...this.#write(row, { problem }) }));
  }

  async clearProblemOf(known: readonly TerminalKey[], problem: string, now: Date): Promise<void> {
    for (const row of this.invoices.filter((one) => one.problem === problem && isMadeBy(one, known)))
      this.#write(row, { problem: null, ...(row.due_at && row.due_at > now && { due_at: now }) });
  }

  async acquireLease(id: string, claim: LeaseRequest): Promise<InvoiceRecord | undefined> {
    const row = this.#row(id);
    return row && isFree(row, claim.now) ? lease(row, claim) : undefined;
  }

  async extendLease(id: string, owner: string, until: Date): Promise<void> {
    const row = this.#row(id);
    if (row?.lease_owner !== owner) return;
    if (!wasHurried(row)) row.due_at = until;
    row.lease_until = until;
  }

  async releaseLease(id: string, owner: string, dueAt: Date | null): Promise<void> {
    const row = this.#row(id);
    if (row?.lease_owner !== owner) return;
    const hurried = wasHurried(row) ? row.due_at : null;
    row.due_at = hurried && (dueAt === null || hurried < dueAt) ? hurried : dueAt;
    row.lease_owner = null;
    row.lease_until = null;
  }

  async scheduleNow(id: string, dueAt: Date): Promise<void> {
    const row = this.#row(id);
    if (row?.due_at && row.due_at > dueAt) row.due_at = dueAt;
  }

  async recordPageViews(ids: string[], now: Date, due: DueWhileViewed): Promise<void> {
    for (const id of ids) {
      const row = this.#row(id);
      if (row?.state !== "open") continue;
      row.viewed_at = now;
      const isNotified = row.terminal !== null && due.notified.includes(row.terminal);
      if (row.attempts === 0) await this.scheduleNow(id, isNotified ? due.notifiedDueAt : due.dueAt);
    }
  }

  async recordObservation(observation: Observation): Promise<void> {
    this.observations.push({ ...observation });
  }

  async observationsSince(invoiceIds: string[], since: Date): Promise<Observation[]> {
    return this.observations.filter(
      ({ invoice_id, observed_at }) => invoiceIds.includes(invoice_id) && observed_at >= since,
    );
  }

  async deleteObservations(before: Date, limit: number): Promise<number> {
    const isOver = ({ invoice_id }: Observation): boolean => {
      const invoice = this.#byId.get(invoice_id);
      return (
        invoice !== undefined &&
        FINAL_STATES.includes(invoice.state) &&
        invoice.state_since < before &&
        (invoice.problem === null || invoice.state === "not_issued") &&
        invoice.due_at === null &&
        (this.#refundsOf.get(invoice_id) ?? []).every(({ state }) => state === "done" || state === "refused")
      );
    };
    const old = this.observations
      .filter((seen) => seen.observed_at < before && isOver(seen))
      .sort((a, b) => a.observed_at.getTime() - b.observed_at.getTime())
      .slice(0, limit);
    for (const seen of old) this.observations.splice(this.observations.indexOf(seen), 1);
    return old.length;
  }

  async refundsOf(invoiceId: string): Promise<RefundRecord[]> {
    return [...(this.#refundsOf.get(invoiceId) ?? [])]
      .sort((a, b) => a.requested_at.getTime() - b.requested_at.getTime())
      .map((row) => ({ ...row }));
  }

  async refundsOfAll(invoiceIds: string[]): Promise<RefundRecord[]> {
    return (await Promise.all(invoiceIds.map((id) => this.refundsOf(id)))).flat();
  }

  async refundKeys(keys: string[]): Promise<Set<string>> {
    const known = this.refunds.filter(({ state }) => state !== "refused");
    return new Set(known.map(({ idempotency_key }) => idempotency_key).filter((key) => keys.includes(key)));
  }

  async requestedRefunds(before: Date): Promise<RefundRecord[]> {
    return this.refunds
      .filter(({ state, requested_at }) => state === "requested" && requested_at < before)
      .map((row) => ({ ...row }));
  }

  async refundsMade(reason: string, from: Date, to: Date): Promise<RefundRecord[]> {
    const isWithin = (at: Date | null): boolean => at !== null && at >= from && at < to;
    return this.refunds
      .filter((row) => row.state === "done" && row.reason === reason && isWithin(row.finished_at))
      .map((row) => ({ ...row }));
  }

  async insertRefund(refund: NewRefund): Promise<RefundRecord | undefined> {
    const earlier = this.#refundsOf.get(refund.invoice_id) ?? [];
    if (earlier.some(isUnfinished) || hasKey(earlier, refund.idempotency_key)) return undefined;
    const row: RefundRecord = {
      ...refund,
      id: `seqrref_${++this.#made}`,
      state: "requested",
      refund_reference: null,
      result: null,
      finished_at: null,
      taken_over_at: null,
    };
    this.refunds.push(row);
    this.#refundsOf.set(refund.invoice_id, [...earlier, row]);
    return { ...row };
  }

  async finishRefund(
    id: string,
    state: "done" | "refused" | "unknown",
    patch: Pick<RefundRecord, "refund_reference" | "result" | "finished_at">,
  ): Promise<RefundRecord | undefined> {
    const row = this.refunds.find((refund) => refund.id === id);
    if (!row || !isUnfinished(row)) return undefined;
    Object.assign(row, patch, { state });
    this.#addReceipt(row.refund_reference, row.finished_at, row.invoice_id, row.id);
    return { ...row };
  }

  async rekeyRefund(id: string, from: string, to: string, now: Date): Promise<RefundRecord | undefined> {
    const row = this.refunds.find((refund) => refund.id === id);
    if (row?.state !== "done" || row.idempotency_key !== from) return undefined;
    const others = (this.#refundsOf.get(row.invoice_id) ?? []).filter((refund) => refund !== row);
    if (hasKey(others, to)) return undefined;
    return { ...Object.assign(row, { idempotency_key: to, taken_over_at: now }) };
  }

  async acquirePurchaseLock(id: string, { owner, now, until }: LeaseRequest): Promise<boolean> {
    const lock = this.#purchaseLocks.get(id);
    if (lock && lock.owner !== owner && lock.until > now) return false;
    this.#purchaseLocks.set(id, { owner, until });
    return true;
  }

  async releasePurchaseLock(id: string, owner: string): Promise<void> {
    if (this.#purchaseLocks.get(id)?.owner === owner) this.#purchaseLocks.delete(id);
  }

  async recordDecision(
    decision: NewDecision,
    seen: SeenInvoice,
    { to, patch, ofProblem }: DecisionEffect,
  ): Promise<InvoiceRecord | undefined> {
    const row = this.#row(seen.id);
    if (row?.state !== seen.state || Number(row.state_since) !== Number(seen.state_since)) return undefined;
    if (ofProblem && row.problem_no !== seen.problem_no) return undefined;
    if (row.disputed_amount !== seen.disputed_amount) return undefined;
    if (to !== undefined && !statesBefore(to).includes(row.state)) return undefined;
    this.#write(row, { ...defined(patch), ...(to && { state: to }) });
    this.decisions.push({ ...decision, id: `seqrdec_${++this.#made}` });
    return { ...row };
  }

  async resolveRefund(
    decision: NewDecision,
    refundId: string,
    verdict: ResolvedRefund,
    again?: NewRefund,
  ): Promise<RefundRecord | undefined> {
    const row = this.refunds.find(({ id }) => id === refundId);
    if (row?.state !== "unknown" || row.invoice_id !== decision.invoice_id) return undefined;
    const before = { ...row };
    Object.assign(row, verdict);
    if (again && !(await this.insertRefund(again))) {
      Object.assign(row, before);
      throw new UniqueViolation("IDX_seqr_refund_key");
    }
    this.#addReceipt(row.refund_reference, row.finished_at, row.invoice_id, row.id);
    this.decisions.push({ ...decision, id: `seqrdec_${++this.#made}` });
    return { ...row };
  }

  async receiptsOf(invoiceIds: string[]): Promise<ReceiptRecord[]> {
    return this.receipts
      .filter(({ invoice_id }) => invoiceIds.includes(invoice_id))
      .map((row) => ({ ...row }));
  }

  async acquireDueReceipts({ now, until, limit, of, notOf }: DueReceiptRequest): Promise<ReceiptRecord[]> {
    const isOf = ({ invoice_id }: ReceiptRecord, terminals: readonly TerminalKey[]): boolean => {
      const invoice = this.#row(invoice_id);
      return invoice !== undefined && isMadeBy(invoice, terminals);
    };
    return this.receipts
      .filter(({ due_at }) => due_at !== null && due_at <= now)
      .filter((row) => (!of || isOf(row, of)) && !(notOf && isOf(row, notOf)))
      .sort((a, b) => Number(a.due_at) - Number(b.due_at))
      .slice(0, limit)
      .map((row) => ({ ...Object.assign(row, { due_at: until, attempts: row.attempts + 1 }) }));
  }

  async finishReceipt(id: string, outcome: ReceiptOutcome): Promise<ReceiptRecord | undefined> {
    const row = this.receipts.find((receipt) => receipt.id === id);
    const updated_at = this.clock.now();
    return row?.state === "pending" ? { ...Object.assign(row, outcome, { updated_at }) } : undefined;
  }

  async decisionsOf(invoiceIds: string[]): Promise<DecisionRecord[]> {
    return this.decisions
      .filter(({ invoice_id }) => invoiceIds.includes(invoice_id))
      .sort((a, b) => Number(a.decided_at) - Number(b.decided_at))
      .map((row) => ({ ...row }));
  }

  #entries(): AttentionEntry[] {
    return this.invoices.flatMap((row) => attentionOf(row, this.#refundsOf.get(row.id) ?? []));
  }

  #booksEntries(): BooksEntry[] {
    const { periods, items } = this.books;
    return [
      ...periods.flatMap(entriesOfPeriod),
      ...items.flatMap((item) => {
        const period = periods.find(({ id }) => id === item.period_id);
        return (period && entryOfItem(item, period)) ?? [];
      }),
    ];
  }

  /** A backup. */
  copy(): LedgerCopy {
    const { invoices, refunds, observations, decisions, receipts } = this;
    return structuredClone({ invoices, refunds, observations, decisions, receipts });
  }

  /** Everything is as it was when the copy was made; ids go on. */
  restore(copy: LedgerCopy): void {
    const { invoices, refunds, observations, decisions, receipts } = structuredClone(copy);
    this.invoices.splice(0, Infinity, ...invoices);
    this.refunds.splice(0, Infinity, ...refunds);
    this.observations.splice(0, Infinity, ...observations);
    this.decisions.splice(0, Infinity, ...decisions);
    this.receipts.splice(0, Infinity, ...receipts);
    for (const index of [this.#byId, this.#ofPurchase, this.#refundsOf, ...this.#unique.values()])
      index.clear();
    for (const row of invoices) {
      this.#byId.set(row.id, row);
      this.#ofPurchase.set(row.payment_collection_id, [...this.#purchase(row.payment_collection_id), row]);
      this.#write(row, {});
    }
    for (const row of refunds)
      this.#refundsOf.set(row.invoice_id, [...(this.#refundsOf.get(row.invoice_id) ?? []), row]);
  }

  /** As the statement that completes a payment or a refund does. */
  #addReceipt(
    reference: string | null,
    dueAt: Date | null,
    invoice_id: string,
    refund_id: string | null = null,
  ): void {
    if (
      reference === null ||
      this.receipts.some((one) => one.ers_reference === reference && one.invoice_id === invoice_id)
    )
      return;
    const now = this.clock.now();
    this.receipts.push({
      ...{ id: `seqrrec_${++this.#made}`, invoice_id, refund_id, ers_reference: reference },
      ...{ state: "pending", attempts: 0, due_at: dueAt ?? now, result: null, sent_at: null },
      ...{ created_at: now, updated_at: now },
    });
  }

  #row(id: string): InvoiceRecord | undefined {
    return this.#byId.get(id);
  }

  #purchase(paymentCollectionId: string): InvoiceRecord[] {
    return this.#ofPurchase.get(paymentCollectionId) ?? [];
  }

  #live(paymentCollectionId: string): InvoiceRecord | undefined {
    return this.#purchase(paymentCollectionId).find(({ state }) => isLive(state));
  }

  #payable(paymentCollectionId: string): InvoiceRecord | undefined {
    return this.#purchase(paymentCollectionId).find(({ state }) => isPayable(state));
  }

  #checkUnique(changed: InvoiceRecord): void {
    for (const [name, rows] of this.#unique) {
      const taken = rows.get(uniqueOf(changed, name));
      if (taken && taken.id !== changed.id) throw new UniqueViolation(`IDX_seqr_invoice_${name}`);
    }
  }

  #write(row: InvoiceRecord, patch: Partial<InvoiceRecord>): InvoiceRecord {
    const { problem, problem_about } = row;
    Object.assign(row, patch);
    if (row.problem !== problem || row.problem_about !== problem_about) row.problem_no += 1;
    for (const [name, rows] of this.#unique) {
      const value = uniqueOf(row, name);
      if (value !== null) rows.set(value, row);
    }
    return row;
  }
}

/** Orders entries of one moment: by what they are about, as PostgreSQL does. */
function placeOf(entry: AttentionEntry | BooksEntry): string {
  if ("invoice" in entry) return `1 ${entry.invoice.id} ${entry.kind}`;
  return `2 ${entry.period.id} ${entry.kind} ${String(entry.item?.number ?? 0).padStart(9, "0")}`;
}

/** What no other row has: a column, or a reference of SEQR's with the terminal. As in PostgreSQL, null is like no other null. */
function uniqueOf(row: InvoiceRecord, name: (typeof UNIQUE)[number]): string | null {
  const value = row[name];
  if (name !== "invoice_reference" && name !== "ers_reference") return value;
  return value === null || row.terminal === null ? null : `${value} ${row.terminal_id} ${row.terminal}`;
}

function copyOf(row: InvoiceRecord | undefined): InvoiceRecord | undefined {
  return row && { ...row };
}

/** A patch as the query builder takes it: what is undefined stays as it is. */
function defined<P extends InvoicePatch>(patch: P): P {
  const names = Object.keys(patch) as (keyof P)[];
  // A copy costs more than a look, and there is rarely anything to leave out.
  if (names.every((name) => patch[name] !== undefined)) return patch;
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as P;
}

function isMadeBy({ terminal, terminal_id }: InvoiceRecord, terminals: readonly TerminalKey[]): boolean {
  return terminals.some((one) => one.terminal === terminal && one.terminal_id === terminal_id);
}

function isFree({ lease_until }: InvoiceRecord, now: Date): boolean {
  return lease_until === null || lease_until <= now;
}

function lease(row: InvoiceRecord, { owner, until }: LeaseRequest): InvoiceRecord {
  return { ...Object.assign(row, { lease_owner: owner, lease_until: until, due_at: until }) };
}

/** A claim puts the due time at the lease's end, so an earlier one came afterwards. */
function wasHurried({ due_at, lease_until }: InvoiceRecord): boolean {
  return due_at !== null && lease_until !== null && due_at < lease_until;
}

function hasKey(refunds: RefundRecord[], key: string): boolean {
  return refunds.some(({ state, idempotency_key }) => state !== "refused" && idempotency_key === key);
}

function isUnfinished({ state }: RefundRecord): boolean {
  return state === "requested" || state === "unknown";
}
