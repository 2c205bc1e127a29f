import type { AdminSeqrOrderPayments } from "../../src/http-types";
import { refundsAtSeqr, sell, type Sale } from "./kit/sale";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

type Row = Record<string, unknown>;

/** Every way from an order to the ledger, each with all fields. */
const LINKED = [
  "id",
  "seqr_invoices.*",
  "seqr_invoices.refunds.*",
  "cart.seqr_invoices.*",
  "payment_collections.seqr_invoices.*",
  "payment_collections.payment_sessions.seqr_invoice.*",
  "payment_collections.payments.refunds.seqr_refunds.*",
].join(",");

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

  it("is linked to orders, carts, payment collections, payment sessions and refunds", async () => {
    const { order } = await staff.admin<{ order: Row }>("GET", `/orders/${sale.orderId}?fields=${LINKED}`);
    const invoice = { session_id: sale.sessionId, ers_reference: sale.ersReference, state: "completed" };
    const [collection] = order["payment_collections"] as Row[];
    expect(order).toMatchObject({ seqr_invoices: [invoice], cart: { seqr_invoices: [invoice] } });
    expect(collection).toMatchObject({
      seqr_invoices: [invoice],
      payment_sessions: [{ id: sale.sessionId, seqr_invoice: invoice }],
    });
    const amounts = (order["seqr_invoices"] as { refunds: { amount: string }[] }[])[0]?.refunds;
    expect(amounts?.map(({ amount }) => amount)).toEqual(["20.00", "5.00"]);
    const [payment] = collection?.["payments"] as { refunds: (Row & { id: string })[] }[];
    const refund = payment?.refunds.find(({ id }) => id === refundId);
    expect(refund?.["seqr_refunds"]).toMatchObject([{ idempotency_key: refundId, state: "done" }]);
  });

  it("keeps the hashes of its tokens to itself, whoever asks for all fields", async () => {
    const { order } = await staff.admin<{ order: Row }>(
      "GET",
      `/orders/${sale.orderId}?fields=${LINKED},seqr_invoices.token_hash,seqr_invoices.notification_token_hash`,
    );
    const told = JSON.stringify(order);
    expect(told).toContain("terminal_id");
    expect(told).not.toContain("token_hash");
    const [hashes] = await store.sql<{ shopper: string; seqr: string }>(
      "select token_hash as shopper, notification_token_hash as seqr from seqr_invoice where session_id = $1",
      [sale.sessionId],
    );
    expect(told).not.toContain(hashes?.shopper);
    expect(told).not.toContain(hashes?.seqr);
  });

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
    expect(all.payments).toEqual([
      {
        ...{ id: expect.stringContaining("seqrinv_"), invoice_reference: expect.any(String) },
        ...{ ers_reference: sale.ersReference, state: "completed", reason: null, problem: null },
        ...{ amount: expect.stringMatching(/^\d+\.\d\d$/), currency_code: "SEK", paid_at: expect.any(String) },
        refunds: [
          expect.objectContaining({ ...refund, amount: "20.00", refund_reference: references[0] }),
          expect.objectContaining({ ...refund, amount: "5.00", refund_reference: references[1] }),
        ],
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
