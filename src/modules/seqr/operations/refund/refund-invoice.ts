import { MedusaError } from "@medusajs/framework/utils";
import { compare, SeqrError, SeqrResultError } from "../../../../seqr";
import { refundTimeLimit } from "../../invoice/time-limits";
import type { OperationContext } from "../operation-context";
import type { InvoiceRecord, RefundRecord } from "../../ledger/ledger";
import { takeTransition } from "../take-transition";
import { finishAbandonedRefund, finishRefund } from "./finish-refund";
import { closeIfRefunded, refundableAmount } from "./refundable-amount";
import { seqrError, type ErrorCode } from "../../../../errors/error-codes";
import { refundNotMade } from "../../../../errors/seqr-errors";

/** Why a refund was made: staff, or core, asked for it in Medusa. */
export const REQUESTED_BY_MEDUSA = "medusa";

/** The content of a refund. */
export interface RefundInput {
  /** Decimal string. */
  amount: string;
  /** Medusa's refund id, or our own word when Medusa has no refund. */
  idempotencyKey: string;
  /** Why, for the ledger and its events: REQUESTED_BY_MEDUSA, or why the payment has no order. SEQR does not get it. */
  reason: string;
  /** Medusa's id of the member of staff who made it in Medusa. */
  actorId?: string | null;
}

/** Code 98: the sum of the refunds would exceed the payment. */
const SUM_EXCEEDED = 98;

/**
 * Refunds a payment at SEQR, exactly once. The intent is recorded first, and while the outcome of a refund is unknown, no
 * other refund of the payment is possible. After a lost answer only a refund of all that is left is repeated, because SEQR
 * refuses a second one with 98 (PROTOCOL 4.8).
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
    await closeIfRefunded(context, invoice, earlier);
    return same;
  }
  const open = await unfinishedRefund(context, invoice, earlier);
  if (open) return repeatRefund(context, invoice, open, earlier, input);
  // A process may have crashed between SEQR's answer and this transition.
  await closeIfRefunded(context, invoice, earlier);
  checkRemaining(invoice, earlier, input.amount);

  const refund = await ledger.insertRefund({
    invoice_id: invoice.id,
    idempotency_key: input.idempotencyKey,
    amount: input.amount,
    currency_code: invoice.currency_code,
    reason: input.reason,
    actor_id: input.actorId ?? null,
    requested_at: clock.now(),
  });
  if (!refund) {
    // Another process was faster: with another refund, or with this one.
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
    // The recorded intent excludes other refunds, so only now the remaining amount is certain.
    const { isFullRemainder } = checkRemaining(invoice, await ledger.refundsOf(invoice.id), amount);
    if (isFullRemainder && invoice.state === "paid") await preventOrder(context, invoice);
    const reference = await refundAtSeqr(context, invoice, amount, isFullRemainder);
    const done = await finishRefund(context, refund, "done", "0", reference);
    await closeIfRefunded(context, invoice, await ledger.refundsOf(invoice.id));
    return done;
  } catch (error) {
    if (error instanceof MedusaError) await finishRefund(context, refund, "refused", error.code ?? "");
    if (!(error instanceof SeqrError)) throw error;
    await finishRefund(context, refund, error.outcome, error.code);
    if (isSumExceeded(error)) {
      // The ledger says that this amount is left, so SEQR's 98 means that another system has refunded, or that the ledger was
      // restored from a backup.
      const code: ErrorCode = "SEQR_REFUNDED_ELSEWHERE";
      const current = await ledger.find({ id: invoice.id });
      // A problem that staff have to see must not be overwritten.
      if (current?.problem === null) await ledger.update(invoice.id, { problem: code }, ["completed"]);
    }
    throw error.outcome === "unknown"
      ? seqrError("SEQR_REFUND_UNKNOWN", `${describe(refund)} [${error.code}]`)
      : refundNotMade(error);
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

/**
 * Checks that at least this amount of the payment is left.
 *
 * @returns whether the amount is all that is left
 * @throws {MedusaError} SEQR_REFUND_TOO_HIGH
 */
