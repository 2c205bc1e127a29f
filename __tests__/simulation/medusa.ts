import { MedusaError } from "@medusajs/framework/utils";
import { seqrError } from "../../src/errors/error-codes";
import type { InvoiceRecord } from "../../src/modules/seqr/public";
import { compare, subtract } from "../../src/seqr";
import { refundCanceledOrders } from "../../src/processing/refunds/refund-canceled-orders";
import {
  classifyCompletionError,
  messageOf,
  type Completion,
} from "../../src/processing/classify-completion-error";
import { releaseAfterCompletion } from "../../src/medusa/process-order-payments";
import { processPayment } from "../../src/processing/process-payment";
import type { ProcessingContext } from "../../src/processing/processing-context";
import { madeRefundMetadata } from "../../src/modules/seqr/operations/refund/medusa-refund";
import type {
  CaptureRecordedBy,
  EditedReservation,
  RefundMadeBySeqr,
  Purchase,
  Store,
  StoreRefundOutcome,
} from "../../src/processing/store-port";
import {
  keptOf,
  type Accounts,
  type Cart,
  type Collection,
  type Order,
  type Payment,
  type Session,
} from "./accounts";
import { asNumber, compareExactly, inHundredths, isAbout, subtractExactly, sumExactly } from "./exact";
import type { SimulatedProcess } from "./simulated-process";
import { PaymentModule, type OfferedProvider } from "./payment-module";
import type { RunContext } from "./run-context";
import type { OperationContext } from "../../src/modules/seqr/operations/operation-context";
import { lockPurchase } from "../../src/modules/seqr/operations/purchase-lock";
import { LONG_WAIT, keepLease, waitForLease } from "../../src/modules/seqr/ledger/lease";

const PROCESSABLE = ["pending", "requires_more", "authorized", "captured"];
/** Milliseconds that core waits for its lock on a cart: when it completes one, and when it changes one. */
const COMPLETION_LOCK = 30_000;
const CHANGE_LOCK = 2_000;
const AMOUNT_DIFFERS = "SEQR_AMOUNT_DIFFERS";
/** Milliseconds in which a start that broke off can show. */
const BROKEN_OFF = 120_000;
const ENDED = "SEQR_PAYMENT_ENDED";

/** What marks a refund in the records that nobody has asked for: the plugin gives money back. */
export const BY_ITSELF = { by: "plugin" };

/** Core's workflows about carts, orders and payments in one process, step by step: `@medusajs/core-flows` 2.21. */
export class Medusa {
  readonly #module: PaymentModule;
  readonly #locked = new Set<string>();
  /** Orders that the plugin has had placed, and those of them that were looked at. */
  readonly #mine = new Set<string>();
  readonly #placed = new Set<string>();
  #context: ProcessingContext | undefined;

  constructor(
    private readonly runContext: RunContext,
    private readonly accounts: Accounts,
    private readonly process: SimulatedProcess,
    providers: readonly OfferedProvider[],
    private readonly seqr: OperationContext,
    /** An invoice of a purchase whose money SEQR has had since a moment and which does not go back. */
    private readonly paidAtSeqr: (collectionId: string, since: number) => string | undefined,
  ) {
    this.#module = new PaymentModule(runContext, accounts, process, providers);
  }

  /** From now on the plugin's subscribers hear of orders. */
  listen(context: ProcessingContext): void {
    this.#context = context;
  }

