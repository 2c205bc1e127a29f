import type { SeqrClient } from "../../../src/seqr";
import { startSandbox, type FaultOrder, type RunningSandbox } from "../../../src/sandbox";
import { clientOf, ORDER } from "./running-fixture";

describe("faults to order, as our own client meets them", () => {
  let sandbox: RunningSandbox;
  let client: SeqrClient;
  beforeEach(async () => {
    sandbox = await startSandbox();
    client = clientOf(sandbox, { responseTimeout: 300 });
  });
  afterEach(async () => {
    client.close();
    await sandbox.stop();
  });

  it.each<[FaultOrder, { code: string; outcome: string }, number]>([
    [{ kind: "delay", ms: 2_000 }, { code: "SEQR_TIMEOUT", outcome: "unknown" }, 1],
    [{ kind: "hang" }, { code: "SEQR_TIMEOUT", outcome: "unknown" }, 0],
    [{ kind: "lost-request" }, { code: "SEQR_ANSWER_LOST", outcome: "unknown" }, 0],
    [{ kind: "lost-answer" }, { code: "SEQR_ANSWER_LOST", outcome: "unknown" }, 1],
    [{ kind: "cut-body" }, { code: "SEQR_ANSWER_LOST", outcome: "unknown" }, 1],
    [{ kind: "result-code", resultCode: 94 }, { code: "SEQR_94", outcome: "unknown" }, 0],
    [{ kind: "result-code" }, { code: "SEQR_90", outcome: "unknown" }, 0],
    [{ kind: "soap-fault" }, { code: "SEQR_FAULT", outcome: "unknown" }, 0],
    [{ kind: "garbage" }, { code: "SEQR_ANSWER_INVALID", outcome: "unknown" }, 1],
    [{ kind: "html" }, { code: "SEQR_ANSWER_INVALID", outcome: "unknown" }, 0],
    [{ kind: "blocked" }, { code: "SEQR_HTTP_REFUSED", outcome: "unknown" }, 1],
  ])("%j", async (order, expected, invoices) => {
    sandbox.faults.add(order);
    await expect(client.sendInvoice(ORDER)).rejects.toMatchObject(expected);
    expect(sandbox.invoices()).toHaveLength(invoices);
    expect(sandbox.calls()).toMatchObject([{ operation: "sendInvoice", fault: order.kind }]);
    expect(sandbox.faults.list()).toEqual([]);
    await expect(client.sendInvoice(ORDER)).resolves.toBeDefined();
  });

  it("delays no longer than ordered", async () => {
    sandbox.faults.add({ kind: "delay", ms: 100 });
    const started = Date.now();
    await client.sendInvoice(ORDER);
    expect(Date.now() - started).toBeGreaterThanOrEqual(99);
  });

  it("strike one operation, after so many calls, so many times", async () => {
    sandbox.faults.add({
      operation: "cancelInvoice",
      kind: "result-code",
      resultCode: 93,
      after: 1,
      times: 2,
    });
    const codes: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      await client.sendInvoice(ORDER);
      codes.push(await client.cancelInvoice("1").catch(({ code }: { code: string }) => code));
    }
    expect(codes).toEqual(["SEQR_54", "SEQR_93", "SEQR_93", "SEQR_54"]);
  });

  it("are used up one by one, first ordered first, and can be listed and cleared", async () => {
    sandbox.faults.add({ kind: "result-code", resultCode: 93 });
    sandbox.faults.add({ kind: "result-code", resultCode: 94 });
    await expect(client.cancelInvoice("1")).rejects.toMatchObject({ code: "SEQR_93" });
    expect(sandbox.faults.list()).toMatchObject([
      { operation: "*", kind: "result-code", resultCode: 94, times: 1 },
    ]);
    sandbox.faults.clear();
    await expect(client.cancelInvoice("1")).rejects.toMatchObject({ code: "SEQR_54" });
  });

  it("give getPaymentStatus the version that its schema wants", async () => {
    sandbox.faults.add({ operation: "getPaymentStatus", kind: "result-code", resultCode: 94 });
    const response = await fetch(sandbox.endpoint, {
      method: "POST",
      body:
        `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>` +
        `<s:getPaymentStatus xmlns:s="http://external.interfaces.ers.seamless.com/"/></e:Body></e:Envelope>`,
    });
    expect(await response.text()).toContain(
      "<resultCode>94</resultCode><resultDescription>SERVICE_UNAVAILABLE</resultDescription><version>0</version>",
    );
  });

  it("let go of hanging callers on stop", async () => {
    sandbox.faults.add({ kind: "hang" });
    const patient = clientOf(sandbox, { responseTimeout: 60_000 });
    const call = patient.sendInvoice(ORDER);
    await Promise.all([
      expect(call).rejects.toMatchObject({ code: "SEQR_ANSWER_LOST" }),
      new Promise((resolve) => setTimeout(resolve, 50)).then(() => sandbox.stop()),
    ]);
    patient.close();
    sandbox = await startSandbox();
  });
});
