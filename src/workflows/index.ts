// What a store's own code can run and compose. Every workflow takes a hook where docs/workflows.md says so.
export {
  cancelSeqrPaymentStep,
  cancelSeqrPaymentWorkflow,
  type CancelSeqrPaymentInput,
} from "./cancel-payment";
export { closeSeqrPeriodStep, closeSeqrPeriodWorkflow, type CloseSeqrPeriodInput } from "./close-period";
export {
  confirmSeqrCaptureStep,
  confirmSeqrCaptureWorkflow,
  type ConfirmSeqrCaptureInput,
} from "./confirm-capture";
export {
  dismissSeqrAttentionStep,
  dismissSeqrAttentionWorkflow,
  type DismissSeqrAttentionInput,
} from "./dismiss-attention";
export { makeSeqrReceiptStep, makeSeqrReceiptWorkflow, type MakeSeqrReceiptInput } from "./make-receipt";
export {
  processSeqrOrderPaymentsStep,
  processSeqrOrderPaymentsWorkflow,
  type ProcessSeqrOrderPaymentsInput,
} from "./process-order-payments";
export {
  processSeqrPaymentStep,
  processSeqrPaymentWorkflow,
  type ProcessSeqrPaymentInput,
} from "./process-payment";
export {
  deleteOldSeqrNotificationsStep,
  deleteOldSeqrObservationsStep,
  listUnknownSeqrTerminalsStep,
  reconcileSeqrCapturesStep,
  reconcileSeqrRefundsStep,
  reconcileSeqrWorkflow,
  refundRecentlyCanceledSeqrOrdersStep,
} from "./reconcile";
export {
  cancelInvoicesOfCanceledSeqrOrdersStep,
  refundCanceledSeqrOrdersStep,
  refundCanceledSeqrOrdersWorkflow,
  type RefundCanceledSeqrOrdersInput,
} from "./refund-canceled-orders";
export {
  resolveSeqrAttentionStep,
  resolveSeqrAttentionWorkflow,
  type ResolveSeqrAttentionInput,
} from "./resolve-attention";
export {
  restartSeqrPaymentStep,
  restartSeqrPaymentWorkflow,
  type RestartSeqrPaymentInput,
} from "./restart-payment";
export { retrySeqrPeriodStep, retrySeqrPeriodWorkflow, type RetrySeqrPeriodInput } from "./retry-period";
export { closeDueSeqrPeriods, processSeqrPeriods } from "./process-periods";
export type { ProcessedSeqrPayment } from "./seqr-invoice";
export type { SeqrReceipt, SeqrReceiptOrder, SeqrReceiptRow } from "../receipts/receipt-content";
export type { SeqrReceiptDocument } from "../receipts/receipt-document";
export { sendSeqrReceipts } from "./send-receipts";
export { switchOffSeqrWorkflow, type StillOpen, type SwitchedOff } from "./switch-off";
export {
  updateSeqrPaymentStep,
  updateSeqrPaymentWorkflow,
  type UpdateSeqrPaymentInput,
} from "./update-payment";
export { watchDueInvoices } from "./watch-due-invoices";
