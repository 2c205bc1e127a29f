import { setImmediate as turn } from "node:timers/promises";
import { after } from "../../../src/clock";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { attendReservation } from "../../../src/processing/captures/attend-reservation";
import { confirmCapture, endLapsed, resumeCapture } from "../../../src/processing/captures/confirm-capture";
import { reconcileCaptures } from "../../../src/processing/captures/reconcile-captures";
import { endAuthorization, release, releaseAgain } from "../../../src/processing/captures/release";
import { refundCanceledOrders } from "../../../src/processing/refunds/refund-canceled-orders";
import { ContinueFrom, type PaymentRun } from "../../../src/processing/payment-run";
import { checkCompletedOrder } from "../../../src/processing/record-capture";
import type { CaptureRecordedBy, Purchase, Store } from "../../../src/processing/store-port";
import { present } from "../modules/ledger-contract";
import { startStoreWorld, type Order, type StoreWorld } from "./store-world";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const AWAY = new Error("Medusa is away");
const FAILED = "SEQR_CAPTURE_FAILED";
const NOT_RECORDED = "SEQR_CAPTURE_NOT_RECORDED";

describe("of the reservation of an order over 100 kronor,", () => {
  let world: StoreWorld;
  let invoice: InvoiceRecord;
  let order: Order;
  let run: PaymentRun;
  /** What the store was asked to change. */
  let asked: string[];
  beforeEach(async () => {
    const options = { capture: "manual", reservationTime: 8 * HOUR } as const;
    world = await startStoreWorld({ options, isDistant: true });
    const sale = await world.checkout();
    await world.pay(sale.invoice);
    invoice = await world.processInvoice(sale.invoice);
    order = present(world.rows.orders.get(invoice.order_id ?? ""));
    run = { ...world.processing, source: "watch" };
    asked = [];
    for (const name of CHANGING) note(name);
    world.asked();
  });
  afterEach(() => world.stop());

  const CHANGING = [
    ...(["capture", "deleteCaptureRecord", "adjustCollectionsAfterEdit", "endAuthorization"] as const),
    ...(["dropSession", "recordCaptureInOrder"] as const),
  ];
  /** Notes the calls of a method, which takes its time. */
  const note = (name: keyof Store): void => {
    const own = world.store[name] as (...given: unknown[]) => Promise<unknown>;
    answer(name, (...given) => own(...given));
  };
  const answer = (name: keyof Store, give: (...given: unknown[]) => unknown): void => {
    const method = async (...given: unknown[]): Promise<unknown> => {
      asked.push([name, ...given].join(" "));
      for (let turns = 0; turns < 3; turns++) await turn();
      return give(...given);
    };
    Object.assign(world.store, { [name]: method });
  };
  const fail = (name: keyof Store): void =>
    answer(name, () => {
      throw AWAY;
    });
  const change = async (patch: InvoicePatch): Promise<void> => {
    await world.ledger.update(invoice.id, patch, INVOICE_STATES);
  };
  const force = (patch: Partial<InvoiceRecord>): void =>
    void Object.assign(present(world.ledger.invoices.find(({ id }) => id === invoice.id)), patch);
  const row = () => world.row(invoice);
  const unlogged = (): string[] => world.log.filter((line) => line.startsWith("error"));
  const at = (seconds: number): void =>
    world.pass((invoice.state_since.getTime() - world.now().getTime()) / 1_000 + seconds);

  describe("which waits for its capture,", () => {
    const attend = async () => attendReservation(run, await row());
    /** It was polled once more after its order was placed. */
    const rechecked = async (): Promise<void> => {
      at(60);
      await attend();
      world.asked();
    };

    it("SEQR is asked once, a minute after the order was placed", async () => {
      at(59.999);
      await attend();
      expect(world.asked()).toEqual([]);
      at(60);
      await attend();
      await attend();
      expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    });

    it("the end is continued from at once", async () => {
      await world.client.cancelInvoice(invoice.invoice_reference ?? "");
      at(60);
      const ended = await attend();
      expect(ended).toBeInstanceOf(ContinueFrom);
      expect(ended).toMatchObject({ invoice: { state: "lapsed" } });
    });

    it("SEQR is asked at the moment at which it may lapse", async () => {
      await rechecked();
      world.pass((Number(invoice.reserved_until) - Number(world.now())) / 1_000 - 0.001);
      await attend();
      expect(world.asked()).toEqual([]);
      world.pass(0.001);
      await attend();
      expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    });

    describe("and whose last quarter begins,", () => {
      beforeEach(async () => {
        await rechecked();
        world.pass((Number(invoice.reserved_until) - Number(world.now())) / 1_000 - 2 * HOUR - 0.001);
      });

      it("staff are told, and not before", async () => {
        await attend();
        expect(await row()).toMatchObject({ problem: null });
        world.pass(0.001);
        await attend();
        expect(await row()).toMatchObject({ problem: "SEQR_RESERVATION_LAPSES", reason: null });
      });

      it("staff are not told who have seen it", async () => {
        world.pass(0.001);
        world.decided({ invoice_id: invoice.id, kind: "reservation_lapses", subject: "1" } as never);
        await attend();
        expect(await row()).toMatchObject({ problem: null });
      });

      it("another problem stays", async () => {
        world.pass(0.001);
        await change({ problem: "SEQR_11" });
        await attend();
        expect(await row()).toMatchObject({ problem: "SEQR_11" });
      });

      it("it is captured by option, and why is kept when that fails", async () => {
        world.pass(0.001);
        world.seqr.terminals.first.options.captureBeforeLapse = true;
        fail("capture");
        await attend();
        expect(await row()).toMatchObject({ reason: "lapses_soon", attempts: 1, problem: FAILED });
      });

      it("it is not captured when why could not be written down", async () => {
        world.pass(0.001);
        world.seqr.terminals.first.options.captureBeforeLapse = true;
        jest.spyOn(world.ledger, "update").mockRejectedValueOnce(AWAY);
        await expect(attend()).rejects.toBe(AWAY);
        expect(asked).toEqual([]);
      });
    });

    describe("and which the plugin captures,", () => {
      const of = async (reason: "order_changed" | "lapses_soon", unpaid: string) => {
        order.outstanding = unpaid;
        await change({ reason, attempts: 2, problem: "SEQR_11" });
        return attend();
      };

      it.each([
        ["80.00", "80.00"],
        ["100.00", "100.00"],
        ["120.00", "100.00"],
        ["0.01", "0.01"],
      ])("of %s that are unpaid %s are captured", async (unpaid, captured) => {
        // What the invoice came to otherwise does not matter.
        await change({ amount: "50.00" });
        await of("lapses_soon", unpaid);
        expect(asked).toEqual([`capture ${invoice.session_id} ${captured}`]);
        expect(await row()).toMatchObject({ state: "committed", amount: captured });
      });

      it("the collections are adjusted before an edited order is captured", async () => {
        await of("order_changed", "80.00");
        expect(asked).toEqual([
          `adjustCollectionsAfterEdit ${invoice.session_id} captured_soon`,
          `capture ${invoice.session_id} 80.00`,
        ]);
      });

      it.each([
        [9.999, []],
        [10, ["capture"]],
      ])("it is captured ten seconds after the last change of its order (%s s)", async (seconds, calls) => {
        order.changedAt = after(world.now(), -seconds * 1_000);
        await of("lapses_soon", "80.00");
        expect(asked.map((call) => call.split(" ")[0])).toEqual(calls);
      });

      it.each([
        ["was cancelled", () => void (order.isCanceled = true), "order_canceled"],
        ["needs no payment", () => void (order.outstanding = "0.00"), "nothing_owed"],
      ])("it is released when the order %s", async (_, make, reason) => {
        await change({ reason: "lapses_soon" });
        make();
        const given = await attend();
        expect(given).toMatchObject({ state: "canceled", reason });
        expect(asked[0]).toBe(`endAuthorization ${invoice.session_id}`);
      });

      it.each([
        ["was cancelled", () => void (order.isCanceled = true)],
        ["needs no payment", () => void (order.outstanding = "0.00")],
      ])("a release that fails when the order %s is tried again", async (_, make) => {
        await change({ reason: "lapses_soon", attempts: 2 });
        make();
        jest.spyOn(world.ledger, "transition").mockRejectedValueOnce(AWAY);
        await attend();
        expect(await row()).toMatchObject({ state: "awaiting_capture", attempts: 3, problem: FAILED });
      });

      it.each([
        ["the capture", "capture", "80.00"],
        ["the adjustment", "adjustCollectionsAfterEdit", "80.00"],
      ] as const)("a failure of %s is counted, logged and listed", async (_, name, unpaid) => {
        fail(name);
        await of("order_changed", unpaid);
        expect(await row()).toMatchObject({ state: "awaiting_capture", attempts: 3, problem: FAILED });
        expect(unlogged().at(-1)).toMatch(/could not be captured \(SEQR_CAPTURE_FAILED\): Medusa is away$/);
        expect(asked.at(-1)?.split(" ")[0]).toBe(name);
      });

      it("a failure is listed with its code", async () => {
        answer("capture", () => {
          throw Object.assign(new Error("no"), { code: "SEQR_BUSY" });
        });
        await of("lapses_soon", "80.00");
        expect(await row()).toMatchObject({ attempts: 3, problem: "SEQR_BUSY" });
      });

      it("it stays reserved when all of it is needed", async () => {
        await of("order_changed", "100.00");
        expect(asked.at(-1)).toBe(`adjustCollectionsAfterEdit ${invoice.session_id} stays`);
        expect(await row()).toMatchObject({ reason: null, attempts: 0, problem: null });
      });

      it("it is tried again to leave it reserved", async () => {
        answer("adjustCollectionsAfterEdit", (_, what) => {
          if (what === "stays") throw AWAY;
        });
        await of("order_changed", "100.00");
        expect(await row()).toMatchObject({ reason: "order_changed", attempts: 3, problem: FAILED });
      });
    });
  });

  describe("which SEQR has captured,", () => {
    const records = (...list: [id: string, isSaved: boolean][]): void =>
      void Object.assign(world.store, {
        captureRecordsOf: async () => list.map(([id, isSaved]) => ({ id, isSaved, paymentId: "pay_1" })),
      });
    const recordedBy = (by: CaptureRecordedBy): void => answer("recordCaptureInOrder", () => by);
    const confirm = async () => confirmCapture(run, await row());
    const NAMED = "capt_1";
    beforeEach(() => {
      force({
        state: "committed",
        capture_key: NAMED,
        capture_amount: "60.00",
        amount: "60.00",
        attempts: 2,
      });
      force({ state_since: world.now() });
      records([NAMED, true]);
      recordedBy("core");
    });

    it("it is completed when Medusa has recorded it", async () => {
      expect(await confirm()).toMatchObject({ state: "completed", attempts: 0, problem: null });
      expect(asked).toEqual([`recordCaptureInOrder ${order.id} pay_1 false ${NAMED}`]);
    });

    it.each<[string, CaptureRecordedBy, InvoicePatch, number]>([
      ["core", "core", {}, 0],
      ["the plugin", "plugin", {}, 1],
      ["core while the order was edited", "core", { reason: "order_changed" }, 1],
    ])("the order is checked later when it was recorded by %s", async (_, by, patch, attempts) => {
      recordedBy(by);
      await change(patch);
      expect(await confirm()).toMatchObject({ state: "completed", reason: null, attempts });
      const adjusted = asked.filter((call) => call.startsWith("adjust"));
      expect(adjusted).toEqual(
        patch.reason ? [`adjustCollectionsAfterEdit ${invoice.session_id} captured`] : [],
      );
    });

    it("the order is checked later when it was edited at this moment", async () => {
      const take = world.ledger.transition.bind(world.ledger);
      jest.spyOn(world.ledger, "transition").mockImplementationOnce(async (...step) => {
        await change({ reason: "order_changed" });
        return take(...step);
      });
      expect(await confirm()).toMatchObject({ state: "completed", reason: "order_changed", attempts: 1 });
    });

    it("it is listed when the order's sum leaves it out", async () => {
      order.isMiscounted = true;
      expect(await confirm()).toMatchObject({ state: "completed", problem: NOT_RECORDED });
    });

    it.each([
      ["of another capture", ["capt_2", true]],
      ["that core has not saved", [NAMED, false]],
    ] as [string, [string, boolean]][])("core is waited for while it has a record %s", async (_, record) => {
      records(record);
      expect(await confirm()).toMatchObject({ state: "committed", attempts: 2 });
      expect([asked, unlogged()]).toEqual([[], []]);
    });

    describe("a minute ago,", () => {
      beforeEach(() => world.pass(60));
      /** Lets the seconds pass in which core may go on. */
      const confirmLate = async () => {
        const confirming = confirm();
        await world.tick(2.9);
        const before = [...asked];
        await world.tick(0.2);
        return { before, given: await confirming };
      };

      it("what is not recorded is tried again, and logged", async () => {
        recordedBy("none");
        const { given } = await confirmLate();
        expect(given).toMatchObject({ state: "committed", attempts: 3 });
        expect(unlogged().at(-1)).toMatch(/is captured, and Medusa could not record it: it is not recorded$/);
      });

      it.each([
        [11, { state: "committed", attempts: 12 }],
        [12, { state: "completed", problem: NOT_RECORDED }],
      ])("it is completed without a record after twelve tries (%i)", async (attempts, end) => {
        await change({ attempts });
        recordedBy("none");
        expect((await confirmLate()).given).toMatchObject(end);
      });

      it("a record that core has not saved is replaced, three seconds later", async () => {
        records([NAMED, false]);
        answer("capture", () => records([NAMED, true]));
        const { before, given } = await confirmLate();
        expect(before).toEqual([]);
        expect(given).toMatchObject({ state: "completed" });
        expect(asked).toEqual([
          `deleteCaptureRecord ${NAMED}`,
          `capture ${invoice.session_id} 60.00`,
          `recordCaptureInOrder ${order.id} pay_1 false ${NAMED}`,
        ]);
      });

      it("the order's transaction of a new record is left to core at first", async () => {
        records();
        answer("capture", () => records([NAMED, true]));
        recordedBy("none");
        expect(await confirm()).toMatchObject({ state: "committed", attempts: 3 });
      });

      it("a record that core saves meanwhile stays", async () => {
        records([NAMED, false], ["capt_2", false]);
        const confirming = confirm();
        await world.tick(2);
        records(["capt_2", false], [NAMED, true]);
        await world.tick(2);
        expect(await confirming).toMatchObject({ state: "committed", attempts: 3 });
        expect(asked).toEqual([]);
      });

      it("nothing is captured while a record could not be deleted", async () => {
        records([NAMED, false]);
        fail("deleteCaptureRecord");
        expect((await confirmLate()).given).toMatchObject({ state: "committed", attempts: 3 });
        expect(asked).toEqual([`deleteCaptureRecord ${NAMED}`]);
      });
    });

    it("it is tried again when the collections could not be adjusted", async () => {
      await change({ reason: "order_changed" });
      fail("adjustCollectionsAfterEdit");
      expect(await confirm()).toMatchObject({ state: "committed", reason: "order_changed", attempts: 3 });
    });

    it("it is tried again when the ledger is away at the end", async () => {
      jest.spyOn(world.ledger, "transition").mockRejectedValueOnce(AWAY);
      expect(await confirm()).toMatchObject({ state: "committed", attempts: 3 });
    });
  });

  it("which is being captured, nothing is committed again when its order was cancelled", async () => {
    force({ state: "capturing", capture_amount: "60.00" });
    order.isCanceled = true;
    expect(await resumeCapture(run, await row())).toMatchObject({
      state: "canceled",
      reason: "order_canceled",
    });
    expect(world.asked()).toEqual(["cancelInvoice 0"]);
  });

  describe("which is captured, when its order is checked once more,", () => {
    const check = async () => checkCompletedOrder(run, await row());
    beforeEach(() => force({ state: "completed", attempts: 1, capture_key: "capt_1" }));

    it("it is checked again when the collections could not be adjusted", async () => {
      force({ reason: "order_changed" });
      fail("adjustCollectionsAfterEdit");
      await expect(check()).rejects.toBe(AWAY);
      expect(await row()).toMatchObject({ reason: "order_changed", attempts: 2 });
    });

    it.each<[string, Partial<InvoiceRecord>]>([
      ["that the edit is done", { reason: "order_changed" }],
      ["that it is not counted", { reason: null }],
    ])("it is checked again when it could not be written down %s", async (_, patch) => {
      force(patch);
      order.isMiscounted = true;
      const { ledger } = world;
      const update = ledger.update.bind(ledger);
      jest.spyOn(ledger, "update").mockImplementationOnce(update).mockRejectedValueOnce(AWAY);
      await expect(check()).rejects.toBe(AWAY);
      expect(await row()).toMatchObject({ attempts: 2, problem: null });
    });
  });

  describe("which has lapsed,", () => {
    const end = async () => endLapsed(run, await row());
    beforeEach(() => force({ state: "lapsed", attempts: 1 }));

    it("the payment in Medusa is cancelled, once", async () => {
      expect(await end()).toMatchObject({ attempts: 0 });
      await end();
      expect(asked).toEqual([`endAuthorization ${invoice.session_id}`]);
    });

    it("that is tried again when it fails", async () => {
      fail("endAuthorization");
      expect(await end()).toMatchObject({ attempts: 2 });
      expect(await row()).toMatchObject({ attempts: 2 });
      expect(unlogged().at(-1)).toMatch(/its payment could not be cancelled: Medusa is away$/);
    });
  });

  describe("which is released,", () => {
    const purchase = (more: Partial<Purchase> = {}): void =>
      void Object.assign(world.store, {
        purchaseOf: async () => ({ orderId: order.id, paymentId: "pay_1", ...more }),
      });
    const end = async (): Promise<void> => endAuthorization(run, await row());
    beforeEach(() => {
      force({ state: "canceled", problem: null, order_id: null });
      purchase();
      answer("endAuthorization", () => true);
    });

    it("an order that stays is unpaid, and listed", async () => {
      await end();
      expect(asked).toEqual([`endAuthorization ${invoice.session_id}`]);
      expect(await row()).toMatchObject({ problem: "SEQR_RESERVATION_LAPSED", order_id: order.id });
    });

    it.each<[string, () => unknown, string[]]>([
      ["no order stays", () => answer("endAuthorization", () => false), ["endAuthorization"]],
      ["it has another problem", () => force({ problem: "SEQR_REVERSED" }), ["endAuthorization"]],
      ["there is no order", () => purchase({ orderId: undefined }), ["dropSession"]],
      ["there is no payment", () => purchase({ paymentId: undefined }), []],
      ["it is not released yet", () => force({ state: "releasing" }), []],
      ["nothing was reserved", () => force({ reserved_amount: null }), []],
    ])("nothing is listed when %s", async (_, make, calls) => {
      make();
      const { problem } = await row();
      await end();
      expect(asked).toEqual(calls.map((name) => `${name} ${invoice.session_id}`));
      expect(await row()).toMatchObject({ problem, order_id: null });
    });

    it.each<[InvoiceState, (given: InvoiceRecord) => Promise<unknown>]>([
      ["awaiting_capture", (given) => release(run, given, "merchant", "it has to be")],
      ["releasing", (given) => releaseAgain(run, given)],
    ])("from %s, the authorization is ended with it", async (state, act) => {
      force({ state, reason: "merchant" });
      await act(await row());
      expect(await row()).toMatchObject({ state: "canceled", problem: "SEQR_RESERVATION_LAPSED" });
      force({ state, problem: null });
      fail("endAuthorization");
      await expect(act(await row())).rejects.toBe(AWAY);
    });

    it("a cancelled order begins anew to count failures", async () => {
      force({ state: "awaiting_capture", order_id: order.id, attempts: 7, problem: FAILED });
      const take = jest.spyOn(world.ledger, "transition");
      await refundCanceledOrders(run, [order.id]);
      expect(take.mock.calls[0]).toMatchObject([
        ...[invoice.id, "releasing"],
        { reason: "order_canceled", attempts: 0, problem: null },
      ]);
    });

    it("a line is logged", async () => {
      force({ state: "awaiting_capture" });
      await release(run, await row(), "merchant", "it has to be");
      expect(world.log.some((line) => /^warn .* is reserved and is released: it has to be$/.test(line))).toBe(
        true,
      );
    });
  });

  describe("a capture of which Medusa has a record, and SEQR was not asked for,", () => {
    const unconfirmed = (...ids: string[]): void =>
      answer("unconfirmedCaptures", () =>
        ids.map((id) => ({ id, amount: "60.00", sessionId: invoice.session_id })),
      );
    const reconcile = async (): Promise<string[]> => {
      await reconcileCaptures(run);
      return asked.slice(1).map((call) => call.replace(` ${invoice.session_id}`, ""));
    };
    beforeEach(() => {
      unconfirmed("capt_9");
      answer("capture", () => undefined);
    });

    it("is looked for among those of three days, but not of the last two minutes", async () => {
      await reconcile();
      const now = world.now();
      expect(asked[0]).toBe(
        ["unconfirmedCaptures", after(now, -3 * DAY * 1_000), after(now, -120_000)].join(" "),
      );
      const spans: [Date, Date][] = [];
      answer("unconfirmedCaptures", (...span) => (spans.push(span as [Date, Date]), []));
      await reconcileCaptures(run);
      expect(spans).toEqual([[after(now, -3 * DAY * 1_000), after(now, -120_000)]]);
    });

    it("is made, in place of its record", async () => {
      expect(await reconcile()).toEqual(["deleteCaptureRecord capt_9", "capture 60.00"]);
      expect(await row()).toMatchObject({ lease_owner: null });
    });

    it.each<[InvoiceState, string[]]>([
      ["capturing", []],
      ["committed", []],
      ["completed", ["deleteCaptureRecord capt_9"]],
      ["lapsed", ["deleteCaptureRecord capt_9"]],
      ["canceled", ["deleteCaptureRecord capt_9"]],
    ])("of what is %s is not made", async (state, calls) => {
      force({ state });
      expect(await reconcile()).toEqual(calls);
    });

    it("is left alone when the ledger knows it", async () => {
      await change({ capture_key: "capt_9" });
      const acquire = jest.spyOn(world.ledger, "acquireLease");
      expect(await reconcile()).toEqual([]);
      expect(acquire).not.toHaveBeenCalled();
    });

    it("is left alone when the ledger knows it by then", async () => {
      const acquire = world.ledger.acquireLease.bind(world.ledger);
      jest.spyOn(world.ledger, "acquireLease").mockImplementationOnce(async (...given) => {
        await change({ capture_key: "capt_9" });
        return acquire(...given);
      });
      expect(await reconcile()).toEqual([]);
    });

    it("is not made of what was never reserved", async () => {
      force({ reserved_at: null });
      expect(await reconcile()).toEqual([]);
    });

    it.each(["deleteCaptureRecord", "capture"] as const)("is logged when %s fails", async (name) => {
      fail(name);
      const calls = await reconcile();
      expect(calls.at(-1)?.split(" ")[0]).toBe(name);
      expect(unlogged().at(-1)).toMatch(/capture capt_9 could not be made: .*Medusa is away/);
    });
  });
});
