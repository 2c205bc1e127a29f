import { after } from "../../../src/clock";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import {
  cancelReservation,
  captureReservation,
  keepCaptured,
} from "../../../src/providers/seqr/reservations";
import SeqrPaymentProvider from "../../../src/providers/seqr/service";
import { present } from "../modules/ledger-contract";
import { startWorld, type World } from "../modules/seqr-world";
import { queryOver, type Query } from "./medusa-query";

const AWAY = new Error("the database is away");

describe("what Medusa asks the provider about a reservation of 100 kronor", () => {
  let world: World;
  let invoice: InvoiceRecord;
  let collection: { status: string; order: { id: string; version: number; canceled_at: string | null } };
  let captures: string[];
  let query: Query;
  beforeEach(async () => {
    world = await startWorld({ options: { capture: "manual" }, isDistant: true });
    ({ invoice } = await world.issue());
    await world.sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
    await pollPaymentStatus(world.context, invoice, "watch");
    await world.move(invoice, "authorized");
    invoice = await world.move(invoice, "awaiting_capture");
    const item = { title: "Tea", quantity: 1, original_total: 60, total: 60 };
    const order = {
      ...{ id: "order_1", version: 1, total: 60, canceled_at: null },
      items: [item],
      shipping_methods: [],
    };
    collection = { status: "authorized", order };
    captures = [];
    query = queryOver((entity, ids) => {
      if (entity === "payment_session") return [{ id: ids[0], payment_collection: collection }];
      return captures.filter((id) => ids.includes(id)).map((id) => ({ id, amount: 1 }));
    });
    world.asked();
  });
  afterEach(() => world.stop());

  const row = () => world.row(invoice);
  const force = (patch: Partial<InvoiceRecord>): void =>
    void Object.assign(present(world.ledger.invoices.find(({ id }) => id === invoice.id)), patch);
  const capture = async (amount = "60.00", key = "capt_1") =>
    captureReservation(world.context, query, await row(), { amount, key });
  const cancel = async () => cancelReservation(world.context, query, await row());
  const edit = (): void => void (collection.status = "canceled");

  describe("to capture it", () => {
    it("is done", async () => {
      // Core has written its record before.
      captures = ["capt_1"];
      expect(await capture()).toMatchObject({ state: "committed", amount: "60.00", capture_key: "capt_1" });
      expect(world.asked()).toEqual(["commitReservation 0", "getPaymentStatus 0"]);
    });

    it("is done with the rows of the order that staff have changed", async () => {
      collection.order.version = 2;
      const update = jest.spyOn(world.client, "updateInvoice");
      expect(await capture()).toMatchObject({ state: "committed" });
      expect(update.mock.calls.map(([, { invoiceRows }]) => invoiceRows)).toMatchObject([
        [{ itemDescription: "Tea", itemTotalAmount: { currency: "SEK", value: "60.00" } }],
      ]);
    });

    it("is not done when the edit of its order could not be noted", async () => {
      edit();
      jest.spyOn(world.ledger, "update").mockRejectedValueOnce(AWAY);
      await expect(capture()).rejects.toBe(AWAY);
      expect(world.asked()).toEqual([]);
    });

    it.each<[Partial<InvoiceRecord>, string]>([
      [{ state: "lapsed" }, "SEQR_RESERVATION_LAPSED"],
      [{ state: "capturing", capture_amount: "59.99" }, "SEQR_CAPTURE_RUNNING"],
      [{ state: "capturing", capture_amount: "60.01" }, "SEQR_CAPTURE_RUNNING"],
      [{ state: "open" }, "SEQR_NOT_PAID"],
      [{ state: "completed", ers_reference: "2026" }, "SEQR_NOT_PAID"],
      [{ state: "completed", capture_key: "capt_0" }, "SEQR_NOT_PAID"],
      ...(["refund_due", "refunding", "refunded"] as const).map((state): [Partial<InvoiceRecord>, string] => [
        { state, ers_reference: "2026", capture_key: "capt_0", capture_amount: "60.00" },
        "SEQR_CAPTURE_REFUNDED",
      ]),
    ])("is refused of %j (%s)", async (patch, code) => {
      force(patch);
      await expect(capture()).rejects.toMatchObject({ code });
      expect(world.asked()).toEqual([]);
    });

    it("is not said to be done while SEQR does not say so", async () => {
      for (const operation of ["commitReservation", "getPaymentStatus"])
        world.sandbox.faults.add({ operation, kind: "lost-answer" });
      await expect(capture()).rejects.toMatchObject({ code: "SEQR_CAPTURE_UNKNOWN" });
      expect((await row()).state).toBe("capturing");
    });

    it("is found out, while its outcome is unknown", async () => {
      force({ state: "capturing", capture_amount: "60.00", capture_key: "capt_0" });
      expect(await capture()).toMatchObject({ state: "committed", amount: "60.00" });
      expect((await row()).capture_key).toBe("capt_1");
      expect(world.asked()[0]).toBe("getPaymentStatus 0");
    });

    it("is assigned to the next record of the same amount, and to no other", async () => {
      force({ state: "committed", ers_reference: "2026", capture_key: "capt_0", capture_amount: "60.00" });
      await expect(capture("59.00")).rejects.toMatchObject({ code: "SEQR_CAPTURE_DIFFERS" });
      captures = ["capt_0"];
      await expect(capture()).rejects.toMatchObject({ code: "SEQR_CAPTURED_ONCE" });
      captures = [];
      await capture();
      expect((await row()).capture_key).toBe("capt_1");
      expect(world.asked()).toEqual([]);
    });
  });

  describe("to cancel it", () => {
    it("is done", async () => {
      await cancel();
      expect(await row()).toMatchObject({ state: "canceled", reason: "merchant" });
      expect(world.asked()).toEqual(["cancelInvoice 0"]);
    });

    it.each<InvoiceState>(["capturing", "committed", "completed"])(
      "is refused while it is %s",
      async (state) => {
        force({ state });
        await expect(cancel()).rejects.toMatchObject({ code: "SEQR_CAPTURE_RUNNING" });
        expect(world.asked()).toEqual([]);
        // Also when it was not known yet.
        const asked = cancelReservation(world.context, query, invoice);
        await expect(asked).rejects.toMatchObject({ code: "SEQR_CAPTURE_RUNNING" });
      },
    );

    it("is done by whoever releases it", async () => {
      force({ state: "releasing" });
      await cancelReservation(world.context, query, invoice);
      expect(world.asked()).toEqual([]);
    });

    it.each<[InvoiceState, string, Partial<InvoiceRecord> | undefined]>([
      ["awaiting_capture", "SEQR_RESERVATION_KEPT", { attempts: 0 }],
      ["capturing", "SEQR_CAPTURE_RUNNING", undefined],
      ["committed", "SEQR_CAPTURE_RUNNING", undefined],
      ["completed", "SEQR_CAPTURE_RUNNING", { attempts: 1 }],
    ])("is refused when its order was edited, which is noted (%s: %s)", async (state, code, soon) => {
      edit();
      const later = after(world.now(), 60_000);
      force({ state, attempts: 3, due_at: later });
      await expect(cancel()).rejects.toMatchObject({ code });
      const { attempts, due_at } = {
        attempts: 3,
        due_at: later,
        ...(soon && { ...soon, due_at: world.now() }),
      };
      expect(await row()).toMatchObject({ state, reason: "order_changed", attempts, due_at });
      expect(world.asked()).toEqual([]);
    });

    it.each<[string, () => unknown]>([
      ["was cancelled", () => (edit(), (collection.order.canceled_at = "2026-11-29"))],
      ["stands as it was", () => undefined],
    ])("is done when its order %s", async (_, make) => {
      make();
      await cancel();
      expect((await row()).state).toBe("canceled");
    });
  });

  describe("to cancel what was captured of it", () => {
    const keep = async () => keepCaptured(world.context, query, await row());
    beforeEach(() => {
      force({ state: "completed", attempts: 0, due_at: null });
    });

    it("is refused, and its order is checked", async () => {
      await expect(keep()).rejects.toMatchObject({ code: "SEQR_CAPTURED_ONCE" });
      expect(await row()).toMatchObject({ reason: null, attempts: 1, due_at: world.now() });
    });

    it("is refused, and its order has its collections adjusted when it was edited", async () => {
      edit();
      await expect(keep()).rejects.toMatchObject({ code: "SEQR_CAPTURED_ONCE" });
      expect(await row()).toMatchObject({ reason: "order_changed", attempts: 1, due_at: world.now() });
    });

    it("is refused, and its order is processed with the capture that Medusa is recording", async () => {
      edit();
      force({ state: "committed" });
      await expect(keep()).rejects.toMatchObject({ code: "SEQR_CAPTURED_ONCE" });
      expect(await row()).toMatchObject({ reason: "order_changed", attempts: 0, due_at: null });
    });

    it("is nothing to refuse where nothing was reserved", async () => {
      force({ reserved_amount: null });
      await keep();
      expect(await row()).toMatchObject({ reason: null, attempts: 0, due_at: null });
    });
  });

  describe("through the provider,", () => {
    const provider = () => new SeqrPaymentProvider({ seqr: { context: world.context }, query }, {});
    const data = () => ({ session_id: invoice.session_id });

    it("captures the amount of core's record", async () => {
      captures = ["capt_1"];
      const context = { idempotency_key: "capt_1" };
      await provider().capturePayment({ data: data(), context });
      expect(await row()).toMatchObject({ state: "committed", amount: "1.00", capture_key: "capt_1" });
    });

    it.each<[string | undefined, InvoiceState]>([
      [undefined, "reserved"],
      ["pay_1", "releasing"],
    ])("takes back what core could not place an order with (payment %s: %s)", async (key, state) => {
      force({ state: "authorized", due_at: after(world.now(), 60_000) });
      await provider().cancelPayment({ data: data(), ...(key && { context: { idempotency_key: key } }) });
      expect(await row()).toMatchObject({ state, reason: "compensated", due_at: world.now() });
    });

    it("releases what core cancels", async () => {
      await provider().cancelPayment({ data: data() });
      expect(await row()).toMatchObject({ state: "canceled", reason: "merchant" });
    });

    it("refuses to release what SEQR has captured", async () => {
      force({ state: "committed" });
      await expect(provider().cancelPayment({ data: data() })).rejects.toMatchObject({
        code: "SEQR_CAPTURE_RUNNING",
      });
    });

    it("keeps what core has captured", async () => {
      force({ state: "completed" });
      await expect(provider().cancelPayment({ data: data() })).rejects.toMatchObject({
        code: "SEQR_CAPTURED_ONCE",
      });
      expect((await row()).state).toBe("completed");
    });
  });
});
