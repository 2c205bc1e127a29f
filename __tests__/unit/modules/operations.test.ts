import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { CALLING_STATES, INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";
import type { OperationContext } from "../../../src/modules/seqr/operations/operation-context";
import {
  acquireDueLeasesAt,
  acquireLease,
  acquireOtherDueLeases,
  releaseLease,
  extendLease,
} from "../../../src/modules/seqr/ledger/lease";
import { recordNotification } from "../../../src/modules/seqr/operations/record-notification";
import { recordPageView } from "../../../src/modules/seqr/operations/record-page-view";
import { patchInvoice, takeTransition } from "../../../src/modules/seqr/operations/take-transition";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { findByToken, currentInvoice } from "../../../src/modules/seqr/ledger/find-invoice";
import {
  refundInvoice,
  REQUESTED_BY_MEDUSA,
} from "../../../src/modules/seqr/operations/refund/refund-invoice";
import {
  entriesOfInvoices,
  findAttentionEntries,
  decisionsOfInvoices,
} from "../../../src/modules/seqr/attention/find-entries";
import { recordDecision } from "../../../src/modules/seqr/operations/record-decision";
import { wasPurchaseKept } from "../../../src/modules/seqr/operations/was-purchase-kept";
import { deleteOldObservations } from "../../../src/modules/seqr/operations/delete-old-observations";

describe("the leases of the watch", () => {
  let world: World;
  let seqr: OperationContext;
  beforeEach(async () => {
    world = await startWorld();
    seqr = world.context;
  });
  afterEach(() => world.stop());

  const inSeconds = (seconds: number): Date => new Date(world.now().getTime() + seconds * 1_000);
  /** One invoice in each state, all due. */
  const inAllStates = async (): Promise<void> => {
    for (const state of INVOICE_STATES) {
      const { invoice } = await world.issue({ paymentCollectionId: `pay_col_${state}` });
      const row = present(world.ledger.invoices.find(({ id }) => id === invoice.id));
      Object.assign(row, { state, due_at: world.now() });
    }
  };
  const states = (invoices: InvoiceRecord[]): InvoiceState[] => invoices.map(({ state }) => state).sort();
  const breakDown = (): void => {
    const { breaker } = world.terminal.endpoint;
    for (let calls = 0; !breaker.isOpen && calls < 100; calls++) breaker.record("SEQR_UNREACHABLE");
    expect(breaker.isOpen).toBe(true);
  };
  const acquireDueLeases = async (context: OperationContext, limit: number): Promise<InvoiceRecord[]> => [
    ...(await acquireDueLeasesAt(context, context.terminals.first.endpoint, limit)),
    ...(await acquireOtherDueLeases(context, limit)),
  ];

  it("take all that is due while SEQR answers, and nothing twice", async () => {
    await inAllStates();
    expect(states(await acquireDueLeases(seqr, 100))).toEqual([...INVOICE_STATES].sort());
    expect(await acquireDueLeases(seqr, 100)).toEqual([]);
  });

  it("take no more than was asked for", async () => {
    await inAllStates();
    expect(await acquireDueLeasesAt(seqr, seqr.terminals.first.endpoint, 3)).toHaveLength(3);
    expect(await acquireOtherDueLeases(seqr, 3)).toHaveLength(3);
  });

  it("take one that asks something of SEQR while it is down, and all others", async () => {
    await inAllStates();
    breakDown();
    const taken = states(await acquireDueLeases(seqr, 100));
    const asking = taken.filter((state) => CALLING_STATES.includes(state));
    expect(asking).toHaveLength(1);
    expect(taken).toHaveLength(INVOICE_STATES.length - CALLING_STATES.length + 1);
  });

  it.each<[InvoiceState, boolean]>([
    ["sending", false],
    ["open", true],
    ["canceling", true],
    ["unacknowledged", true],
    ["paid", false],
    ["captured", false],
    ["completed", false],
    ["refund_due", true],
    ["refunding", true],
    ["refunded", false],
    ["closed_by_staff", false],
    ["canceled", true],
    ["expired", true],
    ["failed", true],
    ["not_issued", false],
  ])("while SEQR is down, take of many that are %s only one: %s", async (state, isOne) => {
    for (let number = 0; number < 3; number++) {
      const { invoice } = await world.issue({ paymentCollectionId: `pay_col_${number}` });
      const row = present(world.ledger.invoices.find(({ id }) => id === invoice.id));
      Object.assign(row, { state, due_at: world.now() });
    }
    breakDown();
    expect(await acquireDueLeases(seqr, 100)).toHaveLength(isOne ? 1 : 3);
  });

  it("released with nothing done leave the invoice due when it was due before, unless that is later", async () => {
    const { invoice } = await world.issue();
    const dueAfter = async (previousDueAt: Date): Promise<Date | null> => {
      await releaseLease(seqr, present(await acquireLease(seqr, invoice)), previousDueAt);
      return (await world.row(invoice)).due_at;
    };
    expect(await dueAfter(inSeconds(4))).toEqual(inSeconds(4));
    expect(await dueAfter(inSeconds(6))).toEqual(inSeconds(5));
    await world.move(await world.move(await world.move(invoice, "paid"), "captured"), "completed");
    expect(await dueAfter(inSeconds(4))).toBeNull();
  });

  it.each<InvoiceState[]>([["expired"], ["paid", "refunded"]])(
    "released with nothing done leave the last check to an invoice that is %s",
    async (...steps) => {
      let { invoice } = await world.issue();
      for (const state of steps) invoice = await world.move(invoice, state);
      world.pass(61);
      const previousDueAt = inSeconds(-1);
      await releaseLease(seqr, present(await acquireLease(seqr, invoice)), previousDueAt);
      expect((await world.row(invoice)).due_at).toEqual(previousDueAt);
    },
  );

  it("last ten seconds, unless they are renewed", async () => {
    const { invoice } = await world.issue();
    const claimed = present(await acquireLease(seqr, invoice));
    expect(claimed.lease_until).toEqual(inSeconds(10));
    world.pass(4);
    await extendLease(seqr, claimed);
    expect((await world.row(invoice)).lease_until).toEqual(inSeconds(10));
    world.pass(9);
    expect(await acquireLease(seqr, invoice)).toBeUndefined();
    world.pass(1);
    expect(await acquireLease(seqr, invoice)).toBeDefined();
    // Whose claim it was until then has no say any more.
    await extendLease(seqr, claimed);
    await releaseLease(seqr, claimed);
    expect((await world.row(invoice)).lease_until).toEqual(inSeconds(10));
  });
});

describe("an open invoice", () => {
  let world: World;
  let seqr: OperationContext;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startWorld();
    seqr = world.context;
    ({ invoice } = await world.issue());
  });
  afterEach(() => world.stop());

  const inSeconds = (seconds: number): Date => new Date(world.now().getTime() + seconds * 1_000);
  const row = () => world.row(invoice);
  /** When it is due after SEQR has just answered. */
  const release = async (): Promise<Date | null> => {
    await world.ledger.update(invoice.id, { observed_at: world.now() }, ["open"]);
    await releaseLease(seqr, present(await acquireLease(seqr, invoice)));
    return (await row()).due_at;
  };
  /** Payments of other carts, announced or not. */
  const payments = async (...announced: boolean[]): Promise<void> => {
    for (const isAnnounced of announced) {
      const paid = await world.paid();
      if (isAnnounced) await recordNotification(seqr, paid);
      world.pass(1);
    }
  };

  it("is polled within a second while its page is open, which is noted every two seconds", async () => {
    await world.ledger.update(invoice.id, { due_at: inSeconds(60) }, ["open"]);
    await recordPageView(seqr, await row());
    expect(await row()).toMatchObject({ viewed_at: world.now(), due_at: inSeconds(1) });
    const first = world.now();
    world.pass(1.999);
    await recordPageView(seqr, await row());
    expect((await row()).viewed_at).toEqual(first);
    world.pass(0.001);
    await recordPageView(seqr, await row());
    expect((await row()).viewed_at).toEqual(world.now());
  });

  it("has its caller know when what is to be noted of it cannot be written", async () => {
    const away = new Error("the database is away");
    const claimed = present(await acquireLease(seqr, invoice));
    jest.spyOn(world.ledger, "recordPageViews").mockRejectedValue(away);
    jest.spyOn(world.ledger, "update").mockResolvedValueOnce(false).mockRejectedValue(away);
    jest.spyOn(world.ledger, "releaseLease").mockRejectedValue(away);
    await expect(recordPageView(seqr, invoice)).rejects.toBe(away);
    await expect(recordNotification(seqr, invoice)).rejects.toBe(away);
    await expect(releaseLease(seqr, claimed)).rejects.toBe(away);
  });

  it("is not viewed any more when it is paid", async () => {
    await world.move(invoice, "paid");
    await recordPageView(seqr, await row());
    expect((await row()).viewed_at).toBeNull();
  });

  it("is polled every five seconds, and every ten when the last three payments were all announced", async () => {
    expect(await release()).toEqual(inSeconds(5));
    world.pass(30);
    await payments(true, true);
    expect(await release()).toEqual(inSeconds(5));
    world.pass(30);
    await payments(true);
    expect(await release()).toEqual(inSeconds(10));
  });

  it("is polled every five seconds again half a minute after one payment was not announced", async () => {
    await payments(true, true, true);
    expect(await release()).toEqual(inSeconds(10));
    const believed = world.now().getTime() + 30_000;
    await payments(false);
    world.pass((believed - world.now().getTime()) / 1_000 - 0.001);
    expect(await release()).toEqual(inSeconds(10));
    world.pass(0.001);
    expect(await release()).toEqual(inSeconds(5));
  });

  it("that was announced is polled within five seconds, should nobody process it", async () => {
    await world.ledger.update(invoice.id, { due_at: inSeconds(60) }, ["open"]);
    await recordNotification(seqr, invoice);
    expect(await row()).toMatchObject({ notified_at: world.now(), due_at: inSeconds(5) });
    // Announced and not seen yet: a repetition is a reason to look once more.
    world.pass(3);
    await recordNotification(seqr, await row());
    expect(await row()).toMatchObject({ notified_at: world.now(), due_at: inSeconds(5) });
  });

  it("whose payment was seen already is not polled because of its announcement, which is noted once", async () => {
    const paid = await world.paid("completed");
    await recordNotification(seqr, paid);
    const noted = await world.row(paid);
    expect(noted).toMatchObject({ notified_at: world.now(), due_at: paid.due_at });
    world.pass(1);
    await recordNotification(seqr, noted);
    expect(await world.row(paid)).toEqual(noted);
  });

  it("is due at once when it is scheduled", async () => {
    await seqr.ledger.scheduleNow(invoice.id, seqr.clock.now());
    expect((await row()).due_at).toEqual(world.now());
  });

  it("is changed by a note only in the state in which it was seen", async () => {
    expect(await patchInvoice(seqr, invoice, { attempts: 3 })).toBe(true);
    await world.move(invoice, "paid");
    expect(await patchInvoice(seqr, invoice, { attempts: 4 })).toBe(false);
    expect((await row()).attempts).toBe(3);
  });

  it("takes a step with the time at which its new state asks for something", async () => {
    world.pass(7);
    const unacknowledged = present(
      await takeTransition(seqr, invoice, "unacknowledged", { reason: "session_gone" }),
    );
    expect(unacknowledged).toMatchObject({
      state: "unacknowledged",
      reason: "session_gone",
      state_since: world.now(),
    });
    expect(unacknowledged.due_at).toEqual(inSeconds(30));
    expect(await takeTransition(seqr, unacknowledged, "completed")).toBeUndefined();
  });

  it("that is paid while another process cancels it is polled at once, unless the canceling process has its lease", async () => {
    const paid = await world.move(invoice, "paid", { due_at: inSeconds(60) });
    expect(await cancelInvoice(seqr, paid, "shopper", true)).toBe("paying");
    expect((await row()).due_at).toEqual(inSeconds(60));
    expect(await cancelInvoice(seqr, paid, "shopper")).toBe("paying");
    expect((await row()).due_at).toEqual(world.now());
  });

  it("is found by its own tokens and by no others", async () => {
    const { invoice: other, token } = await world.issue({ paymentCollectionId: "pay_col_2" });
    expect(await findByToken(seqr, "shopper", token)).toMatchObject({ id: other.id });
    expect(await findByToken(seqr, "notification", token)).toBeUndefined();
    for (const wrong of [undefined, "", 7, `${token}x`]) {
      expect(await findByToken(seqr, "shopper", wrong)).toBeUndefined();
    }
  });

  it("is as the ledger has it by now, and as the caller knew it when it is gone", async () => {
    await world.move(invoice, "paid");
    expect(await currentInvoice(seqr, invoice)).toMatchObject({ id: invoice.id, state: "paid" });
    expect(await currentInvoice(seqr, { ...invoice, id: "seqrinv_0" })).toMatchObject({ id: "seqrinv_0" });
  });
});

