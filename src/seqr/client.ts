import { randomUUID } from "node:crypto";
import {
  checkClientOptions,
  type CallRecord,
  type ResellerCredentials,
  type SeqrClientOptions,
} from "./client-options";
import { SeqrError, SeqrInputError } from "./errors";
import { operations, type OperationMethods, type OperationName } from "./operations";
import type { Operation } from "./operations/operation";
import { readAnswer } from "./read-answer";
import type { ClientContext } from "./types";
import { writeRequest } from "./wire/envelope";
import { checkLimits, Transport, type AnswerLimits, type SoapTransport } from "./wire/transport";

type AnyOperation = Operation<object, object, unknown[], unknown>;

// The constructor makes the methods from the table that this type is derived from.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface SeqrClient extends OperationMethods {}

/**
 * A typed client of the SEQR merchant API (PROTOCOL 2). Each of the thirteen documented operations is a method, which is
 * described in its file in `operations/`.
 *
 * A method throws {@link SeqrInputError} (nothing was sent), {@link SeqrNotDeliveredError} (SEQR did not act upon it),
 * {@link SeqrUnknownOutcomeError} (no trustworthy answer came) or {@link SeqrResultError} (SEQR refused), and nothing
 * else. Their `outcome` says whether the operation may have taken effect. The client repeats nothing.
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
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class SeqrClient {
  readonly #options: SeqrClientOptions;
  readonly #transport: SoapTransport;
  readonly #reportLimits: AnswerLimits;
  readonly #now: () => number;

  /** @throws {SeqrInputError} when an address, a limit or the channel is not acceptable */
  constructor(options: SeqrClientOptions) {
    checkClientOptions(options);
    const { connectTimeout = 3_000, responseTimeout = 10_000, maxResponseBytes = 2_000_000 } = options;
    const {
      reportTimeout = Math.max(responseTimeout, 60_000),
      maxReportBytes = Math.max(maxResponseBytes, 130_000_000),
    } = options;
    checkLimits({ reportTimeout, maxReportBytes });
    this.#options = options;
    this.#reportLimits = { responseTimeout: reportTimeout, maxResponseBytes: maxReportBytes };
    this.#transport =
      options.transport ?? new Transport({ connectTimeout, responseTimeout, maxResponseBytes });
    this.#now = options.now ?? Date.now;
    for (const name of Object.keys(operations) as OperationName[]) {
      Object.assign(this, { [name]: this.#methodOf(name) });
    }
  }

  /** Closes idle connections, also those of a given transport. Calls under way are not disturbed. */
  close(): void {
    this.#transport.close();
  }

  #methodOf(name: OperationName): (...parameters: unknown[]) => Promise<unknown> {
    const operation = operations[name] as unknown as AnyOperation;
    const exchange: Parameters<AnyOperation["method"]>[0] = {
      send: (request, read) => this.#send(name, operation, request, read),
      now: this.#now,
    };
    return (...parameters) => operation.method(exchange, ...parameters);
  }

  async #send<Result>(
    name: OperationName,
    operation: AnyOperation,
    request: object,
    read: (answer: object) => Result,
  ): Promise<Result> {
    const endpoint = this.#endpointOf(name, operation);
    const context = this.#contextOf(name, operation);
    const message = writeRequest(name, operation.request, { ...request, context });
    const secrets = [context.password, ...("password" in request ? [String(request.password)] : [])];
    const started = this.#now();
    const report = (result: CallRecord["result"]): void => {
      const { clientReference } = context;
      try {
        this.#options.onCall?.({ operation: name, clientReference, duration: this.#now() - started, result });
      } catch {
        // The call has its outcome, whatever the listener could not do.
      }
    };
    try {
      const limits = operation.answersWithDocument ? this.#reportLimits : undefined;
      const answer = await this.#transport.post(endpoint, message, name, operation.freshConnection, limits);
      const result = read(readAnswer(name, operation.return, answer, secrets));
      report(0);
      return result;
    } catch (error) {
      if (error instanceof SeqrError) report(error.code);
      throw error;
    }
  }

  #endpointOf(name: string, { service }: AnyOperation): string {
    if (service !== "client-session") return this.#options.endpoint;
    return this.#options.sessionEndpoint ?? failNotSet("sessionEndpoint", name);
  }

  #contextOf(
    name: string,
    { principal }: AnyOperation,
  ): ClientContext & { clientReference: string; password: string } {
    const { channel = "WS", clientId = "medusa-payment-seqr" } = this.#options;
    const option = principal === "TERMINALID" ? "terminal" : "reseller";
    const { id, password, userId = "9900" }: Partial<ResellerCredentials> = this.#options[option] ?? {};
    if (!id || !password) return failNotSet(option, name);
    const clientReference = this.#options.clientReference?.() ?? randomUUID().replaceAll("-", "");
    if (clientReference.length > 32) {
      throw new SeqrInputError("clientReference is longer than 32 characters", name);
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

function failNotSet(option: string, operation: string): never {
  throw new SeqrInputError(`${option} is not set`, operation, "SEQR_NOT_CONFIGURED");
}
