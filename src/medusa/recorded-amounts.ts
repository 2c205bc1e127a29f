import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import { decimalString } from "../amounts";

/** What Medusa has recorded of the payment of one payment session. */
export interface RecordedAmounts {
  /** Sum of its captures, decimal string; null when it has none. */
  captured: string | null;
  /** Amount of each refund, decimal string, by Medusa's id of the refund. */
  refunds: ReadonlyMap<string, string>;
}

interface PaymentRow {
  session_id: string;
  captured: string | null;
  refunds: Record<string, string> | null;
}

/** The exact amount of a row of Medusa. */
const EXACT = "(raw_amount->>'value')::numeric";

/**
 * Reads what Medusa has captured and refunded, by the id of the payment session. The sessions themselves may have been deleted: the
 * payments stay. It is one statement: Query makes objects of all rows, which takes much of the time of a reconciliation
 * (docs/decisions/0043).
 *
 * @param sessionIds some thousand at most
 */
export async function recordedAmounts(
  container: MedusaContainer,
  sessionIds: readonly string[],
): Promise<Map<string, RecordedAmounts>> {
  if (sessionIds.length === 0) return new Map();
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  const ofPayment = "where payment_id = payment.id and deleted_at is null";
  const payments = await db("payment")
    .whereRaw("payment_session_id = any(?)", [[...sessionIds]])
    .whereNull("deleted_at")
    .select<PaymentRow[]>(
      "payment_session_id as session_id",
      db.raw(`(select sum(${EXACT})::text from capture ${ofPayment}) as captured`),
      db.raw(`(select json_object_agg(id, ${EXACT}::text) from refund ${ofPayment}) as refunds`),
    );
  return new Map(
    payments.map(({ session_id, captured, refunds }) => [
      session_id,
      {
        captured: captured === null ? null : decimalString(captured),
        refunds: new Map(Object.entries(refunds ?? {}).map(([id, amount]) => [id, decimalString(amount)])),
      },
    ]),
  );
}
