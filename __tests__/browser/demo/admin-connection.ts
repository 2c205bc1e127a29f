import type { Page } from "playwright-core";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import { keepPicture } from "../visitors";
import { logIn } from "./dashboard";
import { Shop } from "./shop";

/** Milliseconds: a notification may still come for half a minute, and a watch counts as alive for a minute. */
const UNTIL_FOUND = 120_000;

/** What staff see on the page about the connection, which they never load again themselves. */
describe("the page about the connection, while something breaks and is mended", () => {
  let shop: Shop;
  let page: Page;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true });
    page = await shop.visitors.visitor();
    await logIn(page, shop.demo.adminUrl, shop.demo.staff);
  }, 600_000);
  afterAll(() => shop?.close());

  const buy = (): Promise<Purchase> => buyAndRefund(shop.demo, () => {});
  const finding = (code: string | RegExp) =>
    page.getByTestId(code instanceof RegExp ? code : `seqr-finding-${code}`);

  it("says that notifications do not arrive and what to check, and that they arrive again", async () => {
    shop.demo.sandbox.faults.add({ operation: "notification", kind: "lost" });
    const silent = await buy();
    await page.goto(`${shop.demo.adminUrl}/seqr/health`);
    // In a store that earlier tests have used, other payments were announced.
    const missing = finding(/^seqr-finding-notifications_(missing|incomplete)$/);
    await missing.getByText("What to do:").waitFor({ timeout: UNTIL_FOUND });
    await missing
      .getByText(/\/hooks\/seqr/)
      .first()
      .waitFor();
    await keepPicture(page, 1280, "admin-health-notifications");

    await page.getByRole("link", { name: "Notifications", exact: true }).first().click();
    const rowOf = ({ invoice_reference }: Purchase) =>
      page.getByRole("row").filter({ hasText: invoice_reference });
    const announced = [await buy(), await buy(), await buy()];
    for (const purchase of announced) await rowOf(purchase).getByText("Recorded").waitFor();
    expect(await rowOf(silent).count()).toBe(0);
    await page.getByRole("link", { name: "Connection", exact: true }).first().click();
    await finding("notifications_arrive_again").waitFor();
  });

  it("says that the server is away, and that its session has ended, and leads back after the login", async () => {
    await shop.demo.store.stop();
    await page.getByText("The server does not answer right now.").waitFor();
    await page.getByTestId("seqr-environment").waitFor();
    // A server for requests only: no server of the store watches any more.
    await shop.demo.startStoreAgain({ MEDUSA_WORKER_MODE: "server" });
    // Sessions of the demo are in the server's memory.
    await page.getByRole("alert").getByText("Your session has ended. Sign in again.").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("input[name=email]").fill(shop.demo.staff.email);
    await page.locator("input[name=password]").fill(shop.demo.staff.password);
    await page.getByRole("button", { name: "Continue with Email" }).click();
    await page.waitForURL(/\/seqr\/health/);
    await page.getByTestId("seqr-environment").waitFor();
  });

  it("says that the watch is dead and what to do, and that it runs again", async () => {
    const dead = finding("watch_dead");
    await dead.getByText("The watch is dead").waitFor({ timeout: UNTIL_FOUND });
    await dead.getByText("What to do:").waitFor();
    await keepPicture(page, 1280, "admin-health-watch");
    await shop.demo.store.stop();
    await shop.demo.startStoreAgain();
    await logIn(page, shop.demo.adminUrl, shop.demo.staff);
    await page.goto(`${shop.demo.adminUrl}/seqr/health`);
    await finding("watch_alive").getByText("The watch runs").waitFor();
    expect(await dead.count()).toBe(0);
  });
});
