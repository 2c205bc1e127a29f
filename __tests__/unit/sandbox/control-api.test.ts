import { request } from "node:http";
import { startSandbox, type RunningSandbox } from "../../../src/sandbox";
import { clientOf, ORDER } from "./running-fixture";

describe("the control API", () => {
  let sandbox: RunningSandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: "turnable" });
  });
  afterEach(() => sandbox.stop());

  async function call(method: string, path: string, body?: unknown) {
    const response = await fetch(`${sandbox.url}/sandbox${path}`, {
      method,
      ...(body !== undefined && {
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  }

  async function sell(): Promise<string> {
    const client = clientOf(sandbox);
    const { invoiceReference } = await client.sendInvoice(ORDER);
    client.close();
    return invoiceReference;
  }

  it("is the phone", async () => {
    const reference = await sell();
    const phone = (verb: string, more: object = {}) => call("POST", `/phone/${verb}`, { reference, ...more });
    expect((await phone("scan")).body).toMatchObject({ stage: "scanned", invoiceReference: reference });
    expect((await phone("begin-pay")).body).toMatchObject({ stage: "paying" });
    expect((await phone("finish-pay", { end: "aborted" })).body).toMatchObject({ stage: "scanned" });
    expect((await phone("pay", { pin: "0000" })).body).toMatchObject({ status: "FAILED" });
    const [other, third] = [await sell(), await sell()];
    expect((await call("POST", "/phone/decline", { reference: other })).body).toMatchObject({
      status: "FAILED",
    });
    expect((await call("POST", "/phone/cancel", { reference: third })).body).toMatchObject({
      status: "CANCELED",
    });
  });

  it("holds the shopper's cards and opens sessions", async () => {
    const tokens = [{ id: "X_CARD", value: "4711" }];
    expect((await call("PUT", "/phone/tokens", { tokens })).body).toEqual([
      { id: "X_CARD", value: "4711", description: "X_CARD", status: 0 },
    ]);
    const { body } = await call("POST", "/sessions", { parameters: { table: "7" } });
    const client = clientOf(sandbox);
    expect(await client.getClientSessionInfo((body as { key: string }).key)).toMatchObject({ table: "7" });
    client.close();
  });

  it("lists everything that happened", async () => {
    const reference = await sell();
    await call("POST", "/phone/pay", { reference });
    expect((await call("GET", "/invoices")).body).toMatchObject([
      { invoiceReference: reference, status: "PAID" },
    ]);
    expect((await call("GET", `/invoices/${reference}`)).body).toMatchObject({ amount: ORDER.totalAmount });
    expect((await call("GET", "/payments")).body).toMatchObject([
      { kind: "payment", amount: ORDER.totalAmount },
    ]);
    expect((await call("GET", "/refunds")).body).toEqual([]);
    expect((await call("GET", "/calls")).body).toMatchObject([{ operation: "sendInvoice", resultCode: 0 }]);
    expect((await call("GET", "/stats")).body).toEqual({
      calls: { sendInvoice: { total: 1, byResult: { "0": 1 } } },
    });
    await call("POST", "/clock", { advance: 20_000 });
    expect((await call("GET", "/sms")).body).toMatchObject([{ invoiceReference: reference }]);
    expect((await call("GET", "/notifications")).body).toEqual([]);
    expect((await call("GET", "/periods")).body).toEqual([]);
    expect((await call("GET", "")).body).toMatchObject({ url: sandbox.url, endpoint: sandbox.endpoint });
  });

  it("advances the clock, and only forward", async () => {
    const before = sandbox.clock.now();
    expect((await call("POST", "/clock", { advance: 1_500 })).body).toMatchObject({
      milliseconds: before + 1_500,
    });
    const later = new Date(before + 60_000).toISOString();
    expect((await call("POST", "/clock", { set: later })).body).toMatchObject({ now: later, turnable: true });
    for (const body of [{ set: new Date(0).toISOString() }, { set: "tomorrow" }, { advance: -1 }, {}]) {
      expect(await call("POST", "/clock", body)).toMatchObject({
        status: 400,
        body: { error: { code: "SANDBOX_INPUT" } },
      });
    }
    expect(sandbox.clock.now()).toBe(before + 60_000);
  });

  it("orders, lists and clears faults, and refuses what is none", async () => {
    await call("POST", "/faults", { kind: "delay", ms: 5, times: 2, after: 1, operation: "sendInvoice" });
    await call("POST", "/faults", { kind: "double", operation: "notification" });
    expect((await call("GET", "/faults")).body).toMatchObject([
      { kind: "delay", ms: 5, times: 2, after: 1, operation: "sendInvoice" },
      { kind: "double", operation: "notification" },
    ]);
    expect((await call("DELETE", "/faults")).body).toEqual([]);
    for (const body of [
      {},
      { kind: "earthquake" },
      { kind: "double" },
      { kind: "hang", operation: "notification" },
      { kind: "hang", times: 0.5 },
    ]) {
      expect(await call("POST", "/faults", body)).toMatchObject({
        status: 400,
        body: { error: { code: "SANDBOX_INPUT" } },
      });
    }
    expect(sandbox.faults.list()).toEqual([]);
  });

  it("adds terminals and never shows a password", async () => {
    const terminal = { id: "euro", password: "topsecret", currency: "EUR" };
    const { body } = await call("POST", "/terminals", terminal);
    expect(body).toMatchObject({ id: "euro", kind: "webshop", currency: "EUR" });
    const client = clientOf(sandbox, { terminal });
    await client.sendInvoice({ ...ORDER, totalAmount: { currency: "EUR", value: "1.00" } });
    await call("POST", "/terminals", { ...terminal, blocked: true });
    await expect(client.cancelInvoice("1")).rejects.toMatchObject({ code: "SEQR_33" });
    client.close();
    for (const path of ["", "/terminals", "/calls", "/invoices"]) {
      expect(JSON.stringify((await call("GET", path)).body)).not.toMatch(/topsecret|12345678/);
    }
    expect((await call("POST", "/terminals", { id: "x", password: "y", currency: "kr" })).status).toBe(400);
  });

  it("resets", async () => {
    await sell();
    await call("POST", "/reset", {});
    expect((await call("GET", "/invoices")).body).toEqual([]);
    expect((await call("GET", "/calls")).body).toEqual([]);
  });

  it("explains every error with code, cause and cure", async () => {
    const reference = await sell();
    await call("POST", "/phone/cancel", { reference });
    const cases: [string, string, unknown, number, string][] = [
      ["POST", "/phone/pay", { reference }, 409, "SANDBOX_INVOICE_CLOSED"],
      ["POST", "/phone/pay", { reference: "1" }, 404, "SANDBOX_NO_SUCH_INVOICE"],
      ["POST", "/phone/pay", { reference: 1 }, 400, "SANDBOX_INPUT"],
      ["POST", "/phone/pay", {}, 400, "SANDBOX_INPUT"],
      ["POST", "/phone/pay", "{", 400, "SANDBOX_INPUT"],
      ["POST", "/phone/pay", [], 400, "SANDBOX_INPUT"],
      ["GET", "/invoices/1", undefined, 404, "SANDBOX_NO_SUCH_INVOICE"],
      ["GET", "/phone/pay", undefined, 404, "SANDBOX_NOT_FOUND"],
      ["GET", "/nothing", undefined, 404, "SANDBOX_NOT_FOUND"],
    ];
    for (const [method, path, body, status, code] of cases) {
      expect(await call(method, path, body)).toEqual({
        status,
        body: {
          error: { code, message: expect.any(String), cause: expect.any(String), cure: expect.any(String) },
        },
      });
    }
  });

  it("cannot turn the machine's own clock", async () => {
    await sandbox.stop();
    sandbox = await startSandbox();
    const answer = await call("POST", "/clock", { advance: 1 });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "SANDBOX_CLOCK_NOT_TURNABLE" } } });
    expect((await call("GET", "/clock")).body).toMatchObject({ turnable: false });
  });

  it("answers no page that was lured here, neither by name nor by form", async () => {
    const status = (headers: Record<string, string>, method = "GET"): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(`${sandbox.url}/sandbox/reset`, { method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end(method === "POST" ? "{}" : undefined);
      });
    expect(await status({ Host: `evil.example:${sandbox.port}` })).toBe(403);
    expect(await status({ "Content-Type": "text/plain" }, "POST")).toBe(403);
    expect(await status({ "Content-Type": "application/json" }, "POST")).toBe(200);
  });
});
