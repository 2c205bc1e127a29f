import fc from "fast-check";
import {
  isAbandonedOrderCheckDue,
  isCapturedByPlugin,
  isOverdue,
  lapsesSoonFrom,
  nextDue,
  recheckDue,
} from "../../../src/modules/seqr/invoice/polling-schedule";
import { refundTimeLimit } from "../../../src/modules/seqr/invoice/time-limits";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { Terminals } from "../../../src/modules/seqr/operations/terminals";
import { clientOptions } from "../../../src/options/seqr-options";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { REVERSAL_AFTER, SeqrClient } from "../../../src/seqr";
import { watchDue } from "../../../src/processing/watch";
import { CANARY } from "../../store/kit/secrets";
import { startStoreWorld, type StoreWorld } from "../processing/store-world";
import { at, newInvoice, present } from "./ledger-contract";
import type { OperationContext } from "../../../src/modules/seqr/operations/operation-context";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";

/** An invoice at second 0, with five minutes to live. */
const invoice = (more: Partial<InvoiceRecord>): InvoiceRecord => ({
  ...newInvoice(),
  id: "seqrinv_1",
  order_id: null,
  pending_amount: null,
  reserved_amount: null,
  reserved_at: null,
  reserved_until: null,
  capture_amount: null,
  capture_key: null,
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
  completed_at: null,
  due_at: null,
  lease_owner: null,
  lease_until: null,
  attempts: 0,
  problem: null,
  disputed_reference: null,
  problem_no: 0,
  problem_about: null,
  disputed_amount: null,
  created_at: at(0),
  ...more,
});
/** Seconds from `now` to the next look. */
const wait = (record: InvoiceRecord, now: number): number | null => {
  const due = nextDue(record, at(now));
  return due && (due.getTime() - at(now).getTime()) / 1_000;
};

describe("a processed invoice", () => {
  it.each([
    [0, null],
    [1, 2],
    [4, 16],
    [20, 300],
  ])(
    "whose capture the plugin has recorded in the order is checked again (after %d times: in %s seconds)",
    (attempts, seconds) => {
      expect(wait(invoice({ state: "completed", attempts }), 0)).toBe(seconds);
    },
  );
});

describe("an open invoice", () => {
  /** SEQR answered at this second. */
  const polled = (seconds: number, more: Partial<InvoiceRecord> = {}) =>
    invoice({ observed_at: at(seconds), ...more });

  it("is polled every five seconds", () => {
    expect(wait(invoice({}), 0)).toBe(5);
    expect(wait(polled(100), 100)).toBe(5);
  });

  it("is not polled later because of work that ended without a poll", () => {
    expect(wait(polled(100), 103)).toBe(2);
    expect(wait(polled(100), 104.5)).toBe(1);
    expect(wait(polled(100), 200)).toBe(1);
    expect(nextDue(polled(100), at(107), true)).toEqual(at(110));
    expect(nextDue(polled(100), at(200), true)).toEqual(at(201));
    expect(wait(invoice({ state_since: at(50) }), 52)).toBe(3);
    // Another server's clock is ahead.
    expect(wait(polled(200), 100)).toBe(5);
  });

  it("is polled every second while its payment page is open", () => {
    expect(wait(invoice({ viewed_at: at(10) }), 10)).toBe(1);
    expect(wait(invoice({ viewed_at: at(10) }), 14.999)).toBe(1);
    expect(wait(polled(15, { viewed_at: at(10) }), 15)).toBe(5);
  });

  it("is polled every ten seconds while notifications are known to arrive, page or no page", () => {
    expect(nextDue(invoice({ viewed_at: at(0) }), at(0), true)).toEqual(at(10));
    expect(nextDue(invoice({ attempts: 1 }), at(0), true)).toEqual(at(5));
    expect(nextDue(invoice({ expires_at: at(7) }), at(0), true)).toEqual(at(7));
  });

  it("is asked for less often while SEQR fails, but still in time to see a payment", () => {
    expect(wait(invoice({ viewed_at: at(10), attempts: 1 }), 10)).toBe(5);
    expect(wait(invoice({ attempts: 1_000 }), 10)).toBe(5);
  });

  it("is polled when its lifetime ends, if that is sooner", () => {
    expect(wait(polled(297, { expires_at: at(300) }), 297)).toBe(3);
    expect(wait(polled(295, { expires_at: at(300) }), 295)).toBe(5);
    expect(wait(invoice({ expires_at: at(300), viewed_at: at(298.5) }), 298.5)).toBe(1);
  });

  it("is still polled after its lifetime, until it is ended", () => {
    expect(wait(invoice({ expires_at: at(300) }), 300)).toBe(1);
    expect(wait(invoice({ expires_at: at(300) }), 1_000)).toBe(1);
  });

  it("is asked for ever more rarely when that has not ended it for long after its lifetime", () => {
    const waits = [2, 3, 20, 21, 22, 1_000_000].map((attempts) =>
      wait(invoice({ expires_at: at(300), attempts }), 1_000),
    );
    expect(waits).toEqual([4, 5, 5, 30, 60, 3_600]);
  });

  it("is always polled again well within SEQR's 20 seconds, whatever happened to it", () => {
    const seconds = fc.double({ min: -1_000, max: 1_000, noNaN: true });
    const maybe = fc.option(seconds.map(at));
    fc.assert(
      fc.property(
        seconds,
        maybe,
        maybe,
        maybe,
        seconds,
        fc.nat(20),
        (now, viewed_at, notified_at, observed_at, end, attempts) => {
          const record = invoice({ viewed_at, notified_at, observed_at, attempts, expires_at: at(end) });
          const due = nextDue(record, at(now));
          const pause = Number(due) - at(now).getTime();
          expect(pause).toBeGreaterThan(0);
          // one look that is lost leaves time for another
          expect(pause * 2).toBeLessThanOrEqual(REVERSAL_AFTER / 2);
        },
      ),
    );
  });
});

