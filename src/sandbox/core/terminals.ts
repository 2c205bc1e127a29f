import type { AssignSeqrIdRequest } from "../../seqr/operations/assign-seqr-id";
import type {
  RegisterTerminalRequest,
  RegisterTerminalReturn,
} from "../../seqr/operations/register-terminal";
import { MIN_PASSWORD_LENGTH } from "../../seqr";
import { move } from "./move";
import { Refusal, type Outcome } from "./refusal";
import type { Reseller, Terminal } from "./state";
import type { World } from "./world";

/** Registers a cash register with the password that the merchant chose (PROTOCOL 2.8, 8). */
export function registerTerminal(
  world: World,
  reseller: Reseller,
  { externalTerminalId, password = "", name }: RegisterTerminalRequest,
): Outcome<RegisterTerminalReturn> {
  const { state, settings, ids } = world;
  if (settings.strict) {
    if (externalTerminalId === undefined || name === undefined) {
      return new Refusal(49, `${name === undefined ? "name" : "externalTerminalId"} is missing`);
    }
    if (password.length < MIN_PASSWORD_LENGTH) {
      return new Refusal(49, `the password needs at least ${MIN_PASSWORD_LENGTH} characters`);
    }
  }
  let id: string;
  do id = ids.hex(32);
  while (state.terminals.has(id));
  state.terminals.set(id, {
    id,
    password,
    kind: "cashregister",
    currency: reseller.currency,
    resellerId: reseller.id,
    name: name ?? reseller.name,
    ...(externalTerminalId !== undefined && { externalTerminalId }),
  });
  world.changed();
  return { terminalId: id };
}

/** Removes the terminal and cancels its open invoices; later calls get 29 (PROTOCOL 2.9, 14). */
export function unregisterTerminal(world: World, terminal: Terminal): Outcome<object> {
  for (const invoice of world.state.invoices.values()) {
    if (invoice.terminalId === terminal.id) move(world, invoice, "withdraw");
  }
  world.state.terminals.delete(terminal.id);
  world.changed();
  return {};
}

/** Assigns a static code to the till; a new one replaces the old (PROTOCOL 2.10, 14). */
export function assignSeqrId(
  world: World,
  terminal: Terminal,
  { seqrId = "" }: AssignSeqrIdRequest,
): Outcome<object> {
  if (!/^[A-Za-z0-9]+$/.test(seqrId)) return new Refusal(53, "a SEQR id has letters and digits only");
  const owner = [...world.state.terminals.values()].find((other) => other.seqrId === seqrId);
  if (owner && owner !== terminal) return new Refusal(53, "another terminal has this SEQR id");
  terminal.seqrId = seqrId;
  world.changed();
  return {};
}
