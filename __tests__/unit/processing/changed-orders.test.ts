import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { type PollSource, pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { present } from "../modules/ledger-contract";
import { startStoreWorld, type Checkout, type Order, type StoreWorld } from "./store-world";

describe("an open code over what an edited order has outstanding", () => {
  let world: StoreWorld;
  let extra: Checkout & { order: Order };
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld();
    extra = await world.extraPayment("119.80");
    ({ invoice } = extra);
    world.asked();
  });
  afterEach(() => world.stop());

  const processInvoice = (): Promise<InvoiceRecord> => world.processInvoice(invoice);
  const collection = () => present(world.rows.collections.get(extra.collectionId));
  const cancellationGives = (resultCode: number): unknown =>
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode });

  interface Change {
    name: string;
    reason: string;
    make(): void;
  }
  const changes: Change[] = [
    {
      name: "edited down",
      reason: "amount_differs",
      make: () => void ((extra.order.outstanding = "59.90"), (collection().amount = "59.90")),
    },
    {
      name: "edited down, its collection left as it was",
      reason: "amount_differs",
      make: () => void (extra.order.outstanding = "59.90"),
    },
    {
      name: "edited up",
      reason: "amount_differs",
      make: () => void ((extra.order.outstanding = "179.70"), (collection().amount = "179.70")),
    },
    { name: "cancelled", reason: "order_canceled", make: () => void (extra.order.isCanceled = true) },
    { name: "edited back", reason: "nothing_owed", make: () => void (extra.order.outstanding = "0.00") },
    {
      name: "paid too much for",
      reason: "nothing_owed",
      make: () => void (extra.order.outstanding = "-20.00"),
    },
    {
      name: "edited, and paid by a reservation: its collection is cancelled",
      reason: "nothing_owed",
      make: () => void (collection().status = "canceled"),
    },
    {
      name: "taken away",
      reason: "order_impossible",
      make: () => Object.assign(collection(), { orderId: undefined, cartId: undefined }),
    },
  ];
  /** Of these the shop still knows the purchase. */
  const known = changes.filter(({ name }) => name !== "taken away");

  it.each(changes)("is cancelled before it is read when the order is $name", async ({ name, make }) => {
    make();
    expect(await processInvoice()).toMatchObject({ state: "canceled", reason: "superseded" });
    expect(world.asked()).toEqual(["cancelInvoice 0"]);
    expect(name).not.toBe("");
  });

  it.each(known)("that is being paid is left unread when the order is $name", async ({ reason, make }) => {
    make();
    cancellationGives(50);
    await world.sandbox.phone.beginPay(invoice.invoice_reference ?? "");
    expect(await processInvoice()).toMatchObject({ state: "unacknowledged", reason });
    // SEQR has taken it back by then, and reading it before would accept it.
    expect((await world.row(invoice)).due_at).toEqual(new Date(world.now().getTime() + 30_000));
    expect(world.asked()).toEqual(["cancelInvoice 50"]);
    expect(world.log).toContainEqual(expect.stringContaining("is not acknowledged"));
    await world.sandbox.phone.finishPay(invoice.invoice_reference ?? "");
    world.pass(60);
    expect(await processInvoice()).toMatchObject({ state: "canceled", reason: "reversed" });
    expect(world.refundsAtSeqr()).toEqual([]);
  });

  it.each(known)(
    "whose money came all the same is returned, and says that the order was $name",
    async ({ reason, make }) => {
      await world.take(invoice);
      make();
      expect(await processInvoice()).toMatchObject({ state: "refunded", reason });
      expect(world.refundsAtSeqr()).toEqual(["119.80"]);
      expect(world.rows.payments).toEqual([]);
    },
  );

  it.each(known)(
    "that was cancelled and is paid all the same is refunded: $name",
    async ({ reason, make }) => {
      make();
      // SEQR says that it has cancelled it, and has not.
      cancellationGives(0);
      expect(await processInvoice()).toMatchObject({ state: "canceled" });
      await world.pay(invoice);
      expect(await world.processInvoice(invoice, "notification")).toMatchObject({
        state: "refunded",
        reason,
      });
      expect(world.refundsAtSeqr()).toEqual(["119.80"]);
      expect(world.rows.payments).toEqual([]);
    },
  );

  it("stays when only a part of what the order has outstanding is asked for", async () => {
    extra.order.outstanding = "200.00";
    expect(await processInvoice()).toMatchObject({ state: "open" });
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    await world.pay(invoice);
    expect(await processInvoice()).toMatchObject({ state: "completed", order_id: extra.order.id });
  });

  it("stays when exactly that is outstanding", async () => {
    expect(await processInvoice()).toMatchObject({ state: "open" });
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
  });

  it("whose session is gone is cancelled", async () => {
    world.rows.sessions.delete(extra.session.id);
    expect(await processInvoice()).toMatchObject({ state: "canceled" });
    expect(world.asked()).toEqual(["cancelInvoice 0"]);
  });

  it("whose cancellation SEQR does not confirm is not read", async () => {
    extra.order.isCanceled = true;
    cancellationGives(90);
    expect(await processInvoice()).toMatchObject({ state: "canceling" });
    expect(world.asked()).toEqual(["cancelInvoice 90"]);
  });

  it("that another process has polled meanwhile is not left unacknowledged", async () => {
    extra.order.isCanceled = true;
    const { client } = world;
    const ask = client.cancelInvoice.bind(client);
    jest.spyOn(client, "cancelInvoice").mockImplementation(async (reference) => {
      await world.pay(invoice);
      await pollPaymentStatus(world.seqr, invoice, "completion");
      return ask(reference);
    });
    expect(await processInvoice()).toMatchObject({ state: "refunded", reason: "order_canceled" });
    expect(world.refundsAtSeqr()).toEqual(["119.80"]);
  });

  it.each(["open", "paid"])("that Medusa has taken in is not compared any more (%s)", async (state) => {
    const backup = world.ledger.copy();
    await world.take(invoice);
    await world.store.authorizeForExistingOrder(extra.session.id, "119.80", "captured");
    extra.order.outstanding = "0.00";
    // The ledger is older than Medusa.
    if (state === "open") world.ledger.restore(backup);
    expect(await processInvoice()).toMatchObject({ state: "completed", order_id: extra.order.id });
    expect(world.asked()).toEqual(state === "open" ? ["getPaymentStatus 0"] : []);
    expect(world.refundsAtSeqr()).toEqual([]);
  });
});