describe.each([
  ["an invoice that is being sent", "sending", 60],
  ["a payment that was handed to Medusa", "captured", 60],
  ["a payment that is left to SEQR to take back", "unacknowledged", 30],
] as const)("%s", (_, state, patience) => {
  const passing = (more: Partial<InvoiceRecord> = {}) => invoice({ state, state_since: at(10), ...more });

  it(`is left alone for ${patience} seconds from when it came to that, however often it is looked at`, () => {
    expect(wait(passing(), 10)).toBe(patience);
    expect(wait(passing({ attempts: 3 }), 10 + patience - 1)).toBe(1);
    expect(isOverdue(passing(), at(10 + patience - 0.001))).toBe(false);
  });

  it("is processed then, and with a growing back-off while that fails", () => {
    expect(isOverdue(passing(), at(10 + patience))).toBe(true);
    expect(wait(passing(), 10 + patience)).toBe(1);
    expect(wait(passing({ attempts: 4 }), 100)).toBe(16);
  });
});

it.each(["refund_due", "refunding"] as const)(
  "a refund of Medusa's may be on its way for three minutes when the payment is %s",
  (state) => {
    expect(isOverdue(invoice({ state, state_since: at(10) }), at(189.999))).toBe(false);
    expect(isOverdue(invoice({ state, state_since: at(10) }), at(190))).toBe(true);
  },
);

it.each([
  [3_000, 10_000, 180_000],
  [60_000, 120_000, 420_000],
])(
  "a refund is not given up while SEQR may be asked for it the second time (timeouts %s and %s)",
  (connectTimeout, responseTimeout, milliseconds) => {
    expect(refundTimeLimit({ connectTimeout, responseTimeout })).toBe(milliseconds);
  },
);

it("what has ended has had its last check after a minute", () => {
  const ended = invoice({ state: "expired", state_since: at(10) });
  expect(isAbandonedOrderCheckDue(ended, at(69.999))).toBe(false);
  expect(isAbandonedOrderCheckDue(ended, at(70))).toBe(true);
});

it("an unacknowledged payment is not polled before SEQR has surely reversed it", () => {
  const unacknowledged = invoice({ state: "unacknowledged", notified_at: at(-1_000) });
  expect((wait(unacknowledged, 0) ?? 0) * 1_000).toBeGreaterThan(REVERSAL_AFTER);
});

