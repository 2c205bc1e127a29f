import { fromHundredths } from "../../src/seqr";
import { keptOf, type Collection, type Order, type Payment } from "./accounts";
import { compareExactly, inHundredths, subtractExactly, sumExactly } from "./exact";
import { toHundredths } from "../../src/seqr";
import { Shopper } from "./shopper";
import { shown } from "./wishes";
import type { World } from "./world";

/** How often staff try again what failed. */
const TRIES = 4;
const MINUTE = 60_000;
/** Milliseconds after which the plugin writes a refund that core forgot into Medusa's records. */
const WRITTEN_AFTER = 600_000;

/** Those who refund, change and cancel. */
export class Staff {
  constructor(private readonly world: World) {}

  /** Looks at a purchase some time later, and does what staff sometimes have to do. */
  async lookAfter(collectionId: string): Promise<void> {
    const { world } = this;
    const { runContext } = world;
    await world.sleep(runContext.random.between(5_000, 90_000));
    const payment = world.accounts.paymentsOf(collectionId).find(({ provider }) => provider === "seqr");
    const order = world.accounts.orders.get(world.accounts.collections.get(collectionId)?.orderId ?? "");
    if (!payment || !order) return;
    const work: Promise<void>[] = [];
    if (runContext.happens("captures")) {
      work.push(this.#capture(payment));
      if (runContext.happens("moreCaptures")) work.push(this.#capture(payment));
      if (runContext.random.chance(0.5)) await Promise.all(work);
    }
    if (runContext.happens("edits")) work.push(this.#edit(order));
    else {
      if (runContext.happens("refunds")) work.push(this.#refund(payment, runContext.random.chance(0.3)));
      if (runContext.happens("moreRefunds")) work.push(this.#refund(payment, runContext.random.chance(0.3)));
    }
    if (work.length > 0 && runContext.random.chance(0.7)) await Promise.all(work);
    if (runContext.happens("cancels")) work.push(this.#cancel(order));
    await Promise.all(work);
    if (!runContext.happens("cancelsLater")) return;
    await world.sleep(runContext.random.between(5 * MINUTE, 15 * MINUTE));
    await this.#cancel(order);
  }

  /**
   * Tries again after an error, as most people would: core then makes a new refund with a new key. Who looks at the page
   * again sees when the refund is there by now; who does not presses all the same.
   */
  async #refund({ id }: Payment, all: boolean): Promise<void> {
    const { world } = this;
    const { runContext, wishes, accounts } = world;
    const first = accounts.payments.get(id);
    const amount = first && this.#amountOf(first, all);
    if (!first || amount === undefined) return;
    wishes.wish(first, amount);
    const before = shown(first, amount);
    for (let tries = 0; tries < TRIES; tries++) {
      const payment = accounts.payments.get(id);
      if (!payment) return;
      const isTrue = tries === 0 || !runContext.happens("stale");
      if (compareExactly(amount, keptOf(payment)) > 0) return;
      if (isTrue && tries > 0 && shown(payment, amount) > before) return;
      runContext.count("staff_refunds");
      const done = await world.request("refund", async ({ medusa }) => {
        await medusa.refundPayment(payment, amount, () => wishes.press(payment, amount));
        wishes.confirm(payment, amount);
        return true;
      });
      if (done || runContext.random.chance(0.2)) return;
      await world.sleep(this.#pause());
    }
  }

  /** Tries again after an error, with the same amount: core then makes a new capture with a new key. */
  async #capture({ id, amount: all }: Payment): Promise<void> {
    const { world } = this;
    const { runContext, accounts } = world;
    const hundredths = Number(toHundredths(inHundredths(all)));
    const isPart = hundredths > 2 && runContext.happens("parts");
    const amount = isPart ? fromHundredths(BigInt(runContext.random.between(1, hundredths - 1))) : all;
    for (let tries = 0; tries < TRIES; tries++) {
      const payment = accounts.payments.get(id);
      if (!payment?.isReserved || payment.canceled || payment.captures.length > 0) return;
      runContext.count("staff_captures");
      const done = await world.request("capture", async ({ medusa }) => {
        const isNew = await medusa.captureInAdmin(payment, amount);
        if (isNew) world.confirmedCaptures.push({ paymentId: id, amount });
        return true;
      });
      if (done || runContext.random.chance(0.2)) return;
      await world.sleep(runContext.random.between(2_000, 120_000));
    }
  }

  /** All that is left, or a part of it, which may have more than two decimals. */
  #amountOf(payment: Payment, all: boolean): string | undefined {
    const { runContext } = this.world;
    const kept = keptOf(payment);
    const most = Number(toHundredths(inHundredths(kept)));
    if (most <= 1) return undefined;
    if (all) return kept;
    const part = runContext.random.between(1, Math.min(most - 1, 20_000));
    return runContext.happens("crooked") ? `${fromHundredths(BigInt(part))}5` : fromHundredths(BigInt(part));
  }

  /** Some seconds or minutes; where core forgets refunds, also just as long as until the plugin writes them down. */
  #pause(): number {
    const { random, kind, timeline } = this.world.runContext;
    if (kind.forgotten === 0 || random.chance(0.5)) return random.between(2_000, 240_000);
    const written = timeline.now() + WRITTEN_AFTER;
    return MINUTE * Math.ceil(written / MINUTE) - timeline.now() + random.between(0, 20);
  }

  async #cancel({ id }: Order): Promise<void> {
    const { world } = this;
    for (let tries = 0; tries < TRIES; tries++) {
      const order = world.accounts.orders.get(id);
      if (!order || order.canceled) return;
      await world.request("cancel order", ({ medusa }) => medusa.cancelOrder(order));
      await world.sleep(world.runContext.random.between(1_000, 60_000));
    }
  }

  /** Changes an order so that money is missing, and often once more while the shopper has the code for it. */
  async #edit(order: Order): Promise<void> {
    const { world } = this;
    const { random } = world.runContext;
    const before = order.total;
    const more = fromHundredths(BigInt(random.between(1_000, 20_000)));
    const collection = await this.#change(order, sumExactly([before, more]));
    if (!collection || compareExactly(collection.amount, "0") <= 0) return;
    world.runContext.count("extra_payments");
    const paying = new Shopper(world, collection).visit();
    await world.sleep(random.between(500, 30_000));
    switch (random.weighted({ nothing: 3, up: 2, down: 2, back: 2, paid: 1, cancel: 1 })) {
      case "up":
        await this.#change(order, sumExactly([order.total, more]));
        break;
      case "down":
        await this.#change(order, subtractExactly(order.total, inHundredths(String(Number(more) / 2))));
        break;
      case "back":
        await this.#change(order, before);
        break;
      case "paid":
        await world.request("mark as paid", ({ medusa }) => medusa.markAsPaid(collection));
        break;
      case "cancel":
        await this.#cancel(order);
        break;
      default:
    }
    await paying;
  }

  async #change(order: Order, total: string): Promise<Collection | undefined> {
    this.world.runContext.count("order_edits");
    return this.world.request("edit", ({ medusa }) => medusa.editOrder(order.id, total));
  }
}
