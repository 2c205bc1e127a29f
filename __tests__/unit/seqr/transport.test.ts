import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import tls from "node:tls";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import axios from "axios";
import { SeqrError } from "../../../src/seqr/errors";
import { checkEndpoint } from "../../../src/seqr/wire/endpoint";
import { Transport, type TransportOptions } from "../../../src/seqr/wire/transport";
import { listen, selfSigned, startServer, stop, type Answering, type LocalServer } from "./local-server";

const LIMITS: TransportOptions = { connectTimeout: 2_000, responseTimeout: 4_000, maxResponseBytes: 20_000 };
const { connect } = tls;

const MESSAGE = `<a>å 😀 "quoted" & all</a>`;

describe("the transport", () => {
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    while (open.length > 0) await open.pop()?.stop();
  });

  async function server(
    answering: Answering,
    ...more: Parameters<typeof startServer> extends [unknown, ...infer R] ? R : never
  ) {
    const started = await startServer(answering, ...more);
    open.push(started);
    return started;
  }

  /** A TCP server whose connections the test handles. Gives its port. */
  async function rawServer(onConnection: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const raw: Server = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      onConnection(socket);
    });
    open.push({
      stop: () => {
        sockets.forEach((socket) => socket.destroy());
        return stop(raw);
      },
    });
    return listen(raw);
  }

  function transport(limits: Partial<TransportOptions> = {}): Transport {
    const made = new Transport({ ...LIMITS, ...limits });
    open.push({ stop: async () => made.close() });
    return made;
  }

  const post = (url: string, limits?: Partial<TransportOptions>) =>
    transport(limits).post(url, MESSAGE, "refundPayment");

  /** What a failed call says, and how long it took. */
  async function failure(call: Promise<unknown>) {
    const started = performance.now();
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof SeqrError)) throw new Error("no error of ours", { cause: error });
    // The message holds the password.
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/quoted|61 c3 a5/);
    return { code: error.code, outcome: error.outcome, milliseconds: performance.now() - started, error };
  }

  const notDelivered = { code: "SEQR_UNREACHABLE", outcome: "refused" };
  const lost = { code: "SEQR_ANSWER_LOST", outcome: "unknown" };
  const late = { code: "SEQR_TIMEOUT", outcome: "unknown" };
  const invalid = { code: "SEQR_ANSWER_INVALID", outcome: "unknown" };

  const ok: Answering = () => ({ body: "<ok>å 😀</ok>" });

  describe("when all is well", () => {
    it("posts the message as SOAP 1.1 wants it and gives the answer", async () => {
      const { url, received } = await server(ok);
      expect(await post(url)).toEqual({ status: 200, body: "<ok>å 😀</ok>" });
      expect(received).toHaveLength(1);
      expect(received[0]).toMatchObject({
        method: "POST",
        body: MESSAGE,
        headers: {
          soapaction: '""',
          "content-type": "text/xml; charset=utf-8",
          "content-length": String(Buffer.byteLength(MESSAGE)),
          "user-agent": "medusa-payment-seqr",
        },
      });
    });

    it("sends no header but its own", async () => {
      const { url, received } = await server(ok);
      await post(url);
      expect(Object.keys(received[0]?.headers ?? {}).sort()).toEqual([
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "soapaction",
        "user-agent",
      ]);
    });

    it("is not changed by what the store does to its own axios", async () => {
      const { url, received } = await server(ok);
      const untouched = { ...axios.defaults };
      const intercept = jest.fn(<T>(config: T): T => config);
      const [request, response] = [
        axios.interceptors.request.use(intercept),
        axios.interceptors.response.use(intercept),
      ];
      try {
        Object.assign(axios.defaults, {
          adapter: () => Promise.reject(new Error("mocked")),
          allowAbsoluteUrls: false,
          baseURL: "http://store.invalid",
          headers: { common: { Authorization: "Bearer of the store" } },
          params: { tracking: "1" },
          timeout: 1,
          transformResponse: () => "changed",
        });
        expect(await post(url)).toEqual({ status: 200, body: "<ok>å 😀</ok>" });
      } finally {
        for (const name of Object.keys(axios.defaults)) Reflect.deleteProperty(axios.defaults, name);
        Object.assign(axios.defaults, untouched);
        axios.interceptors.request.eject(request);
        axios.interceptors.response.eject(response);
      }
      expect(received).toHaveLength(1);
      expect(received[0]?.headers.authorization).toBeUndefined();
      expect(intercept).not.toHaveBeenCalled();
    });

    it("sends each message with its own length", async () => {
      const { url, received } = await server(ok);
      const one = transport();
      for (const message of ["<a>long, at first</a>", "<b/>", "<c>longer than the second</c>"]) {
        await one.post(url, message, "sendInvoice");
      }
      expect(received.map(({ body }) => body)).toEqual([
        "<a>long, at first</a>",
        "<b/>",
        "<c>longer than the second</c>",
      ]);
    });

    it("keeps the connection for the next call", async () => {
      const local = await server(ok);
      const one = transport();
      for (let call = 0; call < 5; call++) await one.post(local.url, MESSAGE, "getPaymentStatus");
      expect(local.received).toHaveLength(5);
      expect(local.connections()).toBe(1);
    });

    it("takes a fresh connection when asked to, and closes it afterwards", async () => {
      const local = await server(ok);
      const one = transport();
      await one.post(local.url, MESSAGE, "getPaymentStatus");
      await one.post(local.url, MESSAGE, "refundPayment", true);
      await one.post(local.url, MESSAGE, "refundPayment", true);
      await one.post(local.url, MESSAGE, "getPaymentStatus");
      expect(local.connections()).toBe(3);
      expect(local.received.map(({ headers }) => headers.connection)).toEqual([
        "keep-alive",
        "close",
        "close",
        "keep-alive",
      ]);
    });

    it("closes an idle connection before servers do", async () => {
      const closed: Promise<unknown>[] = [];
      const local = await server((_, socket) => {
        closed.push(once(socket, "close"));
        return { body: "<a/>" };
      });
      await post(local.url);
      const started = performance.now();
      await Promise.all(closed);
      expect(performance.now() - started).toBeLessThan(4_900);
      expect(closed).toHaveLength(1);
    });

    it("leaves no timer behind that would keep the process from ending", async () => {
      const { url } = await server(ok);
      const timers = (): number =>
        process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
      const before = timers();
      await post(url);
      await transport().post(url, MESSAGE, "refundPayment", true);
      expect(timers()).toBe(before);
    });

    it("takes several connections for calls at the same time", async () => {
      const local = await server(ok);
      const one = transport();
      await Promise.all(Array.from({ length: 4 }, () => one.post(local.url, MESSAGE, "getPaymentStatus")));
      expect(local.received).toHaveLength(4);
      expect(local.connections()).toBe(4);
    });

    it("waits for an answer longer than for a connection", async () => {
      const local = await rawServer((socket) => {
        socket.once("data", () =>
          setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>"), 600),
        );
      });
      expect(await post(`http://localhost:${local}`, { connectTimeout: 300 })).toEqual({
        status: 200,
        body: "<a/>",
      });
    });

    it("puts an answer together that comes in the middle of a character", async () => {
      const bytes = Buffer.from("<a>😀</a>");
      const port = await rawServer((socket) => {
        socket.once("data", () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
          socket.write(bytes.subarray(0, 5));
          setTimeout(() => socket.write(bytes.subarray(5)), 50);
        });
      });
      expect(await post(`http://localhost:${port}`)).toEqual({ status: 200, body: "<a>😀</a>" });
    });

    it.each([200, 400, 404, 500, 503])("gives the body of HTTP %i too", async (status) => {
      const { url } = await server(() => ({ status, body: "<words/>" }));
      expect(await post(url)).toEqual({ status, body: "<words/>" });
    });

    it.each([301, 302, 303, 307, 308])("does not follow a redirect (HTTP %i)", async (status) => {
      const elsewhere = await server(ok);
      const { url } = await server(() => ({ status, headers: { Location: elsewhere.url }, body: "" }));
      expect(await post(url)).toEqual({ status, body: "" });
      expect(elsewhere.received).toEqual([]);
    });

    it("does not ask for compression, and understands it all the same", async () => {
      const { url, received } = await server(() => ({
        headers: { "Content-Encoding": "gzip" },
        body: gzipSync("<ok/>"),
      }));
      expect(await post(url)).toEqual({ status: 200, body: "<ok/>" });
      expect(received[0]?.headers["accept-encoding"]).toBe("identity");
    });

    it.each<[string, string, string, BufferEncoding]>([
      ["the header names", "text/xml; charset=ISO-8859-1", "", "latin1"],
      ["the header names in quotes", `text/xml;charset="iso-8859-1"`, "", "latin1"],
      [
        "the header names, whatever the document says",
        "text/xml; charset=utf-8",
        `<?xml version="1.0" encoding="ISO-8859-1"?>`,
        "utf8",
      ],
      [
        "the document declares",
        "text/xml",
        `<?xml version='1.0' encoding='ISO-8859-1' standalone='yes'?>`,
        "latin1",
      ],
      ["is XML's default", "text/xml", `<?xml version="1.0"?>`, "utf8"],
    ])("reads an answer in the character set that %s", async (_, type, declaration, encoding) => {
      const body = `${declaration}<a>Räksmörgås</a>`;
      const { url } = await server(() => ({
        headers: { "Content-Type": type },
        body: Buffer.from(body, encoding),
      }));
      expect(await post(url)).toEqual({ status: 200, body });
    });

    it("reads the ASCII part of an answer in an unknown character set", async () => {
      const { url } = await server(() => ({
        headers: { "Content-Type": "text/xml; charset=klingon" },
        body: "<ok/>",
      }));
      expect(await post(url)).toEqual({ status: 200, body: "<ok/>" });
    });

    it("ignores the proxies of the environment, which would see the password", async () => {
      const proxy = await server(ok);
      const plain = await server(ok);
      const secure = await trusted(ok);
      const before = { ...process.env };
      try {
        for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
          Object.assign(process.env, { [name]: proxy.url, [name.toUpperCase()]: proxy.url });
        }
        Object.assign(process.env, { no_proxy: "", NO_PROXY: "", NODE_USE_ENV_PROXY: "1" });
        const one = transport();
        for (const { url } of [plain, secure]) {
          await one.post(url, MESSAGE, "getPaymentStatus");
          await one.post(url, MESSAGE, "refundPayment", true);
        }
      } finally {
        process.env = before;
      }
      expect([plain.received.length, secure.received.length]).toEqual([2, 2]);
      expect(proxy.received).toEqual([]);
      expect(proxy.connections()).toBe(0);
    });
  });

  describe("knows for certain that nothing was sent when", () => {
    it("no server listens on the port", async () => {
      const raw = createServer();
      const port = await listen(raw);
      await stop(raw);
      expect(await failure(post(`http://localhost:${port}`))).toMatchObject(notDelivered);
    });

    it("the name does not exist", async () => {
      expect(await failure(post("https://seqr.invalid/soap"))).toMatchObject(notDelivered);
    });

    it("the connection is not there in time", async () => {
      // TLS needs an answer of the server, which never comes.
      const port = await rawServer(() => undefined);
      const call = post(`https://localhost:${port}`, { connectTimeout: 300 });
      const { milliseconds, ...failed } = await failure(call);
      expect(failed).toMatchObject(notDelivered);
      expect(failed.error.message).toContain("ETIMEDOUT");
      expect(milliseconds).toBeGreaterThan(250);
      expect(milliseconds).toBeLessThan(2_000);
    });

    it("the time for the answer is over before there is a connection", async () => {
      const port = await rawServer(() => undefined);
      const failed = await failure(post(`https://localhost:${port}`, { responseTimeout: 200 }));
      expect(failed).toMatchObject(notDelivered);
      expect(failed.milliseconds).toBeLessThan(1_500);
    });

    it("the server hangs up during the TLS handshake", async () => {
      const port = await rawServer((socket) => socket.once("data", () => socket.destroy()));
      expect(await failure(post(`https://localhost:${port}`))).toMatchObject(notDelivered);
    });

    it("the server speaks no TLS", async () => {
      const { url, received } = await server(ok);
      expect(
        await failure(post(url.replace("http:", "https:").replace("127.0.0.1", "localhost"))),
      ).toMatchObject(notDelivered);
      expect(received).toEqual([]);
    });

    it.each(["TLSv1.2", "TLSv1.3"] as const)(
      "the server's certificate is self-signed (%s)",
      async (version) => {
        const bytes: Buffer[] = [];
        const raw = tls.createServer(
          { ...selfSigned(), minVersion: version, maxVersion: version },
          (socket) => {
            socket.on("error", () => undefined).on("data", (part: Buffer) => bytes.push(part));
          },
        );
        open.push({ stop: () => stop(raw) });
        const port = await listen(raw);
        const failed = await failure(post(`https://localhost:${port}`));
        expect(failed).toMatchObject(notDelivered);
        expect(failed.error.message).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(Buffer.concat(bytes).toString()).toBe("");
      },
    );

    it("the certificate is for another name", async () => {
      const { url, received } = await trusted(ok);
      const failed = await failure(post(url.replace("localhost", "127.0.0.1")));
      expect(failed).toMatchObject(notDelivered);
      expect(failed.error.message).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
      expect(received).toEqual([]);
    });
  });

  describe("leaves the outcome open when", () => {
    it("the answer does not come in time", async () => {
      const { url, received } = await server(() => undefined);
      const { milliseconds, ...failed } = await failure(post(url, { responseTimeout: 300 }));
      expect(failed).toMatchObject(late);
      expect(milliseconds).toBeGreaterThan(250);
      expect(milliseconds).toBeLessThan(1_500);
      expect(received).toHaveLength(1);
    });

    it("the answer comes drop by drop", async () => {
      const port = await rawServer((socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 10000\r\n\r\n<a>");
          const drops = setInterval(() => socket.write("x"), 20);
          socket.once("close", () => clearInterval(drops));
        });
      });
      const { milliseconds, ...failed } = await failure(
        post(`http://localhost:${port}`, { responseTimeout: 300 }),
      );
      expect(failed).toMatchObject(late);
      expect(milliseconds).toBeLessThan(1_500);
    });

    it("the connection breaks after the request", async () => {
      const { url, received } = await server((_, socket) => {
        socket.resetAndDestroy();
        return undefined;
      });
      expect(await failure(post(url))).toMatchObject(lost);
      expect(received).toHaveLength(1);
    });

    it("the connection breaks while the request is being sent", async () => {
      const port = await rawServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
      const message = `<a>${"x".repeat(20_000_000)}</a>`;
      const call = transport().post(`http://localhost:${port}`, message, "refundPayment", true);
      expect(await failure(call)).toMatchObject(lost);
    });

    it("the server closes the connection at once", async () => {
      // What was on its way then may have been read or not.
      const port = await rawServer((socket) => socket.destroy());
      expect(await failure(post(`http://localhost:${port}`))).toMatchObject(lost);
    });

    it("a kept connection is closed just as the next request is sent", async () => {
      let requests = 0;
      const port = await rawServer((socket) => {
        socket.on("data", () => {
          requests += 1;
          if (requests === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>");
          else socket.resetAndDestroy();
        });
      });
      const one = transport();
      await one.post(`http://localhost:${port}`, MESSAGE, "refundPayment");
      expect(await failure(one.post(`http://localhost:${port}`, MESSAGE, "refundPayment"))).toMatchObject(
        lost,
      );
      expect(requests).toBe(2);
    });

    it.each([
      ["before its announced end", "Content-Length: 1000\r\n\r\n<a>"],
      ["between two chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n"],
      ["in the header", "Content-Type: te"],
    ])("the answer breaks off %s", async (_, rest) => {
      const port = await rawServer((socket) => {
        socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
      });
      expect(await failure(post(`http://localhost:${port}`))).toMatchObject(lost);
    });

    it("the answer is not HTTP", async () => {
      const port = await rawServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
      expect(await failure(post(`http://localhost:${port}`))).toMatchObject(lost);
    });

    it("the server wants to speak something else", async () => {
      const port = await rawServer((socket) => {
        socket.once("data", () =>
          socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: soap\r\n\r\n"),
        );
      });
      const call = post(`http://localhost:${port}`, { responseTimeout: 300 });
      expect(await failure(call)).toMatchObject({ outcome: "unknown" });
    });

    it("the answer was packed badly", async () => {
      const { url } = await server(() => ({ headers: { "Content-Encoding": "gzip" }, body: "<ok/>" }));
      expect(await failure(post(url))).toMatchObject(lost);
    });

    it("the answer is too large, and stops reading it", async () => {
      let hangUp: () => void;
      const closed = new Promise<void>((resolve) => (hangUp = resolve));
      const port = await rawServer((socket) => {
        socket.once("close", () => hangUp());
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          const flow = setInterval(() => socket.write(`2710\r\n${"x".repeat(10_000)}\r\n`), 1);
          socket.once("close", () => clearInterval(flow));
        });
      });
      const failed = await failure(post(`http://localhost:${port}`));
      expect(failed).toMatchObject(invalid);
      expect(failed.error.message).toContain("too large");
      await closed;
    });

    it("the answer is larger than allowed by one byte", async () => {
      const { maxResponseBytes } = LIMITS;
      const largest = await server(() => ({ body: "x".repeat(maxResponseBytes) }));
      expect((await post(largest.url)).body).toHaveLength(maxResponseBytes);
      const larger = await server(() => ({ body: "x".repeat(maxResponseBytes + 1) }));
      expect(await failure(post(larger.url))).toMatchObject(invalid);
    });

    it("a small answer unpacks to a large one", async () => {
      const { url } = await server(() => ({
        headers: { "Content-Encoding": "gzip" },
        body: gzipSync("x".repeat(10_000_000)),
      }));
      expect(await failure(post(url))).toMatchObject(invalid);
    });
  });

  describe("over TLS", () => {
    it("posts, and keeps the connection", async () => {
      const { url, received, connections } = await trusted(ok);
      const one = transport();
      for (let call = 0; call < 3; call++) {
        expect(await one.post(url, MESSAGE, "getPaymentStatus")).toEqual({
          status: 200,
          body: "<ok>å 😀</ok>",
        });
      }
      expect(received.map(({ body }) => body)).toEqual([MESSAGE, MESSAGE, MESSAGE]);
      expect(connections()).toBe(1);
    });

    it("leaves the outcome open once the request is out", async () => {
      const breaking = await trusted((_, socket) => {
        socket.destroy();
        return undefined;
      });
      expect(await failure(post(breaking.url))).toMatchObject(lost);
      const silent = await trusted(() => undefined);
      expect(await failure(post(silent.url, { responseTimeout: 300 }))).toMatchObject(late);
      expect([...breaking.received, ...silent.received]).toHaveLength(2);
    });
  });

  /** A TLS server whose certificate the client takes for genuine. */
  async function trusted(answering: Answering): Promise<LocalServer> {
    const certificate = selfSigned();
    jest
      .spyOn(tls, "connect")
      .mockImplementation(((options: tls.ConnectionOptions) =>
        connect({ ...options, ca: certificate.cert })) as typeof connect);
    return server(answering, certificate);
  }

  describe("when it is closed", () => {
    it("closes idle connections", async () => {
      const closed: Promise<unknown>[] = [];
      const { url } = await server((_, socket) => {
        closed.push(once(socket, "close"));
        return { body: "<a/>" };
      });
      const one = transport();
      await one.post(url, MESSAGE, "sendInvoice");
      await new Promise((resolve) => setTimeout(resolve, 20));
      const started = performance.now();
      one.close();
      await Promise.all(closed);
      expect(closed).toHaveLength(1);
      expect(performance.now() - started).toBeLessThan(1_500);
    });

    it("lets a call under way come to its end", async () => {
      const port = await rawServer((socket) => {
        socket.once("data", () =>
          setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>"), 200),
        );
      });
      const one = transport();
      const call = one.post(`http://localhost:${port}`, MESSAGE, "refundPayment");
      await new Promise((resolve) => setTimeout(resolve, 100));
      one.close();
      expect(await call).toEqual({ status: 200, body: "<a/>" });
    });
  });

  it.each(["connectTimeout", "responseTimeout", "maxResponseBytes"] as const)(
    "refuses a %s out of range by name",
    (name) => {
      for (const value of [0, -1, NaN, Infinity, 2 ** 31]) {
        expect(() => new Transport({ ...LIMITS, [name]: value })).toThrow(
          `${name} must be a number from 1 to 2147483647`,
        );
      }
    },
  );
});

