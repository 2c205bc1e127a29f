import type { Logger } from "@medusajs/framework/types";
import type { Clock } from "../../../clock";
import type { ResolvedPeriods } from "../../../options/periods-options";
import type { Accounts } from "./accounts";
import type { PeriodEvent } from "./period-events";
import type { PeriodStore } from "./period-store";

/** What closing periods and getting their reports works with. */
export interface BooksContext {
  periods: PeriodStore;
  accounts: Accounts;
  /** The option `periods`; undefined when periods are closed by hand only. */
  schedule: ResolvedPeriods | undefined;
  clock: Clock;
  logger: Pick<Logger, "info" | "warn" | "error">;
  /** Logs an event, and emits it. */
  announce: (event: PeriodEvent) => void;
}
