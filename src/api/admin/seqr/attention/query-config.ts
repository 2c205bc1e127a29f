/** The list is worked out from the ledger, so its fields cannot be chosen. */
export const listTransformQueryConfig = { isList: true };
