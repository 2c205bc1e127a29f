import { randomUUID } from "node:crypto";
import { answerIn, faultIn, readBody, writeRequest } from "./wire/envelope";
import {
  SeqrError,
  SeqrInputError,
  SeqrNotDeliveredError,
  SeqrResultError,
  SeqrUnknownOutcomeError,
} from "./errors";
import {
  checkInvoice,
  checkRefund,
  checkTokens,
  checkTotal,
  isWhole,
  type InvoiceInput,
  type RefundInvoiceInput,
} from "./limits";
import { operations, type Operation, type OperationName, type RequestOf, type ReturnOf } from "./messages";
import { MAX_SEQR_ID_LENGTH, MIN_PASSWORD_LENGTH } from "./protocol-timings";
import {
  checkEndpoint,
  Transport,
  type HttpAnswer,
  type SoapTransport,
  type TransportOptions,
} from "./wire/transport";
import {
  INVOICE_STATUSES,
  type Amount,
  type ClientContext,
  type CustomerToken,
  type Invoice,
  type InvoiceStatus,
  type Parameter,
  type Receipt,
  type ReceiptDocument,
  type Report,
} from "./types";
import { escapeXml, XmlError, type XmlElement } from "./wire/xml";

/** Credentials of one terminal (PROTOCOL 3.2, 8). */
export interface TerminalCredentials {
  /** As SEQR gave it, or as registerTerminal returned it. */
  id: string;
  /** At least 4 characters, else SEQR refuses everything with 21. */
  password: string;
}

/** Credentials of a shop's user; needed for terminals and reports (PROTOCOL 3.2, 8). */
export interface ResellerCredentials {
  /** The shop's id. */
  id: string;
  /** `9900` in every published example, which is the default. */
  userId?: string;
  password: string;
}

/** What the client tells about one call that it sent, for logs and counters. Holds no secret and no payer data. */
export interface CallRecord {
  operation: OperationName;
  /** Our reference of the call, which SEQR stores for troubleshooting. */
  clientReference: string;
  /** Milliseconds from sending to the decision. */
  duration: number;
  /** 0 when it succeeded, otherwise the error's code. */
  result: 0 | SeqrError["code"];
}

/** Options of a client. Wrong ones are refused with SEQR_NOT_CONFIGURED: addresses and limits at once, credentials when first needed. */
export interface SeqrClientOptions extends Partial<TransportOptions> {
  /** Address of the SOAP service; https, or http on this machine. SEQR gives it to each merchant (PROTOCOL 1.3). */
  endpoint: string;
  /** Names of hosts on which a sandbox runs: http is accepted for them too. The password is then sent as plain text. */
  sandboxHosts?: readonly string[];
  /** Address of the client session service; needed for getClientSessionInfo only. */
  sessionEndpoint?: string;
  /** Needed for everything but registerTerminal, markTransactionPeriod and executeReport. */
  terminal?: TerminalCredentials;
  /** Needed for registerTerminal, markTransactionPeriod and executeReport. */
  reseller?: ResellerCredentials;
  /** Name and version of the merchant's software; certification wants the company's name. Default: this package's name. */
  clientId?: string;
  /** `ClientWS` or `WS`, the default; at most 40 characters. */
  channel?: string;
  /** Makes the reference of each call, at most 32 characters. Default: 32 random hex digits. */
  clientReference?: () => string;
  /** Milliseconds since 1970. Default: the system's clock. */
  now?: () => number;
  /** Carries the messages; the three limits are for the default one. Default: HTTP; for simulations and tests. */
  transport?: SoapTransport;
  /** Called after every call that was sent. What it throws is ignored: the call has been made. */
  onCall?: (record: CallRecord) => void;
}

/** What sendInvoice gave. */
export interface SentInvoice {
  /** Names the invoice in every later call. */
  invoiceReference: string;
  /** The text to put into a QR code: an http or https address. */
  invoiceQRCode: string;
}

/** What getPaymentStatus gave. Reading PAID commits: SEQR will not reverse the payment any more (PROTOCOL 4.4). */
export interface PaymentStatus {
  /** UNKNOWN for a status that no document lists: keep asking, do not fulfil. */
  status: InvoiceStatus | "UNKNOWN";
  /** Send it back with the next call. */
  version: number;
  /** Set when PAID: names the payment for refunds and receipts. */
  ersReference?: string;
  /** SEQR's receipt, when PAID. */
  receipt?: Receipt;
  /** Loyalty cards and the like; a merchant without loyalty ignores them (PROTOCOL 7). */
  customerTokens: CustomerToken[];
}

