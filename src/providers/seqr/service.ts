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
  reopenPayment,
  takeTransition,
  type OperationContext,
  rekeyRefund,
} from "../../modules/seqr/public";
import { decimalString, isSameAmount, nextPart } from "../../amounts";
import {
  closedRefunds,
  isOfAmount,
  isClosedSince,
  isToBeMade,
  madeAndBooked,
  madeOfAmount,
  namedRefund,
} from "../../modules/seqr/operations/refund/medusa-refund";
import { cancelReservation, captureReservation, keepCaptured, type CaptureRequest } from "./reservations";
import { invoiceRows } from "./invoice-rows";
import { capturesById } from "../../medusa/session-order";
import { totalOfInvoice, purchaseOfSession, type SessionPurchase } from "../../medusa/session-cart";
import {
  authorizedData,
  paymentData,
  refreshedData,
  sessionData,
} from "../../modules/seqr/invoice/session-data";

/** The Payment module's container, with the `dependencies` that withSeqr adds to its entry. */
interface InjectedDependencies extends Record<string, unknown> {
  seqr: Pick<SeqrModuleService, "context">;
  [ContainerRegistrationKeys.QUERY]: Pick<RemoteQueryFunction, "graph">;
}

/** Options of one of the providers. */
export interface SeqrProviderOptions {
  /** Name of its terminal. Left out in a store with one terminal. */
  terminal?: string;
}

/** Milliseconds in which an admin page that was not reloaded may not show yet that a refund was recorded in Medusa. */
const STALE_ADMIN_PAGE = 60_000;

/**
 * Maps Medusa's payment operations to the ledger module's. The ledger is the source of truth; `data` contains only
 * what the storefront shows, and the token or the session's id, which identifies the ledger's row.
 */
export default class SeqrPaymentProvider extends AbstractPaymentProvider<SeqrProviderOptions> {
  static override identifier = "seqr";

  readonly #dependencies: InjectedDependencies;
  readonly #terminal: string | undefined;

  constructor(dependencies: InjectedDependencies, options: SeqrProviderOptions = {}) {
    super(dependencies, options);
    this.#dependencies = dependencies;
    this.#terminal = options.terminal;
  }

