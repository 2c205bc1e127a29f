import { randomUUID } from "node:crypto";
import { attentionOf } from "../../../src/modules/seqr/attention/attention-entries";
import { ATTENTION_RULES } from "../../../src/modules/seqr/attention/attention-rules";
import type {
  AttentionPage,
  DecisionEffect,
  DueWhileViewed,
  InvoicePatch,
  InvoiceRecord,
  Ledger,
  NewDecision,
  NewInvoice,
  NewRefund,
  RefundRecord,
  TransitionPatch,
} from "../../../src/modules/seqr/ledger/ledger";
import {
  INVOICE_STATES,
  isLive,
  PAYABLE_STATES,
  type InvoiceState,
} from "../../../src/modules/seqr/invoice/states";
import { STATE_TABLE } from "../../../src/modules/seqr/invoice/state-table";

const T0 = new Date("2030-01-01T12:00:00.000Z");

/** Every code that a rule of the attention list names, and one that none does. */
const PROBLEM_CODES = [
  "SEQR_TIMEOUT",
  ...ATTENTION_RULES.flatMap(({ problems }) => (typeof problems === "object" ? problems : [])),
];

/** A moment some seconds after the beginning of the test's time. */
export function at(seconds: number): Date {
  return new Date(T0.getTime() + seconds * 1_000);
}

export function newInvoice(more: Partial<NewInvoice> = {}): NewInvoice {
  const id = randomUUID();
  return {
    session_id: `payses_${id}`,
    payment_collection_id: `pay_col_${id}`,
    cart_id: `cart_${id}`,
    token_hash: `token-${id}`,
    notification_token_hash: `notification-${id}`,
    terminal: "seqr",
    terminal_id: "terminal",
    client_invoice_id: id,
    amount: "100.00",
    currency_code: "SEK",
    reservation_time: null,
    state_since: at(0),
    expires_at: at(300),
    due_at: at(60),
    ...more,
  };
}

export function newRefund(invoice_id: string, more: Partial<NewRefund> = {}): NewRefund {
  return {
    invoice_id,
    idempotency_key: randomUUID(),
    amount: "10.00",
    currency_code: "SEK",
    reason: "medusa",
    requested_at: at(0),
    ...more,
  };
}

export function newDecision(invoice_id: string, more: Partial<NewDecision> = {}): NewDecision {
  return {
    ...{ invoice_id, kind: "order_pending", subject: "1", action: "refund", actor_id: "user_1" },
    ...{ reason: "the shopper called", decided_at: at(2) },
    ...more,
  };
}

/** An open page on invoices about which no notifications arrive: they are due at this second. */
function viewed(seconds: number): DueWhileViewed {
  return { dueAt: at(seconds), notified: [], notifiedDueAt: at(1_000) };
}

/** An answer of SEQR's that says little. */
const OBSERVATION = {
  source: "watch",
  operation: "getPaymentStatus",
  status: "ISSUED",
  version: 0,
  ers_reference: null,
  result: "0",
};

/** A step at second 1. */
export function step(patch: InvoicePatch = {}): TransitionPatch {
  return { state_since: at(1), ...patch };
}

/** The value, which has to be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it is missing");
  return value;
}

/** The steps from `sending` to a state, the shortest way. */
function wayTo(wanted: InvoiceState): InvoiceState[] {
  const ways: InvoiceState[][] = [["sending"]];
  for (const way of ways) {
    const last = present(way.at(-1));
    if (last === wanted) return way.slice(1);
    ways.push(...STATE_TABLE[last].next.filter((next) => !way.includes(next)).map((next) => [...way, next]));
  }
  throw new Error(`${wanted} cannot be reached`);
}

/** A new invoice that was brought to a state. */
export async function invoiceIn(
  ledger: Ledger,
  state: InvoiceState,
  more: Partial<NewInvoice> = {},
): Promise<InvoiceRecord> {
  let invoice = present(await ledger.insert(newInvoice(more)));
  for (const next of wayTo(state)) invoice = present(await ledger.transition(invoice.id, next, step()));
  return invoice;
}

/** The row without the time of its last change, which a database keeps and nobody reads. */
function unstamped(invoice: InvoiceRecord): object {
  return { ...invoice, updated_at: undefined };
}

