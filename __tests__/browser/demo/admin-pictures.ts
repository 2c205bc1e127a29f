import type { Page } from "playwright-core";
import { buyAndRefund, type Purchase } from "../../../demo/purchase";
import type { AdminSeqrPaymentList, AdminSeqrPeriodResponse } from "../../../src/http-types";
import { until } from "../../../testkit/http";
import { Shopper } from "../../store/kit/shopper";
import { Staff } from "../../store/kit/staff";
import { expectAccessible } from "../accessible";
import { keepPicture, keepPictureOfDocument } from "../visitors";
import { LANGUAGES, logIn, OF_THE_DASHBOARD, speak } from "./dashboard";
import { Shop } from "./shop";

interface Surface {
  /** Below the dashboard's address. */
  path: string;
  /** What is on it once it has all that it shows: one text for both languages, or one for each. */
  shows: string | Record<(typeof LANGUAGES)[number], string>;
  /** Selects the part of the page that is shown; default: all of it. */
  part?: string;
  /** Selects the part that is the plugin's; default: what is shown. */
  ours?: string;
  /** How much of it a document shows, in pixels; default: all. */
  tallest?: number;
}

/** Every surface in both languages, as wide as a desk's screen and as a tablet. `npm run screenshots` keeps them for docs/admin.md. */
describe("the pictures of the admin", () => {
  let shop: Shop;
  let page: Page;
  let surfaces: Record<string, Surface>;
  beforeAll(async () => {
    shop = await Shop.open({ admin: true });
    const staff = await Staff.login(shop.demo.store.url, shop.demo.staff);
    const purchase = await sellAndStumble(shop, staff);
    const { payments } = await staff.admin<AdminSeqrPaymentList>(
      "GET",
      `/seqr/payments?q=${purchase.ers_reference}`,
    );
    surfaces = surfacesOf(purchase, payments[0]?.id ?? "", await closePeriod(shop, staff));
    page = await shop.visitors.visitor();
    await logIn(page, shop.demo.adminUrl, shop.demo.staff);
  }, 600_000);
  afterAll(() => shop?.close());

  it.each(LANGUAGES)("show every surface, which fits and is accessible (%s)", async (language) => {
    await speak(page, language);
    for (const [name, { path, shows, part, ours = part ?? "main", tallest }] of Object.entries(surfaces)) {
      await page.goto("about:blank");
      await page.goto(shop.demo.adminUrl + path);
      await page
        .getByText(typeof shows === "string" ? shows : shows[language])
        .first()
        .waitFor();
      await page.locator(ours).first().waitFor();
      const loading = page.getByRole("status", { name: /^(Loading|Hämtar)…$/ });
      await loading.first().waitFor({ state: "detached" });
      await keepPicture(page, 768, `admin-${name}-${language}-768`);
      const shown = part === undefined ? {} : { part: page.locator(part) };
      await keepPictureOfDocument(page, 1280, `admin-${name}-${language}`, { ...shown, tallest });
      await expectAccessible(page, { within: ours, except: OF_THE_DASHBOARD });
    }
  });
});

function surfacesOf(purchase: Purchase, payment: string, period: string): Record<string, Surface> {
  const { order_id, display_id, ers_reference } = purchase;
  return {
    orders: {
      path: "/orders",
      shows: `#${display_id}`,
      ours: "[data-testid=seqr-attention-banner]",
    },
    order: {
      path: `/orders/${order_id}`,
      shows: { en: "Refund with unknown outcome", sv: "Återbetalning med okänt utfall" },
      part: "[data-testid=seqr-order-payments]",
    },
    payments: { path: "/seqr", shows: ers_reference },
    payment: {
      path: `/seqr#${payment}`,
      shows: { en: "Invoice sent to SEQR", sv: "Fakturan skickad till SEQR" },
    },
    attention: { path: "/seqr/attention", shows: ers_reference },
    refunds: { path: "/seqr/refunds", shows: "SEQR_99" },
    books: { path: "/seqr/books", shows: { en: "SEQR books", sv: "SEQR-bokföring" } },
    period: {
      path: `/seqr/books#${period}`,
      shows: { en: "Refund, not in SEQR's reports", sv: "Återbetalning, finns inte i SEQR:s rapporter" },
    },
    notifications: { path: "/seqr/notifications", shows: { en: "Recorded", sv: "Registrerat" } },
    health: { path: "/seqr/health", shows: { en: "The watch runs", sv: "Bevakningen går" } },
    settings: {
      path: "/seqr/settings",
      shows: { en: "Set, and never shown", sv: "Angiven, och visas aldrig" },
      tallest: 1_200,
    },
  };
}

/** Sells, and has refunds that did not go well. Gives the purchase with them. */
async function sellAndStumble({ demo }: Shop, staff: Staff): Promise<Purchase> {
  const { store, seeded, sandbox } = demo;
  await buyAndRefund(demo, () => {});
  const purchase = await buyAndRefund(demo, () => {});
  // A shopper who has not paid yet, and one whose bank declined.
  for (const isDeclined of [true, false]) {
    const shopper = new Shopper(store.url, seeded, "nils.lund@example.com");
    await shopper.fillCart({ "NOTE-A5": 2 });
    const session = await shopper.startPayment();
    if (!isDeclined) continue;
    await sandbox.phone.decline(session.data.qr_text);
    await shopper.statusBecomes(session, "failed");
  }
  sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 99 });
  await expect(staff.refund(purchase.order_id, 15)).rejects.toThrow();
  sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
  await expect(staff.refund(purchase.order_id, 20)).rejects.toThrow();
  return purchase;
}

/** Closes a period, and waits until it is compared. Gives its id. */
async function closePeriod(shop: Shop, staff: Staff): Promise<string> {
  const { period } = await staff.admin<AdminSeqrPeriodResponse>("POST", "/seqr/periods", {});
  shop.letReportsBeMade();
  await until(
    () => staff.admin<AdminSeqrPeriodResponse>("GET", `/seqr/periods/${period.id}`),
    (answer) => answer.period.state === "reconciled",
    { seconds: 60 },
  );
  return period.id;
}
