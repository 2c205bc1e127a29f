import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox, type RunningSandbox } from "../../../src/sandbox";
import { clientOf, ORDER, until } from "./running-fixture";

describe("the state file", () => {
  let folder: string;
  let stateFile: string;
  const running: RunningSandbox[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "seqr-sandbox-"));
    stateFile = join(folder, "state.json");
  });
  afterEach(async () => {
    for (const sandbox of running.splice(0)) await sandbox.stop();
    await rm(folder, { recursive: true });
  });

  async function start(options: object = {}): Promise<RunningSandbox> {
    const sandbox = await startSandbox({ stateFile, ...options });
    running.push(sandbox);
    return sandbox;
  }

  /** As if the process had been killed: what is in the file now is all there is. */
  async function startFromFileOf(sandbox: RunningSandbox, options: object = {}): Promise<RunningSandbox> {
    const copy = join(folder, "copy.json");
    await writeFile(copy, await readFile(stateFile));
    sandbox.core.close();
    return start({ stateFile: copy, ...options });
  }

  it("holds everything that was answered with success at the moment of the answer", async () => {
    const first = await start();
    const client = clientOf(first);
    const { invoiceReference } = await client.sendInvoice(ORDER);
    await first.phone.pay(invoiceReference);
    const { ersReference = "" } = await client.getPaymentStatus(invoiceReference, 0);
    await client.refundPayment(ersReference, ORDER);
    const terminalId = await client.registerTerminal({
      externalTerminalId: "1",
      password: "secret",
      name: "Till",
    });
    const second = await startFromFileOf(first);
    const again = clientOf(second);
    expect(await again.getPaymentStatus(invoiceReference, 1)).toMatchObject({
      status: "PAID",
      version: 1,
      ersReference,
    });
    await expect(again.refundPayment(ersReference, ORDER)).rejects.toMatchObject({ code: "SEQR_98" });
    const till = clientOf(second, { terminal: { id: terminalId, password: "secret" } });
    await expect(till.sendInvoice(ORDER)).resolves.toBeDefined();
    for (const client_ of [client, again, till]) client_.close();
  });

  it("does not give the same reference twice", async () => {
    const first = await start();
    const client = clientOf(first);
    const sold = await client.sendInvoice(ORDER);
    await first.phone.pay(sold.invoiceReference);
    const second = await startFromFileOf(first);
    const again = clientOf(second);
    const more = await again.sendInvoice(ORDER);
    await second.phone.pay(more.invoiceReference);
    const references = second.core.transactions().map(({ ersReference }) => ersReference.slice(-6));
    expect(references).toEqual(["000001", "000002"]);
    client.close();
    again.close();
  });

  it("reverses a payment after a restart as it would have without", async () => {
    const first = await start({ reversalAfter: 300 });
    const client = clientOf(first);
    const { invoiceReference } = await client.sendInvoice(ORDER);
    await first.phone.pay(invoiceReference);
    const second = await startFromFileOf(first);
    expect(second.invoices()[0]?.status).toBe("PAID");
    await until(() => second.invoices()[0]?.status === "CANCELED");
    expect(second.sms()).toHaveLength(1);
    // The timer's change is on the disk soon, though nobody waits for it.
    await until(() => second.core.snapshot().sms.length === 1);
    client.close();
  });

  it("continues with an advanced clock at its time", async () => {
    const first = await start({ clock: "turnable" });
    if (!("advance" in first.clock)) throw new Error("not turnable");
    first.clock.advance(86_400_000);
    const stood = first.clock.now();
    await first.stop();
    const second = await start({ clock: "turnable" });
    expect(second.clock.now()).toBe(stood);
  });

  it("is complete at every moment, and private", async () => {
    const sandbox = await start();
    const client = clientOf(sandbox);
    let isOver = false;
    const reading = (async () => {
      while (!isOver) {
        const text = await readFile(stateFile, "utf8").catch(() => "{}");
        expect(() => JSON.parse(text) as unknown).not.toThrow();
      }
    })();
    await Promise.all(Array.from({ length: 50 }, () => client.sendInvoice(ORDER)));
    isOver = true;
    await reading;
    expect(await readdir(folder)).toEqual(["state.json"]);
    const stored = JSON.parse(await readFile(stateFile, "utf8")) as { invoices: unknown[] };
    expect(stored.invoices).toHaveLength(50);
    client.close();
  });

  it.each(["{", "null", "[]", `{"format":2}`])("is refused when it is not one: %s", async (text) => {
    await writeFile(stateFile, text);
    await expect(start()).rejects.toMatchObject({ code: "SANDBOX_STATE_UNREADABLE" });
    expect(await readFile(stateFile, "utf8")).toBe(text);
  });

  it("reports no success when it cannot be written, and continues when it can", async () => {
    await mkdir(join(folder, "sub"));
    const second = await start({ stateFile: join(folder, "sub", "state.json") });
    const client = clientOf(second);
    await rm(join(folder, "sub"), { recursive: true });
    await expect(client.sendInvoice(ORDER)).rejects.toMatchObject({ outcome: "unknown" });
    await expect(second.phone.setTokens([])).rejects.toMatchObject({ code: "SANDBOX_STATE_UNWRITABLE" });
    await mkdir(join(folder, "sub"));
    await expect(client.sendInvoice(ORDER)).resolves.toBeDefined();
    client.close();
  });

  it("is tried out at the start", async () => {
    const stateFile = join(folder, "missing", "state.json");
    await expect(start({ stateFile })).rejects.toMatchObject({ code: "SANDBOX_STATE_UNWRITABLE" });
  });
});
