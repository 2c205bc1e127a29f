import { recordedCode } from "../errors/recorded-code";

/** The code under which a failure is recorded with a period. */
export function codeOf(error: unknown): string {
  return recordedCode(error, "SEQR_BOOKS_FAILED");
}
