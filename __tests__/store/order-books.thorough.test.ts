import { serveProvider, type ServedProvider } from "./kit/provider";
import { refundThatTheOrderForgets, sell } from "./kit/sale";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

describe("a refund whose process core left before its order's books had it, is brought into them as by core", () => {
  let store: TestStore;
  let staff: Staff;
  let provider: ServedProvider;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
    provider = await serveProvider(store);
  });
  afterAll(async () => {
    await provider?.stop();
    await store?.stop();
  });

  const reconcile = (): Promise<unknown> => provider.call(["reconcile", {}]);

  /** Every refund was made three minutes ago. */
  const age = (): Promise<unknown> =>
    store.sql("update seqr_refund set finished_at = finished_at - interval '3 minutes' where state = 'done'");
  const entries = (orderId: string): Promise<{ amount: number }[]> =>
    store.sql(
      `select amount::float from order_transaction
       where order_id = $1 and reference = 'refund' and deleted_at is null order by amount`,
      [orderId],
    );
  const books = async (orderId: string) => {
    const { status, summary } = await staff.order(orderId);
    // Core's other totals are those of the credit line that was written last.
    const { pending_difference, current_order_total, paid_total, refunded_total, transaction_total } =
      summary;
    return {
      ...{ status, pending_difference, current_order_total, paid_total, refunded_total, transaction_total },
      entries: await entries(orderId),
    };
  };
  const edit = (orderId: string): Promise<unknown> =>
    staff.admin("POST", "/order-edits", { order_id: orderId });
  /** Staff take an item off the order, which then has outstanding what it cost. */
  const takeOff = async (orderId: string): Promise<void> => {
    const { order } = await staff.admin<{ order: { items: { id: string; unit_price: number }[] } }>(
      "GET",
      `/orders/${orderId}`,
    );
    const [item] = order.items.sort((one, other) => one.unit_price - other.unit_price);
    await edit(orderId);
    await staff.admin("POST", `/order-edits/${orderId}/items/item/${item?.id ?? ""}`, { quantity: 0 });
    await staff.admin("POST", `/order-edits/${orderId}/confirm`);
  };
  type Act = (orderId: string) => Promise<unknown>;
  const refunding =
    (amount?: number): Act =>
    (orderId) =>
      staff.refund(orderId, amount);
  const nothing: Act = () => Promise.resolve();
  const cancel: Act = async (orderId) =>
    (await staff.order(orderId)).status === "canceled" || staff.cancel(orderId);

  it.each<[string, before: Act, refund: Act, after: Act]>([
    ["of a part", nothing, refunding(50), nothing],
    ["of everything", nothing, refunding(), nothing],
    ["of another part", refunding(30), refunding(50), nothing],
    ["of less than the order has outstanding", takeOff, refunding(10), nothing],
    ["of more than the order has outstanding", takeOff, refunding(), nothing],
    ["of the rest, with a cancellation that is tried again", refunding(30), cancel, cancel],
    ["of a part, before a cancellation", nothing, refunding(30), cancel],
  ])("%s", async (_, before, refund, after) => {
    const [{ orderId }, whole] = [await sell(store), await sell(store)];
    for (const act of [before, refund, after]) await act(whole.orderId);
    await before(orderId);
    await refundThatTheOrderForgets(store, () => refund(orderId));
    await after(orderId);
    const expected = await books(whole.orderId);
    // Core may still be about to do it.
    await reconcile();
    expect(await books(orderId)).not.toEqual(expected);
    await age();
    await Promise.all([reconcile(), reconcile()]);
    await reconcile();
    expect([await books(orderId), await books(whole.orderId)]).toEqual([expected, expected]);
  });

  it("after the edit of the order has ended", async () => {
    const { orderId, total } = await sell(store);
    await refundThatTheOrderForgets(store, () => staff.refund(orderId, 50));
    await edit(orderId);
    await age();
    await reconcile();
    expect(await entries(orderId)).toEqual([]);
    await staff.admin("DELETE", `/order-edits/${orderId}`);
    await reconcile();
    expect(await books(orderId)).toMatchObject({
      ...{ entries: [{ amount: -50 }], refunded_total: 50 },
      ...{ pending_difference: 0, current_order_total: total - 50 },
    });
  });
});
