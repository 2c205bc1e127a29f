import { sleep } from "../../../src/modules/seqr/clock";
import { startStoreWorld, type StoreWorld } from "./store-world";
import { watchDue } from "../../../src/workflows/watch";

describe("the watch, while one order hangs", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(() => world.stop());

  it("sees every other payment within SEQR's twenty seconds", async () => {
    const slow = await world.checkout();
    const other = await world.checkout();
    const { completeCart } = world.shop;
    world.shop.completeCart = async (cartId) => {
      // Core waits thirty seconds for a cart that a killed process has locked.
      if (cartId !== slow.cartId) return completeCart(cartId);
      await sleep(world.seqr.clock, 30_000);
      return { outcome: "failed", message: "Timed-out acquiring lock." };
    };
    await world.pay(slow.invoice);
    // The job: a sweep every second, unless one is running.
    let running = false;
    const second = async (): Promise<void> => {
      if (!running) {
        running = true;
        void watchDue(world.settling).finally(() => (running = false));
      }
      await world.tick(1);
    };
    for (let n = 0; n < 15; n++) await second();
    await world.pay(other.invoice);
    for (let n = 0; n < 35; n++) await second();
    expect(await world.row(other.invoice)).toMatchObject({ state: "settled" });
  });
});
