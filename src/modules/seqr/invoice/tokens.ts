import { createHash, randomBytes } from "node:crypto";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A new unguessable token: 256 random bits, safe in an address. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * What the ledger keeps of a token, and the only form in which a token that somebody sends is compared with one of
 * ours: by PostgreSQL, which looks the hash up in a unique index. How long that takes depends on the hash, and nobody
 * can choose a token so that its hash begins as another one does; so a token cannot be guessed piece by piece. Nothing
 * compares tokens themselves; whoever has to, must use `timingSafeEqual`.
 *
 * @returns undefined when the text cannot be one of our tokens, which depends on nothing secret
 */
export function hashToken(token: unknown): string | undefined {
  return typeof token === "string" && TOKEN.test(token)
    ? createHash("sha256").update(token).digest("hex")
    : undefined;
}
