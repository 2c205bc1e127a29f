import { fromHundredths, toHundredths } from "../../../seqr";
import { STATE_TABLE } from "../invoice/state-table";
import type { InvoiceRecord, RefundRecord } from "../ledger/ledger";
import { REQUESTED_BY_MEDUSA } from "../operations/refund/refund-invoice";
import type { Candidate, LedgerTransaction } from "./reconciliation-store";

/** What of an invoice says what SEQR has charged. */
export type ChargedInvoice = Pick<
  InvoiceRecord,
  | "id"
  | "terminal"
  | "terminal_id"
  | "session_id"
  | "order_id"
  | "amount"
  | "currency_code"
  | "state"
  | "state_since"
  | "paid_at"
  | "ers_reference"
  | "disputed_reference"
  | "disputed_amount"
>;

/** What of a refund says what SEQR has refunded. */
export type MadeRefund = Pick<
  RefundRecord,
  "id" | "amount" | "reason" | "idempotency_key" | "refund_reference" | "requested_at" | "finished_at"
>;

/** The payment of an invoice under SEQR's reference. */
export function paymentOf(invoice: ChargedInvoice): LedgerTransaction {
  const { charged } = STATE_TABLE[invoice.state];
  return {
    ...ofInvoice(invoice),
    kind: "payment",
    ers_reference: invoice.ers_reference,
    amount: invoice.amount,
    occurred_at: invoice.paid_at ?? invoice.state_since,
    standing: charged === "no" ? "given_back" : "charged",
    is_recorded: charged === "recorded",
    refund_id: null,
    medusa_refund_id: null,
  };
}

/** The payment that a contradicting answer of SEQR named. */
export function disputedPaymentOf(invoice: ChargedInvoice): LedgerTransaction {
  return {
    ...paymentOf(invoice),
    ers_reference: invoice.disputed_reference,
    amount: invoice.disputed_amount ?? invoice.amount,
    standing: "disputed",
    is_recorded: false,
  };
}

/** A refund that SEQR has made. */
export function refundOf(refund: MadeRefund, invoice: ChargedInvoice): LedgerTransaction {
  const isOfMedusa = refund.reason === REQUESTED_BY_MEDUSA;
  return {
    ...ofInvoice(invoice),
    kind: "refund",
    ers_reference: refund.refund_reference,
    amount: negative(refund.amount),
    occurred_at: refund.finished_at ?? refund.requested_at,
    standing: "charged",
    is_recorded: isOfMedusa,
    refund_id: refund.id,
    medusa_refund_id: isOfMedusa ? refund.idempotency_key : null,
  };
}

/** A refund without a reference. */
export function refundCandidateOf(refund: MadeRefund, invoice: ChargedInvoice): Candidate {
  return { ...candidate(invoice), id: refund.id, kind: "refund", amount: negative(refund.amount) };
}

/** A payment that SEQR has reversed. */
export function paymentCandidateOf(invoice: ChargedInvoice): Candidate {
  return { ...candidate(invoice), id: invoice.id, kind: "payment", amount: invoice.amount };
}

function candidate({ terminal_id, currency_code, id, order_id }: ChargedInvoice) {
  return { terminal_id, currency_code, invoice_id: id, order_id };
}

function ofInvoice({ id, terminal, terminal_id, currency_code, session_id, order_id }: ChargedInvoice) {
  return { terminal, terminal_id, currency_code, invoice_id: id, session_id, order_id };
}

function negative(amount: string): string {
  return fromHundredths(-toHundredths(amount));
}
