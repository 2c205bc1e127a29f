import type { Answer, Parameter } from "../types";
import { complex, extended, text, wrapped } from "../wire/schema";
import { checkNotEmpty } from "./checks";
import { clientContext, commonAnswer, parameter } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of getClientSessionInfo (PROTOCOL 2.13). */
export interface GetClientSessionInfoRequest extends WithContext {
  key?: string;
}

/** Answer to getClientSessionInfo (PROTOCOL 2.13). */
export interface GetClientSessionInfoReturn extends Answer {
  parameters?: Parameter[];
}

/**
 * Tells who opened the shop inside the SEQR app, and with which parameters (PROTOCOL 2.13, 6). It is personal data that
 * SEQR has not verified: keep no more of it than needed.
 */
export const getClientSessionInfo = operation({
  principal: "TERMINALID",
  service: "client-session",
  request: complex<GetClientSessionInfoRequest>("getClientSessionInfo", {
    context: clientContext,
    key: text,
  }),
  return: extended<Answer, GetClientSessionInfoReturn>(commonAnswer, "erswsClientSessionInfoResponse", {
    parameters: wrapped("entry", parameter),
  }),
  /** @param key the token from the fragment of the order address */
  async method(seqr, key: string): Promise<Record<string, string>> {
    checkNotEmpty(key, "key", "getClientSessionInfo");
    return seqr.send({ key }, ({ parameters = [] }) =>
      Object.fromEntries(
        parameters.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? ""]])),
      ),
    );
  },
});
