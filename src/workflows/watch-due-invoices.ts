import type { MedusaContainer } from "@medusajs/framework/types";
import { processingContext } from "../medusa/processing-context";
import { heartbeatOf } from "../modules/seqr";
import { watchDue } from "../processing/watch";

/** Processes every due invoice of this store. @see watchDue */
export function watchDueInvoices(container: MedusaContainer): Promise<number> {
  const heartbeat = heartbeatOf(container);
  return watchDue(processingContext(container), () => heartbeat.beat());
}
