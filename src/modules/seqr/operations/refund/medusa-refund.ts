import { toHundredths } from "../../../../seqr";
import type { EarlierRefund, MedusaAmount } from "../../../../amounts";
import type { ErrorCode } from "../../../../errors/error-codes";
import type { AttentionKind } from "../../attention/attention-rules";
import { requiresManualAction } from "../../invoice/polling-schedule";
import type { InvoiceRecord, RefundRecord } from "../../ledger/ledger";
import type { OperationContext } from "../operation-context";
import { REQUESTED_BY_MEDUSA } from "./refund-invoice";

/**
 * The refund of the ledger that a record of Medusa names. A refund that SEQR has made and Medusa misses is recorded by requesting
 * a refund of Medusa. Medusa passes only an amount and the id of its new record to the provider, so that record's metadata names
 * the refund.
 */
export type NamedRefund = Pick<RefundRecord, "id" | "idempotency_key">;

/**
 * Whether a refund has this amount. It may differ by a hundredth, because Medusa's amounts can have more decimals than SEQR's.
 *
 * @param amount decimal string
 */
export function isOfAmount(refund: Pick<RefundRecord, "amount">, amount: string): boolean {
  const difference = toHundredths(refund.amount) - toHundredths(amount);
  return difference >= -1n && difference <= 1n;
}

/**
 * Whether staff have closed the payment since Medusa recorded a refund of it: that refund is not made automatically.
 *
 * @param at when Medusa recorded the refund
 */
export function isClosedSince({ state, state_since }: InvoiceRecord, at: Date): boolean {
  return state === "closed_by_staff" && at <= state_since;
}

const MISSING: AttentionKind = "refund_missing";

/** Medusa's ids of the refunds that staff have closed: they are made in another way, or are not to be made. */
export async function closedRefunds(
  { ledger }: Pick<OperationContext, "ledger">,
  invoice: InvoiceRecord,
): Promise<Set<string>> {
  const decisions = await ledger.decisionsOf([invoice.id]);
  return new Set(decisions.filter(({ kind }) => kind === MISSING).map(({ subject }) => subject));
}

/** The refunds of this amount that SEQR made for Medusa, up to a hundredth more or less. */
export function madeOfAmount(refunds: readonly RefundRecord[], amount: string): RefundRecord[] {
  return refunds.filter(
    (refund) =>
      refund.state === "done" && refund.reason === REQUESTED_BY_MEDUSA && isOfAmount(refund, amount),
  );
}

/** The refunds of a payment that SEQR has made and Medusa has recorded. */
export function madeAndBooked(
  refunds: readonly RefundRecord[],
  records: readonly { id: string; exactAmount: MedusaAmount }[],
): EarlierRefund[] {
  return records.flatMap(({ id, exactAmount }) =>
    refunds
      .filter(({ idempotency_key, state }) => state === "done" && idempotency_key === id)
      .map(({ amount }) => ({ booked: exactAmount, made: amount })),
  );
}

const NOT_MADE: ErrorCode = "SEQR_REFUND_NOT_MADE";

/** Whether the refund of a record will still be made: SEQR was not asked, or refused it for a reason that passes. */
export function isToBeMade(recordId: string, refunds: readonly RefundRecord[]): boolean {
  const last = refunds.filter(({ idempotency_key }) => idempotency_key === recordId).at(-1);
  if (!last) return true;
  return (
    last.state === "refused" && last.result !== NOT_MADE && !requiresManualAction({ problem: last.result })
  );
}

/** Assigns a refund that SEQR has made to another refund of Medusa; undefined when it has a different one by now. */
export function rekeyRefund(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  { id, idempotency_key }: RefundRecord,
  key: string,
): Promise<RefundRecord | undefined> {
  return ledger.rekeyRefund(id, idempotency_key, key, clock.now());
}

const ID = "seqr_refund_id";
const KEY = "seqr_refund_key";

/** The metadata that names a refund, with its key at that time: another process may assign it to another record first. */
export function madeRefundMetadata({ id, idempotency_key }: NamedRefund): Record<string, unknown> {
  return { [ID]: id, [KEY]: idempotency_key };
}

/** The refund that the metadata of Medusa's record names, if it names one. */
export function namedRefund(metadata: Record<string, unknown> | null | undefined): NamedRefund | undefined {
  const { [ID]: id, [KEY]: key } = metadata ?? {};
  return typeof id === "string" && typeof key === "string" ? { id, idempotency_key: key } : undefined;
}
