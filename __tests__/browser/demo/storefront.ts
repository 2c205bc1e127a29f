import jsQR from "jsqr";
import { PNG } from "pngjs";
import type { BrowserContextOptions, Page, Request, Route } from "playwright-core";
import { keepPictures } from "../visitors";
import { Shop } from "./shop";

const CODE = "QR code of this payment";

describe("the storefront", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  }, 600_000);
  afterAll(() => shop?.close());
  afterEach(() => expect(shop.visitors.complaints()).toEqual([]));

  it("sells: the shopper scans the code, pays on the phone, and gets a receipt with SEQR's reference", async () => {
    const page = await shop.visitors.visitor();
    await page.goto(shop.demo.storefront.url);
    await add(page, "Enamel mug");
    await add(page, "Notebook");
    await keepPictures(page, "goods");
    await page.getByRole("link", { name: "Cart, 2 items" }).click();
    await page.getByRole("button", { name: "One more: Notebook, A5" }).click();
    await page.getByRole("link", { name: "Cart, 3 items" }).waitFor();
    await keepPictures(page, "cart");
    await page.getByRole("link", { name: "To the checkout" }).click();
    await page.getByText("297.80 SEK").waitFor();
    await keepPictures(page, "checkout");
    await page.getByRole("button", { name: "Pay with SEQR" }).click();

    const code = page.getByRole("img", { name: CODE });
    await page.getByText("Waiting for your payment.").waitFor();
    await page.getByText(/^Time left: 4:/).waitFor();
    const link = page.getByRole("link", { name: "Open the SEQR app" });
    expect(read(await code.screenshot())).toBe(await link.getAttribute("href"));
    expect((await code.boundingBox())?.width).toBeGreaterThanOrEqual(240);
    await keepPictures(page, "payment");

    const phone = await page.context().newPage();
    await phone.goto((await link.getAttribute("href")) ?? "");
    await phone.getByText("297.80 SEK").waitFor();
    await keepPictures(phone, "phone");
    const ersReference = await payOn(phone);

    await page.waitForURL(/\/receipt\?order=/);
    await page.getByRole("heading", { name: /^Thank you for order \d+$/ }).waitFor();
    expect(await textOf(page, "#payment")).toContain(ersReference);
    expect(await textOf(page, "#payment")).toContain("297.80 SEK");
    await keepPictures(page, "receipt");

    // The app leads back to the shop.
    await phone.getByRole("link", { name: "OK" }).click();
    await phone.waitForURL(page.url());
    // The cart became the order.
    await page.goto(`${shop.demo.storefront.url}/cart`);
    await page.getByText("There is nothing in it yet.").waitFor();
  });

  it("continues with the same payment when the page is reloaded", async () => {
    const page = await atPayment(shop);
    const before = await codeText(page);
    await page.reload();
    await page.getByText("Waiting for your payment.").waitFor();
    expect(await codeText(page)).toBe(before);
    await shop.demo.sandbox.phone.pay(before);
    await page.waitForURL(/\/receipt\?order=/);
  });

  it("finds the order when it was placed while the page was away", async () => {
    const page = await atPayment(shop);
    const code = await codeText(page);
    await page.goto("about:blank");
    await shop.demo.sandbox.phone.pay(code);
    await page.goto(`${shop.demo.storefront.url}/checkout`);
    await page.waitForURL(/\/receipt\?order=/);
  });

  it("cancels, and takes another payment method", async () => {
    const page = await atPayment(shop);
    const code = await codeText(page);
    await page.getByRole("button", { name: "Cancel payment" }).click();
    await page.getByRole("heading", { name: "Payment cancelled" }).waitFor();
    expect(await page.getByRole("img", { name: CODE }).count()).toBe(0);
    expect(shop.statusAtSeqr(code)).toBe("CANCELED");
    await keepPictures(page, "cancelled");
    await page.getByRole("button", { name: "Pay another way" }).click();
    await page.getByLabel(/^Manual payment/).check();
    await page.getByRole("button", { name: "Place the order" }).click();
    await page.waitForURL(/\/receipt\?order=/);
    await page.getByText("Manual payment").waitFor();
  });

  it("takes an expired code away and offers a new one", async () => {
    const page = await atPayment(shop);
    shop.letInvoicesExpire();
    await page.getByRole("heading", { name: "Time is up" }).waitFor();
    expect(await page.getByRole("img", { name: CODE }).count()).toBe(0);
    await keepPictures(page, "expired");
    await page.getByRole("button", { name: "Get a new code" }).click();
    await page.getByText("Waiting for your payment.").waitFor();
    await shop.demo.sandbox.phone.pay(await codeText(page));
    await page.waitForURL(/\/receipt\?order=/);
  });

  it("reports that the bank declined", async () => {
    const page = await atPayment(shop);
    await shop.demo.sandbox.phone.decline(await codeText(page));
    await page.getByRole("heading", { name: "Payment failed" }).waitFor();
    await keepPictures(page, "failed");
  });

  it("changes the cart once at a time, because Medusa refuses the second of two changes", async () => {
    const page = await shop.visitors.visitor();
    await page.goto(shop.demo.storefront.url);
    await add(page, "Enamel mug");
    const changes = new Set<Request>();
    let most = 0;
    const isChange = (request: Request) =>
      request.method() === "POST" && /\/store\/carts\//.test(request.url());
    page.on("request", (request) => {
      if (isChange(request)) most = Math.max(most, changes.add(request).size);
    });
    page.on("requestfinished", (request) => changes.delete(request));
    // The checkout chooses a delivery by itself; here the store takes its time over it.
    let answer = (): void => undefined;
    const slow = new Promise<void>((done) => (answer = done));
    const hold = (route: Route) => slow.then(() => route.continue());
    await page.route("**/shipping-methods*", hold, { times: 1 });
    const asked = page.waitForRequest("**/shipping-methods*");
    await page.goto(`${shop.demo.storefront.url}/checkout`);
    await asked;
    await page.getByRole("button", { name: "Pay with SEQR" }).click();
    await page.evaluate(() => undefined);
    answer();
    await page.getByText("Waiting for your payment.").waitFor();
    expect(most).toBe(1);
  });

  it("explains why the cart cannot change while the phone is paying, and waits for the order", async () => {
    const page = await atPayment(shop);
    const code = await codeText(page);
    await shop.demo.sandbox.phone.beginPay(code);

    const cart = await page.context().newPage();
    await cart.goto(`${shop.demo.storefront.url}/cart`);
    await cart.getByRole("button", { name: "One more: Enamel mug, Blue" }).click();
    await cart
      .getByRole("alert")
      .getByText("You are paying for this cart on your phone right now.")
      .waitFor();
    await keepPictures(cart, "cart-refused");
    await page.getByRole("button", { name: "Cancel payment" }).click();
    await page.getByRole("status").getByText("It could not be cancelled just now.").waitFor();

    await shop.demo.sandbox.phone.finishPay(code);
    await page.waitForURL(/\/receipt\?order=/);
    await page.getByText("Blue · 1 × 129.00 SEK").waitFor();
    // What the browser says of the refusal.
    expect(shop.visitors.complaints()).toEqual([expect.stringContaining("409 (Conflict)")]);
  });

  it("reports a lost connection, and continues when it is restored", async () => {
    const page = await atPayment(shop);
    await page.context().setOffline(true);
    await page.getByRole("heading", { name: "No connection" }).waitFor();
    await page.context().setOffline(false);
    await page.getByText("Waiting for your payment.").waitFor();
    expect(new Set(shop.visitors.complaints())).toEqual(
      new Set([expect.stringContaining("ERR_INTERNET_DISCONNECTED")]),
    );
  });

  it("offers the link before the code where there is a finger instead of a mouse", async () => {
    const page = await atPayment(shop, {
      viewport: { width: 320, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const [link, code] = await Promise.all([
      page.getByRole("link", { name: "Open the SEQR app" }).boundingBox(),
      page.getByRole("img", { name: CODE }).boundingBox(),
    ]);
    expect(link?.y).toBeLessThan(code?.y ?? 0);
    expect(link?.height).toBeGreaterThanOrEqual(44);
  });
});

async function add(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: `Add to cart: ${title}` }).click();
  await page
    .getByRole("status")
    .getByText(new RegExp(`^${title}, .*is in the cart`))
    .waitFor();
}

