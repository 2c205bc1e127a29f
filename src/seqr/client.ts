import { randomUUID } from "node:crypto";
import { answerIn, faultIn, readBody, writeRequest } from "./envelope";
import { SeqrError, SeqrInputError, SeqrNotDeliveredError, SeqrResultError, SeqrUnknownOutcomeError } from "./errors";
import { checkInvoice, checkTotal, type InvoiceInput } from "./limits";
import { operations, type Operation, type OperationName, type RequestOf, type ReturnOf } from "./messages";
import { MAX_SEQR_ID_LENGTH, MIN_PASSWORD_LENGTH } from "./rules";
import { checkEndpoint, Transport, type HttpAnswer, type TransportOptions } from "./transport";
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
import { XmlError } from "./xml";

/** Credentials of one terminal. */
export interface TerminalCredentials {
  id: string;
  password: string;
}

/** Credentials of a shop's user; needed for terminals and reports. */
export interface ResellerCredentials {
  id: string;
  /** `9900` in every published example, which is the default. */
  userId?: string;
  password: string;
}

/** What the client told about one call, for logs and counters. Holds no secret and no payer data. */
export interface CallRecord {
  operation: OperationName;
  /** Our reference of the call, which SEQR stores for troubleshooting. */
  clientReference: string;
  /** Milliseconds from sending to the decision. */
  duration: number;
  /** 0 when it succeeded, otherwise the error's code. */
  result: 0 | SeqrError["code"];
}

export interface SeqrClientOptions extends Partial<TransportOptions> {
  /** Address of the SOAP service; https, or http on this machine. */
  endpoint: string;
  /** Address of the client session service; needed for getClientSessionInfo only. */
  sessionEndpoint?: string;
  terminal?: TerminalCredentials;
  reseller?: ResellerCredentials;
  /** Name and version of the merchant's software; certification wants the company's name. */
  clientId?: string;
  /** `ClientWS` or `WS`; at most 40 characters. */
  channel?: string;
  /** Makes the reference of each call, at most 32 characters. Default: 32 random hex digits. */
  clientReference?: () => string;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Called after every call. */
  onCall?: (record: CallRecord) => void;
}

/** What sendInvoice gave. */
export interface SentInvoice {
  invoiceReference: string;
  /** The text to put into a QR code. */
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
  receipt?: Receipt;
  customerTokens: CustomerToken[];
}

const TRANSPORT_DEFAULTS: TransportOptions = {
  connectTimeout: 3_000,
  responseTimeout: 10_000,
  maxResponseBytes: 2_000_000,
};

/** A typed client of the SEQR merchant API (PROTOCOL 2): its thirteen documented operations. */
export class SeqrClient {
  readonly #options: SeqrClientOptions;
  readonly #transport: Transport;
  readonly #now: () => number;

  /** @throws {SeqrInputError} when an address is not acceptable */
  constructor(options: SeqrClientOptions) {
    checkEndpoint(options.endpoint);
    if (options.sessionEndpoint !== undefined) checkEndpoint(options.sessionEndpoint, "sessionEndpoint");
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { connectTimeout, responseTimeout, maxResponseBytes } = { ...TRANSPORT_DEFAULTS, ...defined(options) };
    this.#transport = new Transport({ connectTimeout, responseTimeout, maxResponseBytes });
  }

  /**
   * Creates an invoice and makes it payable (PROTOCOL 2.1). Immediate debit without acknowledgment unless the invoice
   * says otherwise. After an unknown outcome it is safe to send again: nobody can scan the lost one's code.
   */
  async sendInvoice(invoice: InvoiceInput, tokens?: CustomerToken[]): Promise<SentInvoice> {
    const answer = await this.#call("sendInvoice", { invoice: this.#complete(invoice, "sendInvoice"), tokens });
    return {
      invoiceReference: needed(answer.invoiceReference, "invoiceReference", "sendInvoice"),
      invoiceQRCode: needed(answer.invoiceQRCode, "invoiceQRCode", "sendInvoice"),
    };
  }

