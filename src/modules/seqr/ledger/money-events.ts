import type { InvoiceRecord, ReceiptRecord, RefundRecord } from "./ledger";
import type { ErrorCode } from "../../../errors/error-codes";
import { STATE_TABLE, type EventDescription } from "../invoice/state-table";
import type { InvoiceState, ReceiptState, RefundState } from "../invoice/states";

/** Something that happened to a payment, a refund or a receipt. It is logged, and emitted on Medusa's event bus under its name. */
export interface MoneyEvent {
  name: EventDescription[0];
  level: EventDescription[1];
  data: MoneyEventData;
}

/** Identifiers and amounts; never a token, a password, or anything about the payer. */
export interface MoneyEventData {
  invoice_id: string;
  invoice_reference: string | null;
  ers_reference: string | null;
  payment_collection_id: string;
  session_id: string;
  cart_id: string | null;
  order_id: string | null;
  /** Decimal string: of the invoice, or of the refund. */
  amount: string;
  /** ISO 4217, capitals. */
  currency_code: string;
  state: InvoiceState | RefundState | ReceiptState;
  /** Why, where there is a reason to tell. */
  reason: string | null;
  /** Code of what stands in the way, if something does. */
  problem: string | null;
  refund_id?: string;
  refund_reference?: string | null;
  receipt_id?: string;
}

/** Events of a refund that comes to an end, or to no certain one; null for none. */
export const REFUND_EVENTS: Record<RefundState, EventDescription | null> = {
  requested: null,
  done: ["seqr.refund.made", "info"],
  refused: ["seqr.refund.refused", "warn"],
  unknown: ["seqr.refund.unknown", "error"],
};

/** The event of a receipt that SEQR refused. Others have none: a receipt moves no money. */
export const RECEIPT_REFUSED: EventDescription = ["seqr.receipt.refused", "warn"];

/** Events of problems that are recorded with an invoice. Other problems have none. */
export const PROBLEM_EVENTS: Partial<Record<ErrorCode, EventDescription>> = {
  SEQR_ORDER_ABANDONED: ["seqr.order.canceled", "warn"],
  SEQR_REFUND_NOT_MADE: ["seqr.refund.missing", "error"],
  SEQR_REFUNDED_ELSEWHERE: ["seqr.refund.elsewhere", "error"],
  SEQR_CAPTURE_FAILED: ["seqr.capture.failed", "error"],
  SEQR_RESERVATION_LAPSES: ["seqr.reservation.lapses_soon", "warn"],
};

/** SEQR reversed a payment that it had announced. */
const REVERSED: EventDescription = ["seqr.payment.reversed", "warn"];

/** Whether an event is emitted when this problem is recorded. */
export function hasEvent(code: string | null | undefined): code is ErrorCode {
  return Object.hasOwn(PROBLEM_EVENTS, code ?? "");
}

/** The event of an invoice's problem, if it has one. */
export function problemEvent(invoice: InvoiceRecord): MoneyEvent | undefined {
  return hasEvent(invoice.problem) ? eventOf(PROBLEM_EVENTS[invoice.problem], dataOf(invoice)) : undefined;
}

/** The event of an invoice that has entered its state, if the state has one. */
export function invoiceEvent(invoice: InvoiceRecord): MoneyEvent | undefined {
  const isReversed = invoice.reason === "reversed" && invoice.state === "canceled";
  return eventOf(isReversed ? REVERSED : STATE_TABLE[invoice.state].event, dataOf(invoice));
}

/** The event of a refund that has entered its state, if the state has one. */
export function refundEvent(invoice: InvoiceRecord, refund: RefundRecord): MoneyEvent | undefined {
  const { amount, state, reason, result, refund_reference } = refund;
  const problem = result === "0" ? null : result;
  const ofRefund = { amount, state, reason, problem, refund_id: refund.id, refund_reference };
  return eventOf(REFUND_EVENTS[state], { ...dataOf(invoice), ...ofRefund });
}

/** The event of a receipt that SEQR refused. */
export function receiptEvent(invoice: InvoiceRecord, receipt: ReceiptRecord): MoneyEvent {
  const { id: receipt_id, ers_reference, state, result: problem, refund_id } = receipt;
  const ofReceipt = { ers_reference, state, reason: null, problem, receipt_id };
  const [name, level] = RECEIPT_REFUSED;
  return { name, level, data: { ...dataOf(invoice), ...ofReceipt, ...(refund_id && { refund_id }) } };
}

function eventOf(
  description: EventDescription | null | undefined,
  data: MoneyEventData,
): MoneyEvent | undefined {
  return description ? { name: description[0], level: description[1], data } : undefined;
}

/** The log line of an event: `seqr event=payment.received invoice_id=… amount=100.00 …`. Empty fields are left out. */
export function moneyLine({ name, data }: { name: string; data: object }): string {
  const fields = Object.entries(data as Record<string, unknown>).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return [
    `seqr event=${name.slice("seqr.".length)}`,
    ...fields.map(([key, value]) => `${key}=${inOneWord(String(value))}`),
  ].join(" ");
}

/** Replaces white space and line breaks: SEQR's references must not begin a field or a line of their own. */
function inOneWord(value: string): string {
  return value.replace(/[^\x21-\x7e]+/g, "_");
}

function dataOf(invoice: InvoiceRecord): MoneyEventData {
  const { id, invoice_reference, ers_reference, payment_collection_id, session_id, cart_id, order_id } =
    invoice;
  const { amount, currency_code, state, reason, problem } = invoice;
  return {
    invoice_id: id,
    ...{ invoice_reference, ers_reference, payment_collection_id, session_id, cart_id, order_id },
    ...{ amount, currency_code, state, reason, problem },
  };
}
