import type { IncomingMessage, ServerResponse } from "node:http";

/** An HTTP answer. */
export interface Reply {
  status: number;
  type: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export const TEXT = "text/plain; charset=utf-8";
export const XML = "text/xml;charset=UTF-8";

export function textReply(status: number, body: string, headers?: Record<string, string>): Reply {
  return { status, type: TEXT, body: `${body}\n`, ...(headers && { headers }) };
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, type: "application/json; charset=utf-8", body: `${JSON.stringify(value, null, 2)}\n` };
}

export function sendReply(response: ServerResponse, { status, type, body, headers }: Reply): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": bytes.length,
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(bytes);
}

/** The request exceeds the size limit. */
export class TooLong extends Error {}

/**
 * Reads a request's body.
 *
 * @throws {TooLong} when it exceeds the limit in bytes
 */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  // A too long request is not destroyed, so that the error can still be answered.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > limit) throw new TooLong(`the request is longer than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
