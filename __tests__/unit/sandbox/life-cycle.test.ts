import { isVisible, STATUS, transition, TRANSITIONS, type Event, type Stage } from "../../../src/sandbox";
import { INVOICE, makeCore, sek } from "./core-fixture";

const STAGES = Object.keys(STATUS) as Stage[];
const EVENTS = [...new Set(TRANSITIONS.map(({ event }) => event))];

describe("the table of transitions", () => {
  it("has one row for each event in a stage", () => {
    const pairs = TRANSITIONS.flatMap(({ event, from }) => from.map((stage) => `${event} in ${stage}`));
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it("lets nothing happen to what is final", () => {
    const possible = (stage: Stage): Event[] => EVENTS.filter((event) => transition(stage, event));
    for (const stage of ["acknowledged", "cancelled", "failed", "expired"] as const)
      expect(possible(stage)).toEqual([]);
    expect(possible("paid")).toEqual(["acknowledge", "reverse"]);
  });

  it("reaches every stage from an open invoice", () => {
    const reached = new Set<Stage>(["open"]);
    for (const stage of reached) {
      for (const event of EVENTS) {
        const row = transition(stage, event);
        if (row) reached.add(row.to);
      }
    }
    expect([...reached].sort()).toEqual([...STAGES].sort());
  });

  it("counts in the version what the merchant can see", () => {
    expect(isVisible("open", "scanned")).toBe(false);
    expect(isVisible("scanned", "paying")).toBe(false);
    expect(isVisible("paid", "acknowledged")).toBe(false);
    expect(isVisible("open", "pending")).toBe(true);
    expect(isVisible("paying", "paid")).toBe(true);
    expect(isVisible("paid", "cancelled")).toBe(true);
  });
});

describe("an invoice", () => {
  it("is ISSUED at version 0 until it is paid, whatever the shopper opens", () => {
    const { core, send, status } = makeCore();
    const reference = send();
    expect(status(reference)).toEqual({
      resultCode: 0,
      resultDescription: "SUCCESS",
      status: "ISSUED",
      version: 0,
    });
    core.phone.scan(reference);
    core.phone.beginPay(reference);
    expect(status(reference)).toMatchObject({ status: "ISSUED", version: 0 });
    core.phone.finishPay(reference);
    expect(status(reference)).toMatchObject({ status: "PAID", version: 1 });
    expect(status(reference)).toMatchObject({ status: "PAID", version: 1 });
  });

  it("shows reference and receipt once it is paid", () => {
    const { core, send, status } = makeCore();
    const reference = send();
    core.phone.pay(reference);
    const { ersReference, receipt } = status(reference);
    expect(ersReference).toBe("2026011513000000001000001");
    expect(receipt).toEqual({
      terminalId: "public_test_shop_terminal",
      paymentDate: "2026-01-15T13:00:00.000+01:00",
      clientInvoiceId: "1",
      invoiceReference: reference,
      paymentReference: ersReference,
      payerTerminalId: expect.stringMatching(/^[0-9a-f]{32}$/),
      receiverName: "Public test shop",
      invoice: INVOICE,
    });
  });

  it("fails when the bank declines, and is cancelled when the shopper cancels", () => {
    const { core, send, status } = makeCore();
    const [declined, cancelled] = [send(), send()];
    core.phone.decline(declined);
    core.phone.cancel(cancelled);
    expect(status(declined)).toMatchObject({ status: "FAILED", version: 1 });
    expect(status(cancelled)).toMatchObject({ status: "CANCELED", version: 1 });
    expect(status(cancelled).ersReference).toBeUndefined();
  });

  it("shows the bill again when a payment is aborted", () => {
    const { core, send, status, stage } = makeCore();
    const reference = send();
    core.phone.beginPay(reference);
    core.phone.finishPay(reference, "aborted");
    expect(stage(reference)).toBe("scanned");
    core.phone.pay(reference);
    expect(status(reference)).toMatchObject({ status: "PAID", version: 1 });
  });

  it("can be replaced before the scan, and not during or after it", () => {
    const { core, call, send } = makeCore();
    const reference = send();
    const invoice = { ...INVOICE, totalAmount: sek("9.00") };
    expect(call("updateInvoice", { invoiceReference: reference, invoice }).resultCode).toBe(0);
    expect(core.phone.scan(reference).invoice.totalAmount).toEqual(sek("9.00"));
    expect(call("updateInvoice", { invoiceReference: reference, invoice: INVOICE }).resultCode).toBe(90);
    core.phone.pay(reference);
    expect(call("updateInvoice", { invoiceReference: reference, invoice: INVOICE }).resultCode).toBe(90);
    expect(core.transactions()[0]?.amount).toEqual(sek("9.00"));
  });

  it("answers a late update with 48 where that is wanted", () => {
    const { core, call, send } = makeCore({ lateUpdateCode: 48 });
    const reference = send();
    core.phone.scan(reference);
    expect(call("updateInvoice", { invoiceReference: reference, invoice: INVOICE }).resultCode).toBe(48);
  });

  it("expires on request, which older interfaces show as CANCELED", () => {
    for (const [emulate, shown] of [
      ["2.10", "EXPIRED"],
      ["2.9", "CANCELED"],
    ] as const) {
      const { clock, send, status } = makeCore({ emulate, expireAfter: 60_000 });
      const reference = send();
      clock.advance(59_999);
      expect(status(reference).status).toBe("ISSUED");
      clock.advance(1);
      expect(status(reference)).toMatchObject({ status: shown, version: 1 });
    }
  });

  it("keeps its history", () => {
    const { core, clock, send, status } = makeCore();
    const reference = send();
    clock.advance(5);
    core.phone.pay(reference);
    status(reference);
    expect(core.invoice(reference)?.history.map(({ event, version }) => `${event} ${version}`)).toEqual([
      "scan 0",
      "confirm 0",
      "debit 1",
      "acknowledge 1",
    ]);
  });
});
