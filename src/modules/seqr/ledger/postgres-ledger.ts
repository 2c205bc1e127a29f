import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { AttentionKind } from "../attention/attention-rules";
import { KIND, RANK } from "./attention-sql";
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
  type RefundRecord,
  type SeenInvoice,
  type TransitionPatch,
  type TokenKind,
} from "./ledger";
import { dueWhileViewed, madeBy, overdueOfOthers } from "./terminal-sql";
import { LIVE, UNFINISHED } from "../models/seqr-invoice";
import { acquireDueReceipts, finishReceipt, receiptsOf, withReceipt } from "./postgres-receipts";
import {
  INVOICE_STATES,
  LIVE_STATES,
  FINAL_STATES,
  statesBefore,
  type InvoiceState,
} from "../invoice/states";

const INVOICE = "seqr_invoice";
const REFUND = "seqr_refund";
const OBSERVATION = "seqr_observation";
const DECISION = "seqr_decision";
const PURCHASE_LOCK = "seqr_purchase_lock";

/** The ledger in PostgreSQL. Each method is one statement, or one transaction when it records a decision as well. */
export class PostgresLedger implements Ledger {
  constructor(private readonly db: Knex) {}

  async find(key: InvoiceKey): Promise<InvoiceRecord | undefined> {
    return this.#invoices().where(key).first<InvoiceRecord | undefined>();
  }

  async findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<InvoiceRecord[]> {
    return this.#invoices().whereIn(HASH_OF[kind], hashes).select<InvoiceRecord[]>("*");
  }

  async findLive(paymentCollectionId: string): Promise<InvoiceRecord | undefined> {
    return this.#invoices()
      .where({ payment_collection_id: paymentCollectionId })
      .whereIn("state", [...LIVE_STATES])
      .first<InvoiceRecord | undefined>();
  }

  async invoicesOf(paymentCollectionIds: string[]): Promise<InvoiceRecord[]> {
    return this.#invoices()
      .whereIn("payment_collection_id", paymentCollectionIds)
      .orderBy("created_at", "desc")
      .select<InvoiceRecord[]>("*");
  }

  async findLiveOfCart(cartId: string): Promise<InvoiceRecord | undefined> {
    return this.#invoices().where({ cart_id: cartId }).whereRaw(LIVE).first<InvoiceRecord | undefined>();
  }

  async placedWith(orderIds: string[]): Promise<InvoiceRecord[]> {
    return this.#invoices()
      .whereIn("order_id", orderIds)
      .whereIn("state", ["completed", "awaiting_capture"])
      .select<InvoiceRecord[]>("*");
  }

  async latestPaid(terminal: string, limit: number): Promise<InvoiceRecord[]> {
    return this.#invoices()
      .where({ terminal })
      .whereRaw("paid_at is not null and reserved_at is null")
      .orderBy("paid_at", "desc")
      .limit(limit)
      .select<InvoiceRecord[]>("*");
  }

  async findAll(ids: string[]): Promise<InvoiceRecord[]> {
    return this.#invoices().whereIn("id", ids).select<InvoiceRecord[]>("*");
  }

  async attentionRows({ limit, offset, kinds }: AttentionPage): Promise<AttentionRow[]> {
    return this.#entries()
      .modify((query) => void (kinds && query.whereIn("kind", [...kinds])))
      .orderByRaw(`${RANK}, since, invoice_id, kind`)
      .limit(limit)
      .offset(offset)
      .select<AttentionRow[]>("invoice_id", "kind");
  }

  async attentionCounts(): Promise<Map<AttentionKind, number>> {
    const rows = await this.#entries()
      .groupBy("kind")
      .select<{ kind: AttentionKind; count: number }[]>("kind", this.db.raw("count(*)::int as count"));
    return new Map(rows.map(({ kind, count }) => [kind, count]));
  }

  async insert(invoice: NewInvoice): Promise<InvoiceRecord | undefined> {
    const row = { ...invoice, id: generateEntityId(undefined, "seqrinv"), state: "sending" };
    return unlessTaken(
      this.db<InvoiceRecord>(INVOICE)
        .insert(row as Partial<InvoiceRecord>)
        .returning("*"),
      ["IDX_seqr_invoice_payable"],
    );
  }