describe("an open code of a cart", () => {
  let world: StoreWorld;
  let bought: Checkout;
  beforeEach(async () => {
    world = await startStoreWorld();
    bought = await world.checkout();
    world.asked();
  });
  afterEach(() => world.stop());

  const processInvoice = (source: PollSource): Promise<InvoiceRecord> =>
    world.processInvoice(bought.invoice, source);
  it.each([
    ["has nothing to pay", { outstanding: "0.00" }],
    ["is cancelled", { isCanceled: true }],
  ])("is cancelled when its order %s", async (_, change) => {
    world.placeOrder(bought, change);
    expect(await processInvoice("completion")).toMatchObject({ state: "canceled", reason: "superseded" });
    expect(world.asked()).toEqual(["cancelInvoice 0"]);
  });

  it.each([
    ["nothing_owed", { outstanding: "0.00" }],
    ["order_canceled", { isCanceled: true }],
  ])("that is being paid is left unread (%s)", async (reason, change) => {
    world.placeOrder(bought, change);
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode: 50 });
    expect(await processInvoice("completion")).toMatchObject({ state: "unacknowledged", reason });
  });

  it("is cancelled when its order was paid in another way", async () => {
    world.placeOrder(bought);
    world.payOtherwise(bought);
    world.sandbox.faults.add({ operation: "cancelInvoice", kind: "result-code", resultCode: 50 });
    expect(await processInvoice("completion")).toMatchObject({
      state: "unacknowledged",
      reason: "paid_twice",
    });
  });

  it("is cancelled when its session is gone", async () => {
    world.rows.sessions.delete(bought.session.id);
    expect(await processInvoice("browser")).toMatchObject({ state: "canceled" });
  });

  it("stays while its order waits for the money", async () => {
    world.placeOrder(bought);
    expect(await processInvoice("completion")).toMatchObject({ state: "open" });
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
  });

  it("costs the watch no look at the store", async () => {
    const purchase = jest.spyOn(world.store, "purchaseOf");
    expect(await processInvoice("watch")).toMatchObject({ state: "open" });
    expect(purchase).not.toHaveBeenCalled();
  });
});