  /** What the plugin sees of this store: stands in for medusaStore. */
  readonly store: Store = {
    purchaseOf: (sessionId) => this.process.step("purchase", () => this.#purchaseOf(sessionId)),
    unpayableOrderOf: (collectionId) =>
      this.process.step("unpayable order", () => this.#unpayableOrderOf(collectionId)),
    completeCart: async (cartId) => {
      const completion = await this.#completion(cartId);
      this.#checkMethod(cartId, completion);
      if (completion.outcome === "order" || completion.code !== AMOUNT_DIFFERS) return completion;
      await this.process.step("restore cart", () => this.#restore(cartId));
      return this.#completion(cartId);
    },
    authorizeForExistingOrder: async (sessionId, _amount, action) => {
      try {
        const paid = await this.process.step("find payment", () => this.accounts.paymentOfSession(sessionId));
        const payment = paid ?? (await this.#module.authorizeSession(sessionId));
        const { orderId } = this.accounts.collections.get(payment.collectionId) ?? {};
        if (orderId !== undefined && action === "captured") await this.#enterCapture(orderId, payment);
        return { outcome: "done" };
      } catch (error) {
        return { outcome: "failed", message: messageOf(error) };
      }
    },
    dropOtherSessions: async ({ session_id, payment_collection_id }, isPaid) => {
      const sessions = await this.process.step("sessions", () =>
        this.accounts.sessionsOf(payment_collection_id),
      );
      if (!sessions.some(({ id }) => id === session_id)) return;
      const others = sessions.filter(
        ({ id, provider, status }) =>
          id !== session_id && (provider === "seqr" || isPaid) && status === "pending",
      );
      for (const { id } of others) await this.#module.deleteSession(id).catch(() => undefined);
    },
    linkInterruptedOrder: async ({ payment_collection_id: id }) => {
      const links = await this.process.step("links", () => this.#linksOf(id));
      if (!links) return;
      const { cart, collection } = links;
      const ofCart = this.accounts.orders.get(cart.orderId ?? "");
      const ofCollection = this.accounts.orders.get(collection.orderId ?? "");
      if (ofCart && !ofCollection)
        await this.process.step("link collection", () => this.#linkCollection(ofCart));
      if (ofCollection && !ofCart) await this.process.step("link cart", () => this.#linkCart(ofCollection));
    },
    order: (orderId) =>
      this.process.step("order", () => {
        const order = this.accounts.orders.get(orderId);
        if (!order) throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such order");
        const { total, placed, canceled, placedAt } = order;
        const outstanding = subtractExactly(total, this.accounts.keptFor(orderId));
        return {
          ...{ total: inHundredths(total), outstanding: inHundredths(outstanding) },
          // In this model nothing is returned, and an order is changed in one moment.
          ...{ unpaid: inHundredths(outstanding), isCounted: true },
          ...{ isCanceled: canceled, isPending: !canceled && total === placed, placedAt },
        };
      }),
    lastChangeOf: (orderId) =>
      this.process.step("changes", () => this.accounts.orders.get(orderId)?.changedAt),
    refund: (sessionId, amount) => this.#refund(sessionId, amount),
    recordRefund: (sessionId, made) => this.#refund(sessionId, made.amount, made),
    recordedRefundIds: (ids) =>
      this.process.step("booked refunds", () => {
        const booked = this.accounts.refundIds();
        return new Set(ids.filter((id) => booked.has(id)));
      }),
    refundRecordsOf: (sessionId) => this.process.step("records", () => this.accounts.recordsOf(sessionId)),
    deleteRefundRecord: (id) => this.process.step("drop record", () => this.accounts.dropRefund(id)),
    refundRecordsBetween: (from, to) =>
      this.process.step("refunds", () => this.accounts.refundsBetween(from, to)),
    cancelOrder: async (orderId) => {
      const order = await this.process.step("order", () => this.accounts.orders.get(orderId));
      if (order && !order.canceled) await this.cancelOrder(order, "plugin");
    },
    recordCaptureInOrder: (...capture) => this.#recordCaptureInOrder(...capture),
    capture: async (sessionId, amount) => {
      const payment = await this.process.step("payment", () => this.accounts.paymentOfSession(sessionId));
      if (!payment) throw new Error("Medusa has no such payment");
      if (payment.isCapturedInFull && payment.captures.length === 0)
        await this.process.step("forget lost capture", () => void (payment.isCapturedInFull = false));
      await this.capturePayment(payment, isAbout(payment.amount, amount) ? payment.amount : amount);
    },
    captureRecordsOf: (sessionId) =>
      this.process.step("captures", () => {
        const payment = this.accounts.paymentOfSession(sessionId);
        return (payment?.captures ?? []).map(({ id }) => ({
          ...{ id, paymentId: payment?.id ?? "" },
          isSaved: payment?.data["ers_reference"] !== undefined,
        }));
      }),
    deleteCaptureRecord: async (id) => {
      await this.process.step("drop entry of capture", () => {
        for (const order of this.accounts.orders.values())
          order.entries = order.entries.filter(({ captureId }) => captureId !== id);
      });
      await this.process.step("drop capture", () => this.accounts.dropCapture(id));
    },
    unconfirmedCaptures: (from, to) =>
      this.process.step("unconfirmed captures", () => this.accounts.unconfirmedCaptures(from, to)),
    endAuthorization: (sessionId) => this.#endAuthorization(sessionId),
    dropSession: async (sessionId) => {
      const payment = await this.process.step("payment", () => this.accounts.paymentOfSession(sessionId));
      if (payment && !payment.canceled) await this.#module.cancel(payment);
      if (this.accounts.sessions.has(sessionId)) await this.#module.deleteSession(sessionId);
    },
    adjustCollectionsAfterEdit: (sessionId, reservation) =>
      this.process.step("adjust collections", () => this.#adjustCollections(sessionId, reservation)),
    // Of an order's own records the model keeps the captures alone.
    refundsMissingInOrders: () => Promise.resolve(new Set()),
    recordRefundsInOrders: () => Promise.resolve(),
  };

  async #refund(sessionId: string, amount: string, made?: RefundMadeBySeqr): Promise<StoreRefundOutcome> {
    const payment = await this.process.step("payment", () => this.accounts.paymentOfSession(sessionId));
    if (!payment) return "unknown";
    // The difference of what is rounded, as SEQR has it: 171.28 of 349.20 and 177.915.
    const refunded = sumExactly(payment.refunds.map((refund) => refund.amount));
    const kept = subtract(inHundredths(payment.captured), inHundredths(refunded));
    if (compare(kept, made ? amount : "0.01") < 0) return "nothing_left";
    const isFullRemainder = compare(kept, amount) <= 0;
    await this.#module.refund(
      payment.id,
      isFullRemainder ? keptOf(payment) : amount,
      () => undefined,
      made ? madeRefundMetadata(made) : BY_ITSELF,
    );
    return "made";
  }

  /** Core's workflow: the payment first, then the order's records. @returns whether it was captured now */
  async capturePayment({ id }: Payment, amount: string): Promise<boolean> {
    const { isNew, ids } = await this.#module.capture(id, amount);
    const orderId = this.#orderIdOf(this.accounts.payments.get(id));
    for (const captureId of ids)
      if (orderId !== undefined) await this.#enterCapture(orderId, { id, provider: "seqr" }, captureId);
    this.runContext.count("captures");
    this.#hear(async (context) => {
      const { sessionId } = this.accounts.payments.get(id) ?? {};
      const invoice = await this.seqr.ledger.find({ session_id: sessionId ?? "" });
      if (invoice?.state === "committed") await processPayment(context, invoice, "completion");
    });
    return isNew;
  }

  /** POST /admin/payments/:id/capture, with the plugin's middleware before it. @returns whether it was captured now */
  async captureInAdmin(payment: Payment, amount: string): Promise<boolean> {
    const leased = await this.#lease(() => this.seqr.ledger.find({ session_id: payment.sessionId }));
    const capture = (): Promise<boolean> => this.capturePayment(payment, amount);
    return leased ? this.#underLease(leased, capture) : capture();
  }

  #orderIdOf(payment: Payment | undefined): string | undefined {
    const { orderId, cartId = "" } = this.accounts.collections.get(payment?.collectionId ?? "") ?? {};
    return orderId ?? this.accounts.carts.get(cartId)?.orderId;
  }

  async #endAuthorization(sessionId: string): Promise<boolean> {
    const { accounts, process } = this;
    const payment = await process.step("payment", () => accounts.paymentOfSession(sessionId));
    if (!payment) return false;
    await process.step("cancel collection", () => {
      for (const { id } of [...payment.captures]) accounts.dropCapture(id);
      const collection = accounts.collections.get(payment.collectionId);
      if (collection) collection.isCanceled = true;
    });
    if (!payment.canceled) await this.#module.cancel(payment);
    const order = accounts.orders.get(this.#orderIdOf(payment) ?? "");
    if (!order || order.canceled) return false;
    await process.step("collection to pay again", () => this.#collectOutstanding(order));
    return true;
  }

  #adjustCollections(sessionId: string, reservation: EditedReservation): void {
    const payment = this.accounts.paymentOfSession(sessionId);
    const collection = this.accounts.collections.get(payment?.collectionId ?? "");
    const order = this.accounts.orders.get(this.#orderIdOf(payment) ?? "");
    if (!payment || !collection || !order) return;
    const captured = sumExactly(payment.captures.map(({ amount }) => amount));
    if (reservation === "stays") collection.isCanceled = false;
    if (reservation === "captured")
      Object.assign(collection, { amount: captured, isCanceled: false, isPartiallyCaptured: false });
    this.#askForOutstanding(order);
  }

  #askForOutstanding(order: Order): void {
    const unpaid = this.#unpaidCollection(order.id);
    const amount = this.#outstanding(order);
    if (!unpaid) return;
    if (compareExactly(amount, "0") > 0) unpaid.amount = amount;
    else unpaid.isCanceled = true;
  }

  #collectOutstanding(order: Order): void {
    const unpaid = this.#unpaidCollection(order.id);
    const amount = this.#outstanding(order);
    if (unpaid) unpaid.amount = amount;
    else this.#newCollection(order.id, amount);
  }

  #newCollection(orderId: string, amount: string): Collection {
    const made: Collection = { id: this.accounts.id("pay_col"), cartId: undefined, orderId, amount };
    this.accounts.collections.set(made.id, made);
    return made;
  }

  #unpaidCollection(orderId: string): Collection | undefined {
    const { accounts } = this;
    return accounts
      .collectionsOf(orderId)
      .find(({ id, isCanceled }) => !isCanceled && accounts.paymentsOf(id).every(({ canceled }) => canceled));
  }

