import { invoiceEvent, refundEvent, type MoneyEvent } from "./events";
import type { Ledger } from "./ledger";

/**
 * The same ledger, which now tells of every step that it has taken: whoever takes it, wherever, it is said once, and
 * never of a step that somebody else took first.
 */
export function announcing<L extends Ledger>(ledger: L, announce: (event: MoneyEvent) => void): L {
  const tell = (event: MoneyEvent | undefined): void => {
    if (event) announce(event);
  };
  const steps: Pick<Ledger, "transition" | "finishRefund"> = {
    async transition(...step) {
      const moved = await ledger.transition(...step);
      if (moved) tell(invoiceEvent(moved));
      return moved;
    },
    async finishRefund(...step) {
      const refund = await ledger.finishRefund(...step);
      const invoice = refund && (await ledger.find({ id: refund.invoice_id }));
      if (invoice) tell(refundEvent(invoice, refund));
      return refund;
    },
  };
  return new Proxy(ledger, {
    get(target, name) {
      const own: unknown = Reflect.get(steps, name) ?? Reflect.get(target, name);
      return typeof own === "function" ? (own.bind(target) as unknown) : own;
    },
  });
}
