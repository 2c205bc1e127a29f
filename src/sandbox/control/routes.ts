import type { CustomerToken } from "../../seqr";
import { TurnableClock, type Clock } from "../core/clock";
import { CALL_FAULTS, NOTIFICATION_FAULTS, NOTIFICATION, type FaultOrder } from "../core/faults";
import type { Sandbox } from "../core/sandbox";
import type { Reseller } from "../core/state";
import { SandboxError } from "../errors";
import type { CallLog } from "../http/call-log";
import { resellerOf, terminalOf } from "../options";
import type { Input } from "./input";

/** Dependencies of the control API. */
export interface ControlContext {
  core: Sandbox;
  clock: Clock;
  calls: CallLog;
  /** Addresses in the answer of `GET /sandbox`. */
  addresses: Record<string, string>;
}

interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: RegExp;
  /** @param last variable last part of the path */
  act(context: ControlContext, input: Input, last: string): unknown;
}

const get = (path: string, act: Route["act"]): Route => route("GET", path, act);
const post = (path: string, act: Route["act"]): Route => route("POST", path, act);
const reference = (input: Input): string => input.text("reference");

/** All routes of the control API; `:` stands for the variable last part of a path. */
export const ROUTES: readonly Route[] = [
  get("", ({ core, clock, addresses }) => ({
    ...addresses,
    now: isoTime(clock),
    terminals: core.terminals(),
  })),
  get("/invoices", ({ core }) => core.invoices()),
  get("/invoices/:", ({ core }, _, name) => core.invoice(name) ?? missing(name)),
  get("/payments", ({ core }) => core.transactions().filter(({ kind }) => kind === "payment")),
  get("/refunds", ({ core }) => core.transactions().filter(({ kind }) => kind === "refund")),
  get("/periods", ({ core }) => core.periods()),
  get("/notifications", ({ core }) => core.notifications()),
  get("/sms", ({ core }) => core.sms()),
  get("/calls", ({ calls }) => calls.list()),
  get("/stats", ({ calls }) => ({ calls: calls.counts() })),

  post("/phone/scan", ({ core }, input) => core.phone.scan(reference(input))),
  post("/phone/pay", ({ core }, input) => core.phone.pay(reference(input), input.optionalText("pin"))),
  post("/phone/begin-pay", ({ core }, input) =>
    core.phone.beginPay(reference(input), input.optionalText("pin")),
  ),
  post("/phone/finish-pay", ({ core }, input) =>
    core.phone.finishPay(reference(input), input.optionalOneOf("end", ["paid", "declined", "aborted"])),
  ),
  post("/phone/decline", ({ core }, input) => core.phone.decline(reference(input))),
  post("/phone/cancel", ({ core }, input) => core.phone.cancel(reference(input))),
  post("/phone/offer-token", ({ core }, input) => core.phone.offerToken(reference(input), tokenOf(input))),
  get("/phone/tokens", ({ core }) => core.shopperTokens()),
  route("PUT", "/phone/tokens", ({ core }, input) => {
    core.phone.setTokens(input.list("tokens").map(tokenOf));
    return core.shopperTokens();
  }),
  post("/sessions", ({ core }, input) => {
    const state = input.optionalOneOf("state", ["open", "opening", "cancelled"]);
    return core.openSession(input.optionalTexts("parameters"), state);
  }),

  get("/faults", ({ core }) => core.faults.list()),
  post("/faults", ({ core }, input) => core.faults.add(faultOf(input))),
  route("DELETE", "/faults", ({ core }) => {
    core.faults.clear();
    return [];
  }),

  get("/clock", ({ clock }) => clockView(clock)),
  post("/clock", ({ clock }, input) => {
    const turnable = turnableClock(clock);
    const to = input.optionalText("set");
    const by = to === undefined ? input.optionalCount("advance") : Date.parse(to) - clock.now();
    if (by === undefined || !(by >= 0)) {
      throw new SandboxError(
        "SANDBOX_INPUT",
        `"advance" must be milliseconds, or "set" a later time (ISO 8601)`,
      );
    }
    turnable.advance(by);
    return clockView(clock);
  }),

  get("/resellers", ({ core }) => core.resellers().map(withoutPassword)),
  post("/resellers", ({ core }, input) => {
    const reseller = resellerOf({
      id: input.text("id"),
      password: input.text("password"),
      userId: input.optionalText("userId"),
      name: input.optionalText("name"),
      currency: input.optionalText("currency"),
    });
    core.putReseller(reseller);
    return withoutPassword(reseller);
  }),
  get("/terminals", ({ core }) => core.terminals()),
  post("/terminals", ({ core }, input) => {
    const [id, blocked] = [input.text("id"), input.optionalFlag("blocked")];
    const terminal = terminalOf(
      {
        id,
        password: input.text("password"),
        currency: input.optionalText("currency"),
        name: input.optionalText("name"),
        kind: input.optionalOneOf("kind", ["webshop", "cashregister"]),
        resellerId: input.optionalText("resellerId"),
      },
      core.resellers(),
    );
    core.putTerminal({ ...terminal, ...(blocked !== undefined && { blocked }) });
    return core.terminals().find((other) => other.id === id);
  }),

  post("/reset", ({ core, calls }) => {
    core.reset();
    calls.clear();
    return {};
  }),
];

function route(method: Route["method"], path: string, act: Route["act"]): Route {
  return { method, path: new RegExp(`^/sandbox${path.replace(":", "([^/]+)")}/?$`), act };
}

function withoutPassword({ id, userId, name, currency }: Reseller): Omit<Reseller, "password"> {
  return { id, userId, name, currency };
}

function faultOf(input: Input): FaultOrder {
  const order = {
    times: input.optionalCount("times"),
    after: input.optionalCount("after"),
    ms: input.optionalCount("ms"),
  };
  const operation = input.optionalText("operation");
  if (operation === NOTIFICATION) {
    const kind = input.optionalOneOf("kind", keys(NOTIFICATION_FAULTS)) ?? input.text("kind");
    return { ...order, operation, kind: kind as keyof typeof NOTIFICATION_FAULTS };
  }
  const kind = input.optionalOneOf("kind", keys(CALL_FAULTS)) ?? input.text("kind");
  return {
    ...order,
    operation,
    kind: kind as keyof typeof CALL_FAULTS,
    resultCode: input.optionalCount("resultCode"),
  };
}

function tokenOf(input: Input): CustomerToken {
  return {
    id: input.text("id"),
    value: input.text("value"),
    description: input.optionalText("description") ?? input.text("id"),
    status: 0,
  };
}

function keys<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[];
}

function clockView(clock: Clock): object {
  return { now: isoTime(clock), milliseconds: clock.now(), turnable: clock instanceof TurnableClock };
}

function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

function turnableClock(clock: Clock): TurnableClock {
  if (clock instanceof TurnableClock) return clock;
  throw new SandboxError("SANDBOX_CLOCK_NOT_TURNABLE", "the clock cannot be turned");
}

function missing(name: string): never {
  throw new SandboxError("SANDBOX_NO_SUCH_INVOICE", `no invoice "${name.slice(0, 100)}"`);
}
