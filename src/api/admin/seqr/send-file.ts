import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { MedusaResponse } from "@medusajs/framework/http";

/** A file to be downloaded. */
interface SentFile {
  /** Letters, digits, dots and hyphens. */
  name: string;
  /** MIME type with the character set. */
  type: string;
  pieces: AsyncIterable<string | Buffer>;
}

/**
 * Sends a file in pieces, as fast as the client takes them. The first piece is made before the answer begins, so that its failure is
 * an answer of its own. A later failure ends the connection, and the client sees that the file is not complete.
 */
export async function sendFile(res: MedusaResponse, { name, type, pieces }: SentFile): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  res.set({
    "content-type": type,
    "content-disposition": `attachment; filename="${name}"`,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  try {
    await pipeline(Readable.from(withFirst(first, iterator)), res);
  } catch (error) {
    // A client that does not want the rest is no failure.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

async function* withFirst(
  first: IteratorResult<string | Buffer>,
  rest: AsyncIterator<string | Buffer>,
): AsyncIterable<string | Buffer> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
