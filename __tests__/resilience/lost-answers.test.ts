import type { CallFaultKind } from "../../src/sandbox/core/faults";
import { until } from "../../testkit/http";
import { violations } from "../store/kit/invariants";
import type { Session, Shopper } from "../store/kit/shopper";
import type { Staff } from "../store/kit/staff";
import { startTestStore, type TestStore } from "../store/kit/store";
import { comeToRest } from "../store/kit/time";

interface Trouble {
  kind: CallFaultKind;
  resultCode?: number;
}
const TROUBLES: Record<string, Trouble> = {
  "its answer is lost": { kind: "lost-answer" },
  "the request is lost": { kind: "lost-request" },
  "it never answers": { kind: "hang" },
  "it answers nonsense": { kind: "garbage" },
  "its answer breaks off": { kind: "cut-body" },
  "a gateway answers": { kind: "html" },
  "it answers 90": { kind: "result-code", resultCode: 90 },
  "it answers 93": { kind: "result-code", resultCode: 93 },
  "it answers 94": { kind: "result-code", resultCode: 94 },
};
const CASES = [
  ...Object.entries(TROUBLES).map(([words, trouble]) => [words, { ...trouble, times: 1 }] as const),
  // Longer than the plugin repeats a call by itself.
  ["its answer is lost three times", { kind: "lost-answer", times: 3 }] as const,
];

describe("a call of SEQR that goes wrong", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore({ env: { SEQR_RESPONSE_TIMEOUT: "1000" } });
    staff = await store.staff();
  });
  afterAll(() => store?.stop());
  afterEach(() => store.sandbox.faults.clear());

  const goWrong = (operation: string, trouble: Trouble & { times: number }): unknown =>
    store.sandbox.faults.add({ operation, ...trouble });

  async function checkout(): Promise<{ shopper: Shopper; session: Session }> {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    return { shopper, session: await shopper.startPayment() };
  }
  async function placed(): Promise<{ shopper: Shopper; session: Session; orderId: string }> {
    const { shopper, session } = await checkout();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid");
    return { shopper, session, orderId: order?.id ?? "" };
  }
  async function completed({ cartId }: Shopper): Promise<void> {
    await comeToRest(store.sql, [cartId], { seconds: 30, faster: 20 });
    expect(await violations(store, [cartId])).toEqual([]);
  }
  const ordersOf = async ({ cartId }: Shopper): Promise<number> =>
    (await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [cartId])).length;
  const refunds = (session: Session): string[] =>
    store.sandbox.core
      .transactions()
      .filter(
        ({ kind, invoiceReference }) =>
          kind === "refund" && invoiceReference === session.data.invoice_reference,
      )
      .map(({ amount }) => amount.value);

  describe("sendInvoice", () => {
    it.each(CASES)("can be asked for again when %s", async (_, trouble) => {
      const shopper = store.shopper();
      await shopper.fillCart({ MUG: 1 });
      goWrong("sendInvoice", trouble);
      const session = await until(
        () => shopper.startPayment().catch(() => undefined),
        (made) => made !== undefined,
      );
      if (!session) throw new Error("no session");
      await store.sandbox.phone.pay(session.data.qr_text);
      await shopper.statusBecomes(session, "paid");
      await completed(shopper);
      expect(await ordersOf(shopper)).toBe(1);
    });
  });

  describe("getPaymentStatus", () => {
    it.each(CASES)("does not keep a payment from its order when %s", async (_, trouble) => {
      const { shopper, session } = await checkout();
      goWrong("getPaymentStatus", trouble);
      await store.sandbox.phone.pay(session.data.qr_text);
      await completed(shopper);
      expect(await ordersOf(shopper)).toBe(1);
      expect(refunds(session)).toEqual([]);
    });
  });

  describe("cancelInvoice", () => {
    it.each(CASES)("ends in an invoice that nobody can pay when %s", async (_, trouble) => {
      const { shopper, session } = await checkout();
      goWrong("cancelInvoice", trouble);
      await fetch(`${session.data.page_url}/cancel`, { method: "POST" });
      await completed(shopper);
      expect(store.sandbox.core.invoice(session.data.invoice_reference)?.status).toBe("CANCELED");
      expect(await ordersOf(shopper)).toBe(0);
    });

    it.each(CASES)("does not lose a payment that was faster when %s", async (_, trouble) => {
      const { shopper, session } = await checkout();
      goWrong("cancelInvoice", trouble);
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      await store.sandbox.phone.pay(session.data.qr_text);
      await shopper.addItem("NOTE-A5").catch(() => undefined);
      await completed(shopper);
      expect((await ordersOf(shopper)) === 1 || refunds(session).length === 1).toBe(true);
    });
  });

  describe("refundPayment", () => {
    it.each(CASES)(
      "of a part is made once at most, and not again before a person has looked, when %s",
      async (_, trouble) => {
        const { shopper, session, orderId } = await placed();
        goWrong("refundPayment", trouble);
        await staff.refund(orderId, 10).catch(() => undefined);
        store.sandbox.faults.clear();
        const made = refunds(session);
        expect(["", "10.00"]).toContain(made.join());
        await completed(shopper);
        expect(refunds(session)).toEqual(made);
      },
    );

    it.each(CASES)("of all is made once at most when %s", async (_, trouble) => {
      const { shopper, session, orderId } = await placed();
      goWrong("refundPayment", trouble);
      await staff.refund(orderId).catch(() => undefined);
      await completed(shopper);
      expect(["", session.data.amount]).toContain(refunds(session).join());
    });

    it.each(CASES)("of a payment without an order is made once when %s", async (_, trouble) => {
      const { shopper, session } = await checkout();
      await store.sql("delete from payment_session where id = $1", [session.id]);
      goWrong("refundPayment", trouble);
      store.sandbox.faults.add({ operation: "notification", kind: "lost" });
      await store.sandbox.phone.pay(session.data.qr_text);
      const { backURL = "" } = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice ?? {};
      await fetch(backURL);
      await completed(shopper);
      expect(["", session.data.amount]).toContain(refunds(session).join());
      expect(await ordersOf(shopper)).toBe(0);
    });
  });
});
