import { subtract, sum } from "../../src/seqr";
import type { BookedRefund } from "../../src/workflows/shop";

/** Medusa's records, as far as a payment meets them. All amounts are decimal strings. */

export interface Cart {
  id: string;
  total: string;
  collectionId: string;
  /** The order link: written before the payment is taken. */
  orderId: string | undefined;
  /** Why it cannot become an order, if it cannot: something is sold out. */
  soldOut: boolean;
  /** How often completing it still fails for a reason that passes. */
  hiccups: number;
}

export interface Collection {
  id: string;
  cartId: string | undefined;
  /** The order link. */
  orderId: string | undefined;
  amount: string;
}

export interface Session {
  id: string;
  collectionId: string;
  provider: "seqr" | "other";
  amount: string;
  data: Record<string, unknown>;
  status: string;
}

export interface Payment {
  id: string;
  sessionId: string;
  collectionId: string;
  provider: "seqr" | "other";
  amount: string;
  captured: string;
  canceled: boolean;
  refunds: { id: string; amount: string; at: Date }[];
  data: Record<string, unknown>;
}

export interface Order {
  id: string;
  cartId: string | undefined;
  total: string;
  canceled: boolean;
}

/** Medusa's database, which all processes share. */
export class Books {
  readonly carts = new Map<string, Cart>();
  readonly collections = new Map<string, Collection>();
  readonly sessions = new Map<string, Session>();
  readonly payments = new Map<string, Payment>();
  readonly orders = new Map<string, Order>();
  readonly #paymentOfSession = new Map<string, Payment>();
  readonly #sessionsOf = new Map<string, Session[]>();
  readonly #paymentsOf = new Map<string, Payment[]>();
  #ids = 0;

  id(kind: string): string {
    return `${kind}_${++this.#ids}`;
  }

  addSession(session: Session): void {
    this.sessions.set(session.id, session);
    this.#sessionsOf.set(session.collectionId, [...this.sessionsOf(session.collectionId), session]);
  }

  addPayment(payment: Payment): void {
    this.payments.set(payment.id, payment);
    this.#paymentOfSession.set(payment.sessionId, payment);
    this.#paymentsOf.set(payment.collectionId, [...this.paymentsOf(payment.collectionId), payment]);
  }

  sessionsOf(collectionId: string): Session[] {
    return (this.#sessionsOf.get(collectionId) ?? []).filter(({ id }) => this.sessions.has(id));
  }

  paymentsOf(collectionId: string): Payment[] {
    return this.#paymentsOf.get(collectionId) ?? [];
  }

  paymentOfSession(sessionId: string): Payment | undefined {
    return this.#paymentOfSession.get(sessionId);
  }

  refundIds(): Set<string> {
    return new Set([...this.payments.values()].flatMap(({ refunds }) => refunds.map(({ id }) => id)));
  }

  /** The refunds of SEQR's payments that were written down in a time. */
  refundsBetween(from: Date, to: Date): BookedRefund[] {
    return [...this.payments.values()]
      .filter(({ provider }) => provider === "seqr")
      .flatMap(({ refunds, sessionId }) =>
        refunds
          .filter(({ at }) => at >= from && at < to)
          .map(({ id, amount }) => ({ id, amount, sessionId })),
      );
  }
}

/** What of a payment Medusa has and has not given back. */
export function keptOf({ captured, refunds }: Payment): string {
  return subtract(captured, sum(refunds.map(({ amount }) => amount)));
}
