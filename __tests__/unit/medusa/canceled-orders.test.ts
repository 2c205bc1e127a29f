import { refundCanceledOrder, refundRecentlyCanceledOrders } from "../../../src/medusa/canceled-orders";
import { refundCanceledOrders } from "../../../src/processing/refunds/refund-canceled-orders";
import { resolveAttentionItem } from "../../../src/attention/attention-list";
import { reconcileRefunds } from "../../../src/processing/refunds/reconcile-refunds";
import { watchDue } from "../../../src/processing/watch";
import { containerOf, startStoreWorld, type StoreWorld } from "../processing/store-world";
import { refundInvoice } from "../../../src/modules/seqr/operations/refund/refund-invoice";

describe("the money of a cancelled order", () => {
  let world: StoreWorld;
  let bought: Awaited<ReturnType<StoreWorld["ordered"]>>;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.ordered();
  });
  afterEach(() => world.stop());
  const refundPayment = () => refundCanceledOrders(world.processing, [bought.order.id]);

  it("is refunded when core has not refunded it", async () => {
    await refundPayment();
    expect(await world.row(bought.invoice)).toMatchObject({ state: "refunded", reason: "order_canceled" });
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
    expect(bought.payment.refunds).toMatchObject([{ amount: "100.00" }]);
  });

  it("is refunded as far as it is not refunded yet", async () => {
    await world.refund(bought.payment, "99.99");
    await refundPayment();
    expect(world.refundsAtSeqr()).toEqual(["99.99", "0.01"]);
  });

  it("is left alone when core has refunded all of it", async () => {
    await world.refund(bought.payment, "100.00");
    const before = await world.row(bought.invoice);
    await refundPayment();
    expect(await world.row(bought.invoice)).toEqual(before);
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });

  it("is refunded once when several processes see it at once", async () => {
    await Promise.all([
      refundPayment(),
      refundCanceledOrders(world.another(), [bought.order.id]),
      refundPayment(),
    ]);
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });

  it("begins anew to count failures", async () => {
    await world.ledger.update(bought.invoice.id, { attempts: 7 }, ["completed"]);
    world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 23 });
    await refundPayment();
    expect(await world.row(bought.invoice)).toMatchObject({
      ...{ state: "refund_due", reason: "order_canceled", attempts: 1, problem: "SEQR_23" },
    });
  });

  describe("of which 50 kronor are recorded in Medusa that SEQR refused to refund", () => {
    let id: string;
    beforeEach(async () => {
      ({ id } = await world.unasked(bought.payment, "50.00"));
      world.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97, times: 1 });
      world.pass(121);
      await reconcileRefunds(world.processing);
    });

    /** The order is cancelled, and the watch and the reconciling job have had ten minutes. */
    const cancel = async (): Promise<void> => {
      bought.order.isCanceled = true;
      await refundPayment();
      for (let minute = 0; minute < 10; minute++) {
        world.pass(60);
        await watchDue(world.processing);
        await reconcileRefunds(world.processing);
      }
    };
    const close = (action: "accept" | "dismiss"): Promise<unknown> =>
      resolveAttentionItem(world.processing, `${bought.invoice.id}.refund_missing.${id}`, {
        ...{ action, actorId: "user_1", reason: "as the bank says" },
      });

    it.each(["accept", "dismiss"] as const)(
      "is refunded without these when staff said %s",
      async (action) => {
        await close(action);
        await cancel();
        expect(world.refundsAtSeqr()).toEqual(["50.00"]);
        // What SEQR keeps of it, a person has taken over.
        expect(await world.row(bought.invoice)).toMatchObject({
          ...{ state: "closed_by_staff", reason: "order_canceled", problem: null, due_at: null },
        });
      },
    );

    it("stays when core has refunded the rest of it", async () => {
      await close("accept");
      await world.refund(bought.payment, "50.00");
      await cancel();
      expect(world.refundsAtSeqr()).toEqual(["50.00"]);
      expect(await world.row(bought.invoice)).toMatchObject({ state: "completed", problem: null });
    });

    it("is refunded with these when nobody has decided", async () => {
      await cancel();
      expect(world.refundsAtSeqr()).toEqual(["50.00", "50.00"]);
      expect(await world.row(bought.invoice)).toMatchObject({ state: "refunded" });
    });

    it("is refunded with these when they were made before staff decided", async () => {
      const { row } = world;
      const input = { amount: "50.00", idempotencyKey: id, reason: "medusa" };
      await refundInvoice(world.seqr, await row(bought.invoice), input);
      await close("accept");
      await cancel();
      expect(world.refundsAtSeqr()).toEqual(["50.00", "50.00"]);
      expect(await row(bought.invoice)).toMatchObject({ state: "refunded" });
    });
  });

  it("is not searched for in the hundredth that rounding leaves beside a closed refund", async () => {
    const { id } = await world.unasked(bought.payment, "33.34");
    await world.ledger.update(bought.invoice.id, { problem: "SEQR_REFUND_NOT_MADE", problem_about: id }, [
      "completed",
    ]);
    await resolveAttentionItem(world.processing, `${bought.invoice.id}.refund_missing.${id}`, {
      ...{ action: "accept", actorId: "user_1", reason: "by bank" },
    });
    await refundInvoice(world.seqr, await world.row(bought.invoice), {
      ...{ amount: "66.65", idempotencyKey: "ref_rest", reason: "medusa" },
    });
    await refundPayment();
    expect(world.refundsAtSeqr()).toEqual(["66.65"]);
    expect(await world.row(bought.invoice)).toMatchObject({ state: "completed" });
  });

  it("of other orders stays", async () => {
    await refundCanceledOrders(world.processing, ["order_other"]);
    expect(world.refundsAtSeqr()).toEqual([]);
  });

  it("is refunded when Medusa tells of the order, and only of that one", async () => {
    const other = await world.ordered();
    await refundCanceledOrder(containerOf(world), bought.order.id);
    expect(await world.row(bought.invoice)).toMatchObject({ state: "refunded" });
    expect(await world.row(other.invoice)).toMatchObject({ state: "completed" });
  });

  it("is refunded for three days when Medusa did not tell, also of an order that was archived", async () => {
    const [archived, early, valid] = [await world.ordered(), await world.ordered(), await world.ordered()];
    const cancel = ({ order }: typeof bought, ago: number): void =>
      void Object.assign(order, { isCanceled: true, canceledAt: new Date(world.now().getTime() - ago) });
    const threeDays = 3 * 24 * 3_600_000;
    cancel(bought, threeDays);
    cancel(archived, 60_000);
    archived.order.isCanceled = false;
    cancel(early, threeDays + 1);
    await refundRecentlyCanceledOrders(containerOf(world));
    const rows = await Promise.all([bought, archived, early, valid].map(({ invoice }) => world.row(invoice)));
    expect(rows.map(({ state }) => state)).toEqual(["refunded", "refunded", "completed", "completed"]);
    await refundRecentlyCanceledOrders(containerOf(world));
    expect(world.refundsAtSeqr()).toEqual(["100.00", "100.00"]);
  });
});