  /** What no collection has captured or authorized. */
  #outstanding(order: Order): string {
    const { accounts } = this;
    const reserved = accounts
      .collectionsOf(order.id)
      .flatMap(({ id }) => accounts.paymentsOf(id))
      .filter(
        ({ isReserved, canceled, captures }) =>
          isReserved && !canceled && !captures.some(({ isSaved }) => isSaved),
      )
      .map(({ amount }) => amount);
    const rest = subtractExactly(order.total, sumExactly([accounts.keptFor(order.id), ...reserved]));
    return compareExactly(rest, "0") > 0 ? rest : "0.00";
  }

  /** POST /store/payment-collections/:id/payment-sessions, with the plugin's middleware before it. */
  async startPayment(collectionId: string, provider: Session["provider"], amount: string): Promise<Session> {
    const letGo = await lockPurchase(this.seqr, collectionId);
    try {
      return await this.createSession(collectionId, provider, amount);
    } finally {
      await letGo();
    }
  }

  /** Core's workflow: makes the new session and deletes the others, side by side. */
  async createSession(
    collectionId: string,
    provider: Session["provider"],
    amount: string,
    data: Record<string, unknown> = {},
  ): Promise<Session> {
    const old = await this.process.step("old sessions", () => {
      if (!this.accounts.collections.has(collectionId))
        throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such payment collection");
      return this.accounts.sessionsOf(collectionId);
    });
    // Provider, region and customer are looked up meanwhile.
    await this.process.sleep(this.runContext.random.between(5, 120));
    const creating = this.#module.createSession(collectionId, provider, amount, data);
    const [created, deleted] = await Promise.allSettled([creating, this.#deleteSessions(old)]);
    if (created.status === "fulfilled" && deleted.status === "fulfilled") return created.value;
    if (created.status === "fulfilled") await this.#module.deleteSession(created.value.id);
    if (deleted.status === "fulfilled") await this.#recreate(old);
    throw created.status === "rejected" ? created.reason : (deleted as PromiseRejectedResult).reason;
  }

  /** A change of the cart, by which its total changes: the sessions go, or the change is rolled back. */
  async changeCart(cartId: string, total: string): Promise<void> {
    const { accounts, process } = this;
    const release = await this.#lock(cartId, CHANGE_LOCK);
    try {
      const cart = await process.step("read cart", () => this.#cart(cartId));
      if (cart.orderId !== undefined)
        throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "the cart is completed");
      const before = cart.total;
      await process.step("change cart", () => this.#setTotal(cart, total));
      const collection = accounts.collections.get(cart.collectionId);
      if (!collection || compareExactly(collection.amount, total) === 0) return;
      const old = await process.step("old sessions", () => accounts.sessionsOf(collection.id));
      const [deleted] = await Promise.allSettled([
        this.#deleteSessions(old),
        process.step("change collection", () => void (collection.amount = total)),
      ]);
      if (deleted.status === "fulfilled") return;
      // The collection keeps the new amount: so it was seen of Medusa 2.21.
      await process.step("roll cart back", () => this.#setTotal(cart, before));
      throw deleted.reason;
    } finally {
      release();
    }
  }

  /** POST /store/carts/:id/complete, with the plugin's middleware before it. */
  async completeInStorefront(cartId: string): Promise<string> {
    const begun = this.process.clock.now().getTime();
    try {
      return await this.#completeUnderLease(cartId);
    } catch (error) {
      this.#checkAnswer(cartId, error, begun);
      throw error;
    }
  }

  async #completeUnderLease(cartId: string): Promise<string> {
    const leased = await this.#lease(() => this.seqr.ledger.findLiveOfCart(cartId));
    if (!leased) return this.#complete(cartId);
    return this.#underLease(leased, async () => {
      await this.store.dropOtherSessions(leased, false);
      await this.store.linkInterruptedOrder(leased);
      return this.#complete(cartId);
    });
  }

  async #underLease<T>(leased: InvoiceRecord, work: () => Promise<T>): Promise<T> {
    const stop = keepLease(this.seqr, leased);
    try {
      return await work();
    } finally {
      stop();
      this.#hear((context) => releaseAfterCompletion(context, leased));
    }
  }

  /**
   * Staff refund: core's workflow wants an order, and writes the refund down first.
   *
   * @param writing called just before it is written down
   */
  async refundPayment(payment: Payment, amount: string, writing: () => void): Promise<void> {
    const refund = (): Promise<void> => this.#module.refund(payment.id, amount, writing);
    const leased = await this.#lease(() => this.seqr.ledger.find({ session_id: payment.sessionId }));
    return leased ? this.#underLease(leased, refund) : refund();
  }

  /** The page's "new code": as src/shopper/restart-payment.ts. */
  async renew(collectionId: string): Promise<Session> {
    const { accounts, process, seqr } = this;
    const letGo = await lockPurchase(seqr, collectionId);
    try {
      const hasNothingToPay = await process.step("what is to be paid anew", () => {
        const collection = accounts.collections.get(collectionId);
        const { cartId = "", orderId = "", amount = "0" } = collection ?? {};
        const cart = accounts.carts.get(cartId);
        if (cart) return cart.orderId !== undefined;
        if (collection?.isCanceled) return true;
        return accounts.orders.get(orderId)?.canceled !== false || compareExactly(amount, "0") <= 0;
      });
      if (hasNothingToPay) throw seqrError("SEQR_NOTHING_TO_PAY");
      const newest = (await seqr.ledger.invoicesOf([collectionId]))[0];
      const session = accounts.sessionsOf(collectionId).find(({ id }) => id === newest?.session_id);
      if (newest?.state === "open" && newest.expires_at > seqr.clock.now() && session) return session;
      return await this.createSession(
        collectionId,
        "seqr",
        accounts.collections.get(collectionId)?.amount ?? "0.00",
      );
    } finally {
      await letGo();
    }
  }

  /** Store credit pays for a cart: core does not look at its payment collection then. */
  async giveCredit(cartId: string, credit: string): Promise<void> {
    await this.process.step("credit", () => {
      const cart = this.#cart(cartId);
      if (cart.orderId !== undefined) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "completed");
      cart.credit = credit;
      this.#setTotal(cart, subtractExactly(cart.total, credit));
    });
  }

  /**
   * Staff change an order: an unpaid collection of it gets the new amount and keeps its sessions; otherwise there is a
   * new one when money is missing.
   *
   * @returns where the difference can be paid
   */
  async editOrder(orderId: string, total: string): Promise<Collection | undefined> {
    const { accounts, process } = this;
    const [collection, authorized] = await process.step("edit order", (): [Collection?, Payment?] => {
      const order = accounts.orders.get(orderId);
      if (!order || order.canceled) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "canceled");
      Object.assign(order, { total, changedAt: process.clock.now() });
      const pending = subtractExactly(total, accounts.keptFor(orderId));
      const isUnpaid = ({ id, isCanceled }: Collection): boolean =>
        !isCanceled && accounts.paymentsOf(id).every(({ canceled }) => canceled);
      const existing = accounts.collectionsOf(orderId).find(isUnpaid);
      this.runContext.note(orderId, `is now over ${total}, ${pending} is missing`);
      // An authorized payment is cancelled with its collection, and all of the total is asked for anew.
      const payments = accounts.collectionsOf(orderId).flatMap(({ id }) => accounts.paymentsOf(id));
      const reserved = payments.find(
        ({ isReserved, canceled, isCapturedInFull, collectionId: id }) =>
          isReserved && !canceled && !isCapturedInFull && isAuthorized(accounts.collections.get(id)),
      );
      if (reserved && compareExactly(pending, "0") > 0) {
        const canceled = accounts.collections.get(reserved.collectionId);
        const status = compareExactly(reserved.captured, "0") > 0 ? "isPartiallyCaptured" : "isCanceled";
        if (canceled) canceled[status] = true;
        return [this.#newCollection(orderId, pending), reserved];
      }
      if (existing) {
        if (compareExactly(pending, "0") >= 0) existing.amount = pending;
        return [existing];
      }
      if (compareExactly(pending, "0") <= 0) return [];
      return [this.#newCollection(orderId, pending)];
    });
    if (authorized)
      await this.#module.cancel(authorized).catch(() => this.runContext.count("cancels_swallowed"));
    return collection;
  }

  /** Staff say that an unpaid collection was paid in another way. */
  async markAsPaid({ id, amount }: Collection): Promise<void> {
    const { accounts, process } = this;
    const isPaid = await process.step("payments", () =>
      accounts.paymentsOf(id).some(({ canceled }) => !canceled),
    );
    if (isPaid) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "it is paid");
    const session = await this.createSession(id, "other", amount);
    await this.#module.authorizeSession(session.id);
  }

  /** An order is cancelled: what cannot be refunded is only logged. */
  async cancelOrder(order: Order, by: "staff" | "plugin" = "staff"): Promise<void> {
    const { accounts, process } = this;
    if (order.canceled) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "the order is canceled");
    const payments = await process.step("payments of the order", () =>
      accounts.collectionsOf(order.id).flatMap(({ id }) => accounts.paymentsOf(id)),
    );
    if (by === "plugin") this.#checkCancellation(order, payments);
    for (const { sessionId } of payments) this.runContext.cancelled.add(sessionId);
    for (const payment of payments.filter(({ captures }) => captures.length === 0))
      await this.#module.cancel(payment).catch(() => this.runContext.count("cancels_swallowed"));
    await Promise.all(
      payments.map((payment) =>
        this.#refundAtSeqr(payment).catch(() => this.runContext.count("refunds_swallowed")),
      ),
    );
    await process.step("cancel order", () => {
      Object.assign(order, { canceled: true, canceledAt: process.clock.now().getTime(), canceledBy: by });
    });
    this.runContext.count("orders_canceled");
    this.#hear(async (context) => {
      const collections = accounts.collectionsOf(order.id).map(({ id }) => id);
      for (const invoice of await this.seqr.ledger.invoicesOf(collections)) {
        if (invoice.state === "open") await processPayment(context, invoice, "staff");
      }
      await refundCanceledOrders(context, [order.id]);
    });
  }

  /** The plugin's job. */
  async refundRecentlyCanceledOrders(): Promise<void> {
    const canceled = await this.process.step("canceled orders", () =>
      [...this.accounts.orders.values()].filter(({ canceled }) => canceled).map(({ id }) => id),
    );
    if (canceled.length > 0 && this.#context) await refundCanceledOrders(this.#context, canceled);
  }

  async #refundAtSeqr(payment: Payment): Promise<void> {
    const rest = keptOf(payment);
    if (compareExactly(rest, "0") > 0) await this.#module.refund(payment.id, rest);
  }

  async #lease(find: () => Promise<InvoiceRecord | undefined>): Promise<InvoiceRecord | undefined> {
    const lease = await waitForLease(this.seqr, find, LONG_WAIT);
    if (lease === "busy") throw seqrError("SEQR_BUSY");
    return lease?.invoice;
  }

  async #completion(cartId: string): Promise<Completion> {
    try {
      const orderId = await this.#complete(cartId, (placed) => this.#mine.add(placed));
      return { outcome: "order", orderId };
    } catch (error) {
      return classifyCompletionError(error);
    }
  }

  /** Core's complete-cart: the payment is the last thing; what was done is undone backwards when something fails. */
  async #complete(cartId: string, placed: (orderId: string) => unknown = () => undefined): Promise<string> {
    const { process, accounts, runContext } = this;
    const release = await this.#lock(cartId, COMPLETION_LOCK);
    const undo: (() => Promise<unknown>)[] = [];
    let stoodStill = false;
    try {
      const cart = await process.step("read cart", () => ({ ...this.#cart(cartId) }));
      const session = await process.step("validate payments", () => this.#firstSession(cart));
      if (cart.orderId !== undefined) return cart.orderId;
      if (session) undo.push(() => this.#compensatePayment(session.id, cartId));
      await process.step("validate shipping", () => this.#stumble(cartId));
      const order = await process.step("create order", () => this.#createOrder(cart));
      undo.push(() => process.step("delete order", () => void accounts.orders.delete(order.id)));
      undo.push(() => process.step("unlink order", () => this.#unlink(order)));
      // The links are sent at once, and either is written first.
      const links = [
        () => process.step("link cart", () => this.#linkCart(order)),
        () => process.step("link collection", () => this.#linkCollection(order)),
      ];
      if (runContext.random.chance(0.5)) links.reverse();
      const linked = await Promise.allSettled([
        ...links.map((link) => link()),
        process.step("reserve stock", () => this.#reserve(cartId)),
      ]);
      for (const one of linked) if (one.status === "rejected") throw one.reason;
      const payment = session && (await this.#authorize(session.id));
      if (payment) undo.push(() => this.#module.cancel(payment));
      if (payment && !payment.isReserved) {
        undo.push(() => process.step("drop entry", () => this.#dropEntry(order.id, payment.id, "core")));
        stoodStill = await this.#enterCapture(order.id, payment);
      }
      await process.step("order created", () => this.#stumbleAtTheEnd(stoodStill));
      runContext.count(payment ? "orders" : "orders_on_credit");
      const paidWith = payment ? `${payment.id} (${payment.provider})` : "store credit";
      runContext.note(cartId, `order ${order.id} over ${order.total} with ${paidWith}`);
      placed(order.id);
      this.#hear((context) => this.#orderPlaced(context, order));
      return order.id;
    } catch (error) {
      for (const step of undo.reverse()) await step().catch(() => undefined);
      throw error;
    } finally {
      release();
    }
  }

  /**
   * Core's last step: it looks whether the entry is there, and writes it; nothing keeps others from it in between.
   *
   * @returns whether core stood still meanwhile
   */
  async #enterCapture(
    orderId: string,
    { id: paymentId, provider }: Pick<Payment, "id" | "provider">,
    captureId?: string,
  ): Promise<boolean> {
    const { accounts, process, runContext } = this;
    const entries = await process.step("entries", () => [...(accounts.orders.get(orderId)?.entries ?? [])]);
    if (entries.some((entry) => entry.paymentId === paymentId && entry.captureId === captureId)) return false;
    const standsStill = provider === "seqr" && runContext.happens("lateEntries");
    const standStill = async (): Promise<void> => {
      runContext.count("late_entries");
      runContext.trouble();
      runContext.note(orderId, `${process.name} stands still about ${paymentId}`);
      await process.sleep(runContext.random.between(5_000, 240_000));
    };
    const isBefore = standsStill && runContext.random.chance(0.7);
    if (isBefore) await standStill();
    await process.step("enter", () => {
      const capture = captureId !== undefined && { captureId };
      accounts.orders.get(orderId)?.entries.push({ paymentId, by: "core", ...capture });
      runContext.note(orderId, `${process.name} enters ${captureId ?? paymentId}`);
    });
    if (standsStill && !isBefore) await standStill();
    return standsStill;
  }

  /** As recordCaptureInOrder of src/medusa/order-captures.ts. */
  async #recordCaptureInOrder(
    orderId: string,
    paymentId: string,
    isOverdue: boolean,
    captureId: string | null,
  ): Promise<CaptureRecordedBy> {
    const { accounts, process, runContext } = this;
    const isOfCapture = (entry: Order["entries"][number]): boolean =>
      entry.paymentId === paymentId && (entry.captureId ?? null) === captureId;
    const found = await process.step("entries", () =>
      (accounts.orders.get(orderId)?.entries ?? []).filter(isOfCapture),
    );
    const isOurs = found.some(({ by }) => by === "plugin");
    if (found.some(({ by }) => by === "core")) {
      if (isOurs) await process.step("drop entry", () => this.#dropEntry(orderId, paymentId, "plugin"));
      return "core";
    }
    if (isOurs) return "plugin";
    if (!isOverdue) return "none";
    await process.step("enter", () => {
      const entries = accounts.orders.get(orderId)?.entries ?? [];
      if (entries.some((entry) => isOfCapture(entry) && entry.by === "plugin"))
        throw new Error("duplicate key: order_transaction");
      entries.push({ paymentId, by: "plugin", ...(captureId !== null && { captureId }) });
      runContext.count("entries_by_plugin");
      runContext.note(orderId, `${process.name} enters ${paymentId} in core's place`);
    });
    return "plugin";
  }

  #dropEntry(orderId: string, paymentId: string, by: "core" | "plugin"): void {
    const order = this.accounts.orders.get(orderId);
    if (!order) return;
    this.runContext.note(orderId, `${this.process.name} drops ${by}'s entry of ${paymentId}`);
    order.entries = order.entries.filter((entry) => entry.paymentId !== paymentId || entry.by !== by);
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
    const { process, accounts } = this;
    const payment = await process.step("payment to compensate", () => accounts.paymentOfSession(sessionId));
    if (!payment || this.#cart(cartId).orderId !== undefined || payment.isReserved) return;
    this.runContext.count("completions_compensated");
    this.runContext.compensated.add(sessionId);
    await this.#refundAtSeqr(payment).catch(() => this.runContext.count("refunds_swallowed"));
    const session = accounts.sessions.get(sessionId);
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

  async #orderPlaced(context: ProcessingContext, order: Order): Promise<void> {
    const { collectionId } = this.#cart(order.cartId ?? "");
    for (const invoice of await this.seqr.ledger.invoicesOf([collectionId])) {
      if (["captured", "authorized", "open"].includes(invoice.state)) {
        await processPayment(context, invoice, "completion");
      }
    }
  }

  /** A subscriber of the plugin hears of something, in this process, a little later. */
  #hear(run: (context: ProcessingContext) => Promise<unknown>): void {
    const context = this.#context;
    if (!context) return;
    this.process.clock.schedule(this.runContext.random.between(1, 50), () => {
      run(context).catch((error: unknown) =>
        this.runContext.note(this.process.name, `subscriber: ${messageOf(error)}`),
      );
    });
  }

  async #lock(key: string, patience: number): Promise<() => void> {
    const end = this.process.clock.now().getTime() + patience;
    while (this.#locked.has(key)) {
      if (this.process.clock.now().getTime() >= end) throw new Error("Timed-out acquiring lock.");
      await this.process.sleep(200);
    }
    this.#locked.add(key);
    return () => void this.#locked.delete(key);
  }

  #unpayableOrderOf(collectionId: string): string | undefined {
    const collection = this.accounts.collections.get(collectionId);
    const orderId = this.#orderOf(collection);
    const all = [collectionId, ...this.accounts.collectionsOf(orderId ?? "").map(({ id }) => id)];
    const isLeft = (id: string): boolean =>
      this.accounts.paymentsOf(id).length > 0 ||
      this.accounts
        .sessionsOf(id)
        .some(({ provider, data }) => provider !== "seqr" || data["session_id"] !== undefined);
    return all.some(isLeft) ? undefined : orderId;
  }

  /** A link to an order that was deleted leads nowhere. */
  #orderOf(collection: Collection | undefined): string | undefined {
    const ofCart = this.accounts.carts.get(collection?.cartId ?? "")?.orderId;
    return [collection?.orderId, ofCart].find((id) => this.accounts.orders.has(id ?? ""));
  }

  #purchaseOf(sessionId: string): Purchase | undefined {
    const session = this.accounts.sessions.get(sessionId);
    if (!session) return undefined;
    const collection = this.accounts.collections.get(session.collectionId);
    const payment = this.accounts.paymentOfSession(sessionId);
    const payments = this.accounts.paymentsOf(session.collectionId);
    const cartId = collection?.cartId;
    const orderId = this.#orderOf(collection);
    if (cartId === undefined && orderId === undefined) return undefined;
    const collections = this.accounts.collectionsOf(orderId ?? "");
    return {
      cartId,
      orderId,
      paymentId: payment?.id,
      amount: inHundredths(collection?.amount ?? "0"),
      isCanceled: collection?.isCanceled === true,
      isUnpaid:
        orderId !== undefined &&
        collections.every(({ id }) => this.accounts.paymentsOf(id).length === 0) &&
        collections.flatMap(({ id }) => this.accounts.sessionsOf(id)).length === 1,
      paidOtherwise: payments.some(({ id }) => id !== payment?.id),
    };
  }

  #cart(id: string): Cart {
    const cart = this.accounts.carts.get(id);
    if (!cart) throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such cart");
    return cart;
  }

  /** The database gives a cart's sessions in any order, the same each time. Credit that covers all needs none. */
  #firstSession({ collectionId, total }: Cart): Session | undefined {
    if (compareExactly(total, "0") <= 0) return undefined;
    const [session] = this.accounts
      .sessionsOf(collectionId)
      .filter(({ status }) => PROCESSABLE.includes(status));
    if (!session)
      throw new MedusaError(MedusaError.Types.INVALID_DATA, "Payment sessions are required to complete cart");
    return session;
  }

  #setTotal(cart: Cart, total: string): void {
    cart.total = total;
    cart.changedAt = this.process.clock.now().getTime();
  }

  /** Nobody who has paid is told that no money was taken. */
  #checkAnswer(cartId: string, error: unknown, begun: number): void {
    if ((error as { code?: string }).code !== ENDED) return;
    const paid = this.paidAtSeqr(this.#cart(cartId).collectionId, begun);
    if (paid !== undefined)
      this.runContext.wrong(
        cartId,
        `the shopper is told that no money was taken, and invoice ${paid} is paid`,
      );
  }

  /** What SEQR is about to pay for, or has paid for, is not ordered by another method. */
  #checkMethod(cartId: string, completion: Completion): void {
    if (completion.outcome !== "order" || this.#placed.has(completion.orderId)) return;
    this.#placed.add(completion.orderId);
    const { collectionId, total } = this.#cart(cartId);
    const payments = this.accounts.paymentsOf(collectionId).filter(({ canceled }) => !canceled);
    const isOther = payments.length > 0 && payments.every(({ provider }) => provider === "other");
    // A start that broke off leaves both sessions, and nobody knows which method is meant; the payment goes back.
    const now = this.process.clock.now().getTime();
    const wasInTrouble = this.runContext.wasInTrouble(now - BROKEN_OFF, Infinity, null);
    if (isOther && !wasInTrouble && compareExactly(total, "0") > 0 && this.#mine.has(completion.orderId))
      this.runContext.wrong(cartId, `the plugin has placed order ${completion.orderId} on another method`);
  }

  #checkCancellation(order: Order, payments: Payment[]): void {
    if (compareExactly(order.total, "0") <= 0)
      this.runContext.wrong(order.cartId ?? order.id, `order ${order.id} needs no payment, and is cancelled`);
    if (payments.some((payment) => !payment.canceled && compareExactly(keptOf(payment), "0") > 0))
      this.runContext.wrong(order.cartId ?? order.id, `order ${order.id} is paid, and the plugin cancels it`);
  }

  #stumble(cartId: string): void {
    const cart = this.#cart(cartId);
    if (cart.hiccups <= 0) return;
    cart.hiccups -= 1;
    cart.stumbled = true;
    throw new Error("the tax service does not answer");
  }

  /** What made core stand still may be what makes it fail. */
  #stumbleAtTheEnd(stoodStill: boolean): void {
    const { random, weather } = this.runContext;
    if (stoodStill ? random.chance(0.3) : weather.line > 0 && random.chance(0.01))
      throw new Error("a hook failed");
  }

  #reserve(cartId: string): void {
    if (this.#cart(cartId).soldOut) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "Not enough stock");
  }

  #createOrder(cart: Cart): Order {
    const order: Order = {
      id: this.accounts.id("order"),
      cartId: cart.id,
      total: cart.total,
      placed: cart.total,
      placedAt: this.process.clock.now(),
      canceled: false,
      isLinkedToPayments: false,
      entries: [],
    };
    this.accounts.orders.set(order.id, order);
    return order;
  }

  /** A cart and its payment collection, each with its own link to the order. */
  #linksOf(collectionId: string): { cart: Cart; collection: Collection } | undefined {
    const collection = this.accounts.collections.get(collectionId);
    const cart = this.accounts.carts.get(collection?.cartId ?? "");
    return cart && collection && { cart: { ...cart }, collection: { ...collection } };
  }

  #linkCart(order: Order): void {
    this.#cart(order.cartId ?? "").orderId = order.id;
  }

  #linkCollection(order: Order): void {
    const collection = this.accounts.collections.get(this.#cart(order.cartId ?? "").collectionId);
    if (!collection) return;
    collection.orderId = order.id;
    order.isLinkedToPayments = true;
  }

  #unlink(order: Order): void {
    const cart = this.#cart(order.cartId ?? "");
    const collection = this.accounts.collections.get(cart.collectionId);
    if (cart.orderId === order.id) cart.orderId = undefined;
    if (collection?.orderId === order.id) collection.orderId = undefined;
    order.isLinkedToPayments = false;
  }

  #restore(cartId: string): void {
    const cart = this.#cart(cartId);
    const collection = this.accounts.collections.get(cart.collectionId);
    if (collection) collection.amount = asNumber(cart.total);
  }
}

/** Whether core calls the collection of a reservation authorized. */
function isAuthorized(collection: Collection | undefined): boolean {
  return collection !== undefined && !collection.isCanceled && !collection.isPartiallyCaptured;
}
