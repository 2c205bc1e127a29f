import type { ClientRequest } from "node:http";
import type { TLSSocket } from "node:tls";
import type { AxiosError, AxiosStatic } from "axios";
import { SeqrInputError, SeqrNotDeliveredError, SeqrUnknownOutcomeError } from "../errors";
import { decodeXml } from "./character-set";
import { Connections } from "./connections";

/** Limits of one exchange with SEQR. Each must be above 0 and at most 2 147 483 647. */
export interface TransportOptions {
  /** Milliseconds to establish a connection, TLS included. The client's default is 3 000. */
  connectTimeout: number;
  /** Milliseconds until the whole answer is there, connecting included. The client's default is 10 000. */
  responseTimeout: number;
  /** Bytes; a longer answer is not read. The client's default is 2 000 000. */
  maxResponseBytes: number;
}

/** Limits of an answer that is a document. */
export type AnswerLimits = Pick<TransportOptions, "responseTimeout" | "maxResponseBytes">;

/** An HTTP answer with its body as text. */
export interface HttpAnswer {
  status: number;
  body: string;
}

/** What an answer says of the server that gave it. */
export interface ServerFacts {
  /** Its clock, by the header `Date`; in whole seconds. */
  date: Date | undefined;
  /** Until when its certificate is valid; only with https. */
  certificateUntil: Date | undefined;
}

/** Carries SOAP messages to SEQR: {@link Transport}, or in tests something that needs no network. */
export interface SoapTransport {
  /**
   * Posts a message and gives the whole answer, whatever its HTTP status.
   *
   * @param fresh on a connection of its own, which no server closes for having been idle
   * @param limits in place of the transport's own, for answers that are documents
   * @throws {SeqrNotDeliveredError} when the message has certainly not been sent
   * @throws {SeqrUnknownOutcomeError} when SEQR may have read it
   */
  post(
    url: string,
    message: string,
    operation: string,
    fresh?: boolean,
    limits?: AnswerLimits,
  ): Promise<HttpAnswer>;
  /** Closes idle connections. */
  close(): void;
}

/**
 * Milliseconds that an idle connection is kept. Servers close theirs after some 5 s at the earliest; a request that
 * crosses such a closing is lost with an unknown outcome.
 */
const KEEP_IDLE = 4_000;

type Axios = InstanceType<AxiosStatic["Axios"]>;

const LARGEST_TIMER = 2 ** 31 - 1;

const HEADERS = {
  "Content-Type": "text/xml; charset=utf-8",
  Accept: "text/xml",
  "Accept-Encoding": "identity",
  SOAPAction: '""',
  // Firewalls before such services turn away requests without one.
  "User-Agent": "medusa-payment-seqr",
};

/**
 * Posts SOAP messages with axios (PROTOCOL 1.1), over kept-alive connections where a lost answer does no harm. Redirects
 * are not followed, and proxies from the environment are not used: a plain HTTP proxy would see the password. No error
 * carries the message or the answer.
 */
export class Transport implements SoapTransport {
  readonly #limits: AnswerLimits;
  readonly #kept: Connections;
  readonly #fresh: Connections;
  readonly #axios: Axios;

  /**
   * @param onAnswer is called with what each answer says of the server
   * @throws {SeqrInputError} when a limit is out of range
   */
  constructor(
    options: TransportOptions,
    private readonly onAnswer?: (facts: ServerFacts) => void,
  ) {
    const { connectTimeout, responseTimeout, maxResponseBytes } = options;
    checkLimits({ connectTimeout, responseTimeout, maxResponseBytes });
    this.#limits = { responseTimeout, maxResponseBytes };
    this.#axios = createAxios();
    this.#kept = new Connections(connectTimeout, { keepAlive: true, maxFreeSockets: 16, timeout: KEEP_IDLE });
    this.#fresh = new Connections(connectTimeout);
  }

  /** As {@link SoapTransport.post} says. Compression is not asked for, but understood. */
  async post(
    url: string,
    message: string,
    operation: string,
    fresh = false,
    { responseTimeout, maxResponseBytes }: AnswerLimits = this.#limits,
  ): Promise<HttpAnswer> {
    const connections = fresh ? this.#fresh : this.#kept;
    const { httpAgent, httpsAgent } = connections;
    // axios's own time limit starts again with each part of an answer.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), responseTimeout);
    try {
      const { signal } = deadline;
      const config = { httpAgent, httpsAgent, signal, maxContentLength: maxResponseBytes };
      const answer = await this.#axios.post<Buffer>(url, message, config);
      const { status, data, headers } = answer;
      this.onAnswer?.(factsOf(headers["date"], answer.request as ClientRequest | undefined));
      // In an unknown character set, digits and names are most likely the same as in UTF-8.
      const body = decodeXml(data, headers["content-type"] as string | undefined) ?? data.toString();
      return { status, body };
    } catch (error) {
      throw explain(error as AxiosError, connections, deadline.signal.aborted, operation);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes idle connections. Those in use close soon after their answer has come. */
  close(): void {
    this.#kept.closeIdle();
  }
}

/**
 * Checks limits of an exchange, whatever their names.
 *
 * @throws {SeqrInputError} naming the one that is out of range
 */
export function checkLimits(limits: Readonly<Record<string, number>>): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (limit > 0 && limit <= LARGEST_TIMER) continue;
    const detail = `${name} must be a number from 1 to ${LARGEST_TIMER}, not ${limit}`;
    throw new SeqrInputError(detail, undefined, "SEQR_NOT_CONFIGURED");
  }
}

/**
 * Loads axios when a transport is made, since that takes longer than to load the rest of the client. The instance is made
 * apart from the store's own axios, whose defaults and interceptors do not apply to it.
 */
function createAxios(): Axios {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would load a second copy, file by file
  const axios = require("axios") as AxiosStatic;
  return new axios.Axios({
    adapter: "http",
    headers: HEADERS,
    maxRedirects: 0,
    proxy: false,
    responseType: "arraybuffer",
    validateStatus: null,
  });
}

/** @param date the header of that name */
function factsOf(date: unknown, request: ClientRequest | undefined): ServerFacts {
  const socket = request?.socket as Partial<TLSSocket> | undefined;
  return {
    date: moment(date),
    certificateUntil: moment(socket?.getPeerCertificate?.().valid_to),
  };
}

function moment(text: unknown): Date | undefined {
  const date = new Date(typeof text === "string" ? text : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The failure as an error of the client. The original is dropped: it holds the message, and so the password. */
function explain(
  { code = "no code", message, request }: AxiosError,
  connections: Connections,
  isLate: boolean,
  operation: string,
): SeqrNotDeliveredError | SeqrUnknownOutcomeError {
  const socket = (request as ClientRequest | undefined)?.socket;
  if (socket && !connections.wasEstablished(socket)) {
    const why = isLate ? "ETIMEDOUT" : code;
    return new SeqrNotDeliveredError("SEQR_UNREACHABLE", operation, `SEQR cannot be reached (${why})`, why);
  }
  if (isLate) {
    return new SeqrUnknownOutcomeError("SEQR_TIMEOUT", operation, "SEQR did not answer in time");
  }
  if (message.startsWith("maxContentLength")) {
    return new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, "the answer is too large");
  }
  return new SeqrUnknownOutcomeError("SEQR_ANSWER_LOST", operation, `the answer was lost (${code})`);
}