  async transition(
    id: string,
    to: InvoiceState,
    patch: TransitionPatch,
    from: readonly InvoiceState[] = INVOICE_STATES,
  ): Promise<InvoiceRecord | undefined> {
    const change = this.#invoices()
      .where({ id })
      .whereIn(
        "state",
        statesBefore(to).filter((state) => from.includes(state)),
      )
      .update({ ...patch, state: to, updated_at: this.db.fn.now() })
      .returning<InvoiceRecord[]>("*");
    const [record] = await (to === "completed"
      ? withReceipt<InvoiceRecord>(this.db, change, "invoice", patch.state_since)
      : change);
    return record;
  }

  async update(id: string, patch: InvoicePatch, from: readonly InvoiceState[]): Promise<boolean> {
    const rows: number = await this.#invoices()
      .where({ id })
      .whereIn("state", [...from])
      .update({ ...patch, updated_at: this.db.fn.now() });
    return rows > 0;
  }

  async acquireDueLeases({ limit, states, of, ...request }: DueLeaseRequest): Promise<InvoiceRecord[]> {
    const due = this.#invoices()
      .select("id")
      .where("due_at", "<=", request.now)
      .modify((query) => void (states && query.whereIn("state", [...states])))
      .modify((query) => void (of && query.whereRaw(...madeBy(of))))
      .whereRaw("(lease_until is null or lease_until <= ?)", [request.now])
      .orderBy("due_at")
      .limit(limit)
      .forUpdate()
      .skipLocked();
    // Materialized: as a plain subquery it may run once per row of a join, and then takes more than the limit.
    return this.#invoices()
      .withMaterialized("due", due)
      .whereIn("id", this.db.select("id").from("due"))
      .update(leaseOf(request))
      .returning<InvoiceRecord[]>("*");
  }

  async recordProblemOfOthers(
    ...[known, problem, overdue]: Parameters<Ledger["recordProblemOfOthers"]>
  ): Promise<InvoiceRecord[]> {
    return this.#invoices()
      .modify(overdueOfOthers, known, problem, overdue)
      .update({ problem, updated_at: this.db.fn.now() })
      .returning<InvoiceRecord[]>("*");
  }

  async acquireLease(id: string, request: LeaseRequest): Promise<InvoiceRecord | undefined> {
    const [record] = await this.#invoices()
      .where({ id })
      .whereRaw("(lease_until is null or lease_until <= ?)", [request.now])
      .update(leaseOf(request))
      .returning<InvoiceRecord[]>("*");
    return record;
  }

  async extendLease(id: string, owner: string, until: Date): Promise<void> {
    await this.#invoices()
      .where({ id, lease_owner: owner })
      .update({
        lease_until: until,
        due_at: this.db.raw("case when due_at < lease_until then due_at else ? end", [until]),
      });
  }

  async releaseLease(id: string, owner: string, dueAt: Date | null): Promise<void> {
    await this.#invoices()
      .where({ id, lease_owner: owner })
      .update({
        lease_owner: null,
        lease_until: null,
        // Acquiring set due_at to the lease's end. An earlier value is a request to process the invoice sooner: it is kept.
        due_at: this.db.raw("case when due_at < lease_until then least(due_at, ?) else ? end", [
          dueAt,
          dueAt,
        ]),
      });
  }

  async scheduleNow(id: string, dueAt: Date): Promise<void> {
    await this.#invoices().where({ id }).where("due_at", ">", dueAt).update({ due_at: dueAt });
  }

  async recordPageViews(ids: string[], now: Date, due: DueWhileViewed): Promise<void> {
    await this.#invoices()
      .whereIn("id", ids)
      .where({ state: "open" })
      .update({ viewed_at: now, due_at: dueWhileViewed(this.db, due) });
  }

  async recordObservation(observation: Observation): Promise<void> {
    await this.db(OBSERVATION).insert({ ...observation, id: generateEntityId(undefined, "seqrobs") });
  }

  async deleteObservations(before: Date, limit: number): Promise<number> {
    const unfinished = this.#refunds()
      .whereRaw("state in ('requested', 'unknown')")
      .whereRaw("seqr_refund.invoice_id = invoice.id");
    const old = this.db({ seen: OBSERVATION, invoice: INVOICE })
      .select("seen.id")
      .whereRaw("invoice.id = seen.invoice_id and seen.deleted_at is null")
      .where("seen.observed_at", "<", before)
      .where("invoice.state_since", "<", before)
      .whereIn("invoice.state", [...FINAL_STATES])
      .whereRaw("(invoice.problem is null or invoice.state = 'not_issued') and invoice.due_at is null")
      .whereNotExists(unfinished)
      .orderBy("seen.observed_at")
      .limit(limit);
    // As an array: joined with them, PostgreSQL may read the whole table instead of its key.
    return this.db(OBSERVATION).whereRaw("id = any(array(?))", [old]).delete();
  }

