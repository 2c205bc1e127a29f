import { hashToken, type InvoiceRecord, type TokenKind } from "../../modules/seqr/public";
import { BatchLoader, type BatchLimits } from "./batch-loader";
import { FixedWindowRateLimiter, type Limit } from "./fixed-window-rate-limiter";

/** The routes that anybody may call, and whose token each takes. */
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

/** What one server process lets through. With N processes, N times as much. */
export interface TokenGateLimits {
  /** Requests with the same token. */
  perToken: Record<PublicRoute, Limit>;
  /** Requests from one address with a token that nobody has. */
  missesPerAddress: Limit;
  /** The same from all addresses together, since an address can be forged where no proxy stands before the server. */
  missesTogether: Limit;
  /** How the ledger is asked for unknown tokens once there are too many of them. */
  batch: BatchLimits;
  /** Tokens or addresses that each count remembers. */
  remembered: number;
}

/** The limits of a store. They are far from what a shopper or SEQR does, and are no option: there is nothing to choose. */
export const TOKEN_GATE_LIMITS: TokenGateLimits = {
  perToken: {
    // SEQR sends one, and in some interface versions one more for each change of state (PROTOCOL 5.1).
    notification: { count: 5, per: 60_000 },
    // A hundred tabs that ask every second, twice over.
    status: { count: 250, per: 1_000 },
    cancel: { count: 10, per: 60_000 },
    return: { count: 60, per: 10_000 },
    // Without its script the page loads itself again every five seconds: thirty tabs.
    page: { count: 60, per: 10_000 },
    // A hundred tabs that all lost their connection, twice over.
    events: { count: 250, per: 1_000 },
    renew: { count: 10, per: 60_000 },
  },
  missesPerAddress: { count: 20, per: 60_000 },
  missesTogether: { count: 600, per: 60_000 },
  batch: { every: 100, most: 1_000 },
  remembered: 20_000,
};

/** Where invoices are found: by the hash of their token, in one question. */
export interface TokenLookup {
  findByTokenHashes(kind: TokenKind, hashes: string[]): Promise<Map<string, InvoiceRecord>>;
}

export interface Arrival {
  route: PublicRoute;
  /** As it stands in the address of the request. */
  token: unknown;
  /** The sender's. */
  address: string;
}

/** Let in with the invoice; not known; or asked to come back in so many seconds. */
export type Admission = { invoice: InvoiceRecord } | { invoice: undefined } | { retryAfter: number };

/**
 * Decides who gets to the ledger. All of SEQR's notifications come from few addresses and a whole company's shoppers
 * from one, so nobody with a real token is turned away for what others do at the same address: an address that sends
 * too many tokens of nobody has its unknown tokens looked up in batches, so that the real one among them is still
 * found, and everybody else gets to wait. Only requests with one and the same token limit that token.
 */
export class TokenGate {
  readonly #perToken: Record<PublicRoute, FixedWindowRateLimiter>;
  readonly #missesPerAddress: FixedWindowRateLimiter;
  readonly #missesTogether: FixedWindowRateLimiter;
  readonly #batches: Record<TokenKind, BatchLoader<InvoiceRecord>>;
  /** Tokens that somebody has, those learnt last at the end. */
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

    // Counted before the ledger has answered: else a whole burst would get to it.
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

/** The one key of the count over all addresses. */
const TOGETHER = "";

/** @param over milliseconds until the address may ask again, if it has asked too often */
function absent(over: number | undefined): Admission {
  return over === undefined ? { invoice: undefined } : refused(over);
}

/** @param wait milliseconds */
function refused(wait: number): Admission {
  return { retryAfter: Math.max(1, Math.ceil(wait / 1_000)) };
}
