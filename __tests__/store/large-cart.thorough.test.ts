import { until } from "../../testkit/http";
import { startTestStore, type TestStore } from "./kit/store";

const LINES = 1_200;
/** Milliseconds after which SEQR takes back a payment that nobody asked about. */
const REVERSED_AFTER = 20_000;

/** Medusa takes long over the order of such a cart: 14 seconds on a small machine that has other things to do. */
describe("a cart with 1,200 lines", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  /** Copies the cart's only line. Over HTTP that would take longer than all the rest. */
  const multiplyLine = (cartId: string) =>
    store.sql(
      `insert into cart_line_item
       select (jsonb_populate_record(null::cart_line_item, to_jsonb(line) || jsonb_build_object('id', line.id || number))).*
       from cart_line_item line, generate_series(2, ${LINES}) number where cart_id = $1`,
      [cartId],
    );

  it("is paid exactly, SEQR is asked in time, and there is one order", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ "NOTE-A5": 1 });
    await multiplyLine(shopper.cartId);
    const { items, total } = await shopper.cart();
    expect(items).toHaveLength(LINES);
    const session = await shopper.startPayment();
    expect(session.data.amount).toBe(total.toFixed(2));

    const reference = session.data.invoice_reference;
    await store.sandbox.phone.pay(session.data.qr_text);
    const paidAt = Date.now();
    const { order } = await shopper.statusBecomes(session, "paid", 240);
    const asked = store.sandbox
      .calls()
      .filter((call) => call.operation === "getPaymentStatus" && call.invoiceReference === reference);
    expect(asked.some(({ at }) => at > paidAt - 1_000 && at < paidAt + REVERSED_AFTER)).toBe(true);
    expect(store.sandbox.core.invoice(reference)?.status).toBe("PAID");
    await until(
      () =>
        store.sql("select 1 from seqr_invoice where session_id = $1 and state = 'completed'", [session.id]),
      (rows) => rows.length === 1,
      { seconds: 120 },
    );
    const payment = await (await store.staff()).payment(order?.id ?? "");
    expect(payment).toMatchObject({ amount: total, captures: [{ amount: total }] });
  });
});
