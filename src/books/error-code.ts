import { MedusaError } from "@medusajs/framework/utils";
import type { ErrorCode } from "../errors/error-codes";
import { SeqrError } from "../seqr";

/** The code under which a failure is recorded with a period. */
export function codeOf(error: unknown): string {
  if (error instanceof SeqrError) return error.code;
  const failed: ErrorCode = "SEQR_BOOKS_FAILED";
  return error instanceof MedusaError && error.code ? error.code : failed;
}
