import type {
  DueReceiptRequest,
  Ledger,
  NewInvoice,
  ReceiptRecord,
} from "../../../src/modules/seqr/ledger/ledger";
import { at, invoiceIn, newDecision, newRefund, present, step } from "./ledger-contract";

let made = 0;

/** References of SEQR's that no other test has. */
const reference = (): string => `receipt-${++made}`;

/** An invoice that an order was placed with, and whose payment has a reference. */
async function completed(
  ledger: Ledger,
  ersReference: string | null = reference(),
  made: Partial<NewInvoice> = {},
) {
  const { id } = await invoiceIn(ledger, "captured", made);
  const patch = step({ ers_reference: ersReference });
  return present(await ledger.transition(id, "completed", patch));
}

/** What every ledger has to do about receipts. */
export function describeReceipts(name: string, make: () => Promise<Ledger>): void {
  describe(`${name}: a receipt`, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });

    const take = (seconds: number, limit = 10): Promise<ReceiptRecord[]> =>
      ledger.acquireDueReceipts({ now: at(seconds), until: at(seconds + 60), limit });

    it("is written with the completion of a payment: once, and not without SEQR's reference", async () => {
      const before = await invoiceIn(ledger, "captured", { amount: "7.00" });
      expect(await ledger.receiptsOf([before.id])).toEqual([]);
      const patch = step({ ers_reference: reference(), problem: "SEQR_ORDER_TOTAL_DIFFERS" });
      const tries = await Promise.all(
        Array.from({ length: 8 }, () => ledger.transition(before.id, "completed", patch)),
      );
      expect(tries.filter((moved) => moved !== undefined)).toMatchObject([
        { id: before.id, state: "completed", amount: "7.00", problem: "SEQR_ORDER_TOTAL_DIFFERS" },
      ]);
      expect(await ledger.receiptsOf([before.id, "seqrinv_none"])).toMatchObject([
        {
          id: expect.stringMatching(/^seqrrec_./),
          ...{ invoice_id: before.id, refund_id: null, ers_reference: patch.ers_reference },
          ...{ state: "pending", attempts: 0, due_at: at(1), result: null, sent_at: null },
        },
      ]);
      const without = await completed(ledger, null);
      expect(await ledger.receiptsOf([without.id])).toEqual([]);
    });

    it("is written with no other step of a payment", async () => {
      const { id } = await invoiceIn(ledger, "open");
      await ledger.transition(id, "paid", step({ ers_reference: reference() }));
      await ledger.transition(id, "captured", step());
      await ledger.transition(id, "refunding", step());
      expect(await ledger.receiptsOf([id])).toEqual([]);
    });

    it("is written with a refund that was made, and with no other", async () => {
      const { id } = await completed(ledger, null);
      const outcome = { result: "0", finished_at: at(3) };
      const refunds = [];
      for (const state of ["refused", "unknown", "done"] as const) {
        const refund = present(await ledger.insertRefund(newRefund(id)));
        const refund_reference = state === "done" ? reference() : null;
        refunds.push(await ledger.finishRefund(refund.id, state, { ...outcome, refund_reference }));
        if (state !== "unknown") continue;
        // SEQR says that it was made, and not under which reference.
        await ledger.finishRefund(refund.id, "done", { ...outcome, refund_reference: null });
      }
      const done = present(refunds[2]);
      expect(await ledger.receiptsOf([id])).toMatchObject([
        { invoice_id: id, refund_id: done.id, ers_reference: done.refund_reference, due_at: at(3) },
      ]);
    });

    it("is written with a refund that staff say was made", async () => {
      const { id } = await completed(ledger, null);
      const refund = present(await ledger.insertRefund(newRefund(id)));
      const lost = { refund_reference: null, result: "SEQR_TIMEOUT", finished_at: at(1) };
      await ledger.finishRefund(refund.id, "unknown", lost);
      const decision = newDecision(id, { subject: refund.id });
      const resolution = {
        refund_reference: reference(),
        result: "0",
        finished_at: at(2),
        state: "done" as const,
      };
      expect(await ledger.resolveRefund(decision, refund.id, resolution)).toMatchObject({ state: "done" });
      expect(await ledger.receiptsOf([id])).toMatchObject([
        { refund_id: refund.id, ers_reference: resolution.refund_reference, state: "pending" },
      ]);
    });

    it("is taken when it is due, by one process at a time, the one that waits longest first", async () => {
      const first = await completed(ledger);
      expect(await take(0)).toEqual([]);
      const second = await completed(ledger);
      const [receipt] = await ledger.receiptsOf([first.id]);
      await ledger.finishReceipt(present(receipt).id, {
        state: "pending",
        due_at: at(5),
        result: "SEQR_TIMEOUT",
      });
      expect(await take(9, 1)).toMatchObject([{ invoice_id: second.id, attempts: 1, due_at: at(69) }]);
      expect(await take(9, 1)).toMatchObject([{ invoice_id: first.id, attempts: 1, result: "SEQR_TIMEOUT" }]);
      expect(await take(9)).toEqual([]);
      // The process that took them has crashed.
      expect((await take(69)).map(({ attempts }) => attempts)).toEqual([2, 2]);
    });

    it("is taken with those of some terminals, or of all but them", async () => {
      const made = (terminal: string | null, terminal_id: string) =>
        completed(ledger, reference(), { terminal, terminal_id });
      const se = await made("se", "t1");
      const fi = await made("fi", "t1");
      const unnamed = await made(null, "t1");
      const earlier = await made("se", "t0");
      const of = [
        { terminal: "se", terminal_id: "t1" },
        { terminal: null, terminal_id: "t1" },
      ];
      const takeOf = async (which: Pick<DueReceiptRequest, "of" | "notOf">): Promise<string[]> => {
        const taken = await ledger.acquireDueReceipts({ now: at(9), until: at(60), limit: 10, ...which });
        return taken.map(({ invoice_id }) => invoice_id).sort();
      };
      expect(await takeOf({ of: [{ terminal: "fi", terminal_id: "t0" }] })).toEqual([]);
      expect(await takeOf({ of })).toEqual([se.id, unnamed.id].sort());
      expect(await takeOf({ notOf: [{ terminal: "fi", terminal_id: "t1" }] })).toEqual([earlier.id]);
      expect(await takeOf({})).toEqual([fi.id]);
    });

    it("is taken by one of many processes that try at once", async () => {
      for (let number = 0; number < 5; number++) await completed(ledger);
      const taken = await Promise.all(Array.from({ length: 8 }, () => take(9, 2)));
      const ids = taken.flat().map(({ id }) => id);
      expect(taken.every((some) => some.length <= 2)).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(5);
    });

    it("keeps the first final result, and is not taken again", async () => {
      const { id } = await completed(ledger);
      const [{ id: receipt }] = (await take(9)) as [ReceiptRecord];
      const sent = { state: "sent" as const, due_at: null, result: "0", sent_at: at(10) };
      expect(await ledger.finishReceipt(receipt, sent)).toMatchObject({ id: receipt, ...sent });
      const late = { state: "refused" as const, due_at: null, result: "SEQR_23" };
      expect(await ledger.finishReceipt(receipt, late)).toBeUndefined();
      expect(await ledger.finishReceipt("seqrrec_none", late)).toBeUndefined();
      expect(await ledger.receiptsOf([id])).toMatchObject([sent]);
      expect(await take(10_000)).toEqual([]);
    });
  });
}
