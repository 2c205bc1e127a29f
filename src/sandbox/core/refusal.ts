import { RESULT_CODES } from "../../seqr";

/** A refusal: the result code, and a reason for people, which SEQR itself would not give. */
export class Refusal {
  constructor(
    readonly code: number,
    readonly why: string,
  ) {}
}

/** Result of an operation, or its refusal. */
export type Outcome<T> = T | Refusal;

/** The service's `resultDescription` (PROTOCOL 1.2). */
export function describe(code: number): string {
  if (code === 98) return "Sum of refunds can not be more than original transaction";
  return RESULT_CODES.get(code)?.name ?? `UNKNOWN ERSWSResultCode = ${code}`;
}