/** What every ledger keeps to, wherever its rows are. `empty` gives one without rows. */
export function describeLedger(name: string, empty: () => Promise<Ledger>): void {
  describe(name, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await empty();
    });
    const find = async (id: string): Promise<InvoiceRecord> => present(await ledger.find({ id }));
    const claim = (owner: string, now: number, until: number) => ({ owner, now: at(now), until: at(until) });

    describe("an invoice", () => {
      it("begins as the intent to send it, and is found by each of its keys", async () => {
        const wanted = newInvoice();
        const made = present(await ledger.insert(wanted));
        expect(made).toMatchObject({
          ...wanted,
          id: expect.stringMatching(/^seqrinv_./),
          state: "sending",
          version: 0,
          attempts: 0,
          invoice_reference: null,
          ers_reference: null,
          order_id: null,
          lease_owner: null,
          lease_until: null,
          problem: null,
          created_at: expect.any(Date),
        });
        await ledger.transition(
          made.id,
          "open",
          step({ invoice_reference: "100001", qr_code: "HTTP://SEQR.SE/R100001" }),
        );
        for (const key of [
          { id: made.id },
          { session_id: wanted.session_id },
          { token_hash: wanted.token_hash },
          { notification_token_hash: wanted.notification_token_hash },
          { invoice_reference: "100001" },
        ]) {
          expect(await ledger.find(key)).toMatchObject({ id: made.id, state: "open" });
        }
      });

      it("is found by its tokens' hashes among many, each kind for itself", async () => {
        const invoices = [await invoiceIn(ledger, "open"), await invoiceIn(ledger, "completed")];
        const ids = (found: InvoiceRecord[]) => found.map(({ id }) => id).sort();
        const hashes = invoices.flatMap((one) => [one.token_hash, "nobody's", one.notification_token_hash]);
        for (const kind of ["shopper", "notification"] as const) {
          expect(ids(await ledger.findByTokenHashes(kind, hashes))).toEqual(ids(invoices));
          expect(await ledger.findByTokenHashes(kind, [])).toEqual([]);
        }
        const [first] = invoices;
        expect(await ledger.findByTokenHashes("shopper", [first?.notification_token_hash ?? ""])).toEqual([]);
      });

      it("is not found by what belongs to nobody", async () => {
        await invoiceIn(ledger, "open");
        expect(await ledger.find({ token_hash: "somebody else's" })).toBeUndefined();
        expect(await ledger.findLive("somebody else's")).toBeUndefined();
        expect(await ledger.findLiveOfCart("somebody else's")).toBeUndefined();
        expect(await ledger.invoicesOf([])).toEqual([]);
        expect(await ledger.invoicesOf(["somebody else's"])).toEqual([]);
      });

      it("is not written twice for one session, and not under a token that is taken", async () => {
        const first = await invoiceIn(ledger, "canceled");
        for (const name of ["session_id", "token_hash", "notification_token_hash"] as const) {
          await expect(ledger.insert(newInvoice({ [name]: first[name] }))).rejects.toMatchObject({
            code: "23505",
          });
        }
      });

      it("does not take SEQR's references of another one", async () => {
        const [one, other] = [await invoiceIn(ledger, "sending"), await invoiceIn(ledger, "sending")];
        for (const name of ["invoice_reference", "ers_reference"] as const) {
          await ledger.update(one.id, { [name]: "100001" }, ["sending"]);
          const taken = { [name]: "100001" };
          for (const write of [
            () => ledger.transition(other.id, "open", step(taken)),
            () => ledger.update(other.id, taken, ["sending"]),
          ]) {
            await expect(write()).rejects.toMatchObject({ code: "23505" });
          }
          expect(await find(other.id)).toMatchObject({ state: "sending", [name]: null });
        }
      });

      it.each(INVOICE_STATES)(
        "stands in the way of a second one of its purchase only while payable: %s",
        async (state) => {
          const first = await invoiceIn(ledger, state);
          const { payment_collection_id } = first;
          const live = isLive(state) ? first.id : undefined;
          expect((await ledger.findLiveOfCart(first.cart_id ?? ""))?.id).toBe(live);
          expect((await ledger.findLive(payment_collection_id))?.id).toBe(live);
          const second = await ledger.insert(newInvoice({ payment_collection_id }));
          expect(second === undefined).toBe(PAYABLE_STATES.includes(state));
          const found = (await ledger.findLive(payment_collection_id))?.id;
          expect([first.id, second?.id]).toContain(found);
        },
      );

      it("is found by its id among many", async () => {
        const [one, other] = [await invoiceIn(ledger, "open"), await invoiceIn(ledger, "not_issued")];
        await invoiceIn(ledger, "open");
        const found = await ledger.findAll([one.id, "seqrinv_none", other.id]);
        expect(found.map(({ id }) => id).sort()).toEqual([one.id, other.id].sort());
      });

      it("that was paid is listed with the newest payments of its terminal, whatever became of it", async () => {
        const terminal = `t_${randomUUID()}`;
        const paid = async (seconds: number, state: InvoiceState): Promise<string> => {
          const { id } = await invoiceIn(ledger, state, { terminal });
          await ledger.update(id, { paid_at: at(seconds) }, [state]);
          return id;
        };
        const third = await paid(1, "completed");
        const first = await paid(3, "refunded");
        const second = await paid(2, "paid");
        await invoiceIn(ledger, "open", { terminal });
        // When a reservation was captured tells nothing about when its shopper confirmed it.
        const reserved = await paid(5, "committed");
        await ledger.update(reserved, { reserved_at: at(0) }, ["committed"]);
        const other = await invoiceIn(ledger, "paid", { terminal: `${terminal}_2` });
        await ledger.update(other.id, { paid_at: at(4) }, ["paid"]);
        const latest = async (limit: number) =>
          (await ledger.latestPaid(terminal, limit)).map(({ id }) => id);
        expect(await latest(2)).toEqual([first, second]);
        expect(await latest(9)).toEqual([first, second, third]);
      });

      it("is the only one that changes when it does", async () => {
        const other = await invoiceIn(ledger, "open", { due_at: at(0) });
        await ledger.acquireLease(other.id, claim("worker", 0, 10));
        const before = unstamped(await find(other.id));
        const { id } = await invoiceIn(ledger, "open");
        await ledger.update(id, { qr_code: "HTTP://SEQR.SE/R1" }, ["open"]);
        await ledger.scheduleNow(id, at(1));
        await ledger.recordPageViews([id], at(1), viewed(1));
        expect(await ledger.acquireLease(id, claim("worker", 10, 20))).toMatchObject({ id });
        await ledger.extendLease(id, "worker", at(30));
        await ledger.releaseLease(id, "worker", at(40));
        expect(await find(id)).toMatchObject({
          qr_code: "HTTP://SEQR.SE/R1",
          viewed_at: at(1),
          due_at: at(40),
        });
        await ledger.transition(id, "canceled", step());
        expect(unstamped(await find(other.id))).toEqual(before);
      });

      it("is listed with the others of its purchases, newest first", async () => {
        const payment_collection_id = `pay_col_${randomUUID()}`;
        const ids = [];
        for (let made = 0; made < 3; made++) {
          ids.unshift((await invoiceIn(ledger, "not_issued", { payment_collection_id })).id);
        }
        const other = await invoiceIn(ledger, "open");
        await invoiceIn(ledger, "open");
        expect((await ledger.invoicesOf([payment_collection_id])).map(({ id }) => id)).toEqual(ids);
        const both = await ledger.invoicesOf([payment_collection_id, other.payment_collection_id]);
        expect(both.map(({ id }) => id)).toEqual([other.id, ...ids]);
      });
    });

    describe("a step", () => {
      it.each(INVOICE_STATES)(
        "from %s is taken when it is declared, and otherwise changes nothing",
        async (from) => {
          for (const to of INVOICE_STATES) {
            const invoice = await invoiceIn(ledger, from);
            const moved = await ledger.transition(invoice.id, to, step({ problem: "seen" }));
            const declared = STATE_TABLE[from].next.includes(to);
            expect({ to, taken: moved !== undefined }).toEqual({ to, taken: declared });
            const changed = { state: to, state_since: at(1), problem: "seen", problem_no: 1 };
            const expected = { ...unstamped(invoice), ...(declared && changed) };
            expect(unstamped(await find(invoice.id))).toEqual(expected);
            expect(unstamped(moved ?? invoice)).toEqual(expected);
          }
        },
      );

      it("is taken from no other state than those that its caller names", async () => {
        const { id } = await invoiceIn(ledger, "open");
        expect(await ledger.transition(id, "paid", step(), ["canceling", "unacknowledged"])).toBeUndefined();
        expect(await ledger.transition(id, "paid", step(), [])).toBeUndefined();
        expect(await ledger.transition(id, "captured", step(), ["open"])).toBeUndefined();
        expect((await find(id)).state).toBe("open");
        expect(await ledger.transition(id, "paid", step(), ["open", "sending"])).toMatchObject({
          state: "paid",
        });
      });

      it("of an invoice that does not exist is not taken", async () => {
        expect(await ledger.transition("seqrinv_none", "open", step())).toBeUndefined();
      });

      it("is taken by one of many who try at once", async () => {
        const { id } = await invoiceIn(ledger, "paid");
        const tries = await Promise.all(
          Array.from({ length: 32 }, (_, index) =>
            ledger.transition(id, index % 2 === 0 ? "captured" : "refunding", step()),
          ),
        );
        const taken = tries.filter((record) => record !== undefined);
        expect(taken).toHaveLength(1);
        expect((await find(id)).state).toBe(taken[0]?.state);
      });

      it("leaves what its patch does not name, and takes null for empty", async () => {
        const { id } = await invoiceIn(ledger, "open");
        await ledger.update(id, { problem: "SEQR_90", attempts: 3, viewed_at: at(5) }, INVOICE_STATES);
        await ledger.update(id, { problem: null, attempts: undefined }, INVOICE_STATES);
        expect(await find(id)).toMatchObject({ state: "open", problem: null, attempts: 3, viewed_at: at(5) });
      });

      it("changes the rest only in the states that are named", async () => {
        const { id } = await invoiceIn(ledger, "open");
        expect(await ledger.update(id, { problem: "SEQR_90" }, ["canceling", "paid"])).toBe(false);
        expect((await find(id)).problem).toBeNull();
        expect(await ledger.update(id, { problem: "SEQR_90" }, ["open"])).toBe(true);
        expect((await find(id)).problem).toBe("SEQR_90");
      });
    });

    describe("a lease", () => {
      it("is won by one of 32 who try at once", async () => {
        const { id } = await invoiceIn(ledger, "open");
        const tries = await Promise.all(
          Array.from({ length: 32 }, (_, index) => ledger.acquireLease(id, claim(`worker ${index}`, 0, 10))),
        );
        const won = tries.filter((record) => record !== undefined);
        expect(won).toHaveLength(1);
        expect(await find(id)).toMatchObject({
          lease_owner: won[0]?.lease_owner,
          lease_until: at(10),
          due_at: at(10),
        });
      });

      it("keeps others away until it ends, and can be taken over then", async () => {
        const { id } = await invoiceIn(ledger, "open", { due_at: at(0) });
        await ledger.acquireLease(id, claim("first", 0, 10));
        expect(await ledger.acquireLease(id, claim("second", 9.999, 20))).toBeUndefined();
        expect(await ledger.acquireDueLeases({ ...claim("second", 9.999, 20), limit: 5 })).toEqual([]);
        const [taken] = await ledger.acquireDueLeases({ ...claim("second", 10, 20), limit: 5 });
        expect(taken).toMatchObject({ id, lease_owner: "second" });

        await ledger.releaseLease(id, "first", null);
        await ledger.extendLease(id, "first", at(99));
        expect(await find(id)).toMatchObject({ lease_owner: "second", lease_until: at(20), due_at: at(20) });
      });

      it("can be extended by its owner", async () => {
        const { id } = await invoiceIn(ledger, "open");
        await ledger.acquireLease(id, claim("first", 0, 10));
        await ledger.extendLease(id, "first", at(15));
        expect(await ledger.acquireLease(id, claim("second", 12, 22))).toBeUndefined();
        expect(await find(id)).toMatchObject({ lease_until: at(15), due_at: at(15) });
      });

      it("is released with the time of the next poll", async () => {
        const { id } = await invoiceIn(ledger, "open");
        await ledger.acquireLease(id, claim("first", 0, 10));
        await ledger.releaseLease(id, "first", at(3));
        expect(await find(id)).toMatchObject({ lease_owner: null, lease_until: null, due_at: at(3) });
        expect(await ledger.acquireLease(id, claim("second", 1, 11))).toBeDefined();
        await ledger.releaseLease(id, "second", null);
        expect((await find(id)).due_at).toBeNull();
      });
    });

    describe("a purchase that a payment is started of", () => {
      const take = (owner: string, now: number, until: number, id = "pay_col_1") =>
        ledger.acquirePurchaseLock(id, claim(owner, now, until));

      it("is one's alone until the lease ends, and then falls to whoever comes first", async () => {
        expect(await take("first", 0, 10)).toBe(true);
        expect(await take("second", 9.999, 20)).toBe(false);
        expect(await take("second", 0, 10, "pay_col_2")).toBe(true);
        expect(await take("second", 10, 20)).toBe(true);
        expect(await take("first", 19.999, 30)).toBe(false);
      });

      it("can be kept longer by who has it", async () => {
        await take("first", 0, 10);
        expect(await take("first", 3, 13)).toBe(true);
        expect(await take("second", 12.999, 22)).toBe(false);
        expect(await take("second", 13, 23)).toBe(true);
      });

      it("is released by its owner only", async () => {
        await take("first", 0, 10);
        await take("first", 0, 10, "pay_col_2");
        await ledger.releasePurchaseLock("pay_col_1", "second");
        expect(await take("second", 1, 11)).toBe(false);
        await ledger.releasePurchaseLock("pay_col_1", "first");
        expect(await take("second", 1, 11)).toBe(true);
        expect(await take("second", 1, 11, "pay_col_2")).toBe(false);
      });

      it("is taken by one of 32 who try at once, free or left behind by a dead one", async () => {
        for (const now of [0, 10]) {
          const tries = await Promise.all(
            Array.from({ length: 32 }, (_, index) => take(`worker ${now} ${index}`, now, now + 10)),
          );
          expect(tries.filter((taken) => taken)).toHaveLength(1);
        }
      });
    });

    describe("what is due", () => {
      const due = async (now: number, limit = 10): Promise<string[]> =>
        (await ledger.acquireDueLeases({ ...claim("worker", now, now + 10), limit }))
          .map(({ id }) => id)
          .sort();

      it("is what has its time behind it: neither later, nor never, nor under a lease", async () => {
        const overdue = await invoiceIn(ledger, "open", { due_at: at(-100) });
        const now = await invoiceIn(ledger, "paid", { due_at: at(0) });
        await invoiceIn(ledger, "open", { due_at: at(0.001) });
        await invoiceIn(ledger, "completed", { due_at: null });
        const taken = await invoiceIn(ledger, "open", { due_at: at(-5) });
        await ledger.acquireLease(taken.id, claim("somebody", -5, 5));
        expect(await due(0)).toEqual([overdue.id, now.id].sort());
        expect(await due(0)).toEqual([]);
      });

      it("is only what is in the states that are asked for", async () => {
        const { id } = await invoiceIn(ledger, "open", { due_at: at(0) });
        const paid = await invoiceIn(ledger, "paid", { due_at: at(0) });
        const dueIn = async (...states: InvoiceState[]): Promise<string[]> =>
          (await ledger.acquireDueLeases({ ...claim("worker", 0, 10), limit: 5, states })).map(
            (one) => one.id,
          );
        expect(await dueIn()).toEqual([]);
        expect(await dueIn("sending", "paid")).toEqual([paid.id]);
        expect(await due(0)).toEqual([id]);
      });

      it("is handed out most overdue first, and no more than asked for", async () => {
        const invoices = [];
        for (const seconds of [-3, -9, -1, -7, -5]) {
          invoices.push(await invoiceIn(ledger, "open", { due_at: at(seconds) }));
        }
        const [third, first, fifth, second, fourth] = invoices.map(({ id }) => id);
        const ids = (...wanted: (string | undefined)[]): string[] => wanted.map((id) => present(id)).sort();
        expect(await due(0, 2)).toEqual(ids(first, second));
        expect(await due(0, 2)).toEqual(ids(fourth, third));
        expect(await due(0, 2)).toEqual(ids(fifth));
      });

      it("is handed to one of several workers at once, each row once", async () => {
        const ids = [];
        for (let made = 0; made < 40; made++)
          ids.push((await invoiceIn(ledger, "open", { due_at: at(-1) })).id);
        const handed = (await Promise.all(Array.from({ length: 8 }, () => due(0, 5)))).flat();
        expect(new Set(handed).size).toBe(handed.length);
        const rest = await due(0, 40);
        expect([...handed, ...rest].sort()).toEqual(ids.sort());
      });

      it("comes again at the lease's end when its owner crashes", async () => {
        const { id } = await invoiceIn(ledger, "open", { due_at: at(0) });
        expect(await due(0)).toEqual([id]);
        expect(await due(9.999)).toEqual([]);
        expect(await due(10)).toEqual([id]);
      });
    });

    describe("scheduling an invoice", () => {
      it("brings the next poll forward and never puts it off", async () => {
        const { id } = await invoiceIn(ledger, "open", { due_at: at(10) });
        await ledger.scheduleNow(id, at(2));
        await ledger.scheduleNow(id, at(5));
        expect((await find(id)).due_at).toEqual(at(2));
      });

      it("does not wake what is closed", async () => {
        const { id } = await invoiceIn(ledger, "canceled", { due_at: null });
        await ledger.scheduleNow(id, at(0));
        expect((await find(id)).due_at).toBeNull();
      });

      it.each([
        ["a later look", 5, 1],
        ["no further look", null, 1],
        ["an earlier look", 0.5, 0.5],
      ])("during a lease is honoured when the lease ends with %s", async (_, released, expected) => {
        const { id } = await invoiceIn(ledger, "open");
        await ledger.acquireLease(id, claim("worker", 0, 10));
        await ledger.scheduleNow(id, at(1));
        await ledger.releaseLease(id, "worker", released === null ? null : at(released));
        expect((await find(id)).due_at).toEqual(at(expected));
      });

      it("during a lease takes it from nobody", async () => {
        const { id } = await invoiceIn(ledger, "open");
        await ledger.acquireLease(id, claim("worker", 0, 10));
        await ledger.scheduleNow(id, at(1));
        expect(await ledger.acquireDueLeases({ ...claim("another", 2, 12), limit: 5 })).toEqual([]);
        expect(await ledger.acquireLease(id, claim("another", 2, 12))).toBeUndefined();
        expect(await find(id)).toMatchObject({ lease_owner: "worker", lease_until: at(10) });
      });

      it("during a lease survives that the lease is extended", async () => {
        const { id } = await invoiceIn(ledger, "open");
        await ledger.acquireLease(id, claim("worker", 0, 10));
        await ledger.scheduleNow(id, at(1));
        await ledger.extendLease(id, "worker", at(15));
        await ledger.releaseLease(id, "worker", at(20));
        expect((await find(id)).due_at).toEqual(at(1));
      });
    });

    describe("an open page", () => {
      it("is noted, and brings the next poll forward", async () => {
        const { id } = await invoiceIn(ledger, "open", { due_at: at(10) });
        const { id: soon } = await invoiceIn(ledger, "open", { due_at: at(1) });
        await ledger.recordPageViews([id, soon], at(1), viewed(2));
        expect(await find(id)).toMatchObject({ viewed_at: at(1), due_at: at(2) });
        expect(await find(soon)).toMatchObject({ viewed_at: at(1), due_at: at(1) });
      });

      it("brings the next poll less forward where notifications arrive", async () => {
        const due_at = at(10);
        const { id: notified } = await invoiceIn(ledger, "open", { due_at, terminal: "se" });
        const { id: other } = await invoiceIn(ledger, "open", { due_at, terminal: "fi" });
        const { id: unnamed } = await invoiceIn(ledger, "open", { due_at, terminal: null });
        await ledger.recordPageViews([notified, other, unnamed], at(1), {
          ...{ dueAt: at(2), notified: ["se", "dk"], notifiedDueAt: at(6) },
        });
        const due = async (id: string) => (await find(id)).due_at;
        expect(await Promise.all([notified, other, unnamed].map(due))).toEqual([at(6), at(2), at(2)]);
      });

      it("does not schedule what could not be polled", async () => {
        const { id } = await invoiceIn(ledger, "open", { due_at: at(10) });
        await ledger.update(id, { attempts: 1 }, INVOICE_STATES);
        await ledger.recordPageViews([id], at(1), viewed(2));
        expect(await find(id)).toMatchObject({ viewed_at: at(1), due_at: at(10) });
      });

      it("does not wake what is not open", async () => {
        const { id } = await invoiceIn(ledger, "canceled", { due_at: null });
        await ledger.recordPageViews([id], at(1), viewed(2));
        expect(await find(id)).toMatchObject({ viewed_at: null, due_at: null });
      });
    });

    describe("the attention list", () => {
      const everything = { limit: 1_000, offset: 0 };
      const problems = [null, ...PROBLEM_CODES];
      const problemIn = async (state: InvoiceState, problem: string | null): Promise<InvoiceRecord> => {
        const invoice = await invoiceIn(ledger, state);
        await ledger.update(invoice.id, { problem }, [state]);
        return find(invoice.id);
      };
      const unknownRefund = async (requested: number): Promise<RefundRecord> => {
        const { id } = await invoiceIn(ledger, "completed");
        const refund = present(await ledger.insertRefund(newRefund(id)));
        const patch = { refund_reference: null, result: "SEQR_TIMEOUT", finished_at: at(requested) };
        return present(await ledger.finishRefund(refund.id, "unknown", patch));
      };
      const list = async (page: Partial<AttentionPage> = {}): Promise<string[]> =>
        (await ledger.attentionRows({ ...everything, ...page })).map(({ invoice_id }) => invoice_id ?? "");

      it.each(INVOICE_STATES)(
        "says of an invoice that is %s what the rules say, with any problem",
        async (state) => {
          const invoices = [];
          for (const problem of problems) invoices.push(await problemIn(state, problem));
          const rows = new Map(
            (await ledger.attentionRows(everything)).map((row) => [row.invoice_id, row.kind]),
          );
          for (const invoice of invoices) {
            const { problem } = invoice;
            const expected = attentionOf(invoice, [])[0]?.kind;
            expect({ problem, kind: rows.get(invoice.id) }).toEqual({ problem, kind: expected });
          }
        },
      );

      it("has what needs staff first, then what passes automatically, then what informs; oldest first", async () => {
        const seen = await problemIn("canceled", "SEQR_REVERSED");
        const going = await problemIn("paid", null);
        const late = await unknownRefund(9);
        const early = await unknownRefund(0);
        const differs = await problemIn("completed", "SEQR_ORDER_TOTAL_DIFFERS");
        for (const state of ["requested", "done", "refused"] as const) {
          const { id } = await invoiceIn(ledger, "completed");
          const refund = present(await ledger.insertRefund(newRefund(id)));
          const patch = { refund_reference: null, result: "0", finished_at: at(0) };
          if (state !== "requested") await ledger.finishRefund(refund.id, state, patch);
        }
        const expected = [early.invoice_id, differs.id, late.invoice_id, going.id, seen.id];
        expect(await list()).toEqual(expected);
        expect(await list({ limit: 2, offset: 1 })).toEqual(expected.slice(1, 3));
        expect(await list({ kinds: ["order_pending", "reversed"] })).toEqual([going.id, seen.id]);
        expect(await list({ kinds: [] })).toEqual([]);
        const counts = { refund_unknown: 2, amount_differs: 1, order_pending: 1, reversed: 1 };
        expect(Object.fromEntries(await ledger.attentionCounts())).toEqual(counts);
      });

      it("does not hide a new unknown refund behind 250 old entries that only inform", async () => {
        const old = Array.from({ length: 250 }, () => problemIn("canceled", "SEQR_REVERSED"));
        await Promise.all(old);
        const refund = await unknownRefund(1_000);
        expect((await list({ limit: 200 }))[0]).toBe(refund.invoice_id);
        const first = await list({ limit: 200 });
        const second = await list({ limit: 200, offset: 200 });
        expect(new Set([...first, ...second]).size).toBe(251);
      });
    });

    describe("a decision", () => {
      const refundAtSeqr: DecisionEffect = { to: "refunding", patch: { reason: "staff" }, ofProblem: false };
      const clear: DecisionEffect = { patch: { problem: null }, ofProblem: true };

      it("is written down with what it does, and found again", async () => {
        const seen = await invoiceIn(ledger, "paid");
        const other = await invoiceIn(ledger, "paid");
        const patch = { ...refundAtSeqr.patch, state_since: at(3) };
        const changed = await ledger.recordDecision(newDecision(seen.id), seen, { ...refundAtSeqr, patch });
        expect(unstamped(await find(other.id))).toEqual(unstamped(other));
        expect(changed).toMatchObject({ state: "refunding", reason: "staff", state_since: at(3) });
        expect(await find(seen.id)).toMatchObject({
          state: "refunding",
          reason: "staff",
          state_since: at(3),
        });
        const written = { ...newDecision(seen.id), id: expect.stringMatching(/^seqrdec_./) };
        expect(await ledger.decisionsOf([seen.id, "another"])).toMatchObject([written]);
        expect(await ledger.decisionsOf([other.id])).toEqual([]);
      });

      it("is listed with the others of its invoice in the order in which they were taken", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        for (const seconds of [3, 1, 2]) {
          await ledger.update(id, { problem: `SEQR_${seconds}` }, ["completed"]);
          const taken = newDecision(id, { decided_at: at(seconds) });
          expect(await ledger.recordDecision(taken, await find(id), clear)).toMatchObject({
            state: "completed",
            problem: null,
          });
        }
        const times = (await ledger.decisionsOf([id])).map(({ decided_at }) => decided_at);
        expect(times).toEqual([at(1), at(2), at(3)]);
      });

      it("does nothing and is not written down when the state is another one, or was another one meanwhile", async () => {
        const seen = await invoiceIn(ledger, "paid");
        await ledger.transition(seen.id, "captured", step());
        expect(await ledger.recordDecision(newDecision(seen.id), seen, refundAtSeqr)).toBeUndefined();
        await ledger.transition(seen.id, "paid", { state_since: at(7) });
        expect(await ledger.recordDecision(newDecision(seen.id), seen, refundAtSeqr)).toBeUndefined();
        expect(await find(seen.id)).toMatchObject({ state: "paid", reason: null });
        expect(await ledger.decisionsOf([seen.id])).toEqual([]);
      });

      it("does nothing when SEQR says by now that it took another sum", async () => {
        const { id } = await invoiceIn(ledger, "expired");
        const said = { problem: "SEQR_ANSWER_CONTRADICTS", disputed_reference: "2026" };
        await ledger.update(id, { ...said, disputed_amount: "40.00" }, ["expired"]);
        const seen = await find(id);
        await ledger.update(id, { disputed_amount: "60.00" }, ["expired"]);
        expect(await ledger.recordDecision(newDecision(id), seen, clear)).toBeUndefined();
        expect(await ledger.decisionsOf([id])).toEqual([]);
        expect(await ledger.recordDecision(newDecision(id), await find(id), clear)).toMatchObject({
          problem: null,
        });
      });

      it("takes only that problem away that was seen", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        await ledger.update(id, { problem: "SEQR_ORDER_TOTAL_DIFFERS" }, ["completed"]);
        const seen = await find(id);
        await ledger.update(id, { problem: "SEQR_ORDER_TOTAL_DIFFERS", attempts: 1 }, ["completed"]);
        expect((await find(id)).problem_no).toBe(seen.problem_no);
        await ledger.update(id, { problem: null }, ["completed"]);
        await ledger.update(id, { problem: "SEQR_ORDER_TOTAL_DIFFERS" }, ["completed"]);
        expect(await ledger.recordDecision(newDecision(id), seen, clear)).toBeUndefined();
        expect((await find(id)).problem).toBe("SEQR_ORDER_TOTAL_DIFFERS");
        expect(await ledger.recordDecision(newDecision(id), await find(id), clear)).toMatchObject({
          problem: null,
        });
        expect(await ledger.decisionsOf([id])).toHaveLength(1);
      });

      it("takes no step that is not declared", async () => {
        const seen = await invoiceIn(ledger, "completed");
        expect(await ledger.recordDecision(newDecision(seen.id), seen, refundAtSeqr)).toBeUndefined();
        expect(await ledger.decisionsOf([seen.id])).toEqual([]);
      });

      it("takes effect once when many decide at once", async () => {
        const seen = await invoiceIn(ledger, "paid");
        const tries = await Promise.all(
          Array.from({ length: 16 }, () =>
            ledger.recordDecision(newDecision(seen.id), seen, { ...refundAtSeqr, patch: step() }),
          ),
        );
        expect(tries.filter((changed) => changed !== undefined)).toHaveLength(1);
        expect(await ledger.decisionsOf([seen.id])).toHaveLength(1);
      });

      it("about a refund ends that refund, once, and only while its outcome is unknown", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const { id: refundId } = present(await ledger.insertRefund(newRefund(id)));
        const verdict = { state: "done", refund_reference: "7", result: "0", finished_at: at(2) } as const;
        const judge = () => ledger.resolveRefund(newDecision(id, { subject: refundId }), refundId, verdict);
        expect(await judge()).toBeUndefined();
        await ledger.finishRefund(refundId, "unknown", { ...verdict, refund_reference: null });
        expect(await ledger.resolveRefund(newDecision(id), "seqrref_another", verdict)).toBeUndefined();
        expect(await ledger.resolveRefund(newDecision("seqrinv_another"), refundId, verdict)).toBeUndefined();
        const tries = await Promise.all(Array.from({ length: 16 }, judge));
        expect(tries.filter((refund) => refund !== undefined)).toMatchObject([{ id: refundId, ...verdict }]);
        expect(await ledger.decisionsOf([id])).toMatchObject([{ subject: refundId }]);
        expect(await ledger.refundsOfAll([id, "another"])).toMatchObject([{ id: refundId, state: "done" }]);
      });

      it("that a refund was not made begins it anew with the verdict, or does nothing at all", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const result = { refund_reference: null, result: "SEQR_TIMEOUT", finished_at: at(1) };
        const made = present(await ledger.insertRefund(newRefund(id)));
        await ledger.finishRefund(made.id, "done", { ...result, refund_reference: "7" });
        const refund = present(await ledger.insertRefund(newRefund(id, { requested_at: at(1) })));
        await ledger.finishRefund(refund.id, "unknown", result);
        const { idempotency_key } = refund;
        const judge = (key: string) =>
          ledger.resolveRefund(
            newDecision(id, { subject: refund.id }),
            refund.id,
            { ...result, state: "refused" },
            newRefund(id, { idempotency_key: key, requested_at: at(2) }),
          );
        await expect(judge(made.idempotency_key)).rejects.toMatchObject({ code: "23505" });
        expect(await ledger.refundsOf(id)).toMatchObject([{ state: "done" }, { state: "unknown" }]);
        expect(await ledger.decisionsOf([id])).toEqual([]);

        const tries = await Promise.all(Array.from({ length: 8 }, () => judge(idempotency_key)));
        expect(tries.filter((judged) => judged !== undefined)).toMatchObject([
          { id: refund.id, state: "refused" },
        ]);
        const again = { id: expect.stringMatching(/^seqrref_./), state: "requested", idempotency_key };
        expect((await ledger.refundsOf(id)).slice(1)).toMatchObject([{ state: "refused" }, again]);
        expect(await ledger.decisionsOf([id])).toHaveLength(1);
      });
    });

    describe("a refund", () => {
      const finished = { refund_reference: "200002", result: "0", finished_at: at(1) };

      it("is written before the call and finished after it", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const { id: another } = await invoiceIn(ledger, "completed");
        await ledger.insertRefund(newRefund(another));
        const wanted = newRefund(id);
        const refund = present(await ledger.insertRefund(wanted));
        expect(refund).toMatchObject({
          ...wanted,
          id: expect.stringMatching(/^seqrref_./),
          state: "requested",
          refund_reference: null,
          finished_at: null,
        });
        expect(await ledger.finishRefund(refund.id, "done", finished)).toMatchObject({
          state: "done",
          ...finished,
        });
        expect(await ledger.refundsOf(id)).toEqual([
          expect.objectContaining({ id: refund.id, state: "done" }),
        ]);
        expect(await ledger.refundsOf(another)).toMatchObject([{ state: "requested", result: null }]);
      });

      it.each([
        ["requested", false],
        ["unknown", false],
        ["refused", true],
        ["done", true],
      ] as const)("that is %s lets another one begin: %s", async (state, another) => {
        const { id } = await invoiceIn(ledger, "completed");
        const first = present(await ledger.insertRefund(newRefund(id)));
        if (state !== "requested") await ledger.finishRefund(first.id, state, finished);
        expect((await ledger.insertRefund(newRefund(id))) !== undefined).toBe(another);
        const other = await invoiceIn(ledger, "completed");
        expect(await ledger.insertRefund(newRefund(other.id))).toBeDefined();
      });

      it("begins once when many ask at once", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const tries = await Promise.all(Array.from({ length: 16 }, () => ledger.insertRefund(newRefund(id))));
        expect(tries.filter((refund) => refund !== undefined)).toHaveLength(1);
      });

      it("that is unknown can still be resolved; one that is done or refused stays so", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const { id: refundId } = present(await ledger.insertRefund(newRefund(id)));
        const nothing = { refund_reference: null, result: "SEQR_TIMEOUT", finished_at: at(1) };
        await ledger.finishRefund(refundId, "unknown", nothing);
        expect(await ledger.finishRefund(refundId, "done", finished)).toMatchObject({ state: "done" });
        expect(await ledger.finishRefund(refundId, "refused", nothing)).toBeUndefined();
        expect(await ledger.refundsOf(id)).toEqual([expect.objectContaining({ state: "done", ...finished })]);
      });

      it("without an outcome is found again when it was asked for long ago", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const old = present(await ledger.insertRefund(newRefund(id, { requested_at: at(0) })));
        const found = async (seconds: number): Promise<string[]> =>
          (await ledger.requestedRefunds(at(seconds))).map((refund) => refund.id);
        expect(await found(0)).not.toContain(old.id);
        expect(await found(1)).toContain(old.id);
        await ledger.finishRefund(old.id, "unknown", { ...finished, refund_reference: null });
        expect(await found(1)).not.toContain(old.id);
      });

      it("that was refused may be asked for under its key again, and no other one", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const refund = newRefund(id);
        const { id: refused, idempotency_key: key } = present(await ledger.insertRefund(refund));
        await ledger.insertRefund(newRefund((await invoiceIn(ledger, "completed")).id));
        expect(await ledger.refundKeys([key, "nobody's"])).toEqual(new Set([key]));
        await ledger.finishRefund(refused, "refused", { ...finished, refund_reference: null });
        expect(await ledger.refundKeys([key, "nobody's"])).toEqual(new Set());
        const { id: done } = present(await ledger.insertRefund(refund));
        await ledger.finishRefund(done, "done", finished);
        expect(await ledger.refundKeys([key])).toEqual(new Set([key]));
        expect(await ledger.insertRefund(refund)).toBeUndefined();
        const other = await invoiceIn(ledger, "completed");
        expect(await ledger.insertRefund({ ...refund, invoice_id: other.id })).toBeDefined();
      });

      it("that was made gets the key of a record that was written later: once, and none that is taken", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const make = async (key: string, state: "done" | "refused"): Promise<string> => {
          const refund = present(await ledger.insertRefund(newRefund(id, { idempotency_key: key })));
          await ledger.finishRefund(refund.id, state, finished);
          return refund.id;
        };
        await make("refused", "refused");
        await make("taken", "done");
        const made = await make("ours", "done");
        const before = await ledger.refundsOf(id);
        expect(await ledger.rekeyRefund(made, "another", "new", at(5))).toBeUndefined();
        expect(await ledger.rekeyRefund(made, "ours", "taken", at(5))).toBeUndefined();
        expect(await ledger.rekeyRefund("seqrref_none", "ours", "new", at(5))).toBeUndefined();
        const refused = present(before.find(({ state }) => state === "refused"));
        expect(await ledger.rekeyRefund(refused.id, "refused", "new", at(5))).toBeUndefined();
        expect(await ledger.refundsOf(id)).toEqual(before);

        const rekeyed = { id: made, state: "done", idempotency_key: "refused", taken_over_at: at(5) };
        const tries = await Promise.all(
          Array.from({ length: 8 }, () => ledger.rekeyRefund(made, "ours", "refused", at(5))),
        );
        expect(tries.filter((refund) => refund !== undefined)).toMatchObject([rekeyed]);
        const keys = (await ledger.refundsOf(id)).map(({ idempotency_key }) => idempotency_key);
        expect(keys.sort()).toEqual(["refused", "refused", "taken"]);
      });

      it("that was made is found by its reason and its time", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const refund = present(await ledger.insertRefund(newRefund(id, { reason: `reason of ${id}` })));
        const made = async (from: number, to: number, reason = refund.reason): Promise<string[]> =>
          (await ledger.refundsMade(reason, at(from), at(to))).map((found) => found.id);
        expect(await made(0, 100)).toEqual([]);
        await ledger.finishRefund(refund.id, "unknown", { ...finished, finished_at: at(10) });
        expect(await made(0, 100)).toEqual([]);
        await ledger.finishRefund(refund.id, "done", { ...finished, finished_at: at(10) });
        expect(await made(10, 11)).toEqual([refund.id]);
        expect(await made(9, 10)).toEqual([]);
        expect(await made(11, 12)).toEqual([]);
        expect(await made(0, 100, "another")).toEqual([]);
      });

      it("is listed with the others of its invoice, oldest first", async () => {
        const { id } = await invoiceIn(ledger, "completed");
        const ids: string[] = [];
        for (const seconds of [3, 1, 4, 0, 2]) {
          const refund = present(await ledger.insertRefund(newRefund(id, { requested_at: at(seconds) })));
          ids[seconds] = refund.id;
          await ledger.finishRefund(refund.id, "done", finished);
        }
        await ledger.insertRefund(newRefund((await invoiceIn(ledger, "completed")).id));
        expect((await ledger.refundsOf(id)).map((refund) => refund.id)).toEqual(ids);
        expect((await ledger.refundsOfAll([id, "seqrinv_none"])).map((refund) => refund.id)).toEqual(ids);
        expect(await ledger.refundsOf("seqrinv_none")).toEqual([]);
      });
    });

    it("takes down what was observed", async () => {
      const { id } = await invoiceIn(ledger, "open");
      const observation = { ...OBSERVATION, invoice_id: id, observed_at: at(0) };
      await expect(ledger.recordObservation(observation)).resolves.toBeUndefined();
      const later = { ...observation, observed_at: at(2), status: null, version: null };
      await expect(ledger.recordObservation(later)).resolves.toBeUndefined();
      expect(await ledger.observationsSince([id, "seqrinv_none"], at(0))).toHaveLength(2);
      expect(await ledger.observationsSince([id], at(1))).toEqual([later]);
      expect(await ledger.observationsSince(["seqrinv_none"], at(0))).toEqual([]);
    });

    it("forgets what was observed long ago, oldest first, of invoices that are over and nothing else", async () => {
      const over = [
        "completed",
        "refunded",
        "closed_by_staff",
        "canceled",
        "expired",
        "failed",
        "not_issued",
        "lapsed",
      ] as const;
      const seen = (invoice_id: string, seconds: number): Promise<void> =>
        ledger.recordObservation({ ...OBSERVATION, invoice_id, observed_at: at(seconds) });
      /** An invoice that came into its state at second 1, with an observation of second 0. */
      const seenIn = async (state: InvoiceState, patch: InvoicePatch = { due_at: null }): Promise<string> => {
        const { id } = await invoiceIn(ledger, state);
        await ledger.update(id, patch, [state]);
        await seen(id, 0);
        return id;
      };
      for (const state of INVOICE_STATES.filter((one) => !(over as readonly InvoiceState[]).includes(one))) {
        await seenIn(state);
      }
      const later = await seenIn("completed");
      await ledger.update(later, { due_at: at(5) }, ["completed"]);
      await seenIn("completed", { due_at: null, problem: "SEQR_REFUND_NOT_MADE" });
      await seenIn("canceled", { due_at: null, problem: "SEQR_REVERSED" });
      for (const state of ["requested", "unknown", "refused", "done", "done"] as const) {
        const refund = present(await ledger.insertRefund(newRefund(await seenIn("completed"))));
        const finished = { refund_reference: null, result: "0", finished_at: at(1) };
        if (state !== "requested") await ledger.finishRefund(refund.id, state, finished);
      }
      await seenIn("not_issued", { due_at: null, problem: "SEQR_TIMEOUT" });
      const ids = [];
      for (const state of over) ids.push(await seenIn(state));
      await seen(present(ids[0]), 2);

      // Of the moment itself, or of an invoice that came into its state then, nothing goes.
      expect(await ledger.deleteObservations(at(0), 100)).toBe(0);
      expect(await ledger.deleteObservations(at(1), 100)).toBe(0);
      // Eight that are over, one that never was payable, and three whose refund has an outcome.
      expect(await ledger.deleteObservations(at(2), 4)).toBe(4);
      expect(await ledger.deleteObservations(at(2), 100)).toBe(8);
      expect(await ledger.deleteObservations(at(3), 100)).toBe(1);
      expect(await ledger.deleteObservations(at(1_000), 100)).toBe(0);
    });
  });
}
