import type { AdminSeqrOrderPayments } from "../../src/http-types";
import { refundsAtSeqr, sell, type Sale } from "./kit/sale";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

type Row = Record<string, unknown>;

/** The ways from an order to the ledger. Medusa mixes up two of them in one query, so each is asked for by itself. */
const LINKS = [
  "seqr_invoices",
  "cart.seqr_invoices",
  "payment_collections.seqr_invoices",
  "payment_collections.payment_sessions.seqr_invoice",
];

describe("the ledger in Medusa's APIs", () => {
  let store: TestStore;
  let staff: Staff;
  let sale: Sale;
  let refundId: string;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
    sale = await sell(store);
    await staff.refund(sale.orderId, 20);
    await staff.refund(sale.orderId, 5);
    refundId = (await staff.payment(sale.orderId)).refunds[0]?.id ?? "";
  });
  afterAll(() => store?.stop());

  const orderWith = async (fields: string): Promise<Row> =>
    (await staff.admin<{ order: Row }>("GET", `/orders/${sale.orderId}?fields=id,${fields}`)).order;
  /** What is at the end of a path. */
  const at = (row: Row, path: string): Row[] =>
    path
      .split(".")
      .reduce<Row[]>((rows, name) => rows.flatMap((one): Row[] => [one[name] as Row | Row[]].flat()), [row]);

  it.each(LINKS)("is linked to an order's %s", async (path) => {
    const invoice = { session_id: sale.sessionId, ers_reference: sale.ersReference, state: "completed" };
    expect(at(await orderWith(`${path}.*`), path)).toMatchObject([invoice]);
  });

  it("is linked to refunds", async () => {
    const order = await orderWith(
      "payment_collections.payments.refunds.*,payment_collections.payments.refunds.seqr_refunds.*",
    );
    const refund = at(order, "payment_collections.payments.refunds").find(({ id }) => id === refundId);
    expect(refund?.["seqr_refunds"]).toMatchObject([{ idempotency_key: refundId, state: "done" }]);
  });

  it.each(LINKS)(
    "keeps the hashes of its tokens out of %s, also when they are asked for by name",
    async (path) => {
      const names = ["*", "token_hash", "notification_token_hash"];
      const told = JSON.stringify(await orderWith(names.map((name) => `${path}.${name}`).join(",")));
      expect(told).toContain(store.env.SEQR_TERMINAL_ID);
      expect(told).not.toContain("token_hash");
      const hashes = await store.sql<{ hash: string }>(
        "select unnest(array[token_hash, notification_token_hash]) as hash from seqr_invoice",
      );
      expect(hashes).not.toHaveLength(0);
      for (const { hash } of hashes) expect(told).not.toContain(hash);
    },
  );

  it("is not shown by the storefront's API", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    await shopper.startPayment();
    for (const fields of [
      "*seqr_invoices",
      "+seqr_invoices.state",
      "seqr_invoices.id",
      "*payment_collection.seqr_invoices",
      "*payment_collection.payment_sessions.seqr_invoice",
    ]) {
      const answer = await shopper
        .store<Row>("GET", `/carts/${shopper.cartId}?fields=${encodeURIComponent(fields)}`)
        .catch((error: unknown) => String(error));
      expect(JSON.stringify(answer)).not.toContain("seqrinv_");
    }
  });

  it("gives an order's payments as a list of Medusa's admin API, in pages and with the wanted fields", async () => {
    const list = (query = "") =>
      staff.admin<AdminSeqrOrderPayments>("GET", `/seqr/orders/${sale.orderId}${query}`);
    const all = await list();
    expect(all).toMatchObject({ count: 1, offset: 0, limit: 20 });
    const refund = { state: "done", result: "0", requested_at: expect.any(String) };
    const references = refundsAtSeqr(store, sale.ersReference).map(({ ersReference }) => ersReference);
    const refundIds = all.payments[0]?.refunds.map(({ id }) => id) ?? [];
    expect(all.payments).toEqual([
      {
        ...{ id: expect.stringContaining("seqrinv_"), invoice_reference: expect.any(String) },
        reserved_amount: null,
        reserved_until: null,
        terminal: "seqr",
        ...{ ers_reference: sale.ersReference, state: "completed", reason: null, problem: null },
        ...{
          amount: expect.stringMatching(/^\d+\.\d\d$/),
          currency_code: "SEK",
          paid_at: expect.any(String),
        },
        refunds: [
          expect.objectContaining({ ...refund, amount: "20.00", refund_reference: references[0] }),
          expect.objectContaining({ ...refund, amount: "5.00", refund_reference: references[1] }),
        ],
        // Each is sent some seconds later.
        receipts: [null, ...refundIds].map((refund_id) =>
          expect.objectContaining({ refund_id, state: expect.stringMatching(/^(pending|sent)$/) }),
        ),
      },
    ]);
    expect(await list("?offset=1&limit=1")).toEqual({ payments: [], count: 1, offset: 1, limit: 1 });
    expect((await list("?fields=id,terminal_id")).payments).toEqual([
      { id: all.payments[0]?.id, terminal_id: expect.any(String) },
    ]);
    for (const query of ["?limit=x", "?offset=x", "?more=1"]) {
      await expect(list(query)).rejects.toMatchObject({ status: 400, body: { type: "invalid_data" } });
    }
    expect(await staff.admin("GET", "/seqr/orders/order_none")).toMatchObject({ payments: [], count: 0 });
  });
});