/** The longest QR text that is believed; real ones have some forty characters. */
const MAX_QR_TEXT = 300;

/**
 * A typed client of the SEQR merchant API (PROTOCOL 2): its thirteen documented operations.
 *
 * Every call can throw {@link SeqrInputError} (not sent), {@link SeqrNotDeliveredError} (not acted upon),
 * {@link SeqrUnknownOutcomeError} (no trustworthy answer) and {@link SeqrResultError} (SEQR's own refusal), and nothing
 * else. Their `outcome` says whether the thing can have happened. Nothing is repeated here.
 *
 * @example
 * const client = new SeqrClient({ endpoint: "https://…", terminal: { id: "…", password: "…" } });
 * const { invoiceReference, invoiceQRCode } = await client.sendInvoice({
 *   title: "My shop",
 *   clientInvoiceId: "order 17",
 *   totalAmount: { currency: "SEK", value: "99.50" },
 *   cashierId: "web",
 *   footer: "Thank you",
 * });
 */
export class SeqrClient {
  readonly #options: SeqrClientOptions;
  readonly #transport: SoapTransport;
  readonly #now: () => number;

  /** @throws {SeqrInputError} when an address, a limit or the channel is not acceptable */
  constructor(options: SeqrClientOptions) {
    const { endpoint, sessionEndpoint, sandboxHosts } = options;
    checkEndpoint(endpoint, "endpoint", sandboxHosts);
    if (sessionEndpoint !== undefined) checkEndpoint(sessionEndpoint, "sessionEndpoint", sandboxHosts);
    if (options.channel !== undefined && options.channel.length > 40) {
      throw new SeqrInputError("channel is longer than 40 characters", undefined, "SEQR_NOT_CONFIGURED");
    }
    const { connectTimeout = 3_000, responseTimeout = 10_000, maxResponseBytes = 2_000_000 } = options;
    this.#options = options;
    this.#transport =
      options.transport ?? new Transport({ connectTimeout, responseTimeout, maxResponseBytes });
    this.#now = options.now ?? Date.now;
  }

