import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream";

/** Size and time after which the end of a body is not awaited any more. */
export interface BodyLimits {
  bytes: number;
  milliseconds: number;
}

/**
 * Discards the body on routes that use none. The request is handled at once, but its answer waits for the end of the
 * body: a sender that writes everything before it reads would otherwise find the connection closed, and miss the
 * answer. A sender that exceeds the limits receives the answer, and the connection is closed.
 */
export const discardBody = dropBody({ bytes: 16 * 1024 * 1024, milliseconds: 10_000 });

/** Creates such a middleware with other limits. */
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
    // Node would read the rest without need.
    res.once("finish", () => {
      if (!req.complete) req.socket.destroySoon();
    });
    next();
  };
}

/** Resolves when the body has ended or has exceeded a limit. */
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
