/** An answer of the store's HTTP API that was not a success. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: { type?: string; code?: string; message?: string },
  ) {
    super(`HTTP ${status}: ${JSON.stringify(body)}`);
  }
}

/** Sends JSON and reads JSON. */
export async function send<T>(
  method: string,
  url: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<T> {
  const ask = (): Promise<Response> =>
    fetch(url, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  // A server may close a connection that was kept open at the moment of the next question; browsers then ask again.
  const answer = await (method === "GET" ? ask().catch(ask) : ask());
  const text = await answer.text();
  const parsed = parse(text);
  if (!answer.ok) throw new ApiError(answer.status, parsed as ApiError["body"]);
  return parsed as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 500) };
  }
}

/** Asks until the answer is the wanted one: for long, because this machine may have other things to do. */
export async function until<T>(
  ask: () => Promise<T>,
  wanted: (value: T) => boolean,
  { seconds = 60, every = 100 }: { seconds?: number; every?: number } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
