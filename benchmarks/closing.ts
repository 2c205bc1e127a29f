// Whether shoppers wait longer while a day is closed, its report is fetched and compared.
import type { AdminSeqrClosedPeriods, AdminSeqrPeriodResponse } from "../src/http-types";
import { PUBLIC_TEST_RESELLER, PUBLIC_TEST_TERMINAL } from "../src/sandbox/options";
import { SeqrClient } from "../src/seqr";
import { send, type Api } from "../testkit/http";
import type { SandboxProcess } from "../testkit/sandbox";
import { withRunningShop, type RunningShop } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { loseNotifications, paidCompletion, shopAt } from "./shopper";
import { adminOf } from "./staff-api";
import { median, ratiosOf } from "./statistics";

export const name = "closing";
export const title = "Closing a day";
const PAYMENTS = 1_000;
/** Payments that are made at once. */
const AT_ONCE = 10;
const rounds = 8;
const LIMIT = 1.1;
export const method =
  `A day with ${PAYMENTS.toLocaleString("en")} payments is closed with \`POST /admin/seqr/periods\`; the store's job fetches SEQR's report and ` +
  "compares it. Until it has, carts that are paid through SEQR are completed one after the other, as in _Cart completion_, and then as " +
  `many without a closing; ${rounds} days. The ratio is that of the medians of a day.`;

export async function run(bench: Bench): Promise<Result[]> {
  const { id, password } = PUBLIC_TEST_RESELLER;
  const env = { SEQR_RESELLER_ID: id, SEQR_RESELLER_PASSWORD: password };
  return withRunningShop(bench, { env, prepare: loseNotifications }, async (shop) => [await measure(shop)]);
}

async function measure(shop: RunningShop): Promise<Result> {
  const { server, sandbox, seeded, say } = shop;
  const admin = await adminOf(server.url);
  const complete = async (): Promise<number> =>
    (await paidCompletion(shopAt(server.url, seeded), seeded, sandbox)).milliseconds;
  const beside: number[] = [];
  const without: number[] = [];
  // The first one warms up.
  for (let day = 0; day <= rounds; day++) {
    await sell(sandbox);
    const isClosed = await close(admin);
    const during: number[] = [];
    do during.push(await complete());
    while (!(await isClosed()));
    const after: number[] = [];
    while (after.length < during.length) after.push(await complete());
    say(`${during.length} completions: ${median(during).toFixed(0)} / ${median(after).toFixed(0)} ms`);
    if (day === 0) continue;
    beside.push(median(during));
    without.push(median(after));
  }
  return {
    ...{ measured: `Cart completion while a day with ${PAYMENTS.toLocaleString("en")} payments is closed` },
    ...{ against: "without it", limit: LIMIT, ratios: ratiosOf(beside, without) },
    ...{ typical: [median(beside), median(without)], unit: `ms, ${rounds} days` },
  };
}

/** Another system of the merchant sells at the terminal, so that the report has a day's rows. */
async function sell({ endpoint, url }: SandboxProcess): Promise<void> {
  const till = new SeqrClient({ endpoint, terminal: PUBLIC_TEST_TERMINAL });
  let left = PAYMENTS;
  const sellAll = async (): Promise<void> => {
    while (left > 0) {
      const number = left--;
      const { invoiceReference: reference } = await till.sendInvoice({
        ...{ title: "Till", clientInvoiceId: `till ${number}`, cashierId: "till", footer: "" },
        totalAmount: { currency: "SEK", value: "7.00" },
      });
      await send("POST", `${url}/sandbox/phone/pay`, { body: { reference } });
      await till.getPaymentStatus(reference, 0);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sellAll));
  } finally {
    till.close();
  }
}

/** Closes the day. @returns whether its report is compared by now */
async function close(admin: Api): Promise<() => Promise<boolean>> {
  const { period } = await admin<AdminSeqrClosedPeriods>("POST", "/seqr/periods", { force: true });
  return async () => {
    const { period: now } = await admin<AdminSeqrPeriodResponse>("GET", `/seqr/periods/${period.id}`);
    if (now.state === "reconciled" && now.sales_count !== null && now.sales_count < PAYMENTS)
      throw new Error(`The report has ${now.sales_count} payments.`);
    return now.state === "reconciled";
  };
}
