import { compare, fromHundredths, toHundredths } from "../../src/seqr";
import { keptOf, type Order, type Payment } from "./books";
import type { World } from "./world";

/** How often staff try again what failed. */
const TRIES = 4;

/** Those who refund and cancel. */
export class Staff {
  constructor(private readonly world: World) {}

  /** Looks at a purchase some time later, and does what staff sometimes have to do. */
  async lookAfter(collectionId: string): Promise<void> {
    const { world } = this;
    const { random } = world.stage;
    await world.sleep(random.between(5_000, 90_000));
    const payment = world.books.paymentsOf(collectionId).find(({ provider }) => provider === "seqr");
    const order = world.books.orders.get(world.books.collections.get(collectionId)?.orderId ?? "");
    if (!payment || !order) return;
    const work: Promise<void>[] = [];
    if (random.chance(0.3)) work.push(this.#refund(payment, random.chance(0.3)));
    if (random.chance(0.05)) work.push(this.#refund(payment, random.chance(0.3)));
    if (work.length > 0 && random.chance(0.7)) await Promise.all(work);
    if (random.chance(0.1)) work.push(this.#cancel(order));
    await Promise.all(work);
  }

  /** Tries again after an error, as most people would: core then makes a new refund with a new key. */
  async #refund(payment: Payment, all: boolean): Promise<void> {
    const { world } = this;
    const { random } = world.stage;
    const kept = toHundredths(keptOf(payment));
    if (kept <= 1n) return;
    const amount = fromHundredths(all ? kept : BigInt(random.between(1, Number(kept) - 1)));
    for (let tries = 0; tries < TRIES; tries++) {
      if (compare(amount, keptOf(payment)) > 0) return;
      world.stage.count("staff_refunds");
      const done = await world.request("refund", async ({ medusa }) => {
        await medusa.refundPayment(payment, amount);
        return true;
      });
      if (done || random.chance(0.2)) return;
      await world.sleep(random.between(2_000, 240_000));
    }
  }

  async #cancel(order: Order): Promise<void> {
    const { world } = this;
    for (let tries = 0; tries < TRIES && !order.canceled; tries++) {
      await world.request("cancel order", ({ medusa }) => medusa.cancelOrder(order));
      await world.sleep(world.stage.random.between(1_000, 60_000));
    }
  }
}
