import { contextOf, makeCore, RESELLER } from "./core-fixture";

describe("cash registers and web shops (PROTOCOL 8)", () => {
  it("gives a registered till an id and lets it sell", () => {
    const { register, send, core } = makeCore();
    const till = register();
    expect(till.id).toMatch(/^[0-9a-f]{32}$/);
    expect(core.phone.scan(send({}, till.context)).shop).toBe("Till 1");
  });

  it("cancels the till's previous unpaid invoice with a new one, and leaves a web shop's alone", () => {
    const { register, send, core } = makeCore();
    const till = register();
    const [web1, web2] = [send(), send()];
    const [first, second] = [send({}, till.context), send({}, till.context)];
    expect([web1, web2, first, second].map((reference) => core.invoice(reference)?.status)).toEqual([
      "ISSUED",
      "ISSUED",
      "CANCELED",
      "ISSUED",
    ]);
  });

  it("lets an executing payment finish on its own when a new invoice comes", () => {
    const { register, send, core } = makeCore();
    const till = register();
    const first = send({}, till.context);
    core.phone.beginPay(first);
    const second = send({}, till.context);
    core.phone.finishPay(first);
    expect([core.invoice(first)?.status, core.invoice(second)?.status]).toEqual(["PAID", "ISSUED"]);
  });

  it("leads a static code to the till's current invoice", () => {
    const { register, send, call, core } = makeCore();
    const till = register();
    expect(call("assignSeqrId", { seqrId: "Till7" }, till.context).resultCode).toBe(0);
    expect(() => core.phone.scan("HTTP://SEQR.SE/QTill7")).toThrow(/SANDBOX_NO_SUCH_INVOICE/);
    send({}, till.context);
    const reference = send({}, till.context);
    expect(core.phone.scan("HTTP://SEQR.SE/QTill7").invoiceReference).toBe(reference);
  });

  it("answers a till that asks without a reference, and no web shop", () => {
    const { register, send, call } = makeCore();
    const till = register();
    send({}, till.context);
    send();
    expect(call("getPaymentStatus", { invoiceVersion: 0 }, till.context)).toMatchObject({ status: "ISSUED" });
    expect(call("getPaymentStatus", { invoiceVersion: 0 }).resultCode).toBe(54);
  });

  it("accepts unused SEQR ids of letters and digits", () => {
    const { register, call } = makeCore();
    const [one, two] = [register(), register()];
    expect(call("assignSeqrId", { seqrId: "no-dash" }, one.context).resultCode).toBe(53);
    expect(call("assignSeqrId", {}, one.context).resultCode).toBe(53);
    expect(call("assignSeqrId", { seqrId: "Shop1" }, one.context).resultCode).toBe(0);
    expect(call("assignSeqrId", { seqrId: "Shop1" }, one.context).resultCode).toBe(0);
    expect(call("assignSeqrId", { seqrId: "Shop1" }, two.context).resultCode).toBe(53);
    expect(call("assignSeqrId", { seqrId: "Shop2" }, one.context).resultCode).toBe(0);
    expect(call("assignSeqrId", { seqrId: "Shop1" }, two.context).resultCode).toBe(0);
  });

  it("registers a too short password and then denies the essential things with 21", () => {
    const { register, call } = makeCore();
    const till = register("Till", "123");
    expect(call("sendInvoice", {}, till.context).resultCode).toBe(21);
    expect(
      call("getPaymentStatus", { invoiceReference: "1", invoiceVersion: 0 }, till.context).resultCode,
    ).toBe(21);
    expect(call("unregisterTerminal", {}, till.context).resultCode).toBe(21);
  });

  it("cancels open invoices when a till is unregistered, and does not know it any more", () => {
    const { register, send, call, core } = makeCore();
    const till = register();
    call("assignSeqrId", { seqrId: "Till7" }, till.context);
    const reference = send({}, till.context);
    expect(call("unregisterTerminal", {}, RESELLER).resultCode).toBe(91);
    expect(call("unregisterTerminal", {}, till.context).resultCode).toBe(0);
    expect(core.invoice(reference)?.status).toBe("CANCELED");
    expect(call("sendInvoice", {}, till.context).resultCode).toBe(29);
    expect(call("assignSeqrId", { seqrId: "Till7" }, register().context).resultCode).toBe(0);
  });

  it("registers the same external id twice as two terminals", () => {
    const { register } = makeCore();
    expect(register("Till").id).not.toBe(register("Till").id);
  });

  it("takes terminals that are put there, and blocks them with 33", () => {
    const { core, call } = makeCore();
    const terminal = {
      id: "__proto__",
      password: "secret",
      kind: "webshop",
      currency: "SEK",
      resellerId: "public_test_shop",
      name: "Shop",
    } as const;
    const context = contextOf("TERMINALID", "__proto__", "secret");
    expect(call("cancelInvoice", {}, context).resultCode).toBe(29);
    core.putTerminal(terminal);
    expect(call("cancelInvoice", {}, context).resultCode).toBe(54);
    core.putTerminal({ ...terminal, blocked: true });
    expect(call("cancelInvoice", {}, context).resultCode).toBe(33);
  });
});
