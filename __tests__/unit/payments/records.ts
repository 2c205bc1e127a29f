import type { InvoiceRecord, RefundRecord } from "../../../src/modules/seqr/ledger/ledger";
import { at } from "../modules/ledger-contract";

/** An invoice of a test, which is completed unless it is said otherwise. */
export function invoice(id: string, more: Partial<InvoiceRecord> = {}): InvoiceRecord {
  return {
    ...{ id, session_id: `payses_${id}`, payment_collection_id: `pay_col_${id}`, cart_id: `cart_${id}` },
    ...{ order_id: null, token_hash: `token ${id}`, notification_token_hash: `notification ${id}` },
    ...{ terminal: "seqr", terminal_id: "terminal", client_invoice_id: id, invoice_reference: null },
    ...{ ers_reference: null, qr_code: null, amount: "100.00", pending_amount: null, currency_code: "SEK" },
    ...{ reservation_time: null, reserved_amount: null, reserved_at: null, reserved_until: null },
    ...{ capture_amount: null, capture_key: null, state: "completed", state_since: at(3), reason: null },
    ...{ version: 1, expires_at: at(300), observed_at: null, notified_at: null, viewed_at: null },
    ...{ paid_at: null, completed_at: null, due_at: null, lease_owner: null, lease_until: null },
    ...{ attempts: 0, problem: null, problem_no: 0, problem_about: null, disputed_reference: null },
    ...{ disputed_amount: null, created_at: at(0) },
    ...more,
  };
}

/** A refund of a test, which SEQR has made unless it is said otherwise. */
export function refund(id: string, invoice_id: string, more: Partial<RefundRecord> = {}): RefundRecord {
  return {
    ...{ id, invoice_id, idempotency_key: `ref_${id}`, amount: "10.00", currency_code: "SEK", state: "done" },
    ...{ reason: "medusa", refund_reference: null, result: "0", requested_at: at(10), finished_at: at(11) },
    ...{ taken_over_at: null },
    ...more,
  };
}
