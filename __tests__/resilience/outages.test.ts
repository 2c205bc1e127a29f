import { resolve } from "node:path";
import { startPostgres, type Postgres } from "../../testkit/postgres";
import { startSeqrProxy, type SeqrProxy } from "../store/kit/seqr-proxy";
import { until } from "../../testkit/http";
import { violations } from "../store/kit/invariants";
import type { Session, Shopper } from "../store/kit/shopper";
import { startTestStore, type TestStore } from "../store/kit/store";
import { comeToRest, letTimePass } from "../store/kit/time";

/** Seconds. */
const DAY = 24 * 3600;
const STEPS = 12;

interface Checkout {
  shopper: Shopper;
  session: Session;
  reference: string;
}
async function checkout(store: TestStore): Promise<Checkout> {
  const shopper = store.shopper();
  await shopper.fillCart({ MUG: 1 });
  const session = await shopper.startPayment();
  return { shopper, session, reference: session.data.invoice_reference };
}
const ordersOf = async (store: TestStore, { shopper }: Checkout): Promise<number> =>
  (await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [shopper.cartId]))
    .length;

describe("SEQR is down for a day", () => {
  let store: TestStore;
  let proxy: SeqrProxy;
  beforeAll(async () => {
    store = await startTestStore({
      between: async (sandbox) => (proxy = await startSeqrProxy(sandbox.endpoint)),
    });
  });
  afterAll(() => store?.stop());

  it("asks little meanwhile, loses nothing, and catches up without a rush", async () => {
    const waiting: Checkout[] = [];
    for (let number = 0; number < 10; number++) waiting.push(await checkout(store));
    const [unread, canceled, ...others] = waiting;
    if (!unread || !canceled) throw new Error("no checkout");
    const settings = store.sandbox.core.settings;
    // SEQR keeps one payment for us, as after an answer that was lost.
    settings.reversalAfter = Infinity;
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await proxy.goDown();
    await store.sandbox.phone.pay(unread.session.data.qr_text);
    await fetch(`${canceled.session.data.page_url}/cancel`, { method: "POST" });

    // A day in steps of two hours: in each the watch gets two seconds to do what it wants to do.
    const refused = await countRefused(async () => {
      for (let step = 0; step < STEPS; step++) {
        await letTimePass(store.sql, DAY / STEPS);
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
    });
    // Every step makes all invoices due: at most a few tries of each, not one per second.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(waiting.length * STEPS * 3);

    const before = proxy.calls.length;
    await proxy.comeBack();
    const carts = waiting.map(({ shopper }) => shopper.cartId);
    await comeToRest(store.sql, carts, { seconds: 40, faster: 300 });
    expect(proxy.calls.length - before).toBeLessThanOrEqual(waiting.length * 5);
    expect(await violations(store)).toEqual([]);
    expect(await ordersOf(store, unread)).toBe(1);
    for (const { reference } of [canceled, ...others])
      expect(store.sandbox.core.invoice(reference)?.status).toBe("CANCELED");
  });

  /** Calls of SEQR that met nobody, as the ledger noted them. */
  async function countRefused(work: () => Promise<void>): Promise<number> {
    const count = async (): Promise<number> => {
      const [row] = await store.sql<{ count: string }>(
        "select count(*) from seqr_observation where result <> '0'",
      );
      return Number(row?.count);
    };
    const before = await count();
    await work();
    return (await count()) - before;
  }

  it("sells again at once when SEQR is back", async () => {
    const purchase = await checkout(store);
    await store.sandbox.phone.pay(purchase.session.data.qr_text);
    await purchase.shopper.statusBecomes(purchase.session, "paid");
  });
});

describe("the database is gone for a minute", () => {
  const directory = resolve(__dirname, "../../.cache/outage-postgres");
  let postgres: Postgres;
  let store: TestStore;
  let again: Postgres | undefined;

  /** A server of our own, not the one of all tests. */
  async function startOwn(port?: number): Promise<Postgres> {
    const { SEQR_TEST_DATABASE_URL } = process.env;
    delete process.env.SEQR_TEST_DATABASE_URL;
    try {
      return await startPostgres({
        directory,
        persistent: true,
        durable: false,
        ...(port !== undefined && { port }),
      });
    } finally {
      process.env.SEQR_TEST_DATABASE_URL = SEQR_TEST_DATABASE_URL;
    }
  }

  beforeAll(async () => {
    postgres = await startOwn();
    store = await startTestStore({ postgres });
  }, 240_000);
  afterAll(async () => {
    again ??= postgres && (await startOwn(postgres.port));
    await store?.stop();
    await again?.stop();
    await postgres?.stop();
  });

  it("recovers by itself, and each payment ends with an order or goes back", async () => {
    const { port } = postgres;
    const unpaid = await checkout(store);
    const notified = await checkout(store);
    const unnoticed = await checkout(store);
    const late = await checkout(store);
    const all = [unpaid, notified, unnoticed, late];

    await store.sandbox.phone.pay(notified.session.data.qr_text);
    await postgres.stop();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sandbox.phone.pay(unnoticed.session.data.qr_text);
    await new Promise((resolve) => setTimeout(resolve, 50_000));
    // Its notification meets a server without a database; the 20 seconds have only begun when that is back.
    await store.sandbox.phone.pay(late.session.data.qr_text);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    again = await startOwn(port);
    expect(again.port).toBe(port);

    await until(
      () => unpaid.shopper.status(unpaid.session).catch(() => undefined),
      (payment) => payment !== undefined,
      { seconds: 20 },
    );
    await late.shopper.statusBecomes(late.session, "paid", 15);
    await comeToRest(
      store.sql,
      all.map(({ shopper }) => shopper.cartId),
      { seconds: 40, faster: 20 },
    );
    expect(await violations(store)).toEqual([]);
    for (const purchase of all) {
      const isPaid = store.sandbox.core.invoice(purchase.reference)?.status === "PAID";
      expect(await ordersOf(store, purchase)).toBe(isPaid ? 1 : 0);
    }
    expect(store.sandbox.core.invoice(unnoticed.reference)?.status).toBe("CANCELED");

    const next = await checkout(store);
    await store.sandbox.phone.pay(next.session.data.qr_text);
    await next.shopper.statusBecomes(next.session, "paid");
  }, 180_000);
});

describe("Medusa breaks a completion off", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  it("tells the shopper how it stands, and the money ends with an order or goes back", async () => {
    const { session, shopper, reference } = await checkout(store);
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sql("update seqr_invoice set due_at = now() + interval '1 hour'");
    await store.sandbox.phone.pay(session.data.qr_text);
    // When its database is slow as a step fails beside others, Medusa's workflow engine gives up: it takes nothing back,
    // and keeps the cart locked for two minutes.
    await store.sql(
      `update inventory_level set stocked_quantity = 0, raw_stocked_quantity = '{"value": "0", "precision": 20}'`,
    );
    await store.sql(`
      create function dawdle() returns trigger language plpgsql as
      $$ begin perform pg_sleep(2); return new; end $$`);
    await store.sql(`
      create trigger dawdle before insert or update on workflow_execution
      for each row when (new.workflow_id = 'complete-cart') execute function dawdle()`);
    const backURL = store.sandbox.core.invoice(reference)?.invoice.backURL ?? "";
    expect((await fetch(backURL, { redirect: "manual" })).status).toBe(303);
    await store.sql("drop trigger dawdle on workflow_execution");
    expect(await shopper.status(session)).toMatchObject({ status: "placing" });
    expect(await store.sql("select state, attempts, problem from seqr_invoice")).toEqual([
      { state: "paid", attempts: 1, problem: "SEQR_ORDER_FAILED" },
    ]);

    const { status } = await until(
      () => shopper.status(session),
      ({ status }) => status !== "placing",
      { seconds: 240, every: 1_000 },
    );
    expect(["paid", "refunded"]).toContain(status);
    await comeToRest(store.sql, [shopper.cartId]);
    expect(await violations(store)).toEqual([]);
  }, 400_000);
});
