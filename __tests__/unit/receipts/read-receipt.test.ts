import { readReceipt, type ReceiptSubject } from "../../../src/receipts/read-receipt";
import type { Query } from "../../../src/medusa/queries";
import { startWorld, type World } from "../modules/seqr-world";

interface Version {
  total: number;
  tax_total: number;
  discount_total: number;
  credit_line_total: number;
  items: object[];
  shipping_methods: object[];
}

const MUGS = {
  product_title: "Mug",
  variant_title: "Mug",
  quantity: 2,
  total: 258,
  tax_lines: [{ rate: 25 }],
};
const DELIVERY = { name: "Delivery", total: 108.9, tax_lines: [{ rate: 25 }] };
const PLACED: Version = {
  ...{ total: 366.9, tax_total: 73.38, discount_total: 0, credit_line_total: 0 },
  items: [MUGS],
  shipping_methods: [DELIVERY],
};

describe("what a receipt says of an order", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  /** Medusa's answers: an order in its versions, and the transaction of its capture. */
  const medusa = (versions: Version[], capturedIn: number | undefined): Query =>
    ({
      graph: ({ entity, filters }: { entity: string; filters: Record<string, unknown> }) => {
        if (entity === "payment") return Promise.resolve({ data: [{ captures: [{ id: "capt_1" }] }] });
        if (entity === "order_transaction") {
          expect(filters).toMatchObject({ reference: "capture", reference_id: ["capt_1"] });
          return Promise.resolve({ data: capturedIn === undefined ? [] : [{ version: capturedIn }] });
        }
        const { version = versions.length } = filters as { version?: number };
        return Promise.resolve({ data: [{ id: "order_1", display_id: 7, ...versions[version - 1] }] });
      },
    }) as unknown as Query;

  const subject = async (): Promise<ReceiptSubject> => {
    const invoice = { ...(await world.paid("completed")), order_id: "order_1" };
    const [receipt] = await world.ledger.receiptsOf([invoice.id]);
    if (!receipt) throw new Error("no receipt");
    return { receipt, invoice, refund: undefined, options: world.context.terminals.first.options };
  };

  it("has the rows, and their total before what a gift card has paid", async () => {
    const versions = [{ ...PLACED, total: 266.9, credit_line_total: 100 }];
    const { order } = await readReceipt(medusa(versions, 1), await subject());
    expect(order).toMatchObject({
      ...{ total: "366.90", credit_total: "100.00", tax_total: "73.38", rounding: "0.00" },
      rows: [
        { title: "Mug", total: "258.00", tax_rate: 25 },
        { title: "Delivery", total: "108.90" },
      ],
    });
  });

  it.each([
    ["refunded in part", { ...PLACED, total: 266.9, credit_line_total: 100 }],
    ["cancelled", { ...PLACED, total: 0, credit_line_total: 366.9 }],
    ["edited", { ...PLACED, total: 237.9, tax_total: 47.58, items: [{ ...MUGS, quantity: 1, total: 129 }] }],
  ])("is as it was paid when the order was %s before the receipt was made", async (_, later) => {
    const { order } = await readReceipt(medusa([PLACED, later], 1), await subject());
    expect(order).toMatchObject({ total: "366.90", credit_total: "0.00", tax_total: "73.38" });
    expect(order?.rows[0]).toMatchObject({ quantity: "2", total: "258.00" });
  });

  it("is as it was captured when it was edited before", async () => {
    const edited = { ...PLACED, total: 237.9, items: [{ ...MUGS, quantity: 1, total: 129 }] };
    const { order } = await readReceipt(medusa([PLACED, edited], 2), await subject());
    expect(order).toMatchObject({ total: "237.90", rounding: "0.00" });
  });

  it("is the latest one where Medusa has no transaction of the payment, and its sums agree", async () => {
    const canceled = { ...PLACED, total: 0, credit_line_total: 366.9 };
    const { order } = await readReceipt(medusa([PLACED, canceled], undefined), await subject());
    expect(order).toMatchObject({ total: "366.90", credit_total: "366.90" });
  });

  it("names what rounding each row alone has added or removed", async () => {
    const third = { ...MUGS, total: 100 / 3 };
    const versions = [{ ...PLACED, total: 100, items: [third, third, third], shipping_methods: [] }];
    const { order } = await readReceipt(medusa(versions, 1), await subject());
    expect(order).toMatchObject({ total: "100.00", rounding: "0.01" });
    expect(order?.rows.map(({ total }) => total)).toEqual(["33.33", "33.33", "33.33"]);
  });
});
