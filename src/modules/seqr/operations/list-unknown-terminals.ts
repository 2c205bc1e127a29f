import { after } from "../../../clock";
import type { ErrorCode } from "../../../errors/error-codes";
import { STATES_BEFORE_END } from "../invoice/states";
import type { OperationContext } from "./operation-context";

/** Milliseconds: while servers are restarted one after the other, some still know a terminal that others do not. */
const OVERDUE_FOR = 60_000;

/**
 * Lists for staff the unfinished invoices whose terminals the options name no longer, and logs that once. The watch leaves them
 * alone. Once their terminals are in the options again, they have no problem any more and are due, and the watch continues.
 */
export async function listUnknownTerminals({
  ledger,
  clock,
  terminals,
  logger,
}: Pick<OperationContext, "ledger" | "clock" | "terminals" | "logger">): Promise<void> {
  const now = clock.now();
  const problem: ErrorCode = "SEQR_TERMINAL_UNKNOWN";
  await ledger.clearProblemOf(terminals.keysOf(terminals.all), problem, now);
  const listed = await ledger.recordProblemOfOthers(terminals.keysOf(terminals.all), problem, {
    ...{ now, before: after(now, -OVERDUE_FOR), states: STATES_BEFORE_END },
  });
  if (listed.length === 0) return;
  const names = new Set(
    listed.map(({ terminal, terminal_id }) => `${terminal ?? "no name"} (${terminal_id})`),
  );
  logger.error(
    `seqr: ${problem}: unfinished invoices whose terminals are not in the options: ${listed.length}, of ${[...names].join(", ")}`,
  );
}
