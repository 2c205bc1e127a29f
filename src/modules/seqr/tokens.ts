import { createHash, randomBytes } from "node:crypto";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A new unguessable token: 256 random bits, safe in an address. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * What the ledger keeps of a token. Looking a hash up takes the same time for near and far misses, so a token cannot
 * be guessed piece by piece.
 *
 * @returns undefined when the text cannot be one of our tokens
 */
export function hashToken(token: unknown): string | undefined {
  return typeof token === "string" && TOKEN.test(token)
    ? createHash("sha256").update(token).digest("hex")
    : undefined;
}
