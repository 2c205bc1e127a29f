import { MedusaError } from "@medusajs/framework/utils";
import type { ErrorCode } from "../errors/error-codes";

/**
 * Outcome of a cart completion. `impossible`: the cart cannot become an order as it is. `unpaid`: only the payment is missing.
 * `failed`: an error that may pass; a retry can succeed.
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

/** Classifies the error with which a cart completion failed. */
export function classifyCompletionError(error: unknown): Completion {
  const { type, code = "" } = (error ?? {}) as { type?: string; code?: string };
  const message = messageOf(error);
  if (UNPAID.has(code)) return { outcome: "unpaid", message, code };
  if (code === AMOUNT_DIFFERS) return { outcome: "impossible", message, code };
  // The plugin's other errors pass, such as SEQR that does not answer or a lease that is taken.
  if (code.startsWith("SEQR_")) return { outcome: "failed", message, code };
  return { outcome: IMPOSSIBLE.has(type) ? "impossible" : "failed", message, code };
}

/** The message of an error. A workflow passes errors on as plain data. */
export function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message
    : String((error as { message?: unknown } | undefined)?.message ?? error);
}
