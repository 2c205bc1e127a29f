import { EventEmittingLedger } from "../../../src/modules/seqr/ledger/event-emitting-ledger";
import {
  invoiceEvent,
  moneyLine,
  refundEvent,
  REFUND_EVENTS,
  type MoneyEvent,
} from "../../../src/modules/seqr/ledger/money-events";
import type { Ledger, InvoiceRecord, RefundRecord } from "../../../src/modules/seqr/ledger/ledger";
import { STATE_TABLE } from "../../../src/modules/seqr/invoice/state-table";
import { INVOICE_STATES, REFUND_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { hashToken, newToken } from "../../../src/modules/seqr/invoice/tokens";
import { at, invoiceIn, newDecision, newInvoice, newRefund, present, step } from "./ledger-contract";
import { MemoryLedger } from "./memory-ledger";

const SECRETS = {
  token_hash: hashToken(newToken()) ?? "",
  notification_token_hash: hashToken(newToken()) ?? "",
};

function invoice(more: Partial<InvoiceRecord> = {}): InvoiceRecord {
  return {
    ...newInvoice(),
    ...SECRETS,
    id: "seqrinv_1",
    session_id: "payses_1",
    payment_collection_id: "pay_col_1",
    cart_id: "cart_1",
    order_id: null,
    pending_amount: null,
    reserved_amount: null,
    reserved_at: null,
    reserved_until: null,
    capture_amount: null,
    capture_key: null,
    invoice_reference: "20300101000000001",
    ers_reference: null,
    qr_code: "HTTP://SEQR.SE/R20300101000000001",
    state: "open",
    reason: null,
    version: 0,
    observed_at: null,
    notified_at: null,
    viewed_at: null,
    paid_at: null,
    completed_at: null,
    lease_owner: "owner",
    lease_until: at(10),
    attempts: 0,
    problem: null,
    disputed_reference: null,
    problem_no: 0,
    problem_about: null,
    disputed_amount: null,
    created_at: at(0),
    ...more,
  };
}

function refund(more: Partial<RefundRecord> = {}): RefundRecord {
  return {
    ...newRefund("seqrinv_1"),
    id: "seqrref_1",
    state: "done",
    refund_reference: "2030010100000000000000009",
    result: "0",
    finished_at: at(2),
    taken_over_at: null,
    actor_id: null,
    ...more,
  };
}

/** A line as a program reads it. */
function read(line: string): Record<string, string> {
  const [seqr, ...fields] = line.split(" ");
  expect(seqr).toBe("seqr");
  return Object.fromEntries(fields.map((field) => field.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

const lineOf = (event: MoneyEvent | undefined): string => moneyLine(present(event));

describe("the line of a money event", () => {
  it("names the event, then the ids, the sum and the state; what is empty is left out", () => {
    expect(lineOf(invoiceEvent(invoice()))).toBe(
      "seqr event=invoice.opened invoice_id=seqrinv_1 invoice_reference=20300101000000001 " +
        "payment_collection_id=pay_col_1 session_id=payses_1 cart_id=cart_1 amount=100.00 currency_code=SEK state=open",
    );
  });

  it("tells of a payment with SEQR's reference and the order", () => {
    const completed = invoice({ state: "completed", ers_reference: "0123456789", order_id: "order_1" });
    expect(read(lineOf(invoiceEvent(completed)))).toMatchObject({
      event: "payment.completed",
      ers_reference: "0123456789",
      order_id: "order_1",
      state: "completed",
    });
  });

  it("tells of a refund with its own sum, state, id and reference, and with its payment's", () => {
    const completed = invoice({ state: "completed", ers_reference: "0123456789", problem: "SEQR_BUSY" });
    expect(read(lineOf(refundEvent(completed, refund())))).toEqual({
      event: "refund.made",
      invoice_id: "seqrinv_1",
      invoice_reference: "20300101000000001",
      ers_reference: "0123456789",
      payment_collection_id: "pay_col_1",
      session_id: "payses_1",
      cart_id: "cart_1",
      amount: "10.00",
      currency_code: "SEK",
      state: "done",
      reason: "medusa",
      refund_id: "seqrref_1",
      refund_reference: "2030010100000000000000009",
    });
  });

  it("says why a refund was not made", () => {
    const refused = refund({ state: "refused", result: "SEQR_97", refund_reference: null });
    const line = read(lineOf(refundEvent(invoice({ state: "completed" }), refused)));
    expect(line).toMatchObject({ event: "refund.refused", problem: "SEQR_97" });
    expect(line).not.toHaveProperty("refund_reference");
  });

  it("tells a payment that SEQR took back from an invoice that was cancelled", () => {
    const event = present(invoiceEvent(invoice({ state: "canceled", reason: "reversed" })));
    expect(event).toMatchObject({ name: "seqr.payment.reversed", level: "warn" });
    expect(read(moneyLine(event))).toMatchObject({ state: "canceled", reason: "reversed" });
    expect(invoiceEvent(invoice({ state: "canceled", reason: "shopper" }))?.name).toBe(
      "seqr.invoice.canceled",
    );
  });

  it("is one line with the fields that we gave it, whatever SEQR's references hold", () => {
    const forged = "1\nseqr event=payment.completed order_id=order_9\r\u2028\u001b[2J";
    const line = lineOf(invoiceEvent(invoice({ invoice_reference: forged })));
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(line.split(" ").filter((field) => /^(event|order_id)=/.test(field))).toEqual([
      "event=invoice.opened",
    ]);
  });

  describe.each(INVOICE_STATES)("for %s", (state) => {
    const event = invoiceEvent(invoice({ state, ers_reference: "0123456789" }));

    if (state === "sending" || state === "not_issued") {
      it("is not written: nobody could pay it", () => expect(event).toBeUndefined());
      return;
    }
    it("is written, with the state and nothing but what may be known", () => {
      const line = lineOf(event);
      expect(read(line)).toMatchObject({ state, invoice_id: "seqrinv_1", session_id: "payses_1" });
      expectNothingElse(line);
    });
  });

  describe.each(REFUND_STATES)("for a refund that is %s", (state) => {
    const event = refundEvent(invoice({ state: "completed" }), refund({ state }));

    if (state === "requested") {
      it("is not written: it has no end yet", () => expect(event).toBeUndefined());
      return;
    }
    it("is written, with the state and nothing but what may be known", () => {
      const line = lineOf(event);
      expect(read(line)).toMatchObject({ state, refund_id: "seqrref_1", invoice_id: "seqrinv_1" });
      expectNothingElse(line);
    });
  });

  it("has a name of its own for each state", () => {
    const names = [
      ...Object.values(STATE_TABLE).map(({ event }) => event),
      ...Object.values(REFUND_EVENTS),
    ].flatMap((event) => (event ? [event[0]] : []));
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^seqr\.[a-z]+\.[a-z_]+$/.test(name))).toBe(true);
  });

  it("is a warning where staff may have to act", () => {
    const loud: InvoiceState[] = [
      "canceling",
      "unacknowledged",
      "releasing",
      "refund_due",
      "refunding",
      "closed_by_staff",
    ];
    expect(INVOICE_STATES.filter((state) => STATE_TABLE[state].event?.[1] === "warn")).toEqual(loud);
    expect(REFUND_EVENTS.unknown?.[1]).toBe("error");
  });

  it("is there for every end that a refund can have", () => {
    expect(REFUND_STATES.filter((state) => !REFUND_EVENTS[state])).toEqual(["requested"]);
  });
});

describe("a ledger that announces", () => {
  const said: MoneyEvent[] = [];
  let ledger: MemoryLedger;
  let told: Ledger;
  beforeEach(() => {
    said.length = 0;
    ledger = new MemoryLedger({ now: () => at(0) });
    told = new EventEmittingLedger(ledger, (event) => said.push(event));
  });

  /** What was said since this was asked last: the name, and of what. */
  const heard = () => said.splice(0).map(({ name, data }) => `${name} ${data.refund_id ?? data.invoice_id}`);
  const seen = async (state: InvoiceState) => {
    const found = await invoiceIn(ledger, state);
    heard();
    return found;
  };
  const asked = async (of: InvoiceRecord) => present(await told.insertRefund(newRefund(of.id)));
  const outcome = { refund_reference: null, result: "0", finished_at: at(1) };

  it("tells of a step once: not of one that is refused, nor of the intent to send and its end", async () => {
    const { id } = present(await told.insert(newInvoice()));
    await told.transition(id, "open", step());
    expect(heard()).toEqual([`seqr.invoice.opened ${id}`]);
    expect(await told.transition(id, "completed", step())).toBeUndefined();
    expect(await told.transition(id, "paid", step(), ["canceling"])).toBeUndefined();
    expect(heard()).toEqual([]);
    expect(await told.transition(id, "paid", step())).toMatchObject({ id, state: "paid" });
    expect(heard()).toEqual([`seqr.payment.received ${id}`]);
    const unsent = await seen("sending");
    await told.transition(unsent.id, "not_issued", step());
    expect(heard()).toEqual([]);
  });

  it("tells of a problem that is a matter of its own when it is noted, and of nothing else that is noted", async () => {
    const { id } = await seen("completed");
    expect(await told.update(id, { problem: "SEQR_REFUND_NOT_MADE" }, ["completed"])).toBe(true);
    expect(heard()).toEqual([`seqr.refund.missing ${id}`]);
    expect(await told.update(id, { problem: "SEQR_REFUNDED_ELSEWHERE" }, ["open"])).toBe(false);
    expect(await told.update(id, { problem: "SEQR_TIMEOUT" }, ["completed"])).toBe(true);
    expect(await told.update(id, { attempts: 1 }, ["completed"])).toBe(true);
    expect(heard()).toEqual([]);
  });

  it("tells of a refund's end once, whoever says what it was", async () => {
    const paid = await seen("paid");
    const first = await asked(paid);
    expect(await told.finishRefund(first.id, "unknown", outcome)).toMatchObject({ state: "unknown" });
    expect(heard()).toEqual([`seqr.refund.unknown ${first.id}`]);
    const verdict = { ...outcome, state: "done" } as const;
    const judged = await told.resolveRefund(newDecision(paid.id), first.id, verdict);
    expect(judged).toMatchObject({ id: first.id, state: "done" });
    expect(heard()).toEqual([`seqr.refund.made ${first.id}`]);
    expect(await told.resolveRefund(newDecision(paid.id), first.id, verdict)).toBeUndefined();
    expect(await told.finishRefund(first.id, "refused", outcome)).toBeUndefined();
    expect(heard()).toEqual([]);
  });

  it("tells of a decision that was a step, and not of one that only took a problem away or came too late", async () => {
    const paid = await seen("paid");
    const about = (change: { to?: InvoiceState }) =>
      told.recordDecision(newDecision(paid.id), paid, {
        ...change,
        patch: { problem: null },
        ofProblem: false,
      });
    expect(await about({})).toMatchObject({ state: "paid" });
    expect(heard()).toEqual([]);
    expect(await about({ to: "refunding" })).toMatchObject({ state: "refunding" });
    expect(heard()).toEqual([`seqr.payment.refunding ${paid.id}`]);
    expect(await about({ to: "refunding" })).toBeUndefined();
    expect(heard()).toEqual([]);
  });

  it("is the same ledger in all else", async () => {
    const { id } = await seen("open");
    expect(await told.find({ id })).toEqual(await ledger.find({ id }));
  });
});

/** Only these fields: no token or its hash, no code to pay with, no lease, no key. */
function expectNothingElse(line: string): void {
  const known = [
    ...["event", "invoice_id", "invoice_reference", "ers_reference", "payment_collection_id", "session_id"],
    ...["cart_id", "order_id", "amount", "currency_code", "state", "reason", "problem"],
    ...["refund_id", "refund_reference"],
  ];
  expect(Object.keys(read(line)).filter((name) => !known.includes(name))).toEqual([]);
  for (const secret of Object.values(SECRETS)) expect(line).not.toContain(secret);
}
