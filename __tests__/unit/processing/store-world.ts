import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys, MedusaError } from "@medusajs/framework/utils";
import type { Clock } from "../../../src/clock";
import { Terminals } from "../../../src/modules/seqr/operations/terminals";
import { NotificationReliability } from "../../../src/modules/seqr/operations/notification-reliability";
import type { OperationContext } from "../../../src/modules/seqr/operations/operation-context";
import type { DecisionRecord, InvoiceRecord, Ledger } from "../../../src/modules/seqr/ledger/ledger";
import { type PollSource, pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { decimalString } from "../../../src/amounts";
import { madeRefundMetadata, namedRefund } from "../../../src/modules/seqr/operations/refund/medusa-refund";
import SeqrPaymentProvider from "../../../src/providers/seqr/service";
import { subtract } from "../../../src/seqr";
import {
  classifyCompletionError,
  messageOf,
  type Completion,
} from "../../../src/processing/classify-completion-error";
import { recordCaptureInOrder } from "../../../src/medusa/order-captures";
import { processPayment } from "../../../src/processing/process-payment";
import type { ProcessingContext } from "../../../src/processing/processing-context";
import type { RefundInMedusa, Purchase, Store, StoreRefundOutcome } from "../../../src/processing/store-port";
import { compareExactly, subtractExactly, sumExactly } from "../../simulation/exact";
import { present } from "../modules/ledger-contract";
import { queryOver, type Query } from "../providers/medusa-query";
import { MemoryBooksAttention } from "../modules/memory-books-attention";
import { MemoryPeriods } from "../modules/memory-periods";
import { startWorld, type World, type WorldOptions } from "../modules/seqr-world";
import { takeTransition } from "../../../src/modules/seqr/operations/take-transition";

export interface Session {
  id: string;
  collectionId: string;
  provider: "seqr" | "other";
  status: "pending" | "authorized";
  data: Record<string, unknown>;
}

export interface BookRefund {
  id: string;
  amount: string;
  metadata: Record<string, unknown> | null;
  at: Date;
  /** The reason that staff gave. */
  reason?: { label: string; code: string };
}

export interface Payment {
  id: string;
  sessionId: string;
  collectionId: string;
  provider: "seqr" | "other";
  amount: string;
  refunds: BookRefund[];
  /** Of a reservation: its captures. Left out for what SEQR has charged at once. */
  captures?: { id: string; amount: string }[];
  /** Whether core has ever finished a capture of all of it. */
  isCapturedInFull?: boolean;
  isCanceled?: boolean;
  data: Record<string, unknown>;
}

export interface Order {
  id: string;
  total: string;
  outstanding: string;
  /** Amount of what is requested to be returned; none when it is not given. */
  requested?: string;
  /** When staff last worked on a change of it. */
  changedAt?: Date;
  /** Whether core's sum leaves a transaction out. */
  isMiscounted?: boolean;
  isCanceled: boolean;
  canceledAt?: Date;
  /** Counted up by each change of the order; 1 when it is not given. */
  version?: number;
  isPending: boolean;
  placedAt: Date;
  /** The payments and captures of reservations that core, and the plugin in its place, have entered in its books. */
  captures: string[];
  captures_by_plugin: string[];
  /** What its sums say of its entries, if not what they are: each capture is over 1. */
  sum?: number;
  /** Whether somebody is just writing about it. */
  isLocked: boolean;
  /** The refunds that are in its books, and what it cancelled of its payments, under their ids. */
  refunds: { id: string; amount: string }[];
  /** What of it need not be paid, other than its items say. */
  credits: OrderCredit[];
  /** Whether staff are changing it. */
  isEdited: boolean;
}

export interface OrderCredit {
  amount: string;
  reference: string;
  reference_id: string;
}

interface Collection {
  id: string;
  amount: string;
  /** As core calls it; authorized when it is not given. */
  status?: string;
  cartId: string | undefined;
  orderId: string | undefined;
}

interface Cart {
  id: string;
  total: string;
  collectionId: string;
  /** Left out: one over the total. */
  items?: object[];
  /** Why it cannot become an order, if so. */
  obstacle: unknown;
}

/** Points inside of Medusa at which a test may step in: to wait there, or to have the process break off. */
export interface Points {
  /** The order is written, the payment is asked for next. */
  "order written"?: ((order: Order) => unknown) | undefined;
  /** The provider has said that it is paid, and Medusa has not written the payment yet. */
  authorized?: (() => unknown) | undefined;
  /** Medusa has its payment, and the completion goes on. */
  "payment written"?: ((payment: Payment) => unknown) | undefined;
  /** SEQR has made the capture; the payment has it, and its order gets it next. */
  "capture made"?: (() => unknown) | undefined;
  "capture kept"?: (() => unknown) | undefined;
  /** Medusa's record of a refund is written, the provider is asked next. */
  "refund written"?: ((refund: BookRefund) => unknown) | undefined;
  /** SEQR has made the refund. */
  "refund made"?: ((refund: BookRefund) => unknown) | undefined;
  /** The payment has it, and its order's books get it next. */
  "refund kept"?: ((refund: BookRefund) => unknown) | undefined;
  /** A credit line of an order is written, or a refund into its books. */
  "order gets a credit"?: (() => unknown) | undefined;
  "order books a refund"?: (() => unknown) | undefined;
}

/** A store in memory beside a ledger, a real client and a real SEQR: the real provider is asked as core asks it. */
export interface StoreWorld extends World {
  seqr: OperationContext;
  provider: SeqrPaymentProvider;
  store: Store;
  /** What processing works with. */
  processing: ProcessingContext;
  rows: Rows;
  points: Points;
  /** Another process at the same ledger and store. */
  another(): ProcessingContext;
  /** Turns the clock, and runs what was scheduled meanwhile. */
  tick(seconds: number): Promise<void>;
  /** How many things wait for their time. */
  waiting(): number;
  /** A cart whose payment was started: its invoice is open. @param terminal in a store with several */
  checkout(amount?: string, terminal?: string): Promise<Checkout>;
  /** Another payment of the same cart or order. */
  startPayment(
    collectionId: string,
    terminal?: string,
  ): Promise<{ session: Session; invoice: InvoiceRecord }>;
  /** An order that has something to pay, and an open invoice over it: as after an edit of the order. */
  extraPayment(amount?: string): Promise<Checkout & { order: Order }>;
  /** A cart that was paid and is an order. */
  ordered(amount?: string, terminal?: string): Promise<Checkout & { order: Order; payment: Payment }>;
  /** Core has written the order of a cart down, and has not come to its payment. */
  placeOrder(cart: Pick<Checkout, "collectionId">, change?: Partial<Order>): Order;
  /** The purchase was paid with another method. */
  payOtherwise(cart: Pick<Checkout, "collectionId">): Payment;
  /** The shopper pays. */
  pay(invoice: InvoiceRecord): Promise<void>;
  /** The shopper pays, and the ledger knows; Medusa does not. */
  take(invoice: InvoiceRecord): Promise<void>;
  /** Processes an invoice, as the ledger has it now. */
  processInvoice(invoice: InvoiceRecord, source?: PollSource): Promise<InvoiceRecord>;
  /** Staff refund in Medusa: the record first, then the provider; what fails is deleted. */
  refund(payment: Payment, amount: string, metadata?: Record<string, unknown>): Promise<BookRefund>;
  /** Medusa has written a refund down, and the process died before SEQR was asked. */
  unasked(payment: Payment, amount?: string, metadata?: Record<string, unknown>): Promise<BookRefund>;
  /** A person has decided about an entry; what else it did to the ledger is left out. */
  decided(about: Pick<DecisionRecord, "invoice_id" | "kind" | "subject"> & Partial<DecisionRecord>): void;
  paymentOf(sessionId: string): Payment | undefined;
  /** What SEQR gave back, oldest first. */
  refundsAtSeqr(): string[];
}

interface Rows {
  carts: Map<string, Cart>;
  collections: Map<string, Collection>;
  sessions: Map<string, Session>;
  payments: Payment[];
  orders: Map<string, Order>;
}

export interface Checkout {
  invoice: InvoiceRecord;
  session: Session;
  cartId: string;
  collectionId: string;
}

export async function startStoreWorld(options: WorldOptions = {}): Promise<StoreWorld> {
  const world = await startWorld(options);
  const timers = new Set<{ at: number; run: () => void }>();
  const clock: Clock = {
    now: world.now,
    schedule(milliseconds, run) {
      const timer = { at: world.now().getTime() + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const context: OperationContext = { ...world.context, clock };
  const rows: Rows = {
    carts: new Map(),
    collections: new Map(),
    sessions: new Map(),
    payments: [],
    orders: new Map(),
  };
  const points: Points = {};
  let made = 0;
  const id = (kind: string): string => `${kind}_${++made}`;
  const seqr = context;
  const providerFor = (terminal?: string): SeqrPaymentProvider =>
    new SeqrPaymentProvider({ seqr: { context: seqr }, query: queryOf(rows) }, terminal ? { terminal } : {});
  const provider = providerFor();
  const collectionOf = (sessionId: string): Collection | undefined =>
    rows.collections.get(rows.sessions.get(sessionId)?.collectionId ?? "");
  const paymentOf = (sessionId: string): Payment | undefined =>
    rows.payments.find((payment) => payment.sessionId === sessionId);

  async function authorize(session: Session): Promise<Payment> {
    const existing = paymentOf(session.id);
    if (existing && session.status === "authorized") return existing;
    let data = session.data;
    let isReserved = false;
    if (session.provider === "seqr") {
      const answer = await provider.authorizePayment({ data, context: { idempotency_key: session.id } });
      data = answer.data ?? {};
      isReserved = answer.status === "authorized";
      await points.authorized?.();
    }
    const { id: sessionId, collectionId } = session;
    const amount = present(rows.collections.get(collectionId)).amount;
    const payment: Payment = {
      ...{ id: id("pay"), sessionId, collectionId, provider: session.provider, amount, data },
      refunds: [],
      ...(isReserved && { captures: [] }),
    };
    rows.payments.push(payment);
    Object.assign(session, { status: "authorized", data });
    return payment;
  }

  async function completeCart(cartId: string): Promise<Completion> {
    const cart = present(rows.carts.get(cartId));
    const collection = present(rows.collections.get(cart.collectionId));
    if (collection.orderId !== undefined) return { outcome: "order", orderId: collection.orderId };
    let order: Order | undefined;
    let payment: Payment | undefined;
    try {
      const session = [...rows.sessions.values()].find((one) => one.collectionId === collection.id);
      if (!session) throw new MedusaError("invalid_data", "Payment sessions are required to complete cart");
      if (cart.obstacle !== undefined) throw cart.obstacle;
      order = newOrder(id("order"), cart.total, world.now());
      rows.orders.set(order.id, order);
      collection.orderId = order.id;
      await points["order written"]?.(order);
      if (cart.total !== "0.00") {
        payment = await authorize(session);
        await points["payment written"]?.(payment);
        if (!payment.captures) {
          order.captures.push(payment.id);
          order.outstanding = "0.00";
        }
      }
      return { outcome: "order", orderId: order.id };
    } catch (error) {
      if (error instanceof ProcessDied) throw error;
      // Backwards: core cancels the payment, and refunds what has no order.
      if (payment) {
        const taken = payment;
        await provider.cancelPayment({ data: taken.data, context: {} });
        await refund(taken, taken.amount).catch(() => undefined);
      }
      if (order) {
        rows.orders.delete(order.id);
        collection.orderId = undefined;
      }
      return classifyCompletionError(error);
    }
  }

  async function refund(
    payment: Payment,
    amount: string,
    metadata: Record<string, unknown> | null = null,
  ): Promise<BookRefund> {
    if (compareExactly(amount, keptOf(payment)) > 0) {
      throw new MedusaError("invalid_data", "You cannot refund more than what is captured");
    }
    const record: BookRefund = { id: id("ref"), amount, metadata, at: world.now() };
    payment.refunds.push(record);
    try {
      await points["refund written"]?.(record);
      const { data = {} } = await provider.refundPayment({
        amount,
        data: payment.data,
        context: { idempotency_key: record.id },
      });
      await points["refund made"]?.(record);
      payment.data = data;
    } catch (error) {
      if (!(error instanceof ProcessDied)) {
        payment.refunds = payment.refunds.filter((one) => one !== record);
      }
      throw error;
    }
    await points["refund kept"]?.(record);
    orderOf(rows, payment)?.refunds.push({ id: record.id, amount });
    return record;
  }

  async function refundInBooks(
    sessionId: string,
    amount: string,
    metadata?: Record<string, unknown>,
  ): Promise<StoreRefundOutcome> {
    const payment = paymentOf(sessionId);
    if (!payment) return "unknown";
    const kept = keptOf(payment);
    if (compareExactly(kept, metadata ? amount : "0.01") < 0) return "nothing_left";
    await refund(payment, compareExactly(kept, amount) <= 0 ? kept : amount, metadata);
    return "made";
  }

  const store: Store = {
    async purchaseOf(sessionId): Promise<Purchase | undefined> {
      const collection = collectionOf(sessionId);
      if (!collection || (collection.cartId === undefined && collection.orderId === undefined)) return;
      const payments = rows.payments.filter(({ collectionId }) => collectionId === collection.id);
      const { orderId } = collection;
      const ofOrder = ({ collectionId }: { collectionId: string }): boolean =>
        orderId !== undefined && rows.collections.get(collectionId)?.orderId === orderId;
      const sessions = [...rows.sessions.values()].filter(ofOrder);
      return {
        cartId: collection.cartId,
        orderId: collection.orderId,
        paymentId: paymentOf(sessionId)?.id,
        amount: collection.amount,
        isCanceled: collection.status === "canceled",
        isUnpaid: sessions.length === 1 && !rows.payments.some(ofOrder),
        paidOtherwise: payments.some((payment) => payment.sessionId !== sessionId),
      };
    },
    async unpayableOrderOf(collectionId) {
      const { orderId } = rows.collections.get(collectionId) ?? {};
      const ofOrder = (one: { collectionId: string }): boolean =>
        rows.collections.get(one.collectionId)?.orderId === orderId;
      const started = [...rows.sessions.values()].filter(
        ({ provider, data }) => provider !== "seqr" || data["session_id"] !== undefined,
      );
      return [...started, ...rows.payments].some(ofOrder) ? undefined : orderId;
    },
    async dropOtherSessions({ session_id }, isPaid) {
      const own = rows.sessions.get(session_id);
      for (const other of [...rows.sessions.values()]) {
        if (other.id === session_id || other.collectionId !== own?.collectionId) continue;
        if (other.status !== "pending" || (other.provider !== "seqr" && !isPaid)) continue;
        try {
          if (other.provider === "seqr") await provider.deletePayment({ data: other.data });
          rows.sessions.delete(other.id);
        } catch {
          // It stays.
        }
      }
    },
    // An order of this world has one link, to its payment collection.
    linkInterruptedOrder: () => Promise.resolve(),
    completeCart,
    async authorizeForExistingOrder(sessionId) {
      const session = rows.sessions.get(sessionId);
      try {
        if (!session) return { outcome: "done" };
        const payment = await authorize(session);
        await points["payment written"]?.(payment);
        if (!payment.captures) orderOf(rows, payment)?.captures.push(payment.id);
        return { outcome: "done" };
      } catch (error) {
        return { outcome: "failed", message: messageOf(error) };
      }
    },
    async cancelOrder(orderId) {
      present(rows.orders.get(orderId)).isCanceled = true;
    },
    async capture(sessionId, amount) {
      const payment = present(paymentOf(sessionId));
      if (payment.isCanceled) throw new MedusaError("invalid_data", "The payment has been canceled");
      const { captures = [] } = payment;
      if (payment.isCapturedInFull && captures.length > 0) return;
      const capture = { id: id("capt"), amount };
      captures.push(capture);
      try {
        const context = { idempotency_key: capture.id };
        const { data = {} } = await provider.capturePayment({ data: payment.data, context });
        await points["capture made"]?.();
        payment.data = data;
        payment.isCapturedInFull = amount === payment.amount;
      } catch (error) {
        if (!(error instanceof ProcessDied)) captures.splice(captures.indexOf(capture), 1);
        throw error;
      }
      const made = captures.map((one) => one.id);
      await points["capture kept"]?.();
      const order = orderOf(rows, payment);
      if (!order) return;
      const entered = [...order.captures, ...order.captures_by_plugin];
      order.captures.push(...made.filter((one) => !entered.includes(one)));
      order.outstanding = subtract(order.outstanding, amount);
    },
    captureRecordsOf: async (sessionId) => {
      const payment = paymentOf(sessionId);
      const isSaved = payment?.data["ers_reference"] !== undefined;
      return (payment?.captures ?? []).map((one) => ({
        ...{ id: one.id, paymentId: present(payment).id, isSaved },
      }));
    },
    async deleteCaptureRecord(recordId) {
      for (const { captures = [] } of rows.payments) {
        const at = captures.findIndex((capture) => capture.id === recordId);
        if (at >= 0) captures.splice(at, 1);
      }
    },
    unconfirmedCaptures: async () =>
      rows.payments.flatMap(({ captures = [], sessionId }) => captures.map((one) => ({ ...one, sessionId }))),
    async endAuthorization(sessionId) {
      const payment = paymentOf(sessionId);
      if (!payment) return false;
      Object.assign(payment, { isCanceled: true, captures: [] });
      return orderOf(rows, payment)?.isCanceled === false;
    },
    async dropSession(sessionId) {
      Object.assign(paymentOf(sessionId) ?? {}, { isCanceled: true });
      rows.sessions.delete(sessionId);
    },
    async adjustCollectionsAfterEdit(sessionId, reservation) {
      const collection = present(collectionOf(sessionId));
      if (reservation === "stays") collection.status = "authorized";
      if (reservation !== "captured") return;
      collection.amount = sumExactly((paymentOf(sessionId)?.captures ?? []).map(({ amount }) => amount));
      collection.status = "completed";
    },
    recordCaptureInOrder: (...capture) => recordCaptureInOrder(containerOf(storeWorld), ...capture),
    async refundsMissingInOrders(ids) {
      const missing = rows.payments.flatMap((payment) =>
        payment.refunds.filter(({ id: one }) =>
          orderOf(rows, payment)?.refunds.every(({ id: booked }) => booked !== one),
        ),
      );
      return new Set(missing.map((refund) => refund.id).filter((one) => ids.includes(one)));
    },
    async recordRefundsInOrders(ids) {
      const missing = await store.refundsMissingInOrders(ids);
      for (const payment of rows.payments)
        for (const record of payment.refunds)
          if (missing.has(record.id))
            orderOf(rows, payment)?.refunds.push({ id: record.id, amount: record.amount });
    },
    order: async (orderId) => {
      const order = rows.orders.get(orderId);
      if (!order)
        throw new MedusaError(MedusaError.Types.NOT_FOUND, `Order with id: ${orderId} was not found`);
      const { requested = "0.00", isMiscounted = false } = order;
      return { ...order, unpaid: sumExactly([order.outstanding, requested]), isCounted: !isMiscounted };
    },
    lastChangeOf: async (orderId) => rows.orders.get(orderId)?.changedAt,
    refund: (sessionId, amount) => refundInBooks(sessionId, amount),
    recordRefund: (sessionId, refund) => refundInBooks(sessionId, refund.amount, madeRefundMetadata(refund)),
    async recordedRefundIds(ids) {
      const known = rows.payments.flatMap(({ refunds }) => refunds.map((refund) => refund.id));
      return new Set(ids.filter((one) => known.includes(one)));
    },
    async refundRecordsBetween(from, to) {
      return rows.payments
        .filter(({ provider }) => provider === "seqr")
        .flatMap((payment) => recordsOf(payment).filter(({ at }) => at >= from && at < to));
    },
    refundRecordsOf: async (sessionId) => {
      const payment = paymentOf(sessionId);
      return payment ? recordsOf(payment) : [];
    },
    async deleteRefundRecord(recordId) {
      for (const payment of rows.payments)
        payment.refunds = payment.refunds.filter((record) => record.id !== recordId);
    },
  };

  const processing: ProcessingContext = { seqr, store, logger: world.context.logger };

  async function startPayment(
    collectionId: string,
    terminal?: string,
  ): Promise<{ session: Session; invoice: InvoiceRecord }> {
    const session: Session = {
      ...{ id: id("payses"), collectionId, provider: "seqr", status: "pending", data: {} },
    };
    rows.sessions.set(session.id, session);
    try {
      const { currencies } = seqr.terminals.named(terminal).options;
      const { data } = await providerFor(terminal).initiatePayment({
        amount: present(rows.collections.get(collectionId)).amount,
        currency_code: present(currencies[0]),
        data: {},
        context: { idempotency_key: session.id },
      });
      session.data = { ...data };
    } catch (error) {
      rows.sessions.delete(session.id);
      throw error;
    }
    return { session, invoice: present(await seqr.ledger.find({ session_id: session.id })) };
  }

  const storeWorld: StoreWorld = {
    ...world,
    ...{ seqr, provider, store, processing, rows, points, paymentOf, refund, startPayment },
    another: () => ({
      ...processing,
      seqr: {
        ...context,
        // Its own object, so that a test can stop this process at a statement and no other.
        ledger: Object.create(context.ledger) as Ledger,
        terminals: new Terminals(
          context.terminals.all.map((terminal) => ({
            ...terminal,
            notifications: new NotificationReliability(context.ledger, context.clock, terminal.name),
          })),
        ),
      },
    }),
    waiting: () => timers.size,
    async tick(seconds) {
      const end = world.now().getTime() + seconds * 1_000;
      await idle();
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        const until = next ? next.at : end;
        world.pass(Math.max(0, until - world.now().getTime()) / 1_000);
        if (!next) return idle();
        timers.delete(next);
        next.run();
        await idle();
      }
    },
    async checkout(amount = "100.00", terminal) {
      const cartId = id("cart");
      const collectionId = id("pay_col");
      rows.carts.set(cartId, { id: cartId, total: amount, collectionId, obstacle: undefined });
      rows.collections.set(collectionId, { id: collectionId, amount, cartId, orderId: undefined });
      return { ...(await startPayment(collectionId, terminal)), cartId, collectionId };
    },
    async extraPayment(amount = "100.00") {
      const order = newOrder(id("order"), amount, world.now());
      const collectionId = id("pay_col");
      rows.orders.set(order.id, order);
      rows.collections.set(collectionId, {
        ...{ id: collectionId, amount, cartId: undefined, orderId: order.id },
      });
      return { ...(await startPayment(collectionId)), cartId: "", collectionId, order };
    },
    async ordered(amount, terminal) {
      const bought = await storeWorld.checkout(amount, terminal);
      await storeWorld.take(bought.invoice);
      const done = await completeCart(bought.cartId);
      if (done.outcome !== "order") throw new Error(done.message);
      await takeTransition(seqr, await storeWorld.row(bought.invoice), "completed", {
        ...{ order_id: done.orderId, completed_at: world.now() },
      });
      world.asked();
      return {
        ...bought,
        invoice: await storeWorld.row(bought.invoice),
        order: present(rows.orders.get(done.orderId)),
        payment: present(paymentOf(bought.session.id)),
      };
    },
    placeOrder({ collectionId }, change = {}) {
      const collection = present(rows.collections.get(collectionId));
      const order = { ...newOrder(id("order"), collection.amount, world.now()), ...change };
      rows.orders.set(order.id, order);
      collection.orderId = order.id;
      return order;
    },
    payOtherwise({ collectionId }) {
      const { amount } = present(rows.collections.get(collectionId));
      const payment: Payment = {
        ...{ id: id("pay"), sessionId: id("payses"), collectionId, provider: "other", amount },
        ...{ refunds: [], data: {} },
      };
      rows.payments.push(payment);
      return payment;
    },
    async pay({ invoice_reference }) {
      await world.sandbox.phone.pay(invoice_reference ?? "");
    },
    async take(invoice) {
      await storeWorld.pay(invoice);
      await pollPaymentStatus(seqr, invoice, "watch");
      world.asked();
    },
    async unasked(payment, amount = "50.00", metadata) {
      points["refund written"] = () => {
        throw new ProcessDied();
      };
      await expect(refund(payment, amount, metadata)).rejects.toBeInstanceOf(ProcessDied);
      points["refund written"] = undefined;
      return present(payment.refunds.at(-1));
    },
    decided(about) {
      world.ledger.decisions.push({
        ...{
          id: id("seqrdec"),
          action: "accept",
          actor_id: "user_1",
          reason: "seen",
          decided_at: world.now(),
        },
        ...about,
      });
    },
    processInvoice: async (invoice, source = "watch") =>
      processPayment(processing, await world.row(invoice), source),
    refundsAtSeqr: () =>
      world.sandbox.core
        .transactions()
        .filter(({ kind }) => kind === "refund")
        .map(({ amount }) => amount.value),
  };
  return storeWorld;
}

/** The process dies: nothing is undone, nobody hears of it. */
export class ProcessDied extends Error {}

/** Two or more wait here for each other, then all go on. */
export function barrier(parties: number): () => Promise<void> {
  let waiting = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++waiting >= parties) open();
    return opened;
  };
}

/** Something that is held back until it is let go. */
export function gate(): { reached: Promise<void>; pass: () => Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = (): Promise<void> => {
    reach();
    return opened;
  };
  return { reached, pass, open };
}

/** Lets everything run that does not wait for SEQR or for its time. */
async function idle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
}

