import type { AdminSeqrRefundDetails } from "../http-types";
import { orderNumbersOf } from "../medusa/exported-orders";
import { refundRecordsOf } from "../medusa/payment-records";
import type { DecisionRecord, InvoiceRecord, ReceiptRecord, RefundRecord } from "../modules/seqr/public";
import { numberOf } from "./payment-rows";
import type { PaymentsContext } from "./payments-context";

/** The reason of a refund that a member of staff has decided in the attention list. */
const BY_STAFF = "staff";

/** Writes refunds as the admin API lists them, with who made them: with one statement or query for each kind of row, however many there are. */
export async function refundDetails(
  context: Pick<PaymentsContext, "seqr" | "query" | "actorNames">,
  refunds: readonly RefundRecord[],
): Promise<AdminSeqrRefundDetails[]> {
  if (refunds.length === 0) return [];
  const { ledger } = context.seqr;
  const ids = [...new Set(refunds.map(({ invoice_id }) => invoice_id))];
  const decided = refunds.filter(({ reason }) => reason === BY_STAFF).map(({ invoice_id }) => invoice_id);
  const invoices = new Map((await ledger.findAll(ids)).map((invoice) => [invoice.id, invoice]));
  const receipts = await ledger.receiptsOf(ids);
  const decisions = decided.length > 0 ? await ledger.decisionsOf([...new Set(decided)]) : [];
  const records = await refundRecordsOf(
    context.query,
    refunds.map(({ idempotency_key }) => idempotency_key),
  );
  const actorIds = new Map(
    refunds.map((refund) => [
      refund.id,
      records.get(refund.idempotency_key)?.created_by ?? deciderOf(refund, decisions),
    ]),
  );
  const names = await context.actorNames([...actorIds.values()]);
  const orderIds = [...invoices.values()].flatMap(({ order_id }) => order_id ?? []);
  const numbers = await orderNumbersOf(context.query, [...new Set(orderIds)]);
  return refunds.map((refund) => {
    const invoice = invoices.get(refund.invoice_id);
    return {
      ...written(refund, invoice, receipts),
      note: records.get(refund.idempotency_key)?.note ?? null,
      actor: names.get(actorIds.get(refund.id) ?? "") ?? null,
      order_display_id: numberOf(numbers, invoice?.order_id ?? null),
    };
  });
}

function written(
  refund: RefundRecord,
  invoice: InvoiceRecord | undefined,
  receipts: readonly ReceiptRecord[],
): Omit<AdminSeqrRefundDetails, "note" | "actor" | "order_display_id"> {
  const { id, invoice_id, amount, currency_code, state, reason, refund_reference, result } = refund;
  return {
    ...{ id, invoice_id, amount, currency_code, state, reason, refund_reference, result },
    requested_at: refund.requested_at.toISOString(),
    finished_at: refund.finished_at?.toISOString() ?? null,
    ers_reference: invoice?.ers_reference ?? null,
    order_id: invoice?.order_id ?? null,
    receipt_state: receipts.find(({ refund_id }) => refund_id === id)?.state ?? null,
  };
}

/** Who has decided that the plugin refunds: the last decision before the refund. */
function deciderOf(refund: RefundRecord, decisions: readonly DecisionRecord[]): string | null {
  if (refund.reason !== BY_STAFF) return null;
  const made = decisions.filter(
    ({ invoice_id, action, decided_at }) =>
      invoice_id === refund.invoice_id && action === "refund" && decided_at <= refund.requested_at,
  );
  return made.at(-1)?.actor_id ?? null;
}
