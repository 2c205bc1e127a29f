/** Payments are worked out from the ledger, so their fields cannot be chosen. */
export const listTransformQueryConfig = { isList: true };

/** An export has all its fields. */
export const exportTransformQueryConfig = { isList: false };
