import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import {
  processLeased,
  processPayment,
  processPaymentAndWait,
} from "../../../src/processing/process-payment";
import { present } from "../modules/ledger-contract";
import { gate, startStoreWorld, type StoreWorld } from "./store-world";
import {
  acquireLease,
  extendLease,
  LONG_WAIT,
  releaseLease,
  SHORT_WAIT,
  withLease,
  workUnderLease,
} from "../../../src/modules/seqr/ledger/lease";

describe("an invoice that is being processed", () => {
  let world: StoreWorld;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld();
    ({ invoice } = await world.checkout());
    world.asked();
  });
  afterEach(() => world.stop());

  const claim = async (): Promise<InvoiceRecord> => present(await acquireLease(world.seqr, invoice));
  const lease = async () => (await world.row(invoice)).lease_until;
  const inSeconds = (seconds: number): Date => new Date(world.now().getTime() + seconds * 1_000);

  it("is released at the end, and is due again when its state asks for it", async () => {
    await processPayment(world.processing, invoice, "watch");
    expect(await world.row(invoice)).toMatchObject({
      ...{ lease_owner: null, lease_until: null, due_at: inSeconds(5) },
    });
    expect(world.waiting()).toBe(0);
  });

  it("is released after an error, too", async () => {
    const claimed = await claim();
    await expect(
      workUnderLease(world.seqr, claimed, () => Promise.reject(new Error("it broke"))),
    ).rejects.toThrow("it broke");
    expect(await lease()).toBeNull();
    expect(world.waiting()).toBe(0);
  });

  it("stays leased as long as the work takes", async () => {
    const work = gate();
    const claimed = await claim();
    const held = workUnderLease(world.seqr, claimed, work.pass);
    for (let minutes = 0; minutes < 20; minutes++) {
      await world.tick(3);
      expect(await lease()).toEqual(inSeconds(10));
    }
    expect(await acquireLease(world.seqr, invoice)).toBeUndefined();
    work.open();
    await held;
    expect(await acquireLease(world.seqr, invoice)).toBeDefined();
  });

  it("whose lease another process has is not touched, and the watch is told", async () => {
    await claim();
    await world.ledger.update(invoice.id, { due_at: inSeconds(60) }, ["open"]);
    await world.pay(invoice);
    expect(await processPayment(world.processing, invoice, "notification")).toMatchObject({ state: "open" });
    expect(world.asked()).toEqual([]);
    expect((await world.row(invoice)).due_at).toEqual(world.now());
  });

  it.each([processPayment, processPaymentAndWait])(
    "that another process has, and of which the watch could not be told, is said to the caller (%p)",
    async (process) => {
      await claim();
      jest.spyOn(world.ledger, "scheduleNow").mockRejectedValueOnce(new Error("the database is away"));
      const processing = expect(process(world.processing, invoice, "browser")).rejects.toThrow(
        "database is away",
      );
      await world.tick(5.1);
      await processing;
    },
  );

  it("is read again under the lease, and not processed as the caller knew it", async () => {
    await world.take(invoice);
    expect(await processPayment(world.processing, invoice, "watch")).toMatchObject({ state: "completed" });
    expect(world.asked()).toEqual([]);
  });

  describe("for a caller that waits for the result", () => {
    it("is processed at once when nobody has it", async () => {
      await world.pay(invoice);
      expect(await processPaymentAndWait(world.processing, invoice, "browser")).toMatchObject({
        state: "completed",
      });
    });

    it("is waited for while another process has it", async () => {
      const claimed = await claim();
      await world.pay(invoice);
      const told = processPaymentAndWait(world.processing, invoice, "browser");
      await world.tick(1);
      expect(world.asked()).toEqual([]);
      const completed = processLeased(world.processing, claimed, "watch");
      expect(await completed).toMatchObject({ state: "completed" });
      await world.tick(0.25);
      expect(await told).toMatchObject({ state: "completed" });
      expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    });

    it("is taken when the other lets go", async () => {
      const claimed = await claim();
      await world.pay(invoice);
      const told = processPaymentAndWait(world.processing, invoice, "browser");
      await world.tick(4.5);
      await releaseLease(world.seqr, claimed);
      await world.tick(0.25);
      expect(await told).toMatchObject({ state: "completed" });
    });

    it("is not waited for longer than five seconds; the watch is told", async () => {
      const claimed = await claim();
      const told = jest.fn();
      const waiting = processPaymentAndWait(world.processing, invoice, "browser").then(told);
      await world.tick(4.9);
      expect(told).not.toHaveBeenCalled();
      await extendLease(world.seqr, claimed);
      await world.tick(0.2);
      await waiting;
      expect(told).toHaveBeenCalledWith(expect.objectContaining({ state: "open" }));
      // The timer struck at the end of the fifth second.
      expect((await world.row(invoice)).due_at).toEqual(inSeconds(-0.1));
      expect(world.asked()).toEqual([]);
    });

    it.each([
      ["five seconds", SHORT_WAIT, 5],
      ["a quarter of a minute", LONG_WAIT, 15],
    ])(
      "is not given to another who wants to work on it alone, who waits for %s",
      async (_, wait, seconds) => {
        const claimed = await claim();
        const told = jest.fn();
        const worked = jest.fn();
        const waiting = withLease(world.seqr, invoice, wait, worked).then(told);
        for (let passed = 1; passed < seconds; passed++) {
          await world.tick(1);
          await extendLease(world.seqr, claimed);
        }
        await world.tick(0.9);
        expect(told).not.toHaveBeenCalled();
        await world.tick(0.1);
        expect(told).toHaveBeenCalledWith(undefined);
        expect(worked).not.toHaveBeenCalled();
        await waiting;
      },
    );

    it("that was finished meanwhile needs no lease", async () => {
      const { invoice: done } = await world.ordered();
      await acquireLease(world.seqr, done);
      const earlier: InvoiceRecord = { ...done, state: "paid" };
      const told = processPaymentAndWait(world.processing, earlier, "browser");
      await world.tick(0);
      expect(world.waiting()).toBe(0);
      expect(await told).toMatchObject({ state: "completed" });
    });

    it("that is finished needs no lease", async () => {
      const { invoice: done } = await world.ordered();
      await acquireLease(world.seqr, done);
      expect(await processPaymentAndWait(world.processing, done, "browser")).toMatchObject({
        state: "completed",
      });
      expect(world.waiting()).toBe(0);
    });
  });
});
