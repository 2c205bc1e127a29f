import { until } from "../../testkit/http";
import type { Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

describe("the log of a store", () => {
  let store: TestStore;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= store.stop());
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store && stop().catch(() => undefined));

  /** The lines about money of a payment session: names of events, and their fields. */
  const events = ({ id }: Session): { event: string; fields: Record<string, string> }[] =>
    store
      .log()
      .split("\n")
      .filter((line) => line.includes(`session_id=${id}`))
      .map((line) => {
        const { event = "", ...fields } = Object.fromEntries(
          [...line.matchAll(/(\w+)=([^\s"]+)/g)].map(([, name, value]) => [name, value]),
        ) as Record<string, string>;
        return { event, fields };
      });

  it("tells of each money event once, in one line, with everything to find it by", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order, ers_reference } = await shopper.statusBecomes(session, "paid");
    const staff = await store.staff();
    await staff.refund(order?.id ?? "", 100);
    await until(
      () => Promise.resolve(events(session)),
      (found) => found.some(({ event }) => event === "refund.made"),
    );

    const [seqr] = await staff.seqrPayments(order?.id ?? "");
    const ids = {
      invoice_id: seqr?.id,
      invoice_reference: session.data.invoice_reference,
      session_id: session.id,
      cart_id: shopper.cartId,
      currency_code: "SEK",
    };
    const paid = { ...ids, ers_reference, amount: session.data.amount };
    const [refund] = seqr?.refunds ?? [];
    expect(events(session)).toMatchObject([
      { event: "invoice.opened", fields: { ...ids, amount: session.data.amount } },
      { event: "payment.received", fields: paid },
      { event: "payment.captured", fields: paid },
      { event: "payment.completed", fields: { ...paid, order_id: order?.id } },
      {
        event: "refund.made",
        fields: {
          ...{ ...paid, order_id: order?.id, amount: "100.00" },
          ...{ refund_id: refund?.id, refund_reference: refund?.refund_reference },
        },
      },
    ]);
  });

  it("fails the tests when there is a secret in it", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const { token } = (await shopper.startPayment()).data;
    // Medusa writes down what it is asked for: here a token, where we do not take it out.
    await fetch(`${store.server.url}/store/regions?q=${token}`);
    await until(
      () => Promise.resolve(store.log()),
      (log) => log.includes(token),
    );
    await expect(stop()).rejects.toThrow(/holds what it must not:\n.*\/store\/regions\?q=<token>/);
  });
});
