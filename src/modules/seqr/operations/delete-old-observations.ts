import { after } from "../../../clock";
import type { OperationContext } from "./operation-context";

const DAY = 86_400_000;
/** Observations that are deleted at once: a bound on how long the statement takes. */
const BATCH_SIZE = 1_000;

/** Deletes observations that are older than the option `keepObservations` allows: they are kept only for staff to read. */
export async function deleteOldObservations({
  ledger,
  clock,
  options,
}: Pick<OperationContext, "ledger" | "clock" | "options">): Promise<void> {
  await ledger.deleteObservations(after(clock.now(), -options.keepObservations * DAY), BATCH_SIZE);
}
