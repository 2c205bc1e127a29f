import {
  compare,
  fromHundredths,
  SeqrError,
  toHundredths,
  type InvoiceStatus,
  type PaymentStatus,
} from "../../../seqr";
import { after } from "../../../clock";
import { kindOf, NEED_OF } from "../attention/attention-rules";
import type { OperationContext } from "./operation-context";
import { currentInvoice } from "../ledger/find-invoice";
import type { InvoicePatch, InvoiceRecord, Ledger } from "../ledger/ledger";
import type { ErrorCode } from "../../../errors/error-codes";
import { ORDER_PLACING_TIME_LIMIT } from "../invoice/time-limits";
import {
  POLLABLE_STATES,
  RESERVATION_STATES,
  canceledState,
  isEnded,
  type EndReason,
  type InvoiceState,
} from "../invoice/states";
import { takeTransition } from "./take-transition";

const UNENDED = POLLABLE_STATES.filter((state) => !isEnded(state));
const ENDED = POLLABLE_STATES.filter(isEnded);
const CONTRADICTS: ErrorCode = "SEQR_ANSWER_CONTRADICTS";
/** Problems that a usable answer to a poll ends. */
const ABOUT_POLLS: readonly string[] = [
  CONTRADICTS,
  "SEQR_STATUS_UNKNOWN",
  "SEQR_TERMINAL_UNKNOWN",
] satisfies ErrorCode[];

/** What caused a poll. */
export type PollSource = "notification" | "watch" | "browser" | "completion" | "cancellation" | "staff";

/**
 * Polls SEQR for an invoice's status, and records the answer before anything else happens. It is the only caller of
 * getPaymentStatus, because a PAID answer acknowledges the payment: SEQR will not reverse it any more.
 *
 * @returns the invoice as the ledger has it afterwards
 * @throws {SeqrError} when there is no trustworthy answer; the invoice is as before
 */
export async function pollPaymentStatus(
  context: OperationContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  const { ledger, clock } = context;
  if (invoice.invoice_reference === null) return invoice;
  const { client } = context.terminals.of(invoice);
  const call = { invoice_id: invoice.id, source, operation: "getPaymentStatus" };
  let answer: PaymentStatus;
  try {
    answer = await client.getPaymentStatus(invoice.invoice_reference, invoice.version);
  } catch (error) {
    if (error instanceof SeqrError) {
      const failed = {
        attempts: invoice.attempts + 1,
        // Of a reservation that waits for its capture, the list would take it for the reason that it is not captured.
        problem: invoice.state === "awaiting_capture" ? invoice.problem : error.code,
      };
      await recordResult(ledger, invoice, failed);
      const nothing = { status: null, version: null, ers_reference: null };
      await ledger.recordObservation({ ...call, ...nothing, observed_at: clock.now(), result: error.code });
    }
    throw error;
  }

  const observed_at = clock.now();
  const doubt = whyDoubtful(answer, invoice);
  const isReservation = RESERVATION_STATES.includes(invoice.state);
  const polled: InvoicePatch = {
    observed_at,
    version: Math.max(answer.version, invoice.version),
    // An answer that cannot be used is polled again, with a growing back-off.
    attempts: doubt ? invoice.attempts + 1 : 0,
    problem: isReservation ? problemOfReservation(invoice, doubt) : (doubt ?? null),
    ...disputedPayment(answer, invoice, doubt),
  };
  // Read again: the cancel reason is recorded before the cancel call, and may be newer than our copy.
  const known = answer.status === "CANCELED" ? await currentInvoice(context, invoice) : invoice;
  const transitionOf = isReservation ? reservationTransition : transitionFor;
  const next = doubt ? undefined : transitionOf(answer, known, observed_at);
  const patch = { ...polled, ...next?.patch };
  const from = isReservation ? [invoice.state] : POLLABLE_STATES;
  const when = { at: observed_at, from, keepsDueTime: true };
  const moved = next && (await takeTransition(context, invoice, next.state, patch, when));
  if (!moved) await recordResult(ledger, invoice, polled);
  if (moved || answer.version !== invoice.version || (doubt && doubt !== invoice.problem)) {
    const { status, version, ersReference: ers_reference = null } = answer;
    await ledger.recordObservation({ ...call, observed_at, status, version, ers_reference, result: "0" });
  }
  return moved ?? (await currentInvoice(context, invoice));
}

/** The problem of a reservation after a poll. That SEQR still has it tells nothing about its capture or its time. */
function problemOfReservation(
  { state, problem }: InvoiceRecord,
  doubt: ErrorCode | undefined,
): string | null {
  // While staff are to capture it, an answer that tells nothing is no problem of the capture.
  if (doubt === CONTRADICTS || (doubt && state !== "awaiting_capture")) return doubt;
  return problem !== null && ABOUT_POLLS.includes(problem) ? null : problem;
}

/**
 * Records the result of a poll that causes no transition. A problem of an ended invoice that staff only have to acknowledge is
 * kept until they have: SEQR's answer tells nothing new about it.
 */
async function recordResult(
  ledger: Ledger,
  { id, state }: InvoiceRecord,
  { problem, ...polled }: InvoicePatch,
): Promise<void> {
  const all = { problem, ...polled };
  const isReservation = RESERVATION_STATES.includes(state);
  if (await ledger.update(id, all, isReservation ? [state] : UNENDED)) return;
  const row = await ledger.find({ id });
  const kind = row && kindOf(row);
  const isKept = kind && NEED_OF[kind] === "acknowledgement" && problem !== CONTRADICTS;
  await ledger.update(id, isKept ? polled : all, ENDED);
}

