import type { Page } from "playwright-core";

/** Logs in to Medusa's dashboard, and opens an order. */
export async function openOrder(
  page: Page,
  dashboard: string,
  staff: { email: string; password: string },
  orderId: string,
): Promise<void> {
  await page.goto(`${dashboard}/login`);
  await page.locator("input[name=email]").fill(staff.email);
  await page.locator("input[name=password]").fill(staff.password);
  await page.getByRole("button", { name: "Continue with Email" }).click();
  await page.waitForURL(/\/orders/);
  await page.goto(`${dashboard}/orders/${orderId}`);
}
