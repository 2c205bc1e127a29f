import { MedusaError } from "@medusajs/framework/utils";
import { problem, repeat, type InvoiceRecord, type SeqrPayments } from "../../src/modules/seqr/contract";
import type SeqrPaymentProvider from "../../src/providers/seqr/service";
import { compare } from "../../src/seqr";
import { returnMoneyOf } from "../../src/workflows/canceled-orders";
import { completionOf, messageOf, type Completion } from "../../src/workflows/completion";
import { endCompletion } from "../../src/workflows/confirm-order";
import { settleInvoice, type SettleContext } from "../../src/workflows/settlement";
import type { Purchase, Shop } from "../../src/workflows/shop";
import { keptOf, type Books, type Cart, type Order, type Payment, type Session } from "./books";
import type { Life } from "./life";
import { PaymentModule } from "./payment-module";
import type { Stage } from "./stage";

const PROCESSABLE = ["pending", "requires_more", "authorized", "captured"];
/** Milliseconds that core waits for its lock on a cart: when it completes one, and when it changes one. */
const COMPLETION_LOCK = 30_000;
const CHANGE_LOCK = 2_000;
/** As in the middleware that holds a cart while a storefront completes it. */
const HOLD_TRIES = 60;
const HOLD_EVERY = 250;
const RENEW_EVERY = 3_000;
const AMOUNT_DIFFERS = "SEQR_AMOUNT_DIFFERS";

