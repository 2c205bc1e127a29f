import { hashToken, newToken } from "../../src/modules/seqr/invoice/tokens";
import { CANARY, canarySecrets, expectNoSecrets, secretsIn } from "../store/kit/secrets";

describe("the search of logs for secrets", () => {
  const token = newToken();
  const hash = hashToken(token) ?? "";
  const found = (log: string): string[] => secretsIn(log, canarySecrets([hash]));

  it.each([
    ["terminal password", CANARY.terminal.password],
    ["msisdn", CANARY.payer.msisdn],
    ["subscriberKey", CANARY.payer.subscriberKey],
    ["email", CANARY.email],
    ["email", encodeURIComponent(CANARY.email)],
    ["token", token],
  ])("finds a %s anywhere, and does not repeat it", (what, secret) => {
    expect(found(`first\n{"at":"/x/${secret}?y"}\nlast`)).toEqual([`{"at":"/x/<${what}>?y"}`]);
  });

  it("finds a token that something else hangs on to", () => {
    expect(found(`key-${token}_1`)).toEqual(["key-<token>_1"]);
  });

  it("leaves other tokens, and hashes, alone", () => {
    expect(found(`${newToken()} ${hash} ${newToken()}${newToken()}`)).toEqual([]);
  });

  it("fails with every line that holds one", () => {
    const log = `a ${token}\nb\nc ${CANARY.email} ${CANARY.email}`;
    expect(() => expectNoSecrets(log, canarySecrets([hash]))).toThrow(
      "The log holds what it must not:\na <token>\nc <email> <email>",
    );
    expect(() => expectNoSecrets("a\nb", canarySecrets([hash]))).not.toThrow();
  });
});
