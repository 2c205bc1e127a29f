import { parse } from "csv-parse/sync";
import type {
  AdminSeqrAttentionItem,
  AdminSeqrPaymentDetails,
  AdminSeqrPaymentList,
  AdminSeqrPaymentResponse,
  AdminSeqrRefundList,
} from "../../src/http-types";
import { receiptBecomes, refundReference } from "./kit/receipts";
import { refundsAtSeqr, sell, type Sale } from "./kit/sale";
import { CANARY } from "./kit/secrets";
import type { Session } from "./kit/shopper";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

/** Of the member of staff whom the store is seeded with. */
const STAFF_NAME = "Demo Staff";
const NO_PAYMENT = { status: 404, body: { type: "not_found", code: "SEQR_NO_SUCH_INVOICE" } };

describe("payments and refunds in the admin API", () => {
  let store: TestStore;
  let staff: Staff;
  let sale: Sale;
  let other: Sale;
  /** Was started, and not paid. */
  let open: { cartId: string; session: Session };
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
    sale = await sell(store);
    const shopper = store.shopper({ email: "bo@example.com" });
    await shopper.fillCart();
    open = { session: await shopper.startPayment(), cartId: shopper.cartId };
    other = await sell(store);
    await staff.refund(sale.orderId, 20);
    await receiptBecomes(store, refundReference(store, sale), "sent");
  });
  afterAll(() => store?.stop());
  afterEach(() => store.sandbox.faults.clear());

  const list = (query: Record<string, string> = {}) =>
    staff.admin<AdminSeqrPaymentList>("GET", `/seqr/payments?${new URLSearchParams(query).toString()}`);
  const sessionsOf = async (rows: { id: string }[]): Promise<string[]> => {
    const found = await store.sql<{ id: string; session_id: string }>(
      "select id, session_id from seqr_invoice",
    );
    return rows.map(({ id }) => found.find((row) => row.id === id)?.session_id ?? "");
  };
  const found = async (q: string) => sessionsOf((await list({ q })).payments);
  const rowOf = async ({ sessionId }: Pick<Sale, "sessionId">) => {
    const [row] = await store.sql<Record<string, string>>(
      "select * from seqr_invoice where session_id = $1",
      [sessionId],
    );
    return row ?? {};
  };
  const details = async (of: Pick<Sale, "sessionId">): Promise<AdminSeqrPaymentDetails> => {
    const { id } = await rowOf(of);
    return (await staff.admin<AdminSeqrPaymentResponse>("GET", `/seqr/payments/${id}`)).payment;
  };

  it("find a payment by every reference that a person may hold", async () => {
    const row = await rowOf(sale);
    const { display_id } = (await staff.order(sale.orderId)) as unknown as { display_id: number };
    const payment = await staff.payment(sale.orderId);
    const [refund] = (await details(sale)).refunds;
    const references: [string, string | undefined][] = [
      ...[
        ["order number", String(display_id)],
        ["order number with #", `#${display_id}`],
      ],
      ...[
        ["order", sale.orderId],
        ["cart", row["cart_id"]],
      ],
      ...[
        ["session", sale.sessionId],
        ["payment collection", row["payment_collection_id"]],
      ],
      ...[
        ["payment", payment.id],
        ["Medusa's refund", payment.refunds[0]?.id],
      ],
      ...[
        ["ersReference", sale.ersReference],
        ["invoiceReference", row["invoice_reference"]],
      ],
      ...[
        ["invoice", row["id"]],
        ["refund", refund?.id],
      ],
      ["reference of the refund", refundReference(store, sale)],
      ["with spaces around it", `  ${sale.ersReference} `],
    ] as [string, string | undefined][];
    for (const [what, q = ""] of references) expect([what, await found(q)]).toEqual([what, [sale.sessionId]]);
    expect(await found(open.cartId)).toEqual([open.session.id]);
    expect(await found("bo@example.com")).toEqual([open.session.id]);
    expect(await found("BO@example.com")).toEqual([open.session.id]);
    expect(await found(CANARY.email)).toEqual([other.sessionId, sale.sessionId]);
  });

  it("find nothing by a part of a reference, and answer no hostile text with an error of the server", async () => {
    const part = sale.ersReference.slice(0, -1);
    const hostile = [
      ...[part, `${sale.ersReference}0`, "%", "_", "'", "' or 1=1 --", '"', "\\", "${7*7}", "=1+1"],
      ...["<script>alert(1)</script>", "order_", "pay_", "pay_none", "order_none", "#", "#12#", "2147483648"],
      ...[
        "99999999999999999999999",
        "-1",
        "1e3",
        "0x10",
        "@",
        "a@b@c",
        "null",
        "ö@例え.jp",
        "\u{1F980}",
        "[]",
      ],
      "x".repeat(300),
    ];
    for (const q of hostile) {
      expect([q, await list({ q })]).toMatchObject([q, { payments: [], count: 0, has_more: false }]);
      expect([q, await staff.admin("GET", `/seqr/refunds?q=${encodeURIComponent(q)}`)]).toMatchObject([
        ...[q, { refunds: [], count: 0 }],
      ]);
    }
    const refused = [
      ...[
        `q=${"x".repeat(10_000)}`,
        "q=%00",
        "q=a%0D%0Ab",
        "q=%1B[0m",
        "q[]=a",
        "q[$ne]=a",
        "q=a&q=b",
        "secret=1",
      ],
      ...["limit=0", "limit=201", "limit=x", "offset=-1", "offset=10001", "state=other", "state[$ne]=open"],
      ...["terminal=%00", `terminal=${"x".repeat(300)}`, "currency_code=kronor", "currency_code=%25"],
      ...["from=yesterday", "to=2026-02-30", "has_problem=1", "order=amount", "order=created_at;drop"],
    ];
    for (const query of refused) {
      await expect(staff.admin("GET", `/seqr/payments?${query}`)).rejects.toMatchObject({
        ...{ status: 400, body: { type: "invalid_data" } },
      });
    }
    for (const id of ["none", "%20", "..%2F..%2Fusers", "%27%20or%201=1", "x".repeat(3_000)]) {
      await expect(staff.admin("GET", `/seqr/payments/${id}`)).rejects.toMatchObject(NO_PAYMENT);
      await expect(staff.admin("POST", `/seqr/payments/${id}/poll`, {})).rejects.toMatchObject(NO_PAYMENT);
    }
    for (const path of ["", "/export", "/seqrinv_1"]) {
      expect((await fetch(`${store.server.url}/admin/seqr/payments${path}`)).status).toBe(401);
    }
  });

  it("list what the filters let pass, in pages and in either order", async () => {
    const newest = [other.sessionId, open.session.id, sale.sessionId];
    const all = await list();
    expect(all).toMatchObject({ count: 3, has_more: false, limit: 20, offset: 0 });
    expect(await sessionsOf(all.payments)).toEqual(newest);
    const { payments: oldest } = await list({ order: "created_at" });
    expect(oldest).toEqual([...all.payments].reverse());
    for (let offset = 0; offset < 3; offset++) {
      const page = await list({ limit: "1", offset: String(offset) });
      expect(page).toEqual({ ...all, payments: all.payments.slice(offset, offset + 1), limit: 1, offset });
    }
    const of = async (query: Record<string, string>) => {
      const { payments, count } = await list(query);
      expect(count).toBe(payments.length);
      return sessionsOf(payments);
    };
    const paid = [other.sessionId, sale.sessionId];
    expect(await of({ state: "completed" })).toEqual(paid);
    expect(await of({ state: "completed,open" })).toEqual(newest);
    expect(await of({ state: "expired" })).toEqual([]);
    expect(await of({ terminal: "seqr" })).toEqual(newest);
    expect(await of({ terminal: "none" })).toEqual([]);
    expect(await of({ terminal: "seqr", state: "open", currency_code: "sek" })).toEqual([open.session.id]);
    expect(await of({ currency_code: "EUR" })).toEqual([]);
    expect(await of({ has_problem: "true" })).toEqual([]);
    expect(await of({ has_problem: "false", state: "completed" })).toEqual(paid);
    const [last, second] = all.payments;
    expect(await of({ from: last?.created_at ?? "" })).toEqual([other.sessionId]);
    expect(await of({ to: second?.created_at ?? "" })).toEqual([sale.sessionId]);
    expect(await of({ from: "2020-01-01", to: "2020-01-02" })).toEqual([]);
    expect(await of({ q: CANARY.email, state: "open" })).toEqual([]);
    expect(all.payments).toMatchObject([
      { status: "paid", order_id: other.orderId, refunded_amount: "0.00" },
      { status: "pending", order_id: null, order_display_id: null, net_amount: "0.00", paid_at: null },
      {
        ...{ status: "partially_refunded", order_id: sale.orderId, order_display_id: expect.any(Number) },
        ...{ amount: sale.total.toFixed(2), refunded_amount: "20.00" },
        net_amount: (sale.total - 20).toFixed(2),
      },
    ]);
  });

  it("tell what happened to a payment, and who made its refund", async () => {
    const payment = await details(sale);
    const kinds = payment.timeline.map(({ kind }) => kind);
    expect(kinds[0]).toBe("sent");
    for (const kind of ["notified", "asked", "order_placed", "paid", "captured", "receipt_sent"] as const)
      expect(kinds).toContain(kind);
    expect(kinds.filter((kind) => kind.startsWith("refund_"))).toEqual(["refund_requested", "refund_done"]);
    const times = payment.timeline.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(payment.timeline.find(({ kind }) => kind === "paid")).toMatchObject({
      ...{ amount: sale.total.toFixed(2), reference: sale.ersReference },
    });
    expect(payment.timeline.find(({ kind }) => kind === "refund_requested")).toMatchObject({
      ...{ amount: "20.00", reason: "medusa", actor: STAFF_NAME },
    });
    expect(payment).toMatchObject({
      ...{ ers_reference: sale.ersReference, status: "partially_refunded", attention_items: [] },
      refunds: [{ amount: "20.00", actor: STAFF_NAME, note: null, receipt_state: "sent" }],
    });
    expect(await details({ sessionId: open.session.id })).toMatchObject({
      ...{ status: "pending", refunds: [], due_at: expect.any(String), timeline: [{ kind: "sent" }] },
    });
  });

  it("are exported as they are listed", async () => {
    const query = `state=completed,open&order=created_at`;
    const file = await staff.file(`/seqr/payments/export?${query}`);
    const rows = parse(file, { columns: true }) as Record<string, string>[];
    const { payments } = await staff.admin<AdminSeqrPaymentList>("GET", `/seqr/payments?${query}`);
    const text = (value: unknown): string => (value === null ? "" : String(value));
    expect(rows).toEqual(
      payments.map((payment) =>
        Object.fromEntries(Object.entries(payment).map(([name, value]) => [name, text(value)])),
      ),
    );
    const none = await staff.file("/seqr/payments/export?q=none");
    expect(none.toString()).toMatch(/^created_at,[a-z_,]+,id\r\n$/);
    await expect(staff.admin("GET", "/seqr/payments/export?limit=1")).rejects.toMatchObject({ status: 400 });
  });

  it("are polled at once when staff ask, who see what SEQR answers", async () => {
    const { id } = await rowOf({ sessionId: open.session.id });
    const poll = () => staff.admin<AdminSeqrPaymentResponse>("POST", `/seqr/payments/${id}/poll`, {});
    const fault = { operation: "getPaymentStatus", kind: "result-code", resultCode: 90 } as const;
    store.sandbox.faults.add({ ...fault, times: 1_000 });
    const { payment: failed } = await poll();
    expect(failed).toMatchObject({ state: "open", problem: "SEQR_90" });
    expect(failed.timeline).toContainEqual(
      expect.objectContaining({ kind: "asked", source: "staff", result: "SEQR_90" }),
    );
    expect((await list({ has_problem: "true" })).payments).toMatchObject([{ id, problem: "SEQR_90" }]);
    store.sandbox.faults.clear();
    expect((await poll()).payment).toMatchObject({ state: "open", problem: null });

    const forged = await fetch(`${store.server.url}/admin/seqr/payments/${id}/poll`, {
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/json",
        cookie: await staff.cookie(),
        origin: "https://elsewhere.example",
      },
    });
    expect([forged.status, await forged.json()]).toMatchObject([403, { code: "SEQR_FOREIGN_PAGE" }]);
  });

  it("list refunds of unknown outcome first, and write down who resolved them", async () => {
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 5)).rejects.toMatchObject({ status: 400 });
    await staff.refund(other.orderId, 30);
    const refunds = async (query = "") =>
      (await staff.admin<AdminSeqrRefundList>("GET", `/seqr/refunds${query}`)).refunds;
    const all = await refunds();
    expect(all.map(({ amount, state }) => [amount, state])).toEqual([
      ["5.00", "unknown"],
      ["30.00", "done"],
      ["20.00", "done"],
    ]);
    // Medusa has deleted its record of this one.
    expect(all[0]).toMatchObject({ actor: STAFF_NAME, note: null, result: "SEQR_ANSWER_LOST" });
    expect(all[1]).toMatchObject({
      ...{ order_id: other.orderId, ers_reference: other.ersReference, actor: STAFF_NAME, reason: "medusa" },
    });
    expect(await refunds("?state=done&limit=1&offset=1")).toEqual([all[2]]);
    expect(await refunds(`?q=${refundReference(store, other)}`)).toEqual([all[1]]);
    expect(await refunds(`?q=${sale.ersReference}`)).toEqual([all[0], all[2]]);
    expect(await refunds(`?q=%23${all[1]?.order_display_id}`)).toEqual([all[1]]);

    const stuck = await details(sale);
    expect(stuck).toMatchObject({ status: "attention", attention_items: [{ kind: "refund_unknown" }] });
    const [item] = stuck.attention_items as [AdminSeqrAttentionItem];
    await staff.admin("POST", `/seqr/attention/${item.id}`, { action: "dismiss", reason: "asked SEQR" });
    const after = await details(sale);
    expect(after).toMatchObject({
      status: "partially_refunded",
      refunded_amount: "20.00",
      attention_items: [],
    });
    expect(after.timeline).toContainEqual(
      expect.objectContaining({
        ...{ kind: "decision", action: "dismiss", attention_kind: "refund_unknown" },
        ...{ reason: "asked SEQR", actor: STAFF_NAME },
      }),
    );
    expect(refundsAtSeqr(store, sale.ersReference)).toHaveLength(1);
  });

  it("leave no e-mail in the log", () => {
    expect(store.log()).toContain("/admin/seqr/payments?q=…");
    expect(store.log()).not.toMatch(/bo(@|%40)example/i);
  });
});
