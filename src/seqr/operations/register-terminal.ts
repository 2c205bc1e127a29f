import { SeqrInputError } from "../errors";
import { MIN_PASSWORD_LENGTH } from "../limits";
import type { Answer } from "../types";
import { complex, extended, text } from "../wire/schema";
import { checkNotEmpty, requiredField } from "./checks";
import { clientContext, commonAnswer } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of registerTerminal (PROTOCOL 2.8). */
export interface RegisterTerminalRequest extends WithContext {
  externalTerminalId?: string;
  password?: string;
  name?: string;
}

/** Answer to registerTerminal (PROTOCOL 2.8). */
export interface RegisterTerminalReturn extends Answer {
  terminalId?: string;
}

/** A terminal to register. */
export interface TerminalRegistration {
  /** The merchant's own id of the cash register. */
  externalTerminalId: string;
  /** The password that the terminal is to have; at least 4 characters. */
  password: string;
  /** The name that shoppers see. */
  name: string;
}

/** Registers a cash register; web shops get their terminal from SEQR (PROTOCOL 2.8, 8). */
export const registerTerminal = operation({
  principal: "RESELLERUSER",
  freshConnection: true,
  request: complex<RegisterTerminalRequest>("registerTerminal", {
    context: clientContext,
    externalTerminalId: text,
    password: text,
    name: text,
  }),
  return: extended<Answer, RegisterTerminalReturn>(commonAnswer, "erswsRegisterTerminalResponse", {
    terminalId: text,
  }),
  /** @returns the terminal's id */
  async method(seqr, terminal: TerminalRegistration): Promise<string> {
    const operation = "registerTerminal";
    const { externalTerminalId, password, name } = terminal;
    checkNotEmpty(externalTerminalId, "externalTerminalId", operation);
    checkNotEmpty(name, "name", operation);
    if (password.length < MIN_PASSWORD_LENGTH) {
      throw new SeqrInputError(`the password needs at least ${MIN_PASSWORD_LENGTH} characters`, operation);
    }
    return seqr.send({ externalTerminalId, password, name }, (answer) =>
      requiredField(answer.terminalId, "terminalId", operation),
    );
  },
});
