import type { ErrorCode } from "../errors/error-codes";
import { kindOf, NEED_OF, type EndReason, type InvoiceRecord } from "../modules/seqr/public";
import { compare } from "../seqr";
import type { Completion } from "./classify-completion-error";
import type { Purchase, StoreOrder } from "./store-port";

// Decisions of the engine that need nothing but what is known already.

const AMOUNT_DIFFERS: ErrorCode = "SEQR_AMOUNT_DIFFERS";
const SESSION_GONE: EndReason = "session_gone";

/** A completion that was not tried, because the payment session is gone. */
export const COMPLETION_WITHOUT_SESSION: Completion = {
  outcome: "impossible",
  message: "the payment session is gone",
  code: SESSION_GONE,
};

/** Why an order needs no payment, if it needs none. */
export function whyNoPaymentNeeded({ outstanding, isCanceled }: StoreOrder): EndReason | undefined {
  if (isCanceled) return "order_canceled";
  return compare(outstanding, "0") <= 0 ? "nothing_owed" : undefined;
}

/**
 * Why an extra payment (a payment that was started for an existing order) does not fit that order, if it does not. The payment
 * collection may ask for a part of what is outstanding.
 */
export function whyExtraPaymentMisfits(
  { amount }: InvoiceRecord,
  { amount: amountDue, isCanceled }: Purchase,
  order: StoreOrder,
): EndReason | undefined {
  const reason = whyNoPaymentNeeded(order);
  if (reason) return reason;
  if (isCanceled) return "nothing_owed";
  const { outstanding } = order;
  return amountDue === amount && compare(amount, outstanding) <= 0 ? undefined : "amount_differs";
}

/** Why a payment ends without an order, when its cart cannot become one. */
export function reasonOf({ code }: Exclude<Completion, { outcome: "order" }>): EndReason {
  if (code === SESSION_GONE) return "session_gone";
  return code === AMOUNT_DIFFERS ? "amount_differs" : "order_impossible";
}

/** The problem of an order whose total is not what was paid. */
export function orderTotalMismatch(invoice: InvoiceRecord, total: string): ErrorCode | null {
  return total === invoice.amount ? null : "SEQR_ORDER_TOTAL_DIFFERS";
}

/** Whether staff have to decide about the invoice. */
export function isListedForStaff(invoice: InvoiceRecord): boolean {
  const kind = kindOf(invoice);
  return kind !== undefined && NEED_OF[kind] === "person";
}
