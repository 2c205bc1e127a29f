import type { MedusaContainer } from "@medusajs/framework/types";
import { processingContext } from "../medusa/processing-context";
import { watchDue } from "../processing/watch";

/** Processes every due invoice of this store. @see watchDue */
export function watchDueInvoices(container: MedusaContainer): Promise<number> {
  return watchDue(processingContext(container));
}
