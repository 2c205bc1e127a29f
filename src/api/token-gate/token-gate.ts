import { hashToken, type InvoiceRecord, type TokenKind } from "../../modules/seqr/public";
import { BatchLoader, type BatchLimits } from "./batch-loader";
import { FixedWindowRateLimiter, type Limit } from "./fixed-window-rate-limiter";

/** The public routes, and whose token each accepts. */
const ROUTES = {
  notification: "notification",
  status: "shopper",
  cancel: "shopper",
  return: "shopper",
  page: "shopper",
  events: "shopper",
  renew: "shopper",
} as const satisfies Record<string, TokenKind>;

export type PublicRoute = keyof typeof ROUTES;

/** Limits of one server process. N processes accept N times as much. */
export interface TokenGateLimits {
  /** Requests with the same token. */
  perToken: Record<PublicRoute, Limit>;
  /** Requests with unknown tokens from one address. */
  missesPerAddress: Limit;
  /** Requests with unknown tokens from all addresses, since an address can be forged if no proxy is in front of the server. */
  missesTogether: Limit;
  /** Batching of look-ups in the ledger when there are too many unknown tokens. */
  batch: BatchLimits;
  /** Largest number of tokens or addresses in each count. */
  remembered: number;
}

/** The limits of a store. They are far above the traffic of shoppers and SEQR, so no option is needed. */
export const TOKEN_GATE_LIMITS: TokenGateLimits = {
  perToken: {
    // SEQR sends one, and in some interface versions one more for each change of state (PROTOCOL 5.1).
    notification: { count: 5, per: 60_000 },
    // A hundred tabs that request the status every second, doubled.
    status: { count: 250, per: 1_000 },
    cancel: { count: 10, per: 60_000 },
    return: { count: 60, per: 10_000 },
    // Without its script the page reloads every five seconds: thirty tabs.
    page: { count: 60, per: 10_000 },
    // A hundred tabs that all lost their connection, doubled.
    events: { count: 250, per: 1_000 },
    renew: { count: 10, per: 60_000 },
  },
  missesPerAddress: { count: 20, per: 60_000 },
  missesTogether: { count: 600, per: 60_000 },
  batch: { every: 100, most: 1_000 },
  remembered: 20_000,
};

/** Finds invoices by the hashes of their tokens, in one query. */
export interface TokenLookup {
  findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<Map<string, InvoiceRecord>>;
}

export interface Arrival {
  route: PublicRoute;
  /** The token in the address of the request. */
  token: unknown;
  /** The sender's IP address. */
  address: string;
}

/** The invoice of an accepted token; unknown; or the seconds after which to retry. */
export type Admission = { invoice: InvoiceRecord } | { invoice: undefined } | { retryAfter: number };

/**
 * Authenticates the token of a request and limits guesses. A valid token is never rejected because of other traffic from the
 * same IP address: all of SEQR's notifications come from a few addresses, and a whole company's shoppers from one. When an
 * address exceeds its limit of unknown tokens, its unknown tokens are looked up in batches: a valid token among them still
 * succeeds, and the others receive 429. Only requests with the same token limit that token.
 */
export class TokenGate {
  readonly #perToken: Record<PublicRoute, FixedWindowRateLimiter>;
  readonly #missesPerAddress: FixedWindowRateLimiter;
  readonly #missesTogether: FixedWindowRateLimiter;
  readonly #batches: Record<TokenKind, BatchLoader<InvoiceRecord>>;
  /** Valid tokens, the most recently found last. */
  readonly #known = new Set<string>();

  /** @param now milliseconds since any fixed moment */
  constructor(
    private readonly ledger: TokenLookup,
    private readonly limits: TokenGateLimits = TOKEN_GATE_LIMITS,
    now: () => number = () => performance.now(),
  ) {
    const counter = (limit: Limit): FixedWindowRateLimiter =>
      new FixedWindowRateLimiter(limit, limits.remembered, now);
    this.#perToken = Object.fromEntries(
      Object.entries(limits.perToken).map(([route, limit]) => [route, counter(limit)]),
    ) as Record<PublicRoute, FixedWindowRateLimiter>;
    this.#missesPerAddress = counter(limits.missesPerAddress);
    this.#missesTogether = counter(limits.missesTogether);
    const batch = (kind: TokenKind): BatchLoader<InvoiceRecord> =>
      new BatchLoader(limits.batch, (hashes) => ledger.findByTokenHashes(kind, hashes));
    this.#batches = { notification: batch("notification"), shopper: batch("shopper") };
  }

  /** @throws when the ledger cannot be read */
  async admit({ route, token, address }: Arrival): Promise<Admission> {
    const hash = hashToken(token);
    if (hash === undefined) return absent(this.#missesPerAddress.add(address));
    const tooMany = this.#perToken[route].add(hash);
    if (tooMany !== undefined) return refused(tooMany);

    const kind = ROUTES[route];
    const name = `${kind} ${hash}`;
    if (this.#known.has(name)) return { invoice: await this.#find(kind, hash) };

    // Counted before the ledger answers, so that a burst does not reach it.
    const addressIsOver = this.#missesPerAddress.add(address);
    const togetherIsOver = this.#missesTogether.add(TOGETHER);
    const isCrowded = addressIsOver !== undefined || togetherIsOver !== undefined;
    const invoice = await (isCrowded ? this.#batches[kind].find(hash) : this.#find(kind, hash));
    if (invoice === "full") return refused(this.limits.batch.every);
    if (!invoice) return absent(addressIsOver);
    this.#missesPerAddress.forgive(address);
    this.#missesTogether.forgive(TOGETHER);
    this.#remember(name);
    return { invoice };
  }

  async #find(kind: TokenKind, hash: string): Promise<InvoiceRecord | undefined> {
    return (await this.ledger.findByTokenHashes(kind, [hash])).get(hash);
  }

  #remember(name: string): void {
    this.#known.add(name);
    if (this.#known.size <= this.limits.remembered) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      break;
    }
  }
}

/** The single key of the count over all addresses. */
const TOGETHER = "";

/** @param over milliseconds until the address may retry, if it has exceeded its limit */
function absent(over: number | undefined): Admission {
  return over === undefined ? { invoice: undefined } : refused(over);
}

/** @param wait milliseconds */
function refused(wait: number): Admission {
  return { retryAfter: Math.max(1, Math.ceil(wait / 1_000)) };
}
