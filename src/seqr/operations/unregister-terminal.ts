import { complex } from "../wire/schema";
import { readNothing } from "./checks";
import { clientContext, commonAnswer } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Removes the terminal whose credentials the client has (PROTOCOL 2.9). */
export const unregisterTerminal = operation({
  principal: "TERMINALID",
  request: complex<WithContext>("unregisterTerminal", { context: clientContext }),
  return: commonAnswer,
  async method(seqr): Promise<void> {
    await seqr.send({}, readNothing);
  },
});
