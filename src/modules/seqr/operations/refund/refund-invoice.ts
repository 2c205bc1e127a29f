import { MedusaError } from "@medusajs/framework/utils";
import { compare, SeqrError, SeqrResultError, subtract, sum } from "../../../../seqr";
import { nextDue } from "../../invoice/polling-schedule";
import { refundTimeLimit } from "../../invoice/time-limits";
import { after } from "../../../../clock";
import type { OperationContext } from "../operation-context";
import type { InvoiceRecord, RefundRecord } from "../../ledger/ledger";
import { seqrError, toMedusaError, type ErrorCode } from "../../../../errors/error-codes";

/** What a refund is made from. */
export interface RefundInput {
  /** Decimal string. */
  amount: string;
  /** Medusa's refund id, or our own word when Medusa has no refund. */
  idempotencyKey: string;
  /** Why, for the ledger and for SEQR's bill. */
  reason: string;
}

/** Why a refund was made: staff, or core, asked for it in Medusa. */
export const REQUESTED_BY_MEDUSA = "medusa";

/** Code 98: the sum of the refunds would exceed the payment. */
const SUM_EXCEEDED = 98;

/**
 * Gives money back at SEQR, exactly once. The intent is written first; while the outcome of one refund is not known,
 * there is no other. A refund of all that is left may be repeated after a lost answer, at once or whenever it is asked
 * for again, since SEQR refuses a second one with 98; any other may not (PROTOCOL 4.8).
 *
 * @throws {MedusaError} SEQR_NOT_PAID, SEQR_REFUND_TOO_HIGH, SEQR_REFUND_RUNNING, SEQR_REFUND_UNKNOWN, or the client's
 * code when SEQR refused
 */
export async function refundInvoice(
  context: OperationContext,
  invoice: InvoiceRecord,
  input: RefundInput,
): Promise<RefundRecord> {
  const { ledger, clock } = context;
  if (invoice.ers_reference === null) throw seqrError("SEQR_NOT_PAID", `The invoice is ${invoice.state}.`);
  if (compare(input.amount, "0") <= 0) throw seqrError("SEQR_AMOUNT", `It is ${input.amount}.`);

  const earlier = await ledger.refundsOf(invoice.id);
  const same = madeUnder(earlier, input.idempotencyKey);
  if (same) {
    await closeIfReturned(context, invoice, earlier);
    return same;
  }
  const open = await unfinished(context, earlier);
  if (open) return repeat(context, invoice, open, earlier, input);
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
  if (!refund) {
    // Somebody was faster: with another refund, or with this very one.
    const made = madeUnder(await ledger.refundsOf(invoice.id), input.idempotencyKey);
    if (made) return made;
    throw seqrError("SEQR_REFUND_RUNNING");
  }

  return carryOutRefund(context, invoice, refund);
}

/**
 * Asks SEQR for a refund whose intent is written.
 *
 * @throws as refundInvoice
 */
export async function carryOutRefund(
  context: OperationContext,
  invoice: InvoiceRecord,
  refund: RefundRecord,
): Promise<RefundRecord> {
  const { ledger } = context;
  const { amount } = refund;
  try {
    // Only now is nobody else refunding, so only now the rest is certain.
    const takesAll = refuseAboveRest(invoice, await ledger.refundsOf(invoice.id), amount);
    if (takesAll && invoice.state === "paid") await takeFromMedusa(context, invoice);
    const reference = await refundAtSeqr(context, invoice, amount, takesAll);
    const done = await finish(context, refund, "done", "0", reference);
    await closeIfReturned(context, invoice, await ledger.refundsOf(invoice.id));
    return done;
  } catch (error) {
    if (error instanceof MedusaError) await finish(context, refund, "refused", error.code ?? "");
    if (!(error instanceof SeqrError)) throw error;
    await finish(context, refund, error.outcome, error.code);
    if (isSumExceeded(error)) {
      // The ledger has this much left: SEQR was asked by somebody else, or before a backup was restored.
      const code: ErrorCode = "SEQR_REFUNDED_ELSEWHERE";
      const current = await ledger.find({ id: invoice.id });
      // Another problem waits for a person, who loses it from the list otherwise.
      if (current?.problem === null) await ledger.update(invoice.id, { problem: code }, ["completed"]);
    }
    throw error.outcome === "unknown"
      ? seqrError("SEQR_REFUND_UNKNOWN", error.message)
      : toMedusaError(error);
  }
}

/**
 * Asks SEQR for the refund of an invoice of which only the intent is recorded; undefined when there is none.
 *
 * @throws as refundInvoice
 */
export async function carryOutRequestedRefund(
  context: OperationContext,
  invoice: InvoiceRecord,
): Promise<RefundRecord | undefined> {
  const refunds = await context.ledger.refundsOf(invoice.id);
  const intent = refunds.find(({ state }) => state === "requested");
  return intent && carryOutRefund(context, invoice, intent);
}

function madeUnder(refunds: RefundRecord[], key: string): RefundRecord | undefined {
  return refunds.find(({ state, idempotency_key }) => state === "done" && idempotency_key === key);
}

/** @returns whether nothing is left after this amount */
function refuseAboveRest(invoice: InvoiceRecord, refunds: RefundRecord[], amount: string): boolean {
  const rest = refundableAmount(invoice, refunds);
  if (compare(amount, rest) > 0) {
    throw seqrError("SEQR_REFUND_TOO_HIGH", `${rest} ${invoice.currency_code} is left.`);
  }
  return compare(amount, rest) === 0;
}

