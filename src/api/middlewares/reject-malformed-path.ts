import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrError } from "../../errors/error-codes";

/**
 * A path with a broken escape, such as `%zz`, holds no token. Left alone, Express fails on it where a route reads its
 * parameters, and Medusa answers 500 and logs an error that nobody can do anything about. So this must run before any
 * matcher that has parameters or wildcards.
 *
 * @throws {MedusaError} SEQR_TOKEN
 */
export function rejectMalformedPath(
  req: MedusaRequest,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  try {
    decodeURIComponent(req.path);
  } catch {
    throw seqrError("SEQR_TOKEN");
  }
  next();
}
