/** One event of a stream. */
export interface StreamEvent {
  id: string;
  event: string;
  data: string;
}

/** An open stream of server-sent events. */
export interface EventStream {
  /** Waits for the next event that is wanted. */
  next(wanted: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** All so far. */
  events: StreamEvent[];
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  close(): void;
}

/** Opens a stream as a browser does. */
export async function openStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const aborting = new AbortController();
  const answer = await fetch(url, {
    headers: { accept: "text/event-stream", ...headers },
    signal: aborting.signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
  const events: StreamEvent[] = [];
  const waiting = new Set<() => void>();
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let rest = "";
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (rest + decoder.decode(part.value, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? "";
        if (/^event:/m.test(block))
          events.push({ id: field("id"), event: field("event"), data: field("data") });
      }
      for (const look of waiting) look();
    }
  };
  const ended = read(answer.body).catch(() => undefined);
  return {
    events,
    ended,
    close: () => aborting.abort(),
    next: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such event among ${JSON.stringify(events)}`));
        }, 60_000);
        const look = (): void => {
          const found = events.find(wanted);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