/** Money that Medusa has not been given yet: from now on it cannot become an order any more. */
async function takeFromMedusa({ ledger, clock }: OperationContext, { id }: InvoiceRecord): Promise<void> {
  if (!(await ledger.transition(id, "refunding", { state_since: clock.now() }))) throw seqrError("SEQR_BUSY");
}

/** An invoice whose money is all back has ended, unless it has an order. */
export async function closeIfReturned(
  { ledger, clock }: OperationContext,
  invoice: InvoiceRecord,
  refunds: RefundRecord[],
): Promise<void> {
  if (compare(refundableAmount(invoice, refunds), "0") !== 0) return;
  const state_since = clock.now();
  const due_at = nextDue({ ...invoice, state: "refunded", state_since }, state_since);
  await ledger.transition(invoice.id, "refunded", { state_since, due_at, problem: null });
}

/** What of the payment has not been given back; decimal string. */
export function refundableAmount({ amount }: InvoiceRecord, refunds: RefundRecord[]): string {
  return subtract(amount, refunded(refunds));
}

function refunded(refunds: RefundRecord[]): string {
  return sum(refunds.filter(({ state }) => state === "done").map(({ amount }) => amount));
}

/** The refund whose outcome nobody knows, if there is one. */
async function unfinished(
  { ledger, clock, options }: OperationContext,
  earlier: RefundRecord[],
): Promise<RefundRecord | undefined> {
  const open = earlier.find(({ state }) => state === "requested" || state === "unknown");
  if (open?.state !== "requested") return open;
  if (clock.now().getTime() - open.requested_at.getTime() < refundTimeLimit(options))
    throw seqrError("SEQR_REFUND_RUNNING", describe(open));
  return finish({ ledger, clock }, open, "unknown", "SEQR_ANSWER_LOST");
}

/** Says of refunds whose process must have died that nobody knows what became of them, so that they are attended to. */
export async function endAbandonedRefunds({ ledger, clock, options }: OperationContext): Promise<void> {
  for (const refund of await ledger.requestedRefunds(after(clock.now(), -refundTimeLimit(options)))) {
    await finish({ ledger, clock }, refund, "unknown", "SEQR_ANSWER_LOST");
  }
}

/**
 * Asks again for a refund of unknown outcome, if it is the same and takes all that is left: SEQR then makes it, or says
 * with 98 that it was made.
 */
async function repeat(
  context: OperationContext,
  invoice: InvoiceRecord,
  open: RefundRecord,
  refunds: RefundRecord[],
  { amount, idempotencyKey }: RefundInput,
): Promise<RefundRecord> {
  const rest = refundableAmount(invoice, refunds);
  if (compare(open.amount, amount) !== 0 || compare(amount, rest) !== 0)
    throw seqrError("SEQR_REFUND_UNKNOWN", describe(open));
  try {
    const reference = await askAgain(context, invoice, amount);
    const done = await finish(context, open, "done", "0", reference);
    await closeIfReturned(context, invoice, await context.ledger.refundsOf(invoice.id));
    if (done.idempotency_key === idempotencyKey) return done;
    const { id, idempotency_key } = done;
    return (
      (await context.ledger.rekeyRefund(id, idempotency_key, idempotencyKey, context.clock.now())) ?? done
    );
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    // Not even a refusal tells what became of the first one, unless it is 98.
    throw seqrError("SEQR_REFUND_UNKNOWN", describe(open));
  }
}

function describe({ amount, currency_code, requested_at }: RefundRecord): string {
  return `Refund of ${amount} ${currency_code}, asked for at ${requested_at.toISOString()}.`;
}

/** @returns SEQR's reference of the refund, or undefined when only its having happened is known */
async function refundAtSeqr(
  context: OperationContext,
  invoice: InvoiceRecord,
  amount: string,
  takesAll: boolean,
): Promise<string | undefined> {
  try {
    return await ask(context, invoice, amount);
  } catch (error) {
    if (!takesAll || !(error instanceof SeqrError) || error.outcome !== "unknown") throw error;
    return askAgain(context, invoice, amount).catch(() => {
      // However the repetition fails, and be it refused: that says nothing of the first try.
      throw error;
    });
  }
}

/** Asks once more for a refund of all that is left. @returns undefined when an earlier one was made */
async function askAgain(
  context: OperationContext,
  invoice: InvoiceRecord,
  amount: string,
): Promise<string | undefined> {
  try {
    return await ask(context, invoice, amount);
  } catch (error) {
    if (isSumExceeded(error)) return undefined;
    throw error;
  }
}

function isSumExceeded(error: unknown): boolean {
  return error instanceof SeqrResultError && error.result.code === SUM_EXCEEDED;
}

async function ask(
  { client, options }: OperationContext,
  { ers_reference, client_invoice_id, currency_code }: InvoiceRecord,
  amount: string,
): Promise<string | undefined> {
  const answer = await client.refundPayment(ers_reference ?? "", {
    title: options.shopName,
    clientInvoiceId: client_invoice_id,
    cashierId: options.cashierId,
    totalAmount: { currency: currency_code, value: amount },
  });
  return answer.ersReference;
}

async function finish(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  refund: RefundRecord,
  state: "done" | "refused" | "unknown",
  result: string,
  reference?: string,
): Promise<RefundRecord> {
  const patch = { refund_reference: reference ?? null, result, finished_at: clock.now() };
  return (await ledger.finishRefund(refund.id, state, patch)) ?? { ...refund, ...patch, state };
}
