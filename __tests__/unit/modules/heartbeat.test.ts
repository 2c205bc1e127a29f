import { Heartbeat } from "../../../src/modules/seqr/servers/heartbeat";
import type { ServerRecord } from "../../../src/modules/seqr/servers/server-store";
import { deleteOldNotifications } from "../../../src/modules/seqr/operations/delete-old-notifications";
import { watchDue } from "../../../src/processing/watch";
import { resolveStore } from "../../../src/options/store-options";
import { manualClock } from "../health/manual-clock";
import { startStoreWorld } from "../processing/store-world";

describe("a server that watches", () => {
  it("records that every 15 seconds at most", async () => {
    const clock = manualClock();
    const written: ServerRecord[] = [];
    const beat = async (server: ServerRecord): Promise<void> => void written.push(server);
    const heartbeat = new Heartbeat({ beat }, clock, { warn: () => undefined });
    for (let second = 0; second <= 30; second++) {
      heartbeat.beat();
      await clock.pass(1_000);
    }
    const [first] = written;
    expect(first?.id).toMatch(/^seqrsrv_/);
    expect(written).toEqual(
      [0, 15, 30].map((seconds) => ({
        ...{ id: first?.id, started_at: new Date("2026-11-29T12:00:00.000Z") },
        swept_at: new Date(Date.parse("2026-11-29T12:00:00.000Z") + seconds * 1_000),
      })),
    );
  });

  it("goes on when that cannot be written, and logs it", async () => {
    const clock = manualClock();
    const warnings: string[] = [];
    const heartbeat = new Heartbeat({ beat: () => Promise.reject(new Error("away")) }, clock, {
      warn: (text: string) => void warnings.push(text),
    });
    heartbeat.beat();
    await clock.pass(1_000);
    heartbeat.beat();
    await clock.pass(14_000);
    heartbeat.beat();
    await clock.pass(0);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^seqr: .*away/);
  });

  it("says so when the ledger has answered what is due, and not when it has not", async () => {
    const world = await startStoreWorld();
    const onSweep = jest.fn();
    await watchDue(world.processing, onSweep);
    const sweeps = onSweep.mock.calls.length;
    expect(sweeps).toBeGreaterThan(0);
    jest.spyOn(world.ledger, "acquireDueLeases").mockRejectedValue(new Error("the database is away"));
    await expect(watchDue(world.processing, onSweep)).rejects.toThrow("away");
    expect(onSweep).toHaveBeenCalledTimes(sweeps);
    await world.stop();
  });
});

describe("what is kept for staff to read", () => {
  it("is deleted after its time", async () => {
    const clock = manualClock();
    const { options } = resolveStore({
      ...{ endpoint: "https://seqr.example/soap", terminalId: "1", password: "a password" },
      ...{ backendUrl: "https://api.shop.example", currencies: ["SEK"], shopName: "Nordic Goods" },
      notificationsKept: 7,
    });
    const deleted: unknown[] = [];
    await deleteOldNotifications({
      ...{ clock, options },
      notifications: { deleteBefore: async (...given) => void deleted.push(given) },
      servers: { deleteBefore: async (...given) => void deleted.push(given) },
    });
    expect(deleted).toEqual([
      [new Date("2026-11-22T12:00:00.000Z"), 1_000],
      [new Date("2026-11-28T12:00:00.000Z")],
    ]);
  });
});
