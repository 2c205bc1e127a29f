import { keepPictures } from "../visitors";
import { Shop } from "./shop";

describe("the order page of the dashboard", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true });
  }, 600_000);
  afterAll(() => shop?.close());

  it("shows SEQR's references, the amounts and the refund", async () => {
    const { buyAndRefund } = await import("../../../demo/purchase.mjs");
    const purchase = await buyAndRefund(shop.demo, () => {});
    const { adminUrl, staff } = shop.demo;

    const page = await shop.visitors.visitor();
    await page.goto(`${adminUrl}/login`);
    await page.locator("input[name=email]").fill(staff.email);
    await page.locator("input[name=password]").fill(staff.password);
    await page.getByRole("button", { name: "Continue with Email" }).click();
    await page.waitForURL(/\/orders/);
    await page.goto(`${adminUrl}/orders/${purchase.order_id}`);

    const widget = page.getByTestId("seqr-order-payments");
    await widget.getByText(purchase.ers_reference).waitFor();
    await keepPictures(page, "order-widget", widget);
    const text = await widget.innerText();
    expect(text).toContain("SEQR");
    expect(text).toContain("Paid");
    expect(text).toContain(`${purchase.total} SEK`);
    expect(text).toContain(purchase.invoice_reference);
    expect(text).toContain(`Refund ${purchase.refunded} SEK`);
    expect(text).toContain(purchase.refund_reference);
  });
});
