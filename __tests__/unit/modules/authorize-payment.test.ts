import { MedusaError } from "@medusajs/framework/utils";
import { after } from "../../../src/clock";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { authorizePayment } from "../../../src/modules/seqr/operations/authorize-payment";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";

describe("authorizing a payment of 100 kronor", () => {
  let world: World;
  let invoice: InvoiceRecord;
  const pay = () => world.sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
  const complete = (total: string | undefined = "100.00") =>
    authorizePayment(world.context, invoice.session_id, () => Promise.resolve(total));

  beforeEach(async () => {
    world = await startWorld({ isDistant: true });
    ({ invoice } = await world.issue());
    world.asked();
  });
  afterEach(() => world.stop());

  it("asks SEQR and thereby acknowledges, when everything else is ready", async () => {
    await pay();
    expect(await complete()).toMatchObject({ state: "captured", amount: "100.00" });
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    world.pass(60);
    expect(world.sandbox.sms()).toEqual([]);
  });

  it("gives Medusa a minute for its order, and takes the obstacle of earlier tries away", async () => {
    invoice = await world.paid();
    await world.ledger.update(invoice.id, { problem: "SEQR_ORDER_FAILED" }, ["paid"]);
    world.pass(7);
    expect(await complete()).toMatchObject({
      ...{ state: "captured", problem: null, state_since: world.now() },
      due_at: after(world.now(), 60_000),
    });
    expect(world.asked()).toEqual([]);
  });

  it.each<[InvoiceState[], InvoiceState | undefined, string | undefined]>([
    [["captured"], undefined, "SEQR_BUSY"],
    [["captured", "completed"], "completed", undefined],
    [["captured", "completed", "refund_due"], "refund_due", undefined],
    [["refunding"], undefined, "SEQR_PAYMENT_REFUNDED"],
    [["captured", "paid"], undefined, "SEQR_BUSY"],
  ])("goes by what a faster process has made of it: %j", async (steps, state, code) => {
    invoice = await world.paid();
    const { ledger } = world;
    const take = ledger.transition.bind(ledger);
    jest.spyOn(ledger, "transition").mockImplementationOnce(async (...step) => {
      for (const to of steps) await take(invoice.id, to, { state_since: world.now() });
      // Had it come a moment earlier or later, it would have held.
      return steps.at(-1) === "paid" ? undefined : take(...step);
    });
    const done = complete();
    if (state) expect(await done).toMatchObject({ state });
    else await expect(done).rejects.toMatchObject({ code });
  });

  it("does not ask SEQR when the cart amounts to something else: SEQR then reverses the payment", async () => {
    await pay();
    await expect(complete("110.00")).rejects.toMatchObject({
      type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
      code: "SEQR_AMOUNT_DIFFERS",
    });
    expect(world.asked()).toEqual([]);
    world.pass(21);
    expect(world.sandbox.sms()).toHaveLength(1);
  });

  it("needs no cart for an order that is there already", async () => {
    await pay();
    expect(
      await authorizePayment(world.context, invoice.session_id, () => Promise.resolve(undefined)),
    ).toMatchObject({
      state: "captured",
    });
  });

  it("gives it to one completion, however many ask at once", async () => {
    await pay();
    const results = await Promise.allSettled(Array.from({ length: 16 }, () => complete()));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "SEQR_BUSY" });
    }
  });

  it("says that nothing was paid yet", async () => {
    await expect(complete()).rejects.toMatchObject({
      type: MedusaError.Types.PAYMENT_REQUIRES_MORE_ERROR,
      code: "SEQR_WAITING",
    });
  });

  it.each(["refunding", "refunded"] as const)("never gives what is %s", async (state) => {
    invoice = await world.paid("refunding");
    if (state === "refunded") await world.move(invoice, "refunded");
    await expect(complete()).rejects.toMatchObject({ code: "SEQR_PAYMENT_REFUNDED" });
    expect(world.asked()).toEqual([]);
  });

  describe("that was cancelled", () => {
    beforeEach(() => world.move(invoice, "canceled", { reason: "shopper" }));

    it("is refused without asking SEQR", async () => {
      await expect(complete()).rejects.toMatchObject({ code: "SEQR_PAYMENT_ENDED" });
      expect(world.asked()).toEqual([]);
    });

    it("is polled when a notification arrived afterwards, and SEQR has the last word", async () => {
      await pay();
      world.pass(1);
      await world.ledger.update(invoice.id, { notified_at: world.now() }, INVOICE_STATES);
      expect(await complete()).toMatchObject({ state: "captured" });
    });
  });

  it("is over a sum that SEQR says was paid, should it be another one", async () => {
    // A change to 100 whose answer was lost; SEQR had taken it.
    await world.ledger.update(invoice.id, { amount: "120.00", pending_amount: "100.00" }, INVOICE_STATES);
    await pay();
    await expect(complete("120.00")).rejects.toMatchObject({ code: "SEQR_AMOUNT_DIFFERS" });
    expect(await world.row(invoice)).toMatchObject({ state: "paid", amount: "100.00" });
    expect(await complete("100.00")).toMatchObject({ state: "captured" });
  });

  it("is not repeated for a session that nobody knows", async () => {
    const unread = (): never => {
      throw new Error("nothing is to be read for it");
    };
    await expect(authorizePayment(world.context, "payses_other", unread)).rejects.toMatchObject({
      code: "SEQR_SESSION_UNKNOWN",
    });
  });

  it("says that SEQR does not answer", async () => {
    await pay();
    await world.unplug();
    const unanswered = complete();
    await expect(unanswered).rejects.toBeInstanceOf(MedusaError);
    await expect(unanswered).rejects.toMatchObject({ code: "SEQR_UNREACHABLE" });
    expect(await world.row(invoice)).toMatchObject({ state: "open" });
  });

  it("knows a payment that was reversed after it had been announced", async () => {
    await pay();
    await world.ledger.update(invoice.id, { notified_at: world.now() }, INVOICE_STATES);
    world.pass(21);
    expect(await pollPaymentStatus(world.context, await world.row(invoice), "watch")).toMatchObject({
      state: "canceled",
      reason: "reversed",
      problem: "SEQR_REVERSED",
    });
    expect(world.log.filter((line) => line.startsWith("warn seqr event=payment.reversed "))).toHaveLength(1);
    await expect(complete()).rejects.toMatchObject({ code: "SEQR_PAYMENT_REFUNDED" });
  });
});

