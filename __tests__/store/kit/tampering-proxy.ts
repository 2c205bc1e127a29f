import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A middleman between store and SEQR who may change answers: what a broken gateway or a lying service would do. */
export interface TamperingProxy {
  /** To be used as endpoint. */
  endpoint: string;
  /** Changes every answer from now on; undefined lets them pass. */
  tamper: ((answer: string) => string) | undefined;
  stop(): Promise<void>;
}

export async function startTamperingProxy(target: string): Promise<TamperingProxy> {
  const { port, hostname, pathname } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const forwarded = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          outgoing.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] });
          outgoing.end(proxy.tamper ? proxy.tamper(text) : text);
        });
      },
    );
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: TamperingProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    tamper: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
