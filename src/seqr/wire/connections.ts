import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";

/**
 * HTTP and HTTPS connections that know whether they were ever established. A request whose connection was not
 * established has certainly not been sent.
 */
export class Connections {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  readonly #established = new WeakSet<object>();

  /** @param connectTimeout milliseconds to establish a connection, TLS included */
  constructor(
    readonly connectTimeout: number,
    options: http.AgentOptions = {},
  ) {
    this.httpAgent = this.#watched(new http.Agent(options), "connect");
    this.httpsAgent = this.#watched(new https.Agent(options), "secureConnect");
  }

  /** Whether the connection was established, so that a request can have been sent over it. */
  wasEstablished(socket: object): boolean {
    return this.#established.has(socket);
  }

  /** Closes idle connections. Those in use close soon after their answer has come. */
  closeIdle(): void {
    for (const agent of [this.httpAgent, this.httpsAgent]) {
      for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    }
  }

  /** Limits the time to establish a connection, and notes when one is established. */
  #watched<A extends http.Agent>(agent: A, established: "connect" | "secureConnect"): A {
    const create = agent.createConnection.bind(agent);
    agent.createConnection = (...args: Parameters<typeof create>): Duplex | null | undefined => {
      const socket = create(...args);
      if (!socket) return socket;
      const timer = setTimeout(() => {
        socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
      }, this.connectTimeout);
      socket.once("close", () => clearTimeout(timer));
      socket.once(established, () => {
        clearTimeout(timer);
        this.#established.add(socket);
      });
      return socket;
    };
    return agent;
  }
}
