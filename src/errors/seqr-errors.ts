import { MedusaError } from "@medusajs/framework/utils";
import { SeqrError } from "../seqr";

/** The error with which SEQR's refusal of what staff asked for is answered: nothing is wrong with the store. */
export function refusedBySeqr(error: SeqrError): MedusaError {
  return new MedusaError(MedusaError.Types.NOT_ALLOWED, `SEQR ${error.message} ${error.cure}`, error.code);
}

/** Converts an error of the SEQR client into one that Medusa shows, and passes on any other error unchanged. */
export function toMedusaError(error: unknown): unknown {
  if (!(error instanceof SeqrError)) return error;
  const type =
    error.outcome === "refused" && error.code === "SEQR_INPUT"
      ? MedusaError.Types.INVALID_DATA
      : MedusaError.Types.UNEXPECTED_STATE;
  return new MedusaError(type, `SEQR ${error.message} ${error.cure}`, error.code);
}

/**
 * Says that SEQR has not made a refund, and why. That is no failure of the store, whose answer would be status 500 and hide the words from
 * staff.
 */
export function refundNotMade(error: SeqrError): MedusaError {
  const type = error.code === "SEQR_INPUT" ? MedusaError.Types.INVALID_DATA : MedusaError.Types.NOT_ALLOWED;
  return new MedusaError(
    type,
    `The refund was not made. ${error.reason} ${error.cure} [${error.code}]`,
    error.code,
  );
}
