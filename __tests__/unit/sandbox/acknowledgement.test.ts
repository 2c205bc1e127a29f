import { INVOICE, makeCore, sek } from "./core-fixture";

const CARD = { id: "X_CARD", value: "4711", description: "Card", status: 0 };
const REQUIRE = { acknowledgmentMode: "REQUIRE_ACKNOWLEDGMENT" } as const;
const OPTIONAL = { acknowledgmentMode: "OPTIONAL_ACKNOWLEDGMENT" } as const;

describe("acknowledging the shopper (PROTOCOL 7)", () => {
  it("waits for the shop and continues when it sends the version", () => {
    const { core, send, status } = makeCore();
    core.phone.setTokens([CARD]);
    const reference = send(REQUIRE);
    expect(status(reference)).toMatchObject({ status: "ISSUED", version: 0 });
    core.phone.scan(reference);
    const pending = { status: "PENDING_ISSUER_ACKNOWLEDGE", version: 1, customerTokens: [CARD] };
    expect(status(reference, 0)).toMatchObject(pending);
    expect(() => core.phone.pay(reference)).toThrow(/SANDBOX_WAITING_FOR_SHOP/);
    expect(status(reference, 1)).toMatchObject({ status: "ISSUED", version: 2 });
    core.phone.pay(reference);
    expect(status(reference, 2)).toMatchObject({ status: "PAID", version: 3 });
  });

  it("continues with a new bill when the shop updates, and keeps the shop's answer to the token", () => {
    const { core, call, send, status } = makeCore();
    core.phone.setTokens([CARD]);
    const reference = send(REQUIRE);
    core.phone.scan(reference);
    const invoice = { ...INVOICE, totalAmount: sek("10.00") };
    call("updateInvoice", { invoiceReference: reference, invoice, tokens: [{ ...CARD, status: 1 }] });
    expect(status(reference, 1)).toMatchObject({
      status: "ISSUED",
      version: 2,
      customerTokens: [{ ...CARD, status: 1 }],
    });
    expect(core.phone.pay(reference).invoice.totalAmount).toEqual(sek("10.00"));
  });

  it("is the rule when the mode is missing", () => {
    const { core, send, stage } = makeCore();
    const reference = send({ acknowledgmentMode: undefined });
    core.phone.scan(reference);
    expect(stage(reference)).toBe("pending");
  });

  it("happens in optional mode only when there is a card, and never without acknowledgment", () => {
    const { core, send, stage, status } = makeCore();
    const without = send(OPTIONAL);
    core.phone.scan(without);
    expect(stage(without)).toBe("scanned");
    core.phone.setTokens([CARD]);
    const withCard = send(OPTIONAL);
    core.phone.scan(withCard);
    expect(stage(withCard)).toBe("pending");
    const never = send();
    core.phone.scan(never);
    expect(stage(never)).toBe("scanned");
    expect(status(never)).toMatchObject({ version: 0 });
    expect(status(never).customerTokens).toBeUndefined();
  });

  it("lets a card swiped at the till win over the one in the app", () => {
    const { core, call, stage } = makeCore();
    core.phone.setTokens([CARD]);
    const swiped = { ...CARD, value: "0815", status: 1 };
    const reference = call("sendInvoice", {
      invoice: { ...INVOICE, ...OPTIONAL },
      tokens: [swiped],
    }).invoiceReference;
    core.phone.scan(reference ?? "");
    expect(stage(reference ?? "")).toBe("scanned");
  });

  it("counts a token that becomes known later, so that the old version acknowledges nothing", () => {
    const { core, send, status } = makeCore();
    const reference = send(REQUIRE);
    core.phone.scan(reference);
    core.phone.offerToken(reference, CARD);
    expect(status(reference, 1)).toMatchObject({ status: "PENDING_ISSUER_ACKNOWLEDGE", version: 2 });
    expect(status(reference, 2)).toMatchObject({ status: "ISSUED", version: 3 });
  });

  it("can be cancelled by either side", () => {
    const { core, call, send, status } = makeCore();
    const [a, b] = [send(REQUIRE), send(REQUIRE)];
    core.phone.scan(a);
    core.phone.scan(b);
    core.phone.cancel(a);
    expect(call("cancelInvoice", { invoiceReference: b }).resultCode).toBe(0);
    expect([status(a).status, status(b).status]).toEqual(["CANCELED", "CANCELED"]);
  });
});
