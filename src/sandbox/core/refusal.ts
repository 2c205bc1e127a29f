import { RESULT_CODES } from "../../seqr";

/** An answer other than success: the result code, and for people the reason, which SEQR itself would not give. */
export class Refusal {
  constructor(
    readonly code: number,
    readonly why: string,
  ) {}
}

/** What an operation gives, or why it does not. */
export type Outcome<T> = T | Refusal;

/** `resultDescription` as the service words it (PROTOCOL 1.2). */
export function describe(code: number): string {
  if (code === 98) return "Sum of refunds can not be more than original transaction";
  return RESULT_CODES.get(code)?.name ?? `UNKNOWN ERSWSResultCode = ${code}`;
}
