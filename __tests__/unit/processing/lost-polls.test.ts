import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { leaseInvoiceDuringCompletion } from "../../../src/api/middlewares/lease-invoice-during-completion";
import { handleNotification } from "../../../src/processing/handle-notification";
import { containerOf, ProcessDied, startStoreWorld, type StoreWorld } from "./store-world";
import { present } from "../modules/ledger-contract";
import { releaseAfterCompletion } from "../../../src/medusa/process-order-payments";
import { processPaymentAndWait } from "../../../src/processing/process-payment";
import { watchDue } from "../../../src/processing/watch";
import { acquireLease } from "../../../src/modules/seqr/ledger/lease";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";

describe("what was due before a lease that served another purpose", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(() => world.stop());

  /** One second of the watch. */
  const second = async (): Promise<void> => {
    const watching = watchDue(world.processing);
    await world.tick(0.6);
    await watching;
    await world.tick(0.4);
  };
  /** A storefront asks to complete the cart, which fails before the payment; for a tenth of a second. */
  const completeInVain = async (cartId: string): Promise<void> => {
    const live = await world.seqr.ledger.findLiveOfCart(cartId);
    const held = live && (await acquireLease(world.seqr, live));
    await world.tick(0.1);
    if (live && held) await releaseAfterCompletion(world.processing, held, live.due_at);
  };

  it("an order that a crash left is searched for although the shopper's browser came back meanwhile", async () => {
    const bought = await world.checkout();
    world.points["order written"] = () => {
      throw new ProcessDied();
    };
    await expect(world.store.completeCart(bought.cartId)).rejects.toBeInstanceOf(ProcessDied);
    world.points["order written"] = undefined;
    const order = present([...world.rows.orders.values()][0]);
    await cancelInvoice(world.seqr, bought.invoice, "shopper");
    // The worker is away for a moment, or SEQR is down and the watch takes one at a time.
    await world.tick(61);
    await processPaymentAndWait(world.processing, bought.invoice, "browser");
    for (let n = 0; n < 5; n++) await second();
    expect(await world.row(bought.invoice)).toMatchObject({ problem: "SEQR_ORDER_ABANDONED" });
    expect(order.isCanceled).toBe(true);
  });

  it("a code ends with its lifetime although a storefront asks again and again", async () => {
    const { invoice, cartId } = await world.checkout();
    await world.tick(301);
    for (let n = 0; n < 40; n++) {
      await completeInVain(cartId);
      await second();
    }
    expect(await world.row(invoice)).toMatchObject({ state: "expired" });
  });

  it("a payment is taken although the cancellation had no answer and a storefront asks again and again", async () => {
    const { invoice, cartId } = await world.checkout();
    const row = present(world.ledger.invoices.find(({ id }) => id === invoice.id));
    // Three cancellations without an answer.
    Object.assign(row, { state: "canceling", reason: "shopper", attempts: 3, due_at: world.now() });
    await world.pay(invoice);
    for (let n = 0; n < 30; n++) {
      await completeInVain(cartId);
      await second();
    }
    expect(await world.row(invoice)).toMatchObject({ state: "completed" });
  });

  it("a payment is read in time although the storefront's completion takes half a minute", async () => {
    const { invoice, cartId } = await world.checkout();
    const res = { end: () => undefined };
    // Medusa waits up to thirty seconds for the cart, which a process that was killed has locked for two minutes.
    await leaseInvoiceDuringCompletion(
      { params: { id: cartId }, scope: containerOf(world), socket: {} } as unknown as MedusaRequest,
      res as unknown as MedusaResponse,
      () => undefined,
    );
    await world.tick(1);
    await world.pay(invoice);
    await handleNotification(world.processing, invoice);
    for (let n = 0; n < 29; n++) await second();
    res.end();
    for (let n = 0; n < 9; n++) await second();
    expect(await world.row(invoice)).toMatchObject({ state: "completed" });
  });
});
