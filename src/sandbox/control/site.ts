import type { IncomingMessage } from "node:http";
import { SandboxError, type SandboxErrorCode } from "../errors";
import { jsonReply, readBytes, sendReply, type Reply } from "../http/reply";
import type { Site } from "../http/server";
import { Input } from "./input";
import { ROUTES, type ControlContext } from "./routes";

const MAX_BYTES = 1_000_000;

/** HTTP status of the sandbox's own errors; 400 where not listed. */
const STATUS: Partial<Record<SandboxErrorCode, number>> = {
  SANDBOX_NO_SUCH_INVOICE: 404,
  SANDBOX_NOT_FOUND: 404,
  SANDBOX_LOOPBACK_ONLY: 403,
  SANDBOX_INVOICE_CLOSED: 409,
  SANDBOX_WAITING_FOR_SHOP: 409,
  SANDBOX_NOT_NOW: 409,
  SANDBOX_CLOCK_NOT_TURNABLE: 409,
  SANDBOX_STATE_UNWRITABLE: 500,
};

/**
 * Serves the control API: JSON under `/sandbox`, for programs on this machine only.
 *
 * @param persist resolves when the state survives a restart
 */
export function controlSite(context: ControlContext, persist: () => Promise<void>): Site {
  return async (request, response, url) => {
    if (!/^\/sandbox(\/|$)/.test(url.pathname)) return false;
    sendReply(response, await answer(context, persist, request, url));
    return true;
  };
}

async function answer(
  context: ControlContext,
  persist: () => Promise<void>,
  request: IncomingMessage,
  url: URL,
): Promise<Reply> {
  try {
    checkCaller(request);
    const body = await readBytes(request, MAX_BYTES);
    const result = await act(context, request.method ?? "GET", url.pathname, body);
    await persist();
    return jsonReply(200, result);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const { code, detail, reason, cure } = error;
    return jsonReply(STATUS[code] ?? 400, { error: { code, message: detail, cause: reason, cure } });
  }
}

function act(context: ControlContext, method: string, path: string, body: Buffer): unknown {
  for (const route of ROUTES) {
    const match = route.path.exec(path);
    if (match && route.method === method) return route.act(context, parse(body), match[1] ?? "");
  }
  throw new SandboxError("SANDBOX_NOT_FOUND", `no ${method} ${path}`);
}

function parse(body: Buffer): Input {
  if (body.length === 0) return new Input({});
  try {
    return new Input(JSON.parse(body.toString("utf8")));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new SandboxError("SANDBOX_INPUT", `the body is not JSON: ${error.message}`);
    throw error;
  }
}

/** Accepts requests from this machine by a local name only, because another site's name could resolve to it, and no HTML form. */
function checkCaller({ socket, headers, method }: IncomingMessage): void {
  const isLocal = /^(::1|(::ffff:)?127(\.\d+){3})$/.test(socket.remoteAddress ?? "");
  const isLocalName = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? "");
  const isJson =
    method === "GET" || method === "DELETE" || /^application\/json\b/i.test(headers["content-type"] ?? "");
  if (isLocal && isLocalName && isJson) return;
  throw new SandboxError(
    "SANDBOX_LOOPBACK_ONLY",
    isJson ? "not from this machine" : "Content-Type is not JSON",
  );
}