describe("what is tried again", () => {
  it.each(["paid", "refund_due", "refunding"] as const)(
    "while %s waits longer after each failure",
    (state) => {
      const waits = [0, 1, 2, 3, 8, 9, 20, 1_000_000].map((attempts) =>
        wait(invoice({ state, attempts }), 0),
      );
      expect(waits).toEqual([1, 2, 4, 8, 256, 300, 300, 300]);
    },
  );

  it("while canceling does not wait long, because the shopper may pay, but longer after many attempts", () => {
    const waits = [0, 1, 2, 3, 4, 20, 21, 22, 1_000_000].map((attempts) =>
      wait(invoice({ state: "canceling", attempts }), 0),
    );
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 30, 60, 3_600]);
  });

  it.each(["canceling", "releasing"] as const)(
    "while %s is left to other servers after a second when SEQR refused this one's password",
    (state) => {
      const waits = [1, 4, 20, 21].map((attempts) =>
        wait(invoice({ state, attempts, problem: "SEQR_20" }), 0),
      );
      expect(waits).toEqual([1, 1, 1, 30]);
    },
  );

  it.each(["refund_due", "refunding"] as const)(
    "while %s waits for staff when SEQR allows no refund",
    (state) => {
      expect(wait(invoice({ state, problem: "SEQR_97" }), 0)).toBe(null);
      expect(wait(invoice({ state, problem: "SEQR_98" }), 0)).toBe(null);
      expect(wait(invoice({ state, problem: "SEQR_99" }), 0)).toBe(null);
      expect(wait(invoice({ state, problem: "SEQR_REFUND_UNKNOWN" }), 0)).toBe(1);
    },
  );

  it("never waits less than a second or more than an hour", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("canceling" as const, "paid" as const, "refunding" as const),
        fc.nat(),
        (state, attempts) => {
          const pause = wait(invoice({ state, attempts }), 0) ?? 0;
          expect(pause).toBeGreaterThanOrEqual(1);
          expect(pause).toBeLessThanOrEqual(3_600);
        },
      ),
    );
  });
});

