import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { dropBody, discardBody, type BodyLimits } from "../../../src/api/middlewares/discard-body";

const MEGABYTE = 1024 * 1024;
const ANSWER = '{"received":true}';

describe("a route that uses no body", () => {
  let server: Server;
  const sockets: Socket[] = [];
  /** Requests that the route dealt with. */
  let taken: number;

  /** @param readsFirst whether something has read the body before, as a body parser does */
  async function listen(limits?: BodyLimits, { readsFirst = false } = {}): Promise<void> {
    taken = 0;
    const middleware = limits ? dropBody(limits) : discardBody;
    server = createServer((req, res) => {
      const handle = (): void =>
        middleware(req, res, () => {
          taken++;
          res.setHeader("content-length", ANSWER.length).end(ANSWER);
        });
      if (readsFirst) req.resume().once("end", () => setImmediate(handle));
      else handle();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  function open(): Socket {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    sockets.push(socket);
    return socket;
  }

  const head = (...headers: string[]) =>
    ["POST / HTTP/1.1", "host: store", ...headers].join("\r\n") + "\r\n\r\n";
  const line = (name: "1.0" | "1.1", ...headers: string[]) =>
    head(...headers).replace("HTTP/1.1", `HTTP/${name}`);

  /** Writes everything, and only then begins to read: until the answer is there whole, or the connection ends. */
  async function writeAllThenRead(socket: Socket, text: string, bytes: number): Promise<string> {
    socket.write(text);
    const part = Buffer.alloc(64 * 1024, "x");
    for (let left = bytes; left > 0; left -= part.length) {
      if (!socket.write(part.subarray(0, left))) await once(socket, "drain");
    }
    return answerOn(socket);
  }

  function answerOn(socket: Socket): Promise<string> {
    return new Promise((resolve, reject) => {
      let heard = "";
      socket.on("error", reject).on("close", () => resolve(heard));
      socket.on("data", (part) => {
        heard += String(part);
        if (heard.endsWith(ANSWER)) resolve(heard);
      });
    });
  }

  it.each([
    ["keeps its connection", line("1.1", `content-length: ${5 * MEGABYTE}`)],
    ["closes its connection", line("1.1", `content-length: ${5 * MEGABYTE}`, "connection: close")],
    ["speaks HTTP/1.0", line("1.0", `content-length: ${5 * MEGABYTE}`)],
  ])("answers a sender who writes five megabytes before reading, and %s", async (_, text) => {
    await listen();
    expect(await writeAllThenRead(open(), text, 5 * MEGABYTE)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  it("continues with the next request on the same connection", async () => {
    await listen();
    const socket = open();
    const one = await writeAllThenRead(socket, head(`content-length: ${MEGABYTE}`), MEGABYTE);
    socket.write(head("content-length: 2") + "{}" + head());
    expect([one, await answerOn(socket)]).toEqual(Array(2).fill(expect.stringContaining("200 OK")));
    expect(taken).toBeGreaterThanOrEqual(2);
  });

  it("answers a request whose body was read before", async () => {
    await listen(undefined, { readsFirst: true });
    expect(await writeAllThenRead(open(), head("content-length: 10"), 10)).toContain("200 OK");
  });

  it("deals with a request at once, although its body stops in the middle", async () => {
    await listen();
    const socket = open();
    socket.write(head("content-length: 1000") + "x");
    await once(server, "request");
    expect(taken).toBe(1);
    socket.destroy();
  });

  it.each([
    ["stops in the middle", head("content-length: 1000") + "x", 0],
    ["goes on by drips", head("transfer-encoding: chunked"), 10],
  ])("answers a sender who %s, and cuts it off", async (_, text, every) => {
    await listen({ bytes: MEGABYTE, milliseconds: 200 });
    const socket = open();
    const dripping = every > 0 ? setInterval(() => socket.write("1\r\nx\r\n"), every) : undefined;
    socket.write(text);
    let heard = "";
    socket.on("data", (part) => (heard += String(part))).on("error", () => undefined);
    await once(socket, "close").finally(() => clearInterval(dripping));
    expect(heard).toContain("200 OK");
  });

  it("closes the connection of a sender that exceeds the limit", async () => {
    await listen({ bytes: MEGABYTE, milliseconds: 60_000 });
    const socket = open();
    socket.on("error", () => undefined).resume();
    socket.write(head("content-length: 1000000000"));
    const flow = Buffer.alloc(64 * 1024, "x");
    const pour = (): void => void (socket.writable && socket.write(flow) && setImmediate(pour));
    socket.on("drain", pour);
    pour();
    await once(socket, "close");
    // What the machine keeps on the way comes on top.
    expect(socket.bytesWritten).toBeLessThan(50 * MEGABYTE);
    expect(taken).toBe(1);
  });
});
