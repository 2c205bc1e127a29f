import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrError } from "../../errors/error-codes";

/**
 * Rejects a request with the character U+0000 anywhere in its path, query or body, or with a broken escape in its path. No text of
 * PostgreSQL can have that character: a query with it would fail, and Medusa would answer 500.
 *
 * @throws {MedusaError} SEQR_CHARACTER
 */
export function rejectNul(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  const [path = ""] = req.originalUrl.split("?");
  if (hasNul(decoded(path)) || hasNul(req.query) || hasNul(req.body)) throw seqrError("SEQR_CHARACTER");
  next();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw seqrError("SEQR_CHARACTER");
  }
}

function hasNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\u0000");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) => hasNul(name) || hasNul(inner));
}