describe("the address of the service", () => {
  it.each([
    "https://extdev.seqr.example/soap/merchant/cashregister-2",
    "https://10.0.0.1:8443/soap?wsdl",
    "HTTPS://SEQR.EXAMPLE/soap",
    "http://localhost:4711/soap",
    "http://127.0.0.1/soap",
    "http://127.8.8.8/soap",
    "http://127.1/soap",
    "http://[::1]:80/soap",
  ])("can be %s", (endpoint) => {
    expect(checkEndpoint(endpoint)).toBe(endpoint);
  });

  it.each([
    ["http://seqr.example/soap", "must be https"],
    ["http://10.0.0.1/soap", "must be https"],
    ["http://localhost.example/soap", "must be https"],
    ["http://127.0.0.1.example/soap", "must be https"],
    ["http://0.0.0.0/soap", "must be https"],
    ["ftp://localhost/soap", "must be https"],
    ["file:///soap", "must be https"],
    ["seqr.example/soap", "is not an address"],
    ["", "is not an address"],
    ["https://user@seqr.example/soap", "must not hold a user name or password"],
    ["https://user:hidden@seqr.example/soap", "must not hold a user name or password"],
  ])("cannot be %j", (endpoint, why) => {
    const check = () => checkEndpoint(endpoint, "sessionEndpoint");
    expect(check).toThrow(`sessionEndpoint ${why}`);
    expect(check).toThrow(expect.objectContaining({ code: "SEQR_NOT_CONFIGURED", outcome: "refused" }));
    expect(check).not.toThrow("hidden");
  });
});
