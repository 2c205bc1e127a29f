import { Modules } from "@medusajs/framework/utils";
import { nextDue } from "../../../src/modules/seqr/invoice/polling-schedule";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import {
  cancelOpenInvoicesOf,
  confirmCaptureOf,
  processPaymentsOfOrder,
  releaseAfterCompletion,
} from "../../../src/medusa/process-order-payments";
import { present } from "../modules/ledger-contract";
import {
  containerOf,
  startStoreWorld,
  type Checkout,
  type Order,
  type StoreWorld,
} from "../processing/store-world";
import { acquireLease } from "../../../src/modules/seqr/ledger/lease";

describe("when a storefront", () => {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await startStoreWorld();
  });
  afterEach(() => world.stop());

  /** The storefront completed the cart: its order is there, and the ledger does not know yet. */
  const placed = async (isFree = false): Promise<Checkout & { order: Order }> => {
    const bought = await world.checkout();
    if (isFree) present(world.rows.carts.get(bought.cartId)).total = "0.00";
    else await world.pay(bought.invoice);
    const done = await world.store.completeCart(bought.cartId);
    if (done.outcome !== "order") throw new Error(done.message);
    world.asked();
    return { ...bought, order: present(world.rows.orders.get(done.orderId)) };
  };
  const force = ({ id }: InvoiceRecord, state: InvoiceState): void => {
    Object.assign(present(world.ledger.invoices.find((row) => row.id === id)), { state });
  };
  /** States of which neither an order that was placed nor one that is cancelled tells anything new. */
  const PROCESSED = ["open", "captured", "authorized", "committed"];
  const LEFT = INVOICE_STATES.filter((state) => !PROCESSED.includes(state));

  describe("has placed an order", () => {
    const confirm = (order: Order): Promise<void> => processPaymentsOfOrder(containerOf(world), order.id);

    it("its payment is processed with it, and free for others", async () => {
      const { invoice, order } = await placed();
      expect(await world.row(invoice)).toMatchObject({ state: "captured", order_id: null });
      await confirm(order);
      expect(await world.row(invoice)).toMatchObject({
        ...{ state: "completed", order_id: order.id, completed_at: world.now(), problem: null },
        lease_owner: null,
      });
      expect(world.asked()).toEqual([]);
    });

    it("an open code that it does not need is cancelled", async () => {
      const { invoice, order } = await placed(true);
      await confirm(order);
      expect(await world.row(invoice)).toMatchObject({ state: "canceled", lease_owner: null });
      expect(world.asked()).toEqual(["cancelInvoice 0"]);
    });

    it("a payment in any other state is left to the watch", async () => {
      const { invoice, order } = await placed();
      for (const state of LEFT) {
        force(invoice, state);
        const before = await world.row(invoice);
        await confirm(order);
        expect(await world.row(invoice)).toEqual(before);
      }
      expect(world.asked()).toEqual([]);
    });

    it("payments of other orders are left alone", async () => {
      const { invoice } = await placed();
      await confirm((await placed()).order);
      await processPaymentsOfOrder(containerOf(world), "order_other");
      expect(await world.row(invoice)).toMatchObject({ state: "captured" });
    });
  });

  describe("captures a payment", () => {
    const captured = async (
      state: InvoiceState,
    ): Promise<{ invoice: InvoiceRecord; questions: unknown[] }> => {
      const { invoice } = await world.checkout();
      const { invoice: other } = await world.checkout();
      force(invoice, state);
      force(other, state);
      const container = containerOf(world);
      const rows = [other, invoice].map(({ session_id }, index) => ({
        ...{ id: `pay_${index}`, payment_session_id: session_id, payment_session: { id: session_id } },
      }));
      const questions: unknown[] = [];
      const listPayments = async (filter: object, read: { relations?: string[] } = {}) => {
        questions.push(read);
        const found = rows.filter((row) =>
          Object.entries(filter).every(([name, value]) => row[name as keyof typeof row] === value),
        );
        return found.map(({ payment_session, ...row }) => ({
          ...{ ...row, captures: [] },
          ...(read.relations?.includes("payment_session") && { payment_session }),
        }));
      };
      Object.assign(container.resolve<object>(Modules.PAYMENT), { listPayments });
      await confirmCaptureOf(container, "pay_1");
      await confirmCaptureOf(container, "pay_none");
      return { invoice, questions };
    };

    it.each<[InvoiceState, boolean]>([
      ["committed", true],
      ["capturing", false],
      ["completed", false],
    ])("its reservation that is %s is processed: %s", async (state, isProcessed) => {
      const acquire = jest.spyOn(world.ledger, "acquireLease");
      const { invoice, questions } = await captured(state);
      expect(acquire.mock.calls.map(([id]) => id)).toEqual(isProcessed ? [invoice.id] : []);
      expect(await world.row(invoice)).toMatchObject({ state, lease_owner: null });
      expect(questions[0]).toEqual({ select: ["id"], relations: ["payment_session"] });
    });
  });

  describe("has an order that is cancelled", () => {
    const cancel = async (order: Order): Promise<void> => {
      order.isCanceled = true;
      await cancelOpenInvoicesOf(containerOf(world), order.id);
    };

    it("its open code is cancelled without being read", async () => {
      const { invoice, order } = await world.extraPayment();
      world.asked();
      await cancel(order);
      expect(await world.row(invoice)).toMatchObject({ state: "canceled", lease_owner: null });
      expect(world.asked()).toEqual(["cancelInvoice 0"]);
    });

    it("a payment in any other state is left as it is", async () => {
      const { invoice, order } = await world.extraPayment();
      world.asked();
      for (const state of [...LEFT, "captured"] as const) {
        force(invoice, state);
        const before = await world.row(invoice);
        await cancel(order);
        expect(await world.row(invoice)).toEqual(before);
      }
      expect(world.asked()).toEqual([]);
    });
  });

  describe("no longer completes a cart whose invoice was held meanwhile", () => {
    const hold = async (invoice: InvoiceRecord): Promise<InvoiceRecord> =>
      present(await acquireLease(world.seqr, invoice));

    it("its order is confirmed, and the invoice is free", async () => {
      const bought = await world.checkout();
      await world.pay(bought.invoice);
      const claimed = await hold(bought.invoice);
      const done = await world.store.completeCart(bought.cartId);
      world.asked();
      await releaseAfterCompletion(world.processing, claimed);
      expect(await world.row(bought.invoice)).toMatchObject({
        ...{ state: "completed", order_id: done.outcome === "order" && done.orderId, lease_owner: null },
      });
      expect(world.asked()).toEqual([]);
    });

    it("an invoice in any other state is only free, and due as its state asks for it", async () => {
      const { invoice } = await world.checkout();
      world.asked();
      for (const state of [...LEFT, "open"] as const) {
        force(invoice, state);
        const claimed = await hold(invoice);
        await releaseAfterCompletion(world.processing, claimed);
        const due_at = nextDue({ ...invoice, state }, world.now());
        expect(await world.row(invoice)).toEqual({ ...invoice, state, due_at });
      }
      expect(world.asked()).toEqual([]);
    });
  });
});
