import { randomUUID } from "node:crypto";
import type { InvoiceRecord, Ledger } from "../../../src/modules/seqr/ledger/ledger";
import { invoiceIn, present, step } from "./ledger-contract";

/** What every ledger keeps to about orders and their captures, wherever its rows are. `empty` gives one without rows. */
export function describeOrders(name: string, empty: () => Promise<Ledger>): void {
  describe(name, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await empty();
    });
    const find = async (id: string): Promise<InvoiceRecord> => present(await ledger.find({ id }));

    describe("an invoice", () => {
      it("is found by its order while that is what it paid", async () => {
        const orders = ["order_1", "order_2", "order_3"];
        const ids = [];
        for (const order_id of orders) {
          const { id } = await invoiceIn(ledger, "completed");
          await ledger.update(id, { order_id }, ["completed"]);
          ids.push(id);
        }
        const [first = "", second = ""] = ids;
        await invoiceIn(ledger, "completed");
        const found = async (): Promise<string[]> =>
          (await ledger.placedWith(orders.slice(0, 2))).map(({ id }) => id).sort();
        expect(await found()).toEqual([first, second].sort());
        await ledger.transition(second, "refund_due", step());
        expect(await found()).toEqual([first]);
        const reserved = await invoiceIn(ledger, "awaiting_capture");
        await ledger.update(reserved.id, { order_id: "order_2" }, ["awaiting_capture"]);
        expect(await found()).toEqual([first, reserved.id].sort());
      });
    });

    describe("a capture", () => {
      const captured = async (capture_key: string): Promise<string> => {
        const { id } = await invoiceIn(ledger, "capturing");
        await ledger.update(id, { capture_key }, ["capturing"]);
        return id;
      };

      it("is known by its key", async () => {
        const key = randomUUID();
        await captured(key);
        await captured(randomUUID());
        expect(await ledger.captureKeys([key, "nobody's"])).toEqual(new Set([key]));
        expect(await ledger.captureKeys([])).toEqual(new Set());
      });

      it("gets another key once, and only from the one that it has", async () => {
        const [key, other] = [randomUUID(), randomUUID()];
        const id = await captured(key);
        const otherId = await captured(other);
        expect(await ledger.rekeyCapture(id, other, "new")).toBe(false);
        expect(await ledger.rekeyCapture(otherId, key, "new")).toBe(false);
        expect(await ledger.rekeyCapture("seqrinv_none", key, "new")).toBe(false);
        const tries = await Promise.all(
          Array.from({ length: 8 }, () => ledger.rekeyCapture(id, key, `new ${key}`)),
        );
        expect(tries.filter(Boolean)).toHaveLength(1);
        expect([(await find(id)).capture_key, (await find(otherId)).capture_key]).toEqual([
          `new ${key}`,
          other,
        ]);
      });
    });
  });
}
