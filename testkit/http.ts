// JSON over HTTP, with errors that say what was asked and what came back.
import { setTimeout as sleep } from "node:timers/promises";

/** An answer of an HTTP API that was not a success. */
export class ApiError extends Error {
  constructor(
    request: string,
    readonly status: number,
    readonly body: { type?: string; code?: string; message?: string },
  ) {
    super(`${request}: HTTP ${status}: ${JSON.stringify(body)}`);
  }
}

export interface Request {
  headers?: Record<string, string>;
  body?: unknown;
}

/** Sends JSON and reads JSON. Throws an `ApiError` when the answer is not a success. */
export async function send<T = unknown>(
  method: string,
  url: string,
  { headers = {}, body }: Request = {},
): Promise<T> {
  const request = `${method} ${new URL(url).pathname}`;
  const ask = (): Promise<Response> =>
    fetch(url, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  // A server may close a kept-alive connection at the moment of the next request; browsers then send it again.
  const answer = await (method === "GET" ? ask().catch(ask) : ask()).catch((error: unknown) => {
    throw new Error(`${request}: no answer (${reasonOf(error)})`, { cause: error });
  });
  const text = await answer.text();
  const parsed = parse(text);
  if (!answer.ok) throw new ApiError(request, answer.status, parsed as ApiError["body"]);
  return parsed as T;
}

/** Requests to the paths below an address, all with the same headers. */
export type Api = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** @returns a function that sends requests to the paths below an address */
export function apiAt(base: string, headers: Record<string, string> = {}): Api {
  return (method, path, body) => send(method, `${base}${path}`, { headers, body });
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 500) };
  }
}

/** Asks until the answer is the wanted one. Waits long by default: the machine may be busy. */
export async function until<T>(
  ask: () => Promise<T>,
  isWanted: (value: T) => boolean,
  { seconds = 60, every = 100 }: { seconds?: number; every?: number } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (isWanted(value)) return value;
    if (Date.now() > deadline)
      throw new Error(
        `It did not happen within ${seconds} seconds. The last answer: ${JSON.stringify(value)}`,
      );
    await sleep(every);
  }
}
