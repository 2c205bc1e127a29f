// How soon "Paid" is on the shopper's screen once SEQR has said so, beside a page that asks every second.
/* global window, document, requestAnimationFrame -- for what runs in the page */
import { setTimeout as sleep } from "node:timers/promises";
import { launchBrowser } from "../tools/browser.mjs";
import { startSandbox } from "./sandbox-process.mjs";
import { filledCart, pay, shopAt } from "./shopper.mjs";
import { median, quantile, ratiosOf } from "./statistics.mjs";

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

/** @returns {Promise<import("./report.mjs").Result[]>} */
export async function run({ store, say }) {
  const { directory, seeded } = await store.get();
  const sandbox = await startSandbox(directory);
  let server;
  let browser;
  try {
    say("Starting the store");
    server = await store.start({ env: { SEQR_ENDPOINT: sandbox.endpoint } });
    browser = await launchBrowser();
    const shop = shopAt(server.url, seeded);
    const page = await browser.newPage();
    await page.addInitScript(note);
    const times = [];
    for (let round = -warmUp; round < rounds; round++) {
      const { session } = await filledCart(shop, seeded, "pp_seqr_seqr");
      const time = await payment(page, sandbox, session);
      if (round >= 0) times.push(time);
      if (round > 0 && round % 20 === 0) say(`${round} of ${rounds} payments`);
    }
    const of = (which) => times.map((time) => time[which]);
    const shown = of("shown");
    const besideAsking = (measured, ours, theirs) => ({
      measured,
      against: "asking every second",
      limit: 1,
      ratios: ratiosOf(ours, theirs),
      typical: [median(ours), median(theirs)],
      unit: `ms, ${rounds} payments`,
    });
    const against = (which, demanded) => ({
      measured: `From SEQR's answer to "Paid" (${which})`,
      against: `the ${demanded} ms that we demand`,
      limit: 1,
      unit: `ms, ${rounds} payments`,
    });
    const p99 = quantile(shown, 0.99);
    return [
      besideAsking('From SEQR\'s answer to "Paid"', shown, of("asked")),
      besideAsking("From SEQR's answer to the order's number", of("ordered"), of("askedOrder")),
      {
        ...against("median", DEMANDED.middle),
        ratios: shown.map((time) => time / DEMANDED.middle),
        typical: [median(shown), DEMANDED.middle],
      },
      {
        ...against("99th percentile", DEMANDED.most),
        ratios: [p99 / DEMANDED.most],
        typical: [p99, DEMANDED.most],
      },
    ];
  } catch (error) {
    if (server) say(`The last that the store has printed:\n${server.output().slice(-5_000)}`);
    throw error;
  } finally {
    await browser?.close();
    await server?.stop();
    await sandbox.stop();
  }
}

/** @returns milliseconds from SEQR's answer until the view, and until the asking script, had drawn each */
async function payment(page, sandbox, session) {
  await page.goto(session.data.page_url);
  await page.getByRole("heading", { name: "Pay with SEQR" }).waitFor();
  await page.evaluate(askEverySecond, `${session.data.page_url}/status`);
  await sleep(1_000 + Math.random() * 1_000);
  await pay(sandbox, session);
  const all = await page.waitForFunction(
    () => window.drawn.ordered && window.drawn.askedOrder && window.drawn,
  );
  const drawn = await all.jsonValue();
  const { acknowledgedAt } = await sandbox.timesOf(session.data.invoice_reference);
  return Object.fromEntries(Object.entries(drawn).map(([which, at]) => [which, at - acknowledgedAt]));
}

/** Runs in the page before its own scripts. */
function note() {
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

/** Runs in the page: what a page without the view does. */
function askEverySecond(address) {
  const ask = async () => {
    const { status } = await (await fetch(address)).json();
    if (status === "placing") window.draws("asked");
    if (status === "paid") window.draws("asked", "askedOrder");
    else setTimeout(ask, 1_000);
  };
  setTimeout(ask, Math.random() * 1_000);
}