describe("authorizing a reservation of 100 kronor", () => {
  let world: World;
  let invoice: InvoiceRecord;
  const complete = (total: string | undefined = "100.00") =>
    authorizePayment(world.context, invoice.session_id, () => Promise.resolve(total));
  const change = (patch: InvoicePatch) => world.ledger.update(invoice.id, patch, INVOICE_STATES);

  beforeEach(async () => {
    world = await startWorld({ options: { capture: "manual" }, isDistant: true });
    ({ invoice } = await world.issue());
    await world.sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
    await pollPaymentStatus(world.context, invoice, "watch");
    world.asked();
  });
  afterEach(() => world.stop());

  it("takes the obstacle of earlier tries away, and asks SEQR nothing", async () => {
    await change({ problem: "SEQR_ORDER_FAILED" });
    expect(await complete()).toMatchObject({
      ...{ state: "authorized", problem: null, state_since: world.now() },
      due_at: after(world.now(), 60_000),
    });
    expect(world.asked()).toEqual([]);
  });

  it.each(["90.00", "110.00"])("goes by what SEQR has reserved, and not by %s", async (amount) => {
    await change({ amount });
    await expect(complete(amount)).rejects.toMatchObject({ code: "SEQR_AMOUNT_DIFFERS" });
    expect(await complete("100.00")).toMatchObject({ state: "authorized" });
  });

  it.each(["100.00", "120.00", undefined])(
    "does not take place while it is unknown whether SEQR has reserved 120 (order: %s)",
    async (total) => {
      await change({ pending_amount: "120.00" });
      const done = authorizePayment(world.context, invoice.session_id, () => Promise.resolve(total));
      await expect(done).rejects.toMatchObject({ code: "SEQR_AMOUNT_DIFFERS" });
      expect((await world.row(invoice)).state).toBe("reserved");
    },
  );

  it.each<[InvoiceState[], InvoiceState | undefined, string | undefined]>([
    [["authorized"], undefined, "SEQR_BUSY"],
    [["authorized", "awaiting_capture"], "awaiting_capture", undefined],
    [["authorized", "awaiting_capture", "capturing"], "capturing", undefined],
    [["authorized", "awaiting_capture", "capturing", "committed"], "committed", undefined],
    [["releasing"], undefined, "SEQR_PAYMENT_ENDED"],
    [["authorized", "awaiting_capture", "lapsed"], undefined, "SEQR_PAYMENT_ENDED"],
    [["authorized", "reserved"], undefined, "SEQR_BUSY"],
  ])("goes by what a faster process has made of it: %j", async (steps, state, code) => {
    const { ledger } = world;
    const take = ledger.transition.bind(ledger);
    let isFirst = true;
    jest.spyOn(ledger, "transition").mockImplementation(async (...step) => {
      if (!isFirst) return take(...step);
      isFirst = false;
      for (const to of steps) await take(invoice.id, to, { state_since: world.now() });
      // Had it come a moment earlier or later, it would have held.
      return steps.at(-1) === "reserved" ? undefined : take(...step);
    });
    const done = complete();
    if (state) expect(await done).toMatchObject({ state });
    else await expect(done).rejects.toMatchObject({ code });
    expect((await world.row(invoice)).state).toBe(steps.at(-1));
  });
});
