import type { BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { decimalString, total } from "../amounts";
import { queryOf, readRows } from "./queries";

/** What Medusa has recorded of the payment of one payment session. */
export interface RecordedAmounts {
  /** Sum of its captures, decimal string; null when it has none. */
  captured: string | null;
  /** Amount of each refund, decimal string, by Medusa's id of the refund. */
  refunds: ReadonlyMap<string, string>;
}

interface PaymentRow {
  payment_session_id: string | null;
  captures?: { amount: BigNumberValue }[] | null;
  refunds?: { id: string; amount: BigNumberValue }[] | null;
}

/**
 * Reads what Medusa has captured and refunded, by the id of the payment session. The sessions themselves may have been deleted: the
 * payments stay.
 *
 * @param sessionIds some thousand at most: it is one query
 */
export async function recordedAmounts(
  container: MedusaContainer,
  sessionIds: readonly string[],
): Promise<Map<string, RecordedAmounts>> {
  if (sessionIds.length === 0) return new Map();
  const payments = await readRows<PaymentRow>(queryOf(container), {
    entity: "payment",
    fields: ["payment_session_id", "captures.amount", "refunds.id", "refunds.amount"],
    filters: { payment_session_id: sessionIds },
  });
  return new Map(
    payments.map(({ payment_session_id, captures, refunds }) => [
      payment_session_id ?? "",
      {
        captured: captures?.length ? decimalString(total(captures.map(({ amount }) => amount))) : null,
        refunds: new Map((refunds ?? []).map(({ id, amount }) => [id, decimalString(amount)])),
      },
    ]),
  );
}
