import type {
  AdminSeqrAttentionDismissed,
  AdminSeqrAttentionItem,
  AdminSeqrAttentionList,
  AdminSeqrAttentionResolved,
} from "../../src/http-types";
import { send, until } from "../../testkit/http";
import { refundsAtSeqr, sell, type Sale } from "./kit/sale";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

/** Where the store's admin is, if it is not the server itself. */
const ADMIN = "https://admin.example";

describe("the attention list", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore({ env: { ADMIN_CORS: ADMIN } });
    staff = await store.staff();
  });
  afterAll(() => store?.stop());
  afterEach(() => store.sandbox.faults.clear());

  const list = async ({ orderId, ersReference }: Sale): Promise<AdminSeqrAttentionItem[]> =>
    (await staff.attention()).filter(
      ({ order_id, ers_reference }) => order_id === orderId || ers_reference === ersReference,
    );
  const listed = async (sale: Sale, seconds = 15): Promise<AdminSeqrAttentionItem> => {
    const [item] = await until(
      () => list(sale),
      (items) => items.length > 0,
      { seconds },
    );
    if (!item) throw new Error("nothing is listed");
    return item;
  };
  const decide = ({ id }: AdminSeqrAttentionItem, body: Record<string, unknown>) =>
    staff.admin<AdminSeqrAttentionResolved>("POST", `/seqr/attention/${id}`, body);
  const atSeqr = ({ ersReference }: Sale) =>
    refundsAtSeqr(store, ersReference).map(({ amount }) => Number(amount.value));
  const refundsInMedusa = async ({ orderId }: Sale) =>
    (await staff.payment(orderId)).refunds.map(({ amount }) => Number(amount));
  const decisions = (sale: Sale) =>
    store.sql(
      `select d.kind, d.action, d.reason from seqr_decision d join seqr_invoice i on i.id = d.invoice_id
       where i.session_id = $1 order by d.decided_at`,
      [sale.sessionId],
    );

  /** SEQR refuses every refund from now on. */
  const refuseRefunds = (resultCode: number): void => {
    store.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode, times: 1_000 });
  };

  it("is empty while nothing is wrong, and is not for strangers", async () => {
    const sale = await sell(store);
    expect(await list(sale)).toEqual([]);
    await expect(send("GET", `${store.server.url}/admin/seqr/attention`)).rejects.toMatchObject({
      status: 401,
    });
    await expect(
      send("POST", `${store.server.url}/admin/seqr/attention/x`, { body: { action: "retry" } }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it("refuses invalid decisions with a reason, and changes nothing", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const item = await listed(sale);
    for (const id of ["x", `${item.invoice_id}.refund_unknown`, "seqrinv_none.refund_unknown.seqrref_none"]) {
      await expect(decide({ ...item, id }, { action: "accept", reason: "x" })).rejects.toMatchObject({
        status: 404,
        body: { code: "SEQR_NO_SUCH_ENTRY" },
      });
    }
    for (const body of [
      { action: "refund", reason: "x" },
      { action: "accept" },
      { action: "accept", reason: " " },
    ]) {
      await expect(decide(item, body)).rejects.toMatchObject({
        status: 400,
        body: { code: "SEQR_DECISION" },
      });
    }
    for (const body of [
      {},
      { action: "delete", reason: "x" },
      { action: "accept", reason: 7 },
      { action: "accept", reason: "x".repeat(1_001) },
      { action: "accept", reason: "x", refund_reference: "with a space" },
      { action: "accept", reason: "x", more: 1 },
    ]) {
      await expect(decide(item, body)).rejects.toMatchObject({ status: 400, body: { type: "invalid_data" } });
    }
    for (const query of [
      "limit=0",
      "limit=201",
      "limit=x",
      "offset=-1",
      "kind=other",
      "needs=money",
      "more=1",
    ]) {
      await expect(staff.admin("GET", `/seqr/attention?${query}`)).rejects.toMatchObject({ status: 400 });
    }
    expect(await decisions(sale)).toEqual([]);
    expect((await listed(sale)).kind).toBe("refund_unknown");
  });

  it("lists a refund whose answer was lost; staff accept it as made, and Medusa records it", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const item = await listed(sale);
    expect(item).toMatchObject({
      kind: "refund_unknown",
      automatic_action: null,
      next_attempt_at: null,
      order_id: sale.orderId,
      refund: { amount: "20.00" },
      decisions: [],
    });
    const reference = store.sandbox.core.transactions().pop()?.ersReference;
    const { attention_items } = await decide(item, {
      action: "accept",
      reason: "SEQR's report has it",
      refund_reference: reference,
    });
    expect(attention_items).toEqual([]);
    expect(atSeqr(sale)).toEqual([20]);
    expect(await refundsInMedusa(sale)).toEqual([20]);
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect(payment?.refunds).toMatchObject([{ amount: "20.00", state: "done", refund_reference: reference }]);
    expect(await decisions(sale)).toEqual([
      { kind: "refund_unknown", action: "accept", reason: "SEQR's report has it" },
    ]);
    // What was held up by it goes on.
    await staff.refund(sale.orderId, 5);
    expect(atSeqr(sale)).toEqual([20, 5]);
  });

  it("has a refund whose request was lost; a person has it made again", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const { attention_items } = await decide(await listed(sale), {
      action: "retry",
      reason: "not in the report",
    });
    expect(attention_items).toEqual([]);
    expect(atSeqr(sale)).toEqual([20]);
    expect(await refundsInMedusa(sale)).toEqual([20]);
  });

  it("lets one of two who decide at once about a refund have it made again, and tells the other", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const item = await listed(sale);
    const again = { action: "retry", reason: "not in the report" };
    const decided = await Promise.allSettled([decide(item, again), decide(item, again)]);
    expect(decided.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(decided.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { status: 409, body: { type: "conflict", code: "SEQR_DECISION_STALE" } },
    });
    expect(atSeqr(sale)).toEqual([20]);
    expect(await refundsInMedusa(sale)).toEqual([20]);
    expect(await decisions(sale)).toEqual([
      { kind: "refund_unknown", action: "retry", reason: "not in the report" },
    ]);
  });

  it("makes a refund once when staff press again after a second lost answer", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const item = await listed(sale);
    const press = () => Promise.allSettled([decide(item, { action: "retry", reason: "not in the report" })]);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await press();
    await press();
    expect(atSeqr(sale)).toEqual([20]);
    expect(await list(sale)).toMatchObject([{ kind: "refund_unknown", refund: { amount: "20.00" } }]);
  });

  it("lists the refund that was made again and not answered again, and no decision about the first one hits it", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const first = await listed(sale);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    const { attention_items } = await decide(first, { action: "retry", reason: "not in the report" });
    expect(attention_items).toMatchObject([{ kind: "refund_unknown", refund: { amount: "20.00" } }]);
    const [second] = attention_items;
    expect(second?.refund?.id).not.toBe(first.refund?.id);
    for (const action of ["retry", "accept", "dismiss"]) {
      await expect(decide(first, { action, reason: "pressed again" })).rejects.toMatchObject({
        status: 409,
        body: { code: "SEQR_DECISION_STALE" },
      });
    }
    expect(atSeqr(sale)).toEqual([20]);
    await decide({ ...first, id: second?.id ?? "" }, { action: "accept", reason: "SEQR has it" });
    expect(atSeqr(sale)).toEqual([20]);
    expect(await refundsInMedusa(sale)).toEqual([20]);
    expect(await list(sale)).toEqual([]);
  });

  it("has a refund whose request was lost; a person lets it be", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const { attention_items } = await decide(await listed(sale), {
      action: "dismiss",
      reason: "shopper kept it",
    });
    expect(attention_items).toEqual([]);
    expect(atSeqr(sale)).toEqual([]);
    expect(await refundsInMedusa(sale)).toEqual([]);
    await staff.refund(sale.orderId, 30);
    expect(atSeqr(sale)).toEqual([30]);
  });

  it("has a cancelled order whose refund SEQR refuses, until a person has it tried again", async () => {
    const sale = await sell(store);
    refuseRefunds(97);
    await staff.cancel(sale.orderId);
    expect((await staff.order(sale.orderId)).status).toBe("canceled");
    const item = await until(
      () => listed(sale),
      ({ kind }) => kind === "refund_refused",
    );
    expect(item).toMatchObject({
      state: "refund_due",
      reason: "order_canceled",
      problem: "SEQR_97",
      automatic_action: null,
      next_attempt_at: null,
      actions: ["retry", "accept", "dismiss"],
    });
    const { attention_items: refused } = await decide(item, { action: "retry" });
    expect(refused).toMatchObject([{ kind: "refund_refused" }]);
    // It was refused anew: what was seen before is not what is there now.
    await expect(decide(item, { action: "retry" })).rejects.toMatchObject({
      body: { code: "SEQR_DECISION_STALE" },
    });
    expect(atSeqr(sale)).toEqual([]);
    store.sandbox.faults.clear();
    // The watch is at it, and staff are told how it ends all the same.
    await store.sql(
      "update seqr_invoice set lease_owner = 'watch', lease_until = now() + interval '2 seconds' where id = $1",
      [item.invoice_id],
    );
    expect((await decide(refused[0] ?? item, { action: "retry" })).attention_items).toEqual([]);
    expect(atSeqr(sale)).toEqual([sale.total]);
    expect(await refundsInMedusa(sale)).toEqual([sale.total]);
    expect((await staff.seqrPayments(sale.orderId))[0]).toMatchObject({ state: "refunded" });
  });

  it("lists a cancelled order whose refund SEQR refuses, until staff have paid the shopper in another way", async () => {
    const sale = await sell(store);
    refuseRefunds(99);
    await staff.cancel(sale.orderId);
    const item = await until(
      () => listed(sale),
      ({ kind }) => kind === "refund_refused",
    );
    expect((await decide(item, { action: "accept", reason: "by bank transfer" })).attention_items).toEqual(
      [],
    );
    expect(atSeqr(sale)).toEqual([]);
    expect((await staff.seqrPayments(sale.orderId))[0]).toMatchObject({ state: "closed_by_staff" });
    expect(await decisions(sale)).toEqual([
      { kind: "refund_refused", action: "accept", reason: "by bank transfer" },
    ]);
  });

  it("has a refund that is in Medusa's books since its process died, and that SEQR refuses", async () => {
    const sale = await sell(store);
    refuseRefunds(97);
    const { id } = await staff.payment(sale.orderId);
    // What core writes down before it asks the provider.
    await store.sql(
      `insert into refund (id, payment_id, amount, raw_amount, created_at, updated_at)
       values ('refund_left', $1, 20, '{"value": "20", "precision": 20}', now() - interval '5 minutes', now())`,
      [id],
    );
    const item = await listed(sale, 90);
    expect(item).toMatchObject({
      kind: "refund_missing",
      state: "completed",
      problem: "SEQR_REFUND_NOT_MADE",
      automatic_action: null,
      next_attempt_at: null,
      actions: ["accept", "dismiss"],
    });
    expect((await decide(item, { action: "accept", reason: "by bank transfer" })).attention_items).toEqual(
      [],
    );
    expect(atSeqr(sale)).toEqual([]);
    expect(await decisions(sale)).toEqual([
      { kind: "refund_missing", action: "accept", reason: "by bank transfer" },
    ]);
  }, 180_000);

  it("lists nothing when SEQR was unavailable while an order was cancelled: the refund is made automatically", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "soap-fault", times: 3 });
    await staff.cancel(sale.orderId);
    await until(
      () => staff.seqrPayments(sale.orderId),
      ([payment]) => payment?.state === "refunded",
      { seconds: 60 },
    );
    expect(atSeqr(sale)).toEqual([sale.total]);
    expect(await refundsInMedusa(sale)).toEqual([sale.total]);
    expect(await list(sale)).toEqual([]);
  });

  it("has an order that amounts to something else than was paid", async () => {
    const sale = await sell(store);
    const change = (path: string, body: unknown = {}) => staff.admin("POST", `/order-edits${path}`, body);
    await change("", { order_id: sale.orderId });
    await change(`/${sale.orderId}/items`, {
      items: [{ variant_id: store.seeded.variants["NOTE-A5"], quantity: 1 }],
    });
    await change(`/${sale.orderId}/confirm`);
    expect(await list(sale)).toEqual([]);
    // As if the process had died before it wrote down that the order was there, and staff had been faster than the next.
    await store.sql(
      "update seqr_invoice set state = 'captured', order_id = null, due_at = now() where session_id = $1",
      [sale.sessionId],
    );
    const item = await until(
      () => listed(sale),
      ({ kind }) => kind === "amount_differs",
    );
    expect(item).toMatchObject({ state: "completed", problem: "SEQR_ORDER_TOTAL_DIFFERS" });
    expect((await decide(item, { action: "accept", reason: "paid at the counter" })).attention_items).toEqual(
      [],
    );
    expect(await list(sale)).toEqual([]);
  });

  it("lists a payment without an order, and staff refund it", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    // A completion that fails for a reason that may pass: a table that is away.
    await store.sql("alter table order_line_item rename to order_line_item_away");
    try {
      await store.sandbox.phone.pay(session.data.qr_text);
      const waiting = { orderId: "", sessionId: session.id, total: 0, ersReference: "" };
      const ersReference = await until(
        async () => store.sandbox.core.transactions().pop()?.ersReference ?? "",
        (reference) => reference !== "",
      );
      const sale = { ...waiting, ersReference };
      const item = await until(
        () => listed(sale, 30),
        ({ problem }) => problem === "SEQR_ORDER_FAILED",
        { seconds: 30 },
      );
      expect(item).toMatchObject({
        kind: "order_pending",
        state: "paid",
        next_attempt_at: expect.any(String),
      });
      await decide(item, { action: "refund", reason: "the shopper called" });
      await until(
        () => list(sale),
        (left) => left.length === 0,
        { seconds: 30 },
      );
      expect(atSeqr(sale)).toEqual([Number(session.data.amount)]);
      expect(await shopper.status(session)).toMatchObject({ status: "refunded" });
    } finally {
      await store.sql("alter table order_line_item_away rename to order_line_item");
    }
    const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
      shopper.cartId,
    ]);
    expect(orders).toHaveLength(0);
  });

  describe("with 250 old entries that only inform", () => {
    const seen = { reason: "an outage" };
    const page = (query = "") => staff.admin<AdminSeqrAttentionList>("GET", `/seqr/attention${query}`);

    beforeAll(() =>
      store.sql(
        `insert into seqr_invoice (id, session_id, payment_collection_id, token_hash, notification_token_hash, terminal_id,
           client_invoice_id, amount, currency_code, state, state_since, expires_at, reason, problem)
         select 'old' || n, 'old' || n, 'old' || n, 'old' || n, 'old-n' || n, 'terminal', 'old' || n, '1.00', 'SEK',
           'canceled', now() - interval '1 day', now() - interval '1 day', 'reversed', 'SEQR_REVERSED'
         from generate_series(1, 250) n`,
      ),
    );

    it("hides none of what needs a person", async () => {
      const sale = await sell(store);
      store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
      await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
      const item = (await list(sale)).find(({ kind }) => kind === "refund_unknown");
      expect(item).toMatchObject({ refund: { amount: "20.00" } });
      await decide(item as AdminSeqrAttentionItem, { action: "accept", reason: "SEQR has it" });
    });

    it("shows a new refund of unknown outcome first, with counts, and pages through all entries", async () => {
      const { totals: before } = await page("?limit=1");
      expect(before.acknowledgement).toBe(250);
      const sale = await sell(store);
      store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
      await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
      const all = before.all + 1;
      const first = await page();
      expect(first).toMatchObject({ count: all, offset: 0, limit: 200 });
      expect(first.totals).toEqual({ ...before, all, person: before.person + 1 });
      expect(first.attention_items).toHaveLength(200);
      const place = first.attention_items.findIndex(({ order_id }) => order_id === sale.orderId);
      expect(first.attention_items[place]).toMatchObject({ kind: "refund_unknown", needs: "person" });
      expect(place).toBe(before.person);
      const second = await page("?offset=200");
      const ids = [...first.attention_items, ...second.attention_items].map(({ id }) => id);
      expect(new Set(ids).size).toBe(all);
      expect(await page("?needs=person")).toMatchObject({ count: before.person + 1 });
      expect(await page("?kind=reversed&limit=1")).toMatchObject({
        count: 250,
        attention_items: [{ kind: "reversed" }],
      });
      expect(await page("?kind=reversed,amount_differs&needs=nothing")).toMatchObject({
        count: 0,
        attention_items: [],
      });
      await decide(await listed(sale), { action: "accept", reason: "SEQR has it" });
    });

    it("dismisses many together: each one that is as it was seen, and nothing that needs a person", async () => {
      const sale = await sell(store);
      store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
      await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
      const { totals: before } = await page("?limit=1");
      const attention = [await listed(sale), ...(await page("?kind=reversed&limit=4")).attention_items];
      const ids = attention.map(({ id }) => id);
      await store.sql("update seqr_invoice set problem = null where id = $1", [attention[1]?.invoice_id]);
      await store.sql("update seqr_invoice set problem = 'SEQR_REVERSED' where id = $1", [
        attention[1]?.invoice_id,
      ]);
      const { results } = await staff.admin<AdminSeqrAttentionDismissed>("POST", "/seqr/attention/dismiss", {
        ids: [...ids, "seqrinv_none.reversed.1"],
        ...seen,
      });
      expect(results.map(({ code }) => code)).toEqual([
        "SEQR_DECISION",
        "SEQR_DECISION_STALE",
        null,
        null,
        null,
        "SEQR_NO_SUCH_ENTRY",
      ]);
      expect((await page()).totals).toEqual({ ...before, all: before.all - 3, acknowledgement: 247 });
      const rest = (await page("?needs=acknowledgement")).attention_items.map(({ id }) => id);
      await staff.admin("POST", "/seqr/attention/dismiss", { ids: rest, ...seen });
      expect((await page()).totals).toEqual({ ...before, all: before.all - 203, acknowledgement: 47 });
      const [row] = await store.sql<{ count: number }>(
        "select count(*)::int as count from seqr_decision where action = 'dismiss' and reason = $1 and subject <> ''",
        [seen.reason],
      );
      expect(row?.count).toBe(203);
      await expect(staff.admin("POST", "/seqr/attention/dismiss", { ids: rest })).rejects.toMatchObject({
        status: 400,
      });
      await decide(await listed(sale), { action: "accept", reason: "SEQR has it" });
    });
  });

  describe("with a session's cookie", () => {
    const ids = ["seqrinv_none.reversed.1"];
    let cookie: string;
    beforeAll(async () => {
      cookie = await staff.cookie();
    });
    const post = async (
      headers: Record<string, string>,
      body: string,
    ): Promise<[number, string | undefined]> => {
      const answer = await fetch(`${store.server.url}/admin/seqr/attention/dismiss`, {
        method: "POST",
        headers: { cookie, ...headers },
        body,
      });
      return [answer.status, ((await answer.json()) as { code?: string }).code];
    };
    const asJson = (headers: Record<string, string> = {}) =>
      post({ "content-type": "application/json", ...headers }, JSON.stringify({ ids, reason: "seen" }));

    it("takes no decision from a form, whatever page it is on", async () => {
      const form = "ids[]=seqrinv_none.reversed.1&reason=seen";
      const refused = [400, "SEQR_NOT_JSON"];
      expect(await post({ "content-type": "application/x-www-form-urlencoded" }, form)).toEqual(refused);
      expect(await post({ "content-type": "text/plain" }, JSON.stringify({ ids, reason: "seen" }))).toEqual(
        refused,
      );
    });

    it("takes no decision from a foreign page, and takes it from the admin's", async () => {
      const refused = [403, "SEQR_FOREIGN_PAGE"];
      expect(await asJson({ origin: "https://elsewhere.example" })).toEqual(refused);
      expect(await asJson({ origin: "null" })).toEqual(refused);
      expect(await asJson({ "sec-fetch-site": "cross-site" })).toEqual(refused);
      expect(await asJson({ origin: store.server.url })).toEqual([200, undefined]);
      expect(await asJson({ "sec-fetch-site": "same-origin" })).toEqual([200, undefined]);
      expect(await asJson({ origin: ADMIN, "sec-fetch-site": "cross-site" })).toEqual([200, undefined]);
      expect(await asJson()).toEqual([200, undefined]);
    });
  });
});
