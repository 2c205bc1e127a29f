import type { RefundRecord } from "../../modules/seqr/contract";

/**
 * A refund that SEQR made, and of which Medusa has no record, is written into Medusa's books by asking Medusa for a
 * refund. Medusa then asks the provider, and hands over nothing but an amount and the id of its new record: which refund
 * is meant stands in that record's metadata.
 */
export type NamedRefund = Pick<RefundRecord, "id" | "idempotency_key">;

const ID = "seqr_refund_id";
const KEY = "seqr_refund_key";

/** The metadata that names a refund, with the key that it had when it was chosen: somebody may be faster. */
export function madeRefundMetadata({ id, idempotency_key }: NamedRefund): Record<string, unknown> {
  return { [ID]: id, [KEY]: idempotency_key };
}

/** The refund that the metadata of Medusa's record names, if it names one. */
export function namedRefund(metadata: Record<string, unknown> | null | undefined): NamedRefund | undefined {
  const { [ID]: id, [KEY]: key } = metadata ?? {};
  return typeof id === "string" && typeof key === "string" ? { id, idempotency_key: key } : undefined;
}