  /** Replaces the content of an invoice that nobody has scanned yet (PROTOCOL 2.2). Any refusal means: not applied. */
  async updateInvoice(invoiceReference: string, invoice: InvoiceInput, tokens?: CustomerToken[]): Promise<void> {
    checkReference(invoiceReference, "updateInvoice");
    await this.#call("updateInvoice", {
      invoiceReference,
      invoice: this.#complete(invoice, "updateInvoice"),
      tokens,
    });
  }

  /**
   * Asks for an invoice's status and thereby acknowledges a payment (PROTOCOL 2.3, 4.4).
   *
   * @param invoiceVersion 0 first, then the newest version seen
   */
  async getPaymentStatus(invoiceReference: string, invoiceVersion: number): Promise<PaymentStatus> {
    const operation = "getPaymentStatus";
    checkReference(invoiceReference, operation);
    const answer = await this.#call(operation, { invoiceReference, invoiceVersion });
    const { receipt } = answer;
    const status = INVOICE_STATUSES.find((known) => known === answer.status?.replace(/^CANCELLED$/, "CANCELED"));
    const ersReference = answer.ersReference ?? receipt?.paymentReference;
    if (status === "PAID") needed(ersReference, "ersReference", operation);
    return {
      status: status ?? "UNKNOWN",
      version: answer.version ?? 0,
      ...(status === "PAID" && { ersReference }),
      ...(receipt && { receipt }),
      customerTokens: answer.customerTokens ?? [],
    };
  }

  /** Cancels an invoice (PROTOCOL 2.4). 50, 51 and 95 arrive as refusals; they are news, not failures. */
  async cancelInvoice(invoiceReference: string): Promise<void> {
    checkReference(invoiceReference, "cancelInvoice");
    await this.#call("cancelInvoice", { invoiceReference });
  }

  /**
   * Turns a reservation into a payment (PROTOCOL 2.5). After an unknown outcome ask for the status, never repeat.
   *
   * @param amount the final amount; left out, the invoice's own total
   */
  async commitReservation(invoiceReference: string, amount?: Amount): Promise<void> {
    checkReference(invoiceReference, "commitReservation");
    if (amount) checkTotal(amount, "commitReservation");
    await this.#call("commitReservation", { amount, invoiceReference });
  }

  /** Attaches the merchant's receipt to a payment or a refund (PROTOCOL 2.6). */
  async submitPaymentReceipt(ersReference: string, receiptDocument: ReceiptDocument): Promise<void> {
    checkReference(ersReference, "submitPaymentReceipt", "ersReference");
    await this.#call("submitPaymentReceipt", { ersReference, receiptDocument });
  }

  /**
   * Gives money back, all or part (PROTOCOL 2.7, 4.8). SEQR has no idempotency: after an unknown outcome the refund
   * may have happened, and repeating a partial one can pay twice.
   *
   * @param invoice `totalAmount` is the amount to give back
   * @returns SEQR's reference of the refund, which is not the payment's; undefined when SEQR gave none
   */
  async refundPayment(
    ersReference: string,
    invoice: Pick<Invoice, "clientInvoiceId" | "invoiceRows" | "footer"> &
      Required<Pick<Invoice, "title" | "cashierId" | "totalAmount">>,
  ): Promise<{ ersReference?: string }> {
    checkReference(ersReference, "refundPayment", "ersReference");
    checkTotal(invoice.totalAmount, "refundPayment");
    const answer = await this.#call("refundPayment", { ersReference, invoice });
    return answer.ersReference ? { ersReference: answer.ersReference } : {};
  }

  /** Registers a cash register; web shops get their terminal from SEQR (PROTOCOL 2.8, 8). */
  async registerTerminal(terminal: { externalTerminalId: string; password: string; name: string }): Promise<string> {
    if (terminal.password.length < MIN_PASSWORD_LENGTH) {
      throw new SeqrInputError(`the password needs at least ${MIN_PASSWORD_LENGTH} characters`, "registerTerminal");
    }
    const { externalTerminalId, password, name } = terminal;
    const answer = await this.#call("registerTerminal", { externalTerminalId, password, name });
    return needed(answer.terminalId, "terminalId", "registerTerminal");
  }

  /** Removes the terminal whose credentials the client has (PROTOCOL 2.9). */
  async unregisterTerminal(): Promise<void> {
    await this.#call("unregisterTerminal", {});
  }

  /** Ties the static code of a till to the terminal (PROTOCOL 2.10). */
  async assignSeqrId(seqrId: string): Promise<void> {
    if (!/^[A-Za-z0-9]+$/.test(seqrId) || seqrId.length > MAX_SEQR_ID_LENGTH) {
      throw new SeqrInputError(`seqrId must be 1 to ${MAX_SEQR_ID_LENGTH} letters and digits`, "assignSeqrId");
    }
    await this.#call("assignSeqrId", { seqrId });
  }

  /**
   * Closes the shop's or a terminal's transaction period and opens the next (PROTOCOL 2.11, 9). After an unknown
   * outcome the period's id is lost: tell a person.
   *
   * @param terminalId close that terminal's period; left out, the shop's
   * @returns the id of the period that was closed
   */
  async markTransactionPeriod(terminalId?: string): Promise<string> {
    const answer = await this.#call("markTransactionPeriod", {
      ...(terminalId !== undefined && parametersOf({ TERMINALID: terminalId })),
    });
    const id = answer.transactionPeriodId ?? answer.ersReference;
    return needed(id, "transactionPeriodId", "markTransactionPeriod");
  }

  /**
   * Fetches a report (PROTOCOL 2.12, 9.2). Result code 2 means: not ready, ask again in three seconds.
   *
   * @param reportId `Reconciliation/STD_RECON_003.xml`
   * @param parameters `transactionPeriodId`, and `TERMINALID` for terminal reports
   */
  async executeReport(reportId: string, parameters: Record<string, string> = {}, language?: string): Promise<Report> {
    const answer = await this.#call("executeReport", {
      reportId,
      ...(language !== undefined && { language }),
      ...(Object.keys(parameters).length > 0 && parametersOf(parameters)),
    });
    return needed(answer.report, "report", "executeReport");
  }

  /**
   * Who opened the shop inside the app, and with which parameters (PROTOCOL 2.13, 6).
   *
   * @param key the token from the fragment of the order address
   */
  async getClientSessionInfo(key: string): Promise<Record<string, string>> {
    if (!key) throw new SeqrInputError("key is empty", "getClientSessionInfo");
    const answer = await this.#call("getClientSessionInfo", { key });
    const entries = answer.parameters ?? [];
    return Object.fromEntries(entries.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? ""]])));
  }

  /** Closes idle connections. */
  close(): void {
    this.#transport.close();
  }

  #complete(invoice: InvoiceInput, operation: OperationName): Invoice {
    checkInvoice(invoice, operation);
    return {
      paymentMode: "IMMEDIATE_DEBIT",
      acknowledgmentMode: "NO_ACKNOWLEDGMENT",
      issueDate: new Date(this.#now()).toISOString().replace(/\.\d+Z$/, "Z"),
      ...invoice,
    };
  }

  async #call<N extends OperationName>(name: N, request: Omit<RequestOf<N>, "context">): Promise<Partial<ReturnOf<N>>> {
    const context = this.#context(name);
    const started = this.#now();
    const report = (result: CallRecord["result"]): void =>
      this.#options.onCall?.({
        operation: name,
        clientReference: context.clientReference ?? "",
        duration: this.#now() - started,
        result,
      });
    try {
      const operation = operations[name] as unknown as Operation<RequestOf<N>, ReturnOf<N>>;
      const message = writeRequest(name, operation.request, { ...request, context } as RequestOf<N>);
      const answer = readAnswer(name, operation, await this.#transport.post(this.#endpoint(name), message, name));
      report(0);
      return answer;
    } catch (error) {
      if (error instanceof SeqrError) report(error.code);
      throw error;
    }
  }

  #endpoint(operation: OperationName): string {
    if (operation !== "getClientSessionInfo") return this.#options.endpoint;
    const { sessionEndpoint } = this.#options;
    if (sessionEndpoint) return sessionEndpoint;
    throw new SeqrInputError("sessionEndpoint is not set", operation, "SEQR_NOT_CONFIGURED");
  }

  #context(operation: OperationName): ClientContext {
    const { terminal, reseller, channel = "WS", clientId = "medusa-payment-seqr", clientReference } = this.#options;
    const missing = (option: string): never => {
      throw new SeqrInputError(`${option} is not set`, operation, "SEQR_NOT_CONFIGURED");
    };
    const { principal } = operations[operation];
    const credentials = principal === "TERMINALID" ? (terminal ?? missing("terminal")) : (reseller ?? missing("reseller"));
    const context = {
      channel,
      clientId,
      clientReference: clientReference?.() ?? randomUUID().replaceAll("-", ""),
      clientRequestTimeout: 0,
      initiatorPrincipalId: {
        id: credentials.id,
        type: principal,
        ...(principal === "RESELLERUSER" && { userId: reseller?.userId ?? "9900" }),
      },
      password: credentials.password,
    };
    if (channel.length > 40) throw new SeqrInputError("channel is longer than 40 characters", operation);
    if (context.clientReference.length > 32) {
      throw new SeqrInputError("clientReference is longer than 32 characters", operation);
    }
    return context;
  }
}

