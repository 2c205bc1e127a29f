import { MedusaError } from "@medusajs/framework/utils";
import type { InvoiceRecord, RefundRecord } from "../../../src/modules/seqr/ledger/ledger";
import { refundInvoice } from "../../../src/modules/seqr/operations/refund/refund-invoice";
import { endAbandonedRefunds } from "../../../src/modules/seqr/operations/refund/finish-refund";
import type { CallFaultKind } from "../../../src/sandbox";
import { sum } from "../../../src/seqr";
import { newRefund, present } from "./ledger-contract";
import { eventually, startWorld, TWO_TERMINALS, type World } from "./seqr-world";

describe("refunding a payment of 100 kronor", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld({ isDistant: true });
    invoice = await world.paid("completed");
  });
  afterEach(() => world.stop());

  let keys = 0;
  const refund = (amount: string, context = world.context): Promise<RefundRecord> =>
    refundInvoice(context, invoice, { amount, idempotencyKey: `ref_${++keys}`, reason: "medusa" });
  const order = (kind: CallFaultKind, times = 1): unknown =>
    world.sandbox.faults.add({ operation: "refundPayment", kind, times });
  const orderCode = (resultCode: number, after = 0): unknown =>
    world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode, after });
  const rows = () => world.ledger.refunds.map(({ amount, state }) => `${amount} ${state}`);
  const refundsAtSeqr = () => world.sandbox.core.transactions().filter(({ kind }) => kind === "refund");
  /** What the shopper has got back. */
  const returned = (): string => sum(refundsAtSeqr().map(({ amount }) => amount.value));

  it("gives a part back, under SEQR's reference of the refund", async () => {
    const done = await refund("30.00");
    expect(done).toMatchObject({
      invoice_id: invoice.id,
      state: "done",
      amount: "30.00",
      currency_code: "SEK",
      result: "0",
      refund_reference: refundsAtSeqr()[0]?.ersReference,
      finished_at: world.now(),
    });
    expect(done.refund_reference).not.toBe(invoice.ers_reference);
    expect(refundsAtSeqr()).toMatchObject([
      { refundOf: invoice.ers_reference, amount: { currency: "SEK", value: "30.00" }, cashierId: "webshop" },
    ]);
    expect(await world.row(invoice)).toEqual(invoice);
  });

  it("gives all of it back", async () => {
    expect(await refund("100.00")).toMatchObject({ state: "done" });
    expect(returned()).toBe("100.00");
    expect((await world.row(invoice)).state).toBe("completed");
  });

  it("gives it back in parts, up to the sum and no further", async () => {
    for (const amount of ["30.00", "30.00", "39.99", "0.01"]) await refund(amount);
    expect(returned()).toBe("100.00");
    world.asked();
    await expect(refund("0.01")).rejects.toMatchObject({
      type: MedusaError.Types.INVALID_DATA,
      code: "SEQR_REFUND_TOO_HIGH",
      message: expect.stringContaining("0.00 SEK is left"),
    });
    expect(world.asked()).toEqual([]);
    expect(world.ledger.refunds).toHaveLength(4);
  });

  it.each(["100.01", "1000.00"])("refuses %s, more than was paid, without asking SEQR", async (amount) => {
    await expect(refund(amount)).rejects.toMatchObject({ code: "SEQR_REFUND_TOO_HIGH" });
    expect(world.asked()).toEqual([]);
    expect(rows()).toEqual([]);
  });

  it.each(["0.00", "-1.00"])("refuses %s without asking SEQR", async (amount) => {
    await expect(refund(amount)).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
    expect(world.asked()).toEqual([]);
    expect(rows()).toEqual([]);
  });

  it("refuses when nothing was paid", async () => {
    invoice = { ...invoice, ers_reference: null, state: "open" };
    await expect(refund("10.00")).rejects.toMatchObject({ code: "SEQR_NOT_PAID" });
    expect(rows()).toEqual([]);
  });

  it("writes the intent before it asks", async () => {
    order("hang");
    void refund("30.00").catch(() => undefined);
    await eventually(() => world.asked().length > 0);
    expect(rows()).toEqual(["30.00 requested"]);
    expect(world.ledger.refunds).toMatchObject([{ requested_at: world.now(), finished_at: null }]);
  });

  describe.each(["paid", "captured", "refunding"] as const)("that is %s", (state) => {
    beforeEach(async () => {
      invoice = await world.paid(state);
    });

    it("ends with all of it returned", async () => {
      await refund("100.00");
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", problem: null });
    });

    it("ends with the last part of it returned", async () => {
      await refund("60.00");
      expect((await world.row(invoice)).state).toBe(state);
      await refund("40.00");
      expect((await world.row(invoice)).state).toBe("refunded");
    });

    it("is not over when the refund is refused or unknown", async () => {
      orderCode(97);
      await expect(refund("100.00")).rejects.toThrow();
      order("lost-answer", 2);
      await expect(refund("100.00")).rejects.toThrow();
      // What Medusa was not given yet is kept from becoming an order once its money is asked back.
      expect((await world.row(invoice)).state).toBe(state === "paid" ? "refunding" : state);
    });
  });

  describe("that SEQR refuses", () => {
    it.each([97, 99, 98, 23, 49, 20])(
      "(%i) says why, moves no money, and leaves the way free",
      async (code) => {
        orderCode(code);
        const refused = refund("30.00");
        await expect(refused).rejects.toBeInstanceOf(MedusaError);
        await expect(refused).rejects.toMatchObject({
          // Medusa answers it with status 400 and these words.
          ...{ type: "not_allowed", code: `SEQR_${code}` },
          message: expect.stringMatching(/^The refund was not made\. [A-Z].*\. \[SEQR_\d+\]$/),
        });
        expect(world.ledger.refunds).toMatchObject([
          { state: "refused", result: `SEQR_${code}`, refund_reference: null, finished_at: world.now() },
        ]);
        expect(returned()).toBe("0.00");
        await refund("30.00");
        expect(rows()).toEqual(["30.00 refused", "30.00 done"]);
      },
    );

    it.each([97, 98, 99])("in full (%i) is not repeated", async (code) => {
      orderCode(code);
      await expect(refund("100.00")).rejects.toMatchObject({ code: `SEQR_${code}` });
      expect(world.asked()).toEqual([`refundPayment ${code}`]);
      expect(rows()).toEqual(["100.00 refused"]);
    });

    it("because the shop may not refund is told from a lost one", async () => {
      const forbidden = await startWorld({ sandbox: { refunds: "forbidden-by-account" } });
      try {
        const paid = await forbidden.paid("completed");
        const input = { amount: "100.00", idempotencyKey: "ref", reason: "medusa" };
        await expect(refundInvoice(forbidden.context, paid, input)).rejects.toMatchObject({
          code: "SEQR_99",
        });
        expect(forbidden.ledger.refunds).toMatchObject([{ state: "refused" }]);
      } finally {
        await forbidden.stop();
      }
    });

    it("because it cannot be reached moves no money, and may be tried again", async () => {
      await world.unplug();
      await expect(refund("30.00")).rejects.toMatchObject({ code: "SEQR_UNREACHABLE" });
      await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_UNREACHABLE" });
      expect(rows()).toEqual(["30.00 refused", "100.00 refused"]);
    });
  });

  describe("in part, without an answer", () => {
    it.each<[CallFaultKind, string]>([
      ["lost-answer", "30.00"],
      ["cut-body", "30.00"],
      ["garbage", "30.00"],
      ["blocked", "30.00"],
      ["lost-request", "0.00"],
      ["soap-fault", "0.00"],
      ["html", "0.00"],
    ])("(%s) is unknown, is not repeated, and blocks the next one", async (kind, money) => {
      order(kind);
      await expect(refund("30.00")).rejects.toMatchObject({
        type: MedusaError.Types.NOT_ALLOWED,
        code: "SEQR_REFUND_UNKNOWN",
      });
      expect(rows()).toEqual(["30.00 unknown"]);
      expect(world.asked()).toHaveLength(1);
      for (const amount of ["30.00", "70.00", "100.00"]) {
        await expect(refund(amount)).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      }
      expect(world.asked()).toEqual([]);
      expect(rows()).toEqual(["30.00 unknown"]);
      expect(returned()).toBe(money);
      expect(world.log.some((line) => line.startsWith("error") && line.includes("unknown"))).toBe(true);
    });

    it.each([90, 93, 94, 1, 7777])("but the code %i is unknown too", async (code) => {
      orderCode(code);
      await expect(refund("30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(world.ledger.refunds).toMatchObject([{ state: "unknown", result: `SEQR_${code}` }]);
    });

    it("in time is unknown", async () => {
      const slow = await startWorld({ options: { responseTimeout: 1_000 } });
      try {
        const paid = await slow.paid("completed");
        slow.sandbox.faults.add({ operation: "refundPayment", kind: "hang" });
        const input = { amount: "30.00", idempotencyKey: "ref", reason: "medusa" };
        await expect(refundInvoice(slow.context, paid, input)).rejects.toMatchObject({
          code: "SEQR_REFUND_UNKNOWN",
        });
        expect(slow.ledger.refunds).toMatchObject([{ state: "unknown", result: "SEQR_TIMEOUT" }]);
      } finally {
        await slow.stop();
      }
    });

    it("does not block another payment", async () => {
      order("lost-answer");
      await expect(refund("30.00")).rejects.toThrow();
      invoice = await world.paid("completed");
      expect(await refund("30.00")).toMatchObject({ state: "done" });
    });

    it("continues when staff have found out how it ended", async () => {
      order("lost-answer");
      await expect(refund("30.00")).rejects.toThrow();
      const [lost] = await world.ledger.refundsOf(invoice.id);
      const found = {
        refund_reference: refundsAtSeqr()[0]?.ersReference ?? null,
        result: "0",
        finished_at: world.now(),
      };
      await world.ledger.finishRefund(lost?.id ?? "", "done", found);
      await expect(refund("70.01")).rejects.toMatchObject({ code: "SEQR_REFUND_TOO_HIGH" });
      await refund("70.00");
      expect(returned()).toBe("100.00");
    });
  });

  describe("of all that is left, without an answer", () => {
    it.each<CallFaultKind>(["lost-answer", "cut-body", "garbage", "blocked"])(
      "is repeated, and SEQR's 98 says that the first one was made: %s",
      async (kind) => {
        order(kind);
        expect(await refund("100.00")).toMatchObject({ state: "done", refund_reference: null });
        expect(world.asked()).toEqual(["refundPayment 0", "refundPayment 98"]);
        expect(returned()).toBe("100.00");
      },
    );

    it.each<CallFaultKind>(["lost-request", "soap-fault", "html"])(
      "is made by the repetition: %s",
      async (kind) => {
        order(kind);
        expect(await refund("100.00")).toMatchObject({
          state: "done",
          refund_reference: expect.stringMatching(/^\d{25}$/),
        });
        expect(returned()).toBe("100.00");
      },
    );

    it("after a part of it is repeated as well", async () => {
      await refund("40.00");
      order("lost-answer");
      expect(await refund("60.00")).toMatchObject({ state: "done", refund_reference: null });
      expect(returned()).toBe("100.00");
    });

    it("twice is unknown, blocks any other, and is found to have been made when it is asked for again", async () => {
      order("lost-answer", 2);
      await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(world.asked()).toHaveLength(2);
      expect(rows()).toEqual(["100.00 unknown"]);
      await expect(refund("10.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(world.asked()).toEqual([]);
      // Core comes with a new key: it deleted its record of the first.
      expect(await refund("100.00")).toMatchObject({ state: "done", refund_reference: null });
      expect(world.asked()).toEqual(["refundPayment 98"]);
      expect(rows()).toEqual(["100.00 done"]);
      expect(returned()).toBe("100.00");
    });

    it.each<[string, (world: World) => unknown]>([
      ["no answer", () => order("lost-request")],
      ["a refusal", () => orderCode(97)],
      ["an error", () => orderCode(90)],
      ["nobody there", (world) => world.unplug()],
    ])("is still unknown when it is asked for again and there is %s", async (_, happens) => {
      order("lost-answer", 2);
      await expect(refund("100.00")).rejects.toThrow();
      await happens(world);
      const again = refund("100.00");
      await expect(again).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      await expect(again).rejects.toBeInstanceOf(MedusaError);
      expect(rows()).toEqual(["100.00 unknown"]);
      expect(returned()).toBe("100.00");
    });

    it("is not called unknown when it was made, and the database that should say so is away", async () => {
      order("lost-request", 2);
      await expect(refund("100.00")).rejects.toThrow();
      jest.spyOn(world.ledger, "finishRefund").mockRejectedValueOnce(new Error("the database is away"));
      await expect(refund("100.00")).rejects.toThrow("the database is away");
    });

    it("is unknown for what the first try met, whatever the repetition does", async () => {
      order("lost-answer");
      order("garbage");
      await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(world.ledger.refunds).toMatchObject([{ state: "unknown", result: "SEQR_ANSWER_LOST" }]);
    });

    it("and without having been made is made when it is asked for again", async () => {
      order("lost-request", 2);
      await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(returned()).toBe("0.00");
      await refund("100.00");
      expect(rows()).toEqual(["100.00 done"]);
      expect(returned()).toBe("100.00");
    });

    it.each([97, 99, 20, 90])(
      "is unknown when the repetition is answered with %i: that says nothing of the first",
      async (code) => {
        order("lost-answer");
        // The first call is struck by the lost answer; this one waits for the second.
        orderCode(code);
        await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
        expect(rows()).toEqual(["100.00 unknown"]);
        expect(returned()).toBe("100.00");
      },
    );

    it("is unknown when SEQR has gone away before the repetition", async () => {
      order("lost-answer");
      const { client } = world;
      const ask = client.refundPayment.bind(client);
      jest
        .spyOn(client, "refundPayment")
        .mockImplementationOnce((...given) => ask(...given).finally(world.unplug));
      await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(rows()).toEqual(["100.00 unknown"]);
    });
  });

  describe("that another process began", () => {
    const begin = (amount = "30.00") =>
      world.ledger.insertRefund(newRefund(invoice.id, { amount, requested_at: world.now() }));

    it("has to wait for it", async () => {
      await begin();
      world.pass(179);
      await expect(refund("10.00")).rejects.toMatchObject({
        type: MedusaError.Types.NOT_ALLOWED,
        code: "SEQR_REFUND_RUNNING",
      });
      expect(rows()).toEqual(["30.00 requested"]);
      expect(world.asked()).toEqual([]);
    });

    it.each(["30.00", "100.00"])(
      "and never finished (%s) counts as unknown after three minutes, and is not repeated",
      async (amount) => {
        await begin(amount);
        world.pass(180);
        for (let tries = 0; tries < 2; tries++) {
          await expect(refund("10.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
        }
        expect(rows()).toEqual([`${amount} unknown`]);
        expect(world.ledger.refunds).toMatchObject([{ result: "SEQR_ANSWER_LOST" }]);
        expect(world.asked()).toEqual([]);
      },
    );

    it("has to wait for longer where SEQR is given longer to answer", async () => {
      await begin();
      Object.assign(world.terminal.options, { responseTimeout: 120_000 });
      world.pass(200);
      await expect(refund("10.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RUNNING" });
      await endAbandonedRefunds(world.context);
      expect(rows()).toEqual(["30.00 requested"]);
      world.pass(107);
      await endAbandonedRefunds(world.context);
      expect(rows()).toEqual(["30.00 unknown"]);
    });

    it("can still write its end when it was only slow", async () => {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const { client } = world;
      const original = client.refundPayment.bind(client);
      jest.spyOn(client, "refundPayment").mockImplementation(async (...given) => {
        await held;
        return original(...given);
      });
      const slow = refund("30.00");
      await eventually(() => world.ledger.refunds.length > 0);
      world.pass(200);
      await expect(refund("10.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      release();
      expect(await slow).toMatchObject({ state: "done" });
      expect(rows()).toEqual(["30.00 done"]);
    });

    it("is told by who made it how it ended, also when staff were faster with the verdict", async () => {
      const { client } = world;
      const ask = client.refundPayment.bind(client);
      jest.spyOn(client, "refundPayment").mockImplementation(async (...given) => {
        const answer = await ask(...given);
        const [lost] = world.ledger.refunds;
        const found = { refund_reference: null, result: "0", finished_at: world.now() };
        await world.ledger.finishRefund(lost?.id ?? "", "done", found);
        return answer;
      });
      expect(await refund("30.00")).toMatchObject({
        ...{ state: "done", amount: "30.00", result: "0", finished_at: world.now() },
        refund_reference: refundsAtSeqr()[0]?.ersReference,
      });
      expect(rows()).toEqual(["30.00 done"]);
    });
  });

  it("is made once when many ask at once", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 16 }, () => refund("100.00")));
    const made = tries.filter((result) => result.status === "fulfilled");
    expect(made).toHaveLength(1);
    expect(returned()).toBe("100.00");
    for (const result of tries) {
      if (result.status === "rejected") {
        expect(["SEQR_REFUND_RUNNING", "SEQR_REFUND_TOO_HIGH"]).toContain(
          (result.reason as { code: string }).code,
        );
      }
    }
  });

  it("never refunds more than was paid, whatever parts are asked for at once", async () => {
    const parts = Array.from({ length: 12 }, (_, index) => refund(index % 2 === 0 ? "60.00" : "40.00"));
    await Promise.allSettled(parts);
    await Promise.allSettled([refund("60.00"), refund("40.00")]);
    expect(Number(returned())).toBeLessThanOrEqual(100);
    expect(returned()).toBe(
      sum(world.ledger.refunds.filter(({ state }) => state === "done").map(({ amount }) => amount)),
    );
  });

  it("is not called done because of a part that was refunded a moment before", async () => {
    // This process reads what was refunded so far, and then is slow; another one refunds a part meanwhile.
    const { ledger } = world;
    const stale = await ledger.refundsOf(invoice.id);
    await refund("30.00");
    jest.spyOn(ledger, "refundsOf").mockResolvedValueOnce(stale);
    order("lost-answer");
    await expect(refund("100.00")).rejects.toThrow();
    expect(returned()).toBe("30.00");
    // Nothing was asked of SEQR, so nothing stands in the way of the next.
    expect(rows()).toEqual(["30.00 done", "100.00 refused"]);
    expect(world.ledger.refunds[1]).toMatchObject({ result: "SEQR_REFUND_TOO_HIGH" });
  });

  it("of all is not made when a completion has captured the payment a moment before", async () => {
    invoice = await world.paid();
    await world.move(invoice, "captured");
    await expect(refund("100.00")).rejects.toMatchObject({ code: "SEQR_BUSY" });
    expect(rows()).toEqual(["100.00 refused"]);
    expect(returned()).toBe("0.00");
    expect((await world.row(invoice)).state).toBe("captured");
  });

  it("whose process crashed between SEQR's answer and the ledger is unknown, not made again", async () => {
    jest.spyOn(world.ledger, "finishRefund").mockRejectedValueOnce(new Error("the database is away"));
    await expect(refund("30.00")).rejects.toThrow("the database is away");
    expect(rows()).toEqual(["30.00 requested"]);
    world.pass(180);
    await expect(refund("30.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
    expect(returned()).toBe("30.00");
  });

  it("whose process crashed before it could close the invoice is closed by the next try", async () => {
    invoice = await world.paid("refunding");
    jest.spyOn(world.ledger, "transition").mockRejectedValueOnce(new Error("the database is away"));
    await expect(refund("100.00")).rejects.toThrow("the database is away");
    expect(rows()).toEqual(["100.00 done"]);
    await refund("100.00").catch(() => undefined);
    expect(await world.row(invoice)).toMatchObject({ state: "refunded", problem: null });
    expect(returned()).toBe("100.00");
  });

  describe("under a key", () => {
    const under = (idempotencyKey: string, amount = "30.00") =>
      refundInvoice(world.context, invoice, { amount, idempotencyKey, reason: "medusa" });

    it("that it was made under is the refund of then, and not another one", async () => {
      const first = await under("ref_same");
      world.asked();
      expect(await under("ref_same")).toEqual(first);
      expect(await under("ref_other")).not.toEqual(first);
      expect(await under("ref_same")).toEqual(first);
      expect(returned()).toBe("60.00");
    });

    it("under which SEQR refused is made after all", async () => {
      orderCode(99);
      await expect(under("ref_same")).rejects.toMatchObject({ code: "SEQR_99" });
      expect(await under("ref_same")).toMatchObject({ state: "done" });
      expect(rows()).toEqual(["30.00 refused", "30.00 done"]);
    });

    it("closes an invoice that a process could not close any more", async () => {
      invoice = await world.paid("refunding");
      jest.spyOn(world.ledger, "transition").mockRejectedValueOnce(new Error("the database is away"));
      await expect(under("ref_all", "100.00")).rejects.toThrow("the database is away");
      await under("ref_all", "100.00");
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", problem: null });
    });

    it("that another process was faster with is that refund", async () => {
      const made = await under("ref_same");
      jest.spyOn(world.ledger, "refundsOf").mockResolvedValueOnce([]);
      expect(await under("ref_same")).toEqual(made);
      expect(returned()).toBe("30.00");
    });

    it("is repeated after a lost answer, and has the key under which it is asked for now", async () => {
      invoice = await world.paid("refunding");
      await world.ledger.update(invoice.id, { problem: "SEQR_TIMEOUT" }, ["refunding"]);
      order("lost-answer", 2);
      await expect(under("ref_first", "100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      const again = await under("ref_second", "100.00");
      expect(again).toMatchObject({ state: "done", idempotency_key: "ref_second", result: "0" });
      expect(rows()).toEqual(["100.00 done"]);
      expect(returned()).toBe("100.00");
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", problem: null });
    });

    it("keeps its key, and when it got it, when it is repeated under the same", async () => {
      order("lost-answer", 2);
      await expect(under("ref_first", "100.00")).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(await under("ref_first", "100.00")).toMatchObject({
        ...{ state: "done", idempotency_key: "ref_first", taken_over_at: null },
      });
    });
  });

  describe("of which SEQR says that it was made elsewhere", () => {
    it("since the ledger is older than SEQR is noted with a payment that is an order", async () => {
      const backup = world.ledger.copy();
      await refund("80.00");
      world.ledger.restore(backup);
      expect(rows()).toEqual([]);
      await expect(refund("30.00")).rejects.toMatchObject({ code: "SEQR_98" });
      expect(rows()).toEqual(["30.00 refused"]);
      expect(returned()).toBe("80.00");
      expect(await world.row(invoice)).toMatchObject({
        state: "completed",
        problem: "SEQR_REFUNDED_ELSEWHERE",
      });
    });

    it("is not noted with one whose money is being refunded: its state tells it", async () => {
      invoice = await world.paid("refunding");
      orderCode(98);
      await expect(refund("30.00")).rejects.toMatchObject({ code: "SEQR_98" });
      expect((await world.row(invoice)).problem).toBeNull();
    });

    it("is not noted over another problem, which would not be listed any more", async () => {
      const other = { problem: "SEQR_ORDER_TOTAL_DIFFERS" };
      await world.ledger.update(invoice.id, other, ["completed"]);
      orderCode(98);
      await expect(refund("30.00")).rejects.toMatchObject({ code: "SEQR_98" });
      expect(await world.row(invoice)).toMatchObject(other);
    });

    it.each([97, 99])("is another matter than a refusal (%s)", async (code) => {
      orderCode(code);
      await expect(refund("30.00")).rejects.toMatchObject({ code: `SEQR_${code}` });
      expect((await world.row(invoice)).problem).toBeNull();
    });
  });

  it("whose process crashed is unknown after three minutes, for whoever looks, and not before", async () => {
    const begin = (idempotency_key: string) =>
      world.ledger.insertRefund({
        ...newRefund(invoice.id, { idempotency_key }),
        ...{ amount: "30.00", requested_at: world.now() },
      });
    await begin("ref_dead");
    world.pass(179);
    await endAbandonedRefunds(world.context);
    expect(rows()).toEqual(["30.00 requested"]);
    world.pass(2);
    await endAbandonedRefunds(world.context);
    expect(world.ledger.refunds).toMatchObject([
      { state: "unknown", result: "SEQR_ANSWER_LOST", refund_reference: null, finished_at: world.now() },
    ]);
    world.pass(60);
    await endAbandonedRefunds(world.context);
    expect(world.ledger.refunds[0]?.finished_at).not.toEqual(world.now());
    expect(world.asked()).toEqual([]);
  });

  it("names SEQR's bill after the invoice", async () => {
    await refund("30.00");
    expect(refundsAtSeqr()).toMatchObject([
      { invoice: { clientInvoiceId: invoice.client_invoice_id, title: "Nordic Goods" } },
    ]);
  });

  it("of a payment without an order leaves the watch to take over from a crashed process", async () => {
    invoice = await world.paid();
    const due_at = new Date(world.now().getTime() + 7_000);
    await world.ledger.update(invoice.id, { due_at }, ["paid"]);
    order("lost-request", 3);
    await expect(refund("100.00")).rejects.toThrow();
    expect(await world.row(invoice)).toMatchObject({ state: "refunding", due_at });
  });

  it("counts as lost only when no terminal's process can still be making it", async () => {
    const two = await startWorld(TWO_TERMINALS);
    try {
      const [first] = two.context.terminals.all;
      Object.assign(present(first).options, { responseTimeout: 120_000 });
      const { id } = await two.paid("completed", present(first).name);
      await two.ledger.insertRefund(newRefund(id, { requested_at: two.now() }));
      two.pass(200);
      await endAbandonedRefunds(two.context);
      expect(two.ledger.refunds).toMatchObject([{ state: "requested" }]);
    } finally {
      await two.stop();
    }
  });
});
