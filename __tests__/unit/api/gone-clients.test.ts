import { once } from "node:events";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { holdWhileCompleting } from "../../../src/api/hold-invoice";
import { holdWhileStarting } from "../../../src/api/hold-while-starting";
import { watchDue } from "../../../src/workflows/watch";
import { present } from "../modules/ledger-contract";
import { containerOf, startStoreWorld, type StoreWorld } from "../workflows/store-world";

type Hold = typeof holdWhileStarting;

describe("a browser that goes away while its request waits", () => {
  let world: StoreWorld;
  let server: Server | undefined;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(async () => {
    server?.close();
    await world.stop();
  });

  /** A request that is given up by its browser while the middleware waits; `go` lets it have what it waits for. */
  const givenUp = async (hold: Hold, id: string, go: () => Promise<void>): Promise<void> => {
    let arrived: (res: ServerResponse) => void = () => undefined;
    const arrival = new Promise<ServerResponse>((resolve) => (arrived = resolve));
    let answered: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (answered = resolve));
    const scope = {
      resolve: (name: string) =>
        name === "seqr" ? { payments: world.seqr } : containerOf(world).resolve(name),
    };
    server = createServer((req, res) => {
      const medusa = Object.assign(req, { scope, params: { id } }) as unknown as MedusaRequest;
      void hold(medusa, res as MedusaResponse, () => {
        res.end("{}");
        answered();
      });
      arrived(res);
    }).listen(0);
    await once(server, "listening");
    const asking = request({ port: (server.address() as AddressInfo).port, method: "POST" });
    asking.on("error", () => undefined);
    asking.end();
    const res = await arrival;
    const closed = once(res, "close");
    asking.destroy();
    await closed;
    await go();
    await Promise.race([answer, new Promise((r) => setTimeout(r, 300))]);
  };

  it("keeps no purchase: the next start of the payment gets it", async () => {
    const { collectionId } = await world.checkout();
    const first = await world.seqr.holdPurchase(collectionId);
    await givenUp(holdWhileStarting, collectionId, async () => {
      await first();
      await world.tick(1);
    });
    await world.tick(60);
    const claim = { owner: "next", now: world.now(), until: world.now() };
    expect(await world.ledger.claimPurchase(collectionId, claim)).toBe(true);
  });

  it("costs no order: what is paid becomes one", async () => {
    const { invoice, collectionId } = await world.checkout();
    const first = await world.seqr.holdPurchase(collectionId);
    await givenUp(holdWhileStarting, collectionId, async () => {
      await first();
      await world.tick(1);
    });
    await world.pay(invoice);
    let running = false;
    for (let n = 0; n < 700; n++) {
      if (!running) {
        running = true;
        void watchDue(world.settling).finally(() => (running = false));
      }
      await world.tick(5);
    }
    expect(await world.row(invoice)).toMatchObject({ state: "settled" });
  });

  it("keeps no invoice: the watch looks at it again", async () => {
    const { invoice, cartId } = await world.checkout();
    const other = present(await world.seqr.claim(invoice));
    await givenUp(holdWhileCompleting, cartId, async () => {
      await world.seqr.release(other);
      await world.tick(1);
    });
    await world.pay(invoice);
    await world.tick(15);
    expect(await world.seqr.claimDue(10)).toHaveLength(1);
  });
});
