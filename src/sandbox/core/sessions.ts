import type { Parameter } from "../../seqr";
import type {
  GetClientSessionInfoRequest,
  GetClientSessionInfoReturn,
} from "../../seqr/operations/get-client-session-info";
import { Refusal, type Outcome } from "./refusal";
import type { Session, Terminal } from "./state";
import type { World } from "./world";

/**
 * Opens a client session when the shopper scans the code of a shop inside the app: SEQR creates the token that the app passes to
 * the shop's page (PROTOCOL 6).
 *
 * @param parameters query parameters of the scanned code
 */
export function openSession(
  world: World,
  parameters: Record<string, string> = {},
  state: Session["state"] = "open",
): Session {
  const { clock, ids, settings } = world;
  const newKey = (): string => `${ids.digits(10)}-${ids.digits(8)}`;
  let key = newKey();
  while (world.state.sessions.has(key)) key = newKey();
  const own = {
    authKey: newKey(),
    msisdn: settings.shopper.msisdn,
    subscriberKey: settings.shopper.subscriberKey,
  };
  const entries: Parameter[] = Object.entries({ ...parameters, ...own }).map(([name, value]) => ({
    key: name,
    value,
  }));
  const session: Session = { key, state, openedAt: clock.now(), parameters: entries };
  world.state.sessions.set(key, session);
  world.changed();
  return session;
}

/** Reports who visits the shop (PROTOCOL 2.13): 63 unknown, 62 still opening, 61 cancelled, 60 expired. */
export function getClientSessionInfo(
  { state, clock, settings }: World,
  _terminal: Terminal,
  { key }: GetClientSessionInfoRequest,
): Outcome<GetClientSessionInfoReturn> {
  const session = key === undefined ? undefined : state.sessions.get(key.trim());
  if (!session) return new Refusal(63, "no session has this key");
  if (session.state === "opening") return new Refusal(62, "the session is being opened");
  if (session.state === "cancelled") return new Refusal(61, "the session was cancelled");
  if (clock.now() >= session.openedAt + settings.sessionLifetime)
    return new Refusal(60, "the session has expired");
  return { parameters: session.parameters };
}
