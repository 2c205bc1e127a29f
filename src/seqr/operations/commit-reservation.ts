import { checkTotal } from "../limits";
import type { Amount } from "../types";
import { complex, text } from "../wire/schema";
import { checkNotEmpty, readNothing } from "./checks";
import { amount, clientContext, commonAnswer } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of commitReservation (PROTOCOL 2.5). */
export interface CommitReservationRequest extends WithContext {
  amount?: Amount;
  invoiceReference?: string;
}

/** Turns a reservation into a payment (PROTOCOL 2.5). After an unknown outcome poll the status, never repeat. */
export const commitReservation = operation({
  principal: "TERMINALID",
  freshConnection: true,
  request: complex<CommitReservationRequest>("commitReservation", {
    context: clientContext,
    amount,
    invoiceReference: text,
  }),
  return: commonAnswer,
  /** @param amount the final amount; left out, the invoice's own total */
  async method(seqr, invoiceReference: string, amount?: Amount): Promise<void> {
    const name = "commitReservation";
    checkNotEmpty(invoiceReference, "invoiceReference", name);
    if (amount) checkTotal(amount, name, "amount");
    await seqr.send({ amount, invoiceReference }, readNothing);
  },
});
