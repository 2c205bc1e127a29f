import type { InvoiceState, RefundState } from "../invoice/states";
import type { InvoiceRecord, Observation, RefundRecord } from "../ledger/ledger";

/** Which payments; each condition that is left out lets all pass. */
export interface PaymentFilter {
  state?: readonly InvoiceState[] | undefined;
  /** Names of terminals. */
  terminal?: readonly string[] | undefined;
  /** ISO 4217, capitals. */
  currency_code?: readonly string[] | undefined;
  /** Made from this moment on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
  has_problem?: boolean | undefined;
  /** Only these invoices. */
  ids?: readonly string[] | undefined;
}

/** The order of a list by the time at which the payment was made. Of one time, the id decides. */
export type Direction = "newest" | "oldest";

/** Which part of a list. */
export interface PartOf {
  limit: number;
  offset: number;
}

/** A part of a list that may be very long. */
export interface Part<Record> {
  records: Record[];
  /** How many there are, counted to COUNTED_FURTHER behind the part. */
  count: number;
  /** Whether there are more than were counted. */
  has_more: boolean;
}

/** How many rows behind a part of a list are counted. */
export const COUNTED_FURTHER = 1_000;

/** Where a reading of many payments goes on: after this one. */
export interface PaymentCursor {
  /** As PostgreSQL writes it: a Date has no microseconds. */
  created_at: string;
  id: string;
}

/** What payments can be found by. All of it is compared as a whole. */
export interface PaymentKeys {
  /** An id or a reference of whatever kind: of invoice, session, payment collection, cart, order or refund, or one of SEQR's. */
  reference?: string;
  session_ids?: readonly string[];
  payment_collection_ids?: readonly string[];
  cart_ids?: readonly string[];
  order_ids?: readonly string[];
}

/** Which refunds. */
export interface RefundFilter {
  state?: readonly RefundState[] | undefined;
  /** Requested from this moment on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Only these refunds. */
  ids?: readonly string[] | undefined;
  /** Only refunds of these invoices. */
  invoice_ids?: readonly string[] | undefined;
}

/** Reads payments and refunds for lists, however many there are. */
export interface PaymentReader {
  listPayments(filter: PaymentFilter, direction: Direction, part: PartOf): Promise<Part<InvoiceRecord>>;
  /**
   * Reads the next payments after one, for exports that read them all.
   *
   * @returns `next` is undefined after the last ones
   */
  paymentsAfter(
    filter: PaymentFilter,
    direction: Direction,
    limit: number,
    after: PaymentCursor | undefined,
  ): Promise<{ records: InvoiceRecord[]; next: PaymentCursor | undefined }>;
  /** The ids of the payments that have one of these keys, newest first. @param limit the most that are found */
  findPayments(keys: PaymentKeys, limit: number): Promise<string[]>;
  /** Refunds of unknown outcome first, and newest first within both. */
  listRefunds(filter: RefundFilter, part: PartOf): Promise<Part<RefundRecord>>;
  /** The ids of the refunds with this id, this reference at SEQR, or this id in Medusa. */
  findRefunds(reference: string): Promise<string[]>;
  /** What was observed last of an invoice, oldest first. @param limit the most that are read */
  latestObservations(invoiceId: string, limit: number): Promise<(Observation & { id: string })[]>;
}
