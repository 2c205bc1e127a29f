import type { InvoiceRecord, RefundRecord } from "./ledger";
import type { ErrorCode } from "../../../errors/error-codes";
import type { InvoiceState, RefundState } from "../invoice/states";

/** How loudly something is said. */
export type Level = "info" | "warn" | "error";

/** Something that happened to money. It is logged, and emitted on Medusa's event bus under its name. */
export interface MoneyEvent {
  name: `seqr.${string}`;
  level: Level;
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
  state: InvoiceState | RefundState;
  /** Why, where there is a reason to tell. */
  reason: string | null;
  /** Code of what stands in the way, if something does. */
  problem: string | null;
  refund_id?: string;
  refund_reference?: string | null;
}

type Said = readonly [name: `seqr.${string}`, level: Level];

/** What is said when an invoice comes into a state. */
export const INVOICE_EVENTS: Partial<Record<InvoiceState, Said>> = {
  open: ["seqr.invoice.opened", "info"],
  canceling: ["seqr.invoice.cancel_unknown", "warn"],
  unacknowledged: ["seqr.payment.unacknowledged", "warn"],
  paid: ["seqr.payment.received", "info"],
  captured: ["seqr.payment.captured", "info"],
  completed: ["seqr.payment.completed", "info"],
  refund_due: ["seqr.payment.refund_due", "warn"],
  refunding: ["seqr.payment.refunding", "warn"],
  refunded: ["seqr.payment.refunded", "info"],
  closed_by_staff: ["seqr.payment.closed_by_staff", "warn"],
  canceled: ["seqr.invoice.canceled", "info"],
  expired: ["seqr.invoice.expired", "info"],
  failed: ["seqr.invoice.failed", "info"],
};

/** What is said when a refund comes to an end, or to no certain one. */
export const REFUND_EVENTS: Partial<Record<RefundState, Said>> = {
  done: ["seqr.refund.made", "info"],
  refused: ["seqr.refund.refused", "warn"],
  unknown: ["seqr.refund.unknown", "error"],
};

/** What is said when one of these problems is noted with an invoice. */
export const PROBLEM_EVENTS: Partial<Record<ErrorCode, Said>> = {
  SEQR_ORDER_ABANDONED: ["seqr.order.canceled", "warn"],
  SEQR_REFUND_NOT_MADE: ["seqr.refund.missing", "error"],
  SEQR_REFUNDED_ELSEWHERE: ["seqr.refund.elsewhere", "error"],
};

/** SEQR took a payment back of which we had been told. */
const REVERSED: Said = ["seqr.payment.reversed", "warn"];

/** Whether a problem is one that is told of when it is noted. */
export function isTold(code: string | null | undefined): code is ErrorCode {
  return Object.hasOwn(PROBLEM_EVENTS, code ?? "");
}

export function problemEvent(invoice: InvoiceRecord): MoneyEvent | undefined {
  const said = isTold(invoice.problem) ? PROBLEM_EVENTS[invoice.problem] : undefined;
  return said && { name: said[0], level: said[1], data: dataOf(invoice) };
}

export function invoiceEvent(invoice: InvoiceRecord): MoneyEvent | undefined {
  const isReversed = invoice.reason === "reversed" && invoice.state === "canceled";
  const said = isReversed ? REVERSED : INVOICE_EVENTS[invoice.state];
  return said && { name: said[0], level: said[1], data: dataOf(invoice) };
}

export function refundEvent(invoice: InvoiceRecord, refund: RefundRecord): MoneyEvent | undefined {
  const said = REFUND_EVENTS[refund.state];
  const { amount, state, reason, result, refund_reference } = refund;
  const problem = result === "0" ? null : result;
  const data = { amount, state, reason, problem, refund_id: refund.id, refund_reference };
  return said && { name: said[0], level: said[1], data: { ...dataOf(invoice), ...data } };
}

/** One line for the log: `seqr event=payment.received invoice_id=… amount=100.00 …`. What is empty is left out. */
export function moneyLine({ name, data }: MoneyEvent): string {
  const fields = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  return [
    `seqr event=${name.slice("seqr.".length)}`,
    ...fields.map(([key, value]) => `${key}=${inOneWord(String(value))}`),
  ].join(" ");
}

/** References are SEQR's words: none of them may begin a field or a line of its own. */
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
