import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import type { ProblemCode } from "../modules/seqr/contract";
import { decimalString } from "../providers/seqr/amounts";

/** Milliseconds for which Medusa's refunds are compared, and after which one of them must have reached the ledger. */
const LOOKED_OVER = 3 * 24 * 3_600_000;
const SURELY_BEGUN = 120_000;

interface RefundRow {
  id: string;
  amount: BigNumberValue;
  payment?: { provider_id: string; data?: Record<string, unknown> | null } | null;
}

/**
 * Brings Medusa's refunds and SEQR's together again after a process has died: what Medusa wrote down and nobody asked of
 * SEQR is refunded now, and what SEQR was asked and never answered is listed as unknown.
 */
export async function reconcileRefunds(container: MedusaContainer): Promise<void> {
  const seqr = seqrOf(container);
  await seqr.endAbandonedRefunds();
  const now = seqr.now().getTime();
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "refund",
    fields: ["id", "amount", "payment.provider_id", "payment.data"],
    filters: {
      created_at: { $gte: new Date(now - LOOKED_OVER), $lt: new Date(now - SURELY_BEGUN) },
    },
  });
  const provider = `pp_seqr_${seqr.settings.providerId}`;
  const refunds = (data as unknown as RefundRow[]).filter(({ payment }) => payment?.provider_id === provider);
  if (refunds.length === 0) return;
  const known = await seqr.refundKeys(refunds.map(({ id }) => id));
  for (const refund of refunds.filter(({ id }) => !known.has(id))) await makeUp(container, refund);
}

/** Staff asked for it, and Medusa has it in its books. */
async function makeUp(container: MedusaContainer, { id, amount, payment }: RefundRow): Promise<void> {
  const seqr = seqrOf(container);
  const invoice = await seqr.findByToken("shopper", payment?.data?.["token"]);
  if (!invoice) return;
  try {
    await seqr.refundInvoice(invoice, {
      amount: decimalString(amount),
      idempotencyKey: id,
      reason: "medusa",
    });
  } catch (error) {
    const fallback: ProblemCode = "SEQR_REFUND_FAILED";
    await seqr.note(invoice, { problem: (error as { code?: string }).code ?? fallback });
    container
      .resolve("logger")
      .error(`seqr: refund ${id} is in Medusa's books and could not be made: ${String(error)}`);
  }
}
