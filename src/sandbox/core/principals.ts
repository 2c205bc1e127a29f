import { MIN_PASSWORD_LENGTH, type ClientContext } from "../../seqr";
import { Refusal, type Outcome } from "./refusal";
import type { Reseller, State, Terminal } from "./state";

/** Authenticates the calling terminal (PROTOCOL 8): 29 unknown, 20 wrong password, 33 blocked, 91 not a terminal. */
export function callingTerminal(state: State, context: ClientContext | undefined): Outcome<Terminal> {
  const caller = authenticate(state, context);
  if (caller instanceof Refusal || "kind" in caller) return caller;
  return new Refusal(91, "this operation needs a terminal (TERMINALID)");
}

/** Authenticates the calling shop: 37 unknown, 20 wrong password, 91 a terminal. */
export function callingReseller(state: State, context: ClientContext | undefined): Outcome<Reseller> {
  const caller = authenticate(state, context);
  if (caller instanceof Refusal || !("kind" in caller)) return caller;
  return new Refusal(91, "this operation needs a shop's user (RESELLERUSER)");
}

/** Refuses a terminal whose password is too short: it can be registered but not used (PROTOCOL 8). */
export function accessDenied({ password }: Terminal): Refusal | undefined {
  if (password.length >= MIN_PASSWORD_LENGTH) return undefined;
  return new Refusal(21, `the terminal's password has fewer than ${MIN_PASSWORD_LENGTH} characters`);
}

function authenticate(state: State, context: ClientContext | undefined): Outcome<Terminal | Reseller> {
  const { id = "", type, userId } = context?.initiatorPrincipalId ?? {};
  if (type === "TERMINALID") {
    const terminal = state.terminals.get(id);
    if (!terminal) return new Refusal(29, `no terminal has the id "${id}"`);
    if (terminal.password !== context?.password) return new Refusal(20, "wrong password");
    return terminal.blocked ? new Refusal(33, "the terminal is blocked") : terminal;
  }
  if (type === "RESELLERUSER") {
    const [resellerId = "", user] = userId === undefined ? id.split("/") : [id, userId];
    const reseller = state.resellers.get(resellerId);
    if (!reseller || reseller.userId !== user)
      return new Refusal(37, `no shop "${resellerId}" with user "${user ?? ""}"`);
    return reseller.password === context?.password ? reseller : new Refusal(20, "wrong password");
  }
  return new Refusal(91, `principal type "${type ?? ""}" is not for merchants`);
}
