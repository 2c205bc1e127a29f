import { ATTENTION, attentionOf } from "../../../src/modules/seqr/attention";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger";
import { INVOICE_STATES, UNFINISHED_STATES, type InvoiceState } from "../../../src/modules/seqr/states";
import { judgeRefund } from "../../../src/modules/seqr/verbs/judge-refund";
import { refundInvoice } from "../../../src/modules/seqr/verbs/refund-invoice";
import { startWorld, type World } from "./seqr-world";

describe("what needs attention", () => {
  let world: World;
  let invoice: InvoiceRecord;
  const kinds = (more: Partial<InvoiceRecord>) =>
    attentionOf({ ...invoice, ...more }, []).map(({ kind }) => kind);

  beforeEach(async () => {
    world = await startWorld();
    invoice = await world.paid();
  });
  afterEach(() => world.stop());

  it.each<[InvoiceState, string | null, string[]]>([
    ["paid", null, ["settling"]],
    ["captured", "SEQR_ORDER_FAILED", ["settling"]],
    ["declined", null, ["reversing"]],
    ["returning", null, ["returning"]],
    ["returning", "SEQR_UNREACHABLE", ["returning"]],
    ["returning", "SEQR_97", ["return_refused"]],
    ["owed", null, ["returning"]],
    ["owed", "SEQR_99", ["return_refused"]],
    ["open", null, []],
    ["open", "SEQR_ANSWER_CONTRADICTS", ["unreadable"]],
    ["canceling", "SEQR_TIMEOUT", ["not_canceled"]],
    ["settled", null, []],
    ["settled", "SEQR_ORDER_TOTAL_DIFFERS", ["amount_differs"]],
    ["canceled", "SEQR_REVERSED", ["reversed"]],
    ["void", "SEQR_UNREACHABLE", []],
    ["waived", null, []],
  ])("of an invoice that is %s with problem %s is %j", (state, problem, expected) => {
    expect(kinds({ state, problem })).toEqual(expected);
  });

  it("is all money that is being worked on", () => {
    for (const state of INVOICE_STATES) {
      const isUnfinished = (UNFINISHED_STATES as readonly InvoiceState[]).includes(state);
      expect(kinds({ state, problem: null })).toHaveLength(isUnfinished ? 1 : 0);
    }
  });

  it("either goes on by itself at a time, or offers a person something to do", () => {
    for (const { byItself, actions } of Object.values(ATTENTION)) {
      expect(byItself !== null || Object.keys(actions).length > 0).toBe(true);
    }
    const [entry] = attentionOf(invoice, []);
    expect(entry).toMatchObject({ since: invoice.state_since, nextAt: invoice.due_at });
    expect(attentionOf({ ...invoice, state: "returning", problem: "SEQR_97" }, [])[0]?.nextAt).toBe(null);
  });

  describe("a refund of unknown outcome", () => {
    const lose = async (kind: "lost-answer" | "lost-request"): Promise<void> => {
      world.sandbox.faults.add({ operation: "refundPayment", kind });
      await expect(
        refundInvoice(world.context, invoice, { amount: "30.00", idempotencyKey: "ref_1", reason: "medusa" }),
      ).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
    };
    const entries = async () => attentionOf(invoice, await world.ledger.refundsOf(invoice.id));

    it("is listed, and the ledger finds it among everything else", async () => {
      invoice = await world.move(await world.move(invoice, "captured"), "settled");
      expect(await world.ledger.unfinished(10)).toEqual([]);
      await lose("lost-answer");
      expect(await entries()).toMatchObject([{ kind: "refund_unknown", refund: { amount: "30.00" } }]);
      expect(await world.ledger.unfinished(10)).toMatchObject([{ id: invoice.id }]);
    });

    it("that was made counts, with its reference", async () => {
      await lose("lost-answer");
      await judgeRefund(world.context, invoice, { made: true, reference: "2026" });
      expect(await world.ledger.refundsOf(invoice.id)).toMatchObject([
        { state: "done", refund_reference: "2026" },
      ]);
      await expect(
        refundInvoice(world.context, invoice, { amount: "70.01", idempotencyKey: "ref_2", reason: "medusa" }),
      ).rejects.toMatchObject({ code: "SEQR_REFUND_TOO_HIGH" });
    });

    it("that was not made blocks no longer", async () => {
      await lose("lost-request");
      await judgeRefund(world.context, invoice, { made: false });
      await refundInvoice(world.context, invoice, {
        amount: "100.00",
        idempotencyKey: "ref_2",
        reason: "medusa",
      });
      const refunds = await world.ledger.refundsOf(invoice.id);
      expect(refunds.map(({ state }) => state)).toEqual(["refused", "done"]);
      expect(await world.row(invoice)).toMatchObject({ state: "returned" });
    });

    it("is judged once", async () => {
      await lose("lost-answer");
      const verdicts = await Promise.allSettled([
        judgeRefund(world.context, invoice, { made: true }),
        judgeRefund(world.context, invoice, { made: false }),
      ]);
      expect(verdicts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      await expect(judgeRefund(world.context, invoice, { made: false })).rejects.toMatchObject({
        code: "SEQR_REFUND_NOT_UNKNOWN",
      });
    });
  });
});
