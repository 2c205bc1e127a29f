import { namedRefund } from "../../src/modules/seqr/operations/refund/medusa-refund";
import type { RefundInMedusa } from "../../src/processing/store-port";
import { inHundredths, subtractExactly, sumExactly } from "./exact";

/** Medusa's records, as far as a payment meets them. All amounts are decimal strings, with any number of decimals. */

export interface Cart {
  id: string;
  /** What is to be paid: the goods less the credit. */
  total: string;
  /** Store credit that was put in. */
  credit: string;
  collectionId: string;
  /** The order link: written before the payment is taken. */
  orderId: string | undefined;
  /** Why it cannot become an order, if it cannot: something is sold out. */
  soldOut: boolean;
  /** How often completing it still fails for a reason that passes. */
  hiccups: number;
  /** Whether completing it has ever failed for such a reason. */
  stumbled: boolean;
  /** When its total changed last. */
  changedAt: number;
}

export interface Collection {
  id: string;
  cartId: string | undefined;
  /** The order link. */
  orderId: string | undefined;
  /** What is outstanding, as far as core knows. */
  amount: string;
  /** Whether core has cancelled it, because its order was edited or needs another one. */
  isCanceled?: boolean;
  /** Whether core has cancelled it after a part was captured, and calls it partially captured. */
  isPartiallyCaptured?: boolean;
}

export type Provider = "seqr" | "other";

export interface Session {
  id: string;
  collectionId: string;
  provider: Provider;
  amount: string;
  data: Record<string, unknown>;
  status: string;
  /** Where the database has it among the sessions of its collection. */
  place: number;
}

export interface Payment {
  id: string;
  sessionId: string;
  collectionId: string;
  provider: Provider;
  amount: string;
  /** Whether it was only authorized when it was written down. */
  isReserved: boolean;
  /** What its captures add up to that core has finished. */
  captured: string;
  captures: { id: string; amount: string; at: Date; isSaved: boolean }[];
  /** Whether core has ever finished a capture of all of it. */
  isCapturedInFull?: boolean;
  /** What was outstanding just before it was written down. */
  outstanding: string;
  canceled: boolean;
  refunds: { id: string; amount: string; at: Date; metadata: Record<string, unknown> }[];
  data: Record<string, unknown>;
}

export interface Order {
  id: string;
  cartId: string | undefined;
  total: string;
  /** What it amounted to when it was placed, and when that was. */
  placed: string;
  placedAt: Date;
  /** When staff changed it last. */
  changedAt?: Date;
  canceled: boolean;
  canceledAt?: number;
  canceledBy?: "staff" | "plugin";
  /** Whether it has an order link to its cart's payment collection, which knows only the latest. */
  isLinkedToPayments: boolean;
  /** The captures in its own records, and who has entered them. */
  entries: { paymentId: string; by: "core" | "plugin"; captureId?: string }[];
}

/** What a backup of Medusa's database has. */
export type AccountsCopy = Pick<Accounts, "carts" | "collections" | "sessions" | "payments" | "orders">;

/** Medusa's database, which all processes share. */
export class Accounts {
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
    const sessions = [...this.sessionsOf(session.collectionId), session];
    sessions.sort((one, other) => one.place - other.place);
    this.#sessionsOf.set(session.collectionId, sessions);
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

  /** A backup. */
  copy(): AccountsCopy {
    const { carts, collections, sessions, payments, orders } = this;
    return structuredClone({ carts, collections, sessions, payments, orders });
  }

  /** Everything is as it was when the copy was made; ids go on. */
  restore(copy: AccountsCopy): void {
    const { carts, collections, sessions, payments, orders } = structuredClone(copy);
    for (const index of [this.#paymentOfSession, this.#sessionsOf, this.#paymentsOf]) index.clear();
    refill(this.carts, carts);
    refill(this.collections, collections);
    refill(this.orders, orders);
    this.sessions.clear();
    for (const session of sessions.values()) this.addSession(session);
    this.payments.clear();
    for (const payment of payments.values()) this.addPayment(payment);
  }

  collectionsOf(orderId: string): Collection[] {
    return [...this.collections.values()].filter((collection) => collection.orderId === orderId);
  }

  /** What of an order's money is here. */
  keptFor(orderId: string): string {
    const payments = this.collectionsOf(orderId).flatMap(({ id }) => this.paymentsOf(id));
    return sumExactly(payments.filter(({ canceled }) => !canceled).map(keptOf));
  }

  refundIds(): Set<string> {
    return new Set([...this.payments.values()].flatMap(({ refunds }) => refunds.map(({ id }) => id)));
  }

  /** The refunds of SEQR's payments that were written down in a time. */
  refundsBetween(from: Date, to: Date): RefundInMedusa[] {
    return [...this.payments.values()]
      .filter(({ provider }) => provider === "seqr")
      .flatMap((payment) => recordsOf(payment, ({ at }) => at >= from && at < to));
  }

  recordsOf(sessionId: string): RefundInMedusa[] {
    const payment = this.paymentOfSession(sessionId);
    return payment ? recordsOf(payment, () => true) : [];
  }

  /** The captures that were written down in a time, of payments that are not captured in full. */
  unconfirmedCaptures(from: Date, to: Date): { id: string; amount: string; sessionId: string }[] {
    return [...this.payments.values()]
      .filter(
        ({ provider, isReserved, amount, captured }) =>
          provider === "seqr" && isReserved && captured !== amount,
      )
      .flatMap(({ captures, sessionId }) =>
        captures
          .filter(({ at }) => at >= from && at < to)
          .map(({ id, amount }) => ({ id, amount: inHundredths(amount), sessionId })),
      );
  }

  captureRows(): { id: string; amount: string; payment: { amount: string } }[] {
    return [...this.payments.values()].flatMap(({ amount, captures }) =>
      captures.map((capture) => ({ id: capture.id, amount: capture.amount, payment: { amount } })),
    );
  }

  dropCapture(id: string): void {
    for (const payment of this.payments.values()) {
      const row = payment.captures.find((capture) => capture.id === id);
      if (!row) continue;
      payment.captures = payment.captures.filter((capture) => capture !== row);
      if (row.isSaved) payment.captured = subtractExactly(payment.captured, row.amount);
    }
  }

  dropRefund(id: string): void {
    for (const payment of this.payments.values())
      payment.refunds = payment.refunds.filter((refund) => refund.id !== id);
  }
}

function recordsOf(
  { refunds, sessionId }: Payment,
  isWanted: (refund: Payment["refunds"][number]) => boolean,
): RefundInMedusa[] {
  return refunds.filter(isWanted).map(({ id, amount, metadata, at }) => ({
    ...{ id, amount: inHundredths(amount), exactAmount: amount, sessionId, at },
    named: namedRefund(metadata),
  }));
}

function refill<Row>(table: Map<string, Row>, rows: ReadonlyMap<string, Row>): void {
  table.clear();
  for (const [id, row] of rows) table.set(id, row);
}

/** What of a payment Medusa has and has not given back. */
export function keptOf({ captured, refunds }: Payment): string {
  return subtractExactly(captured, sumExactly(refunds.map(({ amount }) => amount)));
}
