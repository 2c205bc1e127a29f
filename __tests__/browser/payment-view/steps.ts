import type { BrowserContextOptions, Page } from "playwright-core";
import type { Session } from "../../store/kit/shopper";
import { Viewing } from "./viewing";

/** What the page has heard from the element. */
export interface Heard {
  events: string[];
  /** Tokens of the sessions that took the place of others. */
  renewed: string[];
  details: { state: string; orderId?: string; displayId?: number; ersReference?: string; token?: string }[];
}

export const view = (page: Page, at = 0) => page.locator("seqr-payment").nth(at);
export const heading = (page: Page, name: string) =>
  page.getByRole("heading", { name, exact: true }).first().waitFor();
/** The order is there. */
export const receipt = (page: Page) => page.getByRole("button", { name: "Print receipt" }).waitFor();
export const code = (page: Page, name = "QR code of this payment") => page.getByRole("img", { name });
/** The view has heard from the server, and the page does not load itself again. */
export const isCalm = (page: Page) =>
  page.waitForFunction(() => document.querySelector("meta[http-equiv=refresh]") === null);
export const events = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as Heard).events);
export const details = (page: Page): Promise<Heard["details"]> =>
  page.evaluate(() => (window as unknown as Heard).details);
export const renewed = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as Heard).renewed);

/** What tests of the payment view do with the store behind it. */
export interface Steps {
  viewing(): Viewing;
  /** The shopper pays. */
  pay(session: Session): Promise<unknown>;
  isPayable(session: Session): boolean;
  /** A storefront's page that shows a new payment. */
  shown(
    more?: Partial<Parameters<Viewing["address"]>[0]>,
    options?: BrowserContextOptions,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<{ page: Page; session: Session }>;
}

/** Opens a store, a storefront and a browser for the tests of a `describe`, and closes every page after each test. */
export function viewingSteps(): Steps {
  let viewing: Viewing;
  beforeAll(async () => {
    viewing = await Viewing.open();
  }, 600_000);
  afterAll(() => viewing?.close());
  afterEach(async () => {
    const complaints = viewing.visitors.complaints();
    await viewing.visitors.leave();
    expect(complaints).toEqual([]);
  });
  return {
    viewing: () => viewing,
    pay: (session) => viewing.store.sandbox.phone.pay(session.data.qr_text),
    isPayable: (session) =>
      viewing.store.sandbox.core.invoice(session.data.invoice_reference)?.status === "ISSUED",
    async shown(more = {}, options = {}, prepare = () => Promise.resolve()) {
      const { session } = await viewing.checkout();
      const page = await viewing.visitors.visitor(options);
      await prepare(page);
      await page.goto(viewing.address({ sessions: [session], ...more }));
      return { page, session };
    },
  };
}
