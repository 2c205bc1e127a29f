import type { Logger } from "@medusajs/framework/types";
import type { CircuitBreaker } from "./circuit-breaker";
import type { Clock } from "../../../clock";
import type { Ledger } from "../ledger/ledger";
import type { NotificationReliability } from "./notification-reliability";
import type { ResolvedOptions } from "../../../options/seqr-options";
import type { Terminals } from "./terminals";

/** What every operation of the module works with. */
export interface OperationContext {
  /** Emits an event for each committed transition: see EventEmittingLedger. */
  ledger: Ledger;
  clock: Clock;
  options: ResolvedOptions;
  terminals: Terminals;
  breaker: CircuitBreaker;
  notifications: NotificationReliability;
  logger: Pick<Logger, "info" | "warn" | "error">;
}