function readAnswer<Request, Return>(
  name: OperationName,
  operation: Operation<Request, Return>,
  { status, contentType, body }: HttpAnswer,
): Partial<Return> {
  if (status >= 300 && status < 500 && !contentType.includes("xml")) {
    throw new SeqrNotDeliveredError("SEQR_HTTP_REFUSED", name, `the server at the endpoint answered HTTP ${status}`);
  }
  const invalid = (detail: string): never => {
    throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", name, `${detail} (HTTP ${status})`);
  };
  const element = parse(body, invalid) ?? invalid("the answer is not a SOAP message");
  const fault = faultIn(element);
  if (fault?.code === "Client") {
    throw new SeqrNotDeliveredError("SEQR_MESSAGE_REFUSED", name, `SEQR refused the message: ${brief(fault.message)}`);
  }
  if (fault) throw new SeqrUnknownOutcomeError("SEQR_FAULT", name, `SEQR failed: ${brief(fault.message)}`);
  const answer = answerIn(element, name, operation.return) ?? invalid(`the answer is not one to ${name}`);
  const { resultCode, resultDescription } = answer as { resultCode?: number; resultDescription?: string };
  if (resultCode === undefined) return invalid("the answer has no resultCode");
  if (resultCode !== 0) throw new SeqrResultError(name, resultCode, resultDescription && brief(resultDescription));
  return answer;
}

function parse(body: string, invalid: (detail: string) => never): ReturnType<typeof readBody> {
  try {
    return readBody(body);
  } catch (error) {
    if (error instanceof XmlError) return invalid(`the answer is not XML: ${error.message}`);
    throw error;
  }
}

/** Free text of the other side, cut so that it cannot flood a log. */
function brief(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 200);
}

function needed<T>(value: T | undefined, field: string, operation: OperationName): T {
  if (value !== undefined && value !== "") return value;
  throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, `the answer has no ${field}`);
}

function checkReference(reference: string, operation: OperationName, name = "invoiceReference"): void {
  if (!reference) throw new SeqrInputError(`${name} is empty`, operation);
}

function parametersOf(entries: Record<string, string>): { parameters: { parameter: Parameter[] } } {
  return { parameters: { parameter: Object.entries(entries).map(([key, value]) => ({ key, value })) } };
}

function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
