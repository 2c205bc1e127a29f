import { Shopper } from "../../store/kit/shopper";
import { keepPicture } from "../visitors";
import { openOrder, refundOnOrderPage } from "./dashboard";
import { Shop } from "./shop";

describe("an order with a reservation, in Medusa's own order page", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true, env: { SEQR_CAPTURE: "manual" } });
  }, 600_000);
  afterAll(() => shop?.close());

  it("is captured and refunded with Medusa's buttons", async () => {
    const { store, seeded, sandbox, adminUrl, staff } = shop.demo;
    const shopper = new Shopper(store.url, seeded);
    const { total } = await shopper.fillCart({ MUG: 2 });
    const session = await shopper.startPayment();
    await sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid");
    const atSeqr = (): string[] =>
      sandbox.core.transactions().map(({ kind, amount }) => `${kind} ${amount.value}`);
    const before = atSeqr();
    const made = (): string[] => atSeqr().slice(before.length);

    const page = await shop.visitors.visitor();
    await openOrder(page, adminUrl, staff, order?.id ?? "");
    const widget = page.getByTestId("seqr-order-payments");
    await widget.getByText(session.data.invoice_reference).waitFor();
    await keepPicture(page, 1280, "admin-reserved");
    expect(made()).toEqual([]);

    await page.getByRole("button", { name: "Capture payment" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Confirm" }).click();
    await page
      .getByText(/successfully captured/)
      .first()
      .waitFor();
    await page.getByText("Captured", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Capture payment" }).waitFor({ state: "detached" });
    expect(made()).toEqual([`payment ${total.toFixed(2)}`]);

    await page.reload();
    await widget.getByText("Paid", { exact: true }).first().waitFor();
    await keepPicture(page, 1280, "admin-captured");
    await refundOnOrderPage(page, "20");
    await page
      .getByText(/^Refund of amount .* successful$/)
      .first()
      .waitFor();
    await page.getByText("Partially refunded", { exact: true }).first().waitFor();
    await page.reload();
    await widget.getByText("Refund kr 20.00 SEK").first().waitFor();
    await keepPicture(page, 1280, "admin-refunded");
    expect(made()).toEqual([`payment ${total.toFixed(2)}`, "refund 20.00"]);
  });
});
