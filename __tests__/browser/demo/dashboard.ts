import type { Page } from "playwright-core";

interface Staff {
  email: string;
  password: string;
}

/** Logs in to Medusa's dashboard. */
export async function logIn(page: Page, dashboard: string, staff: Staff): Promise<void> {
  await page.goto(`${dashboard}/login`);
  await page.locator("input[name=email]").fill(staff.email);
  await page.locator("input[name=password]").fill(staff.password);
  await page.getByRole("button", { name: "Continue with Email" }).click();
  await page.waitForURL(/\/orders/);
}

/** Logs in to Medusa's dashboard, and opens an order. */
export async function openOrder(page: Page, dashboard: string, staff: Staff, orderId: string): Promise<void> {
  await logIn(page, dashboard, staff);
  await page.goto(`${dashboard}/orders/${orderId}`);
}
