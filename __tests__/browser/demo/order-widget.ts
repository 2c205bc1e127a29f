import { createReadStream, existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { buildAdmin } from "../../../testkit/store";
import { freePort } from "../../../testkit/free-port";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import { startPathProxy, type PathProxy } from "../../store/kit/path-proxy";
import { keepPictures } from "../visitors";
import { openOrder } from "./dashboard";
import { folder, Shop } from "./shop";

const DESK_PATH = "/desk";

describe("the order page of the dashboard", () => {
  let shop: Shop;
  let purchase: Purchase;
  let deskOrigin: string;
  beforeAll(async () => {
    deskOrigin = `http://127.0.0.1:${await freePort()}`;
    shop = await Shop.open({ admin: true, env: { ADMIN_CORS: deskOrigin, AUTH_CORS: deskOrigin } });
    purchase = await buyAndRefund(shop.demo, () => {});
  }, 600_000);
  afterAll(() => shop?.close());

  /** Logs in, opens the order, and waits for the widget. */
  async function openPurchase(dashboard: string): Promise<Page> {
    const page = await shop.visitors.visitor();
    await openOrder(page, dashboard, shop.demo.staff, purchase.order_id);
    await page.getByTestId("seqr-order-payments").getByText(purchase.ers_reference).waitFor();
    return page;
  }

  it("shows SEQR's references, the amounts, the refund and their receipts", async () => {
    const page = await openPurchase(shop.demo.adminUrl);
    const widget = page.getByTestId("seqr-order-payments");
    // Without being loaded again: the receipt of a refund is sent some seconds after it.
    await widget.getByText("Sent", { exact: true }).nth(1).waitFor();
    await keepPictures(page, "order-widget", widget);
    const text = await widget.innerText();
    expect(text).toContain("SEQR");
    expect(text).toContain("Partially refunded");
    expect(text).toContain(`${purchase.total} SEK`);
    expect(text).toContain(purchase.invoice_reference);
    expect(text).toContain(`Refund kr ${purchase.refunded} SEK`);
    expect(text).toContain(`kr ${(Number(purchase.total) - Number(purchase.refunded)).toFixed(2)} SEK`);
    expect(text).toContain(purchase.refund_reference);
    expect(text).toContain("Receipt for SEQR");
  });

  describe("on a host of its own, under a path, with logins by token, of a server under a path", () => {
    let files: string;
    let server: PathProxy;
    let desk: Server;
    beforeAll(async () => {
      server = await startPathProxy("/shop");
      server.leadTo(shop.demo.store.url);
      files = await mkdtemp(join(tmpdir(), "seqr-dashboard-"));
      const env = {
        ADMIN_AUTH_TYPE: "jwt",
        ADMIN_JWT_TOKEN_STORAGE_KEY: "desk_token",
        DEMO_ADMIN_PATH: DESK_PATH,
        DEMO_ADMIN_BACKEND_URL: server.url,
      };
      await buildAdmin(join(folder, "store"), env, { to: files });
      desk = await serveDesk(files, Number(new URL(deskOrigin).port));
    }, 300_000);
    afterAll(async () => {
      desk?.closeAllConnections();
      desk?.close();
      await server?.stop();
      if (files) await rm(files, { recursive: true });
    });

    it("shows the same, and lets staff decide", async () => {
      const page = await openPurchase(deskOrigin + DESK_PATH);
      await keepPictures(page, "order-widget-elsewhere", page.getByTestId("seqr-order-payments"));
      expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("connect.sid");
      const decided = await page.evaluate(async (url) => {
        const answer = await fetch(`${url}/admin/seqr/attention/dismiss`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            authorization: `Bearer ${localStorage.getItem("desk_token")}`,
          },
          body: JSON.stringify({ ids: ["seqrinv_none.reversed.1"], reason: "seen" }),
        });
        return { status: answer.status, body: (await answer.json()) as unknown };
      }, server.url);
      expect(decided).toMatchObject({
        status: 200,
        body: { results: [{ code: "SEQR_NO_SUCH_ENTRY" }] },
      });
    });
  });
});

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Serves a built dashboard as a host of static files does. */
async function serveDesk(files: string, port: number): Promise<Server> {
  const desk = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://desk");
    const asked = join(files, pathname.slice(DESK_PATH.length));
    const file = extname(asked) !== "" && existsSync(asked) ? asked : join(files, "index.html");
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => desk.listen(port, "127.0.0.1", done));
  return desk;
}
