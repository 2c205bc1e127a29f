import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../testkit/http";
import { Shopper, type Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

/** Payments that SEQR has announced, after which the plugin relies on it. */
const TO_LEARN = 3;

describe("the calls of SEQR's service", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  /** How often each operation was called so far. */
  const called = (): Record<string, number> =>
    Object.fromEntries(Object.entries(store.sandbox.stats()).map(([name, { total }]) => [name, total]));

  const isCompleted = async ({ id }: Session): Promise<boolean> => {
    const [row] = await store.sql<{ state: string }>("select state from seqr_invoice where session_id = $1", [
      id,
    ]);
    return row?.state === "completed";
  };

  /** Receipts are sent some seconds after the order is placed. */
  const allReceiptsSent = (): Promise<unknown> =>
    until(
      () => store.sql("select 1 from seqr_receipt where state <> 'sent'"),
      (rows) => rows.length === 0,
    );

  it("are at most five for a purchase with its receipt when notifications arrive, though the page asks each second", async () => {
    for (let purchase = 0; purchase < TO_LEARN; purchase++) {
      const shopper = store.shopper();
      await shopper.fillCart();
      const session = await shopper.startPayment();
      await store.sandbox.phone.pay(session.data.qr_text);
      await until(() => isCompleted(session), Boolean);
    }
    // What a server believes of notifications it believes for a while; a new one looks it up.
    await allReceiptsSent();
    await store.server.stop();
    const server = await store.startServer();

    const before = called();
    const shopper = new Shopper(server.url, store.seeded);
    await shopper.fillCart();
    const session = await shopper.startPayment();
    for (let second = 0; second < 12; second++) {
      expect(await shopper.status(session)).toMatchObject({ status: "waiting" });
      await sleep(1_000);
    }
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
    expect(await shopper.complete()).toMatchObject({ type: "order" });
    // Calls that come afterwards count as well.
    await until(() => isCompleted(session), Boolean);
    await allReceiptsSent();
    await sleep(3_000);

    const made = Object.entries(called()).map(
      ([name, total]) => [name, total - (before[name] ?? 0)] as const,
    );
    const { sendInvoice, getPaymentStatus, submitPaymentReceipt, ...others } = Object.fromEntries(made);
    expect(sendInvoice).toBe(1);
    expect(getPaymentStatus).toBeGreaterThanOrEqual(1);
    expect(submitPaymentReceipt).toBe(1);
    expect(Object.values(others).every((total) => total === 0)).toBe(true);
    expect(made.reduce((sum, [, total]) => sum + total, 0)).toBeLessThanOrEqual(5);
  });
});
