import type { InferEntityType } from "@medusajs/framework/types";
import type { AttentionKind } from "../attention/attention-rules";
import type { EndReason, InvoiceState, RefundState } from "../invoice/states";
import type { SeqrDecision } from "../models/seqr-decision";
import type { SeqrInvoice } from "../models/seqr-invoice";
import type { SeqrObservation } from "../models/seqr-observation";
import type { SeqrReceipt } from "../models/seqr-receipt";
import type { SeqrRefund } from "../models/seqr-refund";

/** The columns of a model that the ledger's callers use. Medusa's type adds a `raw_` field to numbers that may be empty. */
type Row<Model> = Omit<InferEntityType<Model>, "updated_at" | "deleted_at" | `raw_${string}`>;

/** One row of the invoice table. */
export type InvoiceRecord = Omit<Row<typeof SeqrInvoice>, "reason"> & { reason: EndReason | null };

/** Which terminal made an invoice. */
export type TerminalKey = Pick<InvoiceRecord, "terminal" | "terminal_id">;

/** The fields of an invoice with which it is recorded before it is sent. */
export type NewInvoice = Pick<
  InvoiceRecord,
  | "session_id"
  | "payment_collection_id"
  | "cart_id"
  | "token_hash"
  | "notification_token_hash"
  | "terminal"
  | "terminal_id"
  | "client_invoice_id"
  | "amount"
  | "currency_code"
  | "reservation_time"
  | "state_since"
  | "expires_at"
  | "due_at"
>;

/** What may change beside the state. */
export type InvoicePatch = Partial<
  Omit<
    InvoiceRecord,
    | "id"
    | "state"
    | "state_since"
    | "session_id"
    | "token_hash"
    | "notification_token_hash"
    | "problem_no"
    | "created_at"
  >
>;

/** What a transition writes beside the state. */
export type TransitionPatch = InvoicePatch & Pick<InvoiceRecord, "state_since">;

/** Something that was learned about an invoice, or could not be learned. */
export type Observation = Omit<Row<typeof SeqrObservation>, "id" | "created_at">;

/** One row of the refund table. */
export type RefundRecord = Omit<Row<typeof SeqrRefund>, "created_at">;

/** One row of the receipt table. */
export type ReceiptRecord = Row<typeof SeqrReceipt> & { updated_at: Date };

/** What came of a try to send a receipt. While it is `pending`, `due_at` says when it is tried again. */
export type ReceiptOutcome = Pick<ReceiptRecord, "state" | "due_at" | "result"> &
  Partial<Pick<ReceiptRecord, "sent_at">>;

/** What staff decided about a payment: never changed, never deleted. */
export type DecisionRecord = Omit<Row<typeof SeqrDecision>, "created_at" | "period_id" | "invoice_id"> & {
  invoice_id: string;
};

/** A decision that is about to be recorded. */
export type NewDecision = Omit<DecisionRecord, "id">;

/** The fields of an invoice on which a decision was based. */
export type SeenInvoice = Pick<
  InvoiceRecord,
  "id" | "state" | "state_since" | "problem" | "problem_no" | "disputed_amount"
>;

/** What a decision changes of its invoice: a transition, or other fields. */
export interface DecisionEffect {
  to?: InvoiceState;
  patch: InvoicePatch;
  /** Whether the decision depends on the problem as well, and not only on the state. */
  ofProblem: boolean;
}

/** One line of the attention list. */
export interface AttentionRow {
  /** The payment that it is about; null when it is about a transaction period. */
  invoice_id: string | null;
  period_id: string | null;
  /** The item of the period's reconciliation that it is about, if it is about one. */
  item_id: string | null;
  kind: AttentionKind;
}

/** A part of the attention list. */
export interface AttentionPage {
  limit: number;
  offset: number;
  /** Only these kinds; left out, all. */
  kinds?: readonly AttentionKind[];
}

export type NewRefund = Pick<
  RefundRecord,
  "invoice_id" | "idempotency_key" | "amount" | "currency_code" | "reason" | "requested_at"
>;

/** The two tokens of an invoice: one for the shopper, one for SEQR's notification. */
export type TokenKind = "shopper" | "notification";

/** Where the hash of each kind of token is kept. */
export const HASH_OF = {
  shopper: "token_hash",
  notification: "notification_token_hash",
} as const satisfies Record<TokenKind, keyof InvoiceRecord>;

/** How an invoice is looked up. */
export type InvoiceKey =
  | { id: string }
  | { session_id: string }
  | { token_hash: string }
  | { notification_token_hash: string }
  | { invoice_reference: string };