function newOrder(id: string, total: string, placedAt: Date): Order {
  return {
    ...{ id, total, outstanding: total, placedAt, isCanceled: false, isPending: true, isEdited: false },
    ...{ captures: [], captures_by_plugin: [], isLocked: false, refunds: [], credits: [] },
  };
}

function orderOf(rows: Rows, { collectionId }: Payment): Order | undefined {
  return rows.orders.get(rows.collections.get(collectionId)?.orderId ?? "");
}

function recordsOf({ refunds, data }: Payment): RefundInMedusa[] {
  return refunds.map(({ id, amount, at, metadata }) => ({
    ...{
      id,
      amount: decimalString(amount),
      exactAmount: amount,
      at,
      sessionId: String(data["session_id"]),
      named: namedRefund(metadata),
    },
  }));
}

export function keptOf({ amount, refunds }: Payment): string {
  return subtractExactly(amount, sumExactly(refunds.map((refund) => refund.amount)));
}

/** Medusa's query over the rows, as far as the provider and the workflows ask. */
function queryOf(rows: Rows): Query {
  return queryOver((entity, ids, { canceled_at, payment: of, refunds: { id: refundIds = [] } = {} }) => {
    if (entity === "payment") {
      const found = rows.payments.filter(({ refunds }) => refunds.some(({ id }) => refundIds.includes(id)));
      return found.map((payment) => paymentRow(rows, payment));
    }
    if (entity === "refund") {
      const found = rows.payments.flatMap(({ sessionId, refunds }) =>
        refunds.filter(({ id }) => ids.includes(id) || sessionId === of?.payment_session_id),
      );
      return found.map((row) => ({
        ...{ ...row, created_at: row.at, raw_amount: { value: row.amount, precision: 20 } },
      }));
    }
    if (entity === "capture") {
      const all = rows.payments.flatMap(({ captures = [] }) => captures);
      return all.filter(({ id }) => ids.includes(id));
    }
    if (entity === "cart") return ids.flatMap((id) => rows.carts.get(id) ?? []);
    if (entity === "order") {
      const found = [...rows.orders.values()].filter(
        (order) =>
          (canceled_at === undefined || (order.canceledAt && order.canceledAt >= canceled_at.$gte)) &&
          (canceled_at !== undefined || ids.includes(order.id)),
      );
      return found.map((order) => orderRow(rows, order));
    }
    // An order of this world has one link, to its payment collection, of which linkInterruptedOrder makes nothing.
    if (entity === "order_cart" || entity === "order_payment_collection") return [];
    if (entity === "payment_session") return ids.flatMap((id) => sessionRow(rows, id) ?? []);
    throw new Error(`Medusa has no ${entity}`);
  });
}

