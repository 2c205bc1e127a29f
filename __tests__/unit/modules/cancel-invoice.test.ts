import { nextDue } from "../../../src/modules/seqr/invoice/polling-schedule";
import { after } from "../../../src/clock";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { REVERSAL_AFTER } from "../../../src/seqr";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import type { CallFaultKind } from "../../../src/sandbox";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";

describe("cancelling an invoice", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld({ isDistant: true });
    ({ invoice } = await world.issue());
    world.asked();
  });
  afterEach(() => world.stop());

  const inSeconds = (seconds: number): Date => after(world.now(), seconds * 1_000);
  const in60s = (): Date => after(world.now(), 60_000);
  const reference = (): string => invoice.invoice_reference ?? "";
  const cancel = (reason: Parameters<typeof cancelInvoice>[2] = "shopper") =>
    cancelInvoice(world.context, invoice, reason);
  const ordered = (resultCode: number): unknown =>
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode });

  it("ends it at SEQR and in the ledger, and has it checked once more after a minute", async () => {
    world.pass(5);
    expect(await cancel()).toBe("canceled");
    expect(world.asked()).toEqual(["cancelInvoice 0"]);
    expect(world.sandbox.invoices()[0]?.status).toBe("CANCELED");
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "shopper", due_at: in60s() });
    expect(world.ledger.observations).toMatchObject([
      { operation: "cancelInvoice", source: "shopper", result: "0" },
    ]);
  });

  it.each(["superseded", "lifetime"] as const)(
    "has written why (%s) before SEQR knows, for those who see it there first",
    async (reason) => {
      const { client } = world;
      const ask = client.cancelInvoice.bind(client);
      jest.spyOn(client, "cancelInvoice").mockImplementation(async (reference) => {
        expect(world.ledger.invoices).toMatchObject([{ state: "open", reason }]);
        await ask(reference);
        await pollPaymentStatus(world.context, invoice, "watch");
      });
      expect(await cancel(reason)).toBe("canceled");
      const state = reason === "lifetime" ? "expired" : "canceled";
      expect(await world.row(invoice)).toMatchObject({ state, reason });
    },
  );

  it.each([
    [false, { reason: "shopper", problem: null }],
    [true, { reason: "reversed", problem: "SEQR_REVERSED" }],
  ])(
    "that came second, and of which SEQR says no more, is as far as we know (announced: %s)",
    async (isAnnounced, end) => {
      if (isAnnounced) await world.ledger.update(invoice.id, { notified_at: world.now() }, ["open"]);
      await world.sandbox.phone.cancel(reference());
      world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "garbage" });
      expect(await cancel()).toBe("canceled");
      expect(await world.row(invoice)).toMatchObject({ state: "canceled", attempts: 0, ...end });
    },
  );

  it("that came second, and whose end could not be written, is not said to be done", async () => {
    ordered(95);
    jest.spyOn(world.ledger, "transition").mockRejectedValueOnce(new Error("the database is away"));
    await world.sandbox.phone.cancel(reference());
    await expect(cancel()).rejects.toThrow("the database is away");
    expect((await world.row(invoice)).state).toBe("open");
  });

  it("at the end of its lifetime makes it expired", async () => {
    expect(await cancel("lifetime")).toBe("canceled");
    expect(await world.row(invoice)).toMatchObject({ state: "expired", reason: "lifetime" });
  });

  it.each([95, 55])("that another process has cancelled already (%i) is as good", async (code) => {
    ordered(code);
    expect(await cancel()).toBe("canceled");
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", problem: null, due_at: in60s() });
    expect(world.ledger.observations).toMatchObject([{ result: `SEQR_${code}` }]);
  });

  it("that the shopper has cancelled in the app already is as good", async () => {
    await world.sandbox.phone.cancel(reference());
    expect(await cancel()).toBe("canceled");
    expect(world.asked()).toEqual(["cancelInvoice 95", "getPaymentStatus 0"]);
    expect((await world.row(invoice)).state).toBe("canceled");
  });

  it.each([50, 51, 48, 58])(
    "while it is paid or being paid (%i) changes nothing but that it is polled at once",
    async (code) => {
      world.pass(1);
      ordered(code);
      expect(await cancel()).toBe("paying");
      expect(await world.row(invoice)).toEqual({ ...invoice, due_at: world.now() });
      expect(world.ledger.observations).toMatchObject([{ result: `SEQR_${code}` }]);
    },
  );

  it("that SEQR does for another reason than ours, since it took a payment back, says so", async () => {
    await world.sandbox.phone.pay(reference());
    await world.ledger.update(invoice.id, { notified_at: world.now() }, ["open"]);
    world.pass(REVERSAL_AFTER / 1_000);
    expect(await cancel("superseded")).toBe("canceled");
    expect(world.asked()).toEqual(["cancelInvoice 95", "getPaymentStatus 0"]);
    expect(await world.row(invoice)).toMatchObject({
      ...{ state: "canceled", reason: "reversed", problem: "SEQR_REVERSED" },
    });
  });

  it("that fails for a fault of our own says so, and is not taken for SEQR's word", async () => {
    jest.spyOn(world.client, "cancelInvoice").mockRejectedValue(new TypeError("a fault"));
    await expect(cancel()).rejects.toThrow("a fault");
    expect(await world.row(invoice)).toEqual({ ...invoice, reason: "shopper" });
    expect(world.ledger.observations).toEqual([]);
  });

  it("that is refused leaves no reason, not even that of another who was refused meanwhile", async () => {
    await world.ledger.update(invoice.id, { reason: "shopper" }, ["open"]);
    invoice = await world.row(invoice);
    ordered(50);
    expect(await cancel("superseded")).toBe("paying");
    expect(await world.row(invoice)).toMatchObject({ state: "open", reason: null });
  });

  it("does not take back what the phone has paid, nor acknowledge it", async () => {
    await world.sandbox.phone.pay(reference());
    expect(await cancel()).toBe("paying");
    expect(world.asked()).toEqual(["cancelInvoice 50"]);
    world.pass(20);
    expect(world.sandbox.invoices()[0]?.status).toBe("CANCELED");
    expect(world.sandbox.sms()).toHaveLength(1);
  });

  it.each<[CallFaultKind, string, string]>([
    ["lost-request", "SEQR_ANSWER_LOST", "ISSUED"],
    ["lost-answer", "SEQR_ANSWER_LOST", "CANCELED"],
    ["cut-body", "SEQR_ANSWER_LOST", "CANCELED"],
    ["garbage", "SEQR_ANSWER_INVALID", "CANCELED"],
    ["html", "SEQR_ANSWER_INVALID", "ISSUED"],
    ["blocked", "SEQR_HTTP_REFUSED", "CANCELED"],
    ["soap-fault", "SEQR_FAULT", "ISSUED"],
  ])("without an answer (%s) is not believed, and goes on", async (kind, problem, atSeqr) => {
    world.sandbox.faults.add({ operation: "cancelInvoice", kind });
    expect(await cancel()).toBe("unknown");
    expect(world.sandbox.invoices()[0]?.status).toBe(atSeqr);
    const canceling = await world.row(invoice);
    expect(canceling).toMatchObject({ state: "canceling", reason: "shopper", problem, attempts: 1 });
    expect(canceling.due_at).toEqual(inSeconds(2));

    invoice = canceling;
    expect(await cancel()).toBe("canceled");
    expect(await world.row(invoice)).toMatchObject({
      state: "canceled",
      problem: null,
      attempts: 0,
      due_at: expect.any(Date),
    });
  });

  it("without an answer keeps its reason, though another one heard meanwhile that it was being paid", async () => {
    const { client } = world;
    const ask = client.cancelInvoice.bind(client);
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-answer" });
    jest.spyOn(client, "cancelInvoice").mockImplementation(async (reference) => {
      await world.ledger.update(invoice.id, { reason: null }, ["open"]);
      await ask(reference);
    });
    expect(await cancel("superseded")).toBe("unknown");
    expect(await world.row(invoice)).toMatchObject({ state: "canceling", reason: "superseded" });
  });

  it.each([
    ["while it is being paid", 51, "paying"],
    ["without success", 54, "unknown"],
  ] as const)("under the caller's lease, %s, leaves the due time alone", async (_, code, outcome) => {
    world.pass(1);
    ordered(code);
    expect(await cancelInvoice(world.context, invoice, "lifetime", true)).toBe(outcome);
    expect((await world.row(invoice)).due_at).toEqual(invoice.due_at);
  });

  it("that takes too long is not believed", async () => {
    const slow = await startWorld({ options: { responseTimeout: 1_000 } });
    try {
      const issued = await slow.issue();
      slow.sandbox.faults.add({ operation: "cancelInvoice", kind: "hang" });
      expect(await cancelInvoice(slow.context, issued.invoice, "shopper")).toBe("unknown");
      expect(await slow.row(issued.invoice)).toMatchObject({ state: "canceling", problem: "SEQR_TIMEOUT" });
    } finally {
      await slow.stop();
    }
  });

  it.each([90, 93, 94, 54, 20, 7777])(
    "that SEQR does not carry out (%i) goes on, since it is still payable",
    async (code) => {
      ordered(code);
      expect(await cancel()).toBe("unknown");
      expect(await world.row(invoice)).toMatchObject({ state: "canceling", problem: `SEQR_${code}` });
      expect(world.log.filter((line) => line.startsWith("warn"))).toHaveLength(1);
    },
  );

  it("counts each failed try", async () => {
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request", times: 3 });
    for (const attempts of [1, 2, 3]) {
      await cancel("merchant");
      invoice = await world.row(invoice);
      expect(invoice).toMatchObject({ state: "canceling", attempts, reason: "merchant" });
    }
  });

  it("of a SEQR that is away waits longer and longer between two tries, also under a lease", async () => {
    for (const pause of [2, 4, 8]) {
      world.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request" });
      await tryUnderClaim("merchant");
      expect(await secondsToNextLook()).toBe(pause);
    }
  });

  it("while the phone is paying is tried again after a pause, not at once", async () => {
    await world.sandbox.phone.beginPay(reference());
    await tryUnderClaim("lifetime");
    expect(await secondsToNextLook()).toBe(1);
  });

  /** What the watch does with it. */
  async function tryUnderClaim(reason: "merchant" | "lifetime"): Promise<void> {
    const { ledger } = world;
    const claim = { owner: "watch", now: world.now(), until: after(world.now(), 10_000) };
    invoice = present(await ledger.acquireLease(invoice.id, claim));
    await cancel(reason);
    await ledger.releaseLease(invoice.id, "watch", nextDue(await world.row(invoice), world.now()));
  }

  async function secondsToNextLook(): Promise<number> {
    const { due_at } = await world.row(invoice);
    return (Number(due_at) - world.now().getTime()) / 1_000;
  }

  it.each([
    "completed",
    "refunding",
    "refunded",
    "canceled",
    "expired",
    "failed",
    "not_issued",
    "sending",
  ] as const)("that is %s asks nobody and changes nothing", async (state) => {
    invoice = { ...invoice, state };
    const before = await world.row(invoice);
    expect(await cancel()).toBe("canceled");
    expect(world.asked()).toEqual([]);
    expect(await world.row(invoice)).toEqual(before);
  });

  it.each(["paid", "captured", "unacknowledged"] as const)(
    "that is %s is refused without asking: the money is on its way",
    async (state) => {
      world.pass(1);
      invoice = { ...invoice, state };
      expect(await cancel()).toBe("paying");
      expect(world.asked()).toEqual([]);
      const { due_at } = await world.row(invoice);
      // A unacknowledged payment is left unread until SEQR has reversed it.
      if (state === "unacknowledged") expect(Number(due_at)).toBeGreaterThan(world.now().getTime());
      else expect(due_at).toEqual(world.now());
    },
  );

  it("that was paid a moment ago, unknown to the caller, leaves the payment alone", async () => {
    await world.sandbox.phone.pay(reference());
    await world.move(invoice, "paid", { ers_reference: "200002" });
    expect(await cancel()).toBe("paying");
    expect(await world.row(invoice)).toMatchObject({ state: "paid", ers_reference: "200002" });
  });

  it("whose terminal the options no longer name goes on when they name it again", async () => {
    world.pass(1);
    await world.ledger.update(invoice.id, { attempts: 2, problem: "SEQR_94" }, ["open"]);
    const gone = { ...(await world.row(invoice)), terminal: "gone" };
    expect(await cancelInvoice(world.context, gone, "shopper")).toBe("unknown");
    expect(world.asked()).toEqual([]);
    expect(await world.row(invoice)).toMatchObject({
      ...{ state: "canceling", reason: "shopper", attempts: 2, problem: "SEQR_94" },
      due_at: invoice.due_at,
    });
  });
});

describe("cancelling an invoice whose amount SEQR is to reserve", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld({ options: { capture: "manual" }, isDistant: true });
    ({ invoice } = await world.issue());
    world.asked();
  });
  afterEach(() => world.stop());
  const cancel = () => cancelInvoice(world.context, invoice, "superseded");
  const reference = (): string => invoice.invoice_reference ?? "";

  it("polls it first", async () => {
    expect(await cancel()).toBe("canceled");
    expect(world.asked()).toEqual(["getPaymentStatus 0", "cancelInvoice 0"]);
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "superseded" });
  });

  it("leaves one alone that the shopper has ended", async () => {
    await world.sandbox.phone.cancel(reference());
    expect(await cancel()).toBe("canceled");
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "shopper" });
  });

  it("leaves one alone that the shopper has confirmed", async () => {
    await world.sandbox.phone.pay(reference());
    expect(await cancel()).toBe("paying");
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    expect(await world.row(invoice)).toMatchObject({ state: "reserved", reason: null });
  });
});
