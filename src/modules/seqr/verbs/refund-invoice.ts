import { MedusaError } from "@medusajs/framework/utils";
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
  const same = earlier.find(
    ({ state, idempotency_key }) => state === "done" && idempotency_key === input.idempotencyKey,
  );
  if (same) {
    await closeIfReturned(context, invoice, earlier);
    return same;
  }
  await refuseWhileUnfinished(context, earlier);
  // A process may have died between SEQR's answer and this step.
  await closeIfReturned(context, invoice, earlier);
  refuseAboveRest(invoice, earlier, input.amount);

  const refund = await ledger.insertRefund({
    invoice_id: invoice.id,
    idempotency_key: input.idempotencyKey,
    amount: input.amount,
    currency_code: invoice.currency_code,
    reason: input.reason,
    requested_at: clock.now(),
  });
  if (!refund) throw problem("SEQR_REFUND_RUNNING");

  try {
    // Only now is nobody else refunding, so only now the rest is certain.
    const takesAll = refuseAboveRest(invoice, await ledger.refundsOf(invoice.id), input.amount);
    if (takesAll && invoice.state === "paid") await takeFromMedusa(context, invoice);
    const reference = await refundAtSeqr(context, ers_reference, invoice, input, takesAll);
    const done = await finish(context, refund, "done", "0", reference);
    logger.info(`seqr: ${input.amount} ${invoice.currency_code} of payment ${ers_reference} is refunded`);
    await closeIfReturned(context, invoice, await ledger.refundsOf(invoice.id));
    return done;
  } catch (error) {
    if (error instanceof MedusaError) await finish(context, refund, "refused", error.code ?? "");
    if (!(error instanceof SeqrError)) throw error;
    await finish(context, refund, error.outcome, error.code);
    logger.error(`seqr: the refund of payment ${ers_reference} is ${error.outcome} (${error.code})`);
    throw error.outcome === "unknown" ? problem("SEQR_REFUND_UNKNOWN", error.message) : toMedusaError(error);
  }
}

/** @returns whether nothing is left after this amount */
function refuseAboveRest(invoice: InvoiceRecord, refunds: RefundRecord[], amount: string): boolean {
  const rest = subtract(invoice.amount, refunded(refunds));
  if (compare(amount, rest) > 0) {
    throw problem("SEQR_REFUND_TOO_HIGH", `${rest} ${invoice.currency_code} is left.`);
  }
  return compare(amount, rest) === 0;
}

/** Money that Medusa has not been given yet: from now on it cannot become an order any more. */
async function takeFromMedusa({ ledger, clock }: SeqrContext, { id }: InvoiceRecord): Promise<void> {
  if (!(await ledger.transition(id, "returning", { state_since: clock.now() }))) throw problem("SEQR_BUSY");
}

/** An invoice whose money is all back has ended, unless it has an order. */
async function closeIfReturned(
  { ledger, clock }: SeqrContext,
  { id, amount }: InvoiceRecord,
  refunds: RefundRecord[],
): Promise<void> {
  if (compare(refunded(refunds), amount) !== 0) return;
  await ledger.transition(id, "returned", { state_since: clock.now(), due_at: null, problem: null });
}

function refunded(refunds: RefundRecord[]): string {
  return sum(refunds.filter(({ state }) => state === "done").map(({ amount }) => amount));
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
