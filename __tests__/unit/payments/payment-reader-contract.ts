import type { InvoiceRecord, Observation, RefundRecord } from "../../../src/modules/seqr/ledger/ledger";
import {
  COUNTED_FURTHER,
  type PaymentCursor,
  type PaymentFilter,
  type PaymentKeys,
  type PaymentReader,
  type RefundFilter,
} from "../../../src/modules/seqr/payments/payment-reader";
import { at } from "../modules/ledger-contract";
import { invoice, refund } from "./records";

/** What a reader has to read. */
export interface Payments {
  invoices: InvoiceRecord[];
  refunds: RefundRecord[];
  observations: (Observation & { id: string })[];
}

const INVOICES = [
  invoice("a", { created_at: at(1), terminal: null, invoice_reference: "100001", order_id: "order_1" }),
  invoice("b", { created_at: at(2), terminal: "fi", currency_code: "EUR", ers_reference: "ers 2" }),
  invoice("c", { created_at: at(3), state: "open", problem: "SEQR_TIMEOUT", disputed_reference: "ers 3" }),
  invoice("d", { created_at: at(3), state: "expired", terminal: "fi" }),
  invoice("e", { created_at: at(3), state: "open" }),
  invoice("f", { created_at: at(4), terminal: "fi", problem: "SEQR_REVERSED", cart_id: null }),
];
const REFUNDS = [
  refund("1", "a", { requested_at: at(10), refund_reference: "ers 4" }),
  refund("2", "a", { requested_at: at(12), state: "unknown", result: "SEQR_TIMEOUT" }),
  refund("3", "b", { requested_at: at(14), state: "refused", result: "SEQR_97", refund_reference: "ers 4" }),
  refund("4", "f", { requested_at: at(14), state: "unknown" }),
  refund("5", "f", { requested_at: at(15), state: "requested", idempotency_key: "ref_again" }),
];
const OBSERVATIONS = [5, 6, 7].map((second) => ({
  ...{ id: `seen ${second}`, invoice_id: "c", observed_at: at(second), source: "watch", status: "ISSUED" },
  ...{ operation: "getPaymentStatus", version: second, ers_reference: null, result: "0" },
}));

