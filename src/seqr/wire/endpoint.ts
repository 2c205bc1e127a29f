import { SeqrInputError } from "../errors";

/** Whether a host name is that of this machine, as the `hostname` of a `URL`. */
export function isThisMachine(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Checks the address of a SOAP service. It has to be https, since messages hold the password; http is accepted on this
 * machine and on hosts that run a sandbox.
 *
 * @param name the option that the error names
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
