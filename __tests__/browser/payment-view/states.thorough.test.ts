import type { Page } from "playwright-core";
import type { Session } from "../../store/kit/shopper";
import { expectAccessible } from "../accessible";
import { keepPicture, keepPictureOfDocument } from "../visitors";
import { Viewing } from "./viewing";

/** Every state, in the order in which they are shown. */
const STATES = [
  ...["preparing", "waiting", "checking", "placing", "paid", "canceled", "failed", "expired"],
  ...["superseded", "refunded", "reversed", "clarifying", "offline", "missing"],
];

/** What the server adds in a state. */
const MORE: Record<string, object> = {
  paid: { order: { id: "order_01", display_id: 1042 }, ers_reference: "2026112514070012345678901" },
  clarifying: { ers_reference: "2026112514070012345678901" },
};

describe("the states of the payment view", () => {
  let viewing: Viewing;
  beforeAll(async () => {
    viewing = await Viewing.open();
  }, 600_000);
  afterAll(() => viewing?.close());

  /** A real session as often as there are states; each view's server says another one. */
  async function statesOf(session: Session, layout: string): Promise<Page> {
    const page = await viewing.visitors.visitor();
    await page.route("**/events", (route) => route.abort());
    await page.route("**/as/*/status", async (route) => {
      const [as = "", state = ""] = /\/as\/(\w+)/.exec(route.request().url()) ?? [];
      if (state === "offline") return route.abort();
      // The server may close a connection that rested just as it is used again; a browser would ask once more.
      const response = await route.fetch({ url: route.request().url().replace(as, ""), maxRetries: 3 });
      if (state === "missing") return route.fulfill({ response, status: 404 });
      const json = { ...((await response.json()) as object), status: state, ...MORE[state] };
      return route.fulfill({ response, json });
    });
    const sessions = STATES.map((state) => ({
      ...session,
      data: { ...session.data, page_url: `${session.data.page_url}/as/${state}` },
    }));
    await page.goto(viewing.address({ sessions, asProperty: true, attributes: `layout="${layout}"` }));
    await page.waitForFunction(
      (states) =>
        Array.from(document.querySelectorAll<HTMLElement & { state?: string }>("seqr-payment")).every(
          (view, at) => view.state === states[at],
        ),
      STATES,
    );
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        `main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:1rem;align-items:start}
         h1{grid-column:1/-1;font:1.25rem system-ui,sans-serif;margin:0}`,
      );
      document.adoptedStyleSheets = [sheet];
    });
    return page;
  }

  it.each(["standard", "small"])("differ in words, picture and colour (%s)", async (layout) => {
    const { session } = await viewing.checkout();
    const page = await statesOf(session, layout);
    const looks = await page.locator("seqr-payment").evaluateAll((views) =>
      views.map((view) => {
        const find = (selector: string) => view.shadowRoot?.querySelector(selector);
        const picture = find(".icon, .code svg");
        return {
          words: `${find(".heading")?.textContent} ${find(".text")?.textContent}`,
          picture: picture?.innerHTML,
          colour: picture && getComputedStyle(picture).color,
        };
      }),
    );
    expect(looks).toHaveLength(STATES.length);
    for (const part of ["words", "picture"] as const) {
      expect(looks.map((look) => look[part])).not.toContain(undefined);
      expect(new Set(looks.map((look) => look[part])).size).toBe(STATES.length);
    }
    const colourOf = (state: string) => looks[STATES.indexOf(state)]?.colour;
    for (const state of ["canceled", "failed", "expired", "offline", "reversed", "clarifying"])
      expect([state, colourOf(state)]).not.toEqual([state, colourOf("paid")]);
    // A shop shows one of them at a time.
    await expectAccessible(page, { except: ["landmark-unique"] });
    await keepPicture(page, 360, `payment-view-${layout}-360`);
    await keepPictureOfDocument(page, 1280, `payment-view-${layout}-1280`);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });

  it("has the app first on a phone", async () => {
    const { session } = await viewing.checkout();
    const phone = await viewing.visitors.visitor({
      viewport: { width: 360, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    await phone.goto(session.data.page_url);
    await phone.getByRole("img", { name: "QR code of this payment" }).waitFor();
    await keepPictureOfDocument(phone, 360, "payment-view-phone");
  });
});
