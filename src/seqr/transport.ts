import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import axios, { isAxiosError, type AxiosInstance } from "axios";
import { SeqrInputError, SeqrNotDeliveredError, SeqrUnknownOutcomeError } from "./errors";
import type { OperationName } from "./messages";

/** Limits of one exchange with SEQR. */
export interface TransportOptions {
  /** Milliseconds to get a connection, TLS included. */
  connectTimeout: number;
  /** Milliseconds until the whole answer is there, connecting included. */
  responseTimeout: number;
  /** Bytes; a longer answer is not read. */
  maxResponseBytes: number;
}

/** An HTTP answer with its body as text. */
export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "SEQR_CONNECT_TIMEOUT",
]);

/**
 * Posts SOAP messages over kept-alive connections. Redirects are not followed, proxies from the environment are not
 * used (a plain proxy would see the password), and no error carries the message or the answer.
 */
export class Transport {
  readonly #http: AxiosInstance;
  readonly #agents: [HttpAgent, HttpsAgent];
  readonly #timeout: number;

  constructor(options: TransportOptions) {
    this.#timeout = options.responseTimeout;
    const keepAlive = { keepAlive: true, keepAliveMsecs: 15_000, maxFreeSockets: 16, timeout: 60_000 };
    this.#agents = [
      limitConnecting(new HttpAgent(keepAlive), "connect", options.connectTimeout),
      limitConnecting(new HttpsAgent(keepAlive), "secureConnect", options.connectTimeout),
    ];
    this.#http = axios.create({
      httpAgent: this.#agents[0],
      httpsAgent: this.#agents[1],
      proxy: false,
      maxRedirects: 0,
      responseType: "arraybuffer",
      maxContentLength: options.maxResponseBytes,
      validateStatus: null,
      transformRequest: [],
      transformResponse: [],
      headers: { "Content-Type": "text/xml; charset=utf-8", Accept: "text/xml", SOAPAction: '""' },
    });
  }

  /**
   * @throws {SeqrNotDeliveredError} when no connection was made
   * @throws {SeqrUnknownOutcomeError} when the request may have been read
   */
  async post(url: string, message: string, operation: OperationName): Promise<HttpAnswer> {
    try {
      const { status, headers, data } = await this.#http.post<Buffer>(url, message, {
        signal: AbortSignal.timeout(this.#timeout),
      });
      return { status, contentType: String(headers["content-type"] ?? ""), body: data.toString("utf8") };
    } catch (error) {
      throw explain(error, operation);
    }
  }

  /** Closes idle connections. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }
}

/**
 * Checks an endpoint: https, or http on this machine only, since the password travels in the message.
 *
 * @throws {SeqrInputError} saying what is wrong
 */
export function checkEndpoint(endpoint: string, name = "endpoint"): string {
  const fail = (detail: string): never => {
    throw new SeqrInputError(`${name} ${detail}`, undefined, "SEQR_NOT_CONFIGURED");
  };
  if (!URL.canParse(endpoint)) return fail("is not an address (expected https://…)");
  const { protocol, hostname, username, password } = new URL(endpoint);
  if (username || password) fail("must not hold a user name or password");
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && loopback)) {
    fail("must be https; http is accepted for this machine (localhost) only");
  }
  return endpoint;
}

/** Gives every new connection of the agent a time limit of its own, so that "not connected" stays certain. */
function limitConnecting<A extends HttpAgent>(agent: A, connected: "connect" | "secureConnect", limit: number): A {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...args: Parameters<typeof create>): Duplex | null | undefined => {
    const socket = create(...args);
    if (!socket) return socket;
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error("no connection in time"), { code: "SEQR_CONNECT_TIMEOUT" }));
    }, limit);
    const stop = (): void => clearTimeout(timer);
    socket.once(connected, stop).once("close", stop);
    return socket;
  };
  return agent;
}

function explain(error: unknown, operation: OperationName): Error {
  if (!isAxiosError(error)) return error instanceof Error ? error : new Error(String(error));
  const code = error.code ?? "";
  if (NEVER_CONNECTED.has(code) || /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return new SeqrNotDeliveredError("SEQR_UNREACHABLE", operation, `SEQR cannot be reached (${code})`);
  }
  if (code === "ERR_CANCELED" || code === "ECONNABORTED" || code === "ETIMEDOUT") {
    return new SeqrUnknownOutcomeError("SEQR_TIMEOUT", operation, "SEQR did not answer in time");
  }
  if (/maxContentLength/.test(error.message)) {
    return new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, "the answer is too large");
  }
  return new SeqrUnknownOutcomeError("SEQR_ANSWER_LOST", operation, `the answer was lost (${code || "no code"})`);
}
