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

/** Rules that the dashboard's own frame breaks, and the search field of its tables. */
export const OF_THE_DASHBOARD = ["scrollable-region-focusable", "role-img-alt"];

/** The languages of the plugin's pages. */
export const LANGUAGES = ["en", "sv"] as const;

/** Chooses the dashboard's language for the pages that are opened from now on. */
export async function speak(page: Page, language: (typeof LANGUAGES)[number]): Promise<void> {
  await page.evaluate((code) => {
    localStorage.setItem("lng", code);
    document.cookie = `lng=${code}; path=/`;
  }, language);
}

/** Opens Medusa's own form for a refund on the page of an order, fills it in, and saves it. */
export async function refundOnOrderPage(page: Page, amount: string, note = ""): Promise<void> {
  await page.locator("div.grid", { hasText: "pp_seqr_seqr" }).last().getByRole("button").last().click();
  await page.getByRole("menuitem", { name: "Refund" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.locator("input[name=amount]").fill(amount);
  if (note !== "") await drawer.locator("textarea[name=note]").fill(note);
  await drawer.getByRole("button", { name: "Save" }).click();
}
