import fc from "fast-check";
import { nextDue } from "../../../src/modules/seqr/cadence";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger";
import { INVOICE_STATES } from "../../../src/modules/seqr/states";
import { REVERSAL_AFTER } from "../../../src/seqr";
import { at, newInvoice } from "./ledger-contract";

/** An invoice at second 0, with five minutes to live. */
const invoice = (more: Partial<InvoiceRecord>): InvoiceRecord => ({
  ...newInvoice(),
  id: "seqrinv_1",
  order_id: null,
  invoice_reference: "100001",
  ers_reference: null,
  qr_code: null,
  state: "open",
  reason: null,
  version: 0,
  expires_at: at(300),
  observed_at: null,
  notified_at: null,
  viewed_at: null,
  paid_at: null,
  settled_at: null,
  due_at: null,
  lease_owner: null,
  lease_until: null,
  attempts: 0,
  problem: null,
  created_at: at(0),
  ...more,
});
/** Seconds from `now` to the next look. */
const wait = (record: InvoiceRecord, now: number): number | null => {
  const due = nextDue(record, at(now));
  return due && (due.getTime() - at(now).getTime()) / 1_000;
};

describe("an open invoice", () => {
  it("is looked at every five seconds", () => {
    expect(wait(invoice({}), 0)).toBe(5);
    expect(wait(invoice({}), 100)).toBe(5);
  });

  it("is looked at every second while its payment page is open", () => {
    expect(wait(invoice({ viewed_at: at(10) }), 10)).toBe(1);
    expect(wait(invoice({ viewed_at: at(10) }), 14.999)).toBe(1);
    expect(wait(invoice({ viewed_at: at(10) }), 15)).toBe(5);
  });

  it("is asked for less often while SEQR fails, but still in time to see a payment", () => {
    expect(wait(invoice({ viewed_at: at(10), attempts: 1 }), 10)).toBe(5);
    expect(wait(invoice({ attempts: 1_000 }), 10)).toBe(5);
  });

  it("is looked at when its lifetime ends, if that is sooner", () => {
    expect(wait(invoice({ expires_at: at(300) }), 297)).toBe(3);
    expect(wait(invoice({ expires_at: at(300) }), 295)).toBe(5);
    expect(wait(invoice({ expires_at: at(300), viewed_at: at(298.5) }), 298.5)).toBe(1);
  });

  it("goes on being looked at after its lifetime, until it is ended", () => {
    expect(wait(invoice({ expires_at: at(300) }), 300)).toBe(5);
    expect(wait(invoice({ expires_at: at(300) }), 1_000)).toBe(5);
  });

  it("is always looked at again well within SEQR's 20 seconds, whatever happened to it", () => {
    const seconds = fc.double({ min: -1_000, max: 1_000, noNaN: true });
    const maybe = fc.option(seconds.map(at));
    fc.assert(
      fc.property(seconds, maybe, maybe, maybe, seconds, fc.nat(), (now, viewed_at, notified_at, observed_at, end, attempts) => {
        const record = invoice({ viewed_at, notified_at, observed_at, attempts, expires_at: at(end) });
        const due = nextDue(record, at(now));
        const pause = Number(due) - at(now).getTime();
        expect(pause).toBeGreaterThan(0);
        // one look that is lost leaves time for another
        expect(pause * 2).toBeLessThanOrEqual(REVERSAL_AFTER / 2);
      }),
    );
  });
});

describe("an invoice that is being sent", () => {
  it("is looked into a minute after it was written, however often it is asked about", () => {
    expect(wait(invoice({ state: "sending" }), 0)).toBe(60);
    expect(wait(invoice({ state: "sending" }), 59)).toBe(1);
    expect(wait(invoice({ state: "sending", attempts: 9 }), 61)).toBe(-1);
  });
});

describe("a declined payment", () => {
  it("is not read before SEQR has surely reversed it", () => {
    const declined = invoice({ state: "declined", notified_at: at(10) });
    expect(wait(declined, 10)).toBeGreaterThan(REVERSAL_AFTER / 1_000);
    expect(wait(declined, 10)).toBe(30);
    expect(wait(declined, 39)).toBe(1);
  });

  it("is read then, and less and less often while SEQR fails", () => {
    const declined = (attempts: number) => invoice({ state: "declined", notified_at: at(10), attempts });
    expect(wait(declined(0), 40)).toBe(1);
    expect(wait(declined(4), 50)).toBe(16);
  });

  it("without a notification is left alone as long", () => {
    expect(wait(invoice({ state: "declined" }), 10)).toBe(30);
  });
});

describe("what is tried again", () => {
  it.each(["canceling", "paid", "returning"] as const)("while %s waits longer after each failure", (state) => {
    const waits = [0, 1, 2, 3, 8, 9, 20, 1_000_000].map((attempts) => wait(invoice({ state, attempts }), 0));
    expect(waits).toEqual([1, 2, 4, 8, 256, 300, 300, 300]);
  });

  it("never waits less than a second or more than five minutes", () => {
    fc.assert(
      fc.property(fc.constantFrom("canceling" as const, "paid" as const, "returning" as const), fc.nat(), (state, attempts) => {
        const pause = wait(invoice({ state, attempts }), 0) ?? 0;
        expect(pause).toBeGreaterThanOrEqual(1);
        expect(pause).toBeLessThanOrEqual(300);
      }),
    );
  });
});

describe("a captured payment", () => {
  it("is looked into when its order has not appeared in a minute", () => {
    expect(wait(invoice({ state: "captured" }), 5)).toBe(60);
  });
});

describe("what has ended", () => {
  const WORK = ["sending", "open", "canceling", "declined", "paid", "captured", "returning"];
  it.each(INVOICE_STATES)("costs nothing, and nothing else is forgotten: %s", (state) => {
    expect(nextDue(invoice({ state }), at(0)) !== null).toBe(WORK.includes(state));
  });
});
