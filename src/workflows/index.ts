/** The steps that move money state, for a store's own code. */
export { settle } from "./settle";
export { watchDueInvoices } from "./watch";
