import { MedusaError } from "@medusajs/framework/utils";
import { after } from "../../../src/clock";
import { ERROR_CODES } from "../../../src/errors/error-codes";
import { hashToken } from "../../../src/modules/seqr/invoice/tokens";
import type { CallFaultKind } from "../../../src/sandbox";
import { present } from "./ledger-contract";
import { eventually, startWorld, type World } from "./seqr-world";

describe("issuing an invoice", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ isDistant: true });
  });
  afterEach(() => world.stop());

  /** The invoices that a phone could pay. */
  const payable = () => world.sandbox.invoices().filter(({ status }) => status === "ISSUED");
  const states = () => world.ledger.invoices.map(({ state }) => state);
  const reference = async (session: ReturnType<World["issue"]>) =>
    (await session).invoice.invoice_reference ?? "";

  it("writes it down, sends it, and gives the code with the shopper's token", async () => {
    const { invoice, token } = await world.issue();
    const [atSeqr] = world.sandbox.invoices();
    expect(invoice).toMatchObject({
      session_id: "payses_1",
      payment_collection_id: "pay_col_1",
      cart_id: "cart_1",
      terminal_id: world.terminal.options.terminalId,
      state: "open",
      amount: "100.00",
      currency_code: "SEK",
      invoice_reference: atSeqr?.invoiceReference,
      qr_code: atSeqr?.qrCode,
      token_hash: hashToken(token),
      version: 0,
      problem: null,
    });
    expect(invoice.expires_at.getTime() - world.now().getTime()).toBe(300_000);
    expect(invoice.due_at?.getTime()).toBe(world.now().getTime() + 5_000);
    expect(atSeqr?.invoice).toMatchObject({
      title: "Nordic Goods",
      clientInvoiceId: invoice.client_invoice_id,
      totalAmount: { currency: "SEK", value: "100.00" },
      cashierId: "webshop",
      paymentMode: "IMMEDIATE_DEBIT",
      acknowledgmentMode: "NO_ACKNOWLEDGMENT",
      invoiceRows: [{ itemDescription: "Coffee" }],
    });
    expect(invoice.client_invoice_id.length).toBeLessThanOrEqual(32);
  });

  it("gives SEQR one token and the shopper another, and keeps neither", async () => {
    const { invoice, token } = await world.issue();
    const { backURL = "", notificationUrl = "" } = world.sandbox.invoices()[0]?.invoice ?? {};
    expect(backURL).toBe(`http://127.0.0.1:9/seqr/return/${token}`);
    const forSeqr = notificationUrl.replace("http://127.0.0.1:9/hooks/seqr/", "");
    expect(hashToken(forSeqr)).toBe(invoice.notification_token_hash);
    expect(forSeqr).not.toBe(token);
    const kept = JSON.stringify([world.ledger.invoices, world.ledger.observations, world.log]);
    expect(kept).not.toContain(token);
    expect(kept).not.toContain(forSeqr);
  });

  it.each([
    ["another currency", { currencyCode: "eur" }, "SEQR_CURRENCY"],
    ["nothing", { amount: "0.00" }, "SEQR_AMOUNT"],
    ["less than nothing", { amount: "-1.00" }, "SEQR_AMOUNT"],
  ] as const)("over %s is refused before anything is written or sent", async (_, more, code) => {
    await expect(world.issue(more)).rejects.toMatchObject({ type: ERROR_CODES[code].type, code });
    expect(world.ledger.invoices).toEqual([]);
    expect(world.asked()).toEqual([]);
  });

  it("over more than SEQR can write is refused before it is sent, and the next one is not hindered", async () => {
    await expect(world.issue({ amount: "1234567890123456.00" })).rejects.toMatchObject({
      type: MedusaError.Types.INVALID_DATA,
      code: "SEQR_INPUT",
    });
    expect(world.asked()).toEqual([]);
    expect(world.ledger.invoices).toMatchObject([
      { state: "not_issued", problem: "SEQR_INPUT", due_at: null },
    ]);
    await world.issue();
    expect(states()).toEqual(["not_issued", "open"]);
  });

  it.each([20, 21, 29, 33, 49, 11, 64])(
    "that SEQR refuses (%i) leaves nothing payable, and the reason",
    async (resultCode) => {
      world.sandbox.faults.add({ operation: "sendInvoice", kind: "result-code", resultCode });
      const refused = world.issue();
      await expect(refused).rejects.toMatchObject({
        code: `SEQR_${resultCode}`,
        message: expect.stringContaining("sendInvoice"),
      });
      await expect(refused).rejects.toBeInstanceOf(MedusaError);
      expect(world.ledger.invoices).toMatchObject([
        {
          state: "not_issued",
          reason: "not_sent",
          problem: `SEQR_${resultCode}`,
          due_at: null,
          invoice_reference: null,
        },
      ]);
      await world.issue();
      expect(states()).toEqual(["not_issued", "open"]);
    },
  );

  it.each<[CallFaultKind, string]>([
    ["lost-request", "SEQR_ANSWER_LOST"],
    ["lost-answer", "SEQR_ANSWER_LOST"],
    ["cut-body", "SEQR_ANSWER_LOST"],
    ["garbage", "SEQR_ANSWER_INVALID"],
    ["html", "SEQR_ANSWER_INVALID"],
    ["blocked", "SEQR_HTTP_REFUSED"],
    ["soap-fault", "SEQR_FAULT"],
  ])("whose answer fails (%s) shows no code, and may be tried again at once", async (kind, code) => {
    world.sandbox.faults.add({ operation: "sendInvoice", kind });
    await expect(world.issue()).rejects.toMatchObject({ code, type: MedusaError.Types.UNEXPECTED_STATE });
    expect(world.ledger.invoices).toMatchObject([{ state: "not_issued", problem: code, qr_code: null }]);
    await world.issue();
    expect(states()).toEqual(["not_issued", "open"]);
  });

  it("without a SEQR that can be reached leaves nothing payable", async () => {
    await world.unplug();
    await expect(world.issue()).rejects.toMatchObject({ code: "SEQR_UNREACHABLE" });
    expect(states()).toEqual(["not_issued"]);
  });

  it("of a session that has one already is an error, and the one stays", async () => {
    const { invoice } = await world.issue({ sessionId: "payses_1" });
    await expect(world.issue({ sessionId: "payses_1" })).rejects.toThrow();
    expect(await world.row(invoice)).toEqual(invoice);
    expect(payable()).toHaveLength(1);
  });

  it("does not touch another purchase's invoice", async () => {
    await world.issue({ paymentCollectionId: "pay_col_1" });
    await world.issue({ paymentCollectionId: "pay_col_2" });
    expect(states()).toEqual(["open", "open"]);
    expect(world.asked()).toEqual(["sendInvoice 0", "sendInvoice 0"]);
  });

  describe("when the purchase has one already", () => {
    it("cancels that at SEQR first, and only then sends the new one", async () => {
      const first = await world.issue();
      const second = await world.issue();
      expect(world.asked()).toEqual(["sendInvoice 0", "cancelInvoice 0", "sendInvoice 0"]);
      expect(await world.row(first.invoice)).toMatchObject({
        state: "canceled",
        reason: "superseded",
        due_at: after(world.now(), 60_000),
      });
      expect(payable().map(({ invoiceReference }) => invoiceReference)).toEqual([
        second.invoice.invoice_reference,
      ]);
      expect(second.token).not.toBe(first.token);
    });

    it.each(["canceled", "expired", "failed"] as const)("leaves one alone that is %s", async (state) => {
      const { invoice } = await world.issue();
      await world.move(invoice, state);
      world.asked();
      await world.issue();
      expect(world.asked()).toEqual(["sendInvoice 0"]);
    });

    it("refuses while the phone is paying it", async () => {
      const code = await reference(world.issue());
      await world.sandbox.phone.beginPay(code);
      world.pass(1);
      world.asked();
      await expect(world.issue()).rejects.toMatchObject({ code: "SEQR_PAYMENT_IN_PROGRESS" });
      expect(world.asked()).toEqual(["cancelInvoice 51"]);
      expect(world.ledger.invoices).toMatchObject([{ state: "open", due_at: world.now() }]);
    });

    it("refuses when it was paid and nobody knew, and has it polled at once", async () => {
      const code = await reference(world.issue());
      await world.sandbox.phone.pay(code);
      world.pass(1);
      world.asked();
      await expect(world.issue()).rejects.toMatchObject({ code: "SEQR_PAYMENT_IN_PROGRESS" });
      expect(world.asked()).toEqual(["cancelInvoice 50"]);
      expect(world.ledger.invoices).toMatchObject([{ state: "open", due_at: world.now() }]);
    });

    it.each(["paid", "captured"] as const)("refuses without asking SEQR when it is %s", async (state) => {
      const { payment_collection_id: paymentCollectionId } = await world.paid(state);
      await expect(world.issue({ paymentCollectionId })).rejects.toMatchObject({
        code: "SEQR_PAYMENT_IN_PROGRESS",
      });
      expect(world.asked()).toEqual([]);
      expect(states()).toEqual([state]);
    });

    it("shows no second code while nobody knows whether the first can still be paid", async () => {
      const { invoice } = await world.issue();
      world.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request" });
      await expect(world.issue()).rejects.toMatchObject({ code: "SEQR_NOT_CANCELED" });
      expect(await world.row(invoice)).toMatchObject({ state: "canceling", reason: "superseded" });
      expect(payable()).toHaveLength(1);

      world.asked();
      const second = await world.issue();
      expect(world.asked()).toEqual(["cancelInvoice 0", "sendInvoice 0"]);
      expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "superseded" });
      expect(payable()).toMatchObject([{ invoiceReference: second.invoice.invoice_reference }]);
    });

    it("waits while that is being sent, and replaces it then", async () => {
      world.sandbox.faults.add({ operation: "sendInvoice", kind: "delay", ms: 600 });
      const first = world.issue();
      await eventually(() => states().includes("sending"));
      const second = await world.issue();
      expect(await world.row((await first).invoice)).toMatchObject({
        state: "canceled",
        reason: "superseded",
      });
      expect(payable()).toMatchObject([{ invoiceReference: second.invoice.invoice_reference }]);
    });

    it("gives up after two seconds when the other process seems to have crashed in the middle", async () => {
      world.sandbox.faults.add({ operation: "sendInvoice", kind: "hang" });
      const dead = world.issue();
      void dead.catch(() => undefined);
      await eventually(() => world.asked().length > 0);
      let waited = 0;
      jest.spyOn(world.context.clock, "schedule").mockImplementation((milliseconds, run) => {
        waited += milliseconds;
        setImmediate(run);
        return () => undefined;
      });
      await expect(world.issue()).rejects.toMatchObject({ code: "SEQR_BUSY" });
      expect(waited).toBe(2_000);
      expect(world.asked()).toEqual([]);
      expect(states()).toEqual(["sending"]);
      await world.unplug();
      await expect(dead).rejects.toMatchObject({ code: "SEQR_ANSWER_LOST" });
    });

    it("never has two payable codes, however many ask at once", async () => {
      const tries = await Promise.allSettled(Array.from({ length: 6 }, () => world.issue()));
      const issued = tries.filter((result) => result.status === "fulfilled");
      expect(issued.length).toBeGreaterThanOrEqual(1);
      expect(payable()).toHaveLength(1);
      expect(states().filter((state) => state !== "canceled")).toEqual(["open"]);
      for (const result of tries) {
        if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "SEQR_BUSY" });
      }
    });
  });

  describe("that breaks off in the middle", () => {
    it("leaves the intent for the sweep, due a minute later", async () => {
      jest.spyOn(world.ledger, "transition").mockRejectedValue(new Error("the database is away"));
      await expect(world.issue()).rejects.toThrow("the database is away");
      const [row] = world.ledger.invoices;
      expect(row).toMatchObject({ state: "sending", invoice_reference: null });
      expect(row?.due_at?.getTime()).toBe(world.now().getTime() + 60_000);
    });

    it("is not revived by a send that comes back after the sweep has given it up", async () => {
      world.sandbox.faults.add({ operation: "sendInvoice", kind: "delay", ms: 200 });
      const late = world.issue();
      await eventually(() => states().includes("sending"));
      await world.move(present(world.ledger.invoices[0]), "not_issued", { reason: "not_sent" });
      await expect(late).rejects.toMatchObject({ code: "SEQR_BUSY" });
      expect(world.ledger.invoices).toMatchObject([
        { state: "not_issued", invoice_reference: null, qr_code: null },
      ]);
    });
  });
});
