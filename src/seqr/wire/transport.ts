import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { urlToHttpOptions } from "node:url";
import { unzip } from "node:zlib";
import { decodeXml } from "./character-set";
import { SeqrInputError, SeqrNotDeliveredError, SeqrUnknownOutcomeError } from "../errors";

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

/** What carries SOAP messages to SEQR: {@link Transport}, or something that needs no network. */
export interface SoapTransport {
  /**
   * Posts a message and gives the whole answer, whatever its HTTP status.
   *
   * @param fresh on a connection of its own, which no server closes for having been idle
   * @throws {SeqrNotDeliveredError} when the message has certainly not been sent
   * @throws {SeqrUnknownOutcomeError} when it may have been read
   */
  post(url: string, message: string, operation: string, fresh?: boolean): Promise<HttpAnswer>;
  /** Gives up what is not in use. */
  close(): void;
}

/**
 * Milliseconds that an unused connection is kept. Servers close theirs after some 5 s at the earliest; a request that
 * crosses such a closing is lost with an unknown outcome.
 */
const KEEP_IDLE = 4_000;

const LARGEST_TIMER = 2 ** 31 - 1;

const HEADERS = {
  "Content-Type": "text/xml; charset=utf-8",
  Accept: "text/xml",
  "Accept-Encoding": "identity",
  SOAPAction: '""',
  // Firewalls before such services turn away requests without one.
  "User-Agent": "medusa-payment-seqr",
};

/** The code by which a failure says that the answer is longer than allowed; zlib's own. */
const TOO_LARGE = "ERR_BUFFER_TOO_LARGE";

/** The connections of one kind. */
interface Agents {
  http: http.Agent;
  https: https.Agent;
}

/**
 * Posts SOAP messages (PROTOCOL 1.1), over kept-alive connections where a lost answer does no harm. Redirects are not
 * followed, proxies from the environment are not used (a plain proxy would see the password), and no error carries
 * the message or the answer.
 */
export class Transport implements SoapTransport {
  readonly #kept: Agents;
  readonly #fresh: Agents;
  readonly #options: TransportOptions;
  /** Addresses, taken apart: a client posts to one or two. */
  readonly #targets = new Map<string, http.RequestOptions>();
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
    this.#kept = this.#agents({ keepAlive: true, maxFreeSockets: 16, timeout: KEEP_IDLE });
    this.#fresh = this.#agents({});
  }

  /** As {@link SoapTransport.post} says. Compression is not asked for, but understood. */
  post(url: string, message: string, operation: string, fresh = false): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const fail = (code: string): void => {
        clearTimeout(timer);
        reject(this.#explain(code, request, operation));
        request?.destroy();
      };
      const timer = setTimeout(fail, this.#options.responseTimeout, "ETIMEDOUT");
      const bytes = Buffer.from(message);
      let request: http.ClientRequest | undefined;
      try {
        request = this.#request(url, bytes.length, fresh);
      } catch (error) {
        fail(codeOf(error));
        return;
      }
      request.on("error", (error) => fail(codeOf(error)));
      request.on("response", (answer) => {
        const status = answer.statusCode ?? 0;
        readText(answer, this.#options.maxResponseBytes, fail, (body) => {
          clearTimeout(timer);
          resolve({ status, body });
        });
      });
      request.end(bytes);
    });
  }

  /** Closes idle connections. Those in use are closed soon after their answer has come. */
  close(): void {
    for (const agent of [this.#kept.http, this.#kept.https]) {
      for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    }
  }

  #request(url: string, length: number, fresh: boolean): http.ClientRequest {
    const target = this.#targetOf(url);
    const secure = target.protocol === "https:";
    const agents = fresh ? this.#fresh : this.#kept;
    return (secure ? https : http).request({
      ...target,
      method: "POST",
      // With an agent of our own, Node uses no proxy from the environment.
      agent: secure ? agents.https : agents.http,
      headers: { ...HEADERS, "Content-Length": length },
    });
  }

  #targetOf(url: string): http.RequestOptions {
    const target = this.#targets.get(url) ?? urlToHttpOptions(new URL(url));
    this.#targets.set(url, target);
    return target;
  }

  #agents(options: http.AgentOptions): Agents {
    return {
      http: this.#limitConnecting(new http.Agent(options), "connect"),
      https: this.#limitConnecting(new https.Agent(options), "secureConnect"),
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

  /** The failure as one of ours. The original is dropped: it may hold the message, and so the password. */
  #explain(
    code: string,
    request: http.ClientRequest | undefined,
    operation: string,
  ): SeqrNotDeliveredError | SeqrUnknownOutcomeError {
    if (!request || (request.socket && !this.#connected.has(request.socket))) {
      return new SeqrNotDeliveredError("SEQR_UNREACHABLE", operation, `SEQR cannot be reached (${code})`);
    }
    if (code === "ETIMEDOUT") {
      return new SeqrUnknownOutcomeError("SEQR_TIMEOUT", operation, "SEQR did not answer in time");
    }
    if (code === TOO_LARGE) {
      return new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, "the answer is too large");
    }
    return new SeqrUnknownOutcomeError("SEQR_ANSWER_LOST", operation, `the answer was lost (${code})`);
  }
}

/**
 * Reads an answer as text, and unpacks what was packed without being asked for.
 *
 * @param limit bytes, before and after unpacking
 * @param fail gets the code of what went wrong; the answer is to be destroyed then
 */
function readText(
  answer: http.IncomingMessage,
  limit: number,
  fail: (code: string) => void,
  done: (text: string) => void,
): void {
  const parts: Buffer[] = [];
  let size = 0;
  answer.on("data", (part: Buffer) => {
    size += part.length;
    if (size > limit) fail(TOO_LARGE);
    else parts.push(part);
  });
  answer.on("error", (error) => fail(codeOf(error)));
  answer.on("end", () => {
    const bytes = Buffer.concat(parts, size);
    const read = (unpacked: Buffer): void =>
      // Of a set that nobody knows, digits and names are most likely what they are in UTF-8.
      done(decodeXml(unpacked, answer.headers["content-type"]) ?? unpacked.toString());
    if (!/gzip|deflate/i.test(answer.headers["content-encoding"] ?? "")) return read(bytes);
    unzip(bytes, { maxOutputLength: limit }, (error, unpacked) => {
      if (error) fail(codeOf(error));
      else read(unpacked);
    });
  });
}

/** Node's name of what went wrong. */
function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "no code";
}
