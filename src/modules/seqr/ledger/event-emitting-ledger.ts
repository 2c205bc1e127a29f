import {
  hasEvent,
  invoiceEvent,
  problemEvent,
  receiptEvent,
  refundEvent,
  type MoneyEvent,
} from "./money-events";
import type { Ledger, RefundRecord } from "./ledger";

type Given<Name extends keyof Ledger> = Parameters<Ledger[Name]>;
type Result<Name extends keyof Ledger> = ReturnType<Ledger[Name]>;

/**
 * Emits one event for each committed transition of an invoice, a refund or a receipt, and for each recorded problem that has an event.
 * Decorates another ledger; a transition that another process took first emits nothing.
 */
export class EventEmittingLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly emit: (event: MoneyEvent) => void,
  ) {}

  async transition(...given: Given<"transition">): Result<"transition"> {
    const moved = await this.ledger.transition(...given);
    if (moved) this.emitIfAny(invoiceEvent(moved));
    return moved;
  }

  async update(...given: Given<"update">): Result<"update"> {
    const [id, { problem }] = given;
    const isUpdated = await this.ledger.update(...given);
    const invoice = isUpdated && hasEvent(problem) ? await this.ledger.find({ id }) : undefined;
    if (invoice) this.emitIfAny(problemEvent(invoice));
    return isUpdated;
  }

  async finishRefund(...given: Given<"finishRefund">): Result<"finishRefund"> {
    return this.emitRefundEvent(await this.ledger.finishRefund(...given));
  }

  async recordDecision(...given: Given<"recordDecision">): Result<"recordDecision"> {
    const [, , { to }] = given;
    const changed = await this.ledger.recordDecision(...given);
    if (changed && to !== undefined) this.emitIfAny(invoiceEvent(changed));
    return changed;
  }

  async resolveRefund(...given: Given<"resolveRefund">): Result<"resolveRefund"> {
    return this.emitRefundEvent(await this.ledger.resolveRefund(...given));
  }

  async finishReceipt(...given: Given<"finishReceipt">): Result<"finishReceipt"> {
    const receipt = await this.ledger.finishReceipt(...given);
    const invoice = receipt?.state === "refused" && (await this.ledger.find({ id: receipt.invoice_id }));
    if (invoice) this.emitIfAny(receiptEvent(invoice, receipt));
    return receipt;
  }

  private async emitRefundEvent(refund: RefundRecord | undefined): Promise<RefundRecord | undefined> {
    const invoice = refund && (await this.ledger.find({ id: refund.invoice_id }));
    if (invoice) this.emitIfAny(refundEvent(invoice, refund));
    return refund;
  }

  private emitIfAny(event: MoneyEvent | undefined): void {
    if (event) this.emit(event);
  }

  // Everything else is the decorated ledger's.

  find(...given: Given<"find">): Result<"find"> {
    return this.ledger.find(...given);
  }

  findByTokenHashes(...given: Given<"findByTokenHashes">): Result<"findByTokenHashes"> {
    return this.ledger.findByTokenHashes(...given);
  }

  findLive(...given: Given<"findLive">): Result<"findLive"> {
    return this.ledger.findLive(...given);
  }

  findLiveOfCart(...given: Given<"findLiveOfCart">): Result<"findLiveOfCart"> {
    return this.ledger.findLiveOfCart(...given);
  }

  invoicesOf(...given: Given<"invoicesOf">): Result<"invoicesOf"> {
    return this.ledger.invoicesOf(...given);
  }

  placedWith(...given: Given<"placedWith">): Result<"placedWith"> {
    return this.ledger.placedWith(...given);
  }

  captureKeys(...given: Given<"captureKeys">): Result<"captureKeys"> {
    return this.ledger.captureKeys(...given);
  }

  rekeyCapture(...given: Given<"rekeyCapture">): Result<"rekeyCapture"> {
    return this.ledger.rekeyCapture(...given);
  }

  latestPaid(...given: Given<"latestPaid">): Result<"latestPaid"> {
    return this.ledger.latestPaid(...given);
  }

  findAll(...given: Given<"findAll">): Result<"findAll"> {
    return this.ledger.findAll(...given);
  }

  attentionRows(...given: Given<"attentionRows">): Result<"attentionRows"> {
    return this.ledger.attentionRows(...given);
  }

  attentionCounts(...given: Given<"attentionCounts">): Result<"attentionCounts"> {
    return this.ledger.attentionCounts(...given);
  }

  insert(...given: Given<"insert">): Result<"insert"> {
    return this.ledger.insert(...given);
  }

  acquireDueLeases(...given: Given<"acquireDueLeases">): Result<"acquireDueLeases"> {
    return this.ledger.acquireDueLeases(...given);
  }

  clearProblemOf(...given: Given<"clearProblemOf">): Result<"clearProblemOf"> {
    return this.ledger.clearProblemOf(...given);
  }

  recordProblemOfOthers(...given: Given<"recordProblemOfOthers">): Result<"recordProblemOfOthers"> {
    return this.ledger.recordProblemOfOthers(...given);
  }

  acquireLease(...given: Given<"acquireLease">): Result<"acquireLease"> {
    return this.ledger.acquireLease(...given);
  }

  extendLease(...given: Given<"extendLease">): Result<"extendLease"> {
    return this.ledger.extendLease(...given);
  }

  releaseLease(...given: Given<"releaseLease">): Result<"releaseLease"> {
    return this.ledger.releaseLease(...given);
  }

  scheduleNow(...given: Given<"scheduleNow">): Result<"scheduleNow"> {
    return this.ledger.scheduleNow(...given);
  }

  recordPageViews(...given: Given<"recordPageViews">): Result<"recordPageViews"> {
    return this.ledger.recordPageViews(...given);
  }

  recordObservation(...given: Given<"recordObservation">): Result<"recordObservation"> {
    return this.ledger.recordObservation(...given);
  }

  observationsSince(...given: Given<"observationsSince">): Result<"observationsSince"> {
    return this.ledger.observationsSince(...given);
  }

  deleteObservations(...given: Given<"deleteObservations">): Result<"deleteObservations"> {
    return this.ledger.deleteObservations(...given);
  }

  refundsOf(...given: Given<"refundsOf">): Result<"refundsOf"> {
    return this.ledger.refundsOf(...given);
  }

  refundsOfAll(...given: Given<"refundsOfAll">): Result<"refundsOfAll"> {
    return this.ledger.refundsOfAll(...given);
  }

  refundKeys(...given: Given<"refundKeys">): Result<"refundKeys"> {
    return this.ledger.refundKeys(...given);
  }

  requestedRefunds(...given: Given<"requestedRefunds">): Result<"requestedRefunds"> {
    return this.ledger.requestedRefunds(...given);
  }

  refundsMade(...given: Given<"refundsMade">): Result<"refundsMade"> {
    return this.ledger.refundsMade(...given);
  }

  insertRefund(...given: Given<"insertRefund">): Result<"insertRefund"> {
    return this.ledger.insertRefund(...given);
  }

  rekeyRefund(...given: Given<"rekeyRefund">): Result<"rekeyRefund"> {
    return this.ledger.rekeyRefund(...given);
  }

  receiptsOf(...given: Given<"receiptsOf">): Result<"receiptsOf"> {
    return this.ledger.receiptsOf(...given);
  }

  acquireDueReceipts(...given: Given<"acquireDueReceipts">): Result<"acquireDueReceipts"> {
    return this.ledger.acquireDueReceipts(...given);
  }

  acquirePurchaseLock(...given: Given<"acquirePurchaseLock">): Result<"acquirePurchaseLock"> {
    return this.ledger.acquirePurchaseLock(...given);
  }

  releasePurchaseLock(...given: Given<"releasePurchaseLock">): Result<"releasePurchaseLock"> {
    return this.ledger.releasePurchaseLock(...given);
  }

  decisionsOf(...given: Given<"decisionsOf">): Result<"decisionsOf"> {
    return this.ledger.decisionsOf(...given);
  }
}
