import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream";

/** How much and how long a sender may write until nobody waits for the end. */
export interface BodyLimits {
  bytes: number;
  milliseconds: number;
}

/**
 * For routes that use no body: what the sender writes is dropped. The request is dealt with at once, but its answer
 * waits for the end of the body: a sender who writes all before reading would otherwise find the connection closed, and
 * never hear the answer. Who does not come to an end is answered, and cut off.
 */
export const discardBody = dropBody({ bytes: 16 * 1024 * 1024, milliseconds: 10_000 });

/** The same within other limits. */
export function dropBody(limits: BodyLimits) {
  return (req: IncomingMessage, res: ServerResponse, next: () => void): void => {
    if (req.headers["content-length"] === undefined && req.headers["transfer-encoding"] === undefined) {
      return next();
    }
    const dropped = drop(req, limits);
    const end = res.end.bind(res) as (...answer: unknown[]) => void;
    res.end = (...answer: unknown[]) => {
      void dropped.then(() => end(...answer));
      return res;
    };
    // Node would wait for the rest, and read it for nothing.
    res.once("finish", () => {
      if (!req.complete) req.socket.destroySoon();
    });
    next();
  };
}

/** Resolves when the body has ended, or has gone on for too long. */
function drop(req: IncomingMessage, { bytes, milliseconds }: BodyLimits): Promise<void> {
  return new Promise((resolve) => {
    let dropped = 0;
    const count = (chunk: Buffer): void => {
      dropped += chunk.length;
      if (dropped > bytes) stop();
    };
    const stop = (): void => {
      clearTimeout(late);
      req.off("data", count).pause();
      resolve();
    };
    const late = setTimeout(stop, milliseconds);
    finished(req, { writable: false }, stop);
    req.on("data", count);
  });
}
