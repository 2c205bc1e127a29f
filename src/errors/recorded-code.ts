import { MedusaError } from "@medusajs/framework/utils";
import { SeqrError } from "../seqr";
import type { ErrorCode } from "./error-codes";

/**
 * The code under which a failure is recorded with what failed.
 *
 * @param otherwise the code of a failure that has none of its own
 */
export function recordedCode(error: unknown, otherwise: ErrorCode): string {
  if (error instanceof SeqrError) return error.code;
  return error instanceof MedusaError && error.code ? error.code : otherwise;
}
