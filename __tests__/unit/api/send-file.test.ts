import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MedusaResponse } from "@medusajs/framework/http";
import { sendFile } from "../../../src/api/admin/seqr/send-file";

/** A server that sends one file, and what came of the sending. */
async function serving(
  pieces: AsyncIterable<string | Buffer>,
): Promise<{ server: Server; sent: Promise<unknown> }> {
  let end: (outcome: unknown) => void = () => undefined;
  const sent = new Promise((resolve) => (end = resolve));
  const server = createServer((_, res) => {
    const set = (headers: Record<string, string>): void =>
      Object.entries(headers).forEach(([name, value]) => res.setHeader(name, value));
    const answer = Object.assign(res, { set }) as unknown as MedusaResponse;
    sendFile(answer, { name: "file.csv", type: "text/csv; charset=utf-8", pieces }).then(
      () => end("sent"),
      (error: unknown) => {
        // As Medusa does: an answer that has not begun is one about the error.
        if (!res.headersSent) (res as ServerResponse).writeHead(404).end(String(error));
        end(error);
      },
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, sent };
}

async function ask(server: Server): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(get({ port, host: "127.0.0.1", agent: false }), "response")) as [
    IncomingMessage,
  ];
  return answer;
}

async function read(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of answer) text += String(part);
  return text;
}

describe("a file that is sent", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it("has its name, its type and all of its pieces, and is not kept or guessed about", async () => {
    async function* pieces(): AsyncIterable<string | Buffer> {
      yield "a,";
      yield Buffer.from("å\r\n");
      yield "";
      yield "b";
    }
    const made = await serving(pieces());
    server = made.server;
    const answer = await ask(server);
    expect(answer.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="file.csv"',
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    expect(await read(answer)).toBe("a,å\r\nb");
    expect(await made.sent).toBe("sent");
  });

  it("is no file when its first piece fails", async () => {
    // eslint-disable-next-line require-yield
    async function* pieces(): AsyncIterable<string> {
      throw new Error("no such period");
    }
    const made = await serving(pieces());
    server = made.server;
    const answer = await ask(server);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers["content-disposition"]).toBeUndefined();
    expect(await read(answer)).toBe("Error: no such period");
  });

  it("is cut off when a later piece fails, so that nobody takes it for whole", async () => {
    async function* pieces(): AsyncIterable<string> {
      yield "a";
      throw new Error("database away");
    }
    const made = await serving(pieces());
    server = made.server;
    await expect(ask(server).then(read)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await made.sent).toMatchObject({ message: "database away" });
  });

  it("is made as fast as the client reads it, and no longer when the client is gone", async () => {
    let made = 0;
    let isOver = false;
    async function* pieces(): AsyncIterable<Buffer> {
      try {
        for (;;) {
          made++;
          yield Buffer.alloc(1_000_000);
        }
      } finally {
        isOver = true;
      }
    }
    const { server: own, sent } = await serving(pieces());
    server = own;
    const answer = await ask(server);
    await once(answer, "readable");
    const before = made;
    expect(before).toBeLessThan(100);
    answer.destroy();
    expect(await sent).toBe("sent");
    expect(isOver).toBe(true);
    expect(made).toBeLessThan(100);
  });
});
