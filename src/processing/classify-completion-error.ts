import { MedusaError } from "@medusajs/framework/utils";
import type { ErrorCode } from "../errors/error-codes";

/**
 * How a completion ended. `impossible`: this cart cannot become an order as it is. `unpaid`: everything else is ready,
 * the money is not there. `failed`: something broke; the same may work later.
 */
export type Completion =
  | { outcome: "order"; orderId: string }
  | { outcome: "impossible" | "unpaid" | "failed"; message: string; code?: string };

const IMPOSSIBLE: ReadonlySet<string | undefined> = new Set([
  MedusaError.Types.NOT_ALLOWED,
  MedusaError.Types.INVALID_DATA,
  MedusaError.Types.INVALID_ARGUMENT,
  MedusaError.Types.NOT_FOUND,
  MedusaError.Types.CONFLICT,
  "insufficient_inventory",
]);
const UNPAID: ReadonlySet<string> = new Set<ErrorCode>([
  "SEQR_WAITING",
  "SEQR_PAYMENT_ENDED",
  "SEQR_PAYMENT_REFUNDED",
]);
const AMOUNT_DIFFERS: ErrorCode = "SEQR_AMOUNT_DIFFERS";

/** What the error with which a completion failed says of the cart. */
export function classifyCompletionError(error: unknown): Completion {
  const { type, code = "" } = (error ?? {}) as { type?: string; code?: string };
  const message = messageOf(error);
  if (UNPAID.has(code)) return { outcome: "unpaid", message, code };
  if (code === AMOUNT_DIFFERS) return { outcome: "impossible", message, code };
  // Any other trouble of our own (SEQR does not answer, somebody else is at it) passes.
  if (code.startsWith("SEQR_")) return { outcome: "failed", message, code };
  return { outcome: IMPOSSIBLE.has(type) ? "impossible" : "failed", message, code };
}

/** The words of an error, which a workflow hands on as plain data. */
export function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message
    : String((error as { message?: unknown } | undefined)?.message ?? error);
}