describe("refunds that Medusa asked for", () => {
  it("are those that were made for it in a time, and no others", async () => {
    const world = await startWorld();
    const seqr = world.context;
    const invoice = await world.paid("completed");
    const from = world.now();
    world.pass(10);
    for (const [idempotencyKey, reason] of [
      ["ref_1", "medusa"],
      ["own", "order_canceled"],
    ] as const) {
      await refundInvoice(seqr, invoice, { amount: "10.00", idempotencyKey, reason });
    }
    world.pass(10);
    const made = await seqr.ledger.refundsMade(REQUESTED_BY_MEDUSA, from, world.now());
    expect(made.map(({ idempotency_key }) => idempotency_key)).toEqual(["ref_1"]);
    expect(await seqr.ledger.refundsMade(REQUESTED_BY_MEDUSA, world.now(), world.now())).toEqual([]);
    expect(await seqr.ledger.refundKeys(["ref_1", "ref_2"])).toEqual(new Set(["ref_1"]));
    await world.stop();
  });
});

describe("the entries of the attention list and their decisions", () => {
  let world: World;
  let seqr: OperationContext;
  beforeEach(async () => {
    world = await startWorld();
    seqr = world.context;
  });
  afterEach(() => world.stop());

  const accept = { action: "accept", actor_id: "user_1", reason: "asked SEQR" };
  const entryOf = async (invoice: InvoiceRecord) =>
    present((await entriesOfInvoices(seqr, [invoice.id])).at(-1));

  it("are in the ledger's order, also where one payment has two; one that has changed since is left out", async () => {
    const first = await world.paid();
    world.pass(1);
    const second = await world.paid();
    world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    const refund = { amount: "30.00", idempotencyKey: "ref_1", reason: "medusa" };
    await expect(refundInvoice(seqr, second, refund)).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
    const listed = async () =>
      (await findAttentionEntries(seqr, { limit: 10, offset: 0 })).map(({ id }) =>
        id.split(".").slice(0, 2).join(" "),
      );
    expect(await listed()).toEqual([
      `${second.id} refund_unknown`,
      `${first.id} order_pending`,
      `${second.id} order_pending`,
    ]);
    const rows = await world.ledger.attentionRows({ limit: 10, offset: 0 });
    await world.move(second, "refunding");
    jest.spyOn(world.ledger, "attentionRows").mockResolvedValue(rows);
    expect(await listed()).toEqual([`${second.id} refund_unknown`, `${first.id} order_pending`]);
  });

  it("change an invoice as a step of its own would: since now, and due when its new state asks for it", async () => {
    const invoice = await world.paid();
    await world.ledger.update(invoice.id, { attempts: 7 }, ["paid"]);
    world.pass(5);
    const patch = { attempts: 0, reason: "staff", problem: null } as const;
    const decided = await recordDecision(seqr, await entryOf(invoice), accept, { to: "refunding", patch });
    expect(decided).toMatchObject({
      ...{ state: "refunding", reason: "staff", state_since: world.now() },
      due_at: new Date(world.now().getTime() + 1_000),
    });
  });

  it("are about the problem that was seen, or about the state with whatever problem", async () => {
    const about = async (state: "paid" | "completed"): Promise<InvoiceRecord> => {
      const invoice = await world.paid(state);
      await world.ledger.update(invoice.id, { problem: "SEQR_ORDER_TOTAL_DIFFERS" }, [state]);
      const entry = await entryOf(invoice);
      await world.ledger.update(invoice.id, { problem: "SEQR_REFUNDED_ELSEWHERE" }, [state]);
      return recordDecision(seqr, entry, accept, { patch: { problem: null } });
    };
    await expect(about("completed")).rejects.toMatchObject({ code: "SEQR_DECISION_STALE" });
    expect(await about("paid")).toMatchObject({ problem: null });
  });

  it("are kept with what they were about, who decided and when, oldest first", async () => {
    const one = await world.paid("completed");
    const other = await world.paid("completed");
    const decided = [];
    for (const invoice of [one, other, one]) {
      world.pass(1);
      await world.ledger.update(invoice.id, { problem: "SEQR_ORDER_TOTAL_DIFFERS" }, ["completed"]);
      const entry = await entryOf(invoice);
      await recordDecision(seqr, entry, accept, { patch: { problem: null } });
      decided.push({
        ...{ ...accept, invoice_id: invoice.id, kind: "amount_differs", subject: entry.subject },
        ...{ decided_at: world.now(), id: expect.any(String) },
      });
    }
    const [first, second, third] = decided;
    const kept = await decisionsOfInvoices(seqr, [one.id, other.id, one.id]);
    expect(kept.get(one.id)).toEqual([first, third]);
    expect(kept.get(other.id)).toEqual([second]);
    expect(await seqr.ledger.decisionsOf([one.id])).toEqual([first, third]);
  });
});

