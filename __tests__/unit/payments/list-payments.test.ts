import { parse } from "csv-parse/sync";
import { exportPayments } from "../../../src/payments/export-payments";
import { listPayments } from "../../../src/payments/list-payments";
import { listRefunds } from "../../../src/payments/list-refunds";
import { at } from "../modules/ledger-contract";
import { makePaymentsWorld, type PaymentsWorld } from "./payments-world";
import { invoice, refund } from "./records";

const MEDUSA = {
  order: [
    {
      ...{ id: "order_1", display_id: 12, custom_display_id: "A-7", customer_id: "cus_1" },
      payment_collections: [{ id: "pay_col_edit" }],
    },
    {
      id: "order_2",
      display_id: 120,
      custom_display_id: null,
      customer_id: "cus_2",
      payment_collections: null,
    },
  ],
  customer: [
    { id: "cus_1", email: "astrid@example.com" },
    { id: "cus_2", email: "Bo@example.com" },
  ],
  cart: [{ id: "cart_open", customer_id: "cus_1" }],
  payment: [{ id: "pay_1", payment_session_id: "payses_sale" }],
  refund: [{ id: "ref_part", note: "scratched", created_by: "user_1" }],
  user: [{ id: "user_1", first_name: "Eva", last_name: "Ek", email: "eva@example.com" }],
};

