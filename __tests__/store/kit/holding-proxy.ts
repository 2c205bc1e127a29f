import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** When a call is held: before SEQR hears of it, or after SEQR has done the work. */
export type HoldWhen = "before" | "after";

export interface SoapCall {
  operation: string;
  /** The SOAP message. */
  body: string;
}

/** A middleman between store and SEQR who can hold calls until one side is gone. */
export interface HoldingProxy {
  /** To be used as endpoint. */
  endpoint: string;
  /** Decides for each call whether it is held; undefined lets all pass. */
  hold: ((call: SoapCall) => Promise<HoldWhen | undefined>) | undefined;
  /** Calls that passed or were held, since the start. */
  calls: SoapCall[];
  /** Breaks every connection and takes no new ones, as a machine that is down. */
  goDown(): Promise<void>;
  /** Listens again at the same address. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const { port, hostname, pathname } = new URL(target);
  const forward = (incoming: IncomingMessage, body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      // The body is sent on in one piece.
      const headers = { ...incoming.headers };
      delete headers["transfer-encoding"];
      const forwarded = request(
        { hostname, port, path: incoming.url, method: incoming.method, headers },
        (answer) => {
          read(answer).then((text) => resolve({ status: answer.statusCode ?? 502, text }), reject);
        },
      );
      forwarded.on("error", reject);
      forwarded.end(body);
    });
  const server = createServer((incoming, outgoing) => {
    const pass = async (): Promise<void> => {
      const body = await read(incoming);
      const call = { operation: /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? "?", body };
      proxy.calls.push(call);
      const when = await proxy.hold?.(call);
      if (when === "before") return;
      const { status, text } = await forward(incoming, body);
      if (when === "after") return;
      outgoing.writeHead(status, { "content-type": "text/xml; charset=utf-8" });
      outgoing.end(text);
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
  const proxy: HoldingProxy = {
    endpoint: `http://127.0.0.1:${own}${pathname}`,
    hold: undefined,
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