describe("a purchase", () => {
  let world: World;
  let seqr: OperationContext;
  beforeEach(async () => {
    world = await startWorld();
    seqr = world.context;
  });
  afterEach(() => world.stop());

  it("had to stay as it is when SEQR refused to cancel its invoice, and not for any other reason", async () => {
    const { invoice } = await world.issue();
    const before = world.now();
    const kept = (since = before): Promise<boolean> =>
      wasPurchaseKept(seqr, invoice.payment_collection_id, since);
    expect(await kept()).toBe(false);
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode: 37 });
    await cancelInvoice(seqr, invoice, "superseded");
    expect(await kept()).toBe(false);

    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode: 51 });
    expect(await cancelInvoice(seqr, await world.row(invoice), "superseded")).toBe("paying");
    expect(await kept()).toBe(true);
    expect(await wasPurchaseKept(seqr, "pay_col_other", before)).toBe(false);
    world.pass(1);
    expect(await kept(world.now())).toBe(false);
    // The same answer to something else says nothing of that.
    const [refusal] = world.ledger.observations.slice(-1);
    await world.ledger.recordObservation({
      ...present(refusal),
      operation: "getPaymentStatus",
      observed_at: world.now(),
    });
    expect(await kept(world.now())).toBe(false);
  });

  it("had to stay as it is while its money is, or may be, on its way into an order", async () => {
    const kept: InvoiceState[] = [];
    for (const state of INVOICE_STATES) {
      const paymentCollectionId = `pay_col_${state}`;
      const { invoice } = await world.issue({ paymentCollectionId });
      Object.assign(present(world.ledger.invoices.find(({ id }) => id === invoice.id)), { state });
      if (await wasPurchaseKept(seqr, paymentCollectionId, world.now())) kept.push(state);
    }
    expect(kept.sort()).toEqual(["authorized", "captured", "paid", "reserved", "unacknowledged"]);
  });

  it("had to stay as it is once its order has been placed", async () => {
    const invoice = await world.paid("completed");
    await world.ledger.update(invoice.id, { completed_at: world.now() }, ["completed"]);
    expect(await wasPurchaseKept(seqr, invoice.payment_collection_id, world.now())).toBe(true);
  });
});

describe("what was observed", () => {
  it("is kept for as many days as the option says after the payment is over, and goes in parts", async () => {
    const world = await startWorld({ options: { keepObservations: 30 } });
    const seqr = world.context;
    const { id } = await world.paid("completed");
    await world.ledger.update(id, { due_at: null }, ["completed"]);
    const [seen] = world.ledger.observations;
    for (let more = 0; more < 1_500; more++) await world.ledger.recordObservation(present(seen));
    world.pass(30 * 86_400);
    await deleteOldObservations(seqr);
    expect(world.ledger.observations.length).toBeGreaterThan(1_500);
    world.pass(0.001);
    const away = new Error("the database is away");
    jest.spyOn(world.ledger, "deleteObservations").mockRejectedValueOnce(away);
    await expect(deleteOldObservations(seqr)).rejects.toBe(away);
    await deleteOldObservations(seqr);
    expect(world.ledger.observations.length).toBeGreaterThan(500);
    await deleteOldObservations(seqr);
    expect(world.ledger.observations).toEqual([]);
    await world.stop();
  });
});
