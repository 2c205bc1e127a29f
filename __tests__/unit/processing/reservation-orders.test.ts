import { setImmediate as turn } from "node:timers/promises";
import { MedusaError } from "@medusajs/framework/utils";
import { after } from "../../../src/clock";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { cancelAbandonedOrder } from "../../../src/processing/cancel-abandoned-order";
import { completeCartThenPoll } from "../../../src/processing/complete-cart-then-poll";
import type { PaymentRun } from "../../../src/processing/payment-run";
import { confirmOrder, placeOrder } from "../../../src/processing/place-order";
import type { Purchase, Store } from "../../../src/processing/store-port";
import { present } from "../modules/ledger-contract";
import { startStoreWorld, type Checkout, type StoreWorld } from "./store-world";

const AWAY = new Error("Medusa is away");

describe.each(["manual", "automatic"] as const)(
  "an order whose payment is captured in a way that is %s",
  (capture) => {
    const isReserved = capture === "manual";
    const [held, given, placed] = isReserved
      ? (["reserved", "authorized", "awaiting_capture"] as const)
      : (["paid", "captured", "completed"] as const);
    let world: StoreWorld;
    let sale: Checkout;
    let run: PaymentRun;
    let asked: string[];
    beforeEach(async () => {
      world = await startStoreWorld({ options: { capture }, isDistant: true });
      sale = await world.checkout();
      run = { ...world.processing, source: "watch" };
      asked = [];
    });
    afterEach(() => world.stop());

    const row = () => world.row(sale.invoice);
    const answer = (name: keyof Store, give: (...given: unknown[]) => unknown): void => {
      const method = async (...given: unknown[]): Promise<unknown> => {
        asked.push([name, ...given].join(" "));
        for (let turns = 0; turns < 3; turns++) await turn();
        return give(...given);
      };
      Object.assign(world.store, { [name]: method });
    };
    const fail = (name: keyof Store): void =>
      answer(name, () => {
        throw AWAY;
      });
    const purchase = (more: Partial<Purchase> | undefined): void =>
      answer("purchaseOf", () => more && { amount: "100.00", isUnpaid: true, paidOtherwise: false, ...more });
    const force = (patch: Partial<InvoiceRecord>): void =>
      void Object.assign(present(world.ledger.invoices.find(({ id }) => id === sale.invoice.id)), patch);

    it("is placed", async () => {
      await world.take(sale.invoice);
      answer("recordCaptureInOrder", () => "core");
      await placeOrder(run, await row());
      expect(await row()).toMatchObject({ state: placed, attempts: 0, problem: null });
      expect(asked.length).toBe(isReserved ? 0 : 1);
    });

    it("is placed until the reservation may have lapsed", async () => {
      await world.take(sale.invoice);
      force({ reserved_until: after(world.now(), 1) });
      await placeOrder(run, await row());
      expect((await row()).state).toBe(placed);
    });

    it("is placed at that moment only of what is charged", async () => {
      await world.take(sale.invoice);
      force({ reserved_until: world.now() });
      await placeOrder(run, await row());
      expect(await row()).toMatchObject(
        isReserved ? { state: "canceled", reason: "seqr" } : { state: placed },
      );
    });

    it("is tried again when it could not be read", async () => {
      await world.take(sale.invoice);
      fail("order");
      await placeOrder(run, await row());
      expect(await row()).toMatchObject({ state: held, attempts: 1, problem: "SEQR_ORDER_FAILED" });
    });

    it("is not tried again when it was only not read at the end", async () => {
      await world.take(sale.invoice);
      const { ledger } = world;
      const take = ledger.transition.bind(ledger);
      jest.spyOn(ledger, "transition").mockImplementation(async (...step) => {
        const moved = await take(...step);
        if (step[1] === placed) jest.spyOn(ledger, "find").mockRejectedValueOnce(AWAY);
        return moved;
      });
      await placeOrder(run, await row());
      expect(await row()).toMatchObject({ state: placed, attempts: 0, problem: null });
    });

    it.each([
      [11, false],
      [12, true],
    ])(
      "that Medusa does not have after a minute is given up after twelve tries (%i: %s)",
      async (attempts, isGivenUp) => {
        await world.take(sale.invoice);
        force({ state: given, state_since: after(world.now(), -60_000), attempts });
        purchase({ cartId: sale.cartId });
        answer("completeCart", () => ({ outcome: "failed", message: "it fails" }));
        await confirmOrder(run, await row());
        const completions = asked.filter((call) => call.startsWith("completeCart"));
        expect(completions).toHaveLength(isGivenUp ? 0 : 1);
      },
    );

    it("that was there before is paid in the way of the payment", async () => {
      const extra = await world.extraPayment();
      sale = extra;
      await world.take(extra.invoice);
      answer("authorizeForExistingOrder", () => ({ outcome: "failed", message: "it fails" }));
      await placeOrder(run, await row());
      expect(asked).toEqual([`authorizeForExistingOrder ${extra.session.id} 100.00 ${given}`]);
    });

    describe("whose payment ended", () => {
      beforeEach(() => {
        force({ state: "canceled", state_since: after(world.now(), -60_000) });
        if (isReserved) force({ reserved_amount: "100.00" });
        answer("dropSession", () => undefined);
        answer("recordCaptureInOrder", () => "none");
      });
      const cancel = async () => cancelAbandonedOrder(run, await row());
      const calls = (name: keyof Store): string[] => asked.filter((call) => call.startsWith(`${name} `));

      it("loses the session of its reservation", async () => {
        await cancel();
        expect(calls("dropSession")).toHaveLength(isReserved ? 1 : 0);
      });

      if (isReserved)
        it("has that tried again", async () => {
          fail("dropSession");
          expect(await cancel()).toMatchObject({ attempts: 1 });
        });

      it.each([false, true])("is linked and cancelled (linking fails: %s)", async (isFailing) => {
        const order = world.placeOrder(sale, { placedAt: after(world.now(), -60_000) });
        purchase({ cartId: sale.cartId, orderId: order.id });
        answer("linkInterruptedOrder", () => {
          if (isFailing) throw AWAY;
        });
        expect(await cancel()).toMatchObject({ attempts: isFailing ? 1 : 0 });
        expect([calls("linkInterruptedOrder").length, order.isCanceled]).toEqual([1, !isFailing]);
      });

      it("was not placed with an extra payment whose session is gone", async () => {
        const order = world.placeOrder(sale, { placedAt: after(world.now(), -60_000) });
        force({ cart_id: null });
        purchase(undefined);
        answer("unpayableOrderOf", () => order.id);
        await cancel();
        expect([calls("unpayableOrderOf"), order.isCanceled]).toEqual([[], false]);
      });

      it("has the transaction of its capture", async () => {
        force({ capture_key: "capt_1", state_since: world.now() });
        purchase({ cartId: sale.cartId, orderId: "order_1", paymentId: "pay_1" });
        answer("endAuthorization", () => false);
        expect(await cancel()).toMatchObject({ attempts: 1 });
        expect(calls("recordCaptureInOrder")).toEqual(["recordCaptureInOrder order_1 pay_1 false capt_1"]);
      });
    });

    it("that is impossible leaves an announced payment unread, but not a reservation", async () => {
      present(world.rows.carts.get(sale.cartId)).obstacle = new MedusaError(
        "not_allowed",
        "Not enough stock",
      );
      await world.pay(sale.invoice);
      world.asked();
      await completeCartThenPoll(run, await row());
      expect((await row()).state).toBe(isReserved ? "reserved" : "unacknowledged");
      expect(world.asked()).toEqual(isReserved ? ["getPaymentStatus 0"] : []);
    });
  },
);
