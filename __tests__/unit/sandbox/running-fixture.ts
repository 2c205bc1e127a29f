import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { SeqrClient, type SeqrClientOptions } from "../../../src/seqr";
import { PUBLIC_TEST_RESELLER, PUBLIC_TEST_TERMINAL, type RunningSandbox } from "../../../src/sandbox";

export function clientOf(sandbox: RunningSandbox, more: Partial<SeqrClientOptions> = {}): SeqrClient {
  const { endpoint, sessionEndpoint } = sandbox;
  return new SeqrClient({
    endpoint,
    sessionEndpoint,
    terminal: PUBLIC_TEST_TERMINAL,
    reseller: PUBLIC_TEST_RESELLER,
    ...more,
  });
}

/** What the client sends. */
export const ORDER = {
  title: "Order 1",
  clientInvoiceId: "1",
  totalAmount: { currency: "SEK", value: "12.50" },
  cashierId: "web",
  footer: "Thank you",
};

export interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A shop's server that writes down what it gets; `answer` 0: never answers. */
export async function startShop(answer = 200, headers: Record<string, string> = {}) {
  const received: Received[] = [];
  let wake: () => void = () => undefined;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      if (answer > 0) response.writeHead(answer, headers).end();
      wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** Resolves when so many requests have come. */
    async wait(count: number): Promise<void> {
      while (received.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 2_500) throw new Error("it never was so");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
