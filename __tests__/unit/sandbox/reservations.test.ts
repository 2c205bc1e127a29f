import { INVOICE, makeCore, sek } from "./core-fixture";

const RESERVE = {
  paymentMode: "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT",
  commitReservationTimeout: 3600,
} as const;

describe("reservations (PROTOCOL 4.5)", () => {
  it("reserves, commits a lower amount and pays", () => {
    const { core, call, send, status } = makeCore();
    const invoiceReference = send(RESERVE);
    core.phone.pay(invoiceReference);
    expect(status(invoiceReference)).toMatchObject({ status: "RESERVED", version: 1 });
    expect(status(invoiceReference).ersReference).toBeUndefined();
    expect(call("commitReservation", { invoiceReference, amount: sek("5") }).resultCode).toBe(0);
    const paid = status(invoiceReference);
    expect(paid).toMatchObject({
      status: "PAID",
      version: 2,
      ersReference: expect.stringMatching(/^\d{25}$/),
    });
    expect(paid.receipt?.invoice?.totalAmount).toEqual(sek("5.00"));
    expect(core.transactions().map(({ amount }) => amount)).toEqual([sek("5.00")]);
  });

  it("commits the invoice's own total, also after an update", () => {
    const { core, call, send, status } = makeCore();
    const invoiceReference = send(RESERVE);
    core.phone.pay(invoiceReference);
    const invoice = { ...INVOICE, totalAmount: sek("7.25") };
    expect(call("updateInvoice", { invoiceReference, invoice }).resultCode).toBe(0);
    expect(status(invoiceReference)).toMatchObject({ status: "RESERVED", version: 1 });
    expect(call("commitReservation", { invoiceReference }).resultCode).toBe(0);
    expect(core.transactions()[0]?.amount).toEqual(sek("7.25"));
  });

  it("refuses without a reservation (96), above it (11) and in another currency (49)", () => {
    const { core, call, send } = makeCore();
    const [open, invoiceReference] = [send(RESERVE), send(RESERVE)];
    expect(call("commitReservation", { invoiceReference: open }).resultCode).toBe(96);
    core.phone.pay(invoiceReference);
    const commit = (amount: { currency: string; value: string }) =>
      call("commitReservation", { invoiceReference, amount }).resultCode;
    expect(commit(sek("12.51"))).toBe(11);
    expect(commit(sek("0"))).toBe(11);
    expect(commit({ currency: "EUR", value: "1" })).toBe(49);
    expect(commit(sek("12.50"))).toBe(0);
    expect(commit(sek("12.50"))).toBe(96);
    expect(core.transactions()).toHaveLength(1);
  });

  it("takes more than was reserved where that is allowed", () => {
    const { core, call, send } = makeCore({ commitAboveReservation: true });
    const invoiceReference = send(RESERVE);
    core.phone.pay(invoiceReference);
    expect(call("commitReservation", { invoiceReference, amount: sek("20") }).resultCode).toBe(0);
  });

  it("lapses in time, counted from the reservation", () => {
    const { core, clock, call, send, status } = makeCore();
    const invoiceReference = send(RESERVE);
    clock.advance(3_000_000);
    core.phone.pay(invoiceReference);
    call("updateInvoice", { invoiceReference, invoice: INVOICE });
    clock.advance(3_599_999);
    expect(status(invoiceReference).status).toBe("RESERVED");
    clock.advance(1);
    expect(status(invoiceReference)).toMatchObject({ status: "CANCELED", version: 2 });
    expect(call("commitReservation", { invoiceReference }).resultCode).toBe(96);
    expect(core.transactions()).toEqual([]);
  });

  it("is not reversed after 20 seconds while it is only reserved", () => {
    const { core, clock, send } = makeCore();
    const reference = send({ paymentMode: "RESERVATION_REQUIRED" });
    core.phone.pay(reference);
    clock.advance(1e9);
    expect(core.invoice(reference)?.status).toBe("RESERVED");
  });

  it("debits at once or fails when the account cannot reserve", () => {
    const { core, send, status } = makeCore({ reservations: false });
    const [desired, required] = [
      send({ paymentMode: "RESERVATION_DESIRED" }),
      send({ paymentMode: "RESERVATION_REQUIRED" }),
    ];
    core.phone.pay(desired);
    core.phone.pay(required);
    expect([status(desired).status, status(required).status]).toEqual(["PAID", "FAILED"]);
  });
});
