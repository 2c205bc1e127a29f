import type { Answer, Parameter } from "../types";
import { complex, extended, text } from "../wire/schema";
import { checkNotEmpty, parameterMapOf, requiredField } from "./checks";
import { clientContext, commonAnswer, parameterMap } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of markTransactionPeriod (PROTOCOL 2.11). */
export interface MarkTransactionPeriodRequest extends WithContext {
  parameters?: { parameter?: Parameter[] };
}

/** Answer to markTransactionPeriod (PROTOCOL 2.11). */
export interface MarkTransactionPeriodReturn extends Answer {
  transactionPeriodId?: string;
}

/**
 * Closes the shop's or a terminal's transaction period and opens the next (PROTOCOL 2.11, 9). After an unknown outcome
 * the period's id is lost and has to be asked for at SEQR.
 */
export const markTransactionPeriod = operation({
  principal: "RESELLERUSER",
  freshConnection: true,
  request: complex<MarkTransactionPeriodRequest>("markTransactionPeriod", {
    context: clientContext,
    parameters: parameterMap,
  }),
  return: extended<Answer, MarkTransactionPeriodReturn>(commonAnswer, "erswsMarkTransactionPeriodResponse", {
    transactionPeriodId: text,
  }),
  /**
   * @param terminalId closes that terminal's period; left out, the shop's
   * @returns the id of the period that was closed
   */
  async method(seqr, terminalId?: string): Promise<string> {
    const name = "markTransactionPeriod";
    if (terminalId !== undefined) checkNotEmpty(terminalId, "terminalId", name);
    const parameters = terminalId === undefined ? undefined : parameterMapOf({ TERMINALID: terminalId });
    return seqr.send({ parameters }, (answer) =>
      requiredField(answer.transactionPeriodId?.trim() || answer.ersReference, "transactionPeriodId", name),
    );
  },
});
