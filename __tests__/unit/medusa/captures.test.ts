import { capturesIn } from "../../../src/medusa/captures";
import { SmallMedusa, type Collection, type Payment } from "./small-medusa";

const at = (seconds: number): Date => new Date(1_900_000_000_000 + seconds * 1_000);
const capture = (id: string, amount = "60", seconds = 0) => ({ id, amount, created_at: at(seconds) });
const AT_SEQR = { ers_reference: "2026", session_id: "payses_1" };

describe("in Medusa,", () => {
  let medusa: SmallMedusa;
  let store: ReturnType<typeof capturesIn>;
  beforeEach(() => {
    const terminals = { all: [{ name: "seqr" }, { name: "fi" }] };
    medusa = new SmallMedusa({ seqr: { context: { terminals } } });
    store = capturesIn(medusa.container);
  });

  describe("a capture", () => {
    beforeEach(() => void medusa.pay({ payment_session_id: "payses_other", id: "pay_other" }));

    it.each([
      ["100", "100.00", {}],
      // Medusa's own digits are captured, and not what they are rounded to.
      ["235.345", "235.35", {}],
      ["100", "60.00", { amount: "60.00" }],
    ])("of a payment of %s that is over %s asks core for %j", async (amount, wanted, input) => {
      medusa.pay({ id: "pay_1", payment_session_id: "payses_1", amount });
      await store.capture("payses_1", wanted);
      expect(medusa.changes).toEqual([`capture ${JSON.stringify({ payment_id: "pay_1", ...input })}`]);
    });

    it("of a payment that Medusa does not have is refused", async () => {
      await expect(store.capture("payses_none", "60.00")).rejects.toMatchObject({
        code: "SEQR_SESSION_UNKNOWN",
      });
      expect(medusa.changes).toEqual([]);
    });

    it.each([
      ["that core has saved, and whose record it has deleted, is forgotten first", [], true],
      ["that Medusa has is not forgotten", [capture("capt_1")], false],
    ])("%s", async (_, captures, isForgotten) => {
      const payment = medusa.pay({
        id: "pay_1",
        payment_session_id: "payses_1",
        captured_at: at(0),
        captures,
      });
      await store.capture("payses_1", "60.00");
      expect(medusa.changes.slice(0, -1)).toEqual(isForgotten ? ["update pay_1"] : []);
      expect(payment.captured_at).toEqual(isForgotten ? null : at(0));
    });
  });

  describe("the records of captures", () => {
    it.each([
      [null, false],
      [{}, false],
      [AT_SEQR, true],
    ])(
      "are known with their payment, and whether core has saved SEQR's answer (%j: %s)",
      async (data, isSaved) => {
        medusa.pay({ captures: [capture("capt_other")] });
        medusa.pay({ data, captures: [capture("capt_1"), capture("capt_2")] });
        expect(await store.captureRecordsOf("payses_2")).toEqual([
          { id: "capt_1", paymentId: "pay_2", isSaved },
          { id: "capt_2", paymentId: "pay_2", isSaved },
        ]);
        expect(await store.captureRecordsOf("payses_none")).toEqual([]);
      },
    );

    it("are deleted with the order's transaction, and no other one", async () => {
      const payment = medusa.pay({ captures: [capture("capt_1"), capture("capt_2")] });
      medusa.book("capt_1");
      medusa.book("capt_2");
      medusa.book("capt_1", { id: "ordtrx_refund", reference: "refund" });
      await store.deleteCaptureRecord("capt_1");
      expect(payment.captures.map(({ id }) => id)).toEqual(["capt_2"]);
      expect(medusa.transactions.map(({ id }) => id)).toEqual(["ordtrx_capt_2", "ordtrx_refund"]);
      expect(medusa.changes).toEqual(["delete ordtrx_capt_1 and its sums", "delete capt_1"]);
    });

    it("are deleted before core has added a transaction", async () => {
      medusa.pay({ captures: [capture("capt_1")] });
      await store.deleteCaptureRecord("capt_1");
      expect(medusa.changes).toEqual(["delete capt_1"]);
    });

    it("are unconfirmed while their payment of SEQR does not count as captured", async () => {
      const made = (id: string, seconds: number, more: Partial<Payment> = {}) =>
        medusa.pay({
          data: { session_id: `session of ${id}` },
          captures: [capture(id, "60.5", seconds)],
          ...more,
        });
      made("early", -1);
      made("first", 0);
      made("second", 9, { provider_id: "pp_seqr_fi" });
      made("late", 10);
      made("done", 5, { captured_at: at(5) });
      made("other", 5, { provider_id: "pp_other_seqr" });
      made("unknown", 5, { data: null });
      medusa.orphans.push(capture("orphan", "1", 5));
      expect(await store.unconfirmedCaptures(at(0), at(10))).toEqual([
        { id: "first", amount: "60.50", sessionId: "session of first" },
        { id: "second", amount: "60.50", sessionId: "session of second" },
        { id: "unknown", amount: "60.50", sessionId: "undefined" },
      ]);
    });
  });

  describe("a session that is dropped", () => {
    it("takes the payment with it that a completion has left", async () => {
      medusa.pay();
      const payment = medusa.pay();
      await store.dropSession("payses_2");
      expect(payment.canceled_at).not.toBeNull();
      expect(medusa.changes).toEqual(["cancel pay_2", "delete payses_2"]);
      await store.dropSession("payses_2");
      expect(medusa.changes).toHaveLength(2);
    });

    it("has no payment yet", async () => {
      medusa.pay();
      medusa.sessions.push({ id: "payses_new" });
      await store.dropSession("payses_new");
      expect(medusa.changes).toEqual(["delete payses_new"]);
    });
  });

  describe("an authorization that ends", () => {
    /** Of an order over 100, in its collection. */
    const reserved = (more: Partial<Payment> = {}, collection: Partial<Collection> = {}): Payment => {
      medusa.place("order_other", "500");
      medusa.collect({ id: "pay_col_other", order_id: "order_other" });
      medusa.place("order_1", "100");
      return medusa.pay(more, { order_id: "order_1", ...collection });
    };

    it("has the order paid anew, with a new collection", async () => {
      const payment = reserved();
      expect(await store.endAuthorization("payses_1")).toBe(true);
      expect(payment.canceled_at).not.toBeNull();
      expect(medusa.collections.at(-1)?.status).toBe("canceled");
      expect(medusa.changes).toEqual([
        ...["update pay_col_1", "cancel pay_1"],
        'create [{"currency_code":"sek","amount":100}]',
        'link [{"order":{"order_id":"order_1"},"payment":{"payment_collection_id":"pay_col_new_0"}}]',
      ]);
    });

    it.each(["not_paid", "awaiting"])(
      "has the order paid anew, with its collection that is %s",
      async (status) => {
        reserved({}, { order_id: null, cart_order_id: "order_1" });
        const unpaid = medusa.collect({ id: "pay_col_unpaid", status, amount: 1, order_id: "order_1" });
        expect(await store.endAuthorization("payses_1")).toBe(true);
        expect(unpaid.amount).toBe(100);
        expect(medusa.changes).toEqual(["update pay_col_1", "cancel pay_1", "update pay_col_unpaid"]);
      },
    );

    it("takes a record of a capture with it that SEQR was never asked for", async () => {
      const payment = reserved({ captures: [capture("capt_1")], canceled_at: at(0) });
      expect(await store.endAuthorization("payses_1")).toBe(true);
      expect(payment.captures).toEqual([]);
      expect(medusa.changes.slice(0, 2)).toEqual(["delete capt_1", "update pay_col_1"]);
      expect(medusa.changes).not.toContain("cancel pay_1");
    });

    it("of an order that is cancelled asks nobody for money", async () => {
      reserved();
      Object.assign(medusa.orders[1] ?? {}, { canceled_at: at(0) });
      expect(await store.endAuthorization("payses_1")).toBe(false);
      expect(medusa.changes).toEqual(["update pay_col_1", "cancel pay_1"]);
    });

    it("has no order", async () => {
      medusa.pay();
      expect(await store.endAuthorization("payses_1")).toBe(false);
      expect(medusa.changes).toEqual(["update pay_col_1", "cancel pay_1"]);
    });

    it("has no payment", async () => {
      medusa.pay();
      expect(await store.endAuthorization("payses_none")).toBe(false);
      expect(medusa.changes).toEqual([]);
    });
  });

  describe("what an order of 500 asks for beside", () => {
    const OTHER = "pp_stripe_stripe";
    it.each<[string, Partial<Payment>, Partial<Collection>, number]>([
      ["a reservation at SEQR", {}, {}, 400],
      ["one whose collection core has cancelled", {}, { status: "canceled" }, 400],
      ["one that SEQR has captured in part, and whose rest it has released", { data: AT_SEQR }, {}, 500],
      ["one that is cancelled", { canceled_at: at(0) }, {}, 500],
      ["one with a capture that SEQR has not made", { captures: [capture("c", "60")] }, {}, 400],
      ["another provider's authorization", { provider_id: OTHER }, {}, 400],
      ["a part of one", { provider_id: OTHER }, { status: "partially_authorized" }, 400],
      ["one that is captured in part", { provider_id: OTHER, captures: [capture("c", "60")] }, {}, 460],
      ["one that is captured", { provider_id: OTHER }, { status: "completed" }, 500],
      ["more than all of it", { amount: "600" }, {}, 0],
    ])("%s is the rest", async (_, payment, collection, rest) => {
      medusa.place("order_1", "500");
      medusa.pay(payment, { order_id: "order_1", ...collection });
      medusa.pay({}, { order_id: "order_1", status: "canceled" });
      const gone = medusa.payments[1];
      await store.endAuthorization("payses_2");
      expect(gone?.canceled_at).not.toBeNull();
      expect(medusa.changes).toContain(`create ${JSON.stringify([{ currency_code: "sek", amount: rest }])}`);
    });
  });

  describe("the edit of an order over 100 with a reservation", () => {
    const edited = (total: string): [payment: Collection | undefined, unpaid: Collection] => {
      medusa.place("order_1", total);
      medusa.pay({ captures: [capture("capt_1", "60")] }, { order_id: "order_1", status: "canceled" });
      return [medusa.collections[0], medusa.collect({ id: "unpaid", order_id: "order_1", amount: 1 })];
    };

    it("asks for what is more than the reservation, which is captured soon", async () => {
      const [own, unpaid] = edited("130");
      await store.adjustCollectionsAfterEdit("payses_1", "captured_soon");
      expect([own, unpaid]).toMatchObject([{ status: "canceled" }, { status: "not_paid", amount: 30 }]);
      expect(medusa.changes).toEqual(["update unpaid"]);
    });

    it("asks for half a krona", async () => {
      const [, unpaid] = edited("100.5");
      await store.adjustCollectionsAfterEdit("payses_1", "captured_soon");
      expect(unpaid).toMatchObject({ status: "not_paid", amount: 0.5 });
    });

    it("asks for nothing when the reservation stays and is enough", async () => {
      const [own, unpaid] = edited("100");
      await store.adjustCollectionsAfterEdit("payses_1", "stays");
      expect([own, unpaid]).toMatchObject([
        { status: "authorized", amount: 100 },
        { status: "canceled", amount: 1 },
      ]);
      expect(medusa.changes).toEqual(["update pay_col_1", "update unpaid"]);
    });

    it("shows what was captured", async () => {
      const [own] = edited("100");
      await store.adjustCollectionsAfterEdit("payses_1", "captured");
      expect(own).toMatchObject({ status: "completed", amount: 60 });
      expect(medusa.changes).toEqual(["update pay_col_1", "update unpaid"]);
    });

    it("changes nothing of an order that has no unpaid collection", async () => {
      medusa.place("order_1", "130");
      medusa.pay({}, { order_id: "order_1" });
      await store.adjustCollectionsAfterEdit("payses_1", "captured_soon");
      expect(medusa.changes).toEqual([]);
    });

    it("changes nothing without an order or a payment", async () => {
      medusa.pay();
      await store.adjustCollectionsAfterEdit("payses_1", "stays");
      await store.adjustCollectionsAfterEdit("payses_none", "stays");
      expect(medusa.changes).toEqual([]);
    });
  });
});