  async observationsSince(invoiceIds: string[], since: Date): Promise<Observation[]> {
    return this.db<Observation>("seqr_observation")
      .whereIn("invoice_id", invoiceIds)
      .where("observed_at", ">=", since)
      .select(
        "invoice_id",
        "observed_at",
        "source",
        "operation",
        "status",
        "version",
        "ers_reference",
        "result",
      );
  }

  async refundsOf(invoiceId: string): Promise<RefundRecord[]> {
    return this.#refunds()
      .where({ invoice_id: invoiceId })
      .orderBy("requested_at")
      .select<RefundRecord[]>("*");
  }

  async refundsOfAll(invoiceIds: string[]): Promise<RefundRecord[]> {
    return this.#refunds()
      .whereIn("invoice_id", invoiceIds)
      .orderBy("requested_at")
      .select<RefundRecord[]>("*");
  }

  async refundKeys(keys: string[]): Promise<Set<string>> {
    const rows = await this.#refunds()
      .whereIn("idempotency_key", keys)
      .whereNot({ state: "refused" })
      .select<Pick<RefundRecord, "idempotency_key">[]>("idempotency_key");
    return new Set(rows.map(({ idempotency_key }) => idempotency_key));
  }

  async requestedRefunds(before: Date): Promise<RefundRecord[]> {
    return this.#refunds()
      .whereRaw("state = 'requested'")
      .where("requested_at", "<", before)
      .select<RefundRecord[]>("*");
  }

  async refundsMade(reason: string, from: Date, to: Date): Promise<RefundRecord[]> {
    return this.#refunds()
      .where({ state: "done", reason })
      .where("finished_at", ">=", from)
      .where("finished_at", "<", to)
      .select<RefundRecord[]>("*");
  }

  async insertRefund(refund: NewRefund): Promise<RefundRecord | undefined> {
    return unlessTaken(
      this.db<RefundRecord>(REFUND)
        .insert(requested(refund) as Partial<RefundRecord>)
        .returning("*"),
      ["IDX_seqr_refund_unfinished", "IDX_seqr_refund_key"],
    );
  }

  async finishRefund(
    id: string,
    state: "done" | "refused" | "unknown",
    patch: Pick<RefundRecord, "refund_reference" | "result" | "finished_at">,
  ): Promise<RefundRecord | undefined> {
    const change = this.#refunds()
      .where({ id })
      .whereIn("state", ["requested", "unknown"])
      .update({ ...patch, state, updated_at: this.db.fn.now() })
      .returning("*");
    const [record] = await withReceipt<RefundRecord>(this.db, change, "refund", patch.finished_at);
    return record;
  }

  async rekeyRefund(id: string, from: string, to: string, now: Date): Promise<RefundRecord | undefined> {
    return unlessTaken(
      this.#refunds()
        .where({ id, idempotency_key: from, state: "done" })
        .update({ idempotency_key: to, taken_over_at: now, updated_at: this.db.fn.now() })
        .returning<RefundRecord[]>("*"),
      ["IDX_seqr_refund_key"],
    );
  }

  async captureKeys(keys: string[]): Promise<Set<string>> {
    return new Set(await this.#invoices().whereIn("capture_key", keys).pluck<string[]>("capture_key"));
  }

  async rekeyCapture(id: string, from: string, to: string): Promise<boolean> {
    const rows: number = await this.#invoices()
      .where({ id, capture_key: from })
      .update({ capture_key: to, updated_at: this.db.fn.now() });
    return rows > 0;
  }

  async acquirePurchaseLock(id: string, { owner, now, until }: LeaseRequest): Promise<boolean> {
    const lock = { lease_owner: owner, lease_until: until };
    const rows = await this.db(PURCHASE_LOCK)
      .insert({ id, ...lock })
      .onConflict("id")
      .merge(lock)
      .whereRaw(`${PURCHASE_LOCK}.lease_owner = ? or ${PURCHASE_LOCK}.lease_until <= ?`, [owner, now])
      .returning("id");
    return rows.length > 0;
  }

  async releasePurchaseLock(id: string, owner: string): Promise<void> {
    await this.db(PURCHASE_LOCK).where({ id, lease_owner: owner }).delete();
  }

  async recordDecision(
    decision: NewDecision,
    seen: SeenInvoice,
    { to, patch, ofProblem }: DecisionEffect,
  ): Promise<InvoiceRecord | undefined> {
    if (to !== undefined && !statesBefore(to).includes(seen.state)) return undefined;
    return this.#deciding(decision, (db) =>
      db<InvoiceRecord>(INVOICE)
        .whereNull("deleted_at")
        .where({ id: seen.id, state: seen.state, ...(ofProblem && { problem_no: seen.problem_no }) })
        .whereRaw("date_trunc('milliseconds', state_since) = ?", [seen.state_since])
        .whereRaw("disputed_amount is not distinct from ?", [seen.disputed_amount])
        .update({ ...patch, ...(to && { state: to }), ...({ updated_at: db.fn.now() } as object) })
        .returning("*"),
    );
  }

