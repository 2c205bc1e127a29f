import { hashToken } from "../../../src/modules/seqr/invoice/tokens";

/** Credentials and payer data of the tests, each like nothing else, so that finding one in a log is never chance. */
export const CANARY = {
  terminal: { id: "canary_terminal", password: "canary-terminal-password" },
  /** Who holds the phone: SEQR's notification names them. */
  payer: { msisdn: "46709182736", subscriberKey: "canary-subscriber-key" },
  email: "astrid@example.com",
} as const;

/** What a log must not hold. */
export interface Secrets {
  /** By what they are. */
  values: Record<string, string>;
  /** Hashes of the tokens: the ledger keeps nothing else of them. */
  tokenHashes: Iterable<string>;
}

/** The secrets of a run that uses the canary. */
export function canarySecrets(tokenHashes: Iterable<string>): Secrets {
  const { terminal, payer, email } = CANARY;
  const { msisdn, subscriberKey } = payer;
  return { values: { "terminal password": terminal.password, msisdn, subscriberKey, email }, tokenHashes };
}

const TOKEN_LENGTH = 43;
/** A token, or something that a token may be a part of. */
const LIKE_TOKENS = new RegExp(`[A-Za-z0-9_-]{${TOKEN_LENGTH},}`, "g");

/** @throws {Error} with every line that holds a secret; the secret itself is left out */
export function expectNoSecrets(log: string, secrets: Secrets): void {
  const leaks = secretsIn(log, secrets);
  if (leaks.length > 0) throw new Error(`The log holds what it must not:\n${leaks.join("\n")}`);
}

/** Lines with secrets, each with what it holds. */
export function secretsIn(log: string, { values, tokenHashes }: Secrets): string[] {
  const hashes = new Set(tokenHashes);
  return log.split("\n").flatMap((line) => {
    const held: [what: string, secret: string][] = [
      ...Object.entries(values)
        .flatMap(([what, value]): [string, string][] => [
          [what, value],
          [what, encodeURIComponent(value)],
        ])
        .filter(([, form]) => line.includes(form)),
      ...possibleTokens(line)
        .filter((token) => hashes.has(hashToken(token) ?? ""))
        .map((token): [string, string] => ["token", token]),
    ];
    return held.length === 0
      ? []
      : [held.reduce((shown, [what, secret]) => shown.replaceAll(secret, `<${what}>`), line)];
  });
}

function possibleTokens(line: string): string[] {
  return (line.match(LIKE_TOKENS) ?? []).flatMap((text) =>
    Array.from({ length: text.length - TOKEN_LENGTH + 1 }, (_, start) =>
      text.slice(start, start + TOKEN_LENGTH),
    ),
  );
}
