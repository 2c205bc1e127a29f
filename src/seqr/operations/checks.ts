import { SeqrInputError, SeqrUnknownOutcomeError } from "../errors";
import type { Parameter } from "../types";

/** @throws {SeqrInputError} when a mandatory text is empty */
export function checkNotEmpty(value: string, name: string, operation: string): void {
  if (!value.trim()) throw new SeqrInputError(`${name} is empty`, operation);
}

/**
 * A field of an answer without which the answer is worth nothing.
 *
 * @throws {SeqrUnknownOutcomeError} when it is absent or empty
 */
export function requiredField(value: string | undefined, field: string, operation: string): string {
  return value?.trim() || failMissing(field, operation);
}

/** @throws {SeqrUnknownOutcomeError} saying that the answer lacks the field */
export function failMissing(field: string, operation: string): never {
  throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, `the answer has no ${field}`);
}

/** Reads an answer that holds nothing but its result code. */
export function readNothing(): void {}

/** Parameters by name as the wire has them. */
export function parameterMapOf(entries: Record<string, string>): { parameter: Parameter[] } {
  return { parameter: Object.entries(entries).map(([key, value]) => ({ key, value })) };
}
