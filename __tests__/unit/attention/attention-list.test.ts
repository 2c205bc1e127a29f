import type { AttentionAction, AttentionKind } from "../../../src/modules/seqr/attention/attention-kinds";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import {
  resolveAttentionItem,
  dismissAttentionItems,
  listAttention,
  type Decision,
} from "../../../src/attention/attention-list";
import { refundCanceledOrders } from "../../../src/processing/refunds/refund-canceled-orders";
import { reconcileRefunds } from "../../../src/processing/refunds/reconcile-refunds";
import { watchDue } from "../../../src/processing/watch";
import { present } from "../modules/ledger-contract";
import {
  gate,
  ProcessDied,
  startStoreWorld,
  type Checkout,
  type Order,
  type Payment,
  type StoreWorld,
} from "../processing/store-world";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { takeTransition } from "../../../src/modules/seqr/operations/take-transition";
import { refundInvoice } from "../../../src/modules/seqr/operations/refund/refund-invoice";
import { acquireLease, releaseLease } from "../../../src/modules/seqr/ledger/lease";

describe("what staff decide", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(() => world.stop());

  const entriesOf = ({ id }: InvoiceRecord) => entriesOfInvoices(world.seqr, [id]);
  const decision = (action: AttentionAction, more: Partial<Decision> = {}): Decision => ({
    ...{ action, actorId: "user_1", reason: "asked SEQR" },
    ...more,
  });
  /** Decides about the first entry of an invoice, or about its entry of a kind. */
  const about = async (
    invoice: InvoiceRecord,
    action: AttentionAction,
    { kind, ...more }: Partial<Decision> & { kind?: AttentionKind } = {},
  ) => {
    const entry = (await entriesOf(invoice)).find((one) => kind === undefined || one.kind === kind);
    return resolveAttentionItem(world.processing, present(entry).id, decision(action, more));
  };
  /** Decides while somebody else works on the payment, for longer than staff are kept waiting. */
  const inVain = async (decided: Promise<unknown>): Promise<unknown> => {
    const outcome = decided.catch((error: { code?: string }) => error.code);
    await world.tick(6);
    return outcome;
  };
  const minutes = async (number: number): Promise<void> => {
    for (let minute = 0; minute < number; minute++) {
      world.pass(60);
      await watchDue(world.processing);
      await reconcileRefunds(world.processing);
    }
  };
  const note = async (invoice: InvoiceRecord, patch: InvoicePatch): Promise<void> => {
    expect(await world.ledger.update(invoice.id, patch, [(await world.row(invoice)).state])).toBe(true);
  };
  const pays = async (): Promise<Checkout> => {
    const bought = await world.checkout();
    await world.pay(bought.invoice);
    await pollPaymentStatus(world.seqr, bought.invoice, "watch");
    world.asked();
    return bought;
  };

  describe("about a payment without its order", () => {
    it("places the order when it is to be tried again", async () => {
      const { invoice, cartId } = await pays();
      await note(invoice, { problem: "SEQR_ORDER_FAILED", attempts: 7, due_at: null });
      expect(await about(invoice, "retry", { reason: "" })).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "completed", problem: null, attempts: 0 });
      expect([...world.rows.orders.values()]).toHaveLength(1);
      expect(present(world.rows.carts.get(cartId))).toBeDefined();
      expect(world.ledger.decisions).toMatchObject([
        { action: "retry", actor_id: "user_1", reason: "", kind: "order_pending", invoice_id: invoice.id },
      ]);
    });

    it("gives the money back and places none when it is to be refunded", async () => {
      const { invoice } = await pays();
      await note(invoice, { problem: "SEQR_ORDER_FAILED", attempts: 7 });
      expect(await about(invoice, "refund")).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", reason: "staff", problem: null });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(world.rows.orders.size).toBe(0);
    });

    it("gives its own sum back, whatever another answer said before", async () => {
      const { invoice } = await pays();
      await note(invoice, { disputed_amount: "1.00", disputed_reference: "2026" });
      await about(invoice, "refund");
      expect(await world.row(invoice)).toMatchObject({ amount: "100.00" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });

    it("tries the refund anew when SEQR does not answer it at first", async () => {
      const { invoice } = await pays();
      await note(invoice, { attempts: 7 });
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 99 });
      const [item] = await about(invoice, "refund");
      expect(item).toMatchObject({ kind: "refund_refused", state: "refunding", problem: "SEQR_99" });
      expect(await world.row(invoice)).toMatchObject({ attempts: 1 });
      expect(await about(invoice, "retry")).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });
  });

  describe("about the reservation of an order", () => {
    const HOUR = 3_600;
    beforeEach(async () => {
      await world.stop();
      world = await startStoreWorld({ options: { capture: "manual", reservationTime: 8 * HOUR } });
    });
    const reserved = async (): Promise<InvoiceRecord> => {
      const { invoice } = await world.checkout();
      await world.pay(invoice);
      const placed = await world.processInvoice(invoice);
      expect(placed).toMatchObject({ state: "awaiting_capture" });
      world.asked();
      return placed;
    };

    it("releases it when its order is not to be placed", async () => {
      const { invoice } = await world.checkout();
      await world.take(invoice);
      expect(await about(invoice, "refund")).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "staff", problem: null });
      expect(world.asked()).toEqual(["cancelInvoice 0"]);
    });

    it.each(["SEQR_TERMINAL_UNKNOWN", "SEQR_ANSWER_CONTRADICTS", "SEQR_TIMEOUT"])(
      "polls, and charges nothing, when it has the problem %s and is to be tried again",
      async (problem) => {
        const invoice = await reserved();
        await note(invoice, { problem });
        expect(await about(invoice, "retry", { reason: "" })).toEqual([]);
        expect(world.asked()).toEqual(["getPaymentStatus 0"]);
        expect(await world.row(invoice)).toMatchObject({
          ...{ state: "awaiting_capture", reason: null, problem: null },
        });
      },
    );

    it("charges what the order needs when it lapses soon, and is to be captured", async () => {
      const invoice = await reserved();
      world.pass(7 * HOUR);
      await watchDue(world.processing);
      expect(await about(invoice, "retry", { reason: "" })).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "completed", amount: "100.00" });
    });

    it("tries again what was edited, and remembers that it was edited", async () => {
      const invoice = await reserved();
      await note(invoice, { reason: "order_changed", problem: "SEQR_CAPTURE_FAILED", attempts: 3 });
      const written = jest.spyOn(world.ledger, "recordDecision");
      await about(invoice, "retry", { reason: "" });
      expect(written.mock.calls[0]?.[2].patch).not.toHaveProperty("reason");
    });

    it("lists in time that it lapses soon when staff have dismissed another problem", async () => {
      const invoice = await reserved();
      world.pass(7 * HOUR);
      await note(invoice, { problem: "SEQR_ANSWER_CONTRADICTS", due_at: invoice.reserved_until });
      await about(invoice, "dismiss");
      await watchDue(world.processing);
      expect(await entriesOf(invoice)).toMatchObject([{ kind: "reservation_lapses" }]);
    });
  });

  describe("that is carried out by another process, since this one died then,", () => {
    /** The decision is written, and nothing that follows from it happens. */
    const decideAndDie = async (invoice: InvoiceRecord, action: AttentionAction): Promise<InvoiceRecord> => {
      jest.spyOn(world.seqr.ledger, "acquireLease").mockRejectedValueOnce(new ProcessDied());
      await expect(about(invoice, action)).rejects.toBeInstanceOf(ProcessDied);
      return world.row(invoice);
    };

    it.each<[InvoiceState, string, number]>([
      ["paid", "SEQR_ORDER_FAILED", 0],
      ["refunding", "SEQR_REFUND_FAILED", 0],
      ["refunding", "SEQR_99", 0],
      ["expired", "SEQR_ANSWER_CONTRADICTS", 0],
      // What SEQR is asked about in vain goes on as rarely as before.
      ["open", "SEQR_TIMEOUT", 7],
      ["canceling", "SEQR_TIMEOUT", 7],
    ])("is to try at once what is %s with %s", async (state, code, attempts) => {
      const { invoice } = await world.checkout();
      const row = present(world.ledger.invoices.find(({ id }) => id === invoice.id));
      Object.assign(row, { state, problem: code, attempts: 7, due_at: new Date(0) });
      expect(await decideAndDie(invoice, "retry")).toMatchObject({
        ...{ state, problem: null, attempts, due_at: world.now() },
      });
    });

    it("is to give money back with a clean beginning", async () => {
      const { invoice } = await pays();
      await note(invoice, { problem: "SEQR_ORDER_FAILED", attempts: 7 });
      expect(await decideAndDie(invoice, "refund")).toMatchObject({
        ...{ state: "refunding", reason: "staff", problem: null, attempts: 0 },
      });
      await watchDue(world.processing);
      world.pass(1);
      await watchDue(world.processing);
      expect(await world.row(invoice)).toMatchObject({ state: "refunded" });
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });
  });

  describe("about money that SEQR will not take back", () => {
    it.each<AttentionAction>(["accept", "dismiss"])("closes it (%s)", async (action) => {
      const { invoice } = await pays();
      await takeTransition(world.seqr, await world.row(invoice), "refunding", { problem: "SEQR_99" });
      expect(await about(invoice, action)).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({
        ...{
          state: "closed_by_staff",
          reason: "staff",
          problem: null,
          due_at: null,
          state_since: world.now(),
        },
      });
      expect(world.refundsAtSeqr()).toEqual([]);
    });
  });

  describe("about money that somebody is giving back at this moment", () => {
    let invoice: InvoiceRecord;
    beforeEach(async () => {
      const bought = await world.ordered();
      bought.order.isCanceled = true;
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 48 });
      await refundCanceledOrders(world.processing, [bought.order.id]);
      invoice = await world.row(bought.invoice);
      expect(invoice).toMatchObject({ state: "refund_due" });
      world.pass(60);
    });
    /** The watch has begun to refund, and goes on when the gate is opened. */
    const refunding = async (): Promise<{ go: () => Promise<unknown> }> => {
      const held = gate();
      const { refund } = world.store;
      jest
        .spyOn(world.store, "refund")
        .mockImplementationOnce((...given) => held.pass().then(() => refund(...given)));
      const watching = watchDue(world.processing);
      await held.reached;
      return {
        go: () => {
          held.open();
          return watching;
        },
      };
    };

    it("is not that it stays: nothing is decided when that goes on, and nothing when it is done meanwhile", async () => {
      const running = await refunding();
      const [entry] = await entriesOf(invoice);
      expect(await inVain(about(invoice, "dismiss"))).toBe("SEQR_BUSY");
      expect(world.ledger.decisions).toEqual([]);
      const late = resolveAttentionItem(world.processing, present(entry).id, decision("dismiss"));
      const refused = expect(late).rejects.toMatchObject({ code: "SEQR_DECISION_STALE" });
      await running.go();
      await world.tick(1);
      await refused;
      expect(world.ledger.decisions).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    });

    it("is that it stays when the refund failed meanwhile, and then nothing is refunded", async () => {
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 48 });
      const running = await refunding();
      const waiting = about(invoice, "dismiss");
      await running.go();
      await world.tick(1);
      expect(await waiting).toEqual([]);
      await minutes(10);
      expect(await world.row(invoice)).toMatchObject({
        state: "closed_by_staff",
        due_at: null,
        lease_owner: null,
      });
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("waits for the outcome of a refund whose process may have died", async () => {
      await world.ledger.insertRefund({
        ...{ invoice_id: invoice.id, idempotency_key: "ref_1", amount: "100.00" },
        ...{ currency_code: "SEK", reason: "medusa", requested_at: world.now() },
      });
      await expect(about(invoice, "dismiss")).rejects.toMatchObject({ code: "SEQR_REFUND_RUNNING" });
      expect(await world.row(invoice)).toMatchObject({ state: "refund_due", lease_owner: null });
      expect(world.ledger.decisions).toEqual([]);
    });
  });

  describe("about a finished payment", () => {
    it("takes the problem away and nothing else", async () => {
      const { invoice } = await world.ordered();
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      expect(await about(invoice, "accept")).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "completed", reason: null, problem: null });
      expect(world.asked()).toEqual([]);
    });

    it("needs a reason that is more than blanks, except when something is tried again", async () => {
      const { invoice } = await world.ordered();
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      await expect(about(invoice, "accept", { reason: "  " })).rejects.toMatchObject({
        code: "SEQR_DECISION",
      });
      expect(await entriesOf(invoice)).toHaveLength(1);
    });

    it("is one of what the entry offers", async () => {
      const { invoice } = await world.ordered();
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      await expect(about(invoice, "refund")).rejects.toMatchObject({
        ...{ code: "SEQR_DECISION", message: expect.stringContaining("Possible: accept.") },
      });
      expect(world.refundsAtSeqr()).toEqual([]);
      expect(world.ledger.decisions).toEqual([]);
    });

    it("can be none where the entry offers nothing", async () => {
      const { invoice } = await world.checkout();
      await world.move(invoice, "unacknowledged");
      await expect(about(invoice, "dismiss")).rejects.toMatchObject({
        message: expect.stringContaining("Possible: nothing."),
      });
    });

    it("is refused when the entry has changed, and when there never was one", async () => {
      const { invoice } = await world.ordered();
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      const [entry] = await entriesOf(invoice);
      const { id } = present(entry);
      await note(invoice, { problem: "SEQR_REFUND_NOT_MADE" });
      await expect(resolveAttentionItem(world.processing, id, decision("accept"))).rejects.toMatchObject({
        code: "SEQR_DECISION_STALE",
      });
      for (const other of [id.replace(invoice.id, "seqrinv_0"), "", "nonsense"]) {
        await expect(resolveAttentionItem(world.processing, other, decision("accept"))).rejects.toMatchObject(
          {
            code: "SEQR_NO_SUCH_ENTRY",
          },
        );
      }
      expect((await world.row(invoice)).problem).toBe("SEQR_REFUND_NOT_MADE");
    });
  });

  describe("about an answer that contradicts", () => {
    let bought: Checkout;
    beforeEach(async () => {
      bought = await world.checkout();
      await world.pay(bought.invoice);
      await pollPaymentStatus(world.seqr, bought.invoice, "watch");
    });
    const contradict = async (patch: InvoicePatch): Promise<InvoiceRecord> => {
      // As if SEQR had said it about an open invoice.
      const { invoice } = bought;
      const row = present(world.ledger.invoices.find(({ id }) => id === invoice.id));
      const reference = row.ers_reference;
      const disputed = { disputed_reference: reference, disputed_amount: "40.00" };
      Object.assign(row, { state: "expired", ers_reference: null, paid_at: null, attempts: 7, ...disputed });
      await note(invoice, { problem: "SEQR_ANSWER_CONTRADICTS", ...patch });
      return world.row(invoice);
    };

    it("gives back what SEQR took, under the reference that it named", async () => {
      const invoice = await contradict({});
      expect(await about(invoice, "refund")).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual(["40.00"]);
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "refunded", reason: "staff", problem: null, amount: "40.00" },
        ...{ ers_reference: invoice.disputed_reference, paid_at: world.now() },
      });
    });

    it("keeps when it was paid, where that is known", async () => {
      const paid_at = new Date(world.now().getTime() - 60_000);
      const invoice = await contradict({ paid_at });
      await about(invoice, "refund");
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", paid_at });
    });

    it("is refused when SEQR says by now that it took another sum", async () => {
      const invoice = await contradict({});
      const [seen] = await entriesOf(invoice);
      await note(invoice, { disputed_amount: "60.00" });
      await expect(
        resolveAttentionItem(world.processing, present(seen).id, decision("refund")),
      ).rejects.toMatchObject({
        code: "SEQR_DECISION_STALE",
      });
      expect(world.refundsAtSeqr()).toEqual([]);
      expect(await about(invoice, "refund")).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual(["60.00"]);
    });

    it("shows staff what SEQR took, and under which reference", async () => {
      const invoice = await contradict({});
      const { attention_items } = await listAttention(world.processing, { limit: 10, offset: 0 });
      expect(attention_items).toMatchObject([
        { kind: "contradicting", ers_reference: invoice.disputed_reference, disputed_amount: "40.00" },
      ]);
    });

    it("gives nothing back of which nobody knows what it is", async () => {
      const invoice = await contradict({ disputed_amount: null });
      await expect(about(invoice, "refund")).rejects.toMatchObject({ code: "SEQR_DECISION" });
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("only takes it from the list when it is dismissed and nothing would go on", async () => {
      const invoice = await contradict({});
      expect(await about(invoice, "dismiss")).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "expired", problem: null, reason: null });
    });
  });

  describe("about a refund of unknown outcome", () => {
    let invoice: InvoiceRecord;
    let payment: Payment;
    let order: Order;
    beforeEach(async () => {
      ({ invoice, payment, order } = await world.ordered());
    });
    const lose = async (kind: "lost-answer" | "lost-request", amount = "30.00"): Promise<void> => {
      world.sandbox.faults.add({ operation: "refundPayment", kind });
      await expect(world.refund(payment, amount)).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
      expect(payment.refunds).toEqual([]);
      world.asked();
    };
    const states = () => world.ledger.refunds.map(({ amount, state }) => `${amount} ${state}`);
    const booked = () => payment.refunds.map(({ amount }) => amount);

    it("that was made puts it into Medusa's books and asks SEQR for nothing", async () => {
      await lose("lost-answer");
      expect(await about(invoice, "accept", { refundReference: "2026" })).toEqual([]);
      expect(booked()).toEqual(["30.00"]);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      expect(states()).toEqual(["30.00 done"]);
      expect(world.ledger.refunds).toMatchObject([{ refund_reference: "2026", result: "0" }]);
      expect(world.ledger.decisions).toMatchObject([
        { kind: "refund_unknown", action: "accept", subject: world.ledger.refunds[0]?.id },
      ]);
    });

    it("says so when it could not be put into Medusa's books", async () => {
      await lose("lost-answer");
      jest.spyOn(world.store, "recordRefund").mockRejectedValueOnce(new Error("a lock"));
      await expect(about(invoice, "accept")).rejects.toThrow("a lock");
      expect(states()).toEqual(["30.00 done"]);
    });

    it("that was made needs no reference", async () => {
      await lose("lost-answer");
      await about(invoice, "accept");
      expect(world.ledger.refunds).toMatchObject([{ state: "done", refund_reference: null }]);
    });

    it("that was not made makes it again, once, under the same key, and books it", async () => {
      await lose("lost-request");
      expect(await about(invoice, "retry")).toEqual([]);
      expect(booked()).toEqual(["30.00"]);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      expect(states()).toEqual(["30.00 refused", "30.00 done"]);
      expect(world.ledger.refunds[1]).toMatchObject({ reason: "medusa" });
    });

    it("is in the list again when SEQR does not answer again", async () => {
      await lose("lost-request");
      world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
      const left = await about(invoice, "retry");
      const [first, second] = world.ledger.refunds;
      const now = world.now().toISOString();
      const refund = { id: second?.id, amount: "30.00", requested_at: now };
      const said = { kind: "refund_unknown", subject: first?.id, decided_at: now };
      expect(left).toMatchObject([{ kind: "refund_unknown" }]);
      expect(left[0]?.refund).toEqual(refund);
      expect(left[0]?.decisions).toEqual([
        { ...said, action: "retry", actor_id: "user_1", actor: null, reason: "asked SEQR" },
      ]);
      expect(booked()).toEqual([]);
    });

    it.each([97, 23])("says so and lists it when SEQR refuses to make it again (%s)", async (resultCode) => {
      await lose("lost-request");
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode });
      await expect(about(invoice, "retry")).rejects.toMatchObject({ code: `SEQR_${resultCode}` });
      await minutes(20);
      expect(booked()).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual([]);
      expect(await entriesOf(invoice)).toMatchObject([{ kind: "refund_missing", needs: "person" }]);
      const { idempotency_key } = present(world.ledger.refunds[0]);
      expect(await world.row(invoice)).toMatchObject({ problem_about: idempotency_key });
      expect(await about(invoice, "dismiss")).toEqual([]);
    });

    it("says so when it could not be listed that SEQR refuses to make it again", async () => {
      await lose("lost-request");
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97 });
      const { ledger } = world.seqr;
      const update = ledger.update.bind(ledger);
      jest.spyOn(ledger, "update").mockImplementation((id, patch, from) => {
        if (patch.problem !== "SEQR_REFUND_NOT_MADE") return update(id, patch, from);
        return Promise.reject(new Error("the database is away"));
      });
      await expect(about(invoice, "retry")).rejects.toThrow("the database is away");
    });

    it("that Medusa did not ask for stays out of its books when it was made", async () => {
      world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
      const input = { amount: "30.00", idempotencyKey: "ours", reason: "overpaid" };
      await expect(refundInvoice(world.seqr, invoice, input)).rejects.toMatchObject({
        code: "SEQR_REFUND_UNKNOWN",
      });
      expect(await about(invoice, "accept")).toEqual([]);
      expect(states()).toEqual(["30.00 done"]);
      expect(booked()).toEqual([]);
    });

    it("leaves another entry of the payment as it is when SEQR refuses to make it again", async () => {
      await lose("lost-request");
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97 });
      await expect(about(invoice, "retry")).rejects.toMatchObject({ code: "SEQR_97" });
      expect(await entriesOf(invoice)).toMatchObject([{ kind: "amount_differs" }]);
    });

    it("is left to the reconciliation when Medusa has it in its books and SEQR refuses it for now", async () => {
      payment.refunds.push({ id: "ref_1", amount: "30.00", metadata: null, at: world.now() });
      const refund = present(
        await world.ledger.insertRefund({
          ...{ invoice_id: invoice.id, idempotency_key: "ref_1", amount: "30.00" },
          ...{ currency_code: "SEK", reason: "medusa", requested_at: world.now() },
        }),
      );
      const lost = { refund_reference: null, result: "SEQR_TIMEOUT", finished_at: world.now() };
      await world.ledger.finishRefund(refund.id, "unknown", lost);
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
      await expect(about(invoice, "retry")).rejects.toMatchObject({ code: "SEQR_23" });
      expect(await entriesOf(invoice)).toEqual([]);
      await minutes(12);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
    });

    it("that is not to be made leaves SEQR and the books alone", async () => {
      await lose("lost-request");
      expect(await about(invoice, "dismiss")).toEqual([]);
      expect(booked()).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual([]);
      expect(states()).toEqual(["30.00 refused"]);
      expect(world.asked()).toEqual([]);
    });

    it("is made again of a payment whose return a person has stopped meanwhile", async () => {
      order.isCanceled = true;
      world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request", times: 2 });
      await refundCanceledOrders(world.processing, [order.id]);
      expect((await entriesOf(invoice)).map(({ kind }) => kind)).toEqual(["refund_unknown", "refunding"]);
      await about(invoice, "dismiss", { kind: "refunding" });
      expect(await about(invoice, "retry")).toEqual([]);
      await minutes(20);
      expect(world.refundsAtSeqr()).toEqual(["100.00"]);
      expect(booked()).toEqual(["100.00"]);
    });

    it("is made again, and booked, before the order is confirmed", async () => {
      const bought = await world.checkout();
      await world.take(bought.invoice);
      await world.store.completeCart(bought.cartId);
      payment = present(world.paymentOf(bought.session.id));
      expect(await world.row(bought.invoice)).toMatchObject({ state: "captured" });
      await lose("lost-request");
      expect(await about(bought.invoice, "retry")).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual(["30.00"]);
      expect(booked()).toEqual(["30.00"]);
      expect(await world.row(bought.invoice)).toMatchObject({ state: "completed" });
    });

    it("waits while somebody works on the payment, who may be asking SEQR for it again", async () => {
      await lose("lost-request");
      const other = present(await acquireLease(world.seqr, invoice));
      expect(await inVain(about(invoice, "dismiss"))).toBe("SEQR_BUSY");
      expect(states()).toEqual(["30.00 unknown"]);
      const waiting = about(invoice, "dismiss");
      await releaseLease(world.seqr, other);
      await world.tick(1);
      expect(await waiting).toEqual([]);
    });

    it("lets the return of a cancelled order's money go on", async () => {
      await lose("lost-answer");
      order.isCanceled = true;
      await takeTransition(world.seqr, await world.row(invoice), "refund_due", { reason: "order_canceled" });
      await note(invoice, { attempts: 7, due_at: null });
      const entry = present((await entriesOf(invoice)).find(({ kind }) => kind === "refund_unknown"));
      await resolveAttentionItem(world.processing, entry.id, decision("accept"));
      expect(world.refundsAtSeqr()).toEqual(["30.00", "70.00"]);
      expect(await world.row(invoice)).toMatchObject({ state: "refunded" });
    });

    it("closes an invoice whose money is all back", async () => {
      const bought = await pays();
      await takeTransition(world.seqr, await world.row(bought.invoice), "refunding", {
        problem: "SEQR_TIMEOUT",
      });
      const refund = present(
        await world.ledger.insertRefund({
          ...{ invoice_id: bought.invoice.id, idempotency_key: "browser", amount: "100.00" },
          ...{ currency_code: "SEK", reason: "staff", requested_at: world.now() },
        }),
      );
      await world.ledger.finishRefund(refund.id, "unknown", {
        ...{ refund_reference: null, result: "SEQR_TIMEOUT", finished_at: world.now() },
      });
      const entry = present((await entriesOf(bought.invoice)).find(({ kind }) => kind === "refund_unknown"));
      expect(await resolveAttentionItem(world.processing, entry.id, decision("accept"))).toEqual([]);
      expect(await world.row(bought.invoice)).toMatchObject({
        ...{ state: "refunded", problem: null, state_since: world.now() },
        due_at: new Date(world.now().getTime() + 60_000),
      });
      expect(world.asked()).toEqual([]);
    });
  });

  describe("about many that only inform", () => {
    it("takes those from the list, and says of each other one why it stays", async () => {
      const seen = (await world.checkout()).invoice;
      await world.move(seen, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
      const { invoice } = await world.ordered();
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      const [one, other] = [
        present((await entriesOf(seen))[0]).id,
        present((await entriesOf(invoice))[0]).id,
      ];
      const by = { actorId: "user_1", reason: "seen" };
      const results = await dismissAttentionItems(
        world.processing,
        [one, one, other, `${one}0`, "nothing"],
        by,
      );
      expect(results).toEqual([
        { id: one, dismissed: true, code: null, message: null },
        { id: other, dismissed: false, code: "SEQR_DECISION", message: expect.any(String) },
        { id: `${one}0`, dismissed: false, code: "SEQR_DECISION_STALE", message: expect.any(String) },
        { id: "nothing", dismissed: false, code: "SEQR_NO_SUCH_ENTRY", message: expect.any(String) },
      ]);
      expect(await world.row(seen)).toMatchObject({ state: "canceled", reason: "reversed", problem: null });
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      expect(world.ledger.decisions).toMatchObject([{ action: "dismiss", reason: "seen", kind: "reversed" }]);
    });

    it("waits for nobody who works on the payment", async () => {
      const { invoice } = await world.checkout();
      await world.move(invoice, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
      await acquireLease(world.seqr, invoice);
      expect(await inVain(about(invoice, "dismiss"))).toEqual([]);
    });

    it("fails when the ledger does", async () => {
      const { invoice } = await world.checkout();
      await world.move(invoice, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
      const [entry] = await entriesOf(invoice);
      jest.spyOn(world.ledger, "recordDecision").mockRejectedValueOnce(new Error("the database is away"));
      await expect(
        dismissAttentionItems(world.processing, [present(entry).id], { actorId: "user_1", reason: "seen" }),
      ).rejects.toThrow("the database is away");
    });
  });

  describe("is made with a list that", () => {
    it("has what was asked for, on pages, and counts all of it", async () => {
      for (let number = 0; number < 2; number++) {
        const { invoice } = await world.ordered();
        await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      }
      const { invoice } = await world.checkout();
      await world.move(invoice, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
      await pays();
      const totals = { all: 4, person: 2, nothing: 1, acknowledgement: 1 };
      const list = (more: object) => listAttention(world.processing, { limit: 10, offset: 0, ...more });

      const all = await list({});
      expect(all).toMatchObject({ count: 4, offset: 0, limit: 10, totals });
      expect(all.attention_items.map(({ needs }) => needs)).toEqual([
        ...["person", "person", "nothing", "acknowledgement"],
      ]);
      const page = await list({ limit: 2, offset: 1 });
      expect(page).toMatchObject({ count: 4, offset: 1, limit: 2, totals });
      expect(page.attention_items.map(({ id }) => id)).toEqual(
        all.attention_items.slice(1, 3).map(({ id }) => id),
      );
      const some = await list({ needs: ["person", "acknowledgement"], kind: ["reversed", "order_pending"] });
      expect(some).toMatchObject({ count: 1, totals, attention_items: [{ kind: "reversed" }] });
    });

    it("names who decided what, as far as Medusa knows them", async () => {
      const { invoice } = await world.ordered();
      await note(invoice, { problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      for (const actor_id of ["user_1", "user_gone"])
        world.ledger.decisions.push({
          ...{ id: actor_id, invoice_id: invoice.id, kind: "refunding", subject: "1", action: "retry" },
          ...{ actor_id, reason: "", decided_at: new Date() },
        });
      const actorNames = async (ids: readonly unknown[]) =>
        new Map(ids.includes("user_1") ? [["user_1", "Eva Ek"]] : []);
      const context = { ...world.processing, actorNames };
      const { attention_items } = await listAttention(context, { limit: 10, offset: 0 });
      expect(attention_items[0]?.decisions.map(({ actor_id, actor }) => [actor_id, actor])).toEqual([
        ["user_1", "Eva Ek"],
        ["user_gone", null],
      ]);
    });

    it("says of each entry all that a person needs to decide", async () => {
      const { invoice } = await pays();
      const { attention_items } = await listAttention(world.processing, { limit: 10, offset: 0 });
      const row = await world.row(invoice);
      expect(attention_items).toEqual([
        {
          ...{
            id: `${row.id}.order_pending.${row.state_since.getTime()}`,
            kind: "order_pending",
            needs: "nothing",
          },
          ...{ automatic_action: "place_order", since: row.state_since.toISOString() },
          ...{ next_attempt_at: row.due_at?.toISOString(), actions: ["retry", "refund"] },
          ...{ invoice_id: row.id, invoice_reference: row.invoice_reference, cart_id: row.cart_id },
          terminal: "seqr",
          ...{ ers_reference: row.ers_reference, order_id: null, state: "paid", reason: null, problem: null },
          ...{ amount: "100.00", currency_code: "SEK", disputed_amount: null, refund: null, decisions: [] },
          ...{ period: null, difference: null },
        },
      ]);
    });
  });
});
