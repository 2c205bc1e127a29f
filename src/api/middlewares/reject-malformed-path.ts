import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrError } from "../../errors/error-codes";

/**
 * Rejects a path with a broken escape, such as `%zz`, which contains no token. Otherwise Express fails where a route reads its
 * parameters, and Medusa answers 500 and logs an error without a remedy. It must run before any
 * matcher with parameters or wildcards.
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
