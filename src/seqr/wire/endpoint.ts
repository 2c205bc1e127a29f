import { SeqrInputError } from "../errors";

/** Whether a host name, as `URL` gives it, is this machine. */
export function isThisMachine(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Checks an endpoint: https, since the password travels in the message; http on this machine, and on hosts that are
 * named.
 *
 * @param name the option that the message is to name
 * @param sandboxHosts names of hosts on which a sandbox runs
 * @throws {SeqrInputError} saying what is wrong
 */
export function checkEndpoint(
  endpoint: string,
  name = "endpoint",
  sandboxHosts: readonly string[] = [],
): string {
  const fail = (detail: string): never => {
    throw new SeqrInputError(`${name} ${detail}`, undefined, "SEQR_NOT_CONFIGURED");
  };
  if (!URL.canParse(endpoint)) return fail("is not an address (expected https://…)");
  const { protocol, hostname, username, password } = new URL(endpoint);
  if (username || password) fail("must not hold a user name or password");
  const isTrusted = isThisMachine(hostname) || sandboxHosts.some((host) => host.toLowerCase() === hostname);
  if (protocol !== "https:" && !(protocol === "http:" && isTrusted)) {
    fail("must be https; http is accepted for this machine (localhost) and for hosts in sandboxHosts only");
  }
  return endpoint;
}
