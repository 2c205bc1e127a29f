import { refundInvoice, type InvoiceRecord, type ReceiptRecord } from "../../../src/modules/seqr/public";
import { sendDueReceipts, type ReceiptsContext } from "../../../src/receipts/send-due-receipts";
import { present } from "../modules/ledger-contract";
import { eventually, startWorld, TWO_TERMINALS, type World, type WorldOptions } from "../modules/seqr-world";

const DOCUMENT = { mimeType: "text/html", receiptType: "PAYMENT_RECEIPT", receiptData: Buffer.from("Tack") };
const CALL = "submitPaymentReceipt";

describe("receipts", () => {
  let world: World;
  let documentOf: jest.Mock<
    ReturnType<ReceiptsContext["documentOf"]>,
    Parameters<ReceiptsContext["documentOf"]>
  >;
  const start = async (more: WorldOptions = {}): Promise<void> => {
    world = await startWorld(more);
    documentOf = jest.fn();
    documentOf.mockResolvedValue(DOCUMENT);
  };
  afterEach(() => world.stop());

  const send = (): Promise<number> => sendDueReceipts({ seqr: world.context, documentOf });
  const receiptsOf = ({ id }: InvoiceRecord): Promise<ReceiptRecord[]> => world.ledger.receiptsOf([id]);
  const only = async (invoice: InvoiceRecord): Promise<ReceiptRecord> =>
    present((await receiptsOf(invoice))[0]);
  /** What SEQR has, by the reference of the payment or refund. */
  const atSeqr = (ersReference: string | null): string[] =>
    (world.sandbox.core.transactions().find((one) => one.ersReference === ersReference)?.receipts ?? []).map(
      ({ data }) => Buffer.from(data, "base64").toString(),
    );

  it("are sent once, of a payment and of its refund with the refund's own reference", async () => {
    await start();
    const invoice = await world.paid("completed");
    expect(await send()).toBe(1);
    const input = { amount: "30.00", idempotencyKey: "ref_1", reason: "medusa" };
    const { id: refund_id, refund_reference } = await refundInvoice(world.context, invoice, input);
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    expect(world.asked()).toEqual([`${CALL} 0`, "refundPayment 0", `${CALL} 0`]);
    expect(await receiptsOf(invoice)).toMatchObject([
      {
        state: "sent",
        result: "0",
        refund_id: null,
        ers_reference: invoice.ers_reference,
        sent_at: world.now(),
      },
      { state: "sent", result: "0", refund_id, ers_reference: refund_reference },
    ]);
    expect([atSeqr(invoice.ers_reference), atSeqr(refund_reference)]).toEqual([["Tack"], ["Tack"]]);
    expect(documentOf.mock.calls.map(([{ refund }]) => refund?.id)).toEqual([undefined, refund_id]);
  });

  it("are sent once by two processes that run at the same time", async () => {
    await start();
    const invoice = await world.paid("completed");
    await Promise.all([send(), send(), send()]);
    expect(world.asked()).toEqual([`${CALL} 0`]);
    expect(atSeqr(invoice.ers_reference)).toHaveLength(1);
  });

  it.each(["before", "after"])("survive a process that crashes %s SEQR's answer", async (when) => {
    await start();
    const invoice = await world.paid("completed");
    const { id } = await only(invoice);
    // What the crashed process has done: it took the receipt, and may have sent it.
    const until = new Date(world.now().getTime() + 300_000);
    await world.ledger.acquireDueReceipts({ now: world.now(), until, limit: 1 });
    if (when === "after") await world.client.submitPaymentReceipt(invoice.ers_reference ?? "", DOCUMENT);
    expect(await send()).toBe(0);
    world.pass(300);
    expect(await send()).toBe(1);
    expect(await only(invoice)).toMatchObject({ id, state: "sent", attempts: 2 });
    expect(atSeqr(invoice.ers_reference).length).toBe(when === "after" ? 2 : 1);
  });

  it("are tried again when the database fails after SEQR has them", async () => {
    await start();
    const invoice = await world.paid("completed");
    jest.spyOn(world.context.ledger, "finishReceipt").mockRejectedValueOnce(new Error("away"));
    expect(await send()).toBe(1);
    expect(await only(invoice)).toMatchObject({ state: "pending" });
    expect(world.log).toContainEqual(expect.stringMatching(/^error seqr: receipt \S+: Error: away$/));
    world.pass(300);
    await send();
    expect(await only(invoice)).toMatchObject({ state: "sent" });
  });

  it.each(["lost-request", "lost-answer", "soap-fault", "html", "garbage"] as const)(
    "are tried again after %s, with pauses that double up to an hour",
    async (kind) => {
      await start();
      const invoice = await world.paid("completed");
      world.sandbox.faults.add({ operation: CALL, kind, times: 3 });
      const pauses: number[] = [];
      for (let failures = 0; failures < 3; failures++) {
        await send();
        const { due_at, state, result } = await only(invoice);
        expect([state, result]).toEqual(["pending", expect.stringMatching(/^SEQR_[A-Z]+/)]);
        pauses.push((Number(due_at) - Number(world.now())) / 1_000);
        expect(await send()).toBe(0);
        world.pass(present(pauses.at(-1)));
      }
      expect(pauses).toEqual([10, 20, 40]);
      expect(await send()).toBe(1);
      expect(await only(invoice)).toMatchObject({ state: "sent", attempts: 4 });
    },
  );

  it("that SEQR refuses are kept as refused after three tries, with an event and without harm to the payment", async () => {
    await start();
    const invoice = await world.paid("completed");
    world.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode: 23, times: 3 });
    for (const pause of [10, 20, 40]) {
      await send();
      world.pass(pause);
    }
    expect(await only(invoice)).toMatchObject({
      state: "refused",
      result: "SEQR_23",
      attempts: 3,
      due_at: null,
    });
    expect(await send()).toBe(0);
    const lines = world.log.filter((line) => line.includes("event=receipt.refused"));
    expect(lines).toEqual([
      expect.stringMatching(/^warn .* ers_reference=\d+ .*state=refused problem=SEQR_23 receipt_id=/),
    ]);
    expect(await world.row(invoice)).toMatchObject({ state: "completed", problem: null });
  });

  it("wait while the terminal's password is wrong, and are sent once it is right; nothing is tried for ever", async () => {
    await start();
    const [first, second] = [await world.paid("completed"), await world.paid("completed")];
    world.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode: 20, times: 10 });
    for (let tries = 0; tries < 5; tries++) {
      await send();
      world.pass(3_600);
    }
    for (const invoice of [first, second])
      expect(await only(invoice)).toMatchObject({ state: "pending", result: "SEQR_20", attempts: 5 });
    await send();
    expect(await only(first)).toMatchObject({ state: "sent" });

    const late = await world.paid("completed");
    world.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode: 20, times: 2 });
    await send();
    world.pass(31 * 24 * 3_600);
    await send();
    expect(await only(late)).toMatchObject({ state: "refused", result: "SEQR_20" });
  });

  it.each([20, 21, 29, 33, 37])("wait while SEQR refuses their terminal (%i)", async (resultCode) => {
    await start();
    const invoice = await world.paid("completed");
    world.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode, times: 5 });
    for (let tries = 0; tries < 4; tries++) {
      await send();
      world.pass(3_600);
    }
    expect(await only(invoice)).toMatchObject({
      state: "pending",
      result: `SEQR_${resultCode}`,
      attempts: 4,
    });
  });

  it("say so when the options name their terminal no longer", async () => {
    await start();
    const invoice = await world.paid("completed");
    Object.assign(present(world.ledger.invoices.at(-1)), { terminal: "gone" });
    await send();
    expect(await only(invoice)).toMatchObject({ state: "pending", result: "SEQR_TERMINAL_UNKNOWN" });
    expect(world.asked()).toEqual([]);
  });

  it("wait for a terminal that the options do not name any more", async () => {
    await start();
    const invoice = await world.paid("completed");
    jest
      .spyOn(world.context.terminals, "of")
      .mockImplementationOnce(() => world.context.terminals.named("gone"));
    await send();
    expect(await only(invoice)).toMatchObject({ state: "pending", result: "SEQR_TERMINAL_UNKNOWN" });
    world.pass(10);
    await send();
    expect(await only(invoice)).toMatchObject({ state: "sent" });
  });

  it("whose document cannot be made are tried again", async () => {
    await start();
    const invoice = await world.paid("completed");
    documentOf.mockRejectedValueOnce(
      Object.assign(new Error("relation order does not exist"), { code: "42P01" }),
    );
    await send();
    expect(await only(invoice)).toMatchObject({ state: "pending", result: "SEQR_RECEIPT_FAILED" });
    expect(world.asked()).toEqual([]);
    world.pass(10);
    await send();
    expect(await only(invoice)).toMatchObject({ state: "sent" });
  });

  it("are sent two at a time, and one at a time while SEQR is down", async () => {
    await start();
    for (let number = 0; number < 5; number++) await world.paid("completed");
    let atOnce = 0;
    let most = 0;
    documentOf.mockImplementation(async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce--;
      return DOCUMENT;
    });
    for (let failures = 0; failures < 5; failures++)
      world.context.terminals.first.endpoint.breaker.record("SEQR_TIMEOUT");
    world.sandbox.faults.add({ operation: CALL, kind: "html" });
    expect(await send()).toBe(1);
    expect([most, world.context.terminals.first.endpoint.breaker.isOpen]).toEqual([1, true]);
    // One shows that SEQR is back, and the others follow.
    expect(await send()).toBe(4);
    expect(world.context.terminals.first.endpoint.breaker.isOpen).toBe(false);
    expect(most).toBe(2);
  });

  const isSent = ({ id }: InvoiceRecord): boolean =>
    world.ledger.receipts.some(({ invoice_id, state }) => invoice_id === id && state === "sent");

  it("of one endpoint are sent while another hangs, also those that are written meanwhile", async () => {
    await start(TWO_TERMINALS);
    for (let number = 0; number < 3; number++) await world.paid("completed", "fi");
    const early = await world.paid("completed");
    const { client } = world.context.terminals.named("fi");
    let answer = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (answer = resolve));
    const submit = client.submitPaymentReceipt.bind(client);
    const asked = jest
      .spyOn(client, "submitPaymentReceipt")
      .mockImplementation((...receipt) => hanging.then(() => submit(...receipt)));
    const run = send();
    await eventually(() => isSent(early));
    const late = await world.paid("completed");
    await eventually(() => isSent(late));
    expect(asked).toHaveBeenCalledTimes(2);
    answer();
    expect(await run).toBe(5);
    expect(world.ledger.receipts.map(({ state }) => state)).toEqual(Array(5).fill("sent"));
  });

  it("are empty by option, and the order is not read", async () => {
    await start({ options: { receipts: "empty" } });
    const invoice = await world.paid("completed");
    await send();
    expect(atSeqr(invoice.ers_reference)).toEqual([""]);
    expect(documentOf).not.toHaveBeenCalled();
  });

  it("are not sent where the option is off", async () => {
    await start({ options: { receipts: "off" } });
    const invoice = await world.paid("completed");
    await send();
    expect(world.asked()).toEqual([]);
    expect(await only(invoice)).toMatchObject({ state: "skipped", due_at: null, result: null });
    expect(await send()).toBe(0);
  });
});
