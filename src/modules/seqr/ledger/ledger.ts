import type { AttentionKind } from "../attention/attention-rules";
import type { EndReason, InvoiceState, RefundState } from "../invoice/states";

/** One row of the invoice table. */
export interface InvoiceRecord {
  id: string;
  session_id: string;
  payment_collection_id: string;
  cart_id: string | null;
  order_id: string | null;
  token_hash: string;
  notification_token_hash: string;
  terminal_id: string;
  client_invoice_id: string;
  invoice_reference: string | null;
  ers_reference: string | null;
  qr_code: string | null;
  /** Decimal string. */
  amount: string;
  /** The sum of a change of which nobody knows whether SEQR took it; decimal string. */
  pending_amount: string | null;
  /** ISO 4217, capitals. */
  currency_code: string;
  state: InvoiceState;
  /** When it came into this state. */
  state_since: Date;
  reason: EndReason | null;
  version: number;
  expires_at: Date;
  observed_at: Date | null;
  notified_at: Date | null;
  viewed_at: Date | null;
  paid_at: Date | null;
  completed_at: Date | null;
  due_at: Date | null;
  lease_owner: string | null;
  lease_until: Date | null;
  attempts: number;
  problem: string | null;
  /** Counts the changes of `problem`: the same code noted again is another matter. Kept by the ledger itself. */
  problem_no: number;
  /** What the problem is about where it is not the payment as a whole: Medusa's id of a refund. */
  problem_about: string | null;
  /** SEQR's reference of a payment over another sum than any that was asked for; nothing is done with it. */
  disputed_reference: string | null;
  /** What SEQR says that it took, in the invoice's currency; decimal string. Null when it names another currency. */
  disputed_amount: string | null;
  created_at: Date;
}

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
export type Step = InvoicePatch & Pick<InvoiceRecord, "state_since">;

export interface Observation {
  invoice_id: string;
  observed_at: Date;
  source: string;
  operation: string;
  status: string | null;
  version: number | null;
  /** SEQR's reference of the payment, when the answer had one. */
  ers_reference: string | null;
  result: string;
}

/** One row of the refund table. */
export interface RefundRecord {
  id: string;
  invoice_id: string;
  idempotency_key: string;
  amount: string;
  currency_code: string;
  state: RefundState;
  reason: string;
  refund_reference: string | null;
  result: string | null;
  requested_at: Date;
  finished_at: Date | null;
  /** When it was given the key of a record of Medusa that was written after SEQR had made it. */
  taken_over_at: Date | null;
}

/** What a person decided about money that needed one: never changed, never deleted. */
export interface DecisionRecord {
  id: string;
  invoice_id: string;
  /** What it was about: a kind of the attention list. */
  kind: string;
  /** Which of that kind: what the entry's id ends with. Of a refund, the refund's id. */
  subject: string;
  action: string;
  /** Medusa's id of the member of staff. */
  actor_id: string;
  reason: string;
  decided_at: Date;
}

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
    patch: Step,
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
    change: DecisionEffect & { patch: Partial<Step> },
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
