import type { InvoiceRecord, InvoiceState } from "../../../src/modules/seqr/public";
import { INVOICE_STATES } from "../../../src/modules/seqr/invoice/states";
import { isPaid, leadingInvoice } from "../../../src/shopper/leading-invoice";
import { newInvoice, present } from "../modules/ledger-contract";
import { MemoryLedger } from "../modules/memory-ledger";

describe("the invoice that is shown to a shopper", () => {
  let invoice: InvoiceRecord;
  beforeAll(async () => {
    invoice = present(await new MemoryLedger({ now: () => new Date(0) }).insert(newInvoice()));
  });

  /** A purchase's invoices, newest first, named by their state. */
  const purchase = (...states: InvoiceState[]): InvoiceRecord[] =>
    states.map((state, at) => ({ ...invoice, id: `${state} ${at}`, state }));
  /** Told to whoever has the last one's token, which is the oldest. */
  const told = (...states: InvoiceState[]): string => {
    const all = purchase(...states);
    return leadingInvoice(present(all.at(-1)), all).state;
  };

  it("is their own while there is no other", () => {
    for (const state of INVOICE_STATES) expect(told(state)).toBe(state);
    const [own] = purchase("open");
    expect(leadingInvoice(present(own), [])).toBe(own);
  });

  it.each(["canceled", "expired", "failed", "not_issued"] as const)(
    "is never the token's own that is %s while another one is paid, payable, refunded or handled by staff",
    (ended) => {
      for (const state of INVOICE_STATES) {
        const isEnd = ["canceled", "expired", "failed", "not_issued"].includes(state);
        expect([state, told(state, ended)]).toEqual([state, isEnd ? ended : state]);
      }
    },
  );

  it("is the paid one for each code of the purchase, also for one that can be paid", () => {
    for (const paid of ["completed", "captured", "paid", "refund_due"] as const) {
      for (const state of ["open", "canceled", "refunded", "unacknowledged"] as const) {
        expect(told(paid, state)).toBe(paid);
        expect(told("canceled", paid, state)).toBe(paid);
      }
    }
    expect(told("captured", "completed", "open")).toBe("completed");
  });

  it("is the payable code, and not an earlier one that is refunded", () => {
    expect(told("open", "refunded")).toBe("open");
    expect(told("canceled", "refunded", "canceled")).toBe("refunded");
  });

  it("is a reversed one rather than one that was never paid, but not rather than a payable one", () => {
    const [canceled, back, open] = purchase("canceled", "canceled", "open").map(present);
    Object.assign(present(back), { reason: "reversed" });
    expect(leadingInvoice(present(canceled), [present(back), present(canceled)])).toBe(back);
    expect(leadingInvoice(present(back), [present(open), present(back)])).toBe(open);
  });

  it("is their own, and then the newest, of two in the same state", () => {
    const all = purchase("canceled", "refunded", "refunded", "canceled");
    expect(leadingInvoice(present(all[2]), all).id).toBe("refunded 2");
    expect(leadingInvoice(present(all[3]), all).id).toBe("refunded 1");
    expect(leadingInvoice(present(all[0]), [present(all[0]), present(all[3])]).id).toBe("canceled 0");
  });

  it("counts as paid when its payment is made and not refunded", () => {
    const paid = INVOICE_STATES.filter((state) => isPaid({ ...invoice, state }));
    expect(paid).toEqual([
      ...["paid", "captured", "reserved", "authorized", "awaiting_capture", "capturing", "committed"],
      ...["completed", "refund_due"],
    ]);
  });
});
