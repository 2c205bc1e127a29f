import { commitReservation, continueCommit } from "../../../src/modules/seqr/operations/commit-reservation";
import { releaseReservation } from "../../../src/modules/seqr/operations/release-reservation";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { lapsesSoonFrom, nextDue } from "../../../src/modules/seqr/invoice/polling-schedule";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";

const HOUR = 3_600;

describe("a reservation", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ options: { capture: "manual", reservationTime: 4 * HOUR } });
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

  it("is not committed above what is reserved, nor with nothing", async () => {
    const invoice = await ordered();
    await expect(capture(invoice, "100.01")).rejects.toMatchObject({ code: "SEQR_CAPTURE_TOO_HIGH" });
    await expect(capture(invoice, "0.00")).rejects.toMatchObject({ code: "SEQR_AMOUNT" });
    expect([world.asked(), (await world.row(invoice)).state]).toEqual([[], "awaiting_capture"]);
  });

  it("waits for another capture when SEQR refuses one", async () => {
    const invoice = await ordered();
    failing(11);
    await expect(capture(invoice)).rejects.toMatchObject({ code: "SEQR_11" });
    expect(await world.row(invoice)).toMatchObject({
      ...{ state: "awaiting_capture", capture_amount: null, capture_key: null },
    });
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
    expect(present(accepted.due_at ?? undefined).getTime() - world.now().getTime()).toBeLessThanOrEqual(
      10_000,
    );
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

  it("is released, also when SEQR had released it before", async () => {
    for (const code of [undefined, 95]) {
      const invoice = await ordered();
      if (code !== undefined) failing(code, "cancelInvoice");
      const released = await releaseReservation(world.context, invoice, "order_canceled");
      expect(released).toMatchObject({ state: "canceled", reason: "order_canceled", problem: null });
    }
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
