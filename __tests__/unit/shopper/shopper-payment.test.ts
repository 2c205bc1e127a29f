import type { MedusaContainer } from "@medusajs/framework/types";
import type { CollectionRow, Query } from "../../../src/medusa/queries";
import { cancelInvoice, type InvoiceRecord, type OperationContext } from "../../../src/modules/seqr/public";
import { Terminals } from "../../../src/modules/seqr/operations/terminals";
import { restartPayment } from "../../../src/shopper/restart-payment";
import { shopperPayment } from "../../../src/shopper/shopper-payment";
import { TWO_TERMINALS } from "../modules/seqr-world";
import { containerOf, startStoreWorld, type StoreWorld } from "../processing/store-world";

describe("what a shopper sees of a payment", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld(TWO_TERMINALS);
  });
  afterEach(() => world.stop());

  /** Medusa with this purchase. */
  const medusa = (purchase: Partial<CollectionRow>, seqr: OperationContext = world.seqr): MedusaContainer => {
    const inner = containerOf(world);
    const query = inner.resolve<Query>("query");
    const graph = async (...question: Parameters<Query["graph"]>): Promise<unknown> =>
      question[0].entity === "payment_collection"
        ? { data: [{ amount: 100, ...purchase }] }
        : query.graph(...question);
    const resolve = (name: string): unknown =>
      name === "seqr" ? { context: seqr } : name === "query" ? { graph } : inner.resolve(name);
    return { resolve } as unknown as MedusaContainer;
  };
  const without = (name: string): OperationContext => ({
    ...world.seqr,
    terminals: new Terminals(world.seqr.terminals.all.filter((one) => one.name !== name)),
  });
  const canceled = async (): Promise<InvoiceRecord> => {
    const { invoice } = await world.checkout("100.00", "fi");
    await cancelInvoice(world.seqr, invoice, "shopper");
    return world.row(invoice);
  };

  it.each([
    ["the cart can be paid", { cart: { id: "cart_1" } }, true],
    ["the cart has become an order", { cart: { id: "cart_1", order: { id: "order_1" } } }, false],
    ["the edited order is to be paid", { order: { id: "order_1" } }, true],
    ["the edited order was cancelled", { order: { id: "order_1", canceled_at: "2030-01-01" } }, false],
    ["nothing is to be paid", { order: { id: "order_1" }, amount: 0 }, false],
    ["the cart was deleted", {}, false],
  ] as [string, Partial<CollectionRow>, boolean][])(
    "offers a new code after a cancelled one as it can be had when %s",
    async (_, purchase, can_renew) => {
      const invoice = await canceled();
      const container = medusa(purchase);
      expect(await shopperPayment(container, invoice)).toMatchObject({ status: "canceled", can_renew });
      if (!can_renew)
        await expect(restartPayment(container, invoice, "token")).rejects.toMatchObject({
          code: "SEQR_NOTHING_TO_PAY",
        });
    },
  );

  it.each([
    ["not in the options any more", () => without("fi")],
    [
      "retired",
      () => ({
        ...world.seqr,
        terminals: new Terminals(
          world.seqr.terminals.all.map((one) => ({ ...one, options: { ...one.options, retired: true } })),
        ),
      }),
    ],
  ])("offers no new code of a terminal that is %s", async (_, seqrNow) => {
    const invoice = await canceled();
    const container = medusa({ cart: { id: "cart_1" } }, seqrNow());
    expect(await shopperPayment(container, invoice)).toMatchObject({ can_renew: false });
  });

  it("says nothing of a new code while there is one, and after the payment", async () => {
    const { invoice } = await world.checkout("100.00", "fi");
    const container = medusa({ cart: { id: "cart_1" } });
    expect(await shopperPayment(container, invoice)).not.toHaveProperty("can_renew");
    const { invoice: sold } = await world.ordered("100.00", "fi");
    expect(await shopperPayment(container, sold)).not.toHaveProperty("can_renew");
  });

  it("is no code that the store cannot poll, because its terminal is not in the options any more", async () => {
    const { invoice, session } = await world.checkout("100.00", "fi");
    const purchase = { cart: { id: "cart_1" }, payment_sessions: [{ id: session.id, data: session.data }] };
    const token = String(session.data["token"]);
    const less = medusa(purchase, without("fi"));
    expect(await shopperPayment(medusa(purchase), invoice)).toMatchObject({ status: "waiting" });
    expect(await shopperPayment(less, invoice)).toMatchObject({ status: "checking" });
    expect(await restartPayment(medusa(purchase), invoice, token)).toMatchObject({ token });
    await expect(restartPayment(less, invoice, token)).rejects.toMatchObject({
      code: "SEQR_TERMINAL_UNKNOWN",
    });
  });
});
