import { parse } from "csv-parse/sync";
import type {
  AdminSeqrPeriod,
  AdminSeqrPeriodDetails,
  AdminSeqrPeriodList,
  AdminSeqrPeriodResponse,
  AdminSeqrReconciliationItemList,
} from "../../src/http-types";
import { until } from "../../testkit/http";
import { STAFF } from "../../testkit/store";
import { readSie } from "../unit/books/sie-reader";
import { expectedFile, knownOf } from "./kit/expected-books";
import { sell, type Sale } from "./kit/sale";
import { CANARY } from "./kit/secrets";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

const RESELLER = { id: "canary_shop", password: "canary-reseller-password" };

interface File {
  status: number;
  type: string | null;
  disposition: string | null;
  leftOut: string | null;
  body: Buffer;
}

describe("the books in the admin API", () => {
  let store: TestStore;
  let staff: Staff;
  let token: string;
  let sales: Sale[];
  let period: AdminSeqrPeriodDetails;
  beforeAll(async () => {
    store = await startTestStore({
      env: { SEQR_RESELLER_ID: RESELLER.id, SEQR_RESELLER_PASSWORD: RESELLER.password },
      sandbox: {
        resellers: [RESELLER],
        terminals: [{ ...CANARY.terminal, resellerId: RESELLER.id }],
        refundRows: true,
      },
    });
    staff = await store.staff();
    token = await tokenOf(store.server.url);
    sales = [await sell(store), await sell(store)];
    await staff.refund(sales[0]?.orderId ?? "", 20);
    period = await closed();
  });
  afterAll(() => store?.stop());

  async function tokenOf(url: string): Promise<string> {
    const answer = await fetch(`${url}/auth/user/emailpass`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(STAFF),
    });
    return ((await answer.json()) as { token: string }).token;
  }

  /** Closes the shop's period, and waits until it is compared. */
  async function closed(): Promise<AdminSeqrPeriodDetails> {
    const { period: marked } = await staff.admin<AdminSeqrPeriodResponse>("POST", "/seqr/periods", {});
    return until(
      () => details(marked.id),
      ({ state }) => state === "reconciled",
    );
  }

  const details = async (id: string): Promise<AdminSeqrPeriodDetails> =>
    (await staff.admin<AdminSeqrPeriodResponse>("GET", `/seqr/periods/${id}`)).period;
  const items = (id: string, query = "") =>
    staff.admin<AdminSeqrReconciliationItemList>("GET", `/seqr/periods/${id}/items${query}`);

  /** Gets what may be a file, with a login unless it is said otherwise. */
  async function get(
    path: string,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ): Promise<File> {
    const answer = await fetch(`${store.server.url}/admin${path}`, { headers });
    return {
      status: answer.status,
      type: answer.headers.get("content-type"),
      disposition: answer.headers.get("content-disposition"),
      leftOut: answer.headers.get("x-seqr-left-out"),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  }

  it("list the period, with SEQR's report and a difference of 0.00", async () => {
    const list = await staff.admin<AdminSeqrPeriodList>("GET", "/seqr/periods");
    expect(list).toMatchObject({
      count: 1,
      offset: 0,
      limit: 20,
      periods: [{ id: period.id, open_items: 0 }],
    });
    expect(period).toMatchObject({
      ...{ state: "reconciled", reseller_id: RESELLER.id, terminal: null, closing_day: null, result: "0" },
      ...{ actor_id: expect.stringMatching(/^user_/), is_open: false, summary_differs: false },
      totals: [{ currency_code: "SEK", difference: "0.00", classes: { agrees: { count: 3, open: 0 } } }],
    });
    expect(period.reports.map(({ report_id }) => report_id).sort()).toEqual([
      "Reconciliation/STD_RECON_003.xml",
      "Reconciliation/Shop.xml",
    ]);
  });

  it("have the items by number, class and need of a person", async () => {
    const { items: all, count } = await items(period.id);
    expect(count).toBe(3);
    expect(all.map(({ number, kind, class: name, order_id }) => [number, kind, name, order_id])).toEqual([
      [1, "payment", "agrees", sales[0]?.orderId],
      [2, "payment", "agrees", sales[1]?.orderId],
      [3, "refund", "agrees", sales[0]?.orderId],
    ]);
    expect(await items(period.id, "?limit=1&offset=2")).toMatchObject({ count: 3, items: [{ number: 3 }] });
    expect(await items(period.id, "?class=agrees,only_here&is_open=false")).toMatchObject({ count: 3 });
    expect(await items(period.id, "?is_open=true")).toMatchObject({ count: 0, items: [] });
  });

  it("have SEQR's document, which no browser shows as a page", async () => {
    for (const report of period.reports) {
      const file = await get(`/seqr/periods/${period.id}/reports/${report.id}`);
      expect(file).toMatchObject({ status: 200, type: "text/plain; charset=utf-8" });
      expect(file.disposition).toBe(`attachment; filename="seqr-report-${report.id}.xml"`);
      expect(file.body.toString().trim()).toMatch(/^<\?xml/);
    }
  });

  it("are exported as CSV, equal to the byte to what is expected", async () => {
    const known = await knownOf(store, staff, [period]);
    const total = String(sales[0]?.total.toFixed(2));
    expect(total).toBe(sales[1]?.total.toFixed(2));
    const of = `period_id=${period.id}`;
    const exportedItems = await get(`/seqr/books/export?${of}&content=items`);
    expect(exportedItems).toMatchObject({ status: 200, type: "text/csv; charset=utf-8; header=present" });
    expect(exportedItems.disposition).toMatch(
      /^attachment; filename="seqr-items-\d{4}-\d\d-\d\d-seqrper_\w+\.csv"$/,
    );
    expect(exportedItems.leftOut).toBeNull();
    expect(exportedItems.body.toString()).toBe(expectedFile("one-day-items.csv", { ...known, total }));
    expect((await get(`/seqr/books/export?${of}`)).body.toString()).toBe(
      expectedFile("one-day-overview.csv", known),
    );
  });

  it("are exported as JSON and SIE, of one period and of a time span", async () => {
    const day = period.requested_at.slice(0, 10);
    const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    const after = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    for (const of of [
      `period_id=${period.id}`,
      `from=${before}&to=${after}`,
      `from=${period.requested_at}`,
    ]) {
      const json = await get(`/seqr/books/export?${of}&content=items&format=json`);
      expect(JSON.parse(json.body.toString())).toMatchObject({
        items: [{ number: 1, is_open: false }, {}, { kind: "refund" }],
      });
      const sie = await get(`/seqr/books/export?${of}&format=sie`);
      const [voucher] = readSie(sie.body).vouchers;
      expect(voucher?.lines[0]).toMatchObject({ account: "1580", amount: period.totals[0]?.reported });
      const sum = voucher?.lines.reduce((added, { amount }) => added + Math.round(Number(amount) * 100), 0);
      expect(sum).toBe(0);
    }
    const none = await get(`/seqr/books/export?to=${period.requested_at}&content=items`);
    expect(parse(none.body)).toHaveLength(1);
  });

  it("have a period without a single payment", async () => {
    const empty = await closed();
    expect(empty).toMatchObject({ opened_at: period.requested_at, totals: [], open_items: 0 });
    expect(parse((await get(`/seqr/books/export?period_id=${empty.id}`)).body)).toHaveLength(1);
    expect(readSie((await get(`/seqr/books/export?period_id=${empty.id}&format=sie`)).body).vouchers).toEqual(
      [],
    );
  });

  it("are not closed of another scope than before, nor of an unknown terminal, and say why SEQR refuses", async () => {
    const count = store.sandbox.core.periods().length;
    const close = (body: object) => staff.admin<AdminSeqrPeriodResponse>("POST", "/seqr/periods", body);
    await expect(close({ terminal: "nowhere" })).rejects.toMatchObject({
      ...{ status: 404, body: { code: "SEQR_PERIOD_TERMINAL" } },
    });
    await expect(close({ terminal: "seqr" })).rejects.toMatchObject({
      ...{ status: 400, body: { code: "SEQR_PERIOD_SCOPE" } },
    });
    store.sandbox.faults.add({ operation: "markTransactionPeriod", kind: "result-code", resultCode: 20 });
    await expect(close({})).rejects.toMatchObject({ status: 400, body: { code: "SEQR_20" } });
    expect(store.sandbox.core.periods()).toHaveLength(count);
  });

  it("keep the money of a period that SEQR gives no report about, and name it until it is in", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "executeReport", kind: "result-code", resultCode: 29, times: 100 });
    const { period: marked } = await staff.admin<AdminSeqrPeriodResponse>("POST", "/seqr/periods", {});
    await until(
      () => details(marked.id),
      ({ state, totals }) => state === "marked" && totals.length === 0,
    );
    const left = await get(`/seqr/books/export?from=${period.requested_at}`);
    expect(left.leftOut).toBe(`${marked.id} marked`);
    store.sandbox.faults.clear();
    const done = await until(
      () => details(marked.id),
      ({ state }) => state === "reconciled",
    );
    expect(done).toMatchObject({ totals: [{ expected: sale.total.toFixed(2), difference: "0.00" }] });
  });

  it("say with a code that there is no such period and no such report", async () => {
    const [report] = period.reports;
    const other = "seqrper_none";
    for (const [path, code] of [
      [`/seqr/periods/${other}`, "SEQR_NO_SUCH_PERIOD"],
      [`/seqr/periods/${other}/items`, "SEQR_NO_SUCH_PERIOD"],
      [`/seqr/books/export?period_id=${other}`, "SEQR_NO_SUCH_PERIOD"],
      [`/seqr/books/export?period_id=${other}&format=sie`, "SEQR_NO_SUCH_PERIOD"],
      [`/seqr/periods/${other}/reports/${report?.id}`, "SEQR_NO_SUCH_REPORT"],
      [`/seqr/periods/${period.id}/reports/seqrrep_none`, "SEQR_NO_SUCH_REPORT"],
    ]) {
      const { status, body, disposition } = await get(path ?? "");
      expect([path, status, JSON.parse(body.toString()), disposition]).toMatchObject([
        ...[path, 404, { code, type: "not_found" }, null],
      ]);
    }
  });

  it("refuse hostile requests, and do not change", async () => {
    const before = await staff.admin<{ periods: AdminSeqrPeriod[] }>("GET", "/seqr/periods");
    const hostile = [
      ...[
        "/seqr/periods?limit=201",
        "/seqr/periods?limit=0",
        "/seqr/periods?offset=-1",
        "/seqr/periods?state=open",
      ],
      ...[
        "/seqr/periods?from=yesterday",
        "/seqr/periods?from=2026-02-30",
        "/seqr/periods?to=2026-01-01T00:00:00",
      ],
      ...[
        "/seqr/periods?state[$ne]=lost",
        "/seqr/periods?terminal[]=a&terminal[]=b",
        "/seqr/periods?secret=1",
      ],
      ...[`/seqr/periods/${period.id}/items?class=other`, `/seqr/periods/${period.id}/items?is_open=1`],
      ...[
        `/seqr/periods/${period.id}/items?offset=1e99`,
        "/seqr/books/export",
        "/seqr/books/export?format=xls&from=2026-01-01",
      ],
      `/seqr/books/export?period_id=${period.id}&from=2026-01-01`,
      `/seqr/books/export?period_id=${period.id}&content=everything`,
      `/seqr/books/export?period_id=${"x".repeat(300)}`,
    ];
    for (const path of hostile) {
      const { status, body } = await get(path);
      expect([path, status, body.toString()]).toEqual([
        path,
        400,
        expect.stringContaining('"type":"invalid_data"'),
      ]);
    }
    for (const path of [
      ...["/seqr/periods/%00", "/seqr/periods?terminal=%00", "/seqr/periods?reseller_id=a%00b"],
      ...[
        "/seqr/books/export?period_id=%00",
        "/seqr/attention?kind=%00",
        `/seqr/periods/${period.id}/items?x=%00`,
      ],
    ]) {
      const { status, body } = await get(path);
      expect([path, status, JSON.parse(body.toString())]).toMatchObject([
        path,
        400,
        { code: "SEQR_CHARACTER" },
      ]);
    }
    for (const [path, body] of [
      ["/seqr/periods", { terminal: "\u0000" }],
      [`/seqr/periods/${period.id}/retry`, { transaction_period_id: "1\u0000" }],
      ["/seqr/attention/dismiss", { ids: ["\u0000"], reason: "x" }],
      ["/seqr/attention/some.id.x", { action: "accept", reason: "\u0000" }],
    ] as const)
      await expect(staff.admin("POST", path, body)).rejects.toMatchObject({
        ...{ status: 400, body: { code: "SEQR_CHARACTER" } },
      });
    expect((await get("/seqr/periods?state=open")).body.toString()).toContain(
      "state must be one of: marking",
    );
    for (const path of [
      `/seqr/periods/${encodeURIComponent("' or 1=1 --")}`,
      `/seqr/periods/${encodeURIComponent("../../users")}`,
      `/seqr/periods/${period.id}/reports/${encodeURIComponent("../../../etc/passwd")}`,
      `/seqr/books/export?period_id=${encodeURIComponent("\r\nset-cookie: a=b")}`,
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    for (const path of [
      "/seqr/periods",
      `/seqr/periods/${period.id}`,
      `/seqr/books/export?period_id=${period.id}`,
    ]) {
      expect((await get(path, {})).status).toBe(401);
    }
    expect(await staff.admin("GET", "/seqr/periods")).toEqual(before);
  });

  it("divide a payment over the tax rates of its order as Medusa does", async () => {
    const { tax_regions: regions } = await staff.admin<{
      tax_regions: { id: string; country_code: string }[];
    }>("GET", "/tax-regions");
    const { products } = await staff.admin<{ products: { id: string }[] }>("GET", "/products?handle=note-a5");
    await staff.admin("POST", "/tax-rates", {
      ...{ name: "Books", code: "books", rate: 12 },
      tax_region_id: regions.find(({ country_code }) => country_code === "se")?.id,
      rules: [{ reference: "product", reference_id: products[0]?.id }],
    });
    const { orderId, total } = await sell(store);
    expect(total).toBe(366.9);
    await staff.refund(orderId, 20);
    const { id } = await closed();
    const file = await staff.file(`/seqr/books/export?period_id=${id}`);
    const rows = parse(file, { columns: true }) as Record<string, string>[];
    const names = ["tax_rate", "payments", "payments_tax", "refunds", "refunds_tax", "net"];
    // Two mugs and the delivery, 307.00 with 25 %; a notebook of 59.90 with 12 %. And 20.00 in the same proportion.
    expect(rows.map((row) => names.map((name) => row[name]))).toEqual([
      ["25", "307.00", "61.40", "-16.74", "-3.35", "290.26"],
      ["12", "59.90", "6.42", "-3.26", "-0.35", "56.64"],
    ]);
    const [voucher] = readSie(await staff.file(`/seqr/books/export?period_id=${id}&format=sie`)).vouchers;
    const sum = voucher?.lines.reduce((added, { amount }) => added + Math.round(Number(amount) * 100), 0);
    expect([voucher?.lines[0]?.amount, sum]).toEqual(["346.90", 0]);
  });
});
