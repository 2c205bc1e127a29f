export const defaultAdminSeqrPaymentFields = [
  "id",
  "terminal",
  "invoice_reference",
  "ers_reference",
  "state",
  "reason",
  "problem",
  "amount",
  "currency_code",
  "paid_at",
  "refunds.id",
  "refunds.amount",
  "refunds.state",
  "refunds.refund_reference",
  "refunds.result",
  "refunds.requested_at",
  "receipts.id",
  "receipts.refund_id",
  "receipts.state",
  "receipts.result",
  "receipts.due_at",
  "receipts.sent_at",
];

export const listTransformQueryConfig = {
  defaults: defaultAdminSeqrPaymentFields,
  isList: true,
};
