import type { Logger } from "@medusajs/framework/types";
import type { SeqrClient } from "../../../seqr";
import type { CircuitBreaker } from "./circuit-breaker";
import type { Clock } from "../../../clock";
import type { Ledger } from "../ledger/ledger";
import type { ResolvedOptions } from "../../../options/seqr-options";

/** What every verb of the module works with. */
export interface OperationContext {
  /** Tells of the steps that it takes: see announcing(). */
  ledger: Ledger;
  client: SeqrClient;
  clock: Clock;
  options: ResolvedOptions;
  breaker: CircuitBreaker;
  logger: Pick<Logger, "info" | "warn" | "error">;
}
