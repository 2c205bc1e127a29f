/** An export has all its fields. */
export const exportTransformQueryConfig = { isList: false };
