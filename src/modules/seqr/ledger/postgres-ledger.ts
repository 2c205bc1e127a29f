import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { AttentionKind } from "../attention/attention-rules";
import { INVOICE_STATES, LIVE_STATES, statesBefore, type InvoiceState } from "../invoice/states";
import { LIVE } from "../models/seqr-invoice";
import {
  HASH_OF,
  type AttentionPage,
  type AttentionRow,
  type DecisionRecord,
  type DueLeaseRequest,
  type DueReceiptRequest,
  type DueWhileViewed,
  type InvoiceKey,
  type InvoicePatch,
  type InvoiceRecord,
  type LeaseRequest,
  type Ledger,
  type NewInvoice,
  type NewRefund,
  type Observation,
  type ReceiptOutcome,
  type ReceiptRecord,
  type RefundRecord,
  type TokenKind,
  type TransitionPatch,
} from "./ledger";
import * as attention from "./postgres-attention";
import * as decisions from "./postgres-decisions";
import * as leases from "./postgres-leases";
import * as observations from "./postgres-observations";
import * as receipts from "./postgres-receipts";
import * as refunds from "./postgres-refunds";
import { INVOICE, invoices, unlessTaken } from "./postgres-tables";
import { dueWhileViewed, madeBy, overdueOfOthers } from "./terminal-sql";

/**
 * The ledger in PostgreSQL. Each method is one statement, or one transaction when it records a decision as well. Queries of invoices
 * are here; refunds, leases and each other concept have a file of their own.
 */
export class PostgresLedger implements Ledger {
  constructor(private readonly db: Knex) {}

  async find(key: InvoiceKey): Promise<InvoiceRecord | undefined> {
    return invoices(this.db).where(key).first<InvoiceRecord | undefined>();
  }

  async findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<InvoiceRecord[]> {
    return invoices(this.db).whereIn(HASH_OF[kind], hashes).select<InvoiceRecord[]>("*");
  }

  async findLive(paymentCollectionId: string): Promise<InvoiceRecord | undefined> {
    return invoices(this.db)
      .where({ payment_collection_id: paymentCollectionId })
      .whereIn("state", [...LIVE_STATES])
      .first<InvoiceRecord | undefined>();
  }

  async invoicesOf(paymentCollectionIds: string[]): Promise<InvoiceRecord[]> {
    return invoices(this.db)
      .whereIn("payment_collection_id", paymentCollectionIds)
      .orderBy("created_at", "desc")
      .select<InvoiceRecord[]>("*");
  }

  async findLiveOfCart(cartId: string): Promise<InvoiceRecord | undefined> {
    return invoices(this.db).where({ cart_id: cartId }).whereRaw(LIVE).first<InvoiceRecord | undefined>();
  }

  async placedWith(orderIds: string[]): Promise<InvoiceRecord[]> {
    return invoices(this.db)
      .whereIn("order_id", orderIds)
      .whereIn("state", ["completed", "awaiting_capture"])
      .select<InvoiceRecord[]>("*");
  }

  async latestPaid(terminal: string, limit: number): Promise<InvoiceRecord[]> {
    return invoices(this.db)
      .where({ terminal })
      .whereRaw("paid_at is not null and reserved_at is null")
      .orderBy("paid_at", "desc")
      .limit(limit)
      .select<InvoiceRecord[]>("*");
  }

  async findAll(ids: string[]): Promise<InvoiceRecord[]> {
    return invoices(this.db).whereIn("id", ids).select<InvoiceRecord[]>("*");
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
    const change = invoices(this.db)
      .where({ id })
      .whereIn(
        "state",
        statesBefore(to).filter((state) => from.includes(state)),
      )
      .update({ ...patch, state: to, updated_at: this.db.fn.now() })
      .returning<InvoiceRecord[]>("*");
    const [record] = await (to === "completed"
      ? receipts.withReceipt<InvoiceRecord>(this.db, change, "invoice", patch.state_since)
      : change);
    return record;
  }

  async update(id: string, patch: InvoicePatch, from: readonly InvoiceState[]): Promise<boolean> {
    const rows: number = await invoices(this.db)
      .where({ id })
      .whereIn("state", [...from])
      .update({ ...patch, updated_at: this.db.fn.now() });
    return rows > 0;
  }

  async recordProblemOfOthers(
    ...[known, problem, overdue]: Parameters<Ledger["recordProblemOfOthers"]>
  ): Promise<InvoiceRecord[]> {
    return invoices(this.db)
      .modify(overdueOfOthers, known, problem, overdue)
      .update({ problem, updated_at: this.db.fn.now() })
      .returning<InvoiceRecord[]>("*");
  }

  async clearProblemOf(...[known, problem, now]: Parameters<Ledger["clearProblemOf"]>): Promise<void> {
    // Unlike other functions, least() leaves null out.
    const due_at = this.db.raw("case when due_at is not null then least(due_at, ?) end", [now]);
    await invoices(this.db)
      .where({ problem })
      .whereRaw(...madeBy(known))
      .update({ problem: null, due_at, updated_at: this.db.fn.now() });
  }

