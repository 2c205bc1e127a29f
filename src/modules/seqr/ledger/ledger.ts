import type { InferEntityType } from "@medusajs/framework/types";
import type { AttentionKind } from "../attention/attention-rules";
import type { EndReason, InvoiceState, RefundState } from "../invoice/states";
import type { SeqrDecision } from "../models/seqr-decision";
import type { SeqrInvoice } from "../models/seqr-invoice";
import type { SeqrObservation } from "../models/seqr-observation";
import type { SeqrRefund } from "../models/seqr-refund";

/** The columns of a model that the ledger's callers use. Medusa's type adds a `raw_` field to numbers that may be empty. */
type Row<Model> = Omit<InferEntityType<Model>, "updated_at" | "deleted_at" | `raw_${string}`>;

/** One row of the invoice table. */
export type InvoiceRecord = Omit<Row<typeof SeqrInvoice>, "reason"> & { reason: EndReason | null };

/** The fields of an invoice with which it is recorded before it is sent. */
export type NewInvoice = Pick<
  InvoiceRecord,
  | "session_id"
  | "payment_collection_id"
  | "cart_id"
  | "token_hash"
  | "notification_token_hash"
  | "terminal_id"
  | "client_invoice_id"
  | "amount"
  | "currency_code"
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

/** What a step writes beside the state. */
export type TransitionPatch = InvoicePatch & Pick<InvoiceRecord, "state_since">;

/** Something that was learned about an invoice, or could not be learned. */
export type Observation = Omit<Row<typeof SeqrObservation>, "id" | "created_at">;

/** One row of the refund table. */
export type RefundRecord = Omit<Row<typeof SeqrRefund>, "created_at">;

/** What staff decided about a payment: never changed, never deleted. */
export type DecisionRecord = Omit<Row<typeof SeqrDecision>, "created_at">;

/** A decision that is about to be recorded. */
export type NewDecision = Omit<DecisionRecord, "id">;

/** How an invoice was when somebody decided about it. */
export type SeenInvoice = Pick<
  InvoiceRecord,
  "id" | "state" | "state_since" | "problem" | "problem_no" | "disputed_amount"
>;

/** What a decision does to its invoice: a step, or a change of the rest. */
export interface DecisionEffect {
  to?: InvoiceState;
  patch: InvoicePatch;
  /** Whether it is about the problem as well, and not only about the state. */
  ofProblem: boolean;
}