  /**
   * Sends the invoice, with the rows of the session's cart. It uses only the session id of the input's data: the rest
   * comes from the shopper or from an earlier session, and is not trusted.
   */
  override async initiatePayment(input: InitiatePaymentInput): Promise<InitiatePaymentOutput> {
    const sessionId = sessionOf(input);
    const purchase = await this.#purchase(sessionId);
    const amount = this.#amount(input.amount);
    const currencyCode = input.currency_code.toUpperCase();
    const { invoice, token } = await issueInvoice(this.#seqr, {
      terminal: this.#terminal,
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
      data: await sessionData(invoice, token, this.#seqr.terminals.of(invoice).options),
    };
  }

  /** Changes the amount of an open invoice. Core never calls it; a store's own workflow may. */
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
   * Cancels the invoice, so that the cart can change or the session can be deleted. It refuses while the shopper is paying: the
   * cart then stays unchanged and the order is placed.
   */
  override async deletePayment(input: DeletePaymentInput): Promise<DeletePaymentOutput> {
    // The roll-back of a session that was never written has the shopper's data only, which identifies no invoice.
    const invoice = await findByToken(this.#seqr, "shopper", input.data?.["token"]);
    if (!invoice) return { data: input.data };
    // Core also deletes the sessions of a finished purchase when another payment of it is started.
    if (invoice.completed_at !== null) throw seqrError("SEQR_PAYMENT_FINISHED");
    if ((await cancelInvoice(this.#seqr, invoice, "superseded")) === "paying")
      throw seqrError("SEQR_PAYMENT_IN_PROGRESS");
    // The order may have been placed while SEQR did not answer.
    const { state, completed_at } = await currentInvoice(this.#seqr, invoice);
    if (completed_at !== null || STATE_TABLE[state].purchase === "placing") {
      throw seqrError("SEQR_PAYMENT_IN_PROGRESS");
    }
    return { data: input.data };
  }

  /**
   * Authorizes the payment: from the ledger if it is paid there, otherwise by polling SEQR. Core calls it last when it
   * completes a cart, so the payment of a cart that cannot become an order is never acknowledged at SEQR.
   */
  override async authorizePayment(input: AuthorizePaymentInput): Promise<AuthorizePaymentOutput> {
    const sessionId = sessionOf(input);
    const invoice = await authorizePayment(this.#seqr, sessionId, async (of) => {
      const total = await totalOfInvoice(this.#query, of);
      return total === undefined ? undefined : decimalString(total);
    });
    // If a process crashed while the payment was started, the session's data may still be what the shopper sent.
    return { status: STATE_TABLE[invoice.state].session, data: authorizedData(input.data, invoice) };
  }

  /**
   * Captures a reservation at SEQR, in full or in part. What SEQR has charged at once needs no capture: then it only checks that it
   * was charged.
   */
  override async capturePayment(input: CapturePaymentInput): Promise<CapturePaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    if (invoice.reserved_amount !== null) {
      const record = await this.#captureOf(input.context?.idempotency_key, invoice);
      return {
        data: paymentData(input.data, await captureReservation(this.#seqr, this.#query, invoice, record)),
      };
    }
    if (invoice.ers_reference === null) throw seqrError("SEQR_NOT_PAID", `The invoice is ${invoice.state}.`);
    return { data: paymentData(input.data, invoice) };
  }

  /**
   * Refunds a payment, in full or in part. If core fails after SEQR made the refund, it deletes its record. Such a refund
   * is linked to the next record and not made twice: a record that names it, or staff's next refund of the same amount.
   */
  override async refundPayment(input: RefundPaymentInput): Promise<RefundPaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    const idempotencyKey = input.context?.idempotency_key ?? invoice.id;
    const record = await this.#refundRecord(idempotencyKey);
    const made =
      (await this.#namedRefund(invoice, record)) ??
      (await this.#unbookedRefund(invoice, this.#amount(input.amount), idempotencyKey));
    const refund = made
      ? await this.#linkToRecord(made, idempotencyKey)
      : await refundInvoice(this.#seqr, invoice, {
          amount: await this.#part(invoice, input.amount, idempotencyKey),
          idempotencyKey,
          reason: REQUESTED_BY_MEDUSA,
          actorId: record?.created_by ?? null,
        });
    return { data: { ...paymentData(input.data, invoice), refund_reference: refund.refund_reference } };
  }

  /**
   * Cancels an unpaid invoice, or releases a reservation. It never refunds a payment: core also calls this when it rolls back a
   * completion, and requests a refund separately. Should that refund fail, the plugin places the order anew or refunds the
   * payment.
   */
  override async cancelPayment(input: CancelPaymentInput): Promise<CancelPaymentOutput> {
    const invoice = await this.#invoiceOf(input.data);
    const now = this.#seqr.clock.now();
    switch (invoice.state) {
      case "captured":
      case "completed":
        await keepCaptured(this.#seqr, this.#query, invoice);
        await reopenPayment(this.#seqr, invoice);
        break;
      case "authorized": {
        // Without a payment's id, core could not write the payment, and the next completion can. Otherwise core cancels it.
        const to = input.context?.idempotency_key === undefined ? "reserved" : "releasing";
        await takeTransition(this.#seqr, invoice, to, { reason: "compensated", due_at: now });
        break;
      }
      case "awaiting_capture":
      case "capturing":
      case "committed":
        await cancelReservation(this.#seqr, this.#query, invoice);
        break;
      default:
        await cancelInvoice(this.#seqr, invoice, "merchant");
    }
    return { data: paymentData(input.data, await currentInvoice(this.#seqr, invoice)) };
  }

  /** Gives the payment's data from the ledger. */
  override async retrievePayment(input: RetrievePaymentInput): Promise<RetrievePaymentOutput> {
    return { data: refreshedData(input.data, await this.#invoiceOf(input.data)) };
  }

  /** Gives the status from the ledger. It does not poll SEQR, because polling acknowledges a payment. */
  override async getPaymentStatus(input: GetPaymentStatusInput): Promise<GetPaymentStatusOutput> {
    const invoice = await this.#invoiceOf(input.data);
    return { status: STATE_TABLE[invoice.state].session, data: refreshedData(input.data, invoice) };
  }

  /**
   * Handles Medusa's own webhook address. SEQR notifies the plugin's address instead, so only stores that forward the
   * notification use it. The message is unsigned, so the result depends on the ledger only.
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
    if (invoice.state !== "paid" && invoice.state !== "reserved") return { action: PaymentActions.PENDING };
    // Core must not receive the id of a deleted session: it would select "any" session.
    const purchase = await purchaseOfSession(this.#query, invoice.session_id);
    if (!purchase) return { action: PaymentActions.NOT_SUPPORTED };
    return {
      action: invoice.state === "paid" ? PaymentActions.SUCCESSFUL : PaymentActions.AUTHORIZED,
      data: { session_id: invoice.session_id, amount: invoice.amount },
    };
  }

  /** Does nothing, because SEQR has no customers. Without it core logs a warning for every session of a customer. */
  createAccountHolder(): Promise<CreateAccountHolderOutput> {
    return Promise.resolve({} as CreateAccountHolderOutput);
  }

  get #seqr(): OperationContext {
    return this.#dependencies.seqr.context;
  }

  get #query(): InjectedDependencies[typeof ContainerRegistrationKeys.QUERY] {
    return this.#dependencies[ContainerRegistrationKeys.QUERY];
  }

  async #purchase(sessionId: string): Promise<SessionPurchase> {
    const purchase = await purchaseOfSession(this.#query, sessionId);
    if (!purchase) throw seqrError("SEQR_SESSION_UNKNOWN");
    if (purchase.cart?.items.length === 0) throw seqrError("SEQR_CART_EMPTY");
    return purchase;
  }

  /** Reads Medusa's record of the refund that is to be made. */
  async #refundRecord(id: string): Promise<MadeRecord | undefined> {
    const { data } = await this.#query.graph({
      entity: "refund",
      fields: ["metadata", "created_by"],
      filters: { id },
    });
    const [record] = data as MadeRecord[];
    return record;
  }

  /**
   * Finds the refund that the metadata of Medusa's record names, if any.
   *
   * @throws {MedusaError} SEQR_REFUND_RUNNING when another record has that refund already
   */
  async #namedRefund(
    invoice: InvoiceRecord,
    record: MadeRecord | undefined,
  ): Promise<RefundRecord | undefined> {
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

  /**
   * Links a refund that SEQR has made to a new record of Medusa.
   *
   * @throws {MedusaError} SEQR_REFUND_RUNNING when another process has linked it first, so that no refund is made twice
   */
  async #linkToRecord(made: RefundRecord, recordId: string): Promise<RefundRecord> {
    const linked = await rekeyRefund(this.#seqr, made, recordId);
    if (!linked) throw seqrError("SEQR_REFUND_RUNNING");
    return linked;
  }

  /**
   * Finds a refund of this amount that SEQR has made and Medusa has no record of.
   *
   * @throws {MedusaError} SEQR_REFUND_RECORDED when Medusa has just recorded one, which the page of staff may not show
   * yet. SEQR_REFUND_RUNNING when an earlier record of this amount has not been sent to SEQR yet
   */
  async #unbookedRefund(
    invoice: InvoiceRecord,
    amount: string,
    recordId: string,
  ): Promise<RefundRecord | undefined> {
    const refunds = await this.#seqr.ledger.refundsOf(invoice.id);
    await this.#refuseBesideEarlier(invoice, amount, recordId, refunds);
    const same = madeOfAmount(refunds, amount);
    if (same.length === 0) return undefined;
    const staleSince = this.#seqr.clock.now().getTime() - STALE_ADMIN_PAGE;
    const { data } = await this.#query.graph({
      entity: "refund",
      fields: ["id"],
      filters: { id: same.map(({ idempotency_key }) => idempotency_key) },
    });
    const booked = new Set(data.map(({ id }) => id));
    const unbooked = same.find(({ idempotency_key }) => !booked.has(idempotency_key));
    if (!unbooked && same.some(({ taken_over_at }) => Number(taken_over_at) > staleSince)) {
      throw seqrError("SEQR_REFUND_RECORDED");
    }
    return unbooked;
  }

  /**
   * Finds a record whose process crashed before SEQR received the refund. The plugin makes that refund automatically, and
   * a repeated refund of the same amount most likely means the same one.
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
    // A record that names a refund never causes a new one.
    const rows = (data as unknown as RefundRow[]).filter(({ metadata }) => !namedRefund(metadata));
    const records = rows.map((row) => ({
      ...{ id: row.id, amount: decimalString(row.amount), at: new Date(row.created_at) },
    }));
    const own = records.find(({ id }) => id === recordId);
    const since = after(this.#seqr.clock.now(), -REFUND_RETRY_WINDOW);
    const earlier = records.filter(
      (one) =>
        one.at >= since &&
        !isClosedSince(invoice, one.at) &&
        isOfAmount(one, amount) &&
        isToBeMade(one.id, refunds) &&
        isBefore(one, own),
    );
    if (earlier.length === 0) return;
    const closed = await closedRefunds(this.#seqr, invoice);
    const waiting = earlier.find(({ id }) => !closed.has(id));
    if (!waiting) return;
    throw seqrError(
      "SEQR_REFUND_RUNNING",
      `Medusa has recorded a refund of this amount at ${waiting.at.toISOString()}, and the plugin makes it within minutes. If you mean that one, do nothing.`,
    );
  }

  /** Computes SEQR's amount for this refund, given the earlier ones. */
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

  /**
   * The capture that core has recorded, and passes only the id of.
   *
   * @throws {MedusaError} SEQR_AMOUNT when it is a part with more decimals than SEQR has: Medusa would record another amount than SEQR
   * charges. A whole payment may have them, because the invoice was rounded
   */
  async #captureOf(id: string | undefined, invoice: InvoiceRecord): Promise<CaptureRequest> {
    const [record] = id === undefined ? [] : await capturesById(this.#query, [id]);
    if (!record)
      throw seqrError("SEQR_NOT_PAID", `The invoice is ${invoice.state}, and Medusa has no such capture.`);
    const { id: key, amount: recorded, payment } = record;
    const amount = this.#amount(recorded);
    if (!isSameAmount(recorded, amount) && !isSameAmount(recorded, payment.amount))
      throw seqrError("SEQR_AMOUNT", "A part of a payment is captured with at most two decimals.");
    return { key, amount };
  }

  /** The total that the session's cart or order asks for; undefined when it has neither. */
  async #invoiceOf(data: Record<string, unknown> | undefined): Promise<InvoiceRecord> {
    const { token, session_id: sessionId } = data ?? {};
    const invoice =
      // A captured or refunded payment has no token any more.
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

/** What Medusa's record says of the refund that is to be made. */
interface MadeRecord {
  metadata?: Record<string, unknown> | null;
  /** Medusa's id of the member of staff. */
  created_by?: string | null;
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

/** Whether a record is earlier than the new one. Of two simultaneous records, exactly one is earlier. */
function isBefore(record: DatedRecord, own: DatedRecord | undefined): boolean {
  if (!own) return true;
  return record.at < own.at || (record.at.getTime() === own.at.getTime() && record.id < own.id);
}

/** Reads the id of the payment session that is started or authorized: core passes it as the idempotency key. */
function sessionOf({ context }: Pick<AuthorizePaymentInput, "context">): string {
  if (!context?.idempotency_key) throw seqrError("SEQR_SESSION_UNKNOWN");
  return context.idempotency_key;
}
