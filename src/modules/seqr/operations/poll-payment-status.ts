import {
  compare,
  fromHundredths,
  SeqrError,
  toHundredths,
  type InvoiceStatus,
  type PaymentStatus,
} from "../../../seqr";
import { kindOf, NEED_OF } from "../attention/attention-rules";
import type { OperationContext } from "./operation-context";
import type { InvoicePatch, InvoiceRecord, Ledger } from "../ledger/ledger";
import type { ErrorCode } from "../../../errors/error-codes";
import {
  POLLABLE_STATES,
  canceledState,
  isEnded,
  type EndReason,
  type InvoiceState,
} from "../invoice/states";

const UNENDED = POLLABLE_STATES.filter((state) => !isEnded(state));
const ENDED = POLLABLE_STATES.filter(isEnded);
const CONTRADICTS: ErrorCode = "SEQR_ANSWER_CONTRADICTS";

/** What made us ask. */
export type PollSource = "notification" | "watch" | "browser" | "completion" | "cancellation" | "staff";

/**
 * Asks SEQR for an invoice's status and writes the answer down before anybody acts on it. The only caller of
 * getPaymentStatus: reading PAID tells SEQR that we know, and it will not return the money by itself any more.
 *
 * @returns the invoice as the ledger has it afterwards
 * @throws {SeqrError} when there is no trustworthy answer; the invoice is as before
 */
export async function pollPaymentStatus(
  context: OperationContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  const { ledger, client, clock } = context;
  if (invoice.invoice_reference === null) return invoice;
  const entry = { invoice_id: invoice.id, source, operation: "getPaymentStatus" };
  let answer: PaymentStatus;
  try {
    answer = await client.getPaymentStatus(invoice.invoice_reference, invoice.version);
  } catch (error) {
    if (error instanceof SeqrError) {
      const failed = { attempts: invoice.attempts + 1, problem: error.code };
      await note(ledger, invoice, failed);
      const nothing = { status: null, version: null, ers_reference: null };
      await ledger.recordObservation({ ...entry, ...nothing, observed_at: clock.now(), result: error.code });
    }
    throw error;
  }

  const observed_at = clock.now();
  const doubt = doubtOf(answer, invoice);
  const seen: InvoicePatch = {
    observed_at,
    version: Math.max(answer.version, invoice.version),
    // An answer that cannot be used is asked for again, and ever more rarely.
    attempts: doubt ? invoice.attempts + 1 : 0,
    problem: doubt ?? null,
    ...claimOf(answer, invoice, doubt),
  };
  // Why it was cancelled was written before SEQR was asked to, and so before this answer, but maybe after we had read it.
  const known = answer.status === "CANCELED" ? ((await ledger.find({ id: invoice.id })) ?? invoice) : invoice;
  const next = doubt ? undefined : stepFor(answer, known, observed_at);
  const step = next && { ...seen, ...next.patch, state_since: observed_at };
  const moved = next && step && (await ledger.transition(invoice.id, next.state, step, POLLABLE_STATES));
  if (!moved) await note(ledger, invoice, seen);
  if (moved || answer.version !== invoice.version || (doubt && doubt !== invoice.problem)) {
    const { status, version, ersReference: ers_reference = null } = answer;
    await ledger.recordObservation({ ...entry, observed_at, status, version, ers_reference, result: "0" });
  }
  return moved ?? (await ledger.find({ id: invoice.id })) ?? invoice;
}

/**
 * Writes what a look has found, where it is about SEQR's part. An entry of one that ended which only wants to be seen stays
 * until somebody has seen it: SEQR says nothing new of it.
 */
async function note(
  ledger: Ledger,
  { id }: InvoiceRecord,
  { problem, ...seen }: InvoicePatch,
): Promise<void> {
  const all = { problem, ...seen };
  if (await ledger.update(id, all, UNENDED)) return;
  const row = await ledger.find({ id });
  const kind = row && kindOf(row);
  const stays = kind && NEED_OF[kind] === "acknowledgement" && problem !== CONTRADICTS;
  await ledger.update(id, stays ? seen : all, ENDED);
}

interface Step {
  state: InvoiceState;
  patch: InvoicePatch;
}

