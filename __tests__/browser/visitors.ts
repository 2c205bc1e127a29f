import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { launchBrowser } from "../../testkit/browser";

/** Pictures for whoever works on a page. */
const pictures = resolve(__dirname, "../../.cache/screenshots");

/** Where the pictures of documents are kept; they are made only by the command that names a folder. */
const picturesOfDocuments = process.env.SEQR_PICTURES;

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

/**
 * Keeps one picture, of the whole height.
 *
 * @param width of the window, in pixels
 * @returns the picture
 */
export async function keepPicture(page: Page, width: number, name: string, part?: Locator): Promise<Buffer> {
  mkdirSync(pictures, { recursive: true });
  await page.setViewportSize({ width, height: 900 });
  const height = await page.evaluate(() => {
    // The dashboard's pages scroll in a part of the window.
    const scrolled = Array.from(
      document.querySelectorAll("main"),
      (main) => main.getBoundingClientRect().top + main.scrollHeight,
    );
    return Math.ceil(Math.max(document.documentElement.scrollHeight, ...scrolled));
  });
  await page.setViewportSize({ width, height: Math.max(height, 900) });
  const picture = await (part ?? page).screenshot({ path: join(pictures, `${name}.png`) });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  return picture;
}

/**
 * Keeps a picture for a document too, when such are made: as WebP.
 *
 * @param options.tallest pixels of its height that the document shows; default: all
 */
export async function keepPictureOfDocument(
  page: Page,
  width: number,
  name: string,
  { part, tallest = Infinity }: { part?: Locator; tallest?: number | undefined } = {},
): Promise<void> {
  const picture = await keepPicture(page, width, name, part);
  if (picturesOfDocuments === undefined) return;
  mkdirSync(picturesOfDocuments, { recursive: true });
  writeFileSync(join(picturesOfDocuments, `${name}.webp`), await asWebP(page, picture, tallest));
}

/** The quality of pictures for documents, of 1: letters are sharp, and the file has a third of the size. */
const QUALITY = 0.8;

/** Has the browser write a PNG as WebP, on an empty page: another's policy may forbid it. */
async function asWebP(page: Page, picture: Buffer, tallest: number): Promise<Buffer> {
  const empty = await page.context().newPage();
  const written = await empty.evaluate(
    async ([url, most, quality]) => {
      const bitmap = await createImageBitmap(await (await fetch(url)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, Math.min(bitmap.height, most));
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality });
      return new Promise<string>((done) => {
        const reader = new FileReader();
        reader.onload = () => done(String(reader.result));
        reader.readAsDataURL(blob);
      });
    },
    [`data:image/png;base64,${picture.toString("base64")}`, tallest, QUALITY] as const,
  );
  await empty.close();
  return Buffer.from(written.slice(written.indexOf(",") + 1), "base64");
}
