import { inspect } from "node:util";
import { SeqrClient } from "../../../src/seqr/client";
import type { CallRecord, SeqrClientOptions } from "../../../src/seqr/client-options";
import { writeFault } from "../../../src/seqr/wire/envelope";
import {
  CLIENT_ERRORS,
  SeqrError,
  SeqrInputError,
  SeqrNotDeliveredError,
  SeqrResultError,
  SeqrUnknownOutcomeError,
} from "../../../src/seqr/errors";
import { escapeXml } from "../../../src/seqr/wire/xml";
import { answerTo, startServer, type Answering, type LocalServer } from "./local-server";

describe("the errors of the client", () => {
  it.each(Object.entries(CLIENT_ERRORS))(
    "give cause and cure of %s in whole sentences",
    (_, { cause, cure }) => {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      expect(cure).toMatch(/^[A-Z].*\.$/);
    },
  );

  it.each<[string, SeqrError, string, "refused" | "unknown"]>([
    [
      "sendInvoice: title is empty [SEQR_INPUT]",
      new SeqrInputError("title is empty", "sendInvoice"),
      "SeqrInputError",
      "refused",
    ],
    [
      "endpoint must be https [SEQR_NOT_CONFIGURED]",
      new SeqrInputError("endpoint must be https", undefined, "SEQR_NOT_CONFIGURED"),
      "SeqrInputError",
      "refused",
    ],
    [
      "cancelInvoice: no way [SEQR_UNREACHABLE]",
      new SeqrNotDeliveredError("SEQR_UNREACHABLE", "cancelInvoice", "no way"),
      "SeqrNotDeliveredError",
      "refused",
    ],
    [
      "refundPayment: too slow [SEQR_TIMEOUT]",
      new SeqrUnknownOutcomeError("SEQR_TIMEOUT", "refundPayment", "too slow"),
      "SeqrUnknownOutcomeError",
      "unknown",
    ],
    [
      "refundPayment: AUTHENTICATION_FAILED: The password is wrong. [SEQR_20]",
      new SeqrResultError("refundPayment", 20, "AUTHENTICATION_FAILED"),
      "SeqrResultError",
      "refused",
    ],
    [
      "refundPayment: SERVICE_UNAVAILABLE: A system behind SEQR, such as a bank, is down. [SEQR_94]",
      new SeqrResultError("refundPayment", 94, undefined),
      "SeqrResultError",
      "unknown",
    ],
  ])("say what happened, where and with what outcome: %s", (message, error, name, outcome) => {
    expect(error).toBeInstanceOf(SeqrError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, outcome, message });
    expect(error.reason).not.toBe("");
    expect(error.cure).not.toBe("");
  });
});

