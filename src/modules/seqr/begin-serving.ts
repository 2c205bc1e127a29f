import type { Logger } from "@medusajs/framework/types";
import { isThisMachine } from "../../seqr";
import type { ResolvedOptions } from "../../options/seqr-options";
import type { Standing, StoreOptions } from "../../options/store-options";

/**
 * For a server that begins to serve: says whether SEQR is on, in one line for each terminal.
 *
 * @throws {MedusaError} SEQR_OPTIONS when the options are not usable; the server must not start
 */
export function beginServing(standing: Standing, logger: Pick<Logger, "info" | "warn">): void {
  if (standing.is === "refused") throw standing.error;
  if (standing.is === "off") {
    return logger.warn(`seqr: off, because these options are missing: ${standing.missing.join(", ")}`);
  }
  const { options, terminals } = standing.store;
  for (const terminal of terminals) {
    const { origin, pathname } = new URL(terminal.endpoint);
    const name = terminals.length > 1 ? ` (${terminal.providerId})` : "";
    logger.info(
      `seqr: ${terminal.retired ? "retired" : "on"}, ${isSandbox(terminal) ? "sandbox" : "live"}: ${origin}${pathname}, ` +
        `terminal ${terminal.terminalId}${name}`,
    );
  }
  if (isExposed(options)) {
    logger.warn(
      `seqr: backendUrl is ${options.backendUrl}: SEQR's notifications and the shopper's way back travel by plain http. Use https.`,
    );
  }
  if (!terminals.every(isSandbox) && isNear(options.backendUrl, options.sandboxHosts)) {
    // Live payments have an address that is good for a sandbox only.
    logger.warn(
      `seqr: backendUrl is ${options.backendUrl}: neither SEQR nor a shopper's phone can reach that. Give the server's public address.`,
    );
  }
}

/** Whether a terminal is a sandbox's. SEQR itself is never on this machine, nor on a host that is named as a sandbox's. */
export function isSandbox({
  endpoint,
  sandboxHosts,
}: Pick<ResolvedOptions, "endpoint" | "sandboxHosts">): boolean {
  return isNear(endpoint, sandboxHosts);
}

/** Whether what is sent to the store can be read on the way. */
function isExposed({ backendUrl, sandboxHosts }: StoreOptions): boolean {
  return new URL(backendUrl).protocol === "http:" && !isNear(backendUrl, sandboxHosts);
}

function isNear(address: string, sandboxHosts: readonly string[]): boolean {
  const { hostname } = new URL(address);
  return isThisMachine(hostname) || sandboxHosts.includes(hostname);
}
