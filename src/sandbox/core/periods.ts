import type { Parameter } from "../../seqr";
import type {
  MarkTransactionPeriodRequest,
  MarkTransactionPeriodReturn,
} from "../../seqr/operations/mark-transaction-period";
import { Refusal, type Outcome } from "./refusal";
import { newErsReference } from "./references";
import type { Period, Reseller } from "./state";
import type { World } from "./world";

/** Closes the period of the shop or of one terminal: everything since the last mark of the same scope (PROTOCOL 9.1). */
export function markTransactionPeriod(
  world: World,
  reseller: Reseller,
  { parameters }: MarkTransactionPeriodRequest,
): Outcome<MarkTransactionPeriodReturn> {
  const { state, clock } = world;
  const terminalId = parameterOf(parameters?.parameter, "TERMINALID");
  if (terminalId !== undefined && state.terminals.get(terminalId)?.resellerId !== reseller.id) {
    return new Refusal(29, `the shop has no terminal "${terminalId}"`);
  }
  const previous = [...state.periods.values()].filter(
    (period) => period.resellerId === reseller.id && period.terminalId === terminalId,
  );
  const period: Period = {
    id: newErsReference(world),
    resellerId: reseller.id,
    ...(terminalId !== undefined && { terminalId }),
    markedAt: clock.now(),
    after: previous.at(-1)?.upTo ?? 0,
    upTo: state.lastTransaction,
  };
  state.periods.set(period.id, period);
  world.changed();
  return { transactionPeriodId: period.id };
}

/** Reads an entry of a parameter map. */
export function parameterOf(parameters: Parameter[] | undefined, key: string): string | undefined {
  return parameters?.find((parameter) => parameter.key === key)?.value;
}
