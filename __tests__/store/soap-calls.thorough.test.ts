import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../testkit/http";
import type { RunningStore, StoreEnvironment } from "../../testkit/store";
import type { Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

/** Payments that SEQR has announced, after which the plugin relies on it. */
const TO_LEARN = 3;

describe("the calls of SEQR's service", () => {
  let store: TestStore;
  let server: RunningStore;
  beforeAll(async () => {
    store = await startTestStore();
    server = store.server;
  });
  afterAll(() => store?.stop());

  /** Another server in place of the one that runs, at the same address. */
  const restart = async (env: StoreEnvironment = {}): Promise<void> => {
    await server.stop();
    server = await store.startServer(env, server.port);
  };

  /** How often each operation was called so far. */
  const called = (): Record<string, number> =>
    Object.fromEntries(Object.entries(store.sandbox.stats()).map(([name, { total }]) => [name, total]));

  const stateBecomes = ({ id }: Session, wanted: string): Promise<unknown> =>
    until(
      () => store.sql<{ state: string }>("select state from seqr_invoice where session_id = $1", [id]),
      ([row]) => row?.state === wanted,
    );

  /** Receipts are sent some seconds after the order is placed. */
  const allReceiptsSent = (): Promise<unknown> =>
    until(
      () => store.sql("select 1 from seqr_receipt where state <> 'sent'"),
      (rows) => rows.length === 0,
    );

  /** How often each operation was called since then, and all of them together. */
  const calledSince = (before: Record<string, number>): { calls: Record<string, number>; total: number } => {
    const made = Object.entries(called()).map(
      ([name, total]) => [name, total - (before[name] ?? 0)] as const,
    );
    const calls = Object.fromEntries(made.filter(([, total]) => total > 0));
    return { calls, total: made.reduce((sum, [, total]) => sum + total, 0) };
  };

  it("are at most five for a purchase with its receipt when notifications arrive, though the page asks each second", async () => {
    for (let purchase = 0; purchase < TO_LEARN; purchase++) {
      const shopper = store.shopper();
      await shopper.fillCart();
      const session = await shopper.startPayment();
      await store.sandbox.phone.pay(session.data.qr_text);
      await stateBecomes(session, "completed");
    }
    // What a server believes of notifications it believes for a while; a new one looks it up.
    await allReceiptsSent();
    await restart();

    const before = called();
    const shopper = store.shopper();
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
    await stateBecomes(session, "completed");
    await allReceiptsSent();
    await sleep(3_000);

    const { calls, total } = calledSince(before);
    const { getPaymentStatus, ...others } = calls;
    expect(getPaymentStatus).toBeGreaterThanOrEqual(1);
    expect(others).toEqual({ sendInvoice: 1, submitPaymentReceipt: 1 });
    expect(total).toBeLessThanOrEqual(5);
  });

  it("are at most seven for a purchase that staff capture, from its start to the receipt", async () => {
    await restart({ SEQR_CAPTURE: "manual" });
    const staff = await store.staff();

    const before = called();
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid");
    await stateBecomes(session, "awaiting_capture");
    // A new order's reservation is polled once more after a minute.
    const polls = called()["getPaymentStatus"];
    await store.sql(
      `update seqr_invoice set due_at = now(), state_since = state_since - interval '2 minutes',
         observed_at = observed_at - interval '2 minutes' where session_id = $1`,
      [session.id],
    );
    await until(
      () => Promise.resolve(called()["getPaymentStatus"]),
      (now) => now !== polls,
    );
    await staff.capture(order?.id ?? "");
    await stateBecomes(session, "completed");
    await allReceiptsSent();
    await sleep(3_000);

    const { calls, total } = calledSince(before);
    const { getPaymentStatus, ...others } = calls;
    expect(getPaymentStatus).toBeGreaterThanOrEqual(3);
    expect(others).toEqual({ sendInvoice: 1, commitReservation: 1, submitPaymentReceipt: 1 });
    expect(total).toBeLessThanOrEqual(7);
  });
});
