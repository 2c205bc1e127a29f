import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { AxiosHeaders, getAdapter, isAxiosError, type AxiosResponse } from "axios";
import { SeqrInputError, SeqrNotDeliveredError, SeqrUnknownOutcomeError } from "./errors";
import type { OperationName } from "./messages";

/** Limits of one exchange with SEQR. Each must be above 0 and at most 2 147 483 647. */
export interface TransportOptions {
  /** Milliseconds to get a connection, TLS included. The client's default is 3 000. */
  connectTimeout: number;
  /** Milliseconds until the whole answer is there, connecting included. The client's default is 10 000. */
  responseTimeout: number;
  /** Bytes; a longer answer is not read. The client's default is 2 000 000. */
  maxResponseBytes: number;
}

/** An HTTP answer with its body as text. */
export interface HttpAnswer {
  status: number;
  body: string;
}

/**
 * Milliseconds that an unused connection is kept. Servers close theirs after some 5 s at the earliest; a request that
 * crosses such a closing is lost with an unknown outcome.
 */
const KEEP_IDLE = 4_000;

const LARGEST_TIMER = 2 ** 31 - 1;

/**
 * The part of axios that speaks HTTP. The part around it, with the defaults and interceptors that any other package in
 * the process may have set, is left out: nothing of it is wanted here, and it costs as much again.
 */
const send = getAdapter("http");

/** Where axios gets its connections from. */
interface Agents {
  httpAgent: http.Agent;
  httpsAgent: https.Agent;
}

/** One request on its way. */
interface Sent {
  request?: http.ClientRequest;
  /** It was ended because no answer came in time. */
  late: boolean;
}

const HEADERS = {
  "Content-Type": "text/xml; charset=utf-8",
  Accept: "text/xml",
  "Accept-Encoding": "identity",
  SOAPAction: '""',
};

/**
 * Posts SOAP messages (PROTOCOL 1.1), over kept-alive connections where a lost answer does no harm. Redirects are not
 * followed, proxies from the environment are not used (a plain proxy would see the password), and no error carries
 * the message or the answer.
 */
export class Transport {
  readonly #kept: Agents;
  readonly #fresh: Agents;
  readonly #options: TransportOptions;
  /** The sockets that have been connected, and so can have carried a request. */
  readonly #connected = new WeakSet<object>();

  /** @throws {SeqrInputError} when a limit is out of range */
  constructor(options: TransportOptions) {
    for (const name of ["connectTimeout", "responseTimeout", "maxResponseBytes"] as const) {
      if (!(options[name] > 0 && options[name] <= LARGEST_TIMER)) {
        const detail = `${name} must be a number from 1 to ${LARGEST_TIMER}, not ${options[name]}`;
        throw new SeqrInputError(detail, undefined, "SEQR_NOT_CONFIGURED");
      }
    }
    this.#options = options;
    // The 60 s are what axios sets for a connection in use.
    const keepAlive = { keepAlive: true, keepAliveMsecs: 60_000, maxFreeSockets: 16, timeout: KEEP_IDLE };
    this.#kept = this.#agents(keepAlive);
    this.#fresh = this.#agents({});
  }

  /**
   * Posts a message and reads the whole answer, whatever its HTTP status.
   *
   * @param fresh on a connection of its own, which no server closes for having been idle
   * @throws {SeqrNotDeliveredError} when no connection was made
   * @throws {SeqrUnknownOutcomeError} when the request may have been read
   */
  async post(url: string, message: string, operation: OperationName, fresh = false): Promise<HttpAnswer> {
    const { responseTimeout, maxResponseBytes } = this.#options;
    const sent: Sent = { late: false };
    const timer = setTimeout(() => {
      sent.late = true;
      sent.request?.destroy();
    }, responseTimeout);
    try {
      const { status, data }: AxiosResponse<Buffer> = await send({
        url,
        method: "post",
        headers: new AxiosHeaders(HEADERS),
        data: message,
        ...(fresh ? this.#fresh : this.#kept),
        proxy: false,
        responseType: "arraybuffer",
        maxContentLength: maxResponseBytes,
        // Node's own: it follows no redirect, and shows us the request.
        transport: {
          request(options: https.RequestOptions, onAnswer: (answer: http.IncomingMessage) => void) {
            sent.request = (options.protocol === "https:" ? https : http).request(options, onAnswer);
            return sent.request;
          },
        },
      });
      return { status, body: data.toString("utf8") };
    } catch (error) {
      throw this.#explain(error, sent, operation);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes idle connections. Those in use are closed soon after their answer has come. */
  close(): void {
    const { httpAgent, httpsAgent } = this.#kept;
    for (const agent of [httpAgent, httpsAgent]) {
      for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    }
  }

  #agents(options: http.AgentOptions): Agents {
    return {
      httpAgent: this.#limitConnecting(new http.Agent(options), "connect"),
      httpsAgent: this.#limitConnecting(new https.Agent(options), "secureConnect"),
    };
  }

  /** Gives every new connection of the agent a time limit of its own, so that "not connected" stays certain. */
  #limitConnecting<A extends http.Agent>(agent: A, event: "connect" | "secureConnect"): A {
    const create = agent.createConnection.bind(agent);
    agent.createConnection = (...args: Parameters<typeof create>): Duplex | null | undefined => {
      const socket = create(...args);
      if (!socket) return socket;
      const timer = setTimeout(() => {
        socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
      }, this.#options.connectTimeout);
      socket.once("close", () => clearTimeout(timer));
      socket.once(event, () => {
        clearTimeout(timer);
        this.#connected.add(socket);
      });
      return socket;
    };
    return agent;
  }

  /** The failure as one of ours. The original is dropped: it holds the message, and so the password. */
  #explain(
    error: unknown,
    { request, late }: Sent,
    operation: OperationName,
  ): SeqrNotDeliveredError | SeqrUnknownOutcomeError {
    const { code = "no code", message = "" } = isAxiosError(error) ? error : {};
    if (request?.socket && !this.#connected.has(request.socket)) {
      const why = late ? "ETIMEDOUT" : code;
      return new SeqrNotDeliveredError("SEQR_UNREACHABLE", operation, `SEQR cannot be reached (${why})`);
    }
    if (late || code === "ETIMEDOUT") {
      return new SeqrUnknownOutcomeError("SEQR_TIMEOUT", operation, "SEQR did not answer in time");
    }
    if (message.includes("maxContentLength")) {
      return new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, "the answer is too large");
    }
    return new SeqrUnknownOutcomeError("SEQR_ANSWER_LOST", operation, `the answer was lost (${code})`);
  }
}

/**
 * Checks an endpoint: https, or http on this machine only, since the password travels in the message.
 *
 * @param name the option that the message is to name
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
