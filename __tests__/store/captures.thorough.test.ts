import { until } from "../../testkit/http";
import { SeqrClient } from "../../src/seqr";
import { OrderChanges } from "./kit/order-changes";
import { CANARY } from "./kit/secrets";
import { startSeqrProxy, type SeqrProxy } from "./kit/seqr-proxy";
import type { Session, Shopper } from "./kit/shopper";
import { Staff, type AdminPayment } from "./kit/staff";
import { STAFF } from "../../testkit/store";
import { startTestStore, type TestStore } from "./kit/store";
import { letTimePass } from "./kit/time";

/** An order that was placed with a reservation. */
interface Reserved {
  orderId: string;
  total: number;
  reference: string;
  session: Session;
  shopper: Shopper;
}

/** Seconds of the test store's reservations; their last quarter is when they lapse soon. */
const RESERVATION = 86_400;

describe("an order with a reservation", () => {
  let store: TestStore;
  let staff: Staff;
  let proxy: SeqrProxy;
  beforeAll(async () => {
    store = await startTestStore({
      env: {
        SEQR_CAPTURE: "manual",
        SEQR_RESERVATION_TIME: String(RESERVATION),
        // A lost answer is given up long before SEQR would reverse the payment.
        SEQR_RESPONSE_TIMEOUT: "2000",
      },
      // On a busy machine a server takes longer than 20 seconds to come back.
      sandbox: { reversalAfter: 300_000 },
      between: async (sandbox) => (proxy = await startSeqrProxy(sandbox.endpoint)),
    });
    staff = await store.staff();
  });
  afterAll(() => store?.stop());
  afterEach(() => (proxy.hold = undefined));

  async function order(): Promise<Reserved> {
    const shopper = store.shopper();
    const { total } = await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid");
    const { invoice_reference: reference } = session.data;
    await stateBecomes(order?.id ?? "", "awaiting_capture");
    return { orderId: order?.id ?? "", total, reference, session, shopper };
  }
  const state = async (orderId: string): Promise<string | undefined> =>
    (await staff.seqrPayments(orderId))[0]?.state;
  const stateBecomes = (orderId: string, wanted: string): Promise<unknown> =>
    until(
      () => state(orderId),
      (now) => now === wanted,
      { seconds: 60 },
    );
  const stageOf = ({ reference }: Reserved): string | undefined =>
    store.sandbox.core.invoice(reference)?.stage;
  const takenOf = ({ reference }: Reserved): string[] =>
    store.sandbox.core
      .transactions()
      .filter(
        ({ kind, reversed, invoiceReference: of }) => kind === "payment" && !reversed && of === reference,
      )
      .map(({ amount }) => amount.value);
  const commits = (): number =>
    proxy.calls.filter(({ operation }) => operation === "commitReservation").length;
  const listed = async ({ orderId }: Reserved): Promise<string[]> =>
    (await staff.attention()).filter(({ order_id }) => order_id === orderId).map(({ kind }) => kind);
  const capturesOf = ({ captures }: AdminPayment): number[] => captures.map(({ amount }) => Number(amount));

  const askedOf = async ({ orderId }: Reserved): Promise<number[]> =>
    (await staff.order(orderId)).payment_collections
      .filter(({ status }) => status === "not_paid" || status === "awaiting")
      .map(({ amount }) => Number(amount));
  const changesOf = ({ orderId }: Reserved): OrderChanges => new OrderChanges(staff, store.seeded, orderId);

  it("is authorized, takes no money, and is captured in full once", async () => {
    const sale = await order();
    expect(await staff.order(sale.orderId)).toMatchObject({ payment_status: "authorized" });
    expect([stageOf(sale), takenOf(sale)]).toEqual(["reserved", []]);

    const before = proxy.calls.length;
    await staff.capture(sale.orderId);
    // The commit, and one poll, which gives the reference and acknowledges the payment.
    expect(proxy.calls.slice(before).map(({ operation }) => operation)).toEqual([
      "commitReservation",
      "getPaymentStatus",
    ]);
    await stateBecomes(sale.orderId, "completed");
    expect(takenOf(sale)).toEqual([sale.total.toFixed(2)]);
    expect(await staff.order(sale.orderId)).toMatchObject({
      payment_status: "captured",
      summary: { pending_difference: 0 },
    });
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect(payment).toMatchObject({ ers_reference: expect.any(String), amount: sale.total.toFixed(2) });
    await staff.refund(sale.orderId, 10);
    expect((await staff.seqrPayments(sale.orderId))[0]?.refunds).toMatchObject([
      { amount: "10.00", state: "done" },
    ]);
  });

  it("is captured in part; a second capture and one above it are refused with a reason", async () => {
    const sale = await order();
    await expect(staff.capture(sale.orderId, sale.total + 1)).rejects.toMatchObject({ status: 400 });
    // Medusa would record another amount than SEQR charges.
    await expect(staff.capture(sale.orderId, 100.126)).rejects.toMatchObject({
      ...{ status: 400, body: { code: "SEQR_AMOUNT" } },
    });
    await staff.capture(sale.orderId, 100);
    await stateBecomes(sale.orderId, "completed");
    expect(await staff.order(sale.orderId)).toMatchObject({ payment_status: "partially_captured" });
    await expect(staff.capture(sale.orderId, 50)).rejects.toMatchObject({
      body: { code: "SEQR_CAPTURED_ONCE", message: expect.stringContaining("It was 100.00 SEK.") },
    });
    expect([takenOf(sale), commits() > 0]).toEqual([["100.00"], true]);
    expect(capturesOf(await staff.payment(sale.orderId))).toEqual([100]);
    expect(await listed(sale)).toEqual([]);
  });

  it("releases the reservation when it is cancelled, also while SEQR is away", async () => {
    const [first, second] = [await order(), await order()];
    await staff.cancel(first.orderId);
    await stateBecomes(first.orderId, "canceled");
    expect([stageOf(first), takenOf(first)]).toEqual(["cancelled", []]);
    expect((await staff.payment(first.orderId)).canceled_at).not.toBeNull();

    await proxy.goDown();
    await staff.cancel(second.orderId);
    expect(await state(second.orderId)).toBe("releasing");
    await proxy.comeBack();
    await stateBecomes(second.orderId, "canceled");
    expect([stageOf(second), takenOf(second)]).toEqual(["cancelled", []]);
  });

  it("is captured once when the answer is lost, and staff try again", async () => {
    const sale = await order();
    const lost = new Set(["commitReservation", "getPaymentStatus"]);
    proxy.hold = ({ operation, body }) =>
      Promise.resolve(
        lost.has(operation) && body.includes(sale.reference)
          ? operation === "commitReservation"
            ? "after"
            : "before"
          : undefined,
      );
    await expect(staff.capture(sale.orderId, 80)).rejects.toMatchObject({
      body: { code: "SEQR_CAPTURE_UNKNOWN" },
    });
    expect(capturesOf(await staff.payment(sale.orderId))).toEqual([]);
    expect(await listed(sale)).toEqual(["capture_pending"]);
    proxy.hold = undefined;
    await expect(staff.capture(sale.orderId, 60)).rejects.toMatchObject({
      body: { code: expect.stringMatching(/SEQR_CAPTURE_RUNNING|SEQR_CAPTURE_DIFFERS|SEQR_CAPTURED_ONCE/) },
    });
    await stateBecomes(sale.orderId, "completed");
    expect(takenOf(sale)).toEqual(["80.00"]);
    expect(capturesOf(await staff.payment(sale.orderId))).toEqual([80]);
  });

  it("has its capture recorded when core forgets what SEQR has made", async () => {
    const sale = await order();
    await store.sql(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'away'; end $$;
       create trigger refuse before update on payment for each row execute function refuse()`,
    );
    try {
      await expect(staff.capture(sale.orderId)).rejects.toMatchObject({ status: 500 });
    } finally {
      await store.sql("drop function refuse cascade");
    }
    expect(takenOf(sale)).toEqual([sale.total.toFixed(2)]);
    await stateBecomes(sale.orderId, "completed");
    expect(capturesOf(await staff.payment(sale.orderId))).toEqual([sale.total]);
    expect(await staff.order(sale.orderId)).toMatchObject({
      payment_status: "captured",
      summary: { pending_difference: 0 },
    });
  });

  it("is listed before it lapses, and is plainly unpaid and listed once it has", async () => {
    const sale = await order();
    await letTimePass(store.sql, RESERVATION * 0.8);
    await until(
      () => listed(sale),
      (kinds) => kinds.includes("reservation_lapses"),
      { seconds: 30 },
    );
    // SEQR releases it.
    const client = new SeqrClient({ endpoint: store.sandbox.endpoint, terminal: CANARY.terminal });
    await client.cancelInvoice(sale.reference);
    client.close();
    await letTimePass(store.sql, RESERVATION * 0.3);
    await until(
      () => listed(sale),
      (kinds) => kinds.includes("reservation_lapsed"),
      { seconds: 30 },
    );
    const unpaid = await until(
      () => staff.order(sale.orderId),
      ({ payment_status }) => payment_status === "not_paid",
      { seconds: 30 },
    );
    expect(unpaid.summary["pending_difference"]).toBe(sale.total);
    expect(unpaid.payment_collections.map(({ amount }) => Number(amount))).toContain(sale.total);
    const [payment] = unpaid.payment_collections.flatMap(({ payments }) => payments);
    expect(payment?.canceled_at).not.toBeNull();
  });

  describe("that staff edit", () => {
    const change = (path: string, body: unknown = {}): Promise<unknown> =>
      staff.admin("POST", `/order-edits${path}`, body);

    it("upwards is captured, and the difference is asked for in addition", async () => {
      const sale = await order();
      await change("", { order_id: sale.orderId });
      await change(`/${sale.orderId}/items`, {
        items: [{ variant_id: store.seeded.variants["NOTE-A5"], quantity: 1 }],
      });
      await change(`/${sale.orderId}/confirm`);
      await stateBecomes(sale.orderId, "completed");
      expect(takenOf(sale)).toEqual([sale.total.toFixed(2)]);
      const { total, summary, payment_collections } = await staff.order(sale.orderId);
      expect(summary["pending_difference"]).toBeCloseTo(total - sale.total);
      const amounts = payment_collections.map(({ amount }) => Number(amount)).sort((a, b) => a - b);
      expect(amounts.map((amount) => amount.toFixed(2))).toEqual([
        (total - sale.total).toFixed(2),
        sale.total.toFixed(2),
      ]);
    });

    it("downwards is captured at the lower total, whose rows SEQR gets before", async () => {
      const sale = await order();
      const { order: full } = await staff.admin<{ order: { items: { id: string; quantity: number }[] } }>(
        "GET",
        `/orders/${sale.orderId}`,
      );
      const item = full.items.find(({ quantity }) => quantity === 2);
      await change("", { order_id: sale.orderId });
      await change(`/${sale.orderId}/items/item/${item?.id}`, { quantity: 1 });
      await change(`/${sale.orderId}/confirm`);
      await stateBecomes(sale.orderId, "completed");
      const { total, summary, payment_status } = await staff.order(sale.orderId);
      expect(total).toBeLessThan(sale.total);
      expect(takenOf(sale)).toEqual([total.toFixed(2)]);
      expect([summary["pending_difference"], payment_status]).toEqual([0, "captured"]);
      const update = proxy.calls.find(
        ({ operation, body }) => operation === "updateInvoice" && body.includes(sale.reference),
      );
      expect(update?.body).toContain(`<value>${total.toFixed(2)}</value>`);
      expect(update?.body.match(/<invoiceRow>/g)).toHaveLength(3);
    });
  });

  describe("that staff edit at an unlucky moment", () => {
    it.each([1, 3])(
      "is asked for the difference only, when the outcome of its capture is unknown (%s instead of 2)",
      async (quantity) => {
        const sale = await order();
        proxy.hold = ({ operation, body }) => {
          if (!body.includes(sale.reference)) return Promise.resolve(undefined);
          if (operation === "getPaymentStatus") return Promise.resolve("before");
          return Promise.resolve(operation === "commitReservation" ? "after" : undefined);
        };
        await expect(staff.capture(sale.orderId)).rejects.toMatchObject({
          body: { code: "SEQR_CAPTURE_UNKNOWN" },
        });
        await changesOf(sale).edit(quantity);
        proxy.hold = undefined;
        await stateBecomes(sale.orderId, "completed");
        expect(takenOf(sale)).toEqual([sale.total.toFixed(2)]);
        const { total, summary } = await staff.order(sale.orderId);
        const difference = total - sale.total;
        expect(summary["pending_difference"]).toBeCloseTo(difference);
        const asked = await askedOf(sale);
        expect(asked.map((amount) => amount.toFixed(2))).toEqual(
          difference > 0 ? [difference.toFixed(2)] : [],
        );
      },
    );

    it("keeps its payment when a part of it was captured", async () => {
      const sale = await order();
      await staff.capture(sale.orderId, 100);
      await stateBecomes(sale.orderId, "completed");
      await changesOf(sale).edit(1);
      expect((await staff.payment(sale.orderId)).canceled_at).toBeNull();
      const { total } = await staff.order(sale.orderId);
      expect((await askedOf(sale)).map((amount) => amount.toFixed(2))).toEqual([(total - 100).toFixed(2)]);
      expect([await state(sale.orderId), await listed(sale), takenOf(sale)]).toEqual([
        ...["completed", [], ["100.00"]],
      ]);
    });
  });

  describe("of which staff take goods back", () => {
    it("stays reserved until a requested return has come, and is captured at the lower total", async () => {
      const sale = await order();
      const changes = changesOf(sale);
      await changes.ship();
      const receive = await changes.requestReturn();
      await until(
        () => staff.order(sale.orderId),
        // Core has cancelled it, and asked for what is left.
        ({ payment_collections: [first] }) => first?.status === "authorized",
        { seconds: 60 },
      );
      expect([await state(sale.orderId), stageOf(sale), await askedOf(sale)]).toEqual([
        ...["awaiting_capture", "reserved", []],
      ]);

      await receive();
      await stateBecomes(sale.orderId, "completed");
      const { total, summary, payment_status } = await staff.order(sale.orderId);
      expect(total).toBeLessThan(sale.total);
      expect([takenOf(sale), await askedOf(sale)]).toEqual([[total.toFixed(2)], []]);
      expect([summary["pending_difference"], payment_status]).toEqual([0, "captured"]);
    });

    it("is captured in full when they are exchanged for more, and the difference is asked for", async () => {
      const sale = await order();
      const changes = changesOf(sale);
      await changes.ship();
      await changes.exchange("MUG", 2);
      await stateBecomes(sale.orderId, "completed");
      expect(takenOf(sale)).toEqual([sale.total.toFixed(2)]);
      const { summary } = await staff.order(sale.orderId);
      const asked = await askedOf(sale);
      expect(asked).toHaveLength(1);
      expect(summary["pending_difference"]).toBeCloseTo(asked[0] ?? 0);
    });
  });

  it("of which a part is captured, and the rest reserved as another payment, is never captured above its total", async () => {
    const sale = await order();
    await staff.capture(sale.orderId, 100);
    await stateBecomes(sale.orderId, "completed");
    const { payment_collection: open } = await staff.admin<{ payment_collection: { id: string } }>(
      "POST",
      "/payment-collections",
      { order_id: sale.orderId, amount: Number((sale.total - 100).toFixed(2)) },
    );
    const { payment_collection } = await sale.shopper.store<{
      payment_collection: { payment_sessions: Session[] };
    }>("POST", `/payment-collections/${open.id}/payment-sessions`, { provider_id: "pp_seqr_seqr" });
    const [session] = payment_collection.payment_sessions;
    if (!session) throw new Error("no session");
    await store.sandbox.phone.pay(session.data.qr_text);
    const rest = { ...sale, reference: session.data.invoice_reference };
    const stateOfRest = async (): Promise<string | undefined> =>
      (await staff.seqrPayments(sale.orderId)).find(
        ({ invoice_reference }) => invoice_reference === rest.reference,
      )?.state;
    await until(stateOfRest, (now) => now === "awaiting_capture", { seconds: 60 });

    await changesOf(sale).edit(1);
    await until(stateOfRest, (now) => now === "completed", { seconds: 60 });
    const { total, summary } = await staff.order(sale.orderId);
    expect([takenOf(sale), takenOf(rest)]).toEqual([["100.00"], [(total - 100).toFixed(2)]]);
    expect([summary["pending_difference"], await askedOf(sale)]).toEqual([0, []]);
  });

  it("that is cancelled at another server while it is captured is refunded, and its sums are right", async () => {
    const sale = await order();
    const another = await Staff.login((await store.startServer()).url, STAFF);
    const isHeld = new Promise<void>((resolve) => {
      proxy.hold = ({ operation, body }) => {
        if (operation !== "commitReservation" || !body.includes(sale.reference))
          return Promise.resolve(undefined);
        resolve();
        return Promise.resolve("after");
      };
    });
    const capturing = staff.capture(sale.orderId);
    await isHeld;
    await Promise.all([capturing, another.cancel(sale.orderId)]);
    const { status, summary } = await staff.order(sale.orderId);
    expect([status, summary["transaction_total"], summary["pending_difference"]]).toEqual(["canceled", 0, 0]);
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect([takenOf(sale), payment?.refunds]).toMatchObject([
      [sale.total.toFixed(2)],
      [{ amount: sale.total.toFixed(2), state: "done" }],
    ]);
    expect(await listed(sale)).toEqual([]);
  });

  it("is polled, and not charged, when its terminal is in the options again, and staff try again", async () => {
    const sale = await order();
    await store.sql(
      `update seqr_invoice set problem = 'SEQR_TERMINAL_UNKNOWN' where invoice_reference = '${sale.reference}'`,
    );
    const [entry] = (await staff.attention()).filter(({ order_id }) => order_id === sale.orderId);
    expect(entry?.kind).toBe("terminal_unknown");
    await staff.admin("POST", `/seqr/attention/${entry?.id}`, { action: "retry" });
    expect([await state(sale.orderId), await listed(sale), stageOf(sale), takenOf(sale)]).toEqual([
      ...["awaiting_capture", [], "reserved", []],
    ]);
  });

  describe("whose cart changes while the code is shown", () => {
    const change = (shopper: Shopper, quantity: number): Promise<void> =>
      shopper.cart().then(({ id, items }) => {
        // Medusa gives the items in any order, and only one of them is there more than once.
        const item = items.find((one) => one.quantity > 1);
        const CHANGE = JSON.stringify({ cart_id: id, item_id: item?.id, quantity });
        return store.runScript("keep-code.js", { CHANGE });
      });

    it("keeps the code with the new amount, unless a phone shows the bill", async () => {
      const shopper = store.shopper();
      const before = await shopper.fillCart();
      const session = await shopper.startPayment();
      await change(shopper, 5);
      const { total } = await shopper.cart();
      expect(total).toBeGreaterThan(before.total);
      expect((await shopper.session())?.id).toBe(session.id);
      const { invoice_reference: reference, qr_text } = session.data;
      expect(store.sandbox.core.invoice(reference)?.invoice.totalAmount?.value).toBe(total.toFixed(2));

      store.sandbox.core.phone.scan(reference);
      await change(shopper, 1);
      expect(store.log()).toContain("change: SEQR_PAYMENT_IN_PROGRESS");
      expect((await shopper.cart()).total).toBe(total);
      await store.sandbox.phone.pay(qr_text);
      const { order } = await shopper.statusBecomes(session, "paid");
      expect((await staff.order(order?.id ?? "")).total).toBe(total);
    });
  });

  it("is captured when its server is killed between SEQR's commit and the record", async () => {
    const sale = await order();
    const isHeld = new Promise<void>((resolve) => {
      proxy.hold = ({ operation }) => {
        // A machine that is busy kills it only after the time limit of the commit, and the poll comes.
        if (operation === "getPaymentStatus") return Promise.resolve("before");
        if (operation !== "commitReservation") return Promise.resolve(undefined);
        resolve();
        return Promise.resolve("after");
      };
    });
    const capturing = staff.capture(sale.orderId).catch(() => undefined);
    await isHeld;
    await until(
      () => Promise.resolve(takenOf(sale).length),
      (taken) => taken === 1,
    );
    await store.server.kill();
    await capturing;
    proxy.hold = undefined;
    await store.startServer({}, store.server.port);
    // Core deletes its record, or never comes to it: then the plugin waits for a minute.
    await until(
      async () => (await letTimePass(store.sql, 20), state(sale.orderId)),
      (now) => now === "completed",
      { seconds: 60, every: 1_000 },
    );
    expect(takenOf(sale)).toEqual([sale.total.toFixed(2)]);
    expect(capturesOf(await staff.payment(sale.orderId))).toEqual([sale.total]);
    expect(await staff.order(sale.orderId)).toMatchObject({
      payment_status: "captured",
      summary: { pending_difference: 0 },
    });
  });
});