/** The step that a status asks for; undefined while the invoice stays open. */
function stepFor(answer: PaymentStatus, invoice: InvoiceRecord, now: Date): Step | undefined {
  // It stays due: whoever sees it may die before looking at what a completion has left.
  const ended = (state: InvoiceState, reason: EndReason): Step => ({ state, patch: { reason } });
  const canceled = invoice.reason ?? "shopper";
  const step: Partial<Record<InvoiceStatus | "UNKNOWN", Step>> = {
    PAID: {
      state: "paid",
      patch: { ...paidPatch(answer, invoice), reason: null, paid_at: now, due_at: now },
    },
    CANCELED: wasReversed(invoice, answer.version) ? reversed() : ended(canceledState(canceled), canceled),
    // The notification was wrong: nobody had paid.
    ...(invoice.state === "unacknowledged" && { ISSUED: { state: "open", patch: { reason: null } } }),
    FAILED: ended("failed", "seqr"),
    EXPIRED: ended("expired", "lifetime"),
  };
  return step[answer.status];
}

/** The reference, and the sum that was really paid: what differs from the cart does not become an order, and goes back. */
function paidPatch({ ersReference, receipt }: PaymentStatus, { amount }: InvoiceRecord): InvoicePatch {
  const paid = receipt?.invoice?.totalAmount?.value;
  const differs = paid !== undefined && compare(paid, amount) !== 0;
  return {
    ers_reference: ersReference,
    ...(differs && {
      amount: fromHundredths(toHundredths(paid)),
      problem: "SEQR_PAID_AMOUNT_DIFFERS" satisfies ErrorCode,
    }),
  };
}

/**
 * Whether SEQR took a payment back, since nobody had asked in time: it had announced one, or its version shows that the
 * invoice had another status between the last one that we saw and this (PROTOCOL 4.3).
 */
function wasReversed({ state, notified_at, reason, version }: InvoiceRecord, now: number): boolean {
  if (state === "unacknowledged") return true;
  if ((state === "open" || state === "canceling") && now > version + 1) return true;
  return state === "open" && reason === null && notified_at !== null;
}

function reversed(): Step {
  const problem: ErrorCode = "SEQR_REVERSED";
  return { state: "canceled", patch: { reason: "reversed", problem } };
}

/**
 * What a contradicting answer says of a payment of this very invoice: a person who has cleared it up with SEQR can then
 * give the money back.
 */
function claimOf(
  { ersReference, receipt }: PaymentStatus,
  invoice: InvoiceRecord,
  doubt: ErrorCode | undefined,
): Pick<InvoicePatch, "disputed_reference" | "disputed_amount"> {
  const isOurs = (receipt?.invoiceReference ?? invoice.invoice_reference) === invoice.invoice_reference;
  if (doubt === undefined) return { disputed_reference: null, disputed_amount: null };
  // Only a payment has a reference.
  if (ersReference === undefined || !isOurs) return {};
  const { currency = invoice.currency_code, value } = receipt?.invoice?.totalAmount ?? {};
  const isRefundable = currency === invoice.currency_code && isAmount(value);
  return {
    disputed_reference: ersReference,
    disputed_amount: isRefundable ? fromHundredths(toHundredths(value)) : null,
  };
}

/** Why an answer is not acted upon, if it is not. */
function doubtOf(answer: PaymentStatus, invoice: InvoiceRecord): ErrorCode | undefined {
  if (contradicts(invoice, answer)) return CONTRADICTS;
  return answer.status === "UNKNOWN" ? "SEQR_STATUS_UNKNOWN" : undefined;
}

/** Whether SEQR's receipt names another invoice, currency or sum than any that we asked for. */
function contradicts(invoice: InvoiceRecord, { receipt }: PaymentStatus): boolean {
  if (!receipt) return false;
  if (receipt.invoiceReference !== undefined && receipt.invoiceReference !== invoice.invoice_reference)
    return true;
  const total = receipt.invoice?.totalAmount;
  if (!total) return false;
  return (
    (total.currency !== undefined && total.currency !== invoice.currency_code) ||
    total.value === undefined ||
    !(isSame(total.value, invoice.amount) || isSame(total.value, invoice.pending_amount))
  );
}

function isSame(value: string, amount: string | null): boolean {
  return amount !== null && isAmount(value) && compare(value, amount) === 0;
}

function isAmount(value: string | undefined): value is string {
  try {
    return value !== undefined && toHundredths(value) > 0n;
  } catch {
    return false;
  }
}
