/** Milliseconds after which SEQR reverses a payment that no getPaymentStatus has read (PROTOCOL 4.4). */
export const REVERSAL_AFTER = 20_000;
