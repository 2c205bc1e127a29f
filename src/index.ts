/** SEQR payments for Medusa v2. */
export { withSeqr } from "./config";
export type { SeqrOptions } from "./modules/seqr/contract";
export type { SeqrSessionData } from "./providers/seqr/session-data";
export type { ShopperPayment } from "./workflows/shopper-payment";
