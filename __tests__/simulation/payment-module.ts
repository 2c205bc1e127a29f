import { MedusaError } from "@medusajs/framework/utils";
import type SeqrPaymentProvider from "../../src/providers/seqr/service";
import { messageOf } from "../../src/processing/classify-completion-error";
import { keptOf, type Accounts, type Payment, type Session } from "./accounts";
import { asNumber, compareExactly, subtractExactly, sumExactly } from "./exact";
import { DatabaseGone, type SimulatedProcess } from "./simulated-process";
import type { RunContext } from "./run-context";

/** A payment provider, and the currency of the region that offers it. */
export interface OfferedProvider {
  provider: SeqrPaymentProvider;
  currency_code: string;
}

/** By so much core lets refunds exceed what was captured: a hundredth. */
const TOLERANCE = "0.01";

/**
 * Medusa's Payment module in one process: its rows, its order of steps, and what it does when one fails, as in
 * `@medusajs/payment` 2.21.
 */
export class PaymentModule {
  constructor(
    private readonly runContext: RunContext,
    private readonly accounts: Accounts,
    private readonly process: SimulatedProcess,
    /** One for each terminal. They differ only in what they start. */
    private readonly providers: readonly OfferedProvider[],
  ) {}

  get #seqr(): SeqrPaymentProvider {
    return this.#first.provider;
  }

  get #first(): OfferedProvider {
    const [first] = this.providers;
    if (!first) throw new Error("no provider");
    return first;
  }

  /** The provider that the region offers to a shopper. */
  get #offered(): OfferedProvider {
    const { providers, runContext } = this;
    // Worlds with one terminal are not to differ by one throw of the dice.
    if (providers.length === 1) return this.#first;
    return providers[runContext.random.between(0, providers.length - 1)] ?? this.#first;
  }

  async createSession(
    collectionId: string,
    provider: Session["provider"],
    total: string,
    earlier: Record<string, unknown> = {},
  ): Promise<Session> {
    const { accounts, process, runContext } = this;
    // The column for queries is a number.
    const amount = asNumber(total);
    const session = await process.step("create session", () => {
      const made: Session = {
        ...{ id: accounts.id("payses"), collectionId, provider, amount },
        ...{ data: {}, status: "pending", place: runContext.random.next() },
      };
      accounts.addSession(made);
      return made;
    });
    let isInitiated = false;
    try {
      const { data, status } =
        provider === "other"
          ? { data: {}, status: "pending" }
          : await this.#initiate(session.id, amount, earlier);
      isInitiated = true;
      await process.step("save session", () => {
        Object.assign(session, { data: { ...earlier, ...data }, status: status ?? "pending" });
      });
      return session;
    } catch (error) {
      if (isInitiated && provider === "seqr") await this.#seqr.deletePayment({ data: earlier });
      await process.step("drop session", () => void accounts.sessions.delete(session.id));
      throw error;
    }
  }

  #initiate(
    sessionId: string,
    amount: string,
    earlier: Record<string, unknown>,
  ): ReturnType<SeqrPaymentProvider["initiatePayment"]> {
    const { provider, currency_code } = this.#offered;
    return provider.initiatePayment({
      ...{ amount: Number(amount), currency_code, data: { ...earlier, session_id: sessionId } },
      context: { idempotency_key: sessionId },
    });
  }

  async deleteSession(id: string): Promise<void> {
    const session = await this.#session(id);
    if (session.provider === "seqr") await this.#seqr.deletePayment({ data: session.data });
    await this.process.step("delete session", () => void this.accounts.sessions.delete(id));
  }

  async authorizeSession(id: string): Promise<Payment> {
    const { accounts, process } = this;
    const session = await this.#session(id);
    const existing = await process.step("read payment", () => accounts.paymentOfSession(id));
    if (existing && session.status === "authorized") return existing;
    const { data = {}, status } =
      session.provider === "other"
        ? { data: {}, status: "captured" }
        : await this.#seqr.authorizePayment({ data: session.data, context: { idempotency_key: id } });
    let payment: Payment;
    try {
      payment = await process.step("write payment", () => this.#pay(session, data, status));
    } catch (error) {
      if (session.provider === "seqr") await this.#seqr.cancelPayment({ data, context: {} });
      throw error;
    }
    await process.step("update collection", () => undefined);
    return payment;
  }

  /** The refund is written down first, and deleted when anything fails: also when SEQR has made it. */
  async refund(
    paymentId: string,
    amount: string,
    writing: () => void = () => undefined,
    metadata: Record<string, unknown> = {},
  ): Promise<void> {
    const { accounts, process, runContext } = this;
    const { payment, refund } = await process.step("create refund", () => {
      const payment = accounts.payments.get(paymentId);
      if (!payment) throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such payment");
      if (compareExactly(amount, sumExactly([keptOf(payment), TOLERANCE])) > 0) {
        throw new MedusaError(MedusaError.Types.INVALID_DATA, "You cannot refund more than what is captured");
      }
      const refund = { id: accounts.id("ref"), amount, at: process.clock.now(), metadata };
      writing();
      payment.refunds.push(refund);
      runContext.note(
        payment.sessionId,
        `${process.name} writes refund ${refund.id} over ${amount} into the books`,
      );
      return { payment, refund };
    });
    if (payment.provider !== "seqr") return;
    if (runContext.happens("unasked")) {
      runContext.count("refunds_unasked");
      throw new DatabaseGone("before the provider is asked, and before the refund is deleted");
    }
    try {
      const context = { idempotency_key: refund.id };
      const { data = {} } = await this.#seqr.refundPayment({ amount, data: payment.data, context });
      if (runContext.happens("forgotten")) {
        runContext.count("refunds_forgotten");
        throw new DatabaseGone("save refunded payment");
      }
      await process.step("save refunded payment", () => void (payment.data = data));
    } catch (error) {
      await process.step("delete refund", () => {
        payment.refunds = payment.refunds.filter((other) => other !== refund);
        runContext.note(
          payment.sessionId,
          `${process.name} deletes refund ${refund.id}: ${messageOf(error)}`,
        );
      });
      throw error;
    }
  }

  /**
   * The capture is written down first, and deleted when anything fails: also when SEQR has made it. A payment that was captured in
   * full gets no other capture.
   *
   * @returns whether it was captured now, and the ids of the payment's captures
   */
  async capture(paymentId: string, amount: string): Promise<{ isNew: boolean; ids: string[] }> {
    const { accounts, process, runContext } = this;
    const { payment, capture } = await process.step("create capture", () => {
      const payment = accounts.payments.get(paymentId);
      if (!payment) throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such payment");
      if (payment.canceled)
        throw new MedusaError(MedusaError.Types.INVALID_DATA, "The payment has been canceled");
      if (payment.isCapturedInFull) return { payment };
      const rest = subtractExactly(payment.amount, sumExactly(payment.captures.map((one) => one.amount)));
      if (compareExactly(amount, rest) > 0)
        throw new MedusaError(
          MedusaError.Types.INVALID_DATA,
          "You cannot capture more than the authorized amount",
        );
      const capture = { id: accounts.id("capt"), amount, at: process.clock.now(), isSaved: false };
      payment.captures.push(capture);
      runContext.note(payment.sessionId, `${process.name} writes capture ${capture.id} over ${amount}`);
      return { payment, capture };
    });
    if (!capture) return { isNew: false, ids: payment.captures.map(({ id }) => id) };
    if (runContext.happens("uncaptured")) {
      runContext.count("captures_unasked");
      throw new DatabaseGone("before the provider is asked, and before the capture is deleted");
    }
    try {
      const context = { idempotency_key: capture.id };
      const { data = {} } = await this.#seqr.capturePayment({ data: payment.data, context });
      if (runContext.happens("lostCaptures")) {
        runContext.count("captures_forgotten");
        throw new DatabaseGone("save captured payment");
      }
      await process.step("save captured payment", () => {
        payment.data = data;
        if (compareExactly(capture.amount, payment.amount) === 0) payment.isCapturedInFull = true;
        if (!payment.captures.includes(capture)) return;
        capture.isSaved = true;
        payment.captured = sumExactly(
          payment.captures.filter(({ isSaved }) => isSaved).map((one) => one.amount),
        );
        // Core works the status of the collection out anew.
        const collection = accounts.collections.get(payment.collectionId);
        if (collection) Object.assign(collection, { isCanceled: false, isPartiallyCaptured: false });
      });
    } catch (error) {
      await process.step("delete capture", () => {
        accounts.dropCapture(capture.id);
        runContext.note(
          payment.sessionId,
          `${process.name} deletes capture ${capture.id}: ${messageOf(error)}`,
        );
      });
      throw error;
    }
    const ids = await process.step("read captures", () => payment.captures.map(({ id }) => id));
    return { isNew: true, ids };
  }

  async cancel(payment: Payment): Promise<void> {
    if (payment.provider === "seqr") {
      await this.#seqr.cancelPayment({ data: payment.data, context: { idempotency_key: payment.id } });
    }
    await this.process.step("cancel payment", () => void (payment.canceled = true));
  }

  async #session(id: string): Promise<Session> {
    const session = await this.process.step("read session", () => this.accounts.sessions.get(id));
    if (!session) throw new MedusaError(MedusaError.Types.NOT_FOUND, "no such session");
    return session;
  }

  #pay(session: Session, data: Record<string, unknown>, status: string): Payment {
    const { accounts } = this;
    if (!accounts.sessions.has(session.id)) throw new Error("the session is gone");
    if (accounts.paymentOfSession(session.id)) throw new Error("duplicate key: payment_session_id");
    const { collectionId, provider, amount } = session;
    Object.assign(session, { status: "authorized", data });
    const paid = accounts.paymentsOf(collectionId).filter(({ canceled }) => !canceled);
    const { amount: asked } = accounts.collections.get(collectionId) ?? { amount };
    const id = accounts.id("pay");
    const isReserved = status === "authorized";
    const at = this.process.clock.now();
    const payment: Payment = {
      ...{ id, sessionId: session.id, collectionId, provider, amount, isReserved },
      captured: isReserved ? "0.00" : amount,
      captures: isReserved ? [] : [{ id: `capt_of_${id}`, amount, at, isSaved: true }],
      ...{ canceled: false, refunds: [], data },
      outstanding: subtractExactly(asked, sumExactly(paid.map(keptOf))),
    };
    accounts.addPayment(payment);
    return payment;
  }
}
