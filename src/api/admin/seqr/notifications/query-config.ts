/** Notifications are sent as they are recorded, so their fields cannot be chosen. */
export const listTransformQueryConfig = { isList: true };
