import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** When a call is held: before SEQR hears of it, or after SEQR has done the work. */
export type HoldWhen = "before" | "after";

export interface SoapCall {
  operation: string;
  /** The SOAP message. */
  body: string;
}

/** A middleman between store and SEQR: what a broken line, a broken gateway or a lying service would do. */
export interface SeqrProxy {
  /** To be used as endpoint. */
  endpoint: string;
  /** Decides for each call whether it is held until one side is gone; undefined lets all pass. */
  hold: ((call: SoapCall) => Promise<HoldWhen | undefined>) | undefined;
  /** Changes every answer from now on; undefined lets them pass. */
  tamper: ((answer: string) => string) | undefined;
  /** Calls that passed or were held, since the start. */
  calls: SoapCall[];
  /** Breaks every connection and takes no new ones, as a machine that is down. */
  goDown(): Promise<void>;
  /** Listens again at the same address. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSeqrProxy(target: string): Promise<SeqrProxy> {
  const { port, hostname, pathname } = new URL(target);
  const forward = (incoming: IncomingMessage, body: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      // The body is sent on in one piece.
      const headers = { ...incoming.headers };
      delete headers["transfer-encoding"];
      const address = { hostname, port, path: incoming.url, method: incoming.method, headers };
      request(address, resolve).on("error", reject).end(body);
    });
  const server = createServer((incoming, outgoing) => {
    const pass = async (): Promise<void> => {
      const body = await read(incoming);
      const call = { operation: /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? "?", body };
      proxy.calls.push(call);
      const when = await proxy.hold?.(call);
      if (when === "before") return;
      const answer = await forward(incoming, body);
      if (when === "after") return void (await read(answer));
      const status = answer.statusCode ?? 502;
      if (proxy.tamper) {
        outgoing.writeHead(status, { "content-type": answer.headers["content-type"] });
        outgoing.end(proxy.tamper(await read(answer)));
      } else {
        outgoing.writeHead(status, answer.headers);
        await pipeline(answer, outgoing);
      }
    };
    pass().catch(() => outgoing.destroy());
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, "127.0.0.1", resolve));
  await listen(0);
  const { port: own } = server.address() as AddressInfo;
  const goDown = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const proxy: SeqrProxy = {
    endpoint: `http://127.0.0.1:${own}${pathname}`,
    hold: undefined,
    tamper: undefined,
    calls: [],
    goDown,
    comeBack: () => listen(own),
    stop: goDown,
  };
  return proxy;
}

async function read(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
