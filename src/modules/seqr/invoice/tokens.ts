import { createHash, randomBytes } from "node:crypto";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A new unguessable token: 256 random bits, safe in an address. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * Hashes a token for the ledger. Tokens are compared only by their hashes, which PostgreSQL looks up in a unique index: the time
 * that takes depends on the hash and not on the token, so that a token cannot be guessed piece by piece. Code that has to
 * compare tokens themselves must use `timingSafeEqual`.
 *
 * @returns undefined when the text does not have the form of a token
 */
export function hashToken(token: unknown): string | undefined {
  return typeof token === "string" && TOKEN.test(token)
    ? createHash("sha256").update(token).digest("hex")
    : undefined;
}
