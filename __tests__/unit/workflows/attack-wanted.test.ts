import { present } from "../modules/ledger-contract";
import { ProcessDied, startStoreWorld, type Order, type StoreWorld } from "./store-world";

describe("an order that is wanted", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(() => world.stop());

  const theOrder = (): Order => present([...world.rows.orders.values()][0]);

  it("is not cancelled when it was paid with credit and has been changed since", async () => {
    const bought = await world.checkout();
    // Store credit covers all of it; the event about the order is lost, so the code runs out.
    present(world.rows.carts.get(bought.cartId)).total = "0.00";
    await world.shop.completeCart(bought.cartId);
    await world.seqr.cancelInvoice(bought.invoice, "lifetime");
    // Staff add something before the follow-up comes (the worker was away).
    Object.assign(theOrder(), { total: "20.00", owed: "20.00" });
    world.pass(3_600);
    await world.settle(bought.invoice);
    expect(theOrder().isCanceled).toBe(false);
  });

  it("is not cancelled while another payment collection of it has an authorised payment", async () => {
    const bought = await world.checkout();
    world.points["order written"] = () => {
      throw new ProcessDied();
    };
    await expect(world.shop.completeCart(bought.cartId)).rejects.toBeInstanceOf(ProcessDied);
    await world.seqr.cancelInvoice(bought.invoice, "lifetime");
    // Staff send a link; its payment is authorised, and is captured when the goods go out.
    const link = { id: "pay_col_link", amount: "100.00", cartId: undefined, orderId: theOrder().id };
    world.rows.collections.set(link.id, link);
    world.payOtherwise({ collectionId: link.id });
    world.pass(3_600);
    await world.settle(bought.invoice);
    expect(theOrder().isCanceled).toBe(false);
  });
});