  /**
   * Creates an invoice and makes it payable (PROTOCOL 2.1). Immediate debit without acknowledgment unless the invoice
   * says otherwise. After an unknown outcome it is safe to send again: nobody can scan the lost one's code.
   *
   * @param tokens loyalty cards that the merchant already knows
   */
  async sendInvoice(invoice: InvoiceInput, tokens?: CustomerToken[]): Promise<SentInvoice> {
    const operation = "sendInvoice";
    const request = { invoice: this.#complete(invoice, operation), tokens };
    if (tokens) checkTokens(tokens, operation);
    return this.#call(operation, request, (answer) => ({
      invoiceReference: needed(answer.invoiceReference, "invoiceReference", operation),
      invoiceQRCode: checkQrText(needed(answer.invoiceQRCode, "invoiceQRCode", operation)),
    }));
  }

  /**
   * Replaces the content of an invoice that nobody has scanned yet, and answers a loyalty question (PROTOCOL 2.2).
   * Any refusal means: not applied.
   *
   * @param tokens the tokens that getPaymentStatus gave, with the merchant's verdict in `status`
   */
  async updateInvoice(
    invoiceReference: string,
    invoice: InvoiceInput,
    tokens?: CustomerToken[],
  ): Promise<void> {
    const operation = "updateInvoice";
    checkFilled(invoiceReference, "invoiceReference", operation);
    const request = { invoiceReference, invoice: this.#complete(invoice, operation), tokens };
    if (tokens) checkTokens(tokens, operation);
    await this.#call(operation, request, nothing);
  }

  /**
   * Asks for an invoice's status and thereby acknowledges a payment (PROTOCOL 2.3, 4.4). Always safe to repeat.
   *
   * @param invoiceVersion 0 first, then the newest version seen
   */
  async getPaymentStatus(invoiceReference: string, invoiceVersion: number): Promise<PaymentStatus> {
    const operation = "getPaymentStatus";
    checkFilled(invoiceReference, "invoiceReference", operation);
    if (!isWhole(invoiceVersion))
      throw new SeqrInputError("invoiceVersion must be a whole number", operation);
    return this.#call(operation, { invoiceReference, invoiceVersion }, (answer) => {
      const { receipt, version = 0, customerTokens = [] } = answer;
      // UPS texts write it with two L (PROTOCOL 4.1).
      const written = answer.status === "CANCELLED" ? "CANCELED" : answer.status;
      const status = INVOICE_STATUSES.find((known) => known === written) ?? "UNKNOWN";
      const paid = status === "PAID" && {
        ersReference: needed(
          answer.ersReference?.trim() || receipt?.paymentReference,
          "ersReference",
          operation,
        ),
      };
      return { status, version, ...paid, ...(receipt && { receipt }), customerTokens };
    });
  }

  /**
   * Cancels an invoice or releases a reservation (PROTOCOL 2.4, 4.6). 48, 50, 51, 55 and 95 arrive as refusals; they
   * are news, not failures.
   */
  async cancelInvoice(invoiceReference: string): Promise<void> {
    checkFilled(invoiceReference, "invoiceReference", "cancelInvoice");
    await this.#call("cancelInvoice", { invoiceReference }, nothing);
  }

  /**
   * Turns a reservation into a payment (PROTOCOL 2.5). After an unknown outcome ask for the status, never repeat.
   *
   * @param amount the final amount; left out, the invoice's own total
   */
  async commitReservation(invoiceReference: string, amount?: Amount): Promise<void> {
    checkFilled(invoiceReference, "invoiceReference", "commitReservation");
    if (amount) checkTotal(amount, "commitReservation", "amount");
    await this.#call("commitReservation", { amount, invoiceReference }, nothing);
  }

  /** Attaches the merchant's receipt, which may be empty, to a payment or a refund (PROTOCOL 2.6). */
  async submitPaymentReceipt(ersReference: string, receiptDocument: ReceiptDocument): Promise<void> {
    checkFilled(ersReference, "ersReference", "submitPaymentReceipt");
    await this.#call("submitPaymentReceipt", { ersReference, receiptDocument }, nothing);
  }

  /**
   * Gives money back, all or part (PROTOCOL 2.7, 4.8). SEQR has no idempotency: after an unknown outcome the refund
   * may have happened, and repeating a partial one can pay twice.
   *
   * @param ersReference of the payment
   * @param invoice `totalAmount` is the amount to give back
   * @returns SEQR's reference of the refund, which is not the payment's; undefined when SEQR gave none
   */
  async refundPayment(ersReference: string, invoice: RefundInvoiceInput): Promise<{ ersReference?: string }> {
    const operation = "refundPayment";
    checkFilled(ersReference, "ersReference", operation);
    checkRefund(invoice, operation);
    return this.#call(operation, { ersReference, invoice }, (answer) => {
      const reference = answer.ersReference?.trim();
      return reference ? { ersReference: reference } : {};
    });
  }

  /**
   * Registers a cash register; web shops get their terminal from SEQR (PROTOCOL 2.8, 8).
   *
   * @param terminal the merchant's own id of the till, the password it is to have, and the name that shoppers see
   * @returns the terminal's id
   */
  async registerTerminal(terminal: {
    externalTerminalId: string;
    password: string;
    name: string;
  }): Promise<string> {
    const operation = "registerTerminal";
    const { externalTerminalId, password, name } = terminal;
    checkFilled(externalTerminalId, "externalTerminalId", operation);
    checkFilled(name, "name", operation);
    if (password.length < MIN_PASSWORD_LENGTH) {
      throw new SeqrInputError(`the password needs at least ${MIN_PASSWORD_LENGTH} characters`, operation);
    }
    return this.#call(operation, { externalTerminalId, password, name }, (answer) =>
      needed(answer.terminalId, "terminalId", operation),
    );
  }

  /** Removes the terminal whose credentials the client has (PROTOCOL 2.9). */
  async unregisterTerminal(): Promise<void> {
    await this.#call("unregisterTerminal", {}, nothing);
  }

  /** Ties the static code of a till, up to 34 letters and digits, to the terminal (PROTOCOL 2.10). */
  async assignSeqrId(seqrId: string): Promise<void> {
    if (!/^[A-Za-z0-9]+$/.test(seqrId) || seqrId.length > MAX_SEQR_ID_LENGTH) {
      throw new SeqrInputError(
        `seqrId must be 1 to ${MAX_SEQR_ID_LENGTH} letters and digits`,
        "assignSeqrId",
      );
    }
    await this.#call("assignSeqrId", { seqrId }, nothing);
  }

  /**
   * Closes the shop's or a terminal's transaction period and opens the next (PROTOCOL 2.11, 9). After an unknown
   * outcome the period's id is lost: tell a person.
   *
   * @param terminalId close that terminal's period; left out, the shop's
   * @returns the id of the period that was closed
   */
  async markTransactionPeriod(terminalId?: string): Promise<string> {
    const operation = "markTransactionPeriod";
    if (terminalId !== undefined) checkFilled(terminalId, "terminalId", operation);
    const request = terminalId === undefined ? {} : parametersOf({ TERMINALID: terminalId });
    return this.#call(operation, request, (answer) =>
      needed(answer.transactionPeriodId?.trim() || answer.ersReference, "transactionPeriodId", operation),
    );
  }

  /**
   * Fetches a report (PROTOCOL 2.12, 9.2). Result code 2 means: not ready, ask again in three seconds.
   *
   * @param reportId `Reconciliation/STD_RECON_003.xml`
   * @param parameters `transactionPeriodId`, and `TERMINALID` for terminal reports
   * @param language `en`; left out, SEQR's default
   */
  async executeReport(
    reportId: string,
    parameters: Record<string, string> = {},
    language?: string,
  ): Promise<Report> {
    const operation = "executeReport";
    checkFilled(reportId, "reportId", operation);
    const request = {
      reportId,
      language,
      ...(Object.keys(parameters).length > 0 && parametersOf(parameters)),
    };
    return this.#call(operation, request, ({ report }) => report ?? lacking("report", operation));
  }

  /**
   * Who opened the shop inside the app, and with which parameters (PROTOCOL 2.13, 6). Personal data that nobody has
   * checked: keep no more than needed.
   *
   * @param key the token from the fragment of the order address
   */
  async getClientSessionInfo(key: string): Promise<Record<string, string>> {
    checkFilled(key, "key", "getClientSessionInfo");
    return this.#call("getClientSessionInfo", { key }, ({ parameters = [] }) =>
      Object.fromEntries(
        parameters.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? ""]])),
      ),
    );
  }

  /** Closes idle connections, also those of a given transport. Calls under way are not disturbed. */
  close(): void {
    this.#transport.close();
  }

  #complete(invoice: InvoiceInput, operation: OperationName): Invoice {
    checkInvoice(invoice, operation);
    return {
      ...invoice,
      paymentMode: invoice.paymentMode ?? "IMMEDIATE_DEBIT",
      acknowledgmentMode: invoice.acknowledgmentMode ?? "NO_ACKNOWLEDGMENT",
      issueDate: invoice.issueDate ?? new Date(this.#now()).toISOString().replace(/\.\d+Z$/, "Z"),
    };
  }

  async #call<N extends OperationName, Result>(
    name: N,
    request: Omit<RequestOf<N>, "context">,
    read: (answer: Partial<ReturnOf<N>>) => Result,
  ): Promise<Result> {
    const operation = operations[name] as unknown as Operation<RequestOf<N>, ReturnOf<N>>;
    const endpoint = this.#endpoint(name);
    const context = this.#context(name);
    const message = writeRequest(name, operation.request, { ...request, context } as RequestOf<N>);
    const secrets = [context.password, ...("password" in request ? [String(request.password)] : [])];
    const started = this.#now();
    const report = (result: CallRecord["result"]): void => {
      const { clientReference } = context;
      try {
        this.#options.onCall?.({ operation: name, clientReference, duration: this.#now() - started, result });
      } catch {
        // Whatever the listener could not do, the call has its outcome.
      }
    };
    try {
      const answer = await this.#transport.post(endpoint, message, name, operation.once);
      const result = read(readAnswer(name, operation, answer, secrets));
      report(0);
      return result;
    } catch (error) {
      if (error instanceof SeqrError) report(error.code);
      throw error;
    }
  }

  #endpoint(operation: OperationName): string {
    if (operation !== "getClientSessionInfo") return this.#options.endpoint;
    return this.#options.sessionEndpoint ?? notSet("sessionEndpoint", operation);
  }

  #context(operation: OperationName): ClientContext & { clientReference: string; password: string } {
    const { channel = "WS", clientId = "medusa-payment-seqr" } = this.#options;
    const { principal } = operations[operation];
    const option = principal === "TERMINALID" ? "terminal" : "reseller";
    const { id, password, userId = "9900" }: Partial<ResellerCredentials> = this.#options[option] ?? {};
    if (!id || !password) return notSet(option, operation);
    const clientReference = this.#options.clientReference?.() ?? randomUUID().replaceAll("-", "");
    if (clientReference.length > 32) {
      throw new SeqrInputError("clientReference is longer than 32 characters", operation);
    }
    return {
      channel,
      clientId,
      clientReference,
      clientRequestTimeout: 0,
      initiatorPrincipalId: { id, type: principal, ...(principal === "RESELLERUSER" && { userId }) },
      password,
    };
  }
}