  async resolveRefund(
    decision: NewDecision,
    refundId: string,
    resolution: ResolvedRefund,
    again?: NewRefund,
  ): Promise<RefundRecord | undefined> {
    return this.#deciding(decision, async (db) => {
      const change = db(REFUND)
        .whereNull("deleted_at")
        .where({ id: refundId, invoice_id: decision.invoice_id, state: "unknown" })
        .update({ ...resolution, updated_at: db.fn.now() })
        .returning("*");
      const resolved = await withReceipt<RefundRecord>(db, change, "refund", resolution.finished_at);
      if (resolved.length > 0 && again) await db(REFUND).insert(requested(again));
      return resolved;
    });
  }

  async decisionsOf(invoiceIds: string[]): Promise<DecisionRecord[]> {
    return this.db(DECISION)
      .whereNull("deleted_at")
      .whereIn("invoice_id", invoiceIds)
      .orderBy("decided_at")
      .select<DecisionRecord[]>("*");
  }

  receiptsOf(invoiceIds: string[]): Promise<ReceiptRecord[]> {
    return receiptsOf(this.db, invoiceIds);
  }

  acquireDueReceipts(request: DueReceiptRequest): Promise<ReceiptRecord[]> {
    return acquireDueReceipts(this.db, request);
  }

  finishReceipt(id: string, outcome: ReceiptOutcome): Promise<ReceiptRecord | undefined> {
    return finishReceipt(this.db, id, outcome);
  }

  /** Records a decision and its effect in one transaction. */
  #deciding<T>(
    decision: NewDecision,
    change: (db: Knex.Transaction) => PromiseLike<T[]>,
  ): Promise<T | undefined> {
    return this.db.transaction(async (transaction) => {
      const [changed] = await change(transaction);
      if (changed === undefined) return undefined;
      await transaction(DECISION).insert({ ...decision, id: generateEntityId(undefined, "seqrdec") });
      return changed;
    });
  }

  /** The attention list: two indexed halves, since as one condition neither index would be used. */
  #entries(): Knex.QueryBuilder {
    const { db } = this;
    const ofInvoices = this.#invoices()
      .whereRaw(UNFINISHED)
      .select("id as invoice_id", "state_since as since", db.raw(`${KIND} as kind`));
    const ofRefunds = this.#refunds()
      .whereRaw("state = 'unknown'")
      .select("invoice_id", db.raw("coalesce(finished_at, requested_at)"), db.raw("'refund_unknown'"));
    return db.from(ofInvoices.unionAll([ofRefunds]).as("entries"));
  }

  #invoices(): Knex.QueryBuilder {
    return this.db(INVOICE).whereNull("deleted_at");
  }

  #refunds(): Knex.QueryBuilder {
    return this.db(REFUND).whereNull("deleted_at");
  }
}

function requested(refund: NewRefund): NewRefund & Pick<RefundRecord, "id" | "state"> {
  return { ...refund, id: generateEntityId(undefined, "seqrref"), state: "requested" };
}

/** The invoice is due when the lease ends, so that another process takes over after a crash. */
function leaseOf({
  owner,
  until,
}: LeaseRequest): Pick<InvoiceRecord, "lease_owner" | "lease_until" | "due_at"> {
  return { lease_owner: owner, lease_until: until, due_at: until };
}

/** The written row, or undefined when one of these unique indexes forbids it. */
async function unlessTaken<T>(write: PromiseLike<T[]>, indexes: string[]): Promise<T | undefined> {
  try {
    return (await write)[0];
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (constraint !== undefined && indexes.includes(constraint)) return undefined;
    throw error;
  }
}
