import {
  AbstractPaymentProvider,
  ContainerRegistrationKeys,
  PaymentActions,
  PaymentSessionStatus,
} from "@medusajs/framework/utils";
import type {
  AuthorizePaymentInput,
  AuthorizePaymentOutput,
  BigNumberRawValue,
  BigNumberValue,
  CancelPaymentInput,
  CancelPaymentOutput,
  CapturePaymentInput,
  CapturePaymentOutput,
  CreateAccountHolderOutput,
  DeletePaymentInput,
  DeletePaymentOutput,
  GetPaymentStatusInput,
  GetPaymentStatusOutput,
  InitiatePaymentInput,
  InitiatePaymentOutput,
  ProviderWebhookPayload,
  RefundPaymentInput,
  RefundPaymentOutput,
  RemoteQueryFunction,
  RetrievePaymentInput,
  RetrievePaymentOutput,
  UpdatePaymentInput,
  UpdatePaymentOutput,
  WebhookActionResult,
} from "@medusajs/framework/types";
import { after } from "../../clock";
import { seqrError } from "../../errors/error-codes";
import {
  REQUESTED_BY_MEDUSA,
  STATE_TABLE,
  type InvoiceRecord,
  type RefundRecord,
  type SeqrModuleService,
  REFUND_RETRY_WINDOW,
  issueInvoice,
  updateInvoice,
  findByToken,
  cancelInvoice,
  currentInvoice,
  authorizePayment,
  refundInvoice,
  takeTransition,
  type OperationContext,
  rekeyRefund,
} from "../../modules/seqr/public";
import { decimalString, nextPart } from "../../amounts";
import {
  closedRefunds,
  isOver,
  isTakenOver,
  isToBeMade,
  madeAndBooked,
  madeOver,
  namedRefund,
} from "../../modules/seqr/operations/refund/medusa-refund";
import { invoiceRows } from "./invoice-rows";
import { totalOfSession, purchaseOfSession, type SessionPurchase } from "../../medusa/session-cart";
import {
  authorizedData,
  paymentData,
  refreshedData,
  sessionData,
} from "../../modules/seqr/invoice/session-data";

/** What the Payment module hands over, through the `dependencies` that withSeqr writes into its entry. */
interface Cradle extends Record<string, unknown> {
  seqr: Pick<SeqrModuleService, "context">;
  [ContainerRegistrationKeys.QUERY]: Pick<RemoteQueryFunction, "graph">;
}

/** Milliseconds in which a page of staff may not show yet that a refund was taken into Medusa's books. */
const UNSEEN = 60_000;

/**
 * Medusa's verbs, mapped to SEQR's. Thin: the ledger module does the work and knows the truth; `data` only carries
 * what the storefront shows, and the token or the session's id, which finds the ledger's row.
 */
export default class SeqrPaymentProvider extends AbstractPaymentProvider {
  static override identifier = "seqr";

  readonly #cradle: Cradle;

  constructor(cradle: Cradle, options: Record<string, unknown>) {
    super(cradle, options);
    this.#cradle = cradle;
  }

  /**
   * Sends the invoice, with the rows of the session's cart. Of the input's data only the session id is used: the rest
   * comes from the shopper, or from an earlier session.
   */
  override async initiatePayment(input: InitiatePaymentInput): Promise<InitiatePaymentOutput> {
    const sessionId = sessionOf(input);
    const purchase = await this.#purchase(sessionId);
    const amount = this.#amount(input.amount);
    const currencyCode = input.currency_code.toUpperCase();
    const { invoice, token } = await issueInvoice(this.#seqr, {
      sessionId,
      paymentCollectionId: purchase.paymentCollectionId,
      cartId: purchase.cart?.id ?? null,
      amount,
      currencyCode,
      rows: invoiceRows(purchase.cart, amount, currencyCode),
    });
    return {
      id: invoice.invoice_reference ?? invoice.id,
      status: PaymentSessionStatus.PENDING,
      data: await sessionData(invoice, token, this.#seqr.options),
    };
  }

  /** Brings an open invoice to a new amount. Core never calls it; a store's own workflow may. */
  override async updatePayment(input: UpdatePaymentInput): Promise<UpdatePaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    const amount = this.#amount(input.amount);
    if (input.currency_code.toUpperCase() !== invoice.currency_code) {
      throw seqrError("SEQR_CURRENCY", `The invoice is in ${invoice.currency_code}.`);
    }
    const purchase = await this.#purchase(invoice.session_id);
    const rows = invoiceRows(purchase.cart, amount, invoice.currency_code);
    const updated = await updateInvoice(this.#seqr, invoice, amount, rows);
    return {
      data: { ...refreshedData(input.data, updated), amount },
      status: STATE_TABLE[updated.state].session,
    };
  }

