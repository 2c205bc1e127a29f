import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { launchBrowser } from "../../testkit/browser";

/** Pictures for people: a folder of their own, unless a command wants them elsewhere. */
const pictures = process.env.SEQR_PICTURES ?? resolve(__dirname, "../../.cache/screenshots");

/** A browser, and what it has to complain of. */
export class Visitors {
  readonly #complaints: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async open(): Promise<Visitors> {
    return new Visitors(await launchBrowser());
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** A new browser profile with one page. */
  async visitor(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: "en-GB",
      ...options,
    });
    context.setDefaultTimeout(60_000);
    context.on("console", (message) => {
      if (message.type() === "error") this.#complaints.push(message.text());
    });
    context.on("weberror", (error) => this.#complaints.push(String(error.error())));
    return context.newPage();
  }

  /** Closes all pages, and forgets their complaints: one that is left open complains when its server stops. */
  async leave(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    this.#complaints.length = 0;
  }

  /** Address and text of each open page, for a person who looks for what went wrong. */
  async sights(): Promise<string> {
    const pages = this.browser.contexts().flatMap((context) => context.pages());
    const texts = pages.map(async (page) => `${page.url()}\n${await page.innerText("body").catch(String)}`);
    return (await Promise.all(texts)).join("\n\n");
  }

  /** What it has complained of since it was asked last: script errors, refused content. */
  complaints(): string[] {
    return this.#complaints.splice(0);
  }
}

/**
 * Keeps pictures of a page, as wide as a phone and as a desk's screen. Fails when the page does not fit.
 *
 * @param part of the page; default: all of it
 */
export async function keepPictures(page: Page, name: string, part?: Locator): Promise<void> {
  const before = page.viewportSize();
  for (const width of [360, 1280]) await keepPicture(page, width, `${name}-${width}`, part);
  if (before) await page.setViewportSize(before);
}

/** Keeps one picture, of the whole height. @param width of the window, in pixels */
export async function keepPicture(page: Page, width: number, name: string, part?: Locator): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.setViewportSize({ width, height: 900 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 900) });
  await (part ?? page).screenshot({ path: join(pictures, `${name}.png`) });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
}
