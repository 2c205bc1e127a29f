import { accountOption, serveOptions } from "../../../src/sandbox/cli/serve";
import { runVerb } from "../../../src/sandbox/cli/verbs";
import { startSandbox, type RunningSandbox, type TurnableClock } from "../../../src/sandbox";
import { clientOf, ORDER } from "./running-fixture";

describe("the options of the command line", () => {
  it("leaves the sandbox its defaults", () => {
    expect(serveOptions([])).toEqual({ port: 4080, notification: {} });
  });

  it("takes everything in its own units", () => {
    const line =
      "--port 0 --host 0.0.0.0 --state s.json --clock turnable --terminal a:b:c:EUR --terminal d:e:SEK " +
      "--reseller f:g:h:EUR --qr-host self --reversal-after 1.5 --expire-after 60 --commit-timeout 3600 --notification-body empty " +
      "--notification-on PAID,FAILED,EXPIRED --refunds forbidden-to-shop --late-update-code 48 --emulate 2.9 --refund-rows --refund-totals --strict";
    expect(serveOptions(line.split(" "))).toEqual({
      port: 0,
      host: "0.0.0.0",
      stateFile: "s.json",
      clock: "turnable",
      terminals: [
        { id: "a", password: "b:c", currency: "EUR" },
        { id: "d", password: "e", currency: "SEK" },
      ],
      resellers: [{ id: "f", password: "g:h", currency: "EUR" }],
      qrHost: "self",
      reversalAfter: 1_500,
      expireAfter: 60_000,
      commitTimeout: 3_600_000,
      notification: { body: "empty", on: ["PAID", "FAILED", "EXPIRED"] },
      refunds: "forbidden-to-shop",
      lateUpdateCode: 48,
      emulate: "2.9",
      refundRows: true,
      refundTotals: true,
      strict: true,
    });
  });

  it.each([
    "--port 70000",
    "--port http",
    "--clock fast",
    "--reversal-after soon",
    "--notification-body json",
    "--notification-on ISSUED",
    "--refunds no",
    "--late-update-code 55",
    "--emulate 3",
    "--terminal a:b",
    "--reseller a:b",
  ])("refuses %s by name", (line) => {
    const [name = ""] = line.split(" ");
    expect(() => serveOptions(line.split(" "))).toThrow(
      expect.objectContaining({ code: "SANDBOX_OPTION", message: expect.stringContaining(name) }),
    );
  });

  it("refuses an unknown option", () => {
    expect(() => serveOptions(["--prot", "1"])).toThrow(
      expect.objectContaining({ code: "ERR_PARSE_ARGS_UNKNOWN_OPTION" }),
    );
  });

  it("never repeats a terminal's password in an error", () => {
    expect(() => accountOption("terminal", "shop:topsecret")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("topsecret") }),
    );
  });
});

