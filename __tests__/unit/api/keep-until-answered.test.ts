import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import {
  errorHandler,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from "@medusajs/framework/http";
import type * as express from "express";
import { changeCartInTurn } from "../../../src/api/middlewares/change-cart-in-turn";
import {
  leaseInvoiceDuringCompletion,
  leaseInvoiceDuringPaymentChange,
  leaseInvoicesDuringCancellation,
} from "../../../src/api/middlewares/lease-invoice-during-completion";
import { lockPurchaseWhileStarting } from "../../../src/api/middlewares/lock-purchase-while-starting";
import { present } from "../modules/ledger-contract";
import { containerOf, startStoreWorld, type StoreWorld } from "../processing/store-world";
import { acquireLease, releaseLease } from "../../../src/modules/seqr/ledger/lease";
import { lockPurchase } from "../../../src/modules/seqr/operations/purchase-lock";

/** The Express that Medusa uses. */
const newExpress = createRequire(require.resolve("@medusajs/framework/http"))(
  "express",
) as () => express.Express;

type Middleware = (req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction) => Promise<void>;

/** A request that is to have something to itself. */
interface Kind {
  matcher: string;
  middleware: Middleware;
  path: string;
  /** Somebody else has it. @returns how to let go */
  taken: () => Promise<() => Promise<void>>;
}

describe("a request that needs a lease or a lock", () => {
  let world: StoreWorld;
  let server: Server;
  let kinds: Record<string, Kind>;
  /** What the handler does, by the request's number; it answers unless told otherwise. */
  let work: ((res: MedusaResponse, number: string) => unknown) | undefined;
  /** Which requests have come to the server, to the handler, and to an end. */
  let log: string[];
  const sockets: Socket[] = [];

  beforeEach(async () => {
    world = await startStoreWorld();
    const { invoice, payment, order } = await world.ordered();
    const open = await world.checkout();
    const invoiceTaken = (one: typeof invoice) => async () => {
      const other = present(await acquireLease(world.seqr, await world.row(one)));
      return () => releaseLease(world.seqr, other);
    };
    kinds = {
      "a start": {
        matcher: "/starts/:id",
        middleware: lockPurchaseWhileStarting,
        path: `/starts/${open.collectionId}`,
        taken: () => lockPurchase(world.seqr, open.collectionId),
      },
      "a completion": {
        matcher: "/completions/:id",
        middleware: leaseInvoiceDuringCompletion,
        path: `/completions/${open.cartId}`,
        taken: invoiceTaken(open.invoice),
      },
      "a refund": {
        matcher: "/refunds/:id",
        middleware: leaseInvoiceDuringPaymentChange,
        path: `/refunds/${payment.id}`,
        taken: invoiceTaken(invoice),
      },
      "a cancellation of an order": {
        matcher: "/cancellations/:id",
        middleware: leaseInvoicesDuringCancellation,
        path: `/cancellations/${order.id}`,
        taken: invoiceTaken(invoice),
      },
      "a change of a cart": {
        matcher: "/store/carts/:id",
        middleware: changeCartInTurn,
        path: `/store/carts/${open.cartId}`,
        taken: () => Promise.reject(new Error("nobody else can")),
      },
    };
    const payments = {
      listPayments: async () => [{ id: payment.id, payment_session: { id: payment.sessionId } }],
    };
    const inner = containerOf(world);
    const scope = {
      resolve: (name: string) =>
        name === "payment" ? { ...inner.resolve(name), ...payments } : inner.resolve(name),
    };
    log = [];
    work = undefined;
    const app = newExpress();
    app.use((req, _, next) => {
      const number = String(req.query["number"]);
      log.push(`${number} comes`);
      req.socket.once("close", () => log.push(`${number} gone`));
      next();
    });
    for (const { matcher, middleware } of Object.values(kinds)) {
      app.post(matcher, (req, res, next) => {
        Object.assign(req, { scope });
        middleware(req as unknown as MedusaRequest, res, next).catch(next);
      });
    }
    app.use((req, res, next) => {
      const number = String(req.query["number"]);
      log.push(`${number} begins`);
      const doing = async (): Promise<void> => {
        await work?.(res, number);
        log.push(`${number} ends`);
        if (!res.writableEnded) res.json({ number });
      };
      doing().catch(next);
    });
    app.use(errorHandler() as unknown as express.ErrorRequestHandler);
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await world.stop();
  });

  const text = (kind: string, number: string): string =>
    `POST ${present(kinds[kind]).path}?number=${number} HTTP/1.1\r\nhost: store\r\ncontent-length: 0\r\n\r\n`;
  const ask = (kind: string, ...numbers: string[]): Socket => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    sockets.push(socket.on("error", () => undefined));
    socket.resume().write(numbers.map((number) => text(kind, number)).join(""));
    return socket;
  };
  /** Lets time go on, ours and that of the network, until something has happened. */
  const until = async (...happened: string[]): Promise<void> => {
    for (let turns = 0; !happened.every((one) => log.includes(one)); turns++) {
      if (turns > 1_000) throw new Error(`not ${happened.join(", ")}: ${log.join(", ")}`);
      await pause(2);
      await world.tick(0.1);
    }
  };
  const comes = async (kind: string, number: string): Promise<Socket> => {
    const socket = ask(kind, number);
    while (!log.includes(`${number} comes`)) await pause(2);
    return socket;
  };
  const goes = async (socket: Socket, number: string): Promise<void> => {
    socket.destroy();
    while (!log.includes(`${number} gone`)) await pause(2);
  };

  it.each(["a start", "a completion", "a refund"])(
    "as %s does: its client disconnects while it waits, so it is not carried out, and blocks no other request",
    async (kind) => {
      const letGo = await present(kinds[kind]).taken();
      const socket = await comes(kind, "1");
      await world.tick(1);
      await goes(socket, "1");
      await letGo();
      await world.tick(1);
      await comes(kind, "2");
      await until("2 ends");
      expect(log).not.toContain("1 begins");
    },
  );

  it("is not carried out either when it was queued on a connection that was closed", async () => {
    const letGo = await present(kinds["a start"]).taken();
    const socket = ask("a start", "1", "2");
    while (!log.includes("2 comes")) await pause(2);
    await goes(socket, "2");
    await letGo();
    await world.tick(1);
    await comes("a start", "3");
    await until("3 ends");
    expect(log.filter((line) => line.endsWith("begins"))).toEqual(["3 begins"]);
  });

  it.each(["a start", "a completion", "a refund", "a change of a cart"])(
    "as %s does: its client goes away while it is carried out, and the next one waits until it has ended",
    async (kind) => {
      let end: () => void = () => undefined;
      work = (_, number) => number === "1" && new Promise<void>((resolve) => (end = resolve));
      const socket = await comes(kind, "1");
      await until("1 begins");
      await goes(socket, "1");
      await comes(kind, "2");
      await world.tick(12); // longer than a lease
      expect(log).not.toContain("2 begins");
      end();
      await until("2 ends");
      expect(log.indexOf("1 ends")).toBeLessThan(log.indexOf("2 begins"));
    },
  );

  it.each([
    ["answers", () => undefined, 1],
    ["fails", () => Promise.reject(new Error("broken")), 1],
    ["answers without a body", (res: MedusaResponse) => res.sendStatus(204), 1],
    ["has not answered by a time at which all has failed", () => new Promise(() => undefined), 200],
  ])("releases it when its handler %s", async (_, does, seconds) => {
    for (const kind of Object.keys(kinds)) {
      log = [];
      work = (res, number) => number === "1" && does(res);
      const waiting = world.waiting();
      await comes(kind, "1");
      await until("1 begins");
      await world.tick(seconds);
      await comes(kind, "2");
      await until("2 ends");
      await world.tick(1);
      expect(world.waiting()).toBe(waiting);
    }
  });

  it("does not put off what is due, however often it comes", async () => {
    const [due] = world.ledger.invoices.filter(({ state }) => state === "open").map(({ due_at }) => due_at);
    for (const number of ["1", "2", "3"]) {
      await comes("a completion", number);
      await until(`${number} ends`);
      await world.tick(0.3);
    }
    const [open] = world.ledger.invoices.filter(({ state }) => state === "open");
    expect(open).toMatchObject({ due_at: due, lease_owner: null });
  });

  it("is carried out without its client where nothing is held: as Medusa would", async () => {
    let end: () => void = () => undefined;
    work = (_, number) => number === "1" && new Promise<void>((resolve) => (end = resolve));
    await comes("a change of a cart", "1");
    await until("1 begins");
    await goes(await comes("a change of a cart", "2"), "2");
    end();
    await until("2 ends");
  });
});
