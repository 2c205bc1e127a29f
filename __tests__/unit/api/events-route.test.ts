import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { findInvoice } from "../../../src/api/middlewares/find-invoice";
import { GET } from "../../../src/api/seqr/payments/[token]/events/route";
import { containerOf, startStoreWorld, type StoreWorld } from "../processing/store-world";

describe("the event streams of a payment", () => {
  let world: StoreWorld;
  let server: Server;
  /** Payments that are watched for a stream. */
  let watched = 0;
  const opened: Promise<void>[] = [];
  let stopped: () => void = () => undefined;

  beforeEach(async () => {
    world = await startStoreWorld();
    const inner = containerOf(world);
    const changes = {
      watch: () => {
        watched++;
        return () => {
          watched--;
          stopped();
        };
      },
    };
    const seqr = { context: world.seqr, invoiceChanges: changes };
    const scope = { resolve: (name: string) => (name === "seqr" ? seqr : inner.resolve(name)) };
    server = createServer((request, response) => {
      const params = { token: request.url?.slice(1) };
      const get = (name: string): unknown => request.headers[name.toLowerCase()];
      const req = Object.assign(request, { scope, params, get, ip: "192.0.2.1" }) as unknown as MedusaRequest;
      const res = response as MedusaResponse;
      void findInvoice("events")(req, res, () => {
        opened.push(GET(req, res));
        server.emit("stream");
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await world.stop();
  });

  it("end with their connection, also those that wait behind another one there", async () => {
    const { session } = await world.checkout();
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(`GET /${String(session.data["token"])} HTTP/1.1\r\nhost: store\r\n\r\n`.repeat(2));
    while (opened.length < 2) await once(server, "stream");
    await Promise.all(opened);
    expect(watched).toBe(1);
    const end = new Promise<void>((resolve) => (stopped = resolve));
    socket.destroy();
    await end;
    expect(watched).toBe(0);
  });
});
