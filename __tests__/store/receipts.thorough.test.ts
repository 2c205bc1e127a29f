import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { STAFF, startStore, type RunningStore, type StoreEnvironment } from "../../testkit/store";
import { until } from "../../testkit/http";
import { receiptBecomes, receiptsAtSeqr, refundReference } from "./kit/receipts";
import { sell } from "./kit/sale";
import { startSeqrProxy, type SeqrProxy } from "./kit/seqr-proxy";
import { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

const CALL = "submitPaymentReceipt";
const ROWS = 500;

/** As docs/receipts.md shows it: a store's own receipt. What it makes depends on the amount. */
const HOOK = `
const { StepResponse } = require("@medusajs/framework/workflows-sdk");
const { makeSeqrReceiptWorkflow } = require("medusa-payment-seqr/workflows");
makeSeqrReceiptWorkflow.hooks.setReceiptDocument(async ({ receipt }) => {
  if (receipt.amount === "1.00") return;
  if (receipt.amount === "2.00") throw new Error("the template is broken");
  if (receipt.amount === "3.00") return new StepResponse({ mime_type: "text/html", content: "x".repeat(5_000_000) });
  if (receipt.amount === "4.00") return new StepResponse({ html: "<p>" });
  const content = "order " + receipt.order.display_id + " " + receipt.ers_reference;
  return new StepResponse({ mime_type: "text/plain", content: Buffer.from(content).toString("base64"), encoding: "base64" });
});`;

/** As docs/receipts.md shows it: the shopper's confirmation with SEQR's reference. */
const SUBSCRIBER = `
exports.default = async ({ event, container }) => {
  const { data: [order] } = await container.resolve("query").graph({
    entity: "order",
    fields: ["display_id", "payment_collections.seqr_invoices.ers_reference"],
    filters: { id: event.data.id },
  });
  const references = order.payment_collections
    .flatMap(({ seqr_invoices }) => seqr_invoices ?? [])
    .flatMap(({ ers_reference }) => ers_reference ?? []);
  await container.resolve("notification").createNotifications({
    to: "shopper", channel: "feed", template: "order-confirmation",
    data: { order_id: event.data.id, seqr_references: references },
  });
};
exports.config = { event: "order.placed" };`;

describe("SEQR's receipt", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
  });
  afterAll(() => store?.stop());

  it("is in the order's language, and takes markup in a title for text", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const title = `<script>alert("å")</script> & Co`;
    await store.sql("update cart set locale = 'sv-SE' where id = $1", [shopper.cartId]);
    await store.sql("update cart_line_item set product_title = $1 where cart_id = $2", [
      title,
      shopper.cartId,
    ]);
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { ers_reference = "" } = await shopper.statusBecomes(session, "paid");
    await receiptBecomes(store, ers_reference, "sent");
    const [receipt = ""] = receiptsAtSeqr(store, ers_reference);
    expect(receipt).toContain("<h1>Kvitto</h1>");
    expect(receipt).toContain(`<td>&lt;script&gt;alert(&quot;å&quot;)&lt;/script&gt; &amp; Co`);
    expect(receipt).not.toContain("<script");
  });

  /** The entries of a receipt at SEQR that are about money, and the prices of its rows, in kronor. */
  const sumsOf = (reference: string): { rows: number[]; entries: Record<string, number> } => {
    const [receipt = ""] = receiptsAtSeqr(store, reference).map((html) => html.replaceAll("\u00a0", " "));
    const amountOf = (text = ""): number => Number(text.replace(/SEK |,/g, ""));
    const rows = [...receipt.matchAll(/<td>([^<]*)<\/td><\/tr>/g)].map(([, text]) => amountOf(text));
    const entries = [...receipt.matchAll(/<dt>([^<]*)<\/dt><dd>(-?SEK [^<]*)<\/dd>/g)];
    return {
      rows,
      entries: Object.fromEntries(entries.map(([, name = "", text]) => [name, amountOf(text)])),
    };
  };
  const added = (amounts: number[]): number =>
    Math.round(amounts.reduce((sum, one) => sum + one) * 100) / 100;

  it("of an order that a gift card has paid in part shows what it has paid, and its sums agree", async () => {
    const shopper = store.shopper();
    const { total } = await shopper.fillCart();
    await store.sql(
      `insert into credit_line (id, cart_id, reference, amount, raw_amount)
       values ('cacl_receipt', $1, 'gift-card', 100, '{"value": "100", "precision": 20}')`,
      [shopper.cartId],
    );
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { ers_reference = "" } = await shopper.statusBecomes(session, "paid");
    await receiptBecomes(store, ers_reference, "sent");
    const { rows, entries } = sumsOf(ers_reference);
    expect(added(rows)).toBe(total);
    expect(entries).toMatchObject({
      ...{ Total: total, "Gift card or store credit": -100 },
      "Paid with SEQR": added([total, -100]),
    });
  });

  it("that is made after a refund and a cancellation shows the order as it was paid", async () => {
    store.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode: 23, times: 1 });
    const sale = await sell(store);
    await until(
      () =>
        store.sql(
          `update seqr_receipt set due_at = now() + interval '1 hour'
           where ers_reference = $1 and result is not null returning id`,
          [sale.ersReference],
        ),
      (put) => put.length > 0,
    );
    await staff.refund(sale.orderId, 100);
    await staff.cancel(sale.orderId);
    const [{ total } = {}] = await store.sql<{ total: string }>(
      "select totals->>'current_order_total' as total from order_summary where order_id = $1 order by version desc",
      [sale.orderId],
    );
    expect(Number(total)).toBe(0);
    await receiptBecomes(store, sale.ersReference, "sent");
    const { rows, entries } = sumsOf(sale.ersReference);
    expect(added(rows)).toBe(sale.total);
    expect(entries).toMatchObject({ Total: sale.total, "Paid with SEQR": sale.total });
    expect(entries).not.toHaveProperty("Gift card or store credit");
  });

  it("that SEQR refuses harms nothing: it is kept as refused, and the order is refunded as ever", async () => {
    store.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode: 23, times: 3 });
    const sale = await sell(store);
    const row = await receiptBecomes(store, sale.ersReference, "refused", "sent");
    expect(row).toMatchObject({ state: "refused", result: "SEQR_23", attempts: 3 });
    expect(receiptsAtSeqr(store, sale.ersReference)).toEqual([]);
    await until(
      () => Promise.resolve(store.log()),
      (log) => log.includes("seqr event=receipt.refused"),
    );
    expect(await staff.attention()).toEqual([]);
    await staff.refund(sale.orderId, 10);
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect(payment).toMatchObject({ state: "completed", problem: null, refunds: [{ state: "done" }] });
    expect(payment?.receipts[0]).toMatchObject({ state: "refused", result: "SEQR_23" });
    await receiptBecomes(store, refundReference(store, sale), "sent");
  });

  it("whose answer is lost is sent again", async () => {
    store.sandbox.faults.add({ operation: CALL, kind: "lost-answer" });
    const sale = await sell(store);
    expect(await receiptBecomes(store, sale.ersReference, "sent")).toMatchObject({
      attempts: 2,
      result: "0",
    });
    const [first, second, ...others] = receiptsAtSeqr(store, sale.ersReference);
    expect(first).toBe(second);
    expect(others).toEqual([]);
  });
});

