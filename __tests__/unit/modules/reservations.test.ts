import { setTimeout } from "node:timers/promises";
import { commitReservation, continueCommit } from "../../../src/modules/seqr/operations/commit-reservation";
import {
  continueRelease,
  releaseReservation,
} from "../../../src/modules/seqr/operations/release-reservation";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { after } from "../../../src/clock";
import { INVOICE_STATES } from "../../../src/modules/seqr/invoice/states";
import { lapsesSoonFrom, nextDue } from "../../../src/modules/seqr/invoice/polling-schedule";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";

const HOUR = 3_600;

describe("a reservation", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      options: { capture: "manual", reservationTime: 4 * HOUR },
      isDistant: true,
    });
  });
  afterAll(() => world?.stop());
  afterEach(() => world.sandbox.faults.clear());

  let purchases = 0;
  /** An invoice whose amount SEQR has reserved, and the ledger knows. */
  const reserved = async (): Promise<InvoiceRecord> => {
    const { invoice } = await world.issue({ paymentCollectionId: `pay_col_reserved_${++purchases}` });
    await world.sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
    const polled = await pollPaymentStatus(world.context, invoice, "watch");
    world.asked();
    return polled;
  };
  const ordered = async (): Promise<InvoiceRecord> =>
    world.move(await world.move(await reserved(), "authorized"), "awaiting_capture");
  const capture = (invoice: InvoiceRecord, amount = "100.00", key = "capt_1") =>
    commitReservation(world.context, invoice, { amount, key });
  const takenOf = ({ invoice_reference }: InvoiceRecord): string[] =>
    world.sandbox.core
      .transactions()
      .filter(({ kind, invoiceReference }) => kind === "payment" && invoiceReference === invoice_reference)
      .map(({ amount }) => amount.value);
  const failing = (resultCode: number, operation = "commitReservation") =>
    world.sandbox.faults.add({ operation, kind: "result-code", resultCode } as never);
  const change = ({ id }: InvoiceRecord, patch: InvoicePatch) =>
    world.ledger.update(id, patch, INVOICE_STATES);
  /** What the ledger noted of the calls to SEQR since the shopper confirmed. */
  const notedOf = ({ id }: InvoiceRecord): string[] =>
    world.ledger.observations
      .filter(({ invoice_id }) => invoice_id === id)
      .slice(1)
      .map(({ source, operation, result }) => `${source} ${operation} ${result}`);
  const rows = [
    { itemDescription: "Tea", itemQuantity: "1", itemTotalAmount: { currency: "SEK", value: "60.00" } },
  ];
  const captureChanged = (invoice: InvoiceRecord) =>
    commitReservation(world.context, invoice, { amount: "60.00", key: "capt_1", rows });
  /** A capture of 60 kronor that SEQR has not answered, and whose poll it has not answered either. */
  const unanswered = async (): Promise<InvoiceRecord> => {
    const invoice = await ordered();
    failing(94);
    failing(94, "getPaymentStatus");
    return capture(invoice, "60.00");
  };

  it("is known with its amount and the least time that SEQR keeps it", async () => {
    const invoice = await reserved();
    expect(invoice).toMatchObject({
      state: "reserved",
      reserved_amount: "100.00",
      ers_reference: null,
      paid_at: null,
    });
    const until = present(invoice.reserved_until ?? undefined);
    expect(until.getTime() - invoice.created_at.getTime()).toBe(4 * HOUR * 1_000);
    expect(lapsesSoonFrom(invoice)?.getTime()).toBe(until.getTime() - HOUR * 1_000);
  });

  it("is committed, and polled once, which gives the payment's reference", async () => {
    const committed = await capture(await ordered(), "80.00");
    expect(world.asked()).toEqual(["commitReservation 0", "getPaymentStatus 0"]);
    expect(committed).toMatchObject({
      ...{ state: "committed", amount: "80.00", reserved_amount: "100.00", capture_key: "capt_1" },
      ers_reference: expect.any(String),
    });
    expect(takenOf(committed)).toEqual(["80.00"]);
  });

  it("is being captured in the ledger before SEQR is asked, and taken over in ten seconds", async () => {
    const invoice = await ordered();
    await change(invoice, { attempts: 3, problem: "SEQR_11" });
    const { client } = world;
    const ask = client.commitReservation.bind(client);
    jest.spyOn(client, "commitReservation").mockImplementationOnce(async (...content) => {
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "capturing", capture_amount: "80.00", capture_key: "capt_1" },
        ...{ attempts: 0, problem: null, due_at: after(world.now(), 10_000) },
      });
      return ask(...content);
    });
    const committed = await capture(invoice, "80.00");
    expect(committed).toMatchObject({ state: "committed", attempts: 0, problem: null });
    expect(notedOf(committed)).toEqual(["staff commitReservation 0", "staff getPaymentStatus 0"]);
  });

  it("can be captured up to what SEQR has reserved, whatever the invoice came to afterwards", async () => {
    const invoice = await ordered();
    await change(invoice, { amount: "90.00" });
    expect(await capture(await world.row(invoice), "95.00")).toMatchObject({
      state: "committed",
      amount: "95.00",
    });
  });

  it.each([
    ["takes", undefined, "0"],
    ["refuses", 90, "SEQR_90"],
  ])("is captured when SEQR %s the rows of the changed order", async (_, code, result) => {
    const invoice = await ordered();
    if (code !== undefined) failing(code, "updateInvoice");
    const ask = world.client.updateInvoice.bind(world.client);
    const update = jest.spyOn(world.client, "updateInvoice").mockImplementationOnce(async (...content) => {
      await setTimeout(50);
      return ask(...content);
    });
    const committed = await captureChanged(invoice);
    expect(update.mock.calls).toMatchObject([
      [invoice.invoice_reference, { invoiceRows: rows, totalAmount: { currency: "SEK", value: "60.00" } }],
    ]);
    update.mockRestore();
    expect(notedOf(committed)).toEqual([
      `staff updateInvoice ${result}`,
      "staff commitReservation 0",
      "staff getPaymentStatus 0",
    ]);
    expect([committed.state, takenOf(committed)]).toEqual(["committed", ["60.00"]]);
  });

  it.each([
    ["updateInvoice", "0"],
    ["updateInvoice", "SEQR_90"],
    ["commitReservation", "0"],
    ["commitReservation", "SEQR_11"],
  ])("is still being captured when the answer to %s (%s) could not be written down", async (name, result) => {
    const invoice = await ordered();
    if (result !== "0") failing(Number(result.slice(5)), name);
    const record = world.ledger.recordObservation.bind(world.ledger);
    const broken = jest.spyOn(world.ledger, "recordObservation").mockImplementation(async (seen) => {
      if (seen.operation !== name) return record(seen);
      expect(seen.result).toBe(result);
      throw new Error("the database is away");
    });
    await expect(captureChanged(invoice)).rejects.toThrow("the database is away");
    broken.mockRestore();
    expect((await world.row(invoice)).state).toBe("capturing");
  });

  it("is not said to be captured when the answer could not be written down", async () => {
    const invoice = await ordered();
    const transition = world.ledger.transition.bind(world.ledger);
    const broken = jest.spyOn(world.ledger, "transition").mockImplementation(async (...step) => {
      if (step[1] === "committed") throw new Error("the database is away");
      return transition(...step);
    });
    await expect(capture(invoice)).rejects.toThrow("the database is away");
    broken.mockRestore();
    expect(await world.row(invoice)).toMatchObject({
      ...{ state: "capturing", due_at: after(world.now(), 10_000) },
    });
  });

  it("is not committed above what is reserved, nor with nothing", async () => {
    const invoice = await ordered();
    await expect(capture(invoice, "100.01")).rejects.toMatchObject({ code: "SEQR_CAPTURE_TOO_HIGH" });
    await expect(capture(invoice, "0.00")).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
    expect([world.asked(), (await world.row(invoice)).state]).toEqual([[], "awaiting_capture"]);
  });

  it("waits for another capture when SEQR refuses one", async () => {
    const invoice = await ordered();
    await change(invoice, { problem: "SEQR_CAPTURE_FAILED" });
    failing(11);
    await expect(capture(await world.row(invoice))).rejects.toMatchObject({ code: "SEQR_11" });
    expect(await world.row(invoice)).toMatchObject({
      ...{ state: "awaiting_capture", capture_amount: null, capture_key: null },
      // What it waited for is as true as before.
      problem: "SEQR_CAPTURE_FAILED",
    });
    expect(notedOf(invoice)).toEqual(["staff commitReservation SEQR_11"]);
    expect((await capture(invoice, "50.00", "capt_2")).state).toBe("committed");
  });

  it.each([
    ["made", () => world.sandbox.faults.add({ operation: "commitReservation", kind: "lost-answer" }), 1],
    ["not made", () => failing(94), 2],
  ] as const)(
    "whose commit was %s without an answer is polled before anything else",
    async (_, fail, commits) => {
      const invoice = await ordered();
      fail();
      const committed = await capture(invoice, "70.00");
      const asked = world.asked();
      expect(asked.slice(0, 2).map((one) => one.split(" ")[0])).toEqual([
        "commitReservation",
        "getPaymentStatus",
      ]);
      expect(asked.filter((one) => one.startsWith("commit"))).toHaveLength(commits);
      expect([committed.state, takenOf(committed)]).toEqual(["committed", ["70.00"]]);
    },
  );

  it.each([
    ["11", { attempts: 2, problem: "SEQR_11" }],
    // That there is no reservation any more may be because the first request was carried out.
    ["96", { attempts: 2, problem: "SEQR_94" }],
  ])("whose commit is refused the second time (%s) is still being captured", async (code, end) => {
    const pending = await unanswered();
    expect(pending).toMatchObject({ state: "capturing", attempts: 1, problem: "SEQR_94" });
    failing(Number(code));
    const again = await continueCommit(world.context, pending, "watch");
    expect(again).toMatchObject({ state: "capturing", capture_amount: "60.00", ...end });
    expect(takenOf(again)).toEqual([]);
    const committed = await continueCommit(world.context, again, "watch");
    expect(committed).toMatchObject({ state: "committed", attempts: 0, problem: null });
    expect(takenOf(committed)).toEqual(["60.00"]);
    expect(notedOf(committed)).toEqual([
      ...["staff commitReservation SEQR_94", "staff getPaymentStatus SEQR_94"],
      `watch commitReservation SEQR_${code}`,
      ...["watch commitReservation 0", "watch getPaymentStatus 0"],
    ]);
  });

  it("is captured once when SEQR has no reservation any more (96), because it was committed before", async () => {
    const invoice = await ordered();
    await world.client.commitReservation(present(invoice.invoice_reference ?? undefined));
    expect(await capture(invoice)).toMatchObject({ state: "committed", capture_key: "capt_1" });
    expect(takenOf(invoice)).toEqual(["100.00"]);
  });

  it("lapses plainly when SEQR has reversed the capture, because neither commit nor poll was answered in time", async () => {
    const invoice = await ordered();
    world.sandbox.faults.add({ operation: "commitReservation", kind: "lost-answer" });
    failing(94, "getPaymentStatus");
    const pending = await capture(invoice);
    expect(pending).toMatchObject({ state: "capturing", ers_reference: null });
    world.pass(21);
    expect(await continueCommit(world.context, pending, "watch")).toMatchObject({
      ...{ state: "lapsed", problem: "SEQR_RESERVATION_LAPSED", ers_reference: null },
    });
  });

  it("is not confirmed as captured before SEQR has said PAID, and is polled well before SEQR reverses it", async () => {
    const invoice = await ordered();
    failing(94, "getPaymentStatus");
    const accepted = await capture(invoice);
    expect(accepted).toMatchObject({ state: "capturing", ers_reference: null });
    expect(accepted.due_at).toEqual(world.now());
    expect((await continueCommit(world.context, accepted, "watch")).state).toBe("committed");
    expect(takenOf(accepted)).toEqual(["100.00"]);
  });

  it("is captured or released, not both, when two servers do either at once", async () => {
    for (let tries = 0; tries < 5; tries++) {
      const invoice = await ordered();
      await Promise.allSettled([
        capture(invoice),
        releaseReservation(world.context, invoice, "order_canceled"),
      ]);
      const { state } = await world.row(invoice);
      expect([state, takenOf(invoice)]).toEqual(
        state === "committed" ? [state, ["100.00"]] : ["canceled", []],
      );
    }
  });

  it.each([
    [undefined, "0"],
    [95, "SEQR_95"],
    [55, "SEQR_55"],
  ])("is released, also when SEQR had released it before (%s)", async (code, result) => {
    const invoice = await ordered();
    if (code !== undefined) failing(code, "cancelInvoice");
    const released = await releaseReservation(world.context, invoice, "order_canceled");
    expect(released).toMatchObject({ state: "canceled", reason: "order_canceled", problem: null });
    expect(world.asked()).toEqual([`cancelInvoice ${code ?? 0}`]);
    expect(notedOf(invoice)).toEqual([`order_canceled cancelInvoice ${result}`]);
  });

  it("is being released in the ledger before SEQR is asked", async () => {
    const invoice = await ordered();
    await change(invoice, { attempts: 3, problem: "SEQR_11", capture_key: "capt_1" });
    const { client } = world;
    const ask = client.cancelInvoice.bind(client);
    jest.spyOn(client, "cancelInvoice").mockImplementationOnce(async (reference) => {
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "releasing", reason: "merchant", attempts: 0, problem: null, capture_key: null },
        due_at: after(world.now(), 1_000),
      });
      return ask(reference);
    });
    expect((await releaseReservation(world.context, invoice, "merchant")).state).toBe("canceled");
  });

  it("is not released when another process has moved it on", async () => {
    const invoice = await reserved();
    await world.move(invoice, "authorized");
    const left = await releaseReservation(world.context, invoice, "shopper");
    expect(left).toMatchObject({ state: "authorized", reason: null });
    expect(world.asked()).toEqual([]);
  });

  it.each([
    ["0", undefined],
    ["SEQR_94", 94],
  ])("is still being released when the answer (%s) could not be written down", async (result, code) => {
    const invoice = await ordered();
    if (code !== undefined) failing(code, "cancelInvoice");
    jest.spyOn(world.ledger, "recordObservation").mockImplementationOnce(async (seen) => {
      expect(seen.result).toBe(result);
      throw new Error("the database is away");
    });
    const release = releaseReservation(world.context, invoice, "merchant");
    await expect(release).rejects.toThrow("the database is away");
    expect((await world.row(invoice)).state).toBe("releasing");
  });

  it("whose release and whose poll get no answer is released again", async () => {
    let invoice = await ordered();
    failing(94, "cancelInvoice");
    failing(93, "getPaymentStatus");
    invoice = await releaseReservation(world.context, invoice, "merchant");
    expect(invoice).toMatchObject({ state: "releasing", attempts: 1, problem: "SEQR_94" });
    failing(90, "cancelInvoice");
    invoice = await continueRelease(world.context, invoice);
    expect(invoice).toMatchObject({ state: "releasing", attempts: 2, problem: "SEQR_90" });
    // Where no reason is known, the merchant is named.
    await change(invoice, { reason: null });
    invoice = await continueRelease(world.context, await world.row(invoice));
    expect(invoice).toMatchObject({ state: "canceled", attempts: 0, problem: null });
    expect(notedOf(invoice)).toEqual([
      ...["merchant cancelInvoice SEQR_94", "cancellation getPaymentStatus SEQR_93"],
      ...["merchant cancelInvoice SEQR_90", "merchant cancelInvoice 0"],
    ]);
  });

  it("whose release gets no answer is not polled past a ledger that is away", async () => {
    const invoice = await ordered();
    failing(94, "cancelInvoice");
    jest.spyOn(world.ledger, "update").mockRejectedValueOnce(new Error("the database is away"));
    const release = releaseReservation(world.context, invoice, "merchant");
    await expect(release).rejects.toThrow("the database is away");
  });

  it("whose release gets no answer is released again, and one that SEQR has charged is refunded", async () => {
    const first = await ordered();
    failing(94, "cancelInvoice");
    const pending = await releaseReservation(world.context, first, "merchant");
    expect(pending).toMatchObject({ state: "releasing", problem: "SEQR_94" });
    expect(nextDue(pending, world.now())).not.toBeNull();

    const second = await ordered();
    await world.client.commitReservation(present(second.invoice_reference ?? undefined));
    const charged = await releaseReservation(world.context, second, "merchant");
    expect(charged).toMatchObject({ state: "refunding", ers_reference: expect.any(String) });
  });

  it("that has lapsed is not captured, and its order is listed as unpaid", async () => {
    const invoice = await ordered();
    world.pass(4 * HOUR + 1);
    expect(await capture(invoice)).toMatchObject({ state: "lapsed", problem: "SEQR_RESERVATION_LAPSED" });
    expect(takenOf(invoice)).toEqual([]);
  });

  it("is not cancelled with its invoice once the shopper has confirmed it, although SEQR would", async () => {
    const { invoice } = await world.issue({ paymentCollectionId: "pay_col_changed" });
    await world.sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
    expect(await cancelInvoice(world.context, invoice, "superseded")).toBe("paying");
    expect((await world.row(invoice)).state).toBe("reserved");
  });
});

describe("an invoice that SEQR charges although a reservation was asked for", () => {
  it("is paid", async () => {
    const world = await startWorld({ options: { capture: "manual" } });
    try {
      const { invoice } = await world.issue();
      const { client_invoice_id: clientInvoiceId, currency_code: currency, amount: value } = invoice;
      const totalAmount = { currency, value };
      const content = {
        title: "Nordic Goods",
        clientInvoiceId,
        totalAmount,
        cashierId: "webshop",
        footer: "",
      };
      await world.client.updateInvoice(present(invoice.invoice_reference ?? undefined), content);
      await world.sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
      const paid = await pollPaymentStatus(world.context, invoice, "watch");
      expect(paid).toMatchObject({ state: "paid", reserved_amount: null, ers_reference: expect.any(String) });
    } finally {
      await world.stop();
    }
  });
});
