import type { AdminSeqrPaymentStatus } from "../http-types";
import {
  attentionOf,
  isOfReservation,
  STATE_TABLE,
  type InvoiceRecord,
  type RefundRecord,
} from "../modules/seqr/public";
import { compare, fromHundredths, subtract, sum, toHundredths } from "../seqr";

/** The money of a payment; decimal strings. */
export interface PaymentMoney {
  /** What SEQR has charged, as far as the ledger knows. */
  charged: string;
  /** What SEQR has refunded, without refunds of unknown outcome. */
  refunded: string;
  /** What is left of both. */
  net: string;
}

/** Works out what was charged and refunded. @param refunds of the payment */
export function moneyOf(invoice: InvoiceRecord, refunds: readonly RefundRecord[]): PaymentMoney {
  const charged = isCharged(invoice) ? fromHundredths(toHundredths(invoice.amount)) : "0.00";
  const refunded = sum(refunds.filter(({ state }) => state === "done").map(({ amount }) => amount));
  return { charged, refunded, net: subtract(charged, refunded) };
}

/** Works out how a payment stands: first whether a person has to decide, then by its money. @param refunds of the payment */
export function statusOf(invoice: InvoiceRecord, refunds: readonly RefundRecord[]): AdminSeqrPaymentStatus {
  if (attentionOf(invoice, refunds).some(({ needs }) => needs === "person")) return "attention";
  const { charged, refunded, net } = moneyOf(invoice, refunds);
  if (compare(charged, "0") > 0) {
    if (compare(refunded, "0") === 0) return "paid";
    return compare(net, "0") > 0 ? "partially_refunded" : "refunded";
  }
  if (STATE_TABLE[invoice.state].progress === "final") return "ended";
  return isOfReservation(invoice.state) ? "reserved" : "pending";
}

function isCharged({ state, ers_reference }: InvoiceRecord): boolean {
  const { charged } = STATE_TABLE[state];
  return charged === "referenced" ? ers_reference !== null : charged !== "no";
}