describe("no error shows a password", () => {
  const PASSWORD = `Hémligt&<lösen>"9`;
  const NEW_PASSWORD = "N3w'P4ss 😀";
  const SECRETS = [PASSWORD, NEW_PASSWORD];
  /** All that a secret could look like in a text. */
  const FORMS = SECRETS.flatMap((secret) => [
    secret,
    escapeXml(secret),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("hex"),
    JSON.stringify(secret).slice(1, -1),
  ]);

  let server: LocalServer;
  let answering: Answering;
  let records: CallRecord[];
  beforeEach(async () => {
    records = [];
    server = await startServer((received, socket) => answering(received, socket));
  });
  afterEach(() => server.stop());

  const clientWith = (more: Partial<SeqrClientOptions> = {}): SeqrClient =>
    new SeqrClient({
      endpoint: server.url,
      terminal: { id: "terminal", password: PASSWORD },
      reseller: { id: "shop", password: PASSWORD },
      responseTimeout: 300,
      maxResponseBytes: 10_000,
      onCall: (record) => records.push(record),
      ...more,
    });

  /** Everything that a log, a debugger or an error page could make of a value. */
  function everySight(value: unknown): string {
    const sights = [
      String(value),
      JSON.stringify(value),
      inspect(value, {
        depth: 10,
        showHidden: true,
        getters: true,
        maxStringLength: null,
        maxArrayLength: null,
      }),
    ];
    for (let error = value; error instanceof Error; error = error.cause) {
      const own = Object.getOwnPropertyNames(error).map(
        (name) => Reflect.get(error as Error, name) as unknown,
      );
      sights.push(...own.map((part) => inspect(part, { depth: 10, showHidden: true })), error.stack ?? "");
    }
    return sights.join("\n");
  }

  function expectNoSecret(value: unknown): void {
    const seen = everySight(value);
    for (const form of FORMS) expect(seen).not.toContain(form);
  }

  const echo = (text: string): string => `<![CDATA[${text}]]>`;
  const html = (text: string): string => `<!DOCTYPE html><pre>${text}</pre>`;

  it.each<[string, Answering]>([
    [
      "is a refusal that repeats the request",
      ({ body }) => ({ body: answerTo("registerTerminal", { resultCode: 49, resultDescription: body }) }),
    ],
    [
      "is a refusal that repeats the password",
      () => ({
        body: answerTo("registerTerminal", {
          resultCode: 20,
          resultDescription: `${PASSWORD} and ${NEW_PASSWORD} are wrong`,
        }),
      }),
    ],
    [
      "is a refusal that repeats the password as it was sent",
      ({ body }) => ({
        body: answerTo("registerTerminal", {
          resultCode: 20,
          resultDescription: (body.match(/<password>.*?<\/password>/g) ?? []).join(),
        }),
      }),
    ],
    [
      "is a fault that repeats the request",
      ({ body }) => ({ status: 500, body: writeFault({ code: "Client", message: body }) }),
    ],
    [
      "is a fault of theirs that repeats it as CDATA",
      ({ body }) => ({
        status: 500,
        body: writeFault({ code: "Server", message: "@" }).replace("@", echo(body)),
      }),
    ],
    ["is a page that repeats the request", ({ body }) => ({ body: html(body) })],
    ["is a refusing page that repeats the request", ({ body }) => ({ status: 403, body: html(body) })],
    ["is the request itself", ({ body }) => ({ body })],
    [
      "is a redirect that repeats the password",
      () => ({ status: 302, headers: { Location: `https://x.example/?${encodeURIComponent(PASSWORD)}` } }),
    ],
    ["is too large", ({ body }) => ({ body: body.repeat(100) })],
    ["lacks what it needs", () => ({ body: answerTo("registerTerminal") })],
    ["never comes", () => undefined],
    [
      "is broken off",
      ({ body }, socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n${body}`);
        socket.end();
        return undefined;
      },
    ],
  ])("when the answer %s", async (_, given) => {
    answering = given;
    const client = clientWith();
    const error: unknown = await client
      .registerTerminal({ externalTerminalId: "till", password: NEW_PASSWORD, name: "Till" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SeqrError);
    expect(server.received[0]?.body).toContain(escapeXml(PASSWORD));
    expect(server.received[0]?.body).toContain(escapeXml(NEW_PASSWORD));
    expectNoSecret(error);
    expect(records).toHaveLength(1);
    expectNoSecret(records);
    expectNoSecret(client);
  });

  it("when the server is down", async () => {
    await server.stop();
    const client = clientWith();
    const error: unknown = await client.unregisterTerminal().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "SEQR_UNREACHABLE" });
    expectNoSecret(error);
    expectNoSecret(client);
  });

  it("when the options or the input are refused", async () => {
    const secretAddress = `https://user:${encodeURIComponent(PASSWORD)}@seqr.example/soap`;
    expectNoSecret(
      await Promise.resolve()
        .then(() => clientWith({ endpoint: secretAddress }))
        .catch((reason: unknown) => reason),
    );
    const error: unknown = await clientWith({ clientReference: () => "x".repeat(99) })
      .cancelInvoice("1")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SeqrInputError);
    expectNoSecret(error);
  });

  it("while calls are under way and connections are kept", async () => {
    answering = () => undefined;
    const client = clientWith();
    const call = client.cancelInvoice("1").catch((reason: unknown) => reason);
    while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expectNoSecret(client);
    expectNoSecret(await call);
  });

  it("and SEQR's other words are kept", async () => {
    answering = () => ({
      body: answerTo("cancelInvoice", { resultCode: 20, resultDescription: `wrong: ${PASSWORD}, try again` }),
    });
    await expect(clientWith().cancelInvoice("1")).rejects.toMatchObject({
      description: "wrong: ***, try again",
    });
  });
});
