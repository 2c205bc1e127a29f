import type { Page } from "playwright-core";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import type { AdminSeqrHealth } from "../../../src/http-types";
import { expectAccessible } from "../accessible";
import { keepPicture } from "../visitors";
import { logIn, OF_THE_DASHBOARD } from "./dashboard";
import { Shop } from "./shop";

describe("connection, notifications, refunds and settings in the dashboard", () => {
  let shop: Shop;
  let purchase: Purchase;
  let page: Page;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true });
    purchase = await buyAndRefund(shop.demo, () => {});
    page = await shop.visitors.visitor();
    await logIn(page, shop.demo.adminUrl, shop.demo.staff);
  }, 600_000);
  afterAll(() => shop?.close());

  const open = (name: string): Promise<unknown> => page.goto(`${shop.demo.adminUrl}/seqr/${name}`);

  it("say that SEQR is connected, and that no money is moved", async () => {
    await open("health");
    await page.getByTestId("seqr-environment").getByText("SANDBOX: no money is moved").waitFor();
    const terminal = page.getByTestId("seqr-terminal-seqr");
    await terminal.getByText("SEQR accepts the terminal's id and password").waitFor();
    await terminal.getByText(/^SEQR answers in /).waitFor();
    await page.getByTestId("seqr-finding-watch_alive").getByText("The watch runs").waitFor();
    expect(await page.getByTestId("seqr-servers").getByRole("row").count()).toBeGreaterThan(1);
    await expectAccessible(page, { within: "main", except: OF_THE_DASHBOARD });
  });

  it("show a finding that the dashboard does not know by its code and values", async () => {
    const path = /\/admin\/seqr\/health/;
    await page.route(path, async (route) => {
      const answer = await route.fetch();
      const health = (await answer.json()) as AdminSeqrHealth;
      const finding = { check: "tide", level: "warning", code: "tide_high", values: { metres: 3 } } as const;
      await route.fulfill({ json: { ...health, findings: [finding] } });
    });
    await open("health");
    await page.getByText("tide: tide_high").waitFor();
    await page.getByText("metres 3").waitFor();
    await page.unroute(path);
  });

  it("say so where the server is older than the dashboard, or fails", async () => {
    for (const name of ["health", "notifications", "refunds", "settings"]) {
      const path = new RegExp(`/admin/seqr/${name}`);
      await page.route(path, (route) => route.fulfill({ status: 404, body: "Cannot GET" }));
      await open(name);
      await page.getByRole("alert").first().waitFor();
      await page.unroute(path);
      await page.route(path, (route) => route.fulfill({ status: 500, json: { message: "away" } }));
      await page.reload();
      await page.getByRole("alert").getByText("away").first().waitFor();
      await page.unroute(path);
    }
  });

  it("list the notification of a payment, and process the payment again once it was said what that does", async () => {
    await open("notifications");
    const row = page.getByRole("row").filter({ hasText: purchase.invoice_reference });
    await row.getByText("Recorded").waitFor();
    await expectAccessible(page, { within: "main", except: OF_THE_DASHBOARD });
    await row.getByRole("button", { name: "Process again" }).click();
    const prompt = page.getByRole("alertdialog");
    await prompt.getByText("nothing is done twice").waitFor();
    await keepPicture(page, 1280, "admin-notifications-again");
    await prompt.getByRole("button", { name: "Process again" }).click();
    await page
      .getByText(/^The payment was processed again/)
      .first()
      .waitFor();
    await row.getByText("Processed again", { exact: true }).waitFor();

    await page.getByRole("combobox", { name: "Result" }).click();
    await page.getByRole("option", { name: "Unknown address" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Clear filters" }).click();
    await row.waitFor();
  });

  it("list a refund with SEQR's reference, and find it by that", async () => {
    await open("refunds");
    const row = page.getByRole("row").filter({ hasText: purchase.refund_reference });
    await row.getByText("Refunded", { exact: true }).waitFor();
    await page.getByRole("searchbox").fill("nothing-like-this");
    await page.getByText("Nothing matches the filters").waitFor();
    await page.getByRole("searchbox").fill(purchase.refund_reference);
    await row.waitFor();
    await expectAccessible(page, { within: "main", except: OF_THE_DASHBOARD });
  });

  it("show the options that are in force, and no secret", async () => {
    await open("settings");
    const terminal = page.getByTestId("seqr-settings-seqr");
    await terminal.getByText("nordic_goods_webshop").waitFor();
    await terminal.getByText("Set, and never shown").first().waitFor();
    expect(await page.getByRole("main").last().innerText()).not.toContain("demo-terminal-password");
    expect(await page.getByText("has no text about this option").count()).toBe(0);
    await expectAccessible(page, { within: "main", except: OF_THE_DASHBOARD });
  });
});

describe("the page about the connection, with a wrong password", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true, env: { SEQR_PASSWORD: "not-the-password" } });
  }, 600_000);
  afterAll(() => shop?.close());

  it("says that SEQR refuses it, and what to do", async () => {
    const page = await shop.visitors.visitor();
    await logIn(page, shop.demo.adminUrl, shop.demo.staff);
    await page.goto(`${shop.demo.adminUrl}/seqr/health`);
    const finding = page.getByTestId("seqr-finding-password_refused");
    await finding.getByText("SEQR refuses the password", { exact: true }).waitFor();
    await finding.getByText("What to do:").waitFor();
    await keepPicture(page, 1280, "admin-health-password");
  });
});
