import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { freePort } from "../../testkit/free-port";
import { startSandbox, type RunningSandbox } from "../../src/sandbox";
import { startPostgres, type Postgres } from "../../testkit/postgres";
import { pack, packView } from "../../testkit/npm";
import type { Seeded } from "../../testkit/store";
import { send, until } from "../../testkit/http";
import { Staff } from "../store/kit/staff";
import { MerchantFolder } from "../store/outside/merchant-folder";
import { Workspace, type PackageManager } from "../store/outside/workspace";
import { Visitors } from "./visitors";

const root = resolve(__dirname, "../..");
const minutes = 60_000;
const staffLogin = { email: "owner@shop.example", password: "a-long-password" };
const CART_COOKIE = "_medusa_cart_id";

/**
 * Medusa's starter of today: a workspace with a backend in TypeScript and a Next.js storefront. The backend and the
 * sandbox are at 127.0.0.1 and the storefront at localhost: other sites, as an app and a shop are.
 */
describe("a workspace outside this repository", () => {
  let postgres: Postgres;
  let sandbox: RunningSandbox;
  let visitors: Visitors;
  let seeded: Seeded;
  const databases: string[] = [];

  beforeAll(async () => {
    postgres = await startPostgres({ directory: join(root, ".cache", "test-postgres"), persistent: true });
    sandbox = await startSandbox();
    visitors = await Visitors.open();
  }, 2 * minutes);
  afterAll(async () => {
    await visitors?.close();
    await sandbox?.stop();
    for (const database of databases) await postgres.dropDatabase(database);
    await postgres?.stop();
  }, minutes);

  describe.each<PackageManager>(["pnpm", "npm"])("with %s", (manager) => {
    let folder: MerchantFolder;
    let workspace: Workspace;
    /** The folder of the backend's copy of the plugin. */
    let plugin: string;
    let storeUrl: string;
    let shopUrl: string;
    let stuck = false;

    beforeAll(async () => {
      storeUrl = `http://127.0.0.1:${await freePort()}`;
      shopUrl = `http://localhost:${await freePort()}`;
      folder = await MerchantFolder.make();
      const packed = { plugin: await pack(folder.path), view: await packView(folder.path) };
      const database = `seqr_workspace_${manager}_${process.pid}`;
      // The second one begins with the data of the first.
      await postgres.createDatabase(database, databases[0]);
      databases.push(database);
      const env = { DATABASE_URL: postgres.url(database), STORE_CORS: shopUrl };
      workspace = await Workspace.write(folder, manager, packed, env);
    }, 2 * minutes);
    afterAll(() => folder?.remove(), minutes);

    /** A step towards the shop. After one that failed the others have nothing to stand on. */
    function step(title: string, act: () => Promise<void>, limit = 2 * minutes): void {
      it(
        title,
        async () => {
          if (stuck) throw new Error("a step before this one failed");
          stuck = true;
          await act().catch((error: unknown) => {
            console.error(folder.log.slice(-10_000));
            throw error;
          });
          stuck = false;
        },
        limit,
      );
    }

    /** What shoppers do in it. */
    function visit(title: string, act: () => Promise<void>): void {
      it(
        title,
        async () => {
          if (stuck) throw new Error("the shop is not there");
          try {
            await act();
          } catch (error) {
            console.error(await visitors.sights(), folder.log.slice(-5_000));
            throw error;
          } finally {
            await visitors.leave();
          }
        },
        2 * minutes,
      );
    }

    step(
      "installs a store with its storefront, which has a copy of the plugin beside the view",
      async () => {
        await workspace.install();
        const view = "node_modules/medusa-payment-seqr-view";
        expect([workspace.storefront, folder].some((place) => place.has(view))).toBe(true);
        plugin = await workspace.pluginOf(workspace.backend);
        expect(await workspace.pluginOf(workspace.storefront)).not.toBe(plugin);
      },
      8 * minutes,
    );

    step(
      "migrates, and builds both with their types checked, without SEQR's variables",
      async () => {
        if (!seeded) {
          await workspace.backend.run("npx medusa db:migrate");
          await workspace.backend.run("npx medusa exec ./src/scripts/seed.js", {
            ADMIN_EMAIL: staffLogin.email,
            ADMIN_PASSWORD: staffLogin.password,
            SEED_RESULT: join(folder.path, "seeded.json"),
          });
          seeded = await folder.readJson("seeded.json");
        }
        await workspace.build({
          NEXT_PUBLIC_MEDUSA_BACKEND_URL: storeUrl,
          NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: seeded.publishable_key,
          NEXT_PUBLIC_DEFAULT_REGION: "se",
        });
        expect(await workspace.serverCodeInStorefront()).toEqual([]);
      },
      8 * minutes,
    );

    step("starts with them and with the backend's copy only, and is switched on for a region", async () => {
      const port = (url: string): number => Number(new URL(url).port);
      const seqr = {
        SEQR_ENDPOINT: sandbox.endpoint,
        SEQR_TERMINAL_ID: "public_test_shop_terminal",
        SEQR_PASSWORD: "12345678",
        SEQR_BACKEND_URL: storeUrl,
        STOREFRONT_URL: shopUrl,
      };
      await workspace.start(seqr, { store: port(storeUrl), shop: port(shopUrl) });
      const loaded = await send<string[]>("GET", `${storeUrl}/loaded-of-seqr`);
      expect(loaded).toContain(join(plugin, ".medusa/server/src/providers/seqr/index.js"));
      expect(loaded.filter((file) => !file.startsWith(join(plugin, "/")))).toEqual([]);
      const staff = await Staff.login(storeUrl, staffLogin);
      const payment_providers = ["pp_system_default", "pp_seqr_seqr"];
      await staff.admin("POST", `/regions/${seeded.region_id}`, { payment_providers });
    });

    visit("sells, leads a phone without cookies to the confirmed page, and refunds", async () => {
      const page = await visitors.visitor();
      const code = await goToPayment(page);
      await page.getByText("By paying in the app, you place the order").waitFor();

      const phone = await visitors.visitor({ viewport: { width: 400, height: 800 } });
      await payOn(phone, code);
      await phone.waitForURL(/\/se\/order\/[^/]+\/confirmed$/);
      await page.waitForURL(phone.url());
      const orderId = /order\/([^/]+)/.exec(phone.url())?.[1] ?? "";
      const staff = await Staff.login(storeUrl, staffLogin);
      const [payment] = await staff.seqrPayments(orderId);
      for (const screen of [page, phone])
        await screen.getByText(`SEQR reference: ${payment?.ers_reference}`).waitFor();
      await cartIsForgotten(page);
      expect(visitors.complaints()).toEqual([]);

      await staff.refund(orderId, 129);
      const refunds = await send<{ refundOf: string }[]>("GET", `${sandbox.url}/sandbox/refunds`);
      expect(refunds).toContainEqual(expect.objectContaining({ refundOf: payment?.ers_reference }));
    });

    if (manager === "npm") return;

    visit(
      "leads the phone that has the cart to the confirmed page, although its cookies are strict",
      async () => {
        const phone = await visitors.visitor({ viewport: { width: 400, height: 800 } });
        await payOn(phone, await goToPayment(phone));
        await phone.waitForURL(/\/confirmed$/);
        await cartIsForgotten(phone);
      },
    );

    visit(
      "shows the newest code after a reload, and says why a cart that is being paid cannot change",
      async () => {
        const page = await visitors.visitor();
        await goToPayment(page);
        await page.getByRole("button", { name: "Cancel payment" }).click();
        await page.getByRole("button", { name: "Get a new code" }).click();
        await page.getByText("Waiting for your payment.").waitFor();
        const code = newestCode();
        const asked: string[] = [];
        page.on("request", (request) => asked.push(request.url()));
        await page.reload();
        await page.getByText("Waiting for your payment.").waitFor();
        // The view would lead from an old payment to the new one. The storefront's cache knows the new one already.
        const payments = asked.map((url) => /\/seqr\/payments\/([^/]+)/.exec(url)?.[1]).filter(Boolean);
        expect(new Set(payments).size).toBe(1);

        await sandbox.phone.beginPay(code);
        const other = await page.context().newPage();
        await other.goto(`${shopUrl}/se/cart`);
        await other.getByRole("button", { name: "One more" }).click();
        await other.getByText("This cart is being paid at this moment, so it was not changed.").waitFor();
        await sandbox.phone.finishPay(code);
        await page.waitForURL(/\/confirmed$/);
      },
    );

    visit("buys again after a payment that was made while the shop was closed", async () => {
      const page = await visitors.visitor();
      const code = await goToPayment(page);
      await page.goto("about:blank");
      const phone = await visitors.visitor();
      await payOn(phone, code);
      await phone.waitForURL(/\/confirmed$/);
      await addMug(page);
      await page.getByText("Enamel mug: 1").waitFor();
    });

    visit("says on the phone that nothing was paid, and leads back to the cart", async () => {
      const phone = await visitors.visitor();
      const code = await goToPayment(phone);
      await phone.goto(`${sandbox.url}/R${code}`);
      await phone.getByRole("button", { name: "Cancel" }).click();
      await phone.getByRole("link", { name: "OK" }).click();
      await phone.getByText("Nothing was charged. Your cart is as it was.").waitFor();
      await phone.getByRole("link", { name: "Back to the cart" }).click();
      await phone.getByText("Enamel mug: 1").waitFor();
    });

    async function addMug(page: Page): Promise<void> {
      await page.goto(shopUrl);
      await page.getByRole("link", { name: "Enamel mug" }).click();
      await page.getByRole("button", { name: "Add to cart" }).click();
    }

    /** Buys a mug, up to the code. @returns the code */
    async function goToPayment(page: Page): Promise<string> {
      await addMug(page);
      await page.getByRole("link", { name: "Go to checkout" }).click();
      const address = {
        Email: "astrid@example.com",
        "First name": "Astrid",
        "Last name": "Berg",
        Address: "Storgatan 1",
        "Postal code": "111 22",
        City: "Stockholm",
      };
      for (const [label, text] of Object.entries(address))
        await page.getByLabel(label, { exact: true }).fill(text);
      await page.getByRole("button", { name: "Continue to delivery" }).click();
      await page.getByLabel("Parcel to pick-up point").click();
      await page.getByRole("button", { name: "Continue to payment" }).click();
      await page.getByLabel("SEQR").click();
      await page.getByRole("button", { name: "Continue to review" }).click();
      await page.getByRole("heading", { name: "Pay with SEQR" }).waitFor();
      return newestCode();
    }

    function newestCode(): string {
      return sandbox.core.invoices().at(-1)?.invoiceReference ?? "";
    }

    /** Pays in the app, which then leads the phone's browser back. */
    async function payOn(phone: Page, code: string): Promise<void> {
      await phone.goto(`${sandbox.url}/R${code}`);
      await phone.getByRole("link", { name: "Confirm" }).click();
      await phone.getByLabel("PIN, four digits").fill("1234");
      await phone.getByRole("button", { name: "Pay" }).click();
      await phone.getByRole("link", { name: "OK" }).click();
    }

    async function cartIsForgotten(page: Page): Promise<void> {
      await until(
        () => page.context().cookies(shopUrl),
        (cookies) => cookies.every(({ name }) => name !== CART_COOKIE),
      );
    }
  });
});
