import { invoiceEvent, hasEvent, problemEvent, refundEvent, type MoneyEvent } from "./money-events";
import type { Ledger, RefundRecord } from "./ledger";

/**
 * The same ledger, which now tells of every step that it has taken: whoever takes it, wherever, it is said once, and
 * never of a step that somebody else took first.
 */
export function emittingEvents<L extends Ledger>(ledger: L, announce: (event: MoneyEvent) => void): L {
  const tell = (event: MoneyEvent | undefined): void => {
    if (event) announce(event);
  };
  const tellOfRefund = async (refund: RefundRecord | undefined): Promise<RefundRecord | undefined> => {
    const invoice = refund && (await ledger.find({ id: refund.invoice_id }));
    if (invoice) tell(refundEvent(invoice, refund));
    return refund;
  };
  const steps: Pick<Ledger, "transition" | "update" | "finishRefund" | "recordDecision" | "resolveRefund"> = {
    async update(id, patch, from) {
      const held = await ledger.update(id, patch, from);
      const invoice = held && hasEvent(patch.problem) ? await ledger.find({ id }) : undefined;
      if (invoice) tell(problemEvent(invoice));
      return held;
    },
    async transition(...step) {
      const moved = await ledger.transition(...step);
      if (moved) tell(invoiceEvent(moved));
      return moved;
    },
    async finishRefund(...step) {
      return tellOfRefund(await ledger.finishRefund(...step));
    },
    async recordDecision(decision, seen, change) {
      const changed = await ledger.recordDecision(decision, seen, change);
      if (changed && change.to !== undefined) tell(invoiceEvent(changed));
      return changed;
    },
    async resolveRefund(...step) {
      return tellOfRefund(await ledger.resolveRefund(...step));
    },
  };
  return new Proxy(ledger, {
    get(target, name) {
      const own: unknown = Reflect.get(steps, name) ?? Reflect.get(target, name);
      return typeof own === "function" ? (own.bind(target) as unknown) : own;
    },
  });
}
