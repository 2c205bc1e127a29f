// How soon "Paid" is on the shopper's screen once SEQR has said so, beside a page that asks every second.
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { launchBrowser } from "../testkit/browser";
import type { SandboxProcess } from "../testkit/sandbox";
import { withRunningShop, type RunningShop } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { filledCart, pay, shopAt, type Session } from "./shopper";
import { median, quantile, ratiosOf } from "./statistics";

export const name = "payment-view";
export const title = "The payment view";
const rounds = 100;
const warmUp = 10;
/** What the project demands, in milliseconds: of the middle payment, and of 99 in a hundred. */
const DEMANDED = { middle: 150, most: 500 };
export const method =
  "The payment's page of a real Medusa in Chromium, with a real PostgreSQL that flushes to disk, and the sandbox in a " +
  "process of its own; all on one machine and one clock. Measured is the time from SEQR's first answer PAID (on the " +
  "sandbox's clock) until the page has drawn the word, two frames after the view's event `seqr-placing`, and until it has " +
  "drawn the order's number, after `seqr-paid`: in between, Medusa ends the cart's completion. In the same page, for " +
  "the same payment, a script asks the payment's status every second, as SEQR's documentation describes it, and draws " +
  "as many frames; it begins at any time within its second. SEQR's notifications arrive. " +
  `${rounds} payments, after ${warmUp} to warm up; nothing is left out.`;

/** What is drawn: "Paid" and the order's number, by the view and by the script that asks. */
type Drawn = "shown" | "ordered" | "asked" | "askedOrder";
/** Of each, a time in milliseconds. */
type Times = Record<Drawn, number>;

declare global {
  interface Window {
    drawn: Partial<Times>;
    /** Notes the time when the next frames have been drawn. */
    draws(...what: Drawn[]): void;
  }
}

export async function run(bench: Bench): Promise<Result[]> {
  const times = await withRunningShop(bench, {}, measure);
  const of = (which: Drawn): number[] => times.map((time) => time[which]);
  const unit = `ms, ${rounds} payments`;
  const besideAsking = (measured: string, ours: number[], theirs: number[]): Result => ({
    measured,
    against: "asking every second",
    limit: 1,
    ratios: ratiosOf(ours, theirs),
    typical: [median(ours), median(theirs)],
    unit,
  });
  const besideDemand = (which: string, shown: number[], typical: number, demanded: number): Result => ({
    measured: `From SEQR's answer to "Paid" (${which})`,
    against: `the ${demanded} ms that we demand`,
    limit: 1,
    ratios: shown.map((time) => time / demanded),
    typical: [typical, demanded],
    unit,
  });
  const shown = of("shown");
  const p99 = quantile(shown, 0.99);
  return [
    besideAsking('From SEQR\'s answer to "Paid"', shown, of("asked")),
    besideAsking("From SEQR's answer to the order's number", of("ordered"), of("askedOrder")),
    besideDemand("median", shown, median(shown), DEMANDED.middle),
    besideDemand("99th percentile", [p99], p99, DEMANDED.most),
  ];
}

/** The times of each payment. */
async function measure({ server, sandbox, seeded, say }: RunningShop): Promise<Times[]> {
  const browser = await launchBrowser();
  try {
    const shop = shopAt(server.url, seeded);
    const page = await browser.newPage();
    await page.addInitScript(note);
    const times: Times[] = [];
    for (let round = -warmUp; round < rounds; round++) {
      const { session } = await filledCart(shop, seeded, "pp_seqr_seqr");
      const time = await payment(page, sandbox, session);
      if (round >= 0) times.push(time);
      if (round > 0 && round % 20 === 0) say(`${round} of ${rounds} payments`);
    }
    return times;
  } finally {
    await browser.close();
  }
}

/** @returns milliseconds from SEQR's answer until the view, and until the asking script, had drawn each */
async function payment(page: Page, sandbox: SandboxProcess, session: Session): Promise<Times> {
  await page.goto(session.data.page_url);
  await page.getByRole("heading", { name: "Pay with SEQR" }).waitFor();
  await page.evaluate(askEverySecond, `${session.data.page_url}/status`);
  await sleep(1_000 + Math.random() * 1_000);
  await pay(sandbox, session);
  await page.waitForFunction(() => window.drawn.ordered && window.drawn.askedOrder);
  const drawn = await page.evaluate(() => window.drawn);
  const { acknowledgedAt } = await sandbox.timesOf(session.data.invoice_reference);
  const since = (which: Drawn): number => (drawn[which] ?? NaN) - acknowledgedAt;
  return {
    shown: since("shown"),
    ordered: since("ordered"),
    asked: since("asked"),
    askedOrder: since("askedOrder"),
  };
}

/** Runs in the page before its own scripts. */
function note(): void {
  window.drawn = {};
  window.draws = (...what) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        for (const which of what) window.drawn[which] ??= Date.now();
      }),
    );
  document.addEventListener("seqr-placing", () => window.draws("shown"));
  // The stream need not have told of the time in between.
  document.addEventListener("seqr-paid", () => window.draws("shown", "ordered"));
}

/**
 * Runs in the page: what a page without the view does. It contains no named function, because the TypeScript loader adds a call to
 * a helper to each, which the page does not have.
 */
function askEverySecond(address: string): void {
  setTimeout(() => {
    const timer = setInterval(() => {
      void fetch(address)
        .then((response) => response.json())
        .then(({ status }: { status: string }) => {
          if (status === "placing") window.draws("asked");
          if (status !== "paid") return;
          clearInterval(timer);
          window.draws("asked", "askedOrder");
        });
    }, 1_000);
  }, Math.random() * 1_000);
}