describe("a store that decides about its receipts", () => {
  let store: TestStore;
  let folder: string;
  let running: RunningStore | undefined;
  let proxy: SeqrProxy;
  beforeAll(async () => {
    store = await startTestStore({
      between: async (sandbox) => (proxy = await startSeqrProxy(sandbox.endpoint)),
    });
    await store.server.stop();
    folder = join(store.directory, `receipts-${process.pid}`);
  });
  afterEach(() => running?.stop());
  afterAll(async () => {
    await store?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The store with a server of these options, and with what these files say. */
  async function start(env: StoreEnvironment, files: Record<string, string> = {}): Promise<TestStore> {
    await rm(folder, { recursive: true, force: true });
    const config = `module.exports = require("../medusa-config.js");`;
    for (const [path, text] of Object.entries({ "medusa-config.js": config, ...files })) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await cp(join(store.directory, "package.json"), join(folder, "package.json"));
    running = await startStore(folder, { env: { ...store.env, ...env } });
    const { url } = running;
    return { ...store, shopper: () => store.shopper({ url }) };
  }

  it("has the receipt of a server that was killed while SEQR took it", async () => {
    const own = await start({});
    proxy.hold = ({ operation }) => Promise.resolve(operation === CALL ? "after" : undefined);
    const { ersReference } = await sell(own);
    await until(
      () => Promise.resolve(receiptsAtSeqr(own, ersReference)),
      (receipts) => receipts.length === 1,
    );
    await running?.kill();
    proxy.hold = undefined;
    await start({});
    await own.sql("update seqr_receipt set due_at = now() where ers_reference = $1", [ersReference]);
    expect(await receiptBecomes(own, ersReference, "sent")).toMatchObject({ attempts: 2 });
    expect(receiptsAtSeqr(own, ersReference)).toHaveLength(2);
  });

  it("can send empty ones", async () => {
    const own = await start({ SEQR_RECEIPTS: "empty" });
    const sale = await sell(own);
    await receiptBecomes(own, sale.ersReference, "sent");
    expect(receiptsAtSeqr(own, sale.ersReference)).toEqual(["text/html PAYMENT_RECEIPT\n"]);
  });

  it("can send none", async () => {
    const own = await start({ SEQR_RECEIPTS: "off" });
    const sale = await sell(own);
    expect(await receiptBecomes(own, sale.ersReference, "skipped", "sent")).toMatchObject({
      state: "skipped",
    });
    expect(receiptsAtSeqr(own, sale.ersReference)).toEqual([]);
  });

  it("has one of at most 50,000 bytes for an order with 500 rows", async () => {
    const own = await start({ SEQR_RECEIPT_LANGUAGE: "de" });
    const shopper = own.shopper();
    await shopper.fillCart({ "NOTE-A5": 1 });
    await own.sql(
      `insert into cart_line_item
       select (jsonb_populate_record(null::cart_line_item, to_jsonb(line) || jsonb_build_object(
         'id', line.id || number, 'product_title', repeat('Ö', 60)))).*
       from cart_line_item line, generate_series(2, ${ROWS}) number where cart_id = $1`,
      [shopper.cartId],
    );
    const { items } = await shopper.cart();
    expect(items).toHaveLength(ROWS);
    const session = await shopper.startPayment();
    await own.sandbox.phone.pay(session.data.qr_text);
    const { ers_reference = "" } = await shopper.statusBecomes(session, "paid", 240);
    await receiptBecomes(own, ers_reference, "sent");
    const [receipt = ""] = receiptsAtSeqr(own, ers_reference);
    const shown = (receipt.match(/<tr><td>/g) ?? []).length;
    expect(Buffer.byteLength(receipt)).toBeLessThanOrEqual(50_100);
    // Each item, and the delivery.
    expect(receipt).toContain(`und ${ROWS + 1 - shown} weitere`);
    expect(receipt).toContain(`<dt>Referenz</dt><dd>${ers_reference}</dd>`);
  });

  it("sends its own, and the plugin's where its own cannot be made; and mails SEQR's reference", async () => {
    const own = await start(
      {},
      { "src/workflows/hooks/receipt.js": HOOK, "src/subscribers/confirmation.js": SUBSCRIBER },
    );
    const sale = await sell(own);
    await receiptBecomes(own, sale.ersReference, "sent");
    expect(receiptsAtSeqr(own, sale.ersReference)).toEqual([
      expect.stringMatching(new RegExp(`^text/plain PAYMENT_RECEIPT\norder \\d+ ${sale.ersReference}$`)),
    ]);
    const mails = await until(
      () =>
        own.sql<{ data: { seqr_references: string[] } }>(
          "select data from notification where data->>'order_id' = $1",
          [sale.orderId],
        ),
      (rows) => rows.length > 0,
    );
    expect(mails.map(({ data }) => data.seqr_references)).toEqual([[sale.ersReference]]);

    const staff = await Staff.login(running?.url ?? "", STAFF);
    for (const amount of [1, 2, 3, 4]) {
      await staff.refund(sale.orderId, amount);
      const reference = refundReference(own, sale);
      await receiptBecomes(own, reference, "sent");
      const [receipt = ""] = receiptsAtSeqr(own, reference);
      expect(receipt).toMatch(/^text\/html PAYMENT_RECEIPT\n<!doctype html>/);
      expect(receipt.replaceAll("\u00a0", " ")).toContain(`SEK ${amount}.00`);
    }
  });
});
