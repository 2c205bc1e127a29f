/** Periods and items are sent as the books have them, so their fields cannot be chosen. */
export const listTransformQueryConfig = { isList: true };
