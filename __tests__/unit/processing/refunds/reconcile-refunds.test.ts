import type { AttentionAction, AttentionKind } from "../../../../src/modules/seqr/attention/attention-kinds";
import { kindOf } from "../../../../src/modules/seqr/attention/attention-rules";
import type { InvoiceRecord } from "../../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES, type InvoiceState } from "../../../../src/modules/seqr/invoice/states";
import { madeRefundMetadata } from "../../../../src/modules/seqr/operations/refund/medusa-refund";
import { resolveAttentionItem } from "../../../../src/attention/attention-list";
import { reconcileRefunds } from "../../../../src/processing/refunds/reconcile-refunds";
import { present } from "../../modules/ledger-contract";
import { barrier, gate, keptOf, startStoreWorld, type Payment, type StoreWorld } from "../store-world";
import { entriesOfInvoices } from "../../../../src/modules/seqr/attention/find-entries";
import { takeTransition } from "../../../../src/modules/seqr/operations/take-transition";
import { refundInvoice } from "../../../../src/modules/seqr/operations/refund/refund-invoice";
import { acquireLease, releaseLease } from "../../../../src/modules/seqr/ledger/lease";

describe("reconciling the refunds of a payment of 100 kronor", () => {
  let world: StoreWorld;
  let invoice: InvoiceRecord;
  let payment: Payment;
  beforeEach(async () => {
    world = await startStoreWorld();
    ({ invoice, payment } = await world.ordered());
  });
  afterEach(() => world.stop());

  const reconcile = (context = world.processing): Promise<void> => reconcileRefunds(context);
  const booked = () => payment.refunds.map(({ amount }) => amount);
  const ledger = () => world.ledger.refunds.map(({ amount, state }) => `${amount} ${state}`);
  const refused = (resultCode: number, times = 1): unknown =>
    world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode, times });
  /** SEQR and the ledger have it; core has deleted its record, because something failed afterwards. */
  const forgotten = async (amount = "50.00"): Promise<void> => {
    world.points["refund made"] = () => {
      throw new Error("the database is away");
    };
    await expect(world.refund(payment, amount)).rejects.toThrow("the database is away");
    world.points["refund made"] = undefined;
    expect(booked()).toEqual([]);
  };
  /** Medusa has it; the process died before SEQR was asked. */
  const unasked = async (amount?: string, metadata?: Record<string, unknown>): Promise<string> =>
    (await world.unasked(payment, amount, metadata)).id;
  /** The attention list has it that a refund is missing. */
  const listedAs = async (id: string): Promise<void> => {
    const patch = { problem: "SEQR_REFUND_NOT_MADE", problem_about: id };
    expect(await world.ledger.update(invoice.id, patch, INVOICE_STATES)).toBe(true);
  };
  /** A person decides about the entry of a kind. */
  const about = async (kind: AttentionKind, action: AttentionAction): Promise<unknown> => {
    const entries = await entriesOfInvoices(world.seqr, [invoice.id]);
    const { id } = present(entries.find((one) => one.kind === kind));
    return resolveAttentionItem(world.processing, id, { action, actorId: "user_1", reason: "asked SEQR" });
  };
  const expectAgreement = async (...amounts: string[]): Promise<void> => {
    expect(world.refundsAtSeqr()).toEqual(amounts);
    expect(booked()).toEqual(amounts);
    const keys = world.ledger.refunds
      .filter(({ state }) => state === "done")
      .map((row) => row.idempotency_key);
    expect([...keys].sort()).toEqual(payment.refunds.map(({ id }) => id).sort());
    expect(await world.row(invoice)).toMatchObject({ problem: null, lease_owner: null });
  };

  it("does nothing where both have the same, and keeps nobody from the payment", async () => {
    await world.refund(payment, "50.00");
    world.pass(3_600);
    const claims = jest.spyOn(world.seqr.ledger, "acquireLease");
    await reconcile();
    expect(claims).not.toHaveBeenCalled();
    await expectAgreement("50.00");
  });

  it("makes nothing of what was asked for before staff took the payment over", async () => {
    await unasked("50.00");
    const outstanding = present(await takeTransition(world.seqr, await world.row(invoice), "refund_due"));
    await takeTransition(world.seqr, outstanding, "closed_by_staff", { reason: "staff" });
    world.pass(121);
    await reconcile();
    expect(world.refundsAtSeqr()).toEqual([]);
    // It keeps nobody from refunding the same sum, either.
    await world.refund(payment, "50.00");
    expect(world.refundsAtSeqr()).toEqual(["50.00"]);
  });

  it("leaves a record that stands for money which was refunded without Medusa", async () => {
    await unasked("100.00");
    const outstanding = present(await takeTransition(world.seqr, await world.row(invoice), "refund_due"));
    world.pass(181);
    expect(await world.processInvoice(outstanding, "staff")).toMatchObject({ state: "refunded" });
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    await reconcile();
    expect(booked()).toEqual(["100.00"]);
  });

  describe("of which SEQR has too little left, as the payment is refunded as a whole,", () => {
    /** A refund of our own, which Medusa has not asked for. */
    const own = async (amount: string): Promise<unknown> =>
      refundInvoice(world.seqr, await world.row(invoice), {
        ...{ amount, idempotencyKey: `own_${amount}`, reason: "order_canceled" },
      });

    it("keeps every record that stands for a part of what was refunded without Medusa", async () => {
      await world.refund(payment, "30.00");
      await unasked("20.00");
      await unasked("50.00");
      await world.move(invoice, "refund_due");
      await own("70.00");
      world.pass(181);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual(["30.00", "70.00"]);
      expect(booked()).toEqual(["30.00", "20.00", "50.00"]);
    });

    it("keeps a record over all of it when it was refunded in two parts", async () => {
      await unasked("100.00");
      await world.move(invoice, "refund_due");
      await own("60.00");
      await own("40.00");
      world.pass(181);
      await reconcile();
      expect(booked()).toEqual(["100.00"]);
    });

    it.each(["100.00", "99.99"])(
      "drops a record when the others stand for it already: %s",
      async (others) => {
        await unasked("20.00");
        // More than was paid; the rule holds whatever is in the books.
        payment.refunds.push({ id: "ref_by_hand", amount: others, metadata: null, at: new Date(0) });
        await world.move(invoice, "refund_due");
        await own("100.00");
        world.pass(181);
        await reconcile();
        expect(booked()).toEqual([others]);
      },
    );

    it("drops a record when only Medusa's own refunds were made, whatever else was refused", async () => {
      refused(23);
      await expect(own("100.00")).rejects.toThrow();
      await forgotten("80.00");
      await unasked();
      await world.move(invoice, "refund_due");
      world.pass(121);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual(["80.00"]);
      expect(booked()).toEqual([]);
    });
  });

  it("makes what was asked for after staff took the payment over", async () => {
    const outstanding = present(await takeTransition(world.seqr, await world.row(invoice), "refund_due"));
    await takeTransition(world.seqr, outstanding, "closed_by_staff", { reason: "staff" });
    world.pass(1);
    await unasked("50.00");
    world.pass(121);
    await reconcile();
    expect(world.refundsAtSeqr()).toEqual(["50.00"]);
  });

  describe("that SEQR made and Medusa forgot", () => {
    it("are recorded in Medusa, and not made again", async () => {
      await forgotten();
      world.pass(601);
      await reconcile();
      await expectAgreement("50.00");
      await reconcile();
      await expectAgreement("50.00");
    });

    it("are left for ten minutes to staff, who may ask again", async () => {
      await forgotten();
      world.pass(600);
      await reconcile();
      expect(booked()).toEqual([]);
      await world.refund(payment, "50.00");
      await expectAgreement("50.00");
      world.pass(3_600);
      await reconcile();
      await expectAgreement("50.00");
    });

    it("are not searched for longer than three days", async () => {
      await forgotten();
      world.pass(3 * 24 * 3_600 + 1);
      await reconcile();
      expect(booked()).toEqual([]);
    });

    it("are the ones that are meant, whatever others have the same amount", async () => {
      await forgotten();
      // Another system gives back the same, and Medusa asks for it under a name of its own.
      const input = { amount: "50.00", idempotencyKey: "ours", reason: "order_canceled" };
      await refundInvoice(world.seqr, await world.row(invoice), input);
      world.pass(601);
      await reconcile();
      const [first, second] = world.ledger.refunds;
      expect(first?.idempotency_key).toBe(payment.refunds[0]?.id);
      expect(second?.idempotency_key).toBe("ours");
      expect(booked()).toEqual(["50.00"]);
    });

    it("are taken over once by two processes at once", async () => {
      await forgotten();
      world.pass(601);
      const meet = barrier(2);
      const { recordedRefundIds } = world.store;
      const both = jest
        .spyOn(world.store, "recordedRefundIds")
        .mockImplementationOnce((ids) => meet().then(() => recordedRefundIds(ids)))
        .mockImplementationOnce((ids) => meet().then(() => recordedRefundIds(ids)));
      await Promise.all([reconcile(), reconcile(world.another())]);
      expect(both.mock.calls.length).toBeGreaterThanOrEqual(2);
      await expectAgreement("50.00");
    });

    it("are left alone by a process that comes late with what it saw before", async () => {
      await forgotten();
      world.pass(601);
      const late = world.another();
      const held = gate();
      const acquire = late.seqr.ledger.acquireLease.bind(late.seqr.ledger);
      jest
        .spyOn(late.seqr.ledger, "acquireLease")
        .mockImplementation((...asked) => held.pass().then(() => acquire(...asked)));
      const second = reconcile(late);
      await held.reached;
      await reconcile();
      const recorded = jest.spyOn(world.store, "recordRefund");
      held.open();
      await second;
      expect(recorded).not.toHaveBeenCalled();
      await expectAgreement("50.00");
    });

    it("are made once when staff ask for the same at the same time, whose record they are given", async () => {
      await forgotten();
      world.pass(601);
      const written = gate();
      world.points["refund written"] = written.pass;
      const staff = world.refund(payment, "50.00");
      await written.reached;
      await reconcile();
      written.open();
      await staff;
      expect(world.refundsAtSeqr()).toEqual(["50.00"]);
      await expectAgreement("50.00");
    });

    it("are not made again by staff whose page does not show yet that they were taken over", async () => {
      await forgotten();
      world.pass(601);
      await reconcile();
      world.pass(59);
      await expect(world.refund(payment, "50.00")).rejects.toMatchObject({ code: "SEQR_REFUND_RECORDED" });
      await expectAgreement("50.00");
      world.pass(2);
      await world.refund(payment, "50.00");
      await expectAgreement("50.00", "50.00");
    });

    it("are listed when less than that is left in Medusa", async () => {
      await forgotten("80.00");
      payment.refunds.push({ id: "ref_by_hand", amount: "70.00", metadata: null, at: new Date(0) });
      world.pass(601);
      await reconcile();
      const row = await world.row(invoice);
      expect(row).toMatchObject({ state: "completed", problem: "SEQR_REFUNDED_ELSEWHERE" });
      expect(kindOf(row)).toBe("refunded_elsewhere");
      expect(booked()).toEqual(["70.00"]);
      expect(world.refundsAtSeqr()).toEqual(["80.00"]);
    });

    it("are skipped while another process has the lease", async () => {
      await forgotten();
      world.pass(601);
      const claimed = await acquireLease(world.seqr, invoice);
      await reconcile();
      expect(booked()).toEqual([]);
      await releaseLease(world.seqr, claimed ?? invoice);
      await reconcile();
      await expectAgreement("50.00");
    });

    it("do not keep others from being reconciled when one fails", async () => {
      await forgotten();
      const other = await world.ordered();
      world.points["refund made"] = () => {
        throw new Error("away");
      };
      await expect(world.refund(other.payment, "20.00")).rejects.toThrow();
      world.points["refund made"] = undefined;
      world.pass(601);
      jest.spyOn(world.store, "recordRefund").mockRejectedValueOnce(new Error("a lock"));
      await reconcile();
      expect(other.payment.refunds).toMatchObject([{ amount: "20.00" }]);
      expect(booked()).toEqual([]);
      expect(world.log).toContainEqual(expect.stringContaining(`${invoice.id} could not be reconciled`));
      expect((await world.row(invoice)).lease_owner).toBeNull();
    });
  });

  describe("that Medusa has and nobody asked of SEQR", () => {
    it("are made after two minutes, and not before", async () => {
      await unasked();
      world.pass(120);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual([]);
      world.pass(0.001);
      await reconcile();
      await expectAgreement("50.00");
      expect(world.ledger.refunds).toMatchObject([{ reason: "medusa" }]);
    });

    it("are made once by many processes at once, and none of them leaves a problem", async () => {
      await unasked();
      world.pass(121);
      const meet = barrier(3);
      const { refundRecordsBetween } = world.store;
      jest
        .spyOn(world.store, "refundRecordsBetween")
        .mockImplementation((from, to) => meet().then(() => refundRecordsBetween(from, to)));
      await Promise.all([world.processing, world.another(), world.another()].map(reconcile));
      await expectAgreement("50.00");
    });

    it("are left alone by a process that comes late with what it saw before", async () => {
      await unasked();
      world.pass(121);
      const late = world.another();
      const held = gate();
      const acquire = late.seqr.ledger.acquireLease.bind(late.seqr.ledger);
      jest
        .spyOn(late.seqr.ledger, "acquireLease")
        .mockImplementation((...asked) => held.pass().then(() => acquire(...asked)));
      const second = reconcile(late);
      await held.reached;
      await reconcile();
      held.open();
      world.asked();
      await second;
      expect(world.asked()).toEqual([]);
      await expectAgreement("50.00");
    });

    it("of another provider's payment are not ours", async () => {
      await unasked();
      payment.data = {};
      world.pass(121);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("are listed when SEQR refuses them, once, and staff decide", async () => {
      const id = await unasked();
      refused(97);
      world.pass(121);
      await reconcile();
      const listed = await world.row(invoice);
      expect(listed).toMatchObject({ problem: "SEQR_REFUND_NOT_MADE", problem_about: id });
      expect(kindOf(listed)).toBe("refund_missing");
      expect(world.log).toContainEqual(
        expect.stringContaining(`refund ${id} is recorded in Medusa and could not be made`),
      );
      world.asked();
      world.pass(3_600);
      await reconcile();
      // SEQR's refusal is final: it is not asked again, and the entry stays the same.
      expect(world.asked()).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ problem_no: listed.problem_no });
    });

    it("are not listed again when staff have said what is to be done about this one", async () => {
      const id = await unasked();
      refused(97);
      world.pass(121);
      await reconcile();
      const decided = { invoice_id: invoice.id, action: "dismiss", actor_id: "user_1", reason: "by hand" };
      const decision = { ...decided, id: "seqrdec_1", kind: "refund_missing", decided_at: world.now() };
      world.ledger.decisions.push({ ...decision, subject: id });
      await world.ledger.update(invoice.id, { problem: null, problem_about: null }, INVOICE_STATES);
      world.pass(3_600);
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: null });
      // What was said about another refund says nothing of this one.
      world.ledger.decisions[0] = { ...decision, subject: "ref_other" };
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUND_NOT_MADE", problem_about: id });
      world.ledger.decisions[0] = { ...decision, kind: "refunded_elsewhere", subject: id };
      await world.ledger.update(invoice.id, { problem: null, problem_about: null }, INVOICE_STATES);
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUND_NOT_MADE" });
    });

    it("are not listed over another problem of the payment", async () => {
      await unasked();
      const other = { problem: "SEQR_ORDER_TOTAL_DIFFERS" };
      await world.ledger.update(invoice.id, other, INVOICE_STATES);
      refused(97);
      world.pass(121);
      await reconcile();
      expect(await world.row(invoice)).toMatchObject(other);
    });

    it("are not listed of a payment that is being refunded", async () => {
      await unasked();
      await world.move(invoice, "refund_due");
      refused(97);
      world.pass(121);
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: null });
    });

    it("are tried again ten minutes after a failure that may pass, and nobody is told meanwhile", async () => {
      await unasked();
      refused(23);
      world.pass(121);
      await reconcile();
      // Who was told that nothing happens by itself would give the money back by bank.
      expect(await world.row(invoice)).toMatchObject({ problem: null });
      world.pass(599.999);
      await reconcile();
      expect(ledger()).toEqual(["50.00 refused"]);
      world.pass(0.001);
      await reconcile();
      expect(ledger()).toEqual(["50.00 refused", "50.00 done"]);
      expect(await world.row(invoice)).toMatchObject({ problem: null });
      expect(world.refundsAtSeqr()).toEqual(["50.00"]);
    });

    it("are listed after two days, and not made by themselves any more", async () => {
      const id = await unasked();
      refused(23, 2);
      world.pass(121);
      await reconcile();
      world.pass(2 * 24 * 3_600 - 121.001);
      await reconcile();
      expect(ledger()).toEqual(["50.00 refused", "50.00 refused"]);
      expect(await world.row(invoice)).toMatchObject({ problem: null });
      world.pass(0.001);
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUND_NOT_MADE", problem_about: id });
      world.pass(3_600);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual([]);
    });

    it("are listed as refunded elsewhere first when SEQR says that it has less left", async () => {
      const id = await unasked();
      refused(98);
      world.pass(121);
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUNDED_ELSEWHERE" });
      await about("refunded_elsewhere", "accept");
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUND_NOT_MADE", problem_about: id });
    });

    it("take only their own entry from the list when they are made", async () => {
      await unasked();
      const about = { problem: "SEQR_REFUND_NOT_MADE", problem_about: "ref_other" };
      await world.ledger.update(invoice.id, about, INVOICE_STATES);
      world.pass(121);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual(["50.00"]);
      expect(await world.row(invoice)).toMatchObject(about);
    });

    it.each<[string, InvoiceState | undefined, string[]]>([
      ["are in nobody's books when a person has said that they are not to be made", undefined, []],
      ["stay in the books where they are a part of what goes back as a whole", "refund_due", ["50.00"]],
    ])("%s", async (_, state, left) => {
      const id = await unasked();
      await world.ledger.insertRefund({
        ...{ invoice_id: invoice.id, idempotency_key: id, amount: "50.00" },
        ...{ currency_code: "SEK", reason: "medusa", requested_at: world.now() },
      });
      world.pass(181);
      await reconcile();
      await about("refund_unknown", "dismiss");
      if (state) await world.move(invoice, state);
      await reconcile();
      expect(booked()).toEqual(left);
      expect(world.refundsAtSeqr()).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ problem: null });
    });

    it("whose answer is lost are unknown, and neither repeated nor called missing", async () => {
      await unasked();
      world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
      world.pass(121);
      await reconcile();
      world.pass(3_600);
      await reconcile();
      expect(ledger()).toEqual(["50.00 unknown"]);
      expect(world.refundsAtSeqr()).toEqual(["50.00"]);
      expect(await world.row(invoice)).toMatchObject({ problem: null });
    });

    it("that could not even be asked for are tried again, and not listed", async () => {
      await unasked();
      world.pass(121);
      jest.spyOn(world.ledger, "insertRefund").mockRejectedValueOnce(new Error("the database is away"));
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: null });
      expect(world.log).toContainEqual(expect.stringMatching(/refund \S+ is recorded in Medusa .* is away/));
      await reconcile();
      await expectAgreement("50.00");
    });

    it("that could not even be asked for are not listed because another one was refused", async () => {
      refused(97);
      await expect(world.refund(payment, "10.00")).rejects.toThrow();
      await unasked();
      world.pass(121);
      jest.spyOn(world.ledger, "insertRefund").mockRejectedValueOnce(new Error("the database is away"));
      await reconcile();
      expect(await world.row(invoice)).toMatchObject({ problem: null });
    });

    it("are made beside one of the same amount that is recorded", async () => {
      await world.refund(payment, "50.00");
      await unasked();
      world.pass(121);
      await reconcile();
      await expectAgreement("50.00", "50.00");
    });

    it("are rounded together with the earlier ones, and not each separately", async () => {
      await world.refund(payment, "33.335");
      await unasked("33.335");
      world.pass(121);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual(["33.34", "33.33"]);
      expect(booked()).toEqual(["33.335", "33.335"]);
    });

    it("take no more than is left when the rest was refunded with its own rounding", async () => {
      const own = { amount: "33.34", idempotencyKey: "own", reason: "overpaid" };
      await refundInvoice(world.seqr, await world.row(invoice), own);
      await unasked("66.665");
      world.pass(121);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual(["33.34", "66.66"]);
    });

    it("are deleted in Medusa when they come to nothing at SEQR", async () => {
      await unasked("0.004");
      world.pass(121);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual([]);
      expect(booked()).toEqual([]);
    });

    it("are deleted in Medusa when SEQR has less left, and the entry goes with them", async () => {
      const id = await unasked();
      const input = { amount: "60.00", idempotencyKey: "ours", reason: "order_canceled" };
      await refundInvoice(world.seqr, await world.row(invoice), input);
      await listedAs(id);
      world.pass(121);
      await reconcile();
      expect(booked()).toEqual([]);
      expect(world.refundsAtSeqr()).toEqual(["60.00"]);
      expect(await world.row(invoice)).toMatchObject({ problem: null, problem_about: null });
    });
  });

  describe("that SEQR made, and whose record was written again before the process crashed", () => {
    it("are given that record, and not made again", async () => {
      await forgotten();
      const id = await unasked();
      await listedAs(id);
      world.pass(121);
      await reconcile();
      await expectAgreement("50.00");
      expect(world.ledger.refunds).toHaveLength(1);
    });

    it("are not taken for those over another amount", async () => {
      await forgotten("30.00");
      await unasked();
      world.pass(601);
      await reconcile();
      expect(world.refundsAtSeqr()).toEqual(["30.00", "50.00"]);
      expect(booked()).toEqual(["50.00", "30.00"]);
    });

    it("are given the record that names them, whatever others have the same amount", async () => {
      await forgotten();
      const input = { amount: "50.00", idempotencyKey: "ref_deleted", reason: "medusa" };
      await refundInvoice(world.seqr, await world.row(invoice), input);
      const [first, second] = world.ledger.refunds;
      const id = await unasked("50.00", madeRefundMetadata(present(second)));
      world.pass(121);
      await reconcile();
      expect(world.ledger.refunds.map((row) => row.idempotency_key)).toEqual([first?.idempotency_key, id]);
      world.pass(600);
      await reconcile();
      expect(booked()).toEqual(["50.00", "50.00"]);
      expect(world.refundsAtSeqr()).toEqual(["50.00", "50.00"]);
      expect(present(world.ledger.refunds[0]).idempotency_key).toBe(payment.refunds[1]?.id);
    });

    it("lose it when they have another one by now, and the entry goes with it", async () => {
      await forgotten();
      const id = await unasked("50.00", madeRefundMetadata(present(world.ledger.refunds[0])));
      await world.refund(payment, "50.00");
      await listedAs(id);
      world.pass(121);
      await reconcile();
      await expectAgreement("50.00");
      expect(payment.refunds.map((row) => row.id)).not.toContain(id);
    });

    it("keep it when a process comes late that has seen it without them", async () => {
      await forgotten();
      const id = await unasked("50.00", madeRefundMetadata(present(world.ledger.refunds[0])));
      world.pass(121);
      const late = world.another();
      const held = gate();
      const acquire = late.seqr.ledger.acquireLease.bind(late.seqr.ledger);
      jest
        .spyOn(late.seqr.ledger, "acquireLease")
        .mockImplementation((...asked) => held.pass().then(() => acquire(...asked)));
      const second = reconcile(late);
      await held.reached;
      await reconcile();
      held.open();
      await second;
      await expectAgreement("50.00");
      expect(payment.refunds).toMatchObject([{ id }]);
    });
  });

  describe("fails, says so and is tried again", () => {
    const away = new Error("the database is away");
    const fails = (method: "update" | "requestedRefunds"): unknown =>
      jest.spyOn(world.ledger, method).mockRejectedValueOnce(away);

    it("when the ledger cannot be read", async () => {
      fails("requestedRefunds");
      await expect(reconcile()).rejects.toThrow(away);
    });

    it.each<[string, () => Promise<unknown>]>([
      ["what SEQR refused cannot be listed", async () => (await unasked(), refused(97))],
      ["an entry cannot be taken away, of what is made", async () => listedAs(await unasked())],
      [
        "an entry cannot be taken away, of what cannot be made",
        async () => {
          const input = { amount: "60.00", idempotencyKey: "ours", reason: "order_canceled" };
          const id = await unasked();
          await refundInvoice(world.seqr, await world.row(invoice), input);
          await listedAs(id);
        },
      ],
    ])("when %s", async (_, begin) => {
      await begin();
      world.pass(121);
      fails("update");
      await reconcile();
      expect(world.log).toContainEqual(expect.stringContaining("the database is away"));
      expect((await world.row(invoice)).lease_owner).toBeNull();
    });

    it("when a record cannot be taken away", async () => {
      await forgotten();
      await unasked("50.00", madeRefundMetadata(present(world.ledger.refunds[0])));
      await world.refund(payment, "50.00");
      world.pass(121);
      jest.spyOn(world.store, "deleteRefundRecord").mockRejectedValueOnce(away);
      await reconcile();
      expect(world.log).toContainEqual(expect.stringContaining("could not be reconciled"));
      await reconcile();
      await expectAgreement("50.00");
    });
  });

  it("says of refunds whose process crashed while SEQR was asked that nobody knows", async () => {
    await world.ledger.insertRefund({
      ...{ invoice_id: invoice.id, idempotency_key: "ref_x", amount: "50.00" },
      ...{ currency_code: "SEK", reason: "medusa", requested_at: world.now() },
    });
    world.pass(181);
    await reconcile();
    expect(ledger()).toEqual(["50.00 unknown"]);
  });

  it("keeps what is left in step", async () => {
    await forgotten("60.00");
    world.pass(601);
    await reconcile();
    expect(keptOf(payment)).toBe("40.00");
  });
});