/** A shopper who has one mug in the cart and sees the code for it. */
async function atPayment(shop: Shop, options?: BrowserContextOptions): Promise<Page> {
  const page = await shop.visitors.visitor(options);
  await page.goto(shop.demo.storefront.url);
  await add(page, "Enamel mug");
  await page.goto(`${shop.demo.storefront.url}/checkout`);
  await page.getByRole("button", { name: "Pay with SEQR" }).click();
  await page.getByText("Waiting for your payment.").waitFor();
  return page;
}

async function codeText(page: Page): Promise<string> {
  return read(await page.getByRole("img", { name: CODE }).screenshot());
}

/** What a camera would read. */
function read(picture: Buffer): string {
  const { data, width, height } = PNG.sync.read(picture);
  const found = jsQR(new Uint8ClampedArray(data), width, height);
  if (!found) throw new Error("the code cannot be read");
  return found.data;
}

/** Confirms and pays. Returns the reference that the phone shows. */
async function payOn(phone: Page): Promise<string> {
  await phone.getByRole("link", { name: "Confirm" }).click();
  await phone.getByLabel("PIN, four digits").fill("1234");
  await phone.getByRole("button", { name: "Pay" }).click();
  await phone.getByRole("heading", { name: "Payment completed" }).waitFor();
  const [reference] = (await textOf(phone, "main")).match(/\d{25}/) ?? [];
  if (reference === undefined) throw new Error("the phone shows no reference");
  return reference;
}

async function textOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).innerText();
}