/** Stores what SEQR was asked and answered. Every change is one statement that succeeds or does not: without waiting or overwriting. */
export interface Ledger {
  find(key: InvoiceKey): Promise<InvoiceRecord | undefined>;
  /** The invoices with one of these token hashes. */
  findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<InvoiceRecord[]>;
  /** The live invoice of a purchase, if there is one. */
  findLive(paymentCollectionId: string): Promise<InvoiceRecord | undefined>;
  /** The live invoice of a cart, if there is one. */
  findLiveOfCart(cartId: string): Promise<InvoiceRecord | undefined>;
  /** All invoices of these purchases, newest first. */
  invoicesOf(paymentCollectionIds: string[]): Promise<InvoiceRecord[]>;
  /** The invoices with which these orders were placed: that paid them, or whose reservation waits for its capture. */
  placedWith(orderIds: string[]): Promise<InvoiceRecord[]>;
  /** The newest payments of a terminal that were charged at once, whatever became of them. */
  latestPaid(terminal: string, limit: number): Promise<InvoiceRecord[]>;
  findAll(ids: string[]): Promise<InvoiceRecord[]>;
  /**
   * Reads a page of the attention list: unresolved payments, problems, refunds of unknown outcome, and the books. First what staff have to
   * decide, then what passes automatically, then what staff only acknowledge; oldest first.
   */
  attentionRows(page: AttentionPage): Promise<AttentionRow[]>;
  /** How many of each kind there are. */
  attentionCounts(): Promise<Map<AttentionKind, number>>;
  /** Records the intent to send an invoice; undefined when the purchase has a payable one. */
  insert(invoice: NewInvoice): Promise<InvoiceRecord | undefined>;
  /**
   * Takes a transition; undefined when the invoice is in no state from which it is possible. With the transition to `completed`
   * the payment's receipt is recorded, or neither is.
   *
   * @param from only from these states; left out, from all that the table of states allows
   */
  transition(
    id: string,
    to: InvoiceState,
    patch: TransitionPatch,
    from?: readonly InvoiceState[],
  ): Promise<InvoiceRecord | undefined>;
  /**
   * Changes fields beside the state. A caller names the states that its change is meant for, so that a late answer never
   * overwrites an invoice that has moved on.
   *
   * @param from the states in which the change is made
   * @returns whether the invoice was in one of them
   */
  update(id: string, patch: InvoicePatch, from: readonly InvoiceState[]): Promise<boolean>;
  /**
   * Acquires the leases of up to `limit` due invoices whose lease is free, most overdue first.
   *
   * @param request.states only in these states; left out, in all
   * @param request.of only those that one of these terminals made; left out, all
   */
  acquireDueLeases(request: DueLeaseRequest): Promise<InvoiceRecord[]>;
  /**
   * Records a problem of the invoices that no terminal of these made, that are due since before a moment and whose lease is
   * free: once for each.
   *
   * @returns those that did not have it before
   */
  recordProblemOfOthers(
    known: readonly TerminalKey[],
    problem: string,
    overdue: OverdueInvoices,
  ): Promise<InvoiceRecord[]>;
  /** Clears a problem of the invoices that one of these terminals made, and makes due at once what waits for its time. */
  clearProblemOf(known: readonly TerminalKey[], problem: string, now: Date): Promise<void>;
  /** Acquires the lease of one invoice; undefined when it is not free. */
  acquireLease(id: string, request: LeaseRequest): Promise<InvoiceRecord | undefined>;
  /** Extends a lease. */
  extendLease(id: string, owner: string, until: Date): Promise<void>;
  /** Releases a lease, and sets when the invoice is due. */
  releaseLease(id: string, owner: string, dueAt: Date | null): Promise<void>;
  /** Makes an invoice due sooner; never later. */
  scheduleNow(id: string, dueAt: Date): Promise<void>;
  /**
   * Records that payment pages are open on these invoices, if the invoices are open.
   *
   * @param due when an invoice whose last poll succeeded is due at the latest
   */
  recordPageViews(ids: string[], now: Date, due: DueWhileViewed): Promise<void>;
  recordObservation(observation: Observation): Promise<void>;
  /** What was observed of these invoices since then, in any order. */
  observationsSince(invoiceIds: string[], since: Date): Promise<Observation[]>;
  /**
   * Deletes observations that are older than a moment, oldest first, of invoices that had ended by then: those that are not due,
   * need no attention, and have no unfinished refund.
   *
   * @param limit the most that are deleted
   * @returns how many were
   */
  deleteObservations(before: Date, limit: number): Promise<number>;
  refundsOf(invoiceId: string): Promise<RefundRecord[]>;
  /** The refunds of these invoices, each invoice's in the order of their requests. */
  refundsOfAll(invoiceIds: string[]): Promise<RefundRecord[]>;
  /** Which of these keys a refund has that was not refused. */
  refundKeys(keys: string[]): Promise<Set<string>>;
  /** Refunds that were requested before a moment and have no outcome yet. */
  requestedRefunds(before: Date): Promise<RefundRecord[]>;
  /** Refunds with this reason that were made in a period. */
  refundsMade(reason: string, from: Date, to: Date): Promise<RefundRecord[]>;
  /**
   * Records the intent to refund; undefined when another refund of the invoice is unfinished, or has the same key and was
   * not refused.
   */
  insertRefund(refund: NewRefund): Promise<RefundRecord | undefined>;
  /** Records the outcome of a refund. With the reference of a refund that was made its receipt is recorded, or neither is. */
  finishRefund(
    id: string,
    state: Exclude<RefundState, "requested">,
    patch: Pick<RefundRecord, "refund_reference" | "result" | "finished_at">,
  ): Promise<RefundRecord | undefined>;
  /** Gives a refund that was made another key; undefined when it has a different one by now, or the key is taken. */
  rekeyRefund(id: string, from: string, to: string, now: Date): Promise<RefundRecord | undefined>;
  /** The receipts of these invoices and of their refunds, oldest first. */
  receiptsOf(invoiceIds: string[]): Promise<ReceiptRecord[]>;
  /**
   * Takes up to `limit` receipts that have to be sent. Each is due again at `until`, should the process crash before that.
   *
   * @param request.of only of invoices that one of these terminals made; left out, of all
   * @param request.notOf only of invoices that none of these terminals made
   */
  acquireDueReceipts(request: DueReceiptRequest): Promise<ReceiptRecord[]>;
  /** Records what came of a try; undefined when the receipt is not pending any more. */
  finishReceipt(id: string, outcome: ReceiptOutcome): Promise<ReceiptRecord | undefined>;
  /** Which of Medusa's captures, by their ids, invoices were committed with, or are being. */
  captureKeys(keys: string[]): Promise<Set<string>>;
  /** Assigns the capture that SEQR made to another capture of Medusa; false when it has a different one by now. */
  rekeyCapture(id: string, from: string, to: string): Promise<boolean>;
  /** Acquires or extends the lock of a purchase; false while another process has it. */
  acquirePurchaseLock(paymentCollectionId: string, request: LeaseRequest): Promise<boolean>;
  /** Releases the lock of a purchase. */
  releasePurchaseLock(paymentCollectionId: string, owner: string): Promise<void>;
  /**
   * Changes an invoice as staff have decided, and records the decision: both or neither, and only while the invoice is as staff
   * have seen it.
   *
   * @returns undefined when it is not any more
   */
  recordDecision(
    decision: NewDecision,
    seen: SeenInvoice,
    change: DecisionEffect & { patch: Partial<TransitionPatch> },
  ): Promise<InvoiceRecord | undefined>;
  /**
   * Resolves a refund of unknown outcome as staff have decided, and records the decision: both or neither.
   *
   * @param again the intent to make it again, recorded with the resolution
   * @returns undefined when its outcome is not unknown any more
   */
  resolveRefund(
    decision: NewDecision,
    refundId: string,
    resolution: ResolvedRefund,
    again?: NewRefund,
  ): Promise<RefundRecord | undefined>;
  /** Oldest first. */
  decisionsOf(invoiceIds: string[]): Promise<DecisionRecord[]>;
}

/** The outcome of a refund as staff say it. */
export type ResolvedRefund = Pick<RefundRecord, "refund_reference" | "result" | "finished_at"> & {
  state: "done" | "refused";
};

export interface LeaseRequest {
  owner: string;
  now: Date;
  until: Date;
}

export interface DueReceiptRequest {
  now: Date;
  until: Date;
  limit: number;
  of?: readonly TerminalKey[];
  notOf?: readonly TerminalKey[];
}

export interface DueLeaseRequest extends LeaseRequest {
  limit: number;
  states?: readonly InvoiceState[];
  of?: readonly TerminalKey[];
}

/** Invoices that no process works on. */
export interface OverdueInvoices {
  now: Date;
  /** Due since before this moment. */
  before: Date;
  states: readonly InvoiceState[];
}

/** When an open invoice is due while a payment page is open on it. */
export interface DueWhileViewed {
  dueAt: Date;
  /** Names of the terminals about which SEQR's notifications arrive reliably, and when an invoice of theirs is due. */
  notified: readonly string[];
  notifiedDueAt: Date;
}
