import type { Locator, Page } from "playwright-core";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import { Staff } from "../../store/kit/staff";
import { expectAccessible } from "../accessible";
import { keepPicture } from "../visitors";
import { openOrder, refundOnOrderPage } from "./dashboard";
import { Shop } from "./shop";

/** What a person may write, and a page must show as it is written. */
const NOTE = `=1+1 <img src=x onerror="document.title='run'"> "&amp;`;

/** Refunds that do not go as they should: what the person is told who makes them, and the ways out. */
describe("refunds in the dashboard", () => {
  let shop: Shop;
  let purchase: Purchase;
  let staff: Staff;
  let page: Page;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true });
    purchase = await buyAndRefund(shop.demo, () => {});
    staff = await Staff.login(shop.demo.store.url, shop.demo.staff);
    page = await shop.visitors.visitor();
    await openOrder(page, shop.demo.adminUrl, shop.demo.staff, purchase.order_id);
  }, 600_000);
  afterEach(() => shop?.demo.sandbox.faults.clear());
  afterAll(() => shop?.close());

  const openList = (): Promise<unknown> => page.goto(`${shop.demo.adminUrl}/seqr/refunds`);
  const openOrderPage = (): Promise<unknown> =>
    page.goto(`${shop.demo.adminUrl}/orders/${purchase.order_id}`);
  const widget = (): Locator => page.getByTestId("seqr-order-payments");
  const dialog = (): Locator => page.getByRole("alertdialog");
  const row = (amount: string): Locator =>
    page
      .getByRole("row")
      .filter({ hasText: amount })
      .filter({ hasText: `#${purchase.display_id}` });
  const refundsAtSeqr = (): string[] =>
    shop.demo.sandbox.core
      .transactions()
      .flatMap(({ kind, amount }) => (kind === "refund" ? [amount.value] : []));

  /** What Medusa's books have of refunds. */
  const recorded = async (): Promise<number[]> =>
    (await staff.payment(purchase.order_id)).refunds.map(({ amount }) => amount).sort();

  /** Makes a refund on the order's page. Gives Medusa's answer. */
  async function refund(amount: string, note?: string): Promise<number> {
    await openOrderPage();
    await widget().getByText(purchase.ers_reference).first().waitFor();
    const answer = page.waitForResponse(/\/admin\/payments\/\w+\/refund/);
    await refundOnOrderPage(page, amount, note);
    return (await answer).status();
  }

  it.each([
    [97, "SEQR does not let this shop refund."],
    [99, "The shopper's account provider does not accept refunds."],
  ])("that SEQR refuses with %i say why, and nothing is recorded as refunded", async (code, cause) => {
    const [before, atSeqr] = [await recorded(), refundsAtSeqr()];
    shop.demo.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: code });
    const amount = `15.${code}`;
    expect(await refund(amount)).toBe(400);
    await page.getByText(cause).first().waitFor();
    await keepPicture(page, 1280, `admin-refund-refused-${code}`);
    expect([await recorded(), refundsAtSeqr()]).toEqual([before, atSeqr]);

    await openList();
    await page.getByRole("combobox", { name: "State" }).click();
    await page.getByRole("option", { name: "Refused by SEQR" }).click();
    await row(amount).getByText(`SEQR_${code}`).waitFor();
    await row(amount).getByRole("link").first().click();
    await page.getByTestId("seqr-refunds").getByText(cause).first().waitFor();
  });

  it("that SEQR does not answer say so, and are made again where they were not made", async () => {
    const [before, atSeqr] = [await recorded(), refundsAtSeqr()];
    shop.demo.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    expect(await refund("30", NOTE)).toBe(400);
    await page.getByText("SEQR did not answer a refund, so it may have been made.").first().waitFor();
    // The way out is on the same page, behind Medusa's form.
    const entry = widget().getByTestId("seqr-entry-refund_unknown");
    await entry.getByText("No other refund of the payment is possible until this is decided.").waitFor();
    await keepPicture(page, 1280, "admin-refund-unknown");
    expect(await refund("5")).toBe(400);
    expect(refundsAtSeqr()).toEqual(atSeqr);

    await openOrderPage();
    await entry.getByRole("button", { name: "Try now" }).click();
    await dialog().getByText("The refund was not made. Make it again.").waitFor();
    await expectAccessible(page, { within: "[role=alertdialog]" });
    await dialog().getByLabel("Reason").fill("SEQR's support finds no refund");
    await dialog().getByRole("button", { name: "Try now" }).click();
    await page.getByText("The decision was carried out.").first().waitFor();
    await entry.waitFor({ state: "detached" });
    expect(refundsAtSeqr()).toEqual([...atSeqr, "30.00"]);
    expect(await recorded()).toEqual([...before, 30].sort());
    await openList();
    await row("kr 30.00 SEK").getByText("Refunded", { exact: true }).waitFor();
  });

  it("that SEQR does not answer are dropped with a reason, and the rest can be refunded then", async () => {
    const [before, atSeqr] = [await recorded(), refundsAtSeqr()];
    shop.demo.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    expect(await refund("10")).toBe(400);
    await openList();
    // Unknown ones come first.
    const first = page.getByRole("row").nth(1);
    await first.getByText("Unknown: ask SEQR").waitFor();
    await row("kr 10.00 SEK").getByRole("link", { name: "Decide about the refund of kr 10.00 SEK" }).click();
    const entry = page.getByTestId("seqr-entry-refund_unknown").filter({ hasText: purchase.ers_reference });
    await entry.getByRole("button", { name: "Dismiss" }).click();
    await dialog().getByText("The refund was not made, and must not be made.").waitFor();
    await dialog().getByRole("button", { name: "Dismiss" }).click();
    await dialog().getByText("Write down why.").waitFor();
    await dialog().getByLabel("Reason").fill("The shopper keeps the mug");
    await dialog().getByRole("button", { name: "Dismiss" }).click();
    await page.getByText("The decision was carried out.").first().waitFor();
    await entry.waitFor({ state: "detached" });
    expect([await recorded(), refundsAtSeqr()]).toEqual([before, atSeqr]);
    await openList();
    await row("kr 10.00 SEK").getByText("Not made", { exact: true }).waitFor();

    const left = Number(purchase.total) - before.reduce((sum, amount) => sum + amount, 0);
    expect(await refund(left.toFixed(2), NOTE)).toBe(200);
    // Without being loaded again.
    await widget().getByText("Refunded in full", { exact: true }).first().waitFor();
    await widget().getByText("kr 0.00 SEK").first().waitFor();
    await widget().getByText(NOTE).first().waitFor();
    expect(refundsAtSeqr()).toEqual([...atSeqr, left.toFixed(2)]);
    await widget()
      .getByRole("button", { name: /^Show what happened/ })
      .click();
    await widget().getByText("The shopper keeps the mug").waitFor();
    await widget().getByText("Refund dropped kr 10.00 SEK").waitFor();
    await widget().getByText("by Demo Staff").first().waitFor();
    await expectAccessible(page, { within: "[data-testid=seqr-order-payments]" });
    await keepPicture(page, 1280, "admin-refund-rest");
    expect(await page.title()).not.toBe("run");
  });
});
