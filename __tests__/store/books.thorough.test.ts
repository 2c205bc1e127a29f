import type {
  AdminSeqrPeriodDetails,
  AdminSeqrPeriodList,
  AdminSeqrPeriodResponse,
  AdminSeqrReconciliationItemList,
} from "../../src/http-types";
import type { TurnableClock } from "../../src/sandbox";
import { SeqrClient } from "../../src/seqr";
import { until } from "../../testkit/http";
import { expectedFile, knownOf } from "./kit/expected-books";
import { sell, type Sale } from "./kit/sale";
import { CANARY } from "./kit/secrets";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

const RESELLER = { id: "canary_shop", password: "canary-reseller-password" };
const DAY = 86_400_000;

describe("the books of three days", () => {
  let store: TestStore;
  let staff: Staff;
  let clock: TurnableClock;
  let stopTime: () => void;
  const sales: Sale[] = [];
  beforeAll(async () => {
    store = await startTestStore({
      env: { SEQR_RESELLER_ID: RESELLER.id, SEQR_RESELLER_PASSWORD: RESELLER.password },
      sandbox: {
        ...{ resellers: [RESELLER], terminals: [{ ...CANARY.terminal, resellerId: RESELLER.id }] },
        ...{ refundRows: true, clock: "turnable" },
      },
    });
    staff = await store.staff();
    clock = store.sandbox.clock as TurnableClock;
    // SEQR's reports become ready as time passes; nights are turned.
    const timer = setInterval(() => clock.advance(200), 200);
    stopTime = () => clearInterval(timer);
  });
  afterAll(async () => {
    stopTime?.();
    await store?.stop();
  });

  const details = async (id: string): Promise<AdminSeqrPeriodDetails> =>
    (await staff.admin<AdminSeqrPeriodResponse>("GET", `/seqr/periods/${id}`)).period;
  const compared = (id: string): Promise<AdminSeqrPeriodDetails> =>
    until(
      () => details(id),
      ({ state, due_at }) => due_at === null && state === "reconciled",
    );
  const close = async (): Promise<AdminSeqrPeriodDetails> =>
    (await staff.admin<AdminSeqrPeriodResponse>("POST", "/seqr/periods", {})).period;
  const items = async (id: string) =>
    (await staff.admin<AdminSeqrReconciliationItemList>("GET", `/seqr/periods/${id}/items`)).items.map(
      ({ kind, class: name, cause, ers_reference }) => [kind, name, cause, ers_reference],
    );
  const balance = ({ totals }: AdminSeqrPeriodDetails) =>
    totals.map(({ currency_code, difference }) => [currency_code, difference]);

  it("close the first day by hand, once", async () => {
    sales.push(await sell(store), await sell(store));
    const answers = await Promise.allSettled([close(), close()]);
    const [period, ...others] = answers.flatMap((answer) =>
      answer.status === "fulfilled" ? [answer.value] : [],
    );
    // The second comes while the first is under way, or closes the empty time after it.
    expect(store.sandbox.core.periods()).toHaveLength(1 + others.length);
    expect(period).toMatchObject({ state: "marked", reseller_id: RESELLER.id, terminal: null });
    const done = await compared(period?.id ?? "");
    expect(done).toMatchObject({ sales_count: 2, open_items: 0, summary_differs: false, result: "0" });
    expect(balance(done)).toEqual([["SEK", "0.00"]]);
    expect(await items(done.id)).toEqual(
      sales.map(({ ersReference }) => ["payment", "agrees", null, ersReference]),
    );
    for (const line of ["seqr event=period.closed", "seqr event=period.reconciled"])
      expect(store.log()).toContain(line);
  });

  it("keep the second day, whose closing SEQR did not answer, until staff enter SEQR's id", async () => {
    clock.advance(DAY);
    sales.push(await sell(store));
    await staff.refund(sales[0]?.orderId ?? "", 20);
    store.sandbox.faults.add({ operation: "markTransactionPeriod", kind: "lost-answer" });
    const lost = await close();
    expect(lost).toMatchObject({ state: "lost", is_open: true, transaction_period_id: null });
    const [entry] = await until(
      () => staff.attention(),
      (entries) => entries.some(({ kind }) => kind === "period_lost"),
    );
    expect(entry).toMatchObject({ kind: "period_lost", needs: "person" });
    await until(
      () => details(lost.id),
      ({ reconciled_at }) => reconciled_at !== null,
    );
    expect(await items(lost.id)).toMatchObject([
      ["payment", "only_here", "lost_period", sales[2]?.ersReference],
      ["refund", "only_here", "lost_period", expect.any(String)],
    ]);
    const retry = (body: object) =>
      staff.admin<AdminSeqrPeriodResponse>("POST", `/seqr/periods/${lost.id}/retry`, body);
    await expect(retry({})).rejects.toMatchObject({ body: { code: "SEQR_PERIOD_STATE" } });
    const transaction_period_id = store.sandbox.core.periods().at(-1)?.id;
    expect((await retry({ transaction_period_id })).period).toMatchObject({ state: "marked" });
    const done = await compared(lost.id);
    expect(done).toMatchObject({ sales_count: 1, open_items: 0, is_open: false, transaction_period_id });
    expect(balance(done)).toEqual([["SEK", "0.00"]]);
    expect((await items(done.id)).map(([kind, name]) => [kind, name])).toEqual([
      ["payment", "agrees"],
      ["refund", "agrees"],
    ]);
    expect(await staff.attention()).toEqual([]);
  });

  it("close the third day with a command, which prints that nothing differs", async () => {
    clock.advance(DAY);
    sales.push(await sell(store));
    const printed = await store.runOwnScript("close-books");
    expect(printed).toMatch(/seqr: period seqrper_\w+ of the shop canary_shop, \d+: reconciled\./);
    expect(printed).toMatch(
      /SEQR reports \d+\.\d\d SEK, the shop expects \d+\.\d\d: a difference of 0\.00\./,
    );
  });

  it("say with the command's exit code that another system sold at the terminal", async () => {
    clock.advance(DAY);
    const till = new SeqrClient({ endpoint: store.sandbox.endpoint, terminal: CANARY.terminal });
    const sold = await till.sendInvoice({
      ...{ title: "Till", clientInvoiceId: "till 1", cashierId: "till", footer: "" },
      totalAmount: { currency: "SEK", value: "7.00" },
    });
    await store.sandbox.phone.pay(sold.invoiceReference);
    await till.getPaymentStatus(sold.invoiceReference, 0);
    till.close();
    await expect(store.runOwnScript("close-books")).rejects.toThrow();
    expect(store.log()).toMatch(/Period seqrper_\w+ has differences: 1\./);
    const [entry, ...others] = await staff.attention();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: "books_difference", difference: { cause: "other_system" } });
  });

  it("are files that are equal to the byte to what is expected", async () => {
    const { periods } = await staff.admin<AdminSeqrPeriodList>(
      "GET",
      "/seqr/periods?state=reconciled&limit=200",
    );
    // Two requests on the first day may have closed two periods, of which one is empty.
    const sold = periods.filter(({ sales_count }) => sales_count !== 0).reverse();
    expect(sold).toHaveLength(4);
    const known = await knownOf(store, staff, sold);
    const span = `from=${sold[0]?.requested_at}`;
    for (const content of ["items", "overview"]) {
      const file = await staff.file(`/seqr/books/export?${span}&content=${content}`);
      expect(file.toString()).toBe(expectedFile(`three-days-${content}.csv`, known));
    }
  });
});