function paymentRow(rows: Rows, payment: Payment): object {
  const order = orderOf(rows, payment);
  const refunds = payment.refunds.map(({ amount, at, reason, ...refund }) => ({
    ...{ ...refund, created_at: at, refund_reason: reason ?? null },
    raw_amount: { value: amount, precision: 20 },
  }));
  const payment_collection = { id: payment.collectionId, order: order ? { id: order.id } : null };
  return { ...payment, currency_code: "sek", refunds, payment_collection };
}

function orderRow(rows: Rows, { id }: Order): object {
  const collections = [...rows.collections.values()].filter(({ orderId }) => orderId === id);
  return { id, payment_collections: collections };
}

function sessionRow(rows: Rows, sessionId: string): object | undefined {
  const session = rows.sessions.get(sessionId);
  const collection = rows.collections.get(session?.collectionId ?? "");
  if (!session || !collection) return undefined;
  const cart = rows.carts.get(collection.cartId ?? "");
  const item = cart && { title: "Coffee", quantity: 1, original_total: cart.total, total: cart.total };
  const placed = rows.orders.get(collection.orderId ?? "");
  const order = placed ? { ...placed, canceled_at: placed.isCanceled ? placed.placedAt : null } : null;
  const payments = rows.payments.filter(({ collectionId }) => collectionId === collection.id);
  return {
    id: session.id,
    payment: payments.find((payment) => payment.sessionId === session.id),
    payment_collection_id: collection.id,
    payment_collection: {
      ...{ id: collection.id, amount: collection.amount, payments, order: cart ? null : order },
      status: collection.status ?? "authorized",
      cart: cart && {
        ...{ id: cart.id, total: cart.total, items: cart.items ?? [item], shipping_methods: [] },
        order,
      },
    },
  };
}

