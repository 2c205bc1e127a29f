/** SEQR payments for Medusa v2. */
export { withSeqr } from "./config";
export type { AccountsOptions, BooksOptions } from "./options/books-options";
export type { ResellerOptions, SeqrOptions } from "./options/seqr-options";
export type { SeveralTerminalsOptions, TerminalOptions } from "./options/store-options";
export type { SeqrSessionData } from "./modules/seqr/invoice/session-data";
export type { ShopperPayment } from "./shopper/shopper-payment";
export type * from "./http-types";
