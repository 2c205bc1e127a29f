import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import type { RunningDemo } from "../../../demo/services.mjs" with { "resolution-mode": "import" };

const root = resolve(__dirname, "../../..");
const screenshots = join(root, ".cache", "screenshots");

/** Where the demo of the tests is kept, so that the next test file and the next run need not make it again. */
export const folder = join(root, ".cache", "test-demo");

/** How long an unpaid invoice can be paid at SEQR, in milliseconds. SEQR's clock stands still unless it is turned. */
const PAYABLE_FOR = 300_000;

/** The demo's store, storefront and sandbox, and a browser. */
export class Shop {
  readonly #complaints: string[] = [];

  private constructor(
    readonly demo: RunningDemo,
    private readonly browser: Browser,
  ) {}

  static async open(): Promise<Shop> {
    const { startDemo } = await import("../../../demo/services.mjs");
    const { launchBrowser } = await import("../../../tools/browser.mjs");
    const demo = await startDemo({
      folder,
      ports: {},
      sandbox: { clock: "turnable", expireAfter: PAYABLE_FOR, stateFile: undefined },
    });
    return new Shop(demo, await launchBrowser());
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.demo.stop();
  }

  /** A new browser profile with one page. */
  async visitor(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(20_000);
    context.on("console", (message) => {
      if (message.type() === "error") this.#complaints.push(message.text());
    });
    context.on("weberror", (error) => this.#complaints.push(String(error.error())));
    return context.newPage();
  }

  /** What the browser has complained of since it was asked last: script errors, refused content. */
  complaints(): string[] {
    return this.#complaints.splice(0);
  }

  /** The invoice is so old now that SEQR lets nobody pay it. */
  letInvoicesExpire(): void {
    const { clock } = this.demo.sandbox;
    if (!("advance" in clock)) throw new Error("SEQR's clock cannot be turned");
    clock.advance(PAYABLE_FOR);
  }

  /** The status of an invoice at SEQR. */
  statusAtSeqr(qrText: string): string {
    return this.demo.sandbox.core.phone.look(qrText).status;
  }
}

/**
 * Keeps pictures for people, as wide as a phone and as a desk's screen. Fails when the page does not fit.
 *
 * @param part of the page; default: all of it
 */
export async function keepPictures(page: Page, name: string, part?: Locator): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  const before = page.viewportSize();
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(height, 900) });
    await (part ?? page).screenshot({ path: join(screenshots, `${name}-${width}.png`) });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  }
  if (before) await page.setViewportSize(before);
}