describe("the list of payments", () => {
  let world: PaymentsWorld;
  beforeEach(() => {
    world = makePaymentsWorld(MEDUSA);
    world.add({
      invoices: [
        invoice("sale", { created_at: at(1), order_id: "order_1", ers_reference: "ers 1", paid_at: at(2) }),
        invoice("edit", { created_at: at(2), payment_collection_id: "pay_col_edit", state: "open" }),
        invoice("other", { created_at: at(3), order_id: "order_2", invoice_reference: "12" }),
        invoice("open", { created_at: at(4), cart_id: "cart_open", state: "open" }),
      ],
      refunds: [
        refund("1", "sale", { idempotency_key: "ref_part", amount: "40.00", refund_reference: "ers 2" }),
        refund("2", "other", { state: "unknown", finished_at: null, requested_at: at(5), reason: "staff" }),
      ],
      decisions: [
        { id: "d1", decided_at: at(4), actor_id: "user_1" },
        { id: "d2", decided_at: at(9), actor_id: "user_2" },
      ].map((one) => ({
        ...{ invoice_id: "other", kind: "order_pending", subject: "1", reason: "the shopper called" },
        ...{ action: "refund", ...one },
      })),
    });
  });

  const found = async (q: string): Promise<string[]> => {
    const { payments } = await listPayments(
      ...([world.context, { q, direction: "newest" }, { limit: 10, offset: 0 }] as const),
    );
    return payments.map(({ id }) => id);
  };

  it.each([
    ["12", ["other", "edit", "sale"]],
    ["#12", ["edit", "sale"]],
    ["A-7", ["edit", "sale"]],
    ["order_1", ["edit", "sale"]],
    ["astrid@example.com", ["open", "edit", "sale"]],
    ["Astrid@Example.com", ["open", "edit", "sale"]],
    ["Bo@example.com", ["other"]],
    ["nobody@example.com", []],
    ["pay_1", ["sale"]],
    ["pay_2", []],
    ["ers 1", ["sale"]],
    ["ers 2", ["sale"]],
    ["ref_part", ["sale"]],
    ["cart_open", ["open"]],
    ["2147483647", []],
    ["2147483648", []],
    ["99999999999999999999", []],
    ["1 2", []],
    ["%", []],
  ])("finds %j", async (q, ids) => {
    expect(await found(q)).toEqual(ids);
  });

  it("asks Medusa for no number that its column does not take", async () => {
    await found("2147483648");
    expect(world.asked).toEqual([{ entity: "order", filters: { custom_display_id: "2147483648" } }]);
  });

  it("has the order's number and the money of each payment, with two questions", async () => {
    const list = await listPayments(world.context, { direction: "oldest" }, { limit: 3, offset: 0 });
    expect(list).toMatchObject({ count: 4, has_more: false, limit: 3, offset: 0 });
    expect(list.payments).toMatchObject([
      {
        ...{ id: "sale", status: "partially_refunded", order_display_id: 12, amount: "100.00" },
        ...{ refunded_amount: "40.00", net_amount: "60.00", created_at: at(1).toISOString() },
        ...{ paid_at: at(2).toISOString(), ers_reference: "ers 1" },
      },
      { id: "edit", status: "pending", order_display_id: null, net_amount: "0.00", paid_at: null },
      {
        id: "other",
        status: "attention",
        order_display_id: 120,
        refunded_amount: "0.00",
        net_amount: "100.00",
      },
    ]);
    expect(world.asked.map(({ entity }) => entity)).toEqual(["order"]);
  });

  it("is exported in batches, and no spreadsheet takes a reference for a formula", async () => {
    world.add({
      invoices: [
        invoice("formula", { created_at: at(5), ers_reference: "=1+1", terminal: 'fi, "2"\n' }),
        ...Array.from({ length: 1_200 }, (_, n) => invoice(`n${n}`, { created_at: at(100 + n) })),
      ],
    });
    const pieces: string[] = [];
    for await (const piece of exportPayments(world.context, { direction: "oldest" })) pieces.push(piece);
    expect(pieces).toHaveLength(2);
    const rows = parse(pieces.join(""), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(1_205);
    expect(rows[0]).toEqual({
      ...{ created_at: at(1).toISOString(), paid_at: at(2).toISOString(), status: "partially_refunded" },
      ...{ state: "completed", reason: "", problem: "", terminal: "seqr", order_display_id: "12" },
      ...{ amount: "100.00", refunded_amount: "40.00", net_amount: "60.00", currency_code: "SEK" },
      ...{
        ers_reference: "ers 1",
        invoice_reference: "",
        order_id: "order_1",
        cart_id: "cart_sale",
        id: "sale",
      },
    });
    expect(rows[4]).toMatchObject({ ers_reference: "'=1+1", terminal: 'fi, "2"\n' });
    expect(rows.at(-1)?.["id"]).toBe("n1199");
  });

  it("is exported as it is narrowed down, and with the names of the columns where nothing fits", async () => {
    const read = async (q: string): Promise<string[][]> => {
      let text = "";
      for await (const piece of exportPayments(world.context, { q, direction: "newest" })) text += piece;
      return parse(text) as string[][];
    };
    expect((await read("ers 1")).map((row) => row.at(-1))).toEqual(["id", "sale"]);
    expect(await read("none")).toHaveLength(1);
  });

  it("has refunds with who made them and why, whether in Medusa or in the attention list", async () => {
    const part = { limit: 10, offset: 0 };
    const list = await listRefunds(world.context, {}, part);
    expect(list).toMatchObject({ count: 2, has_more: false, limit: 10, offset: 0 });
    expect(list.refunds).toEqual([
      expect.objectContaining({
        ...{ id: "2", invoice_id: "other", state: "unknown", reason: "staff", note: null, actor: "Eva Ek" },
        ...{ order_id: "order_2", order_display_id: 120, finished_at: null, receipt_state: null },
      }),
      expect.objectContaining({
        ...{ id: "1", amount: "40.00", note: "scratched", actor: "Eva Ek", refund_reference: "ers 2" },
        ...{ ers_reference: "ers 1", order_display_id: 12, finished_at: at(11).toISOString() },
      }),
    ]);
    const ids = async (q: string) =>
      (await listRefunds(world.context, { q }, part)).refunds.map(({ id }) => id);
    expect(await ids("ers 2")).toEqual(["1"]);
    expect(await ids("ers 1")).toEqual(["1"]);
    expect(await ids("#120")).toEqual(["2"]);
    expect(await ids("none")).toEqual([]);
    expect((await listRefunds(world.context, { state: ["unknown"] }, part)).refunds).toHaveLength(1);
  });
});