interface Transaction {
  id?: string;
  order_id: string;
  reference: string;
  reference_id: string;
  amount: string;
}
type TransactionFilter = { order_id?: string | string[]; reference?: string; reference_id?: string[] };

/** The id under which the plugin enters a capture. */
function ownEntry(captureId: string): string {
  return `ordtrx_seqr_${captureId}`;
}

/** The store as Medusa's container shows it to the workflows: what has an order, what is in whose books. */
export function containerOf({ seqr, rows, context, points }: StoreWorld): MedusaContainer {
  const periods = new MemoryPeriods();
  const booksAttention = new MemoryBooksAttention(periods.tables);
  const payment = {
    listPaymentSessions: async ({
      payment_collection_id: of,
    }: {
      payment_collection_id?: string | string[];
    }) =>
      [...rows.sessions.values()].filter(
        ({ collectionId }) => of === undefined || [of].flat().includes(collectionId),
      ),
    retrievePayment: async (id: string, { relations }: { relations: string[] }) => {
      const { captures = [{ id, amount: 0 }] } = rows.payments.find((one) => one.id === id) ?? {};
      return { currency_code: "sek", ...(relations.includes("captures") && { captures }) };
    },
    retrievePaymentCollection: async () => ({ amount: 1 }),
    updatePaymentCollections: async () => undefined,
    // A payment that Medusa does not know goes back at SEQR alone.
    listPayments: async () => [],
  };
  const order = {
    async retrieveOrder(id: string) {
      const order = present(rows.orders.get(id));
      const { total, outstanding, isCanceled, placedAt, canceledAt = placedAt, version = 1 } = order;
      const canceled_at = isCanceled ? canceledAt : null;
      // Staff may have archived it since.
      const status = isCanceled ? "archived" : "pending";
      const { captures, captures_by_plugin: own, sum = captures.length + own.length } = order;
      const summary = { pending_difference: outstanding, transaction_total: sum };
      return { id, total, summary, status, version, canceled_at, created_at: placedAt };
    },
    listOrderTransactions: async ({ order_id, reference, reference_id }: TransactionFilter) => {
      const of = [...rows.orders.values()].filter(
        ({ id }) => order_id === undefined || order_id.includes(id),
      );
      const all = of.flatMap<{ id: string; reference_id: string }>(
        ({ id, captures, captures_by_plugin: own, refunds }) =>
          reference === "capture"
            ? [
                ...captures.map((reference_id) => ({
                  id: `ordtrx_${reference_id}`,
                  reference_id,
                  amount: "1",
                })),
                ...own.map((reference_id) => ({ id: ownEntry(reference_id), reference_id, amount: "1" })),
              ]
            : refunds.map((refund) => ({
                ...{ id: `ordtrx_${refund.id}`, reference_id: refund.id },
                ...{ order_id: id, amount: `-${refund.amount}` },
              })),
      );
      return all.filter((one) => reference_id === undefined || reference_id.includes(one.reference_id));
    },
    async addOrderTransactions({ id, order_id, reference, reference_id, amount }: Transaction) {
      const one = present(rows.orders.get(order_id));
      if (reference === "capture") {
        if (id !== ownEntry(reference_id)) return void one.captures.push(reference_id);
        if (one.captures_by_plugin.includes(reference_id)) throw new Error("duplicate key");
        return void one.captures_by_plugin.push(reference_id);
      }
      await points["order books a refund"]?.();
      one.refunds.push({ id: reference_id, amount: amount.replace(/^-/, "") });
      one.outstanding = subtract(one.outstanding, amount);
    },
    async deleteOrderTransactions(ids: string[]) {
      for (const one of rows.orders.values())
        one.captures_by_plugin = one.captures_by_plugin.filter((payment) => !ids.includes(ownEntry(payment)));
    },
    listOrderChanges: async ({ order_id, status }: { order_id: string; status: string[] }) =>
      present(rows.orders.get(order_id)).isEdited ? status.map((one) => ({ status: one })) : [],
    async createOrderChange({ order_id }: { order_id: string }) {
      const one = present(rows.orders.get(order_id));
      one.isEdited = true;
      return { id: order_id, version: 2 };
    },
    async addOrderAction({ order_id, amount, reference, reference_id }: OrderCredit & { order_id: string }) {
      present(rows.orders.get(order_id)).credits.push({ amount, reference, reference_id });
    },
    async confirmOrderChange(order_id: string) {
      const one = present(rows.orders.get(order_id));
      await points["order gets a credit"]?.();
      one.isEdited = false;
      one.outstanding = subtract(one.outstanding, present(one.credits.at(-1)).amount);
    },
    async deleteOrderChanges([order_id = ""]: string[]) {
      const one = present(rows.orders.get(order_id));
      one.isEdited = false;
      one.credits.pop();
    },
  };
  const unlocked = (id: string): { id: string } | undefined =>
    rows.orders.get(id)?.isLocked === false ? { id } : undefined;
  const database = () => ({
    where: ({ id }: { id: string }) => ({
      delete: () => order.deleteOrderTransactions([id]),
      forUpdate: () => ({ skipLocked: () => ({ first: async (column: "id") => unlocked(id)?.[column] }) }),
    }),
  });
  const things: Record<string, unknown> = {
    [ContainerRegistrationKeys.PG_CONNECTION]: database,
    ...{ payment, order, query: queryOf(rows), logger: context.logger },
    seqr: {
      ...{ context: seqr, closing: { periods, clock: seqr.clock }, booksAttention },
      heartbeat: { beat: () => undefined },
    },
  };
  return { resolve: (name: string) => things[name] } as unknown as MedusaContainer;
}