/** Reads an answer that holds nothing but its success. */
function nothing(): void {}

/** The content of a successful answer; everything else is thrown as what it means for the outcome (PROTOCOL 1.2). */
function readAnswer<Request, Return>(
  name: OperationName,
  operation: Operation<Request, Return>,
  { status, body }: HttpAnswer,
  secrets: string[],
): Partial<Return> {
  const invalid = (detail: string): never => {
    throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", name, `${detail} (HTTP ${status})`);
  };
  const element = readSoap(body);
  if (typeof element === "string") {
    if (status < 300 || status > 499) return invalid(element);
    // Whoever says so may have let the request pass, and have stopped the answer.
    throw new SeqrUnknownOutcomeError("SEQR_HTTP_REFUSED", name, `HTTP ${status} came in place of an answer`);
  }
  const fault = faultIn(element);
  if (fault) {
    const words = brief(fault.message, secrets);
    // These three say that the message was not acted upon (SOAP 1.1 section 4.4.1).
    if (/^(Client|MustUnderstand|VersionMismatch)\b/.test(fault.code)) {
      throw new SeqrNotDeliveredError("SEQR_MESSAGE_REFUSED", name, `SEQR refused the message: ${words}`);
    }
    throw new SeqrUnknownOutcomeError("SEQR_FAULT", name, `SEQR failed: ${words}`);
  }
  if (status > 299) return invalid("an answer came with the status of an error");
  const answer = answerIn(element, name, operation.return) ?? invalid(`the answer is not one to ${name}`);
  const { resultCode, resultDescription } = answer as { resultCode?: number; resultDescription?: string };
  if (resultCode === undefined) return invalid("the answer has no resultCode");
  if (resultCode !== 0) {
    throw new SeqrResultError(name, resultCode, resultDescription && brief(resultDescription, secrets));
  }
  return answer;
}

