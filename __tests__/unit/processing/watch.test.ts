import { sleep } from "../../../src/clock";
import { watchDue } from "../../../src/processing/watch";
import { watchDueInvoices } from "../../../src/workflows/watch-due-invoices";
import { eventually } from "../modules/seqr-world";
import { containerOf, gate, startStoreWorld, type StoreWorld } from "./store-world";

describe("the watch", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(() => world.stop());

  const open = async (howMany: number) => {
    const bought = await Promise.all(Array.from({ length: howMany }, () => world.checkout()));
    world.asked();
    return bought;
  };

  it("processes nothing that is not due", async () => {
    await open(2);
    expect(await watchDue(world.processing)).toBe(0);
    expect(world.asked()).toEqual([]);
  });

  it("finds payments of which nobody told, and ends", async () => {
    const bought = await open(3);
    for (const { invoice } of bought.slice(1)) await world.pay(invoice);
    world.pass(5);
    expect(await watchDue(world.processing)).toBe(3);
    const states = await Promise.all(bought.map(async ({ invoice }) => (await world.row(invoice)).state));
    expect(states).toEqual(["open", "completed", "completed"]);
  });

  it("goes on when one breaks, and says so in the log", async () => {
    const bought = await open(3);
    for (const { invoice } of bought) await world.pay(invoice);
    world.pass(5);
    jest.spyOn(world.store, "purchaseOf").mockRejectedValueOnce(new Error("the database\nis away"));
    // What broke is due again at once.
    expect(await watchDue(world.processing)).toBe(4);
    const states = await Promise.all(bought.map(async ({ invoice }) => (await world.row(invoice)).state));
    expect(states).toEqual(["completed", "completed", "completed"]);
    expect(world.log).toContainEqual(expect.stringMatching(/^error seqr: watch: invoice \S+: .*database/));
  });

  it("works on twenty at once and no more, and goes on as one of them ends", async () => {
    await open(25);
    world.pass(5);
    const held = gate();
    const { client } = world;
    const ask = client.getPaymentStatus.bind(client);
    let atOnce = 0;
    let most = 0;
    const claims = jest.spyOn(world.seqr.ledger, "acquireDueLeases");
    jest.spyOn(client, "getPaymentStatus").mockImplementation(async (...asked) => {
      most = Math.max(most, ++atOnce);
      await held.pass();
      return ask(...asked).finally(() => (atOnce -= 1));
    });
    const sweep = watchDue(world.processing);
    await held.reached;
    await world.tick(1);
    held.open();
    expect(await sweep).toBe(25);
    expect(most).toBe(20);
    // While SEQR is down, even a claim of none would take one to try.
    expect(claims.mock.calls.map(([{ limit }]) => limit)).not.toContain(0);
  });

  it("asks about one at a time while SEQR is down", async () => {
    await open(3);
    world.pass(5);
    const { breaker } = world.terminal.endpoint;
    for (let calls = 0; !breaker.isOpen && calls < 100; calls++) breaker.record("SEQR_UNREACHABLE");
    const held = gate();
    const { client } = world;
    const ask = client.getPaymentStatus.bind(client);
    let begun = 0;
    jest.spyOn(client, "getPaymentStatus").mockImplementation(async (...asked) => {
      begun += 1;
      await held.pass();
      return ask(...asked);
    });
    const sweep = watchDue(world.processing);
    await held.reached;
    await world.tick(0);
    expect(begun).toBe(1);
    held.open();
    expect(await sweep).toBe(3);
  });

  it("processes the invoices of a Medusa container", async () => {
    await open(1);
    world.pass(5);
    expect(await watchDueInvoices(containerOf(world))).toBe(1);
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
  });

  it("takes others half a second after they are due while one is slow, also after ten seconds", async () => {
    const [slow] = await open(1);
    world.pass(1.8);
    const [quick] = await open(1);
    if (quick) await world.pay(quick.invoice);
    world.pass(3.2);
    const held = gate();
    const seen: string[] = [];
    const { client } = world;
    const ask = client.getPaymentStatus.bind(client);
    jest.spyOn(client, "getPaymentStatus").mockImplementation(async (reference, version) => {
      seen.push(reference);
      if (reference === slow?.invoice.invoice_reference) await held.pass();
      return ask(reference, version);
    });
    const sweep = watchDue(world.processing);
    await held.reached;
    await world.tick(2);
    expect(seen).toEqual([slow?.invoice.invoice_reference, quick?.invoice.invoice_reference]);
    await eventually(() => world.ledger.invoices[1]?.state === "completed");
    await world.tick(3);
    const [late] = await open(1);
    await world.tick(5.5);
    expect(seen).toEqual([slow, quick, late].map((one) => one?.invoice.invoice_reference));
    held.open();
    expect(await sweep).toBe(3);
  });

  it("sees every other payment within SEQR's twenty seconds while one order hangs", async () => {
    const hanging = await world.checkout();
    const other = await world.checkout();
    const { completeCart } = world.store;
    world.store.completeCart = async (cartId) => {
      // Core waits thirty seconds for a cart that a killed process has locked.
      if (cartId !== hanging.cartId) return completeCart(cartId);
      await sleep(world.seqr.clock, 30_000);
      return { outcome: "failed", message: "Timed-out acquiring lock." };
    };
    await world.pay(hanging.invoice);
    // The job: a sweep every second, unless one is running.
    let running = false;
    const seconds = async (count: number): Promise<void> => {
      for (let second = 0; second < count; second++) {
        if (!running) {
          running = true;
          void watchDue(world.processing).finally(() => (running = false));
        }
        await world.tick(1);
      }
    };
    await seconds(15);
    await world.pay(other.invoice);
    await seconds(35);
    expect(await world.row(other.invoice)).toMatchObject({ state: "completed" });
  });
});
