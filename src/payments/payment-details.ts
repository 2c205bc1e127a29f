import { attentionItemsOf } from "../attention/attention-list";
import { seqrError } from "../errors/error-codes";
import type { AdminSeqrPaymentDetails } from "../http-types";
import { orderNumbersOf } from "../medusa/exported-orders";
import { capturesOfSession, orderPlacedAt } from "../medusa/payment-records";
import type { InvoiceRecord } from "../modules/seqr/public";
import { numberOf, paymentRow } from "./payment-rows";
import { timelineOf } from "./payment-timeline";
import type { PaymentsContext } from "./payments-context";
import { refundDetails } from "./refund-details";

/** Answers of SEQR that the timeline has at most: the last ones. */
const ANSWERS = 500;

/** What an id can consist of. PostgreSQL takes no other text for sure. */
const ID = /^[\w.-]{1,200}$/;

/**
 * Gives a payment with everything that happened to it.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_INVOICE
 */
export async function paymentDetails(context: PaymentsContext, id: string): Promise<AdminSeqrPaymentDetails> {
  const { ledger } = context.seqr;
  const invoice = ID.test(id) ? await ledger.find({ id }) : undefined;
  if (!invoice) throw seqrError("SEQR_NO_SUCH_INVOICE");
  const { query, reader } = context;
  const { order_id } = invoice;
  const refunds = await ledger.refundsOf(id);
  const [details, observations, receipts, decisions, captures, placedAt, numbers, attention_items] =
    await Promise.all([
      refundDetails(context, refunds),
      reader.latestObservations(id, ANSWERS),
      ledger.receiptsOf([id]),
      ledger.decisionsOf([id]),
      capturesOfSession(query, invoice.session_id),
      order_id === null ? undefined : orderPlacedAt(query, order_id),
      orderNumbersOf(query, order_id === null ? [] : [order_id]),
      attentionItemsOf(context, id),
    ]);
  const names = await context.actorNames([
    ...decisions.map(({ actor_id }) => actor_id),
    ...captures.map(({ created_by }) => created_by),
  ]);
  return {
    ...paymentRow(invoice, refunds, numberOf(numbers, order_id)),
    ...moments(invoice),
    reserved_amount: invoice.reserved_amount,
    disputed_amount: invoice.disputed_amount,
    receipt_state: receipts.find(({ refund_id }) => refund_id === null)?.state ?? null,
    refunds: details,
    timeline: timelineOf({
      ...{ invoice, observations, refunds: details, receipts, decisions, captures, names },
      orderPlacedAt: placedAt,
    }),
    attention_items,
  };
}

function moments({
  reserved_until,
  expires_at,
  completed_at,
  due_at,
}: InvoiceRecord): Pick<
  AdminSeqrPaymentDetails,
  "reserved_until" | "expires_at" | "completed_at" | "due_at"
> {
  return {
    reserved_until: reserved_until?.toISOString() ?? null,
    expires_at: expires_at.toISOString(),
    completed_at: completed_at?.toISOString() ?? null,
    due_at: due_at?.toISOString() ?? null,
  };
}
