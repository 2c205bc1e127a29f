// Serves the storefront's pages, and tells them where the store is. Everything else they do themselves, over the store's
// public HTTP API.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

/** What the pages find at /config.json. */
export interface StorefrontConfig {
  store_url: string;
  phone_url: string;
  publishable_key: string;
  region_id: string;
}

export interface RunningStorefront {
  url: string;
  stop(): Promise<void>;
}

interface Content {
  type: string;
  body: string | Buffer;
}

const pages = join(__dirname, "pages");

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Starts the storefront on the loopback address. */
export async function startStorefront({
  port,
  config,
}: {
  port: number;
  config: StorefrontConfig;
}): Promise<RunningStorefront> {
  const headers = {
    "Content-Security-Policy": policyFor(new URL(config.store_url).origin),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
  };
  const server = createServer((request, response) => {
    void answer(request, config).then(({ status, type, body }) => {
      const contentHeaders = { "Content-Type": type, "Content-Length": Buffer.byteLength(body) };
      response.writeHead(status, { ...headers, ...contentHeaders });
      response.end(request.method === "HEAD" ? undefined : body);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Own files and the store's payment view only, nothing inline; requests go to the store. */
function policyFor(store: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${store}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${store}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

async function answer(
  { method, url = "/" }: IncomingMessage,
  config: StorefrontConfig,
): Promise<Content & { status: number }> {
  if (method !== "GET" && method !== "HEAD") return { status: 405, type: "text/plain", body: "GET only\n" };
  const path = url.replace(/[?#].*$/s, "");
  if (path === "/config.json") return { status: 200, type: "application/json", body: JSON.stringify(config) };
  const found = await page(path);
  if (found) return { status: 200, ...found };
  return { status: 404, type: "text/plain", body: "not found\n", ...(await page("/not-found")) };
}

/** `/cart` is cart.html. What leads out of the folder, or is of no known type, is nothing. */
async function page(path: string): Promise<Content | undefined> {
  const name = path === "/" ? "index.html" : extname(path) === "" ? `${path}.html` : path;
  const file = normalize(join(pages, name));
  const type = TYPES[extname(file)];
  if (!file.startsWith(pages + sep) || !type) return undefined;
  try {
    return { type, body: await readFile(file) };
  } catch {
    return undefined;
  }
}