describe("the verbs of the command line", () => {
  let sandbox: RunningSandbox<TurnableClock>;
  let reference: string;
  let code: string;
  beforeEach(async () => {
    sandbox = await startSandbox({ clock: "turnable" });
    const client = clientOf(sandbox);
    ({ invoiceReference: reference, invoiceQRCode: code } = await client.sendInvoice(ORDER));
    client.close();
  });
  afterEach(() => sandbox.stop());

  const run = (...words: string[]): Promise<string | undefined> => runVerb([...words, "--url", sandbox.url]);

  it("are the phone", async () => {
    expect(await run("scan", code)).toBe(`ISSUED: 12.50 SEK to Public test shop, invoice ${reference}\n`);
    await run("begin-pay", reference);
    await run("finish-pay", reference, "--end", "aborted");
    expect(await run("pay", reference, "--pin", "1234")).toMatch(/^PAID: .*, ersReference \d{25}\n$/);
    await expect(run("cancel", reference)).rejects.toMatchObject({ code: "SANDBOX_INVOICE_CLOSED" });
  });

  it("decline and cancel", async () => {
    expect(await run("decline", reference)).toMatch(/^FAILED/);
    await expect(run("cancel", "1")).rejects.toMatchObject({ code: "SANDBOX_NO_SUCH_INVOICE" });
  });

  it("list in columns or as JSON", async () => {
    expect(await run("invoices")).toBe(
      `invoiceReference   status  stage  amount     clientInvoiceId  terminalId\n` +
        `${reference}  ISSUED  open   12.50 SEK  1                public_test_shop_terminal\n`,
    );
    expect(JSON.parse((await run("invoices", "--json")) ?? "")).toMatchObject([
      { invoiceReference: reference },
    ]);
    expect(await run("calls")).toContain("sendInvoice");
    for (const list of ["payments", "refunds", "notifications", "sms"])
      expect(await run(list)).toBe(`no ${list}\n`);
    expect(await run("stats")).toContain("sendInvoice");
    expect(await run("terminals")).toContain("public_test_shop_terminal");
  });

  it("order faults, turn the clock, add terminals and shops, and reset", async () => {
    await run(
      "fault",
      "add",
      "result-code",
      "--operation",
      "cancelInvoice",
      "--result-code",
      "94",
      "--times",
      "2",
      "--after",
      "1",
    );
    expect(sandbox.faults.list()).toMatchObject([
      { kind: "result-code", operation: "cancelInvoice", resultCode: 94, times: 2, after: 1 },
    ]);
    expect(await run("fault", "list")).toContain("result-code");
    expect(await run("fault", "clear")).toBe("no faults\n");
    const before = sandbox.clock.now();
    await run("clock", "advance", "20.5");
    expect(sandbox.clock.now()).toBe(before + 20_500);
    expect(await run("clock")).toContain("turnable");
    await run("terminal", "add", "euro:secret:EUR");
    await run("reseller", "add", "chain:topsecret:EUR");
    await run("terminal", "add", "chained:secret:EUR", "--reseller", "chain");
    expect(sandbox.core.terminals()).toMatchObject([
      {},
      { id: "euro", currency: "EUR", resellerId: "public_test_shop" },
      { id: "chained", resellerId: "chain" },
    ]);
    expect(await run("resellers")).toMatch(/^chain +9900 +EUR +chain$/m);
    expect(await run("resellers", "--json")).not.toContain("topsecret");
    const chain = clientOf(sandbox, { reseller: { id: "chain", userId: "9900", password: "topsecret" } });
    const till = { externalTerminalId: "1", password: "secret", name: "Till" };
    await expect(chain.registerTerminal(till)).resolves.toMatch(/^\w{32}$/);
    chain.close();
    await run("reset");
    expect(await run("resellers")).not.toContain("chain");
    expect(sandbox.invoices()).toEqual([]);
  });

  it("know what they are not", async () => {
    for (const words of [
      ["dance"],
      ["pay"],
      ["pay", "1", "2"],
      ["fault", "add"],
      ["clock", "advance"],
      ["invoices", "1"],
      ["__proto__"],
    ]) {
      expect(await run(...words)).toBeUndefined();
    }
    await expect(run("clock", "advance", "soon")).rejects.toMatchObject({ code: "SANDBOX_INPUT" });
    await expect(run("fault", "add", "hang", "--times", "x")).rejects.toMatchObject({
      code: "SANDBOX_INPUT",
    });
    await expect(run("pay", "1", "--twice")).rejects.toMatchObject({ code: "ERR_PARSE_ARGS_UNKNOWN_OPTION" });
  });

  it("report that no sandbox answers", async () => {
    await expect(runVerb(["invoices", "--url", "http://127.0.0.1:1"])).rejects.toMatchObject({
      code: "SANDBOX_NOT_RUNNING",
    });
    await expect(runVerb(["invoices", "--url", `${sandbox.url}/soap`])).rejects.toMatchObject({
      code: "SANDBOX_NOT_RUNNING",
    });
  });
});
