import { until } from "../../../testkit/http";
import type { Sale } from "./sale";
import type { TestStore } from "./store";

export interface ReceiptRow {
  state: string;
  result: string | null;
  attempts: number;
  ers_reference: string;
}

/** A receipt of the ledger, once it is in one of these states. A receipt that waits for its next try need not wait for its time. */
export function receiptBecomes(
  { sql }: TestStore,
  ersReference: string,
  ...states: string[]
): Promise<ReceiptRow | undefined> {
  return until(
    async () => {
      await sql(
        "update seqr_receipt set due_at = now() where ers_reference = $1 and state = 'pending' and result is not null",
        [ersReference],
      );
      const [row] = await sql<ReceiptRow>("select * from seqr_receipt where ers_reference = $1", [
        ersReference,
      ]);
      return row;
    },
    (row) => row !== undefined && states.includes(row.state),
  );
}

/** The documents that SEQR has of a payment or a refund, each with its type. */
export function receiptsAtSeqr({ sandbox }: TestStore, ersReference: string): string[] {
  const found = sandbox.core.transactions().find((one) => one.ersReference === ersReference);
  return (found?.receipts ?? []).map(
    ({ mimeType, receiptType, data }) =>
      `${mimeType} ${receiptType}\n${Buffer.from(data, "base64").toString()}`,
  );
}

/** SEQR's reference of the latest refund of a sale. */
export function refundReference(
  { sandbox }: TestStore,
  { ersReference }: Pick<Sale, "ersReference">,
): string {
  const refunds = sandbox.core.transactions().filter(({ refundOf }) => refundOf === ersReference);
  return refunds.at(-1)?.ersReference ?? "";
}
