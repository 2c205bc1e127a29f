import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { sendReply, textReply, TooLong } from "./reply";

/** Answers a request. @returns false when the path is not its own */
export type Site = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

/** Creates an HTTP server that tries its sites in order; the first that knows the path answers. */
export function createSiteServer(sites: readonly Site[]): Server {
  const server = createServer((request, response) => {
    answer(sites, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const tooLong = error instanceof TooLong;
      const message = error instanceof Error ? error.message : String(error);
      response.shouldKeepAlive = false;
      sendReply(response, textReply(tooLong ? 413 : 500, message));
    });
  });
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 60_000;
  return server;
}

async function answer(
  sites: readonly Site[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "/";
  if (!path.startsWith("/") || !URL.canParse(path, "http://sandbox")) {
    return sendReply(response, textReply(400, "bad request target"));
  }
  const url = new URL(path, "http://sandbox");
  for (const site of sites) {
    if (await site(request, response, url)) return;
  }
  sendReply(response, textReply(404, "nothing here; docs/sandbox.md lists the paths"));
}