  async scheduleNow(id: string, dueAt: Date): Promise<void> {
    await invoices(this.db).where({ id }).where("due_at", ">", dueAt).update({ due_at: dueAt });
  }

  async recordPageViews(ids: string[], now: Date, due: DueWhileViewed): Promise<void> {
    await invoices(this.db)
      .whereIn("id", ids)
      .where({ state: "open" })
      .update({ viewed_at: now, due_at: dueWhileViewed(this.db, due) });
  }

  async captureKeys(keys: string[]): Promise<Set<string>> {
    return new Set(await invoices(this.db).whereIn("capture_key", keys).pluck<string[]>("capture_key"));
  }

  async rekeyCapture(id: string, from: string, to: string): Promise<boolean> {
    const rows: number = await invoices(this.db)
      .where({ id, capture_key: from })
      .update({ capture_key: to, updated_at: this.db.fn.now() });
    return rows > 0;
  }

  attentionRows(page: AttentionPage): Promise<AttentionRow[]> {
    return attention.attentionRows(this.db, page);
  }

  attentionCounts(): Promise<Map<AttentionKind, number>> {
    return attention.attentionCounts(this.db);
  }

  acquireDueLeases(request: DueLeaseRequest): Promise<InvoiceRecord[]> {
    return leases.acquireDueLeases(this.db, request);
  }

  acquireLease(id: string, request: LeaseRequest): Promise<InvoiceRecord | undefined> {
    return leases.acquireLease(this.db, id, request);
  }

  extendLease(id: string, owner: string, until: Date): Promise<void> {
    return leases.extendLease(this.db, id, owner, until);
  }

  releaseLease(id: string, owner: string, dueAt: Date | null): Promise<void> {
    return leases.releaseLease(this.db, id, owner, dueAt);
  }

  acquirePurchaseLock(id: string, request: LeaseRequest): Promise<boolean> {
    return leases.acquirePurchaseLock(this.db, id, request);
  }

  releasePurchaseLock(id: string, owner: string): Promise<void> {
    return leases.releasePurchaseLock(this.db, id, owner);
  }

  recordObservation(observation: Observation): Promise<void> {
    return observations.recordObservation(this.db, observation);
  }

  deleteObservations(before: Date, limit: number): Promise<number> {
    return observations.deleteObservations(this.db, before, limit);
  }

  observationsSince(invoiceIds: string[], since: Date): Promise<Observation[]> {
    return observations.observationsSince(this.db, invoiceIds, since);
  }

  refundsOf(invoiceId: string): Promise<RefundRecord[]> {
    return refunds.refundsOf(this.db, invoiceId);
  }

  refundsOfAll(invoiceIds: string[]): Promise<RefundRecord[]> {
    return refunds.refundsOfAll(this.db, invoiceIds);
  }

  refundKeys(keys: string[]): Promise<Set<string>> {
    return refunds.refundKeys(this.db, keys);
  }

  requestedRefunds(before: Date): Promise<RefundRecord[]> {
    return refunds.requestedRefunds(this.db, before);
  }

  refundsMade(reason: string, from: Date, to: Date): Promise<RefundRecord[]> {
    return refunds.refundsMade(this.db, reason, from, to);
  }

  insertRefund(refund: NewRefund): Promise<RefundRecord | undefined> {
    return refunds.insertRefund(this.db, refund);
  }

  finishRefund(...outcome: Parameters<Ledger["finishRefund"]>): Promise<RefundRecord | undefined> {
    return refunds.finishRefund(this.db, ...outcome);
  }

  rekeyRefund(id: string, from: string, to: string, now: Date): Promise<RefundRecord | undefined> {
    return refunds.rekeyRefund(this.db, id, from, to, now);
  }

  receiptsOf(invoiceIds: string[]): Promise<ReceiptRecord[]> {
    return receipts.receiptsOf(this.db, invoiceIds);
  }

  acquireDueReceipts(request: DueReceiptRequest): Promise<ReceiptRecord[]> {
    return receipts.acquireDueReceipts(this.db, request);
  }

  finishReceipt(id: string, outcome: ReceiptOutcome): Promise<ReceiptRecord | undefined> {
    return receipts.finishReceipt(this.db, id, outcome);
  }

  decisionsOf(invoiceIds: string[]): Promise<DecisionRecord[]> {
    return decisions.decisionsOf(this.db, invoiceIds);
  }

  recordDecision(...decision: Parameters<Ledger["recordDecision"]>): Promise<InvoiceRecord | undefined> {
    return decisions.recordDecision(this.db, ...decision);
  }

  resolveRefund(...decision: Parameters<Ledger["resolveRefund"]>): Promise<RefundRecord | undefined> {
    return decisions.resolveRefund(this.db, ...decision);
  }
}
