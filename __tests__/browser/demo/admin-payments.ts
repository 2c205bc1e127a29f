import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import type { AdminSeqrPaymentList, AdminSeqrPaymentResponse } from "../../../src/http-types";
import { Staff } from "../../store/kit/staff";
import { expectAccessible } from "../accessible";
import { keepPicture } from "../visitors";
import { classesOfAdmin, classesOfDashboard } from "./css-classes";
import { openOrder } from "./dashboard";
import { folder, Shop } from "./shop";

const EMAIL = "astrid.berg@example.com";

/** What staff do about payments: they find one, tell what happened to it, ask SEQR, and decide. */
describe("SEQR's payments in the dashboard", () => {
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
    await page.getByTestId("seqr-order-payments").waitFor();
  }, 600_000);
  afterEach(() => shop?.demo.sandbox.faults.clear());
  afterAll(() => shop?.close());

  const address = (path: string): string => `${shop.demo.adminUrl}/seqr${path}`;
  const row = (): Locator => page.getByRole("row").filter({ hasText: purchase.ers_reference });
  const entry = (): Locator =>
    page.getByTestId("seqr-entry-refund_unknown").filter({ hasText: purchase.ers_reference });
  const dialog = (): Locator => page.getByRole("alertdialog");

  /** What the attention list has of the order: the store may be one of earlier tests. */
  const entries = async () =>
    (await staff.attention()).filter(({ order_id }) => order_id === purchase.order_id);

  /** Has SEQR lose its answer to a refund that staff make in Medusa. */
  async function refundWithoutAnswer(amount: number): Promise<void> {
    shop.demo.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(purchase.order_id, amount)).rejects.toThrow();
  }

  it("are found by every reference that a person may have, without a click", async () => {
    const { display_id, ers_reference, invoice_reference, refund_reference, order_id } = purchase;
    await page.goto(address(""));
    await page.getByRole("table").getByRole("link").first().waitFor();
    const { payments } = await staff.admin<AdminSeqrPaymentList>("GET", `/seqr/payments?q=${ers_reference}`);
    const cart = payments[0]?.cart_id ?? "";
    expect(cart).toMatch(/^cart_/);
    for (const reference of [
      ...[String(display_id), `#${display_id}`, ers_reference, invoice_reference, refund_reference],
      ...[order_id, cart, EMAIL, ` ${ers_reference} `],
    ]) {
      await page.goto(address("?q=nothing"));
      await page.getByText("No payment was found").waitFor();
      // The field has the focus when the page opens.
      await page.locator("*:focus").waitFor();
      await page.keyboard.press("Control+A");
      await page.keyboard.type(reference);
      await row().waitFor();
      if (reference !== EMAIL) expect(await page.getByRole("row").count()).toBe(2);
    }
    await keepPicture(page, 1280, "admin-payments-found");
    await expectAccessible(page, { within: "main" });
  });

  it.each([
    ...["%", "'", "_", "\\", "' or 1=1 --", '"><img src=x onerror=alert(1)>', "=1+1", "a\tb", "\u{1F980}"],
    "x".repeat(10_000),
  ])("are not found by what nobody has, whatever it is: %#", async (text) => {
    for (const [path, words] of [
      ["", "No payment was found"],
      ["/refunds", "Nothing matches the filters"],
    ] as const) {
      await page.goto(address(path));
      await page.getByRole("table").getByRole("link").first().waitFor();
      await page.getByRole("searchbox").fill(text);
      await page.getByText(words).waitFor();
      expect(await page.getByRole("alert").count()).toBe(0);
    }
    await page.goto(
      address(`?q=${encodeURIComponent(text)}&state=%27&from=soon&page=1e9&terminal=%00&has_problem=2`),
    );
    await page.getByText("No payment was found").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("are shown from the last page that has some, where the address names a later one", async () => {
    await page.goto(address(`?q=${purchase.ers_reference}&page=7`));
    await row().waitFor();
    await page.waitForURL((url) => !url.searchParams.has("page"));
  });

  it("use no CSS class that only a store would have that looks for them in plugins", () => {
    const had = classesOfDashboard(join(folder, "store", "public", "admin"));
    expect([...classesOfAdmin()].filter(([name]) => !had.has(name))).toEqual([]);
  });

  it("are filtered, and the address, the browser's buttons and the file keep what is filtered", async () => {
    await page.goto(address("?q=%25"));
    await page.getByText("No payment was found").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await row().waitFor();
    await page.getByRole("combobox", { name: "State" }).click();
    await page.getByRole("option", { name: "Expired" }).click();
    await row().waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("combobox", { name: "State" }).getByText("Expired").waitFor();
    await page.getByRole("combobox", { name: "State" }).click();
    await page.getByRole("option", { name: "State: all" }).click();
    await row().waitFor();
    await page.getByRole("searchbox").fill(purchase.ers_reference);
    await page.waitForURL(/[?&]q=/);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export (CSV)" }).click(),
    ]);
    const [head = "", ...lines] = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/);
    expect(head).toContain("ers_reference");
    expect(lines).toEqual([expect.stringContaining(purchase.ers_reference)]);
  });

  it("show what happened to one of them, and who did what", async () => {
    await page.goto(address(`?q=${purchase.ers_reference}`));
    await row().getByRole("link").first().press("Enter");
    const timeline = page.getByTestId("seqr-timeline");
    for (const text of ["Invoice sent to SEQR", "Order placed", "Captured in Medusa", "Refund requested"]) {
      await timeline.getByText(text).first().waitFor();
    }
    await timeline.getByText("by Demo Staff").first().waitFor();
    const payment = page.getByTestId("seqr-payment");
    const net = (Number(purchase.total) - Number(purchase.refunded)).toFixed(2);
    await payment.getByText(`kr ${net} SEK`).waitFor();
    await payment.getByText("Partially refunded").waitFor();
    await payment.getByText(purchase.refund_reference).first().waitFor();
    await keepPicture(page, 1280, "admin-payment");
    await expectAccessible(page, { within: "main" });
    await page.goBack();
    await row().waitFor();
    await page.goForward();
    await page.getByRole("link", { name: `#${purchase.display_id}` }).click();
    await page.getByTestId("seqr-order-payments").getByText(purchase.ers_reference).first().waitFor();
    await page.getByRole("link", { name: "Open the payment" }).click();
    await timeline.waitFor();
  });

  it("are asked about at SEQR, after it was said what asking does", async () => {
    await page.getByText("asking acknowledges the payment").waitFor();
    await page.getByRole("button", { name: "Ask SEQR now" }).click();
    await page.getByText("SEQR was asked. The payment is now: Paid").first().waitFor();
  });

  it("need a person when SEQR did not answer a refund, and everything leads there", async () => {
    await page.goto(`${shop.demo.adminUrl}/orders`);
    await page.getByText(`#${purchase.display_id}`, { exact: true }).first().waitFor();
    await refundWithoutAnswer(20);
    // Without being loaded again.
    const banner = page.getByTestId("seqr-attention-banner");
    await banner.getByText("a decision").waitFor();
    await keepPicture(page, 1280, "admin-attention-banner");
    const list = page.getByRole("main").getByRole("table").first();
    expect((await banner.boundingBox())?.y).toBeLessThan((await list.boundingBox())?.y ?? 0);
    await page.getByRole("img", { name: /entr(y needs|ies need) a decision/ }).waitFor();
    await banner.getByRole("link", { name: "Decide" }).click();
    await entry().getByText("kr 20.00 SEK").waitFor();
    await keepPicture(page, 1280, "admin-attention");
    await expectAccessible(page, { within: "main" });
  });

  it("are decided about with a reason, and the decision is written down", async () => {
    await entry().getByRole("button", { name: "Accept" }).press("Enter");
    await dialog().getByText("The refund was made. Record it.").waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.locator("button:focus", { hasText: "Accept" }).press("Enter");
    await dialog().getByRole("button", { name: "Accept" }).click();
    await dialog().getByText("Write down why.").waitFor();
    expect(await entries()).toHaveLength(1);
    const made = shop.demo.sandbox.core.transactions().filter(({ kind }) => kind === "refund");
    await dialog()
      .getByLabel("SEQR's reference of the refund")
      .fill(made.at(-1)?.ersReference ?? "");
    await dialog().getByLabel("Reason").fill("SEQR's support <b>says</b> so");
    await dialog().getByText("Write down why.").waitFor({ state: "detached" });
    await keepPicture(page, 1280, "admin-attention-decide");
    await expectAccessible(page, { within: "[role=alertdialog]" });
    await dialog().getByRole("button", { name: "Accept" }).click();
    await page.getByText("The decision was carried out.").first().waitFor();
    await entry().waitFor({ state: "detached" });
    expect(await entries()).toEqual([]);

    await page.goto(address(`?q=${purchase.ers_reference}`));
    await row().getByRole("link").first().click();
    const timeline = page.getByTestId("seqr-timeline");
    await timeline.getByText("SEQR's support <b>says</b> so").waitFor();
    await timeline.getByText("Refund with unknown outcome: The refund was made. Record it.").waitFor();
  });

  it("say so when another person has decided meanwhile", async () => {
    await refundWithoutAnswer(10);
    await page.goto(address("/attention"));
    await entry().getByRole("button", { name: "Accept" }).click();
    const [item] = await entries();
    await staff.admin("POST", `/seqr/attention/${item?.id}`, { action: "accept", reason: "seen by another" });
    await dialog().getByText("This entry has changed or resolved since you opened it.").waitFor();
    expect(await dialog().getByRole("button", { name: "Accept" }).isDisabled()).toBe(true);
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await entry().waitFor({ state: "detached" });
  });

  it("say so when another person decides at the same time", async () => {
    await refundWithoutAnswer(5);
    await page.goto(address("/attention"));
    await entry().getByRole("button", { name: "Dismiss" }).click();
    await dialog().getByLabel("Reason").fill("not needed");
    const [item] = await entries();
    // The list has not been read again when the other decision is made.
    await page.route(/\/admin\/seqr\/attention\?/, (route) => route.abort());
    await staff.admin("POST", `/seqr/attention/${item?.id}`, { action: "accept", reason: "seen by another" });
    await dialog().getByRole("button", { name: "Dismiss" }).click();
    await dialog().getByText("The entry has changed since it was shown. Nothing was decided").waitFor();
    await page.unroute(/\/admin\/seqr\/attention\?/);
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await entry().waitFor({ state: "detached" });
    const { payment } = await staff.admin<AdminSeqrPaymentResponse>(
      "GET",
      `/seqr/payments/${item?.invoice_id}`,
    );
    const decisions = payment.timeline.filter(({ kind }) => kind === "decision");
    expect(decisions.at(-1)).toMatchObject({ action: "accept", reason: "seen by another" });
  });

  it("say why they cannot be shown: by an old server, one that is away, and one that forbids it", async () => {
    const answers: [status: number, words: string][] = [
      [404, "it runs an older version of the plugin"],
      [403, "You are not allowed to see this."],
      [500, "It failed"],
    ];
    for (const [status, words] of answers) {
      await page.route(/\/admin\/seqr\/payments\//, (route) =>
        status === 404
          ? route.fulfill({ status })
          : route.fulfill({ status, json: { message: "It failed" } }),
      );
      await page.goto(address("#seqrinv_none"));
      await page.reload();
      await page.getByRole("alert").getByText(words).waitFor();
      await page.unroute(/\/admin\/seqr\/payments\//);
    }
    await page.goto(address("#seqrinv_none"));
    await page.reload();
    await page.getByRole("alert").getByText("This does not exist, or not any more.").waitFor();
  });
});
