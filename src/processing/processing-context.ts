import type { OperationContext } from "../modules/seqr/public";
import type { Store } from "./store-port";

/** What processing a payment works with. */
export interface ProcessingContext {
  seqr: OperationContext;
  store: Store;
  logger: Record<"info" | "warn" | "error", (message: string) => unknown>;
}
