import type { MedusaContainer } from "@medusajs/framework/types";
import { processingContext } from "../medusa/processing-context";
import { watchDue } from "../processing/watch";

/** Looks at every invoice that is due in this store. @see watchDue */
export function watchDueInvoices(container: MedusaContainer): Promise<number> {
  return watchDue(processingContext(container));
}
