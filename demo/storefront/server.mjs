// Serves the storefront's pages, and tells them where the store is. Everything else they do themselves, over the store's
// public HTTP API.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const pages = fileURLToPath(new URL("pages", import.meta.url));

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Starts the storefront on the loopback address.
 * @param config what the pages find at /config.json: store_url, phone_url, publishable_key, region_id
 * @returns `{ url, stop() }`
 */
export async function startStorefront({ port, config }) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(config.store_url).origin}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const everywhere = {
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
  };

  const server = createServer(async (request, response) => {
    const reply = (status, type, body) => {
      response.writeHead(status, { ...everywhere, "Content-Type": type });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (request.method !== "GET" && request.method !== "HEAD") return reply(405, TYPES[".html"], "");
    const { pathname } = new URL(request.url ?? "/", "http://storefront");
    if (pathname === "/config.json") return reply(200, "application/json", JSON.stringify(config));
    const file = fileOf(pathname);
    try {
      reply(200, TYPES[extname(file)], await readFile(file));
    } catch {
      reply(404, TYPES[".html"], await readFile(fileOf("/not-found")));
    }
  });
  await new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", done);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** `/cart` is cart.html; whatever leads out of the folder, or is of no known type, is nothing. */
function fileOf(pathname) {
  const name = pathname === "/" ? "/index.html" : extname(pathname) === "" ? `${pathname}.html` : pathname;
  const file = normalize(join(pages, name));
  return file.startsWith(pages + sep) && TYPES[extname(file)] ? file : join(pages, "not-found.html");
}
