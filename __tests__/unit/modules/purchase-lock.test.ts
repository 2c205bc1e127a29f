import { after, type Clock } from "../../../src/clock";
import { lockPurchase } from "../../../src/modules/seqr/operations/purchase-lock";
import { at } from "./ledger-contract";
import { MemoryLedger } from "./memory-ledger";

describe("locking a purchase while a payment of it is started", () => {
  let time: Date;
  let timers: { at: Date; run: () => void }[];
  let ledger: MemoryLedger;
  const clock: Clock = {
    now: () => time,
    schedule(milliseconds, run) {
      const timer = { at: after(time, milliseconds), run };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
  };
  beforeEach(() => {
    time = at(0);
    timers = [];
    ledger = new MemoryLedger(clock);
  });

  const idle = () => new Promise((resolve) => setImmediate(resolve));
  const hold = (id = "pay_col_1") => lockPurchase({ ledger, clock }, id);
  /** Turns the clock, and runs what was scheduled meanwhile. */
  const pass = async (milliseconds: number): Promise<void> => {
    const end = after(time, milliseconds);
    for (;;) {
      await idle();
      const [next] = timers.filter((one) => one.at <= end).sort((a, b) => Number(a.at) - Number(b.at));
      if (!next) break;
      time = next.at;
      timers = timers.filter((one) => one !== next);
      next.run();
    }
    time = end;
  };
  const isHeld = async (id = "pay_col_1"): Promise<boolean> => {
    const claim = { owner: "somebody else", now: time, until: time };
    const isFree = await ledger.acquirePurchaseLock(id, claim);
    if (isFree) await ledger.releasePurchaseLock(id, claim.owner);
    return !isFree;
  };

  it("keeps everybody else out until it is let go, and leaves nothing behind", async () => {
    const release = await hold();
    expect(await isHeld()).toBe(true);
    await release();
    expect(await isHeld()).toBe(false);
    expect(timers).toEqual([]);
  });

  it("tells its owner when it could not be released", async () => {
    const release = await hold();
    const away = new Error("the database is away");
    jest.spyOn(ledger, "releasePurchaseLock").mockRejectedValue(away);
    await expect(release()).rejects.toBe(away);
    expect(timers).toEqual([]);
  });

  it("locks no other purchase", async () => {
    const releases = await Promise.all([hold("pay_col_1"), hold("pay_col_2")]);
    for (const release of releases) await release();
  });

  it("lets those who wait in one after the other, a tenth of a second later", async () => {
    const first = await hold();
    const entered = jest.fn();
    const second = hold().then((release) => (entered(), release));
    await pass(450);
    await first();
    await pass(49);
    expect(entered).not.toHaveBeenCalled();
    await pass(1);
    expect(entered).toHaveBeenCalled();
    await first();
    expect(await isHeld()).toBe(true);
    await (
      await second
    )();
    expect(await isHeld()).toBe(false);
  });

  it("keeps it however long it takes", async () => {
    const release = await hold();
    for (let seconds = 0; seconds < 120; seconds += 1) {
      await pass(1_000);
      expect(await isHeld()).toBe(true);
    }
    await release();
  });

  it.each([
    ["it took it", 0],
    ["it renewed it, which it does every three seconds", 3_000],
  ])("falls to another process ten seconds after %s, when its owner has crashed", async (_, lived) => {
    await hold();
    await pass(lived);
    await idle();
    timers = [];
    await pass(9_999);
    expect(await isHeld()).toBe(true);
    await pass(1);
    expect(await isHeld()).toBe(false);
  });

  it("is refused as busy after half a minute, and not before", async () => {
    const release = await hold();
    const refused = jest.fn();
    const waiting = hold().catch(refused);
    await pass(29_999);
    expect(refused).not.toHaveBeenCalled();
    await pass(1);
    await waiting;
    expect(refused).toHaveBeenCalledWith(expect.objectContaining({ code: "SEQR_BUSY" }));
    await release();
  });
});
