import { DEFAULT_SETTINGS, Sandbox, TurnableClock, countingIds } from "../../../src/sandbox";
import { INVOICE, makeCore, START } from "./core-fixture";

describe("the state", () => {
  it("belongs to the sandbox only", () => {
    const { core, call, send, status } = makeCore();
    const invoice = structuredClone(INVOICE);
    const reference = call("sendInvoice", { invoice }).invoiceReference ?? "";
    invoice.title = "Changed";
    core.phone.pay(reference).invoice.title = "Changed";
    const paid = status(reference);
    if (paid.receipt?.invoice) paid.receipt.invoice.title = "Changed";
    const [view] = core.invoices();
    if (view) view.invoice.title = "Changed";
    core.snapshot().invoices.forEach((stored) => (stored.invoice.title = "Changed"));
    expect(status(reference).receipt?.invoice?.title).toBe(INVOICE.title);
    expect(core.invoices()[0]?.invoice.title).toBe(INVOICE.title);
    expect(send()).not.toBe(reference);
  });
});

describe("the 20-second rule (PROTOCOL 4.4)", () => {
  it("reverses an unacknowledged payment, and sends the shopper a text message", () => {
    const { core, clock, send, status } = makeCore();
    const reference = send();
    clock.advance(1_000);
    core.phone.pay(reference);
    clock.advance(19_999);
    expect(core.invoice(reference)?.status).toBe("PAID");
    expect(core.sms()).toEqual([]);
    clock.advance(1);
    expect(status(reference)).toMatchObject({ status: "CANCELED", version: 2 });
    expect(status(reference).ersReference).toBeUndefined();
    expect(core.sms()).toEqual([
      {
        at: START + 21_000,
        to: DEFAULT_SETTINGS.shopper.msisdn,
        text: expect.stringContaining("12.50 SEK"),
        invoiceReference: reference,
      },
    ]);
    expect(core.transactions()[0]?.reversed).toBe(true);
  });

  it("is satisfied by any question, whatever version it carries", () => {
    const { core, clock, send, status } = makeCore();
    const reference = send();
    core.phone.pay(reference);
    clock.advance(19_999);
    expect(status(reference, 0).status).toBe("PAID");
    clock.advance(86_400_000);
    expect(status(reference, 0).status).toBe("PAID");
    expect(core.sms()).toEqual([]);
  });

  it("wants the version echoed in strict mode", () => {
    const { core, clock, send, status } = makeCore({ strict: true });
    const [echoed, ignored] = [send(), send()];
    core.phone.pay(echoed);
    core.phone.pay(ignored);
    expect(status(ignored, 0)).toMatchObject({ status: "PAID", version: 1 });
    status(echoed, 0);
    status(echoed, 1);
    clock.advance(20_000);
    expect([status(echoed, 1).status, status(ignored, 1).status]).toEqual(["PAID", "CANCELED"]);
  });

  it("takes another delay, or none at all", () => {
    const short = makeCore({ reversalAfter: 500 });
    const reference = short.send();
    short.core.phone.pay(reference);
    short.clock.advance(500);
    expect(short.status(reference).status).toBe("CANCELED");
    const never = makeCore({ reversalAfter: Infinity });
    const other = never.send();
    never.core.phone.pay(other);
    never.clock.advance(1e9);
    expect(never.status(other).status).toBe("PAID");
  });

  it("happens after a restart at its original time", () => {
    const { core, clock, send } = makeCore();
    const reference = send();
    core.phone.pay(reference);
    clock.advance(12_000);
    const snapshot = JSON.parse(JSON.stringify(core.snapshot())) as ReturnType<Sandbox["snapshot"]>;
    const later = new TurnableClock(snapshot.at);
    const restored = new Sandbox({ clock: later, ids: countingIds() });
    restored.restore(snapshot);
    expect(restored.snapshot()).toEqual(snapshot);
    later.advance(7_999);
    expect(restored.invoice(reference)?.status).toBe("PAID");
    later.advance(1);
    expect(restored.invoice(reference)?.status).toBe("CANCELED");
    expect(core.invoice(reference)?.status).toBe("PAID");
  });

  it("is forgotten with everything else on reset", () => {
    const { core, clock, send } = makeCore();
    core.phone.pay(send());
    core.faults.add({ kind: "hang" });
    core.reset();
    clock.advance(60_000);
    expect([
      core.invoices(),
      core.transactions(),
      core.sms(),
      core.notifications(),
      core.faults.list(),
    ]).toEqual([[], [], [], [], []]);
    expect(core.terminals().map(({ id }) => id)).toContain("public_test_shop_terminal");
  });
});