/** What every reader of payments has to do. */
export function describePayments(name: string, make: (payments: Payments) => Promise<PaymentReader>): void {
  describe(`${name}: payments`, () => {
    let reader: PaymentReader;
    beforeAll(async () => {
      reader = await make({ invoices: INVOICES, refunds: REFUNDS, observations: OBSERVATIONS });
    });
    const all = { limit: 50, offset: 0 };
    const listed = async (filter: PaymentFilter, part = all): Promise<string> => {
      const { records } = await reader.listPayments(filter, "newest", part);
      return records.map(({ id }) => id).join("");
    };

    it("are listed newest first, of one time by their ids, and the other way round", async () => {
      const newest = await reader.listPayments({}, "newest", all);
      expect(newest).toMatchObject({ count: 6, has_more: false });
      expect(newest.records.map(({ id }) => id).join("")).toBe("fedcba");
      expect(newest.records[5]).toMatchObject(INVOICES[0] ?? {});
      const oldest = await reader.listPayments({}, "oldest", all);
      expect(oldest.records.map(({ id }) => id).join("")).toBe("abcdef");
    });

    it.each<[string, PaymentFilter, string]>([
      ["a state", { state: ["open"] }, "ec"],
      ["several states, one of them twice", { state: ["open", "expired", "open"] }, "edc"],
      ["a terminal", { terminal: ["fi"] }, "fdb"],
      ["several terminals", { terminal: ["fi", "seqr"] }, "fedcb"],
      ["a terminal that there is not", { terminal: ["none"] }, ""],
      ["a currency", { currency_code: ["SEK"] }, "fedca"],
      ["a terminal and a currency", { terminal: ["fi"], currency_code: ["EUR"] }, "b"],
      ["a terminal and a currency that it has not", { terminal: ["seqr"], currency_code: ["EUR"] }, ""],
      ["a problem", { has_problem: true }, "fc"],
      ["no problem", { has_problem: false }, "edba"],
      ["a state and a problem", { state: ["open"], has_problem: true }, "c"],
      ["a state and no problem", { state: ["open"], has_problem: false }, "e"],
      ["a state and a terminal", { state: ["completed"], terminal: ["fi"] }, "fb"],
      [
        "a state, a terminal and a currency",
        { state: ["completed"], terminal: ["fi"], currency_code: ["SEK"] },
        "f",
      ],
      ["a time", { from: at(2), to: at(4) }, "edcb"],
      ["a time and a terminal", { from: at(3), terminal: ["fi"] }, "fd"],
      ["a time and a state", { to: at(3), state: ["completed"] }, "ba"],
      ["ids", { ids: ["a", "f", "none"] }, "fa"],
      [
        "ids and everything else",
        { ids: ["a", "b", "f"], terminal: ["fi"], state: ["completed"], from: at(3) },
        "f",
      ],
      ["no ids", { ids: [] }, ""],
      ["no states", { state: [] }, ""],
    ])("are narrowed down to %s", async (_, filter, ids) => {
      expect(await listed(filter)).toBe(ids);
      const counted = await reader.listPayments(filter, "newest", { limit: 1, offset: 0 });
      expect(counted).toMatchObject({ count: ids.length, has_more: false });
      let read = "";
      let after: PaymentCursor | undefined;
      do {
        const { records, next } = await reader.paymentsAfter(filter, "newest", 2, after);
        expect(records.length).toBeLessThanOrEqual(2);
        read += records.map(({ id }) => id).join("");
        after = next;
      } while (after);
      expect(read).toBe(ids);
    });

    it("are read in parts, each once, and one after the other from the oldest", async () => {
      expect(await listed({}, { limit: 2, offset: 0 })).toBe("fe");
      expect(await listed({}, { limit: 2, offset: 2 })).toBe("dc");
      expect(await listed({ terminal: ["fi", "seqr"] }, { limit: 2, offset: 3 })).toBe("cb");
      expect(await reader.listPayments({}, "newest", { limit: 2, offset: 20 })).toEqual({
        ...{ records: [], count: 6, has_more: false },
      });
      const first = await reader.paymentsAfter({}, "oldest", 4, undefined);
      expect(first.records.map(({ id }) => id).join("")).toBe("abcd");
      const second = await reader.paymentsAfter({}, "oldest", 4, first.next);
      expect(second.records.map(({ id }) => id).join("")).toBe("ef");
      expect(second.next).toBeUndefined();
    });

    it.each<[PaymentKeys, string]>([
      [{ reference: "a" }, "a"],
      [{ reference: "payses_b" }, "b"],
      [{ reference: "pay_col_c" }, "c"],
      [{ reference: "cart_d" }, "d"],
      [{ reference: "order_1" }, "a"],
      [{ reference: "100001" }, "a"],
      [{ reference: "ers 2" }, "b"],
      [{ reference: "ers 3" }, "c"],
      // The reference of two refunds.
      [{ reference: "ers 4" }, "ba"],
      [{ reference: "ref_again" }, "f"],
      [{ reference: "2" }, "a"],
      [{ reference: "10000" }, ""],
      [{ reference: "1000010" }, ""],
      [{ reference: "%" }, ""],
      [{ session_ids: ["payses_a", "payses_b"], cart_ids: ["cart_a"] }, "ba"],
      [{ order_ids: ["order_1", "order_2"], payment_collection_ids: ["pay_col_f"], reference: "e" }, "fea"],
      [{ session_ids: [], cart_ids: [] }, ""],
    ])("are found by %j", async (keys, ids) => {
      expect((await reader.findPayments(keys, 10)).join("")).toBe(ids);
      expect((await reader.findPayments(keys, 1)).join("")).toBe(ids.slice(0, 1));
    });

    it.each<[string, RefundFilter, string]>([
      ["unknown ones first", {}, "42531"],
      ["of a state", { state: ["done", "refused"] }, "31"],
      ["of unknown outcome", { state: ["unknown"] }, "42"],
      ["of a time", { from: at(12), to: at(15) }, "423"],
      ["of invoices", { invoice_ids: ["a", "b"] }, "231"],
      ["of no invoices", { invoice_ids: [] }, ""],
      ["by their ids", { ids: ["1", "4"] }, "41"],
      ["of no state", { state: [] }, ""],
    ])("have refunds %s, newest first", async (_, filter, ids) => {
      const { records, count } = await reader.listRefunds(filter, all);
      expect([records.map(({ id }) => id).join(""), count]).toEqual([ids, ids.length]);
      const parts = await Promise.all(
        Array.from(ids, (_, offset) => reader.listRefunds(filter, { limit: 1, offset })),
      );
      expect(parts.map((part) => part.records.map(({ id }) => id).join("")).join("")).toBe(ids);
      for (const part of parts) expect(part).toMatchObject({ count: ids.length, has_more: false });
      for (const record of records)
        expect(record).toMatchObject(REFUNDS.find(({ id }) => id === record.id) ?? { id: "none" });
      expect(records.every((record) => !("rank" in record))).toBe(true);
    });

    it("have refunds that are found by each of their keys", async () => {
      expect((await reader.findRefunds("ers 4")).sort()).toEqual(["1", "3"]);
      expect(await reader.findRefunds("2")).toEqual(["2"]);
      expect(await reader.findRefunds("ref_again")).toEqual(["5"]);
      expect(await reader.findRefunds("ers 2")).toEqual([]);
    });

    it("have what was observed of them last, oldest first", async () => {
      expect(await reader.latestObservations("c", 2)).toMatchObject([
        { observed_at: at(6), version: 6, source: "watch", result: "0" },
        { observed_at: at(7), version: 7 },
      ]);
      expect(await reader.latestObservations("a", 2)).toEqual([]);
    });
  });

  describe(`${name}: many payments`, () => {
    const many = COUNTED_FURTHER + 6;

    it("are counted up to a bound behind the part", async () => {
      const reader = await make({
        invoices: Array.from({ length: many }, (_, n) => invoice(`n${n}`, { created_at: at(n) })),
        refunds: Array.from({ length: many }, (_, n) =>
          refund(`r${n}`, `n${n}`, { requested_at: at(n), state: n === 3 ? "unknown" : "done" }),
        ),
        observations: [],
      });
      for (const list of [
        (part: { limit: number; offset: number }) => reader.listPayments({}, "newest", part),
        (part: { limit: number; offset: number }) =>
          reader.listPayments({ state: ["completed"] }, "oldest", part),
        (part: { limit: number; offset: number }) =>
          reader.listPayments({ terminal: ["seqr"] }, "oldest", part),
        (part: { limit: number; offset: number }) => reader.listRefunds({}, part),
      ]) {
        expect(await list({ limit: 5, offset: 0 })).toMatchObject({
          ...{ count: COUNTED_FURTHER + 5, has_more: true },
        });
        expect(await list({ limit: 6, offset: 0 })).toMatchObject({ count: many, has_more: false });
        expect(await list({ limit: 5, offset: 5 })).toMatchObject({ count: many, has_more: false });
        expect(await list({ limit: 5, offset: many - 2 })).toMatchObject({ count: many, has_more: false });
      }
      const { records } = await reader.listRefunds({}, { limit: 2, offset: 0 });
      expect(records.map(({ id }) => id)).toEqual(["r3", `r${many - 1}`]);
    });
  });
}
