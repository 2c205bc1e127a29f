import { compare, SeqrError, SeqrResultError, subtract, sum } from "../../../seqr";
import type { SeqrContext } from "../context";
import type { InvoiceRecord, RefundRecord } from "../ledger";
import { problem, toMedusaError } from "../problems";

/** What a refund is made from. */
export interface RefundInput {
  /** Decimal string. */
  amount: string;
  /** Medusa's refund id, or our own word when Medusa has no refund. */
  idempotencyKey: string;
  /** Why, for the ledger and for SEQR's bill. */
  reason: string;
}

/** A refund that was asked for so long ago that its process must have died before it could write the outcome. */
const ABANDONED_AFTER = 180_000;
/** Code 98: the sum of the refunds would exceed the payment. */
const SUM_EXCEEDED = 98;

/**
 * Gives money back at SEQR, exactly once. The intent is written first; while the outcome of one refund is not known,
 * there is no other. A refund of all that is left may be repeated after a lost answer, since SEQR refuses a second
 * one with 98; any other may not (PROTOCOL 4.8).
 *
 * @throws {MedusaError} SEQR_NOT_PAID, SEQR_REFUND_TOO_HIGH, SEQR_REFUND_RUNNING, SEQR_REFUND_UNKNOWN, or the client's
 * code when SEQR refused
 */
export async function refundInvoice(
  context: SeqrContext,
  invoice: InvoiceRecord,
  input: RefundInput,
): Promise<RefundRecord> {
  const { ledger, clock, logger } = context;
  const { ers_reference } = invoice;
  if (ers_reference === null) throw problem("SEQR_NOT_PAID", `The invoice is ${invoice.state}.`);
  if (compare(input.amount, "0") <= 0) throw problem("SEQR_AMOUNT", `It is ${input.amount}.`);

  const earlier = await ledger.refundsOf(invoice.id);
  const rest = subtract(
    invoice.amount,
    sum(earlier.filter(({ state }) => state === "done").map(({ amount }) => amount)),
  );
  await refuseWhileUnfinished(context, earlier);
  if (compare(input.amount, rest) > 0)
    throw problem("SEQR_REFUND_TOO_HIGH", `${rest} ${invoice.currency_code} is left.`);

  const refund = await ledger.insertRefund({
    invoice_id: invoice.id,
    idempotency_key: input.idempotencyKey,
    amount: input.amount,
    currency_code: invoice.currency_code,
    reason: input.reason,
    requested_at: clock.now(),
  });
  if (!refund) throw problem("SEQR_REFUND_RUNNING");

  const takesAll = compare(input.amount, rest) === 0;
  try {
    const reference = await refundAtSeqr(context, ers_reference, invoice, input, takesAll);
    const done = await finish(context, refund, "done", "0", reference);
    logger.info(`seqr: ${input.amount} ${invoice.currency_code} of payment ${ers_reference} is refunded`);
    if (takesAll)
      await ledger.transition(invoice.id, "returned", {
        state_since: clock.now(),
        due_at: null,
        problem: null,
      });
    return done;
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    await finish(context, refund, error.outcome, error.code);
    logger.error(`seqr: the refund of payment ${ers_reference} is ${error.outcome} (${error.code})`);
    throw error.outcome === "unknown" ? problem("SEQR_REFUND_UNKNOWN", error.message) : toMedusaError(error);
  }
}

async function refuseWhileUnfinished({ ledger, clock }: SeqrContext, earlier: RefundRecord[]): Promise<void> {
  for (const refund of earlier) {
    const what = `Refund of ${refund.amount} ${refund.currency_code}, asked for at ${refund.requested_at.toISOString()}.`;
    if (refund.state === "unknown") throw problem("SEQR_REFUND_UNKNOWN", what);
    if (refund.state !== "requested") continue;
    if (clock.now().getTime() - refund.requested_at.getTime() < ABANDONED_AFTER)
      throw problem("SEQR_REFUND_RUNNING", what);
    await finish({ ledger, clock }, refund, "unknown", "SEQR_ANSWER_LOST");
    throw problem("SEQR_REFUND_UNKNOWN", what);
  }
}

/** @returns SEQR's reference of the refund, or undefined when only its having happened is known */
async function refundAtSeqr(
  { client, options }: SeqrContext,
  ersReference: string,
  invoice: InvoiceRecord,
  { amount }: RefundInput,
  takesAll: boolean,
): Promise<string | undefined> {
  const ask = async (): Promise<string | undefined> => {
    const answer = await client.refundPayment(ersReference, {
      title: options.shopName,
      clientInvoiceId: invoice.client_invoice_id,
      cashierId: options.cashierId,
      totalAmount: { currency: invoice.currency_code, value: amount },
    });
    return answer.ersReference;
  };
  try {
    return await ask();
  } catch (error) {
    if (!takesAll || !(error instanceof SeqrError) || error.outcome !== "unknown") throw error;
    try {
      return await ask();
    } catch (second) {
      if (second instanceof SeqrResultError && second.result.code === SUM_EXCEEDED) return undefined;
      // A clear refusal of the repetition says nothing of the first try.
      throw second instanceof SeqrError && second.outcome === "refused" ? error : second;
    }
  }
}

async function finish(
  { ledger, clock }: Pick<SeqrContext, "ledger" | "clock">,
  refund: RefundRecord,
  state: "done" | "refused" | "unknown",
  result: string,
  reference?: string,
): Promise<RefundRecord> {
  const patch = { refund_reference: reference ?? null, result, finished_at: clock.now() };
  return (await ledger.finishRefund(refund.id, state, patch)) ?? { ...refund, ...patch, state };
}
