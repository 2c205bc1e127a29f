export const defaultAdminSeqrPaymentFields = [
  "id",
  "invoice_reference",
  "ers_reference",
  "reserved_amount",
  "reserved_until",
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
];

export const listTransformQueryConfig = {
  defaults: defaultAdminSeqrPaymentFields,
  isList: true,
};