interface Transition {
  state: InvoiceState;
  patch: InvoicePatch;
}

/** The transition that a status causes; undefined while the invoice stays open. */
function transitionFor(answer: PaymentStatus, invoice: InvoiceRecord, now: Date): Transition | undefined {
  // The invoice stays due: the process may crash before it checks for an order that a completion has left unpaid.
  const ended = (state: InvoiceState, reason: EndReason): Transition => ({ state, patch: { reason } });
  const canceled = invoice.reason ?? "shopper";
  const transitions: Partial<Record<InvoiceStatus | "UNKNOWN", Transition>> = {
    PAID: {
      state: "paid",
      patch: { ...paidPatch(answer, invoice), reason: null, paid_at: now, due_at: now },
    },
    ...(invoice.reservation_time !== null && {
      RESERVED: { state: "reserved", patch: { ...reservedPatch(invoice, now), reason: null, due_at: now } },
    }),
    CANCELED: wasReversed(invoice, answer.version) ? reversed() : ended(canceledState(canceled), canceled),
    // The notification was wrong: no one had paid.
    ...(invoice.state === "unacknowledged" && { ISSUED: { state: "open", patch: { reason: null } } }),
    FAILED: ended("failed", "seqr"),
    EXPIRED: ended("expired", "lifetime"),
  };
  return transitions[answer.status];
}

/** The transition that a status causes while SEQR has a reservation; undefined while it stays one. */
function reservationTransition(
  answer: PaymentStatus,
  invoice: InvoiceRecord,
  now: Date,
): Transition | undefined {
  const isReleasing = invoice.state === "releasing";
  switch (answer.status) {
    case "PAID": {
      const amount = answer.receipt?.invoice?.totalAmount?.value ?? invoice.capture_amount ?? invoice.amount;
      const paid = {
        ers_reference: answer.ersReference,
        amount: fromHundredths(toHundredths(amount)),
        paid_at: now,
      };
      if (isReleasing) return { state: "refunding", patch: { ...paid, due_at: now } };
      // Someone at SEQR may have committed it, whom the plugin does not know.
      const capture = {
        capture_amount: paid.amount,
        capture_key: invoice.capture_key ?? `seqr-${invoice.id}`,
      };
      const patch = { ...paid, ...capture, problem: null };
      return { state: "committed", patch: { ...patch, due_at: after(now, ORDER_PLACING_TIME_LIMIT) } };
    }
    case "CANCELED":
    case "EXPIRED":
    case "FAILED": {
      if (isReleasing) return { state: "canceled", patch: { problem: null } };
      const problem: ErrorCode = "SEQR_RESERVATION_LAPSED";
      // Its payment in Medusa is cancelled next.
      return { state: "lapsed", patch: { reason: "seqr", problem, attempts: 1, due_at: now } };
    }
    default:
      return undefined;
  }
}

/** What is known of a reservation. It began after the last poll that did not report it, so it lasts at least until then. */
function reservedPatch(
  { amount, observed_at, created_at, reservation_time }: InvoiceRecord,
  now: Date,
): InvoicePatch {
  const seconds = reservation_time ?? 0;
  return {
    reserved_amount: amount,
    reserved_at: now,
    reserved_until: after(observed_at ?? created_at, seconds * 1_000),
  };
}

/** The payment's reference, and the amount that was really paid: if it is not the cart's, the payment is refunded. */
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
 * Whether SEQR has reversed a payment that no one polled in time: a notification announced it, or the version shows that the
 * invoice had another status since the last poll (PROTOCOL 4.3).
 */
function wasReversed({ state, notified_at, reason, version }: InvoiceRecord, now: number): boolean {
  if (state === "unacknowledged") return true;
  if ((state === "open" || state === "canceling") && now > version + 1) return true;
  return state === "open" && reason === null && notified_at !== null;
}

function reversed(): Transition {
  const problem: ErrorCode = "SEQR_REVERSED";
  return { state: "canceled", patch: { reason: "reversed", problem } };
}

/** The payment that a contradicting answer names. Staff who have clarified it with SEQR can then refund it. */
function disputedPayment(
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

/** Why an answer cannot be used, if it cannot. */
function whyDoubtful(answer: PaymentStatus, invoice: InvoiceRecord): ErrorCode | undefined {
  if (contradicts(invoice, answer)) return CONTRADICTS;
  return answer.status === "UNKNOWN" ? "SEQR_STATUS_UNKNOWN" : undefined;
}

/** Whether SEQR's receipt names another invoice, currency or amount than any that SEQR was sent. */
function contradicts(invoice: InvoiceRecord, { receipt }: PaymentStatus): boolean {
  if (!receipt) return false;
  if (receipt.invoiceReference !== undefined && receipt.invoiceReference !== invoice.invoice_reference)
    return true;
  if (!receipt.invoice?.totalAmount) return false;
  const { currency, value } = receipt.invoice.totalAmount;
  return (
    (currency !== undefined && currency !== invoice.currency_code) ||
    value === undefined ||
    !amountsSentTo(invoice).some((amount) => isSame(value, amount))
  );
}

/** The amounts that SEQR can have charged: of a reservation that is being committed, only what is committed. */
function amountsSentTo(invoice: InvoiceRecord): (string | null)[] {
  const { state, amount, pending_amount, capture_amount } = invoice;
  return state === "capturing" ? [capture_amount] : [amount, pending_amount, capture_amount];
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
