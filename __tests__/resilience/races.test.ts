import { STAFF, type RunningStore } from "../../testkit/store";
import { send } from "../../testkit/http";
import { violations } from "../store/kit/invariants";
import type { Session, Shopper } from "../store/kit/shopper";
import { Staff } from "../store/kit/staff";
import { startTestStore, type TestStore } from "../store/kit/store";
import { comeToRest } from "../store/kit/time";

describe("two servers at once", () => {
  let store: TestStore;
  let other: RunningStore;
  let urls: readonly [string, string];
  beforeAll(async () => {
    store = await startTestStore();
    other = await store.startServer();
    urls = [store.server.url, other.url];
  });
  afterAll(() => store?.stop());

  interface Checkout {
    shopper: Shopper;
    session: Session;
    reference: string;
  }
  async function checkout(items?: Record<string, number>): Promise<Checkout> {
    const shopper = store.shopper();
    await shopper.fillCart(items);
    const session = await shopper.startPayment();
    return { shopper, session, reference: session.data.invoice_reference };
  }

  const pay = ({ session }: Checkout, { notified = true } = {}): Promise<unknown> => {
    if (!notified) store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    return store.sandbox.phone.pay(session.data.qr_text);
  };
  /** The same address at both servers. */
  const atBoth = (address: string): string[] => {
    const { pathname } = new URL(address);
    return urls.map((url) => url + pathname);
  };
  const sent = (reference: string): { notificationUrl: string; backURL: string } => {
    const { notificationUrl = "", backURL = "" } = store.sandbox.core.invoice(reference)?.invoice ?? {};
    return { notificationUrl, backURL };
  };
  /** Everybody who may learn of a payment, `times` each at each server. */
  function everybody({ shopper, session, reference }: Checkout, times: number): Promise<unknown>[] {
    const { notificationUrl, backURL } = sent(reference);
    const round = (): Promise<unknown>[] => [
      ...atBoth(notificationUrl).map((url) => fetch(url, { method: "POST" })),
      ...atBoth(`${session.data.page_url}/status`).map((url) => fetch(url)),
      ...atBoth(backURL).map((url) => fetch(url)),
      ...urls.map((url) => shopper.at(url).complete()),
    ];
    return Array.from({ length: times }, round).flat();
  }
  async function bothStaff(): Promise<[Staff, Staff]> {
    return [await Staff.login(urls[0], STAFF), await Staff.login(urls[1], STAFF)];
  }

  async function expectNoViolation(...checkouts: { shopper: Shopper }[]): Promise<void> {
    const carts = checkouts.map(({ shopper }) => shopper.cartId);
    await comeToRest(store.sql, carts, { seconds: 40 });
    expect(await violations(store, carts)).toEqual([]);
  }
  const ordersOf = ({ shopper }: { shopper: Shopper }): Promise<{ order_id: string }[]> =>
    store.sql("select order_id from order_cart where cart_id = $1 and deleted_at is null", [shopper.cartId]);
  const refunds = (reference: string): string[] =>
    store.sandbox.core
      .transactions()
      .filter(({ kind, invoiceReference }) => kind === "refund" && invoiceReference === reference)
      .map(({ amount }) => amount.value);
  const isPaid = (reference: string): boolean => store.sandbox.core.invoice(reference)?.status === "PAID";

  it.each([1, 2, 3])("process a payment once, however many tell them of it (%d)", async () => {
    const purchase = await checkout();
    await Promise.allSettled([pay(purchase), ...everybody(purchase, 4)]);
    await Promise.allSettled(everybody(purchase, 4));
    await expectNoViolation(purchase);
    expect(await ordersOf(purchase)).toHaveLength(1);
    expect(refunds(purchase.reference)).toEqual([]);
  });

  it.each(["complete", "return", "notification"] as const)(
    "process a payment once when all come the same way: %s",
    async (way) => {
      const purchase = await checkout();
      const { notificationUrl, backURL } = sent(purchase.reference);
      await pay(purchase, { notified: false });
      const ways: Record<typeof way, () => Promise<unknown>[]> = {
        complete: () => urls.map((url) => purchase.shopper.at(url).complete()),
        return: () => atBoth(backURL).map((url) => fetch(url)),
        notification: () => atBoth(notificationUrl).map((url) => fetch(url, { method: "POST" })),
      };
      await Promise.allSettled(Array.from({ length: 16 }, ways[way]).flat());
      await expectNoViolation(purchase);
      expect(await ordersOf(purchase)).toHaveLength(1);
      expect(refunds(purchase.reference)).toEqual([]);
    },
  );

  it("process or cancel, never both, when the shopper pays and gives up at once", async () => {
    const purchases = await Promise.all(Array.from({ length: 6 }, () => checkout({ MUG: 1 })));
    await Promise.allSettled(
      purchases.flatMap((purchase, index) => {
        const cancel = atBoth(`${purchase.session.data.page_url}/cancel`).map((url) => send("POST", url));
        return index % 2 === 0
          ? [pay(purchase), ...cancel]
          : [...cancel, later(3 * index, () => pay(purchase))];
      }),
    );
    await expectNoViolation(...purchases);
    for (const purchase of purchases)
      expect(await ordersOf(purchase)).toHaveLength(isPaid(purchase.reference) ? 1 : 0);
  });

  it("place the order as it was paid, or change the cart, when both happen at once", async () => {
    const purchases = await Promise.all(Array.from({ length: 6 }, () => checkout({ MUG: 1 })));
    await Promise.allSettled(
      purchases.flatMap((purchase, index) => [
        purchase.shopper.at(urls[index % 2 === 0 ? 0 : 1]).addItem("NOTE-A5"),
        later(15 * index, () => pay(purchase, { notified: index % 3 !== 0 })),
      ]),
    );
    await expectNoViolation(...purchases);
    for (const purchase of purchases) {
      const orders = await ordersOf(purchase);
      const returned = refunds(purchase.reference).length > 0;
      expect(orders).toHaveLength(isPaid(purchase.reference) && !returned ? 1 : 0);
    }
  });

  it("process what was paid at the very end of its lifetime", async () => {
    const purchases = await Promise.all(Array.from({ length: 6 }, () => checkout({ MUG: 1 })));
    await store.sql("update seqr_invoice set expires_at = now(), due_at = now() where cart_id = any($1)", [
      purchases.map(({ shopper }) => shopper.cartId),
    ]);
    await Promise.allSettled(
      purchases.map((purchase, index) =>
        later(200 * index, () => pay(purchase, { notified: index % 2 === 0 })),
      ),
    );
    await expectNoViolation(...purchases);
    for (const purchase of purchases)
      expect(await ordersOf(purchase)).toHaveLength(isPaid(purchase.reference) ? 1 : 0);
  });

  it("never make two payable codes, and never two paid orders, of one cart", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    const first = await shopper.startPayment();
    const payable = async (): Promise<string[]> => {
      const rows = await store.sql<{ invoice_reference: string }>(
        "select invoice_reference from seqr_invoice where cart_id = $1 and invoice_reference is not null",
        [shopper.cartId],
      );
      return rows
        .map(({ invoice_reference }) => invoice_reference)
        .filter((reference) => store.sandbox.core.invoice(reference)?.status === "ISSUED");
    };
    expect(await payable()).toEqual([first.data.invoice_reference]);
    for (let round = 0; round < 3; round++) {
      await Promise.allSettled(
        urls.flatMap((url) => [shopper.at(url).startPayment(), shopper.at(url).startPayment()]),
      );
      expect((await payable()).length).toBeLessThanOrEqual(1);
    }
    const last = (await payable())[0] ?? (await shopper.startPayment()).data.invoice_reference;
    await store.sandbox.phone.pay(last);
    await Promise.allSettled(urls.map((url) => shopper.at(url).startPayment()));
    await expectNoViolation({ shopper });
    expect(await ordersOf({ shopper })).toHaveLength(1);
  });

  async function order(items?: Record<string, number>): Promise<Checkout & { orderId: string }> {
    const purchase = await checkout(items);
    await pay(purchase);
    const { order } = await purchase.shopper.statusBecomes(purchase.session, "paid", 180);
    return { ...purchase, orderId: order?.id ?? "" };
  }

  it("refund no more than was paid, and each refund once", async () => {
    const [here, there] = await bothStaff();
    const purchase = await order({ MUG: 1 });
    await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        [here, there].map((staff) => staff.refund(purchase.orderId, 50)),
      ).flat(),
    );
    const made = refunds(purchase.reference);
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(made.length * 50).toBeLessThanOrEqual(Number(purchase.session.data.amount));
    await expectNoViolation(purchase);
  });

  it("refund the payment once when an order is refunded and canceled at once", async () => {
    const [here, there] = await bothStaff();
    const orders = await Promise.all(Array.from({ length: 3 }, () => order({ MUG: 1 })));
    await Promise.allSettled(
      orders.flatMap(({ orderId }, index) => [
        here.refund(orderId, 50),
        later(40 * index, () => there.cancel(orderId)),
      ]),
    );
    const carts = orders.map(({ shopper }) => shopper.cartId);
    await comeToRest(store.sql, carts, { seconds: 40 });
    expect(await violations(store, carts, { inOrders: false })).toEqual([]);
    for (const { reference, session } of orders) {
      const sum = refunds(reference).reduce((total, value) => total + Number(value), 0);
      expect(sum).toBeLessThanOrEqual(Number(session.data.amount));
    }
  });
});

async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return work();
}
