import { STAFF, type RunningStore } from "../../testkit/store";
import { violations } from "../store/kit/invariants";
import { hasRedis, startRedis, type Redis } from "../store/kit/redis";
import type { Session, Shopper } from "../store/kit/shopper";
import { Staff } from "../store/kit/staff";
import { startTestStore, type TestStore } from "../store/kit/store";
import { comeToRest } from "../store/kit/time";

type Environment = Record<string, string>;

interface Arrangement {
  /** Environment of every server. */
  env: Environment;
  /** The second server and the third process, if there is one. */
  modes: { first: string; second: string; worker: boolean };
  /** Whether the environment brings modules with tables of their own. */
  migrate?: boolean;
}

const SPLIT = { first: "server", second: "server", worker: true };

/** What holds however the servers are arranged. */
function purchasesAndRefunds(arrange: () => Promise<Arrangement & { stop?: () => Promise<void> }>): void {
  let arrangement: Awaited<ReturnType<typeof arrange>> | undefined;
  let store: TestStore;
  let first: RunningStore;
  let second: RunningStore;
  const carts: string[] = [];

  beforeAll(async () => {
    arrangement = await arrange();
    const { env, modes, migrate = false } = arrangement;
    store = await startTestStore({ migrate, env: { ...env, MEDUSA_WORKER_MODE: modes.first } });
    first = store.server;
    [second] = await Promise.all([
      store.startServer({ MEDUSA_WORKER_MODE: modes.second }),
      modes.worker && store.startServer({ MEDUSA_WORKER_MODE: "worker" }),
    ]);
  }, 300_000);
  afterAll(async () => {
    await store?.stop();
    await arrangement?.stop?.();
  });

  /** A checkout whose requests go to the servers in turn. */
  async function checkout(): Promise<{ shopper: Shopper; session: Session; reference: string }> {
    const here = store.shopper({ url: first.url });
    await here.fillCart({ MUG: 1 });
    const there = here.at(second.url);
    const session = await there.startPayment();
    carts.push(here.cartId);
    return { shopper: there, session, reference: session.data.invoice_reference };
  }
  const lose = (): unknown => store.sandbox.faults.add({ operation: "notification", kind: "lost" });
  const pay = (session: Session): Promise<unknown> => store.sandbox.phone.pay(session.data.qr_text);
  const notificationPath = (reference: string): string =>
    new URL(store.sandbox.core.invoice(reference)?.invoice.notificationUrl ?? "").pathname;
  const refunds = (reference: string): string[] =>
    store.sandbox.core
      .transactions()
      .filter(({ kind, invoiceReference }) => kind === "refund" && invoiceReference === reference)
      .map(({ amount }) => amount.value);

  it("sell through servers in turn, told by the notification", async () => {
    const { shopper, session } = await checkout();
    await pay(session);
    const { order } = await shopper.statusBecomes(session, "paid");
    expect(await shopper.at(first.url).complete()).toMatchObject({ type: "order", order: { id: order?.id } });
  });

  it("sell when the notification reaches another server than the one that sold", async () => {
    const { shopper, session, reference } = await checkout();
    lose();
    await pay(session);
    await Promise.all(
      [first, second].map(({ url }) => fetch(url + notificationPath(reference), { method: "POST" })),
    );
    await shopper.statusBecomes(session, "paid");
  });

  it("find a payment that nobody told of", async () => {
    const { shopper, session, reference } = await checkout();
    lose();
    await pay(session);
    await shopper.statusBecomes(session, "paid", 19);
    expect(store.sandbox.core.invoice(reference)?.status).toBe("PAID");
  });

  it("refund through the other server, and not more than there was", async () => {
    const { shopper, session, reference } = await checkout();
    await pay(session);
    const { order } = await shopper.statusBecomes(session, "paid");
    const orderId = order?.id ?? "";
    const [here, there] = await Promise.all([first, second].map(({ url }) => Staff.login(url, STAFF)));
    await there?.refund(orderId, 20);
    await here?.refund(orderId, 30);
    expect(refunds(reference)).toEqual(["20.00", "30.00"]);
    await Promise.allSettled([here, there].map((staff) => staff?.refund(orderId)));
    expect(refunds(reference).reduce((sum, value) => sum + Number(value), 0)).toBeLessThanOrEqual(
      Number(session.data.amount),
    );
  });

  it("process a payment once when both are asked at once", async () => {
    const { shopper, session, reference } = await checkout();
    const both = (work: (url: string) => Promise<unknown>): Promise<unknown>[] =>
      [first, second].flatMap(({ url }) => Array.from({ length: 4 }, () => work(url)));
    await Promise.allSettled([
      pay(session),
      ...both((url) => fetch(url + notificationPath(reference), { method: "POST" })),
      ...both((url) => shopper.at(url).complete()),
    ]);
    await shopper.statusBecomes(session, "paid", 180);
    const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
      shopper.cartId,
    ]);
    expect(orders).toHaveLength(1);
    expect(refunds(reference)).toEqual([]);
  });

  it("go on with what a server that was killed has left", async () => {
    const purchases = [];
    for (let number = 0; number < 4; number++) purchases.push(await checkout());
    // They notify the server that dies, at different stages of its work.
    for (const [number, { session }] of purchases.entries()) {
      await pay(session);
      await new Promise((resolve) => setTimeout(resolve, number * 60));
    }
    await second.kill();
    // Core's lock on a cart goes two minutes after the process that held it.
    await comeToRest(store.sql, carts, { seconds: 180, faster: 3 });
    for (const { shopper, reference } of purchases) {
      const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
        shopper.cartId,
      ]);
      const isPaid =
        store.sandbox.core.invoice(reference)?.status === "PAID" && refunds(reference).length === 0;
      expect(orders).toHaveLength(isPaid ? 1 : 0);
    }
    expect(await violations(store)).toEqual([]);
  }, 240_000);
}

const describeWithRedis = hasRedis() ? describe : describe.skip;
describeWithRedis("two servers and a worker on Redis (skipped where redis-server is not installed)", () => {
  purchasesAndRefunds(async () => {
    const redis: Redis = await startRedis();
    return { env: { REDIS_URL: redis.url }, modes: SPLIT, stop: redis.stop };
  });
});

describe("two servers and a worker with locks in PostgreSQL", () => {
  purchasesAndRefunds(async () => ({ env: { LOCKING: "postgres" }, modes: SPLIT, migrate: true }));
});

describe("two servers that share nothing but the database", () => {
  purchasesAndRefunds(async () => ({
    env: {},
    modes: { first: "shared", second: "shared", worker: false },
  }));
});
