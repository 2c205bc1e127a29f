import { decimalString } from "../../src/amounts";
import { sum } from "../../src/seqr/money";
import { until } from "../../testkit/http";
import { refundsAtSeqr } from "./kit/sale";
import type { Session, Shopper } from "./kit/shopper";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

/** Percent of VAT by product, as for food and books in Sweden; everything else has 25. */
const VAT: Record<string, number> = { "coffee-500": 12, "note-a5": 6 };
const PROMOTIONS: Record<string, number> = { SEVEN_AND_A_HALF: 7.5, FIFTEEN: 15 };
const NO_PROMOTION = "";

interface Basket {
  items: Record<string, number>;
  promotion: string;
}

const GOODS: Record<string, number>[] = [{ "COFFEE-500": 1 }, { MUG: 1 }, { SOCKS: 3, "NOTE-A5": 1 }];
const BASKETS: Basket[] = GOODS.flatMap((items) =>
  [NO_PROMOTION, ...Object.keys(PROMOTIONS)].map((promotion) => ({ items, promotion })),
);

describe("a total with more than two decimals", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
    await setTaxes();
    for (const [code, value] of Object.entries(PROMOTIONS)) await addPromotion(code, value);
  });
  afterAll(() => store?.stop());

  async function setTaxes(): Promise<void> {
    const { tax_regions } = await staff.admin<{ tax_regions: { id: string; country_code: string }[] }>(
      "GET",
      "/tax-regions",
    );
    const { products } = await staff.admin<{ products: { id: string; handle: string }[] }>(
      "GET",
      "/products",
    );
    for (const [handle, rate] of Object.entries(VAT)) {
      const tax_region_id = tax_regions.find(({ country_code }) => country_code === "se")?.id;
      const reference_id = products.find((product) => product.handle === handle)?.id;
      const rules = [{ reference: "product", reference_id }];
      await staff.admin("POST", "/tax-rates", {
        tax_region_id,
        rate,
        code: `vat${rate}`,
        name: `${rate} %`,
        rules,
      });
    }
  }

  function addPromotion(code: string, value: number): Promise<unknown> {
    const application_method = {
      type: "percentage",
      target_type: "items",
      allocation: "across",
      currency_code: "sek",
      value,
    };
    return staff.admin("POST", "/promotions", {
      code,
      type: "standard",
      status: "active",
      application_method,
    });
  }

  /** Whether prices in crowns include the tax; for the carts that are made from now on. */
  async function setPricesWithTax(is_tax_inclusive: boolean): Promise<void> {
    const { price_preferences } = await staff.admin<{ price_preferences: { id: string; value: string }[] }>(
      "GET",
      "/price-preferences?attribute=currency_code",
    );
    const id = price_preferences.find(({ value }) => value === "sek")?.id;
    await staff.admin("POST", `/price-preferences/${id}`, { is_tax_inclusive });
  }

  async function checkout({ items, promotion }: Basket): Promise<{ shopper: Shopper; session: Session }> {
    const shopper = store.shopper();
    await shopper.fillCart(items);
    if (promotion) {
      await shopper.store("POST", `/carts/${shopper.cartId}/promotions`, { promo_codes: [promotion] });
    }
    return { shopper, session: await shopper.startPayment() };
  }

  async function sell(basket: Basket) {
    const { shopper, session } = await checkout(basket);
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order, ers_reference } = await shopper.statusBecomes(session, "paid");
    const [row] = await until(
      () =>
        store.sql<{ state: string }>("select state from seqr_invoice where session_id = $1", [session.id]),
      ([one]) => one?.state === "completed",
    );
    expect(row).toEqual({ state: "completed" });
    return { orderId: order?.id ?? "", session, ersReference: ers_reference ?? "" };
  }

  describe.each([
    ["with tax", true],
    ["without tax", false],
  ])("of prices %s", (_what, isInclusive) => {
    beforeAll(() => setPricesWithTax(isInclusive));

    it.each(BASKETS)("is on the invoice as completion compares it: $items $promotion", async (basket) => {
      const { shopper, session } = await checkout(basket);
      // The order is written, its total is compared, and only then it is seen that nobody has paid.
      expect(await shopper.complete()).toMatchObject({
        type: "cart",
        error: { message: expect.stringContaining("has not been made yet") },
      });
      expect(session.data.amount).toBe(decimalString((await shopper.cart()).total));
    });
  });

  describe("on half a hundredth", () => {
    beforeAll(() => setPricesWithTax(true));

    it.each<[Basket, string]>([
      [{ items: { "COFFEE-500": 1 }, promotion: "SEVEN_AND_A_HALF" }, "131.33"],
      [{ items: { MUG: 1 }, promotion: "SEVEN_AND_A_HALF" }, "168.33"],
      [{ items: { "NOTE-A5": 1 }, promotion: "FIFTEEN" }, "99.92"],
      [{ items: { "COFFEE-500": 3, "NOTE-A5": 2 }, promotion: "SEVEN_AND_A_HALF" }, "406.79"],
    ])("can be paid, and nothing is left to attend to: %j", async (basket, amount) => {
      const { orderId, session } = await sell(basket);
      expect(session.data.amount).toBe(amount);
      expect(await staff.attention()).toEqual([]);
      expect(await staff.order(orderId)).toMatchObject({ payment_status: "captured" });
    });

    it.each<[number[], string[]]>([
      [
        [65.6625, 65.6625],
        ["65.66", "65.67"],
      ],
      [
        [43.775, 43.775, 43.775],
        ["43.78", "43.77", "43.78"],
      ],
      [
        [131.32, 0.005],
        ["131.32", "0.01"],
      ],
    ])(
      "can be refunded in parts of %j, until SEQR and Medusa have given everything back",
      async (parts, made) => {
        const basket = { items: { "COFFEE-500": 1 }, promotion: "SEVEN_AND_A_HALF" };
        const { orderId, ersReference } = await sell(basket);
        for (const part of parts) await staff.refund(orderId, part);
        const atSeqr = refundsAtSeqr(store, ersReference).map(({ amount }) => amount.value);
        expect(atSeqr).toEqual(made);
        expect(sum(atSeqr)).toBe("131.33");
        expect(await staff.order(orderId)).toMatchObject({ payment_status: "refunded" });
        expect(await staff.attention()).toEqual([]);
      },
    );

    it("can be refunded at once, and is when the order is cancelled", async () => {
      const basket = { items: { "COFFEE-500": 1 }, promotion: "SEVEN_AND_A_HALF" };
      const refunded = await sell(basket);
      await staff.refund(refunded.orderId);
      const canceled = await sell(basket);
      await staff.refund(canceled.orderId, 65.6625);
      await staff.cancel(canceled.orderId);
      const given = (reference: string) => refundsAtSeqr(store, reference).map(({ amount }) => amount.value);
      expect(given(refunded.ersReference)).toEqual(["131.33"]);
      expect(given(canceled.ersReference)).toEqual(["65.66", "65.67"]);
      expect(await staff.attention()).toEqual([]);
    });
  });

  describe("of which store credit pays a part", () => {
    beforeAll(() => setPricesWithTax(true));

    it("has its items, its discount and the credit on the invoice, and becomes the order", async () => {
      const shopper = store.shopper();
      await shopper.fillCart({ "COFFEE-500": 1 });
      await shopper.store("POST", `/carts/${shopper.cartId}/promotions`, {
        promo_codes: ["SEVEN_AND_A_HALF"],
      });
      await store.sql(
        `insert into credit_line (id, cart_id, reference, amount, raw_amount)
         values ('cacl_1', $1, 'store-credit', 50, '{"value": "50", "precision": 20}')`,
        [shopper.cartId],
      );
      const session = await shopper.startPayment();
      expect(session.data.amount).toBe("81.33");
      const { invoiceRows = [] } = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice ?? {};
      expect(invoiceRows.map((row) => [row.itemDescription, row.itemTotalAmount?.value])).toEqual([
        ["Coffee, dark roast, 500 g", "89.00"],
        [expect.stringContaining("Parcel"), "49.00"],
        ["Discount", "-6.67"],
        ["Credit", "-50.00"],
      ]);
      await store.sandbox.phone.pay(session.data.qr_text);
      const { order } = await shopper.statusBecomes(session, "paid");
      expect(decimalString((await staff.order(order?.id ?? "")).total)).toBe("81.33");
      expect(await staff.attention()).toEqual([]);
    });
  });
});