describe("a reservation", () => {
  it.each([
    ["authorized", 60],
    ["committed", 60],
  ] as const)(
    "that is %s is left to Medusa for %s seconds, and then processed ever more rarely",
    (state, patience) => {
      const passing = (more: Partial<InvoiceRecord> = {}) => invoice({ state, state_since: at(10), ...more });
      expect(wait(passing(), 10)).toBe(patience);
      expect(wait(passing({ attempts: 3 }), 10 + patience - 1)).toBe(1);
      expect(wait(passing(), 10 + patience)).toBe(1);
      expect(wait(passing({ attempts: 4 }), 100)).toBe(16);
    },
  );

  it.each(["reserved", "capturing"] as const)("that is %s is processed ever more rarely", (state) => {
    const waits = [0, 1, 2, 9, 1_000].map((attempts) => wait(invoice({ state, attempts }), 0));
    expect(waits).toEqual([1, 2, 4, 300, 300]);
  });

  it("that is being released is tried again soon, because the shopper's money is held", () => {
    const waits = [0, 1, 4, 20, 21].map((attempts) => wait(invoice({ state: "releasing", attempts }), 0));
    expect(waits).toEqual([1, 2, 15, 15, 30]);
  });

  it("that has lapsed is processed only while its payment in Medusa could not be cancelled", () => {
    const waits = [0, 1, 2].map((attempts) => wait(invoice({ state: "lapsed", attempts }), 0));
    expect(waits).toEqual([null, 2, 4]);
  });

  describe("that waits for its capture", () => {
    const DAY = 86_400;
    /** Reserved at second 0 for a week, and its order is placed at second 10. */
    const uncaptured = (more: Partial<InvoiceRecord> = {}) =>
      invoice({
        state: "awaiting_capture",
        state_since: at(10),
        reservation_time: 7 * DAY,
        reserved_until: at(7 * DAY),
        ...more,
      });
    const checked = { observed_at: at(70) };

    it("has nothing to wait for when SEQR's time is not known", () => {
      expect(wait(uncaptured({ reserved_until: null }), 10)).toBe(null);
    });

    it("is polled once more a minute after its order was placed", () => {
      expect(wait(uncaptured(), 10)).toBe(60);
      expect(wait(uncaptured({ observed_at: at(69.999) }), 69)).toBe(1);
      expect(wait(uncaptured({ observed_at: at(69.999) }), 70)).toBe(1);
      expect(wait(uncaptured(), 100)).toBe(1);
    });

    it("is listed a day before its end, and polled at its end", () => {
      expect(wait(uncaptured(checked), 70)).toBe(6 * DAY - 70);
      expect(wait(uncaptured(checked), 6 * DAY - 1)).toBe(1);
      expect(wait(uncaptured(checked), 6 * DAY)).toBe(DAY);
    });

    it("is polled first where that was not done before it lapses soon", () => {
      expect(wait(uncaptured({ reservation_time: DAY, reserved_until: at(DAY) }), 10)).toBe(60);
      expect(wait(uncaptured(), 6.5 * DAY)).toBe(1);
    });

    it("is listed for the last quarter of a shorter time", () => {
      const short = { ...checked, reservation_time: 4_000, reserved_until: at(4_000) };
      expect(wait(uncaptured(short), 70)).toBe(2_930);
      expect(lapsesSoonFrom(uncaptured(short))).toEqual(at(3_000));
      expect(lapsesSoonFrom(uncaptured({ reservation_time: 100 * DAY }))).toEqual(at(6 * DAY));
      expect(lapsesSoonFrom(uncaptured({ reserved_until: null }))).toBe(null);
      expect(lapsesSoonFrom(uncaptured({ reservation_time: null }))).toEqual(at(7 * DAY));
    });

    it("is polled sooner where its order was placed shortly before its end", () => {
      const late = uncaptured({ reserved_until: at(50) });
      expect(recheckDue(late)).toEqual(at(30));
      expect(recheckDue(uncaptured({ reserved_until: at(5) }))).toEqual(at(10));
      expect(recheckDue(uncaptured({ reserved_until: at(10.5) }))).toEqual(at(10.25));
      expect(recheckDue(uncaptured({ reserved_until: null }))).toEqual(at(70));
      expect(recheckDue(uncaptured({ observed_at: at(69.999) }))).toEqual(at(70));
      expect(recheckDue(uncaptured({ observed_at: at(70) }))).toBe(null);
    });

    it("is polled ever more rarely after its end, while SEQR keeps it", () => {
      const end = 7 * DAY;
      const waits = [0, 1, 2, 3, 100, 7_200, 7_201, 100_000].map((passed) =>
        wait(uncaptured({ ...checked, attempts: 5 }), end + passed),
      );
      expect(waits).toEqual([1, 1, 1, 1.5, 50, 3_600, 3_600, 3_600]);
    });

    it("is captured by the plugin, or polled again, with a growing back-off until its end", () => {
      expect(wait(uncaptured({ ...checked, attempts: 1 }), 100)).toBe(2);
      for (const reason of ["order_changed", "lapses_soon"] as const) {
        expect(wait(uncaptured({ ...checked, reason }), 100)).toBe(1);
        expect(wait(uncaptured({ ...checked, reason, attempts: 3 }), 100)).toBe(8);
        expect(wait(uncaptured({ ...checked, reason, attempts: 9 }), 7 * DAY - 2)).toBe(2);
        expect(isCapturedByPlugin({ state: "awaiting_capture", reason })).toBe(true);
        expect(isCapturedByPlugin({ state: "capturing", reason })).toBe(false);
      }
      expect(isCapturedByPlugin({ state: "awaiting_capture", reason: "merchant" })).toBe(false);
    });
  });
});

