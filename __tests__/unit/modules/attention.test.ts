import {
  ATTENTION,
  attentionOf,
  invoiceOfEntry,
} from "../../../src/modules/seqr/attention/attention-entries";
import {
  ATTENTION_ACTIONS,
  NEED_OF,
  type AttentionKind,
} from "../../../src/modules/seqr/attention/attention-kinds";
import type { InvoicePatch, InvoiceRecord, RefundRecord } from "../../../src/modules/seqr/ledger/ledger";
import {
  INVOICE_STATES,
  UNRESOLVED_STATES,
  type InvoiceState,
} from "../../../src/modules/seqr/invoice/states";
import {
  resolveUnknownRefund,
  type RefundResolution,
} from "../../../src/modules/seqr/operations/refund/resolve-unknown-refund";
import {
  refundInvoice,
  carryOutRequestedRefund,
} from "../../../src/modules/seqr/operations/refund/refund-invoice";
import { listAttention } from "../../../src/attention/attention-list";
import { at, present } from "./ledger-contract";
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
    ["paid", null, ["order_pending"]],
    ["captured", "SEQR_ORDER_FAILED", ["order_pending"]],
    ["unacknowledged", null, ["awaiting_reversal"]],
    ["refunding", null, ["refunding"]],
    ["refunding", "SEQR_UNREACHABLE", ["refunding"]],
    ["refunding", "SEQR_97", ["refund_refused"]],
    ["refund_due", null, ["refunding"]],
    ["refund_due", "SEQR_99", ["refund_refused"]],
    ["open", null, []],
    ["open", "SEQR_ANSWER_CONTRADICTS", ["contradicting"]],
    ["canceling", "SEQR_TIMEOUT", ["not_canceled"]],
    ["completed", null, []],
    ["completed", "SEQR_ORDER_TOTAL_DIFFERS", ["amount_differs"]],
    ["canceled", "SEQR_REVERSED", ["reversed"]],
    ["completed", "SEQR_REFUND_NOT_MADE", ["refund_missing"]],
    ["completed", "SEQR_TIMEOUT", ["unexplained"]],
    ["completed", "SEQR_REFUNDED_ELSEWHERE", ["refunded_elsewhere"]],
    ["refunding", "SEQR_REFUNDED_ELSEWHERE", ["refunded_elsewhere"]],
    ["canceling", "SEQR_ANSWER_CONTRADICTS", ["contradicting"]],
    ["expired", "SEQR_ANSWER_CONTRADICTS", ["contradicting"]],
    ["refunded", "SEQR_TIMEOUT", ["unexplained"]],
    ["closed_by_staff", "SEQR_TIMEOUT", ["unexplained"]],
    ["open", "SEQR_TIMEOUT", ["unreadable"]],
    ["open", "SEQR_97", ["unreadable"]],
    ["expired", "SEQR_ORDER_ABANDONED", ["order_canceled"]],
    ["awaiting_capture", null, []],
    ["awaiting_capture", "SEQR_11", ["capture_refused"]],
    ["awaiting_capture", "SEQR_RESERVATION_LAPSES", ["reservation_lapses"]],
    ["lapsed", "SEQR_RESERVATION_LAPSED", ["reservation_lapsed"]],
    ["capturing", "SEQR_11", ["capture_pending"]],
    ["releasing", "SEQR_11", ["releasing"]],
    ["not_issued", "SEQR_UNREACHABLE", []],
    ["closed_by_staff", null, []],
  ])("of an invoice that is %s with problem %s is %j", (state, problem, expected) => {
    expect(kinds({ state, problem })).toEqual(expected);
  });

  it("is all money that is being worked on", () => {
    for (const state of INVOICE_STATES) {
      const isUnfinished = UNRESOLVED_STATES.includes(state);
      expect(kinds({ state, problem: null })).toHaveLength(isUnfinished ? 1 : 0);
    }
  });

  it("either goes on by itself at a time, or offers a person something to do", () => {
    for (const { automaticAction, actions } of Object.values(ATTENTION)) {
      expect(automaticAction !== null || actions.length > 0).toBe(true);
    }
    const [entry] = attentionOf(invoice, []);
    expect(entry).toMatchObject({ since: invoice.state_since, nextAttemptAt: invoice.due_at });
    expect(attentionOf({ ...invoice, state: "refunding", problem: "SEQR_97" }, [])[0]?.nextAttemptAt).toBe(
      null,
    );
  });

  it("offers staff these actions", () => {
    const kinds = Object.entries(ATTENTION);
    expect(Object.fromEntries(kinds.map(([kind, { actions }]) => [kind, actions]))).toEqual({
      period_lost: ["retry", "accept"],
      period_unreported: ["retry", "accept"],
      report_differs: ["retry", "accept", "dismiss"],
      summary_differs: ["retry", "accept"],
      books_difference: ["retry", "accept"],
      order_pending: ["retry", "refund"],
      awaiting_reversal: [],
      capture_pending: ["retry"],
      capture_refused: ["retry"],
      releasing: ["retry", "dismiss"],
      reservation_lapses: ["retry", "dismiss"],
      reservation_lapsed: ["accept", "dismiss"],
      refunding: ["retry", "dismiss"],
      refund_refused: ["retry", "accept", "dismiss"],
      refund_unknown: ["retry", "accept", "dismiss"],
      unreadable: ["retry", "refund", "dismiss"],
      not_canceled: ["retry", "refund", "dismiss"],
      refund_missing: ["accept", "dismiss"],
      refunded_elsewhere: ["accept", "dismiss"],
      terminal_unknown: ["retry", "dismiss"],
      contradicting: ["retry", "refund", "dismiss"],
      amount_differs: ["accept"],
      unexplained: ["accept"],
      reversed: ["dismiss"],
      order_canceled: ["dismiss"],
    });
  });

  it("offers each action for some entry, and no other one", () => {
    const offered = new Set(Object.values(ATTENTION).flatMap(({ actions }) => actions));
    expect(new Set(ATTENTION_ACTIONS)).toEqual(offered);
  });

  it("says what each entry needs, and only what informs offers nothing but to be seen", () => {
    for (const [kind, { automaticAction, actions }] of Object.entries(ATTENTION)) {
      const need = NEED_OF[kind as AttentionKind];
      const expected =
        automaticAction !== null ? "nothing" : actions.join() === "dismiss" ? "acknowledgement" : "person";
      expect([kind, need]).toEqual([kind, expected]);
    }
  });

  it("offers to refund what Medusa has not authorized, and after a contradicting answer what SEQR is known to have taken", () => {
    const offers = (more: Partial<InvoiceRecord>) =>
      attentionOf({ ...invoice, ...more }, [])[0]?.actions.includes("refund");
    expect(offers({ state: "paid" })).toBe(true);
    expect(offers({ state: "captured" })).toBe(false);
    expect([offers({ state: "reserved" }), offers({ state: "authorized" })]).toEqual([true, false]);
    const contradicting = { state: "open", problem: "SEQR_ANSWER_CONTRADICTS" } as const;
    expect(offers({ ...contradicting, disputed_reference: "1", disputed_amount: "5.00" })).toBe(true);
    expect(offers({ ...contradicting, disputed_reference: "1", disputed_amount: null })).toBe(false);
    expect(offers({ ...contradicting, disputed_reference: null, disputed_amount: "5.00" })).toBe(false);
  });

  it("is listed with a number of questions to the ledger that does not grow with the list", async () => {
    const questions: string[] = [];
    const ledger = new Proxy(world.ledger, {
      get(target, name) {
        const own: unknown = Reflect.get(target, name);
        if (typeof own !== "function") return own;
        questions.push(String(name));
        return own.bind(target) as unknown;
      },
    });
    const seqr = { ...world.context, ledger };
    const page = { limit: 200, offset: 0 };
    expect((await listAttention({ seqr }, page)).attention_items).toHaveLength(1);
    const forOne = questions.splice(0);
    for (let made = 0; made < 20; made++) await world.move(await world.paid(), "refunding");
    expect((await listAttention({ seqr }, page)).attention_items).toHaveLength(21);
    expect(questions).toEqual(forOne);
  });

  describe("an entry's id", () => {
    const ids = async () => attentionOf(await world.row(invoice), []).map(({ id }) => id);
    const note = (problem: string | null, more: InvoicePatch = {}) =>
      world.ledger.update(invoice.id, { problem, ...more }, INVOICE_STATES);

    it("names its invoice, and nothing else names one", () => {
      const [entry] = attentionOf(invoice, []);
      expect(invoiceOfEntry(entry?.id ?? "")).toBe(invoice.id);
      for (const id of [
        "",
        ".",
        "x",
        `${invoice.id}`,
        `${invoice.id}.processing`,
        `${invoice.id}.processing.`,
        `${invoice.id}..1`,
        ".processing.1",
        `${invoice.id}.constructor.1`,
      ]) {
        expect(invoiceOfEntry(id)).toBeUndefined();
      }
    });

    it("stays while a step is tried again, and is another one when the state comes again", async () => {
      const before = await ids();
      await note("SEQR_ORDER_FAILED");
      expect(await ids()).toEqual(before);
      world.pass(1);
      await world.move(await world.move(invoice, "captured"), "paid");
      expect(await ids()).not.toEqual(before);
    });

    it("of a problem is another one when the problem comes again", async () => {
      await world.move(await world.move(invoice, "captured"), "completed", {
        problem: "SEQR_ORDER_TOTAL_DIFFERS",
      });
      const before = await ids();
      await note("SEQR_ORDER_TOTAL_DIFFERS");
      expect(await ids()).toEqual(before);
      await note(null);
      await note("SEQR_ORDER_TOTAL_DIFFERS");
      expect(await ids()).toHaveLength(1);
      expect(await ids()).not.toEqual(before);
    });

    it("of a refund that only Medusa has recorded is the refund's", async () => {
      await world.move(await world.move(invoice, "captured"), "completed");
      await note("SEQR_REFUND_NOT_MADE", { problem_about: "ref_1" });
      expect(await ids()).toEqual([`${invoice.id}.refund_missing.ref_1`]);
      await note("SEQR_REFUND_NOT_MADE", { problem_about: "ref_2" });
      expect(await ids()).toEqual([`${invoice.id}.refund_missing.ref_2`]);
    });
  });

  describe("a refund of unknown outcome", () => {
    const lose = async (kind: "lost-answer" | "lost-request"): Promise<void> => {
      world.sandbox.faults.add({ operation: "refundPayment", kind });
      await expect(
        refundInvoice(world.context, invoice, { amount: "30.00", idempotencyKey: "ref_1", reason: "medusa" }),
      ).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
    };
    const entries = async () => attentionOf(invoice, await world.ledger.refundsOf(invoice.id));
    const page = { limit: 10, offset: 0 };
    const judge = async (verdict: RefundResolution, subject?: string) =>
      resolveUnknownRefund(
        world.context,
        { invoice, kind: "refund_unknown", subject: subject ?? (await unknown()) },
        { action: "accept", actor_id: "user_1", reason: "seen" },
        verdict,
      );
    const unknown = async () =>
      (await world.ledger.refundsOf(invoice.id)).find(({ state }) => state === "unknown")?.id ?? "";

    it("is listed, and the ledger finds it among everything else", async () => {
      invoice = await world.move(await world.move(invoice, "captured"), "completed");
      expect(await world.ledger.attentionRows(page)).toEqual([]);
      await lose("lost-answer");
      expect(await entries()).toMatchObject([{ kind: "refund_unknown", refund: { amount: "30.00" } }]);
      expect(await world.ledger.attentionRows(page)).toEqual([
        { invoice_id: invoice.id, period_id: null, item_id: null, kind: "refund_unknown" },
      ]);
    });

    it("is unknown since SEQR was silent, or since it was asked for when nobody was there to see that", async () => {
      await lose("lost-answer");
      const [refund] = await world.ledger.refundsOf(invoice.id);
      const since = (times: Partial<RefundRecord>) =>
        attentionOf(invoice, [{ ...present(refund), ...times }])[0]?.since;
      expect(since({ requested_at: at(1), finished_at: at(11) })).toEqual(at(11));
      expect(since({ requested_at: at(1), finished_at: null })).toEqual(at(1));
    });

    it("that was made counts, with its reference", async () => {
      await lose("lost-answer");
      await judge({ made: true, reference: "2026" });
      expect(await world.ledger.refundsOf(invoice.id)).toMatchObject([
        { state: "done", refund_reference: "2026" },
      ]);
      await expect(
        refundInvoice(world.context, invoice, { amount: "70.01", idempotencyKey: "ref_2", reason: "medusa" }),
      ).rejects.toMatchObject({ code: "SEQR_REFUND_TOO_HIGH" });
    });

    it("that was not made blocks no longer", async () => {
      await lose("lost-request");
      await judge({ made: false });
      await refundInvoice(world.context, invoice, {
        amount: "100.00",
        idempotencyKey: "ref_2",
        reason: "medusa",
      });
      const refunds = await world.ledger.refundsOf(invoice.id);
      expect(refunds.map(({ state }) => state)).toEqual(["refused", "done"]);
      expect(await world.row(invoice)).toMatchObject({ state: "refunded" });
    });

    it("that was not made is made again once, when that was decided with the verdict", async () => {
      invoice = await world.move(await world.move(invoice, "captured"), "completed");
      await lose("lost-request");
      await judge({ made: false, again: true });
      world.asked();
      const seqr = world.context;
      expect(await carryOutRequestedRefund(seqr, invoice)).toMatchObject({ state: "done", amount: "30.00" });
      expect(await carryOutRequestedRefund(seqr, invoice)).toBeUndefined();
      expect(world.asked()).toEqual(["refundPayment 0"]);
    });

    it("is judged once", async () => {
      await lose("lost-answer");
      const verdicts = await Promise.allSettled([judge({ made: true }), judge({ made: false })]);
      expect(verdicts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      await expect(judge({ made: false })).rejects.toMatchObject({ code: "SEQR_DECISION_STALE" });
      expect(world.ledger.decisions).toHaveLength(1);
    });

    it("is not meant by a verdict on an earlier one", async () => {
      await lose("lost-request");
      const first = await unknown();
      await judge({ made: false }, first);
      await lose("lost-answer");
      await expect(judge({ made: false }, first)).rejects.toMatchObject({ code: "SEQR_DECISION_STALE" });
      expect((await world.ledger.refundsOf(invoice.id)).map(({ state }) => state)).toEqual([
        "refused",
        "unknown",
      ]);
      expect(world.ledger.decisions).toMatchObject([{ subject: first }]);
    });

    it("leaves what else is noted with a finished payment", async () => {
      await world.move(await world.move(invoice, "captured"), "completed", {
        problem: "SEQR_ORDER_TOTAL_DIFFERS",
      });
      await lose("lost-answer");
      await judge({ made: true });
      expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_ORDER_TOTAL_DIFFERS" });
    });

    it("tells of what staff said became of it", async () => {
      await lose("lost-answer");
      await judge({ made: true });
      expect(world.log.some((line) => line.startsWith("info seqr event=refund.made "))).toBe(true);
    });
  });
});
