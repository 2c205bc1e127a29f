import { generateKeyPairSync, sign } from "node:crypto";
import http, { type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import https from "node:https";
import type { AddressInfo, Server as TcpServer, Socket } from "node:net";
import { writeAnswer } from "../../../src/seqr/wire/envelope";
import { operations, type OperationName, type ReturnOf } from "../../../src/seqr/operations";
import type { Complex } from "../../../src/seqr/wire/schema";

/** A request as it came over the wire. */
export interface Received {
  method: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a server is to answer. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** Answers one request; gives undefined to leave it without an answer. */
export type Answering = (received: Received, socket: Socket) => Reply | undefined;

/** A server on this machine that writes down what it gets. */
export interface LocalServer {
  url: string;
  received: Received[];
  /** Connections so far. */
  connections(): number;
  stop(): Promise<void>;
}

/** Starts an HTTP server, or an HTTPS server when a certificate is given. */
export async function startServer(
  answering: Answering,
  tls?: Certificate & https.ServerOptions,
): Promise<LocalServer> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("error", () => undefined);
    request.on("end", () => {
      const { method, headers } = request;
      const one = { method, headers, body: Buffer.concat(parts).toString() };
      received.push(one);
      const reply = answering(one, request.socket);
      if (!reply) return;
      response.writeHead(reply.status ?? 200, { "Content-Type": "text/xml;charset=UTF-8", ...reply.headers });
      response.end(reply.body);
    });
  };
  const server: Server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  let connections = 0;
  server.on(tls ? "secureConnection" : "connection", () => connections++);
  server.on("tlsClientError", () => undefined);
  const port = await listen(server);
  return {
    url: tls ? `https://localhost:${port}/soap` : `http://127.0.0.1:${port}/soap`,
    received,
    connections: () => connections,
    stop: () => stop(server),
  };
}

/** Lets a server listen on a free port of this machine. */
export async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return (server.address() as AddressInfo).port;
}

/** Closes a server and everything that is connected to it. */
export async function stop(server: TcpServer & { closeAllConnections?: () => void }): Promise<void> {
  server.closeAllConnections?.();
  await new Promise((resolve) => server.close(resolve));
}

/** A successful answer of the service to an operation. */
export function answerTo<N extends OperationName>(name: N, value: Partial<ReturnOf<N>> = {}): string {
  const shape = operations[name].return as unknown as Complex<object>;
  return writeAnswer(name, shape, { resultCode: 0, resultDescription: "SUCCESS", ...value });
}

export interface Certificate {
  key: string;
  cert: string;
}

/** Makes a self-signed certificate for `localhost`. */
export function selfSigned(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  const localhost = der(
    0x30,
    der(0x31, der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from("localhost")))),
  );
  const utcTime = (years: number): Buffer => {
    const date = new Date(Date.now() + years * 31_557_600_000);
    return der(
      0x17,
      Buffer.from(
        `${date
          .toISOString()
          .replace(/[-:T]|\.\d+/g, "")
          .slice(2)}`,
      ),
    );
  };
  const body = der(
    0x30,
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    localhost,
    der(0x30, utcTime(-1), utcTime(1)),
    localhost,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const certificate = der(0x30, body, ecdsaWithSha256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}

/** One element of the encoding that certificates are written in. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