describe("what has ended", () => {
  const WORK = [
    "sending",
    "open",
    "canceling",
    "unacknowledged",
    "paid",
    "captured",
    "reserved",
    "authorized",
    "capturing",
    "committed",
    "releasing",
    "refund_due",
    "refunding",
  ];
  it.each(INVOICE_STATES)("costs nothing, and nothing else is forgotten: %s", (state) => {
    expect(nextDue(invoice({ state }), at(3_600)) !== null).toBe(WORK.includes(state));
  });

  const endedAs = (state: InvoiceState) => (more: Partial<InvoiceRecord>) =>
    invoice({ state, state_since: at(10), ...more });

  it.each(["canceled", "expired", "failed", "refunded"] as const)(
    "as %s is checked once more a minute later, and again while that fails",
    (state) => {
      const ended = endedAs(state);
      expect(wait(ended({}), 10)).toBe(60);
      expect(wait(ended({}), 50)).toBe(20);
      expect(wait(ended({ attempts: 1 }), 70)).toBe(2);
      expect(wait(ended({ attempts: 0 }), 70)).toBe(null);
    },
  );

  describe.each(["canceled", "expired", "failed"] as const)("as %s", (state) => {
    const ended = endedAs(state);

    it("and is announced later, is polled when SEQR has surely reversed what nobody read", () => {
      expect(wait(ended({ notified_at: at(20) }), 20)).toBe(30);
      expect(wait(ended({ notified_at: at(20), attempts: 2 }), 50)).toBe(4);
      expect(wait(ended({ notified_at: at(20), attempts: 2 }), 60)).toBe(4);
    });

    it("and was announced before its end, or read since, is at rest after that", () => {
      expect(wait(ended({ notified_at: at(10) }), 70)).toBe(null);
      expect(wait(ended({ notified_at: at(20), observed_at: at(20) }), 70)).toBe(null);
    });
  });
});

describe("what SEQR never answers well is polled ever more rarely", () => {
  const OTHER_TERMINAL = { id: "other_terminal", password: CANARY.terminal.password };
  let world: StoreWorld;
  let seqr: OperationContext;
  let bought: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld({
      proxied: true,
      sandbox: { terminals: [CANARY.terminal, OTHER_TERMINAL] },
    });
    seqr = world.seqr;
    ({ invoice: bought } = await world.checkout());
    world.asked();
  });
  afterEach(() => world.stop());

  /** Looks whenever something is due, and says what SEQR was asked meanwhile. */
  const watchFor = async (hours: number): Promise<string[]> => {
    const end = world.now().getTime() + hours * 3_600_000;
    for (let looks = 0; ; looks++) {
      const { due_at } = await world.row(bought);
      if (due_at === null || due_at.getTime() > end) break;
      if (looks > 200) throw new Error("SEQR is asked for ever");
      world.pass(Math.max(0, due_at.getTime() - world.now().getTime()) / 1_000);
      await watchDue({ ...world.processing, seqr });
    }
    world.pass((end - world.now().getTime()) / 1_000);
    return world.asked();
  };
  /** Five minutes in which it can be paid, some minutes of trying, and then once an hour. */
  const expectFewer = async (): Promise<void> => {
    expect((await watchFor(12)).length).toBeLessThan(150);
    // An hour's look cancels and reads.
    expect((await watchFor(12)).length).toBeLessThanOrEqual(2 * 12);
    expect(await watchFor(12)).not.toEqual([]);
  };

  it.each([
    ["another sum", /(<totalAmount>.*?<value>)[^<]*/, "$199.99", true],
    ["another currency", /(<totalAmount><currency>)[^<]*/, "$1EUR", false],
    ["another invoice", /(<receipt>.*?<invoiceReference>)[^<]*/, "$1999999", false],
  ])("when its answer names %s, with a refund for staff where it is known", async (_, part, to, isKnown) => {
    present(world.proxy).tamper = (answer) => answer.replace(part, to);
    await world.pay(bought);
    await expectFewer();
    const [entry] = await entriesOfInvoices(seqr, [bought.id]);
    expect(entry).toMatchObject({ kind: "contradicting", needs: "person" });
    expect(present(entry).actions.includes("refund")).toBe(isKnown);
  });

  it("when SEQR knows no such invoice of the terminal any more", async () => {
    const client = new SeqrClient({
      ...clientOptions(world.terminal.options),
      terminal: OTHER_TERMINAL,
      now: () => world.now().getTime(),
    });
    seqr = { ...world.context, terminals: new Terminals([{ ...world.terminal, client }]) };
    await expectFewer();
    expect(await world.row(bought)).toMatchObject({ state: "canceling", problem: "SEQR_54" });
    const [entry] = await entriesOfInvoices(seqr, [bought.id]);
    expect(entry).toMatchObject({ kind: "not_canceled", actions: ["retry", "dismiss"] });
    client.close();
  });
});