/** One line of the attention list. */
export interface AttentionRow {
  invoice_id: string;
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

/** The truth about SEQR's money. Every change is one statement that holds or does not: nobody waits, nobody overwrites. */
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
  /** The invoices with which these orders were paid. */
  completedWith(orderIds: string[]): Promise<InvoiceRecord[]>;
  /** The newest payments, whatever became of them. */
  latestPaid(limit: number): Promise<InvoiceRecord[]>;
  findAll(ids: string[]): Promise<InvoiceRecord[]>;
  /**
   * Money that is being worked on, problems, and refunds of unknown outcome: what needs a person first, then what passes
   * by itself, then what only wants to be seen; oldest first.
   */
  attentionRows(page: AttentionPage): Promise<AttentionRow[]>;
  /** How many of each kind there are. */
  attentionCounts(): Promise<Map<AttentionKind, number>>;
  /** Writes the intent to send; undefined when the purchase has a payable invoice. */
  insert(invoice: NewInvoice): Promise<InvoiceRecord | undefined>;
  /**
   * Takes a declared step; undefined when the invoice is in no state from which it can be taken.
   *
   * @param from only from these states; left out, from all that the table declares
   */
  transition(
    id: string,
    to: InvoiceState,
    patch: TransitionPatch,
    from?: readonly InvoiceState[],
  ): Promise<InvoiceRecord | undefined>;
  /**
   * Changes fields beside the state. A caller says for which states its change was meant, so that an answer that comes
   * late never writes over an invoice that has moved on.
   *
   * @param from the states in which the change is made
   * @returns whether the invoice was in one of them
   */
  update(id: string, patch: InvoicePatch, from: readonly InvoiceState[]): Promise<boolean>;
  /**
   * Takes up to `limit` due invoices that nobody works on, most overdue first.
   *
   * @param claim.states only in these states; left out, in all
   */
  acquireDueLeases(claim: DueLeaseRequest): Promise<InvoiceRecord[]>;
  /** Takes one invoice; undefined when somebody works on it. */
  acquireLease(id: string, claim: LeaseRequest): Promise<InvoiceRecord | undefined>;
  /** Prolongs a claim. */
  extendLease(id: string, owner: string, until: Date): Promise<void>;
  /** Gives an invoice back, and says when it is due again. */
  releaseLease(id: string, owner: string, dueAt: Date | null): Promise<void>;
  /** Brings the due time forward; never puts it off. */
  scheduleNow(id: string, dueAt: Date): Promise<void>;
  /**
   * Notes that payment pages are open on these invoices, as far as they are open themselves.
   *
   * @param dueAt when those are due at the latest that could be read of late
   */
  recordPageViews(ids: string[], now: Date, dueAt: Date): Promise<void>;
  recordObservation(observation: Observation): Promise<void>;
  /** What was observed of these invoices since then, in any order. */
  observationsSince(invoiceIds: string[], since: Date): Promise<Observation[]>;
  /**
   * Deletes what was observed before a moment, oldest first, of invoices that were over by then: nothing is due about
   * them, nothing about them needs attention, and none of their refunds is unfinished.
   *
   * @param limit the most that are deleted
   * @returns how many were
   */
  deleteObservations(before: Date, limit: number): Promise<number>;
  refundsOf(invoiceId: string): Promise<RefundRecord[]>;
  /** The refunds of these invoices, each invoice's in the order in which they were asked for. */
  refundsOfAll(invoiceIds: string[]): Promise<RefundRecord[]>;
  /** Which of these keys a refund has that was not refused. */
  refundKeys(keys: string[]): Promise<Set<string>>;
  /** Refunds that were asked for before a moment and have no outcome yet. */
  requestedRefunds(before: Date): Promise<RefundRecord[]>;
  /** Refunds with this reason that were made in a time. */
  refundsMade(reason: string, from: Date, to: Date): Promise<RefundRecord[]>;
  /**
   * Writes the intent to refund; undefined when another refund of the invoice is unfinished, or has the same key and was
   * not refused.
   */
  insertRefund(refund: NewRefund): Promise<RefundRecord | undefined>;
  finishRefund(
    id: string,
    state: Exclude<RefundState, "requested">,
    patch: Pick<RefundRecord, "refund_reference" | "result" | "finished_at">,
  ): Promise<RefundRecord | undefined>;
  /** Gives a refund that was made another key; undefined when it has a different one by now, or the key is taken. */
  rekeyRefund(id: string, from: string, to: string, now: Date): Promise<RefundRecord | undefined>;
  /** Takes a purchase for starting a payment, or keeps it; false while somebody else has it. */
  acquirePurchaseLock(paymentCollectionId: string, claim: LeaseRequest): Promise<boolean>;
  /** Gives a purchase back. */
  releasePurchaseLock(paymentCollectionId: string, owner: string): Promise<void>;
  /**
   * Does to an invoice what a person decided, and writes the decision down: both or neither, and only while the invoice is
   * as it was seen.
   *
   * @returns undefined when it is not any more
   */
  recordDecision(
    decision: NewDecision,
    seen: SeenInvoice,
    change: DecisionEffect & { patch: Partial<TransitionPatch> },
  ): Promise<InvoiceRecord | undefined>;
  /**
   * Ends a refund of unknown outcome by a person's word, and writes the decision down: both or neither.
   *
   * @param again the intent to make it again, written with the verdict
   * @returns undefined when its outcome is not unknown any more
   */
  resolveRefund(
    decision: NewDecision,
    refundId: string,
    verdict: ResolvedRefund,
    again?: NewRefund,
  ): Promise<RefundRecord | undefined>;
  /** Oldest first. */
  decisionsOf(invoiceIds: string[]): Promise<DecisionRecord[]>;
}

/** What a person says became of a refund. */
export type ResolvedRefund = Pick<RefundRecord, "refund_reference" | "result" | "finished_at"> & {
  state: "done" | "refused";
};

export interface LeaseRequest {
  owner: string;
  now: Date;
  until: Date;
}

export interface DueLeaseRequest extends LeaseRequest {
  limit: number;
  states?: readonly InvoiceState[];
}
