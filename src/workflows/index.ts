/** The steps that move money state, for a store's own code. */
export { processPaymentIn } from "../medusa/processing-context";
export { switchOffWorkflow, type StillOpen, type SwitchedOff } from "./switch-off";
export { watchDueInvoices } from "./watch-due-invoices";
