import { REVERSAL_AFTER, SeqrError } from "../../../src/seqr";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES } from "../../../src/modules/seqr/invoice/states";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import type { CallFaultKind } from "../../../src/sandbox";
import { startWorld, type World } from "./seqr-world";

describe("observing an invoice", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld({ proxied: true, isDistant: true });
    ({ invoice } = await world.issue());
    world.asked();
  });
  afterEach(() => world.stop());

  const reference = (): string => invoice.invoice_reference ?? "";
  const look = () => pollPaymentStatus(world.context, invoice, "watch");
  const said = () =>
    world.ledger.observations.map(({ status, version, result }) => ({ status, version, result }));
  /** SEQR says another status from now on. */
  const saying = (status: string): void =>
    tamper((answer) => answer.replace(/<status>[^<]*/, `<status>${status}`));
  /** Somebody changes SEQR's answers from now on. */
  const tamper = (change: ((answer: string) => string) | undefined): void => {
    if (world.proxy) world.proxy.tamper = change;
  };

  it("leaves one open that nobody has paid, and writes no line for it", async () => {
    world.pass(3);
    expect(await look()).toEqual({ ...invoice, observed_at: world.now() });
    await look();
    expect(said()).toEqual([]);
    expect(world.asked()).toEqual(["getPaymentStatus 0", "getPaymentStatus 0"]);
  });

  /** The log's lines of payments that were found. */
  const received = (): string[] =>
    world.log.filter((line) => line.startsWith("info seqr event=payment.received "));

  it("finds a payment, with SEQR's reference, and has it worked on at once", async () => {
    await world.sandbox.phone.pay(reference());
    world.pass(3);
    expect(await look()).toMatchObject({
      state: "paid",
      ers_reference: expect.stringMatching(/^\d{25}$/),
      paid_at: world.now(),
      due_at: world.now(),
      observed_at: world.now(),
      version: 1,
      reason: null,
    });
    expect(world.ledger.observations).toEqual([
      {
        ...{ invoice_id: invoice.id, operation: "getPaymentStatus", source: "watch" },
        ...{ status: "PAID", version: 1, result: "0", observed_at: world.now() },
        ers_reference: expect.stringMatching(/^\d{25}$/),
      },
    ]);
    expect(received()).toEqual([expect.stringContaining(`invoice_reference=${reference()} ers_reference=`)]);
  });

  it("of a payment acknowledges it: SEQR does not take it back any more", async () => {
    await world.sandbox.phone.pay(reference());
    await look();
    world.pass((REVERSAL_AFTER / 1_000) * 10);
    expect(world.sandbox.invoices()[0]?.status).toBe("PAID");
    expect(world.sandbox.sms()).toEqual([]);
  });

  it("finds a payment even when the answer was lost the first time", async () => {
    await world.sandbox.phone.pay(reference());
    world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "lost-answer" });
    await expect(look()).rejects.toMatchObject({ code: "SEQR_ANSWER_LOST" });
    expect(await world.row(invoice)).toMatchObject({
      state: "open",
      attempts: 1,
      problem: "SEQR_ANSWER_LOST",
    });
    invoice = await world.row(invoice);
    world.pass(60);
    expect(await look()).toMatchObject({ state: "paid", attempts: 0, problem: null });
  });

  /** The row, which stays due when it ends: whoever saw the end may die before looking at what a completion has left. */
  async function due(): Promise<InvoiceRecord> {
    const row = await world.row(invoice);
    expect(row.due_at).not.toBeNull();
    return row;
  }

  it("finds that the shopper cancelled", async () => {
    const { due_at } = await due();
    await world.sandbox.phone.cancel(reference());
    expect(await look()).toMatchObject({ state: "canceled", reason: "shopper", due_at });
  });

  it("of one that has ended says when it was polled", async () => {
    await world.sandbox.phone.cancel(reference());
    invoice = await look();
    world.pass(3);
    expect(await look()).toEqual({ ...invoice, observed_at: world.now() });
  });

  it("finds that the bank refused", async () => {
    const { due_at } = await due();
    // eslint-disable-next-line words/forbidden -- a person says no on the phone
    await world.sandbox.phone.decline(reference());
    expect(await look()).toMatchObject({ state: "failed", reason: "seqr", due_at });
  });

  it("finds that SEQR let it run out", async () => {
    const { due_at } = await due();
    saying("EXPIRED");
    expect(await look()).toMatchObject({ state: "expired", reason: "lifetime", due_at });
  });

  it("finds that SEQR took back a payment that was not acknowledged", async () => {
    await world.sandbox.phone.pay(reference());
    invoice = await world.move(invoice, "unacknowledged", { reason: "order_impossible" });
    world.pass(REVERSAL_AFTER / 1_000);
    const { due_at } = await due();
    expect(await look()).toMatchObject({ state: "canceled", reason: "reversed", due_at });
  });

  describe("that SEQR took back while nothing could be written down", () => {
    /** Paid and taken back between two looks: the version has moved twice. */
    const isTakenBack = async (): Promise<void> => {
      await world.sandbox.phone.pay(reference());
      world.pass(REVERSAL_AFTER / 1_000);
    };
    const reversed = { state: "canceled", reason: "reversed", problem: "SEQR_REVERSED" };

    it("sees it by SEQR's version, and does not say that the shopper cancelled", async () => {
      await isTakenBack();
      expect(await look()).toMatchObject({ ...reversed, version: 2 });
    });

    it.each(["superseded", "lifetime"] as const)(
      "sees it, whatever it was being cancelled for (%s)",
      async (reason) => {
        await isTakenBack();
        invoice = await world.move(invoice, "canceling", { reason });
        expect(await look()).toMatchObject(reversed);
      },
    );

    it("takes one step of the version for what it is: the shopper cancelled", async () => {
      await world.ledger.update(invoice.id, { version: 3 }, ["open"]);
      invoice = await world.row(invoice);
      await world.sandbox.phone.cancel(reference());
      tamper((answer) => answer.replace(/<version>[^<]*/, "<version>4"));
      expect(await look()).toMatchObject({ state: "canceled", reason: "shopper", problem: null });
    });

    it("sees it by the announcement where the version says nothing", async () => {
      await world.ledger.update(invoice.id, { notified_at: world.now() }, ["open"]);
      await isTakenBack();
      tamper((answer) => answer.replace(/<version>[^<]*/, "<version>0"));
      expect(await look()).toMatchObject(reversed);
    });
  });

  it("of one that is paid after all drops the reason for which it was to be cancelled", async () => {
    await world.sandbox.phone.pay(reference());
    invoice = await world.move(invoice, "canceling", { reason: "superseded" });
    expect(await look()).toMatchObject({ state: "paid", reason: null });
  });

  it("keeps the reason for which it was being cancelled", async () => {
    invoice = await world.move(invoice, "canceling", { reason: "superseded" });
    await world.sandbox.phone.cancel(reference());
    expect(await look()).toMatchObject({ state: "canceled", reason: "superseded" });
  });

  it.each([
    ["superseded", "canceled"],
    ["lifetime", "expired"],
  ] as const)("knows the reason (%s) that was written while it was asking", async (reason, state) => {
    await world.ledger.update(invoice.id, { reason, notified_at: world.now() }, INVOICE_STATES);
    await world.sandbox.phone.cancel(reference());
    expect(await look()).toMatchObject({ state, reason, problem: null });
  });

  it.each(["PENDING_ISSUER_ACKNOWLEDGE", "RESERVED"])("leaves one open that is %s", async (status) => {
    saying(status);
    expect(await look()).toMatchObject({ state: "open", problem: null });
  });

  it("writes a line when SEQR's version has moved, though nothing follows from it", async () => {
    tamper((answer) =>
      answer.replace(/<status>[^<]*/, "<status>RESERVED").replace(/<version>[^<]*/, "<version>1"),
    );
    invoice = await look();
    await look();
    expect(said()).toEqual([{ status: "RESERVED", version: 1, result: "0" }]);
  });

  it.each(["", "paid", "PARTIALLY_PAID", "PAID!"])(
    "takes the status %j for nothing that it knows",
    async (status) => {
      await world.sandbox.phone.pay(reference());
      saying(status);
      expect(await look()).toMatchObject({ state: "open", ers_reference: null });
      expect(said()).toEqual([{ status: "UNKNOWN", version: 1, result: "0" }]);
    },
  );

  it("believes no payment without SEQR's reference", async () => {
    await world.sandbox.phone.pay(reference());
    tamper((answer) => answer.replace(/<(ers|payment)Reference>[^<]*<\/\1Reference>/g, ""));
    await expect(look()).rejects.toMatchObject({ code: "SEQR_ANSWER_INVALID" });
    expect((await world.row(invoice)).state).toBe("open");
  });

  describe("with an answer that contradicts what was sent", () => {
    const SUM = /(<totalAmount>.*?<value>)[^<]*/;
    /** Which of it a person needs to give the money back: of our invoice the reference, and a sum in its currency. */
    it.each([
      ["another amount", SUM, "$199.99", true, "99.99"],
      ["another amount, oddly written", SUM, "$1099.9900", true, "99.99"],
      ["no readable amount", SUM, "$1a lot", true, null],
      ["an amount that SEQR cannot have", SUM, "$199.999", true, null],
      ["nothing", SUM, "$10.00", true, null],
      ["another currency", /(<totalAmount><currency>)[^<]*/, "$1EUR", true, null],
      [
        "another amount of the only invoice",
        /<receipt>.*(<totalAmount>.*?<value>)[^<]*/,
        null,
        true,
        "99.99",
      ],
      ["another invoice", /(<receipt>.*?<invoiceReference>)[^<]*/, "$1999999", false, null],
    ] as const)(
      "does not believe it, keeps what it claims, and believes the next one that fits: %s",
      async (_, part, instead, isOurs, disputed_amount) => {
        await world.sandbox.phone.pay(reference());
        tamper((answer) => answer.replace(part, instead ?? "<receipt><invoice>$199.99"));
        const seen = await look();
        expect(seen).toMatchObject({
          ...{ state: "open", ers_reference: null, problem: "SEQR_ANSWER_CONTRADICTS", attempts: 1 },
          disputed_reference: isOurs ? expect.stringMatching(/^\d{25}$/) : null,
          disputed_amount,
        });
        expect(said()).toEqual([{ status: "PAID", version: 1, result: "0" }]);
        invoice = seen;
        tamper(undefined);
        expect(await look()).toMatchObject({
          ...{ state: "paid", problem: null, attempts: 0, disputed_reference: null, disputed_amount: null },
          ...(isOurs && { ers_reference: seen.disputed_reference }),
        });
      },
    );

    it("asks ever more rarely, and forgets nothing of it while SEQR says nothing else", async () => {
      await world.sandbox.phone.pay(reference());
      tamper((answer) => answer.replace(SUM, "$199.99"));
      for (const attempts of [1, 2, 3]) {
        invoice = await look();
        expect(invoice.attempts).toBe(attempts);
      }
      const { disputed_reference } = invoice;
      saying("PARTIALLY_PAID");
      invoice = await look();
      world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "lost-answer" });
      await expect(look()).rejects.toThrow();
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "open", attempts: 5, problem: "SEQR_ANSWER_LOST" },
        ...{ disputed_reference, disputed_amount: "99.99" },
      });
      expect(disputed_reference).not.toBeNull();
    });

    it("does not need a sum in the receipt", async () => {
      await world.sandbox.phone.pay(reference());
      tamper((answer) => answer.replace(/<totalAmount>.*?<\/totalAmount>/, ""));
      expect(await look()).toMatchObject({ state: "paid", amount: "100.00", problem: null });
    });

    it("believes the amount of a change whose outcome nobody knew: it was paid", async () => {
      await world.ledger.update(invoice.id, { pending_amount: "99.90" }, INVOICE_STATES);
      invoice = await world.row(invoice);
      await world.sandbox.phone.pay(reference());
      tamper((answer) => answer.replace(/(<totalAmount>.*?<value>)[^<]*/, "$199.9"));
      expect(await look()).toMatchObject({
        state: "paid",
        amount: "99.90",
        problem: "SEQR_PAID_AMOUNT_DIFFERS",
      });
    });

    it("takes an amount that is written in another way for the same", async () => {
      await world.sandbox.phone.pay(reference());
      tamper((answer) => answer.replace(/(<totalAmount>.*?<value>)[^<]*/, "$1100.00000"));
      expect(await look()).toMatchObject({ state: "paid" });
    });
  });

  describe("without an answer that can be trusted", () => {
    it.each<[CallFaultKind, string]>([
      ["lost-request", "SEQR_ANSWER_LOST"],
      ["lost-answer", "SEQR_ANSWER_LOST"],
      ["garbage", "SEQR_ANSWER_INVALID"],
      ["html", "SEQR_ANSWER_INVALID"],
      ["blocked", "SEQR_HTTP_REFUSED"],
      ["soap-fault", "SEQR_FAULT"],
    ])("leaves the invoice as it was, and notes the failure: %s", async (kind, code) => {
      await world.sandbox.phone.pay(reference());
      world.sandbox.faults.add({ operation: "getPaymentStatus", kind });
      const failed = look();
      await expect(failed).rejects.toBeInstanceOf(SeqrError);
      await expect(failed).rejects.toMatchObject({ code });
      expect(await world.row(invoice)).toEqual({ ...invoice, attempts: 1, problem: code, problem_no: 1 });
      expect(said()).toEqual([{ status: null, version: null, result: code }]);
    });

    it.each([90, 93, 94, 54, 20, 7777])("takes the code %i for no answer", async (resultCode) => {
      world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "result-code", resultCode });
      await expect(look()).rejects.toMatchObject({ code: `SEQR_${resultCode}` });
      expect(await world.row(invoice)).toMatchObject({
        state: "open",
        attempts: 1,
        problem: `SEQR_${resultCode}`,
      });
    });

    it("counts the failures until SEQR answers again", async () => {
      world.sandbox.faults.add({ operation: "getPaymentStatus", kind: "lost-request", times: 3 });
      for (const attempts of [1, 2, 3]) {
        await expect(look()).rejects.toThrow();
        invoice = await world.row(invoice);
        expect(invoice.attempts).toBe(attempts);
      }
      expect(await look()).toMatchObject({ state: "open", attempts: 0, problem: null });
    });
  });

  it("tells SEQR the newest version that was seen, and never forgets it", async () => {
    invoice = { ...invoice, version: 7 };
    let request = "";
    const { client } = world;
    const spy = jest.spyOn(client, "getPaymentStatus");
    await look();
    request = JSON.stringify(spy.mock.calls[0]);
    expect(request).toBe(JSON.stringify([reference(), 7]));
    expect((await world.row(invoice)).version).toBe(7);
  });

  it("of one that was never sent asks nobody", async () => {
    const unsent = { ...invoice, invoice_reference: null };
    expect(await pollPaymentStatus(world.context, unsent, "staff")).toBe(unsent);
    expect(world.asked()).toEqual([]);
  });

  it.each(["paid", "completed", "refunding"] as const)(
    "does not undo what is %s, whatever SEQR says now",
    async (state) => {
      invoice = await world.paid(state);
      for (const status of ["CANCELED", "ISSUED", "FAILED", "EXPIRED", "PAID"]) {
        saying(status);
        const { ers_reference, due_at } = invoice;
        expect(await look()).toMatchObject({ state, ers_reference, due_at });
      }
    },
  );

  it("does not take back from Medusa what another process has authorized while SEQR was answering", async () => {
    await world.sandbox.phone.pay(reference());
    await look();
    await world.move(invoice, "captured");
    // `invoice` is what this process read before: open.
    expect(await look()).toMatchObject({ state: "captured" });
  });

  it.each([
    ["older than the decision to leave a payment unread leaves that alone", "open", "unacknowledged"],
    ["that nobody has paid after all makes it payable again", "unacknowledged", "open"],
  ] as const)("with an answer %s", async (_, asked, after) => {
    const reason = "order_impossible";
    if (asked === "unacknowledged") invoice = await world.move(invoice, "unacknowledged", { reason });
    const { client } = world;
    const ask = client.getPaymentStatus.bind(client);
    jest.spyOn(client, "getPaymentStatus").mockImplementationOnce(async (...given) => {
      const answer = await ask(...given);
      if (asked === "open") await world.move(invoice, "unacknowledged", { reason });
      return answer;
    });
    expect(await look()).toMatchObject({ state: after, reason: after === "open" ? null : reason });
  });

  it("finds one payment once, however many look at once", async () => {
    await world.sandbox.phone.pay(reference());
    const seen = await Promise.all(Array.from({ length: 16 }, look));
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(["paid"]));
    expect(received()).toHaveLength(1);
  });

  it("sees a payment although another process ended the invoice meanwhile", async () => {
    await world.sandbox.phone.pay(reference());
    await world.move(invoice, "expired", { reason: "lifetime", due_at: null });
    expect(await look()).toMatchObject({
      state: "paid",
      due_at: world.now(),
      ers_reference: expect.any(String),
    });
  });

  it.each(["canceled", "expired", "failed"] as const)(
    "takes up a payment that turns up after the end (%s), although the purchase has a new invoice by then",
    async (state) => {
      await world.sandbox.phone.pay(reference());
      await world.move(invoice, state, { due_at: null });
      await world.issue();
      expect(await look()).toMatchObject({
        state: "paid",
        ers_reference: expect.any(String),
        due_at: world.now(),
      });
    },
  );

  it("writes one line for an unknown status that does not change", async () => {
    saying("PARTIALLY_PAID");
    for (let looks = 0; looks < 3; looks++) invoice = await look();
    expect(said()).toEqual([{ status: "UNKNOWN", version: 0, result: "0" }]);
  });
});
