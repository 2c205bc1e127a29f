import type { Logger } from "@medusajs/framework/types";
import type { Clock } from "../../../clock";
import type { Ledger } from "../ledger/ledger";
import type { StoreOptions } from "../../../options/store-options";
import type { Terminals } from "./terminals";

/** What every operation of the module works with. */
export interface OperationContext {
  /** Emits an event for each committed transition: see EventEmittingLedger. */
  ledger: Ledger;
  clock: Clock;
  /** Options of the store as a whole; those of a terminal are the terminal's. */
  options: StoreOptions;
  terminals: Terminals;
  logger: Pick<Logger, "info" | "warn" | "error">;
}
