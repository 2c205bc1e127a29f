/** Limits of SEQR that stand on their own (PROTOCOL 11). */

/** Characters; a terminal with a shorter password is accepted and then refused everything. */
export const MIN_PASSWORD_LENGTH = 4;

/** Letters and digits; longer ones do not fit the printed code. */
export const MAX_SEQR_ID_LENGTH = 34;

/** Milliseconds after which SEQR reverses a payment that nobody asked about (PROTOCOL 4.4). */
export const REVERSAL_AFTER = 20_000;