  /**
   * Cancels the invoice, so that the cart may change or the session go away. Refuses while the shopper is paying: the
   * cart then stays as it is and the watch completes the order.
   */
  override async deletePayment(input: DeletePaymentInput): Promise<DeletePaymentOutput> {
    // A roll-back of a session that was never written brings the shopper's data only: there is nothing to cancel by.
    const invoice = await findByToken(this.#seqr, "shopper", input.data?.["token"]);
    if (!invoice) return { data: input.data };
    // Core deletes the sessions of a finished purchase as well when somebody starts another payment of it.
    if (invoice.completed_at !== null) throw seqrError("SEQR_PAYMENT_FINISHED");
    if ((await cancelInvoice(this.#seqr, invoice, "superseded")) === "paying")
      throw seqrError("SEQR_PAYMENT_IN_PROGRESS");
    // Its order may have been placed while SEQR did not answer.
    const { state, completed_at } = await currentInvoice(this.#seqr, invoice);
    if (completed_at !== null || state === "paid" || state === "captured") {
      throw seqrError("SEQR_PAYMENT_IN_PROGRESS");
    }
    return { data: input.data };
  }

  /**
   * Confirms that the money is there: from the ledger if it knows, otherwise by observing. This is the last thing that
   * core does when it completes a cart, so a cart that cannot become an order is never acknowledged at SEQR.
   */
  override async authorizePayment(input: AuthorizePaymentInput): Promise<AuthorizePaymentOutput> {
    const sessionId = sessionOf(input);
    const invoice = await authorizePayment(this.#seqr, sessionId, await this.#total(sessionId));
    // The session's data may still be what the shopper sent, should a process have died while the payment was started.
    return { status: PaymentSessionStatus.CAPTURED, data: authorizedData(input.data, invoice) };
  }

  /** SEQR debits at once, so there is nothing to do but to make sure that it did. */
  override async capturePayment(input: CapturePaymentInput): Promise<CapturePaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    if (invoice.ers_reference === null) throw seqrError("SEQR_NOT_PAID", `The invoice is ${invoice.state}.`);
    return { data: paymentData(input.data, invoice) };
  }

  /**
   * Gives money back, all or part. Core deletes its refund when something fails after SEQR made it: such a refund is taken
   * over and not made twice, be it that it is named or that staff ask for the same amount again.
   */
  override async refundPayment(input: RefundPaymentInput): Promise<RefundPaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    const idempotencyKey = input.context?.idempotency_key ?? invoice.id;
    const made =
      (await this.#namedRefund(invoice, idempotencyKey)) ??
      (await this.#unbookedRefund(invoice, this.#amount(input.amount), idempotencyKey));
    const refund = made
      ? await this.#takeOver(made, idempotencyKey)
      : await refundInvoice(this.#seqr, invoice, {
          amount: await this.#part(invoice, input.amount, idempotencyKey),
          idempotencyKey,
          reason: REQUESTED_BY_MEDUSA,
        });
    return { data: { ...paymentData(input.data, invoice), refund_reference: refund.refund_reference } };
  }

  /**
   * Cancels an invoice that nobody paid. Money that is there is never returned from here: core also calls this when it
   * rolls a completion back, and asks for the refund by itself.
   */
  override async cancelPayment(input: CancelPaymentInput): Promise<CancelPaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    if (invoice.state === "captured") {
      await takeTransition(this.#seqr, invoice, "paid", {
        reason: "compensated",
        due_at: this.#seqr.clock.now(),
      });
    } else {
      await cancelInvoice(this.#seqr, invoice, "merchant");
    }
    return { data: paymentData(input.data, await currentInvoice(this.#seqr, invoice)) };
  }

  /** The payment as the ledger has it. */
  override async retrievePayment(input: RetrievePaymentInput): Promise<RetrievePaymentOutput> {
    return { data: refreshedData(input.data, await this.#invoiceOf(input.data)) };
  }

  /** The state as the ledger has it; SEQR is not asked, since asking can take the money. */
  override async getPaymentStatus(input: GetPaymentStatusInput): Promise<GetPaymentStatusOutput> {
    const invoice = await this.#invoiceOf(input.data);
    return { status: STATE_TABLE[invoice.state].session, data: refreshedData(input.data, invoice) };
  }

  /**
   * Medusa's own webhook address. SEQR notifies the plugin's address instead, so this is only for stores that forward
   * to it. The message is unsigned: it can bring nothing about but what the ledger already knows.
   */
  override async getWebhookActionAndData({
    data,
  }: ProviderWebhookPayload["payload"]): Promise<WebhookActionResult> {
    const reference = data["invoiceReference"];
    const invoice =
      typeof reference === "string"
        ? await this.#seqr.ledger.find({ invoice_reference: reference })
        : undefined;
    if (!invoice) return { action: PaymentActions.NOT_SUPPORTED };
    if (invoice.state !== "paid") return { action: PaymentActions.PENDING };
    // Core must never be given a session that is gone: it would look for "any" session.
    const purchase = await purchaseOfSession(this.#query, invoice.session_id);
    if (!purchase) return { action: PaymentActions.NOT_SUPPORTED };
    return {
      action: PaymentActions.SUCCESSFUL,
      data: { session_id: invoice.session_id, amount: invoice.amount },
    };
  }

  /** SEQR keeps no customers; answering at all keeps core from warning at every session of a customer. */
  createAccountHolder(): Promise<CreateAccountHolderOutput> {
    return Promise.resolve({} as CreateAccountHolderOutput);
  }

  get #seqr(): OperationContext {
    return this.#cradle.seqr.context;
  }

  get #query(): Cradle[typeof ContainerRegistrationKeys.QUERY] {
    return this.#cradle[ContainerRegistrationKeys.QUERY];
  }

  async #purchase(sessionId: string): Promise<SessionPurchase> {
    const purchase = await purchaseOfSession(this.#query, sessionId);
    if (!purchase) throw seqrError("SEQR_SESSION_UNKNOWN");
    if (purchase.cart?.items.length === 0) throw seqrError("SEQR_CART_EMPTY");
    return purchase;
  }

  /**
   * The refund that Medusa's record is to stand for, when its metadata names one.
   *
   * @throws {MedusaError} SEQR_REFUND_RUNNING when another record has it by now
   */
  async #namedRefund(invoice: InvoiceRecord, recordId: string): Promise<RefundRecord | undefined> {
    const { data } = await this.#query.graph({
      entity: "refund",
      fields: ["metadata"],
      filters: { id: recordId },
    });
    const [record] = data as { metadata?: Record<string, unknown> | null }[];
    const named = namedRefund(record?.metadata);
    if (!named) return undefined;
    const refunds = await this.#seqr.ledger.refundsOf(invoice.id);
    const made = refunds.find(
      ({ id, idempotency_key, state }) =>
        id === named.id && idempotency_key === named.idempotency_key && state === "done",
    );
    if (!made) throw seqrError("SEQR_REFUND_RUNNING");
    return made;
  }

  /** @throws {MedusaError} SEQR_REFUND_RUNNING when somebody else was faster: never is there a refund more */
  async #takeOver(made: RefundRecord, recordId: string): Promise<RefundRecord> {
    const taken = await rekeyRefund(this.#seqr, made, recordId);
    if (!taken) throw seqrError("SEQR_REFUND_RUNNING");
    return taken;
  }

  /**
   * A refund over this amount that SEQR has made for Medusa, and of which Medusa has no record.
   *
   * @throws {MedusaError} SEQR_REFUND_RECORDED when there was one until a moment ago: whoever asks may not have seen yet
   * that Medusa has it now. SEQR_REFUND_RUNNING when an earlier record over this amount is yet to be made
   */
  async #unbookedRefund(
    invoice: InvoiceRecord,
    amount: string,
    recordId: string,
  ): Promise<RefundRecord | undefined> {
    const refunds = await this.#seqr.ledger.refundsOf(invoice.id);
    await this.#refuseBesideEarlier(invoice, amount, recordId, refunds);
    const same = madeOver(refunds, amount);
    if (same.length === 0) return undefined;
    const unseenSince = this.#seqr.clock.now().getTime() - UNSEEN;
    const { data } = await this.#query.graph({
      entity: "refund",
      fields: ["id"],
      filters: { id: same.map(({ idempotency_key }) => idempotency_key) },
    });
    const booked = new Set(data.map(({ id }) => id));
    const unbooked = same.find(({ idempotency_key }) => !booked.has(idempotency_key));
    if (!unbooked && same.some(({ taken_over_at }) => Number(taken_over_at) > unseenSince)) {
      throw seqrError("SEQR_REFUND_RECORDED");
    }
    return unbooked;
  }

  /**
   * A process may have died after Medusa had written a record, and before SEQR was asked. It is made by itself, and whoever
   * asks again over the same amount most likely means that one.
   */
  async #refuseBesideEarlier(
    invoice: InvoiceRecord,
    amount: string,
    recordId: string,
    refunds: RefundRecord[],
  ): Promise<void> {
    const { data } = await this.#query.graph({
      entity: "refund",
      fields: ["id", "amount", "metadata", "created_at"],
      filters: { payment: { payment_session_id: invoice.session_id } },
    });
    // One that names a refund is never made anew.
    const rows = (data as unknown as RefundRow[]).filter(({ metadata }) => !namedRefund(metadata));
    const records = rows.map((row) => ({
      ...{ id: row.id, amount: decimalString(row.amount), at: new Date(row.created_at) },
    }));
    const own = records.find(({ id }) => id === recordId);
    const since = after(this.#seqr.clock.now(), -REFUND_RETRY_WINDOW);
    const earlier = records.filter(
      (one) =>
        one.at >= since &&
        !isTakenOver(invoice, one.at) &&
        isOver(one, amount) &&
        isToBeMade(one.id, refunds) &&
        isBefore(one, own),
    );
    if (earlier.length === 0) return;
    const closed = await closedRefunds(this.#seqr, invoice);
    const waiting = earlier.find(({ id }) => !closed.has(id));
    if (!waiting) return;
    throw seqrError(
      "SEQR_REFUND_RUNNING",
      `One over this amount is in Medusa's books since ${waiting.at.toISOString()}, and is made by itself within minutes. If that was meant, do nothing.`,
    );
  }

  /** What SEQR has to give back for a refund of this amount, after those that it has made. */
  async #part(invoice: InvoiceRecord, amount: RefundPaymentInput["amount"], key: string): Promise<string> {
    const refunds = await this.#seqr.ledger.refundsOf(invoice.id);
    const made = refunds.filter((one) => one.state === "done" && one.idempotency_key !== key);
    if (made.length === 0) return nextPart([], amount);
    const { data } = await this.#query.graph({
      entity: "refund",
      fields: ["id", "raw_amount"],
      filters: { id: made.map((one) => one.idempotency_key) },
    });
    const records = (data as unknown as { id: string; raw_amount: BigNumberRawValue }[]).map(
      ({ id, raw_amount }) => ({ id, exactAmount: raw_amount }),
    );
    return nextPart(madeAndBooked(made, records), amount);
  }

  /** What the session has to pay for; undefined where there is neither cart nor order. */
  async #total(sessionId: string): Promise<string | undefined> {
    const total = await totalOfSession(this.#query, sessionId);
    return total === undefined ? undefined : decimalString(total);
  }

  async #invoiceOf(data: Record<string, unknown> | undefined): Promise<InvoiceRecord> {
    const { token, session_id: sessionId } = data ?? {};
    const invoice =
      // A payment that was captured or refunded carries no token any more.
      typeof token !== "string" && typeof sessionId === "string"
        ? await this.#seqr.ledger.find({ session_id: sessionId })
        : await findByToken(this.#seqr, "shopper", token);
    if (!invoice) throw seqrError("SEQR_SESSION_FOREIGN");
    return invoice;
  }

  #amount(amount: RefundPaymentInput["amount"]): string {
    try {
      return decimalString(amount);
    } catch {
      throw seqrError("SEQR_AMOUNT");
    }
  }
}

interface RefundRow {
  id: string;
  amount: BigNumberValue;
  metadata?: Record<string, unknown> | null;
  created_at: string | Date;
}

interface DatedRecord {
  id: string;
  at: Date;
}

/** Whether a record is earlier than the one that is being made; of two at once, one is. */
function isBefore(record: DatedRecord, own: DatedRecord | undefined): boolean {
  if (!own) return true;
  return record.at < own.at || (record.at.getTime() === own.at.getTime() && record.id < own.id);
}

/** The id of the payment session that is started or authorised: core's key of the call. */
function sessionOf({ context }: Pick<AuthorizePaymentInput, "context">): string {
  if (!context?.idempotency_key) throw seqrError("SEQR_SESSION_UNKNOWN");
  return context.idempotency_key;
}
