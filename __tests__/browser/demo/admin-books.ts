import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import { keepPicture } from "../visitors";
import { openOrder } from "./dashboard";
import { Shop } from "./shop";

describe("the books in the dashboard", () => {
  let shop: Shop;
  let purchase: Purchase;
  let page: Page;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true });
    purchase = await buyAndRefund(shop.demo, () => {});
    page = await shop.visitors.visitor();
    await openOrder(page, shop.demo.adminUrl, shop.demo.staff, purchase.order_id);
  }, 600_000);
  afterAll(() => shop?.close());

  it("say that they cannot be read, and that there is no period yet", async () => {
    await page.route(/\/admin\/seqr\/periods/, (route) =>
      route.fulfill({ status: 500, json: { message: "away" } }),
    );
    await page.goto(`${shop.demo.adminUrl}/seqr/books`);
    await page.getByRole("alert").getByText("away").waitFor();
    await page.unroute(/\/admin\/seqr\/periods/);
    // The store of these tests may be one that has closed periods before.
    await page.route(/\/admin\/seqr\/periods/, (route) =>
      route.fulfill({ json: { periods: [], count: 0, offset: 0, limit: 20 } }),
    );
    await page.reload();
    await page.getByText("No period has been closed yet").waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Books", exact: true }).first().waitFor();
    await keepPicture(page, 1280, "admin-books-empty");
    await page.unroute(/\/admin\/seqr\/periods/);
    await page.reload();
  });

  it("close a period after it was said what that means, and not otherwise", async () => {
    const close = page.getByRole("button", { name: "Close period now" });
    await close.click();
    const prompt = page.getByRole("alertdialog");
    await prompt.getByText("This cannot be undone.").waitFor();
    await keepPicture(page, 1280, "admin-books-close");
    await prompt.getByRole("button", { name: "Cancel" }).click();
    await prompt.waitFor({ state: "detached" });
    expect(shop.demo.sandbox.stats()["markTransactionPeriod"]?.total ?? 0).toBe(0);

    await close.click();
    await prompt.getByRole("button", { name: "Close period" }).click();
    await page.getByText("SEQR was asked to close the period.").first().waitFor();
    expect(shop.demo.sandbox.stats()["markTransactionPeriod"]?.total).toBe(1);
    shop.letReportsBeMade();
    await page.getByRole("row").nth(1).getByText("Reconciled", { exact: true }).waitFor();
    await keepPicture(page, 1280, "admin-books");
  });

  it("show what a period comes to, and give it as files", async () => {
    await page.getByRole("table").getByRole("link").first().click();
    // SEQR's reports leave refunds out. The store may also have sold at other sandboxes of these tests.
    await page
      .getByTestId("seqr-totals-SEK")
      .getByText(/^Only in the shop \(\d+\)$/)
      .waitFor();
    await page
      .getByTestId("seqr-totals-SEK")
      .getByText(/^(Nothing|\d+ differences? to decide)$/)
      .waitFor();
    await page.getByText("Refund, not in SEQR's reports").first().waitFor();
    await page.getByRole("button", { name: "All", exact: true }).click();
    const payment = page.getByRole("row").filter({ hasText: purchase.ers_reference });
    await payment.getByText("Agrees").waitFor();
    expect(await payment.getByText(`kr ${purchase.captured} SEK`, { exact: true }).count()).toBe(3);
    await keepPicture(page, 1280, "admin-books-period");

    const files: [button: string, name: RegExp, content: RegExp][] = [
      ["Overview (CSV)", /^seqr-overview-[\w-]+\.csv$/, /^period_id,/],
      ["Items (CSV)", /^seqr-items-[\w-]+\.csv$/, new RegExp(purchase.ers_reference)],
      ["Items (JSON)", /^seqr-items-[\w-]+\.json$/, /^\{"items":\[/],
      ["Vouchers (SIE)", /^seqr-vouchers-[\w-]+\.si$/, /^#FLAGGA 0\r\n/],
    ];
    for (const [button, name, content] of files) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: button }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(name);
      expect(await readFile(await download.path(), "latin1")).toMatch(content);
    }
    await page.goBack();
    await page.getByRole("button", { name: "Close period now" }).waitFor();
  });
});
