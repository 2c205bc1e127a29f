import { askTerminal } from "../../../src/health/ask-terminal";
import { terminalFindings } from "../../../src/health/terminal-findings";
import { systemClock } from "../../../src/clock";
import { startSandbox, type RunningSandbox } from "../../../src/sandbox";
import { Transport } from "../../../src/seqr";
import { openTerminals } from "../../../src/modules/seqr/operations/terminals";
import { resolveStore } from "../../../src/options/store-options";
import { CANARY } from "../../store/kit/secrets";
import { answerTo, selfSigned, startServer, type LocalServer } from "../seqr/local-server";

describe("the question that changes nothing", () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ terminals: [CANARY.terminal, { ...CANARY.terminal, id: "other" }] });
  });
  afterAll(() => sandbox.stop());
  const servers: LocalServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  const terminalAt = (endpoint: string, given: object = {}) => {
    const { terminals } = resolveStore({
      ...{ endpoint, terminalId: CANARY.terminal.id, password: CANARY.terminal.password },
      ...{ backendUrl: "http://127.0.0.1:9", currencies: ["SEK"], shopName: "Nordic Goods", ...given },
    });
    return openTerminals(terminals, {
      ledger: { latestPaid: () => Promise.resolve([]) },
      clock: systemClock,
    }).first;
  };
  const serve = async (...given: Parameters<typeof startServer>): Promise<LocalServer> => {
    const server = await startServer(...given);
    servers.push(server);
    return server;
  };
  const codesOf = async (endpoint: string, given?: object): Promise<string[]> => {
    const answer = await askTerminal(terminalAt(endpoint, given), systemClock);
    return terminalFindings(answer, endpoint.startsWith("https:")).map(({ code }) => code);
  };

  it("is answered 54 to a terminal that SEQR knows, and tells of the clock", async () => {
    const terminal = terminalAt(sandbox.endpoint);
    const answer = await askTerminal(terminal, systemClock);
    expect(answer).toMatchObject({ result: "SEQR_54", date: expect.any(Date), certificateUntil: undefined });
    expect(terminalFindings(answer, false).map(({ code }) => code)).toEqual([
      ...["answers", "credentials_accepted", "clock_right"],
    ]);
    const asked = sandbox.calls().at(-1);
    expect(asked).toMatchObject({ operation: "getPaymentStatus", resultCode: 54 });
    // What the watch knows of the endpoint and the password is as before.
    expect(terminal.credentials.isRefused).toBe(false);
  });

  it("changes no invoice", async () => {
    const { client } = terminalAt(sandbox.endpoint);
    const { invoiceReference } = await client.sendInvoice({
      ...{ title: "Shop", clientInvoiceId: "1", totalAmount: { currency: "SEK", value: "1.00" } },
      ...{ cashierId: "web", footer: "" },
    });
    const before = JSON.stringify(sandbox.core.invoice(invoiceReference));
    await askTerminal(terminalAt(sandbox.endpoint), systemClock);
    expect(JSON.stringify(sandbox.core.invoice(invoiceReference))).toBe(before);
  });

  it("tells a wrong password and a wrong terminal apart, and blames the watch's terminal for nothing", async () => {
    const wrong = terminalAt(sandbox.endpoint, { password: "another password" });
    const answer = await askTerminal(wrong, systemClock);
    expect(terminalFindings(answer, false)).toContainEqual({
      ...{ check: "credentials", level: "error", code: "password_refused", values: { result: "SEQR_20" } },
    });
    expect(wrong.credentials.isRefused).toBe(false);
    expect(await codesOf(sandbox.endpoint, { terminalId: "nobody" })).toContain("terminal_unknown");
  });

  it("finds that nothing listens, that no answer comes, and that another service answers", async () => {
    expect(await codesOf("http://127.0.0.1:1/soap")).toEqual(["unreachable", "credentials_unknown"]);
    const silent = await serve(() => undefined);
    const started = performance.now();
    expect(await codesOf(silent.url)).toEqual(["no_answer", "credentials_unknown"]);
    expect(performance.now() - started).toBeLessThan(4_000);
    const page = await serve(() => ({ body: "<html></html>", headers: { "Content-Type": "text/html" } }));
    expect(await codesOf(page.url)).toEqual(["answers_wrongly", "credentials_unknown", "clock_right"]);
    const busy = await serve(() => ({
      body: answerTo("getPaymentStatus", { resultCode: 94, version: 0 }),
      headers: { Date: new Date(0).toUTCString() },
    }));
    expect(await codesOf(busy.url)).toEqual(["answers_busy", "credentials_unknown", "clock_wrong"]);
  });

  it("finds a certificate that no one vouches for", async () => {
    const server = await serve(() => undefined, selfSigned());
    const answer = await askTerminal(terminalAt(server.url), systemClock);
    expect(terminalFindings(answer, true)).toEqual([
      expect.objectContaining({ code: "unreachable" }),
      expect.objectContaining({ code: "credentials_unknown" }),
      expect.objectContaining({
        code: "certificate_refused",
        values: { network: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      }),
    ]);
    expect(server.received).toEqual([]);
  });

  it("keeps the time limit that a transport was made with, and closes what it opened", async () => {
    const closed = jest.fn();
    const server = await serve(() => ({
      body: answerTo("getPaymentStatus", { version: 1, status: "ISSUED" }),
    }));
    const answer = await askTerminal(terminalAt(server.url), systemClock, (onAnswer) => {
      const transport = new Transport(
        { connectTimeout: 1_000, responseTimeout: 1_000, maxResponseBytes: 10_000 },
        onAnswer,
      );
      jest.spyOn(transport, "close").mockImplementation(closed);
      return transport;
    });
    expect(answer.result).toBe(0);
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