function checkRemaining(
  invoice: InvoiceRecord,
  refunds: RefundRecord[],
  amount: string,
): { isFullRemainder: boolean } {
  const rest = refundableAmount(invoice, refunds);
  if (compare(amount, rest) > 0) {
    throw seqrError("SEQR_REFUND_TOO_HIGH", `${rest} ${invoice.currency_code} is left.`);
  }
  return { isFullRemainder: compare(amount, rest) === 0 };
}

/**
 * Prevents a paid invoice from becoming an order while all of its payment is refunded.
 *
 * @throws {MedusaError} SEQR_BUSY when another process has changed its state meanwhile
 */
async function preventOrder(context: OperationContext, invoice: InvoiceRecord): Promise<void> {
  if (!(await takeTransition(context, invoice, "refunding", {}, { keepsDueTime: true })))
    throw seqrError("SEQR_BUSY");
}

/** The refund whose outcome is unknown, if there is one. */
async function unfinishedRefund(
  { ledger, clock, terminals }: OperationContext,
  invoice: InvoiceRecord,
  earlier: RefundRecord[],
): Promise<RefundRecord | undefined> {
  const open = earlier.find(({ state }) => state === "requested" || state === "unknown");
  if (open?.state !== "requested") return open;
  if (clock.now().getTime() - open.requested_at.getTime() < refundTimeLimit(terminals.shownBy(invoice)))
    throw seqrError("SEQR_REFUND_RUNNING", describe(open));
  return finishAbandonedRefund({ ledger, clock }, open);
}

/**
 * Repeats a refund of unknown outcome, if it is the same and takes all that is left: SEQR then makes it, or says with 98 that
 * it was made.
 */
async function repeatRefund(
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
    const reference = await callAgain(context, invoice, amount);
    const done = await finishRefund(context, open, "done", "0", reference);
    await closeIfRefunded(context, invoice, await context.ledger.refundsOf(invoice.id));
    if (done.idempotency_key === idempotencyKey) return done;
    const { id, idempotency_key } = done;
    return (
      (await context.ledger.rekeyRefund(id, idempotency_key, idempotencyKey, context.clock.now())) ?? done
    );
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    // No refusal other than 98 tells the outcome of the first attempt.
    throw seqrError("SEQR_REFUND_UNKNOWN", describe(open));
  }
}

function describe({ amount, currency_code, requested_at }: RefundRecord): string {
  return `Refund of ${amount} ${currency_code}, requested at ${requested_at.toISOString()}.`;
}

/** @returns SEQR's reference of the refund; undefined when SEQR says only that it was made */
async function refundAtSeqr(
  context: OperationContext,
  invoice: InvoiceRecord,
  amount: string,
  isFullRemainder: boolean,
): Promise<string | undefined> {
  try {
    return await callSeqr(context, invoice, amount);
  } catch (error) {
    if (!isFullRemainder || !(error instanceof SeqrError) || error.outcome !== "unknown") throw error;
    return callAgain(context, invoice, amount).catch(() => {
      // The failure or refusal of the repetition does not tell the outcome of the first attempt.
      throw error;
    });
  }
}

/** Repeats a refund of all that is left. @returns undefined when an earlier one was made */
async function callAgain(
  context: OperationContext,
  invoice: InvoiceRecord,
  amount: string,
): Promise<string | undefined> {
  try {
    return await callSeqr(context, invoice, amount);
  } catch (error) {
    if (isSumExceeded(error)) return undefined;
    throw error;
  }
}

function isSumExceeded(error: unknown): boolean {
  return error instanceof SeqrResultError && error.result.code === SUM_EXCEEDED;
}

async function callSeqr(
  { terminals }: OperationContext,
  invoice: InvoiceRecord,
  amount: string,
): Promise<string | undefined> {
  const { client, options } = terminals.of(invoice);
  const { ers_reference, client_invoice_id, currency_code } = invoice;
  const answer = await client.refundPayment(ers_reference ?? "", {
    title: options.shopName,
    clientInvoiceId: client_invoice_id,
    cashierId: options.cashierId,
    totalAmount: { currency: currency_code, value: amount },
  });
  return answer.ersReference;
}
