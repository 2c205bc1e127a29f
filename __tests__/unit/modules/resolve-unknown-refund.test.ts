import type { InvoiceRecord, RefundRecord } from "../../../src/modules/seqr/ledger/ledger";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import {
  resolveUnknownRefund,
  type RefundResolution,
} from "../../../src/modules/seqr/operations/refund/resolve-unknown-refund";
import { refundInvoice } from "../../../src/modules/seqr/operations/refund/refund-invoice";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";

describe("the decision of staff about a refund of unknown outcome", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld({ isDistant: true });
  });
  afterEach(() => world.stop());

  /** A payment whose refund of this amount was not answered. */
  const unanswered = async (state: InvoiceState, amount: string): Promise<RefundRecord> => {
    invoice = await world.paid(state);
    await world.ledger.update(invoice.id, { attempts: 7, problem: "SEQR_REFUND_UNKNOWN" }, [state]);
    world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer", times: 2 });
    const input = { amount, idempotencyKey: "ref_1", reason: "medusa" };
    await expect(refundInvoice(world.context, invoice, input)).rejects.toMatchObject({
      code: "SEQR_REFUND_UNKNOWN",
    });
    world.asked();
    world.pass(60);
    return present(world.ledger.refunds[0]);
  };
  const judge = (verdict: RefundResolution, subject = world.ledger.refunds[0]?.id ?? "") => {
    const entry = { invoice, kind: "refund_unknown", subject } as const;
    const decision = { action: "accept", actor_id: "user_1", reason: "seen in the report" };
    return resolveUnknownRefund(world.context, entry, decision, verdict);
  };
  const refunds = () => world.ledger.refunds.map(({ amount, state }) => `${amount} ${state}`);

  it.each([
    [
      { made: true, reference: "2026" },
      { state: "done", result: "0", refund_reference: "2026" },
    ],
    [{ made: true }, { state: "done", result: "0", refund_reference: null }],
    [{ made: false }, { state: "refused", result: "SEQR_REFUND_NOT_MADE", refund_reference: null }],
  ])("ends it (%j), is written down with who gave it, and asks SEQR for nothing", async (verdict, ended) => {
    const refund = await unanswered("completed", "30.00");
    expect(await judge(verdict)).toEqual({ ...refund, ...ended, finished_at: world.now() });
    expect(world.ledger.refunds).toEqual([{ ...refund, ...ended, finished_at: world.now() }]);
    expect(world.ledger.decisions).toMatchObject([{ subject: refund.id, actor_id: "user_1" }]);
    expect(world.ledger.observations.at(-1)).toEqual({
      ...{ invoice_id: invoice.id, source: "staff", operation: "refundPayment", observed_at: world.now() },
      ...{ result: ended.result, status: null, version: null, ers_reference: null },
    });
    expect(world.asked()).toEqual([]);
    expect((await world.row(invoice)).state).toBe("completed");
  });

  it("that it was not made may have it made again: the intent is there at once, under the same key", async () => {
    await unanswered("completed", "30.00");
    await judge({ made: false, again: true });
    expect(world.ledger.refunds).toMatchObject([
      { state: "refused", amount: "30.00" },
      {
        ...{ state: "requested", amount: "30.00", currency_code: "SEK", reason: "medusa" },
        ...{ idempotency_key: "ref_1", requested_at: world.now(), result: null },
      },
    ]);
  });

  it("is about that refund only, and no longer once it is known", async () => {
    await unanswered("completed", "30.00");
    await expect(judge({ made: true }, "seqrref_other")).rejects.toMatchObject({
      code: "SEQR_DECISION_STALE",
    });
    await judge({ made: true });
    const before = world.ledger.observations.length;
    await expect(judge({ made: false })).rejects.toMatchObject({ code: "SEQR_DECISION_STALE" });
    expect(refunds()).toEqual(["30.00 done"]);
    expect(world.ledger.decisions).toHaveLength(1);
    expect(world.ledger.observations).toHaveLength(before);
  });

  it.each(["refunding", "refund_due"] as const)(
    "that all is back ends a payment that is %s",
    async (state) => {
      await unanswered(state, "100.00");
      await judge({ made: true });
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "refunded", state_since: world.now(), problem: null },
        due_at: new Date(world.now().getTime() + 60_000),
      });
    },
  );

  it.each([
    ["refunding", "100.00", false],
    ["refunding", "30.00", true],
    ["refund_due", "100.00", false],
    ["refund_due", "30.00", true],
  ] as const)(
    "lets a payment that is %s go on at once when some of it is still to be refunded (%s, made: %s)",
    async (state, amount, made) => {
      await unanswered(state, amount);
      await judge({ made });
      expect(await world.row(invoice)).toMatchObject({ state, attempts: 0, due_at: world.now() });
    },
  );
});