/** Core's workflows about carts, orders and payments in one process, step by step: `@medusajs/core-flows` 2.21. */
export class Medusa {
  readonly #module: PaymentModule;
  readonly #locked = new Set<string>();
  #context: SettleContext | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly books: Books,
    private readonly life: Life,
    provider: SeqrPaymentProvider,
    private readonly seqr: SeqrPayments,
  ) {
    this.#module = new PaymentModule(books, life, provider);
  }

  /** From now on the plugin's subscribers hear of orders. */
  listen(context: SettleContext): void {
    this.#context = context;
  }

  /** What the plugin sees of this store: stands in for medusaShop. */
  readonly shop: Shop = {
    purchaseOf: (sessionId) => this.life.step("purchase", () => this.#purchaseOf(sessionId)),
    completeCart: async (cartId) => {
      const completion = await this.#completion(cartId);
      if (completion.outcome === "order" || completion.code !== AMOUNT_DIFFERS) return completion;
      await this.life.step("restore cart", () => this.#restore(cartId));
      return this.#completion(cartId);
    },
    takeIn: async (sessionId) => {
      try {
        const paid = await this.life.step("find payment", () => this.books.paymentOfSession(sessionId));
        if (!paid) await this.#module.authorizeSession(sessionId);
        return { outcome: "done" };
      } catch (error) {
        return { outcome: "failed", message: messageOf(error) };
      }
    },
    dropOtherSessions: async () => undefined,
    order: (orderId) =>
      this.life.step("order", () => {
        const order = this.books.orders.get(orderId);
        const total = order?.total ?? "0.00";
        return {
          total,
          owed: total,
          isCanceled: order?.canceled ?? true,
          isPending: true,
          placedAt: new Date(0),
        };
      }),
    recordRefund: (sessionId, { amount }) => this.shop.refund(sessionId, amount),
    refund: async (sessionId, amount) => {
      const payment = await this.life.step("payment", () => this.books.paymentOfSession(sessionId));
      if (!payment) return "unknown";
      if (compare(keptOf(payment), "0") <= 0) return "booked";
      const kept = keptOf(payment);
      await this.#module.refund(payment.id, compare(kept, amount) < 0 ? kept : amount);
      return "made";
    },
    bookedRefunds: (ids) =>
      this.life.step("booked refunds", () => {
        const booked = this.books.refundIds();
        return new Set(ids.filter((id) => booked.has(id)));
      }),
    refundsBetween: (from, to) => this.life.step("refunds", () => this.books.refundsBetween(from, to)),
    cancelOrder: async (orderId) => {
      const order = await this.life.step("order", () => this.books.orders.get(orderId));
      if (order && !order.canceled) await this.cancelOrder(order);
    },
    // The model keeps no transactions of orders.
    bookCapture: () => this.life.step("book capture", () => undefined),
  };

  /** POST /store/payment-collections/:id/payment-sessions: makes the new one and deletes the others, side by side. */
  async createSession(
    collectionId: string,
    provider: Session["provider"],
    amount: string,
    data: Record<string, unknown> = {},
  ): Promise<Session> {
    const old = await this.life.step("old sessions", () => this.books.sessionsOf(collectionId));
    const creating = this.#module.createSession(collectionId, provider, amount, data);
    const [created, deleted] = await Promise.allSettled([creating, this.#deleteSessions(old)]);
    if (created.status === "fulfilled" && deleted.status === "fulfilled") return created.value;
    if (created.status === "fulfilled") await this.#module.deleteSession(created.value.id);
    if (deleted.status === "fulfilled") await this.#recreate(old);
    throw created.status === "rejected" ? created.reason : (deleted as PromiseRejectedResult).reason;
  }

  /** A change of the cart, by which its total changes: the sessions go, or the change is rolled back. */
  async changeCart(cartId: string, total: string): Promise<void> {
    const { books, life } = this;
    const release = await this.#lock(cartId, CHANGE_LOCK);
    try {
      const cart = await life.step("read cart", () => this.#cart(cartId));
      if (cart.orderId !== undefined)
        throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "the cart is completed");
      const before = cart.total;
      await life.step("change cart", () => void (cart.total = total));
      const collection = books.collections.get(cart.collectionId);
      if (!collection || collection.amount === total) return;
      const old = await life.step("old sessions", () => books.sessionsOf(collection.id));
      const [deleted] = await Promise.allSettled([
        this.#deleteSessions(old),
        life.step("change collection", () => void (collection.amount = total)),
      ]);
      if (deleted.status === "fulfilled") return;
      // The collection keeps the new amount: so it was seen of Medusa 2.21.
      await life.step("roll cart back", () => void (cart.total = before));
      throw deleted.reason;
    } finally {
      release();
    }
  }

  /** POST /store/carts/:id/complete, with the plugin's middleware before it. */
  async completeInStorefront(cartId: string): Promise<string> {
    const claimed = await this.#hold(cartId);
    if (!claimed) return this.#complete(cartId);
    const stop = repeat(this.life.clock, RENEW_EVERY, () => this.seqr.renew(claimed));
    try {
      return await this.#complete(cartId);
    } finally {
      stop();
      this.#hear((context) => endCompletion(context, claimed));
    }
  }

  /** Staff refund: core's workflow wants an order, and writes the refund down first. */
  async refundPayment(payment: Payment, amount: string): Promise<void> {
    await this.#module.refund(payment.id, amount);
  }

  /** Staff cancel an order: what cannot be refunded is only logged. */
  async cancelOrder(order: Order): Promise<void> {
    const { books, life } = this;
    if (order.canceled) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "the order is canceled");
    const payments = await life.step("payments of the order", () =>
      [...books.collections.values()]
        .filter(({ orderId }) => orderId === order.id)
        .flatMap(({ id }) => books.paymentsOf(id)),
    );
    await Promise.all(
      payments.map((payment) => this.#giveBack(payment).catch(() => this.stage.count("refunds_swallowed"))),
    );
    await life.step("cancel order", () => void (order.canceled = true));
    this.stage.count("orders_canceled");
    this.#hear((context) => returnMoneyOf(context, [order.id]));
  }

  /** The plugin's job. */
  async returnMoneyOfCanceledOrders(): Promise<void> {
    const canceled = await this.life.step("canceled orders", () =>
      [...this.books.orders.values()].filter(({ canceled }) => canceled).map(({ id }) => id),
    );
    if (canceled.length > 0 && this.#context) await returnMoneyOf(this.#context, canceled);
  }

  async #giveBack(payment: Payment): Promise<void> {
    const rest = keptOf(payment);
    if (compare(rest, "0") > 0) await this.#module.refund(payment.id, rest);
  }

  async #hold(cartId: string): Promise<InvoiceRecord | undefined> {
    let live = await this.seqr.findLiveOfCart(cartId);
    let claimed: InvoiceRecord | undefined;
    for (let tries = 0; live && !(claimed = await this.seqr.claim(live)); tries++) {
      if (tries >= HOLD_TRIES) throw problem("SEQR_BUSY");
      await this.life.sleep(HOLD_EVERY);
      live = await this.seqr.findLiveOfCart(cartId);
    }
    return claimed;
  }

  async #completion(cartId: string): Promise<Completion> {
    try {
      return { outcome: "order", orderId: await this.#complete(cartId) };
    } catch (error) {
      return completionOf(error);
    }
  }

  /** Core's complete-cart: the payment is the last thing; what was done is undone backwards when something fails. */
  async #complete(cartId: string): Promise<string> {
    const { life, books, stage } = this;
    const release = await this.#lock(cartId, COMPLETION_LOCK);
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const cart = await life.step("read cart", () => ({ ...this.#cart(cartId) }));
      const session = await life.step("validate payments", () => this.#firstSession(cart));
      if (cart.orderId !== undefined) return cart.orderId;
      undo.push(() => this.#compensatePayment(session.id, cartId));
      await life.step("validate shipping", () => this.#stumble(cartId));
      const order = await life.step("create order", () => this.#createOrder(cart));
      undo.push(() => life.step("delete order", () => void books.orders.delete(order.id)));
      undo.push(() => life.step("unlink order", () => this.#unlink(order)));
      const linked = await Promise.allSettled([
        life.step("link order", () => this.#link(order)),
        life.step("reserve stock", () => this.#reserve(cartId)),
      ]);
      for (const one of linked) if (one.status === "rejected") throw one.reason;
      const payment = await this.#authorize(session.id);
      undo.push(() => this.#module.cancel(payment));
      await life.step("add transaction", () => this.#stumbleAtTheEnd());
      stage.count("orders");
      stage.note(cartId, `order ${order.id} over ${order.total} with ${payment.id} (${payment.provider})`);
      this.#hear((context) => this.#orderPlaced(context, order));
      return order.id;
    } catch (error) {
      for (const step of undo.reverse()) await step().catch(() => undefined);
      throw error;
    } finally {
      release();
    }
  }

  /** What is not Medusa's own kind of error is logged and replaced. */
  async #authorize(sessionId: string): Promise<Payment> {
    try {
      return await this.#module.authorizeSession(sessionId);
    } catch (error) {
      if (MedusaError.isMedusaError(error)) throw error;
      throw new MedusaError(MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR, "Payment authorization failed");
    }
  }

  /** A captured payment without an order is refunded, and a fresh session made that nobody asked for. */
  async #compensatePayment(sessionId: string, cartId: string): Promise<void> {
    const { life, books } = this;
    const payment = await life.step("payment to compensate", () => books.paymentOfSession(sessionId));
    if (!payment || this.#cart(cartId).orderId !== undefined) return;
    this.stage.count("completions_compensated");
    await this.#giveBack(payment).catch(() => this.stage.count("refunds_swallowed"));
    const session = books.sessions.get(sessionId);
    if (session) await this.createSession(session.collectionId, "seqr", session.amount, session.data);
  }

  async #deleteSessions(sessions: Session[]): Promise<void> {
    const deleted = await Promise.allSettled(sessions.map(({ id }) => this.#module.deleteSession(id)));
    const failed = deleted.findIndex(({ status }) => status === "rejected");
    if (failed < 0) return;
    await this.#recreate(sessions.filter((_, index) => deleted[index]?.status === "fulfilled"));
    // Core's words; ours are only in its log.
    throw new MedusaError(MedusaError.Types.UNEXPECTED_STATE, "Could not delete all payment sessions");
  }

  async #recreate(sessions: Session[]): Promise<void> {
    for (const { collectionId, provider, amount, data } of sessions) {
      await this.#module.createSession(collectionId, provider, amount, data).catch(() => undefined);
    }
  }

  async #orderPlaced(context: SettleContext, order: Order): Promise<void> {
    const { collectionId } = this.#cart(order.cartId ?? "");
    for (const invoice of await this.seqr.invoicesOf([collectionId])) {
      if (invoice.state === "captured") await settleInvoice(context, invoice, "completion");
    }
  }

  /** A subscriber of the plugin hears of something, in this process, a little later. */
  #hear(run: (context: SettleContext) => Promise<unknown>): void {
    const context = this.#context;
    if (!context) return;
    this.life.clock.schedule(this.stage.random.between(1, 50), () => {
      run(context).catch((error: unknown) =>
        this.stage.note(this.life.name, `subscriber: ${messageOf(error)}`),
      );
    });
  }

  async #lock(key: string, patience: number): Promise<() => void> {
    const end = this.life.clock.now().getTime() + patience;
    while (this.#locked.has(key)) {
      if (this.life.clock.now().getTime() >= end) throw new Error("Timed-out acquiring lock.");
      await this.life.sleep(200);
    }
    this.#locked.add(key);
    return () => void this.#locked.delete(key);
  }

  #purchaseOf(sessionId: string): Purchase | undefined {
    const session = this.books.sessions.get(sessionId);
    if (!session) return undefined;
    const collection = this.books.collections.get(session.collectionId);
    const payment = this.books.paymentOfSession(sessionId);
    const payments = this.books.paymentsOf(session.collectionId);
    const cartId = collection?.cartId;
    const orderId = collection?.orderId ?? this.books.carts.get(cartId ?? "")?.orderId;
    if (cartId === undefined && orderId === undefined) return undefined;
    return {
      cartId,
      orderId,
      paymentId: payment?.id,
      amount: collection?.amount ?? "0.00",
      isUnpaid: payments.length === 0 && this.books.sessionsOf(session.collectionId).length === 1,
      paidOtherwise: payments.some(({ id }) => id !== payment?.id),
    };
  }

  #cart(id: string): Cart {
    const cart = this.books.carts.get(id);
    if (!cart) throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such cart");
    return cart;
  }

  /** The database gives a cart's sessions in any order. */
  #firstSession({ collectionId }: Cart): Session {
    const sessions = this.books.sessionsOf(collectionId).filter(({ status }) => PROCESSABLE.includes(status));
    const session = sessions[this.stage.random.between(0, Math.max(0, sessions.length - 1))];
    if (!session)
      throw new MedusaError(MedusaError.Types.INVALID_DATA, "Payment sessions are required to complete cart");
    return session;
  }

  #stumble(cartId: string): void {
    const cart = this.#cart(cartId);
    if (cart.hiccups <= 0) return;
    cart.hiccups -= 1;
    throw new Error("the tax service does not answer");
  }

  #stumbleAtTheEnd(): void {
    if (this.stage.weather.line > 0 && this.stage.random.chance(0.01)) throw new Error("a hook failed");
  }

  #reserve(cartId: string): void {
    if (this.#cart(cartId).soldOut) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "Not enough stock");
  }

  #createOrder(cart: Cart): Order {
    const order: Order = {
      id: this.books.id("order"),
      cartId: cart.id,
      total: cart.total,
      canceled: false,
    };
    this.books.orders.set(order.id, order);
    return order;
  }

  #link(order: Order): void {
    const cart = this.#cart(order.cartId ?? "");
    const collection = this.books.collections.get(cart.collectionId);
    cart.orderId = order.id;
    if (collection) collection.orderId = order.id;
  }

  #unlink(order: Order): void {
    const cart = this.#cart(order.cartId ?? "");
    const collection = this.books.collections.get(cart.collectionId);
    if (cart.orderId === order.id) cart.orderId = undefined;
    if (collection?.orderId === order.id) collection.orderId = undefined;
  }

  #restore(cartId: string): void {
    const cart = this.#cart(cartId);
    const collection = this.books.collections.get(cart.collectionId);
    if (collection) collection.amount = cart.total;
  }
}
