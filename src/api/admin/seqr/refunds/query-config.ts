/** Refunds are worked out from the ledger, so their fields cannot be chosen. */
export const listTransformQueryConfig = { isList: true };
