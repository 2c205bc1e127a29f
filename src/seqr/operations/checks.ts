import { SeqrInputError, SeqrUnknownOutcomeError } from "../errors";
import type { Parameter } from "../types";

/**
 * Refuses an empty text where the operation needs one.
 *
 * @throws {SeqrInputError} naming the parameter
 */
export function checkNotEmpty(value: string, name: string, operation: string): void {
  if (!value.trim()) throw new SeqrInputError(`${name} is empty`, operation);
}

/**
 * Reads a field of an answer that the caller cannot do without.
 *
 * @throws {SeqrUnknownOutcomeError} when it is absent or empty
 */
export function requiredField(value: string | undefined, field: string, operation: string): string {
  return value?.trim() || failMissing(field, operation);
}

/**
 * Refuses an answer that lacks a field.
 *
 * @throws {SeqrUnknownOutcomeError} naming the field
 */
export function failMissing(field: string, operation: string): never {
  throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, `the answer has no ${field}`);
}

/** Reads an answer that holds nothing but its result code. */
export function readNothing(): void {}

/** Makes a parameter map of parameters by name. */
export function parameterMapOf(entries: Record<string, string>): { parameter: Parameter[] } {
  return { parameter: Object.entries(entries).map(([key, value]) => ({ key, value })) };
}
