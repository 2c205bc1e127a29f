import type { AdminSeqrAttentionDismissed, AdminSeqrAttentionItem } from "../../src/http-types";
import { refundsAtSeqr, sell, type Sale } from "./kit/sale";
import { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

const PASSWORD = "a-password-of-staff";
const POLICIES = {
  owner: ["*:*"],
  cataloguer: ["product:read", "product:update"],
  reader: ["payment:read"],
  clerk: ["payment:read", "payment:update"],
  cashier: ["payment:read", "payment:update", "refund:create"],
};
type Who = keyof typeof POLICIES;

const FORBIDDEN = { status: 403, body: { type: "forbidden" } };

describe("in a store with RBAC", () => {
  let store: TestStore;
  let sale: Sale;
  let item: AdminSeqrAttentionItem;
  const staff = {} as Record<Who, Staff>;
  beforeAll(async () => {
    store = await startTestStore({ env: { MEDUSA_FF_RBAC: "true" }, migrate: true });
    const names = Object.keys(POLICIES) as Who[];
    const wanted = names.map((who) => ({
      ...{ email: `${who}@example.com`, password: PASSWORD, policies: POLICIES[who] },
    }));
    await store.runScript("make-staff.js", { STAFF: JSON.stringify(wanted) });
    for (const who of names) {
      staff[who] = await Staff.login(store.server.url, { email: `${who}@example.com`, password: PASSWORD });
    }
    // A refund of which nobody knows whether SEQR made it.
    sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.owner.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    [item] = (await staff.owner.attention()) as [AdminSeqrAttentionItem];
  });
  afterAll(() => store?.stop());

  const decide = (who: Who, action: string) =>
    staff[who].admin("POST", `/seqr/attention/${item.id}`, { action, reason: "asked SEQR" });
  const dismiss = (who: Who) =>
    staff[who].admin<AdminSeqrAttentionDismissed>("POST", "/seqr/attention/dismiss", {
      ...{ ids: [item.id], reason: "seen" },
    });
  const nothingHappened = async (): Promise<void> => {
    expect(await staff.owner.attention()).toEqual([item]);
    expect(refundsAtSeqr(store, sale.ersReference)).toEqual([]);
    expect(await store.sql("select 1 from seqr_decision")).toEqual([]);
  };

  it("staff who may not see payments see and decide nothing", async () => {
    await expect(staff.cataloguer.attention()).rejects.toMatchObject(FORBIDDEN);
    await expect(staff.cataloguer.seqrPayments(sale.orderId)).rejects.toMatchObject(FORBIDDEN);
    for (const action of ["retry", "accept", "dismiss"]) {
      await expect(decide("cataloguer", action)).rejects.toMatchObject(FORBIDDEN);
    }
    await expect(dismiss("cataloguer")).rejects.toMatchObject(FORBIDDEN);
    await nothingHappened();
  });

  it("staff who may only see payments decide nothing", async () => {
    expect(await staff.reader.attention()).toEqual([item]);
    expect(await staff.reader.seqrPayments(sale.orderId)).toHaveLength(1);
    for (const action of ["retry", "accept", "dismiss"]) {
      await expect(decide("reader", action)).rejects.toMatchObject(FORBIDDEN);
    }
    await expect(dismiss("reader")).rejects.toMatchObject(FORBIDDEN);
    await nothingHappened();
  });

  it("staff who may not see payments find none, and staff who may only see them poll none", async () => {
    const [{ id } = { id: "" }] = await store.sql<{ id: string }>("select id from seqr_invoice");
    const paths = ["/seqr/payments", `/seqr/payments/${id}`, "/seqr/payments/export", "/seqr/refunds"];
    for (const path of paths) {
      await expect(staff.cataloguer.admin("GET", path)).rejects.toMatchObject(FORBIDDEN);
      await expect(staff.reader.file(path)).resolves.toBeInstanceOf(Buffer);
    }
    for (const who of ["cataloguer", "reader"] as const) {
      await expect(staff[who].admin("POST", `/seqr/payments/${id}/poll`, {})).rejects.toMatchObject(
        FORBIDDEN,
      );
    }
    expect(await staff.clerk.admin("POST", `/seqr/payments/${id}/poll`, {})).toMatchObject({
      payment: { id, status: "attention" },
    });
    await nothingHappened();
  });

  it("staff who may not see payments see no books, and staff who may only see them close nothing", async () => {
    const books = ["/seqr/periods", "/seqr/periods/seqrper_1", "/seqr/periods/seqrper_1/items"];
    const files = ["/seqr/periods/seqrper_1/reports/seqrrep_1", "/seqr/books/export?period_id=seqrper_1"];
    for (const path of [...books, ...files]) {
      await expect(staff.cataloguer.admin("GET", path)).rejects.toMatchObject(FORBIDDEN);
    }
    for (const path of [...books, ...files].slice(1)) {
      await expect(staff.reader.admin("GET", path)).rejects.toMatchObject({ status: 404 });
    }
    expect(await staff.reader.admin("GET", "/seqr/periods")).toMatchObject({ periods: [], count: 0 });
    for (const path of ["/seqr/periods", "/seqr/periods/seqrper_1/retry"]) {
      await expect(staff.cataloguer.admin("POST", path, {})).rejects.toMatchObject(FORBIDDEN);
      await expect(staff.reader.admin("POST", path, {})).rejects.toMatchObject(FORBIDDEN);
    }
    expect(await store.sql("select 1 from seqr_period")).toEqual([]);
  });

  it("staff who may not refund decide, and have nothing refunded", async () => {
    await expect(decide("clerk", "retry")).rejects.toMatchObject(FORBIDDEN);
    await expect(decide("clerk", "refund")).rejects.toMatchObject(FORBIDDEN);
    await nothingHappened();
    expect((await dismiss("clerk")).results).toMatchObject([{ dismissed: false, code: "SEQR_DECISION" }]);
  });

  it("staff who may refund have a refund made again", async () => {
    expect(await decide("cashier", "retry")).toEqual({ attention_items: [] });
    expect(refundsAtSeqr(store, sale.ersReference)).toMatchObject([{ amount: { value: "20.00" } }]);
    expect(await store.sql("select actor_id from seqr_decision")).toEqual([
      { actor_id: expect.stringMatching(/^user_/) },
    ]);
  });
});