/** The first element of the SOAP body, or why there is none. */
function readSoap(body: string): XmlElement | string {
  try {
    return readBody(body) ?? "the answer is not a SOAP message";
  } catch (error) {
    if (error instanceof XmlError) return `the answer is not XML: ${error.message}`;
    throw error;
  }
}

/** Free text of the other side: on one line, cut so that it cannot flood a log, without the passwords it may repeat. */
function brief(text: string, secrets: string[]): string {
  const forms = secrets.flatMap((secret) => [escapeXml(secret), secret]);
  const shown = forms.reduce((rest, form) => rest.replaceAll(form, "***"), text);
  return shown.replace(/\s+/g, " ").trim().slice(0, 200);
}

/** A reference from an answer, without which the answer is worth nothing. */
function needed(value: string | undefined, field: string, operation: OperationName): string {
  return value?.trim() || lacking(field, operation);
}

function lacking(field: string, operation: OperationName): never {
  throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, `the answer has no ${field}`);
}

/** Shops show this text as a code and as a link, so that it must not be anything else than a web address. */
function checkQrText(text: string): string {
  if (/^https?:\/\/\S+$/i.test(text) && text.length <= MAX_QR_TEXT) return text;
  throw new SeqrUnknownOutcomeError(
    "SEQR_ANSWER_INVALID",
    "sendInvoice",
    "invoiceQRCode is not a web address",
  );
}

function notSet(option: string, operation: OperationName): never {
  throw new SeqrInputError(`${option} is not set`, operation, "SEQR_NOT_CONFIGURED");
}

function checkFilled(value: string, name: string, operation: OperationName): void {
  if (!value.trim()) throw new SeqrInputError(`${name} is empty`, operation);
}

function parametersOf(entries: Record<string, string>): { parameters: { parameter: Parameter[] } } {
  return { parameters: { parameter: Object.entries(entries).map(([key, value]) => ({ key, value })) } };
}
