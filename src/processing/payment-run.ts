import { oneLine } from "../errors/one-line";
import { isEnded, type InvoiceRecord, type PollSource } from "../modules/seqr/public";
import type { ProcessingContext } from "./processing-context";

/** One run of the engine on one payment. The run has the invoice's lease. */
export interface PaymentRun extends ProcessingContext {
  /** What caused the run. */
  source: PollSource;
}

/** A step's result when the invoice's new state has a step of its own that is taken at once. */
export class ContinueFrom {
  constructor(readonly invoice: InvoiceRecord) {}
}

/** Continues when a step has changed the state. An invoice that has ended is left to the watch. */
export function continueIfChanged(before: InvoiceRecord, now: InvoiceRecord): InvoiceRecord | ContinueFrom {
  return now.state === before.state || isEnded(now.state) ? now : new ContinueFrom(now);
}

/** Logs one line about an invoice. */
export function logAbout(
  { logger }: ProcessingContext,
  level: "warn" | "error",
  invoice: InvoiceRecord,
  text: string,
): void {
  logger[level](`seqr: invoice ${invoice.invoice_reference ?? invoice.id} ${oneLine(text)}`);
}
