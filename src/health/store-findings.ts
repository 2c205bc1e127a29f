import { after } from "../clock";
import type { AdminSeqrFinding } from "../http-types";
import type { ServerRecord } from "../modules/seqr/public";
import { finding } from "./finding-codes";

/** Milliseconds since its last record for which a server counts as watching: it writes one every 15 seconds. */
export const ALIVE = 60_000;

/** The parts of a store that work alone or together with other servers. */
export interface Surroundings {
  /** Default provider of the locking module; undefined when it is not known. */
  locking: string | undefined;
  /** Name of the event module's class; undefined when it is not known. */
  events: string | undefined;
  /** Whether the process that answers watches payments as well. */
  isWatching: boolean;
}

/** Says whether payments are watched. @param servers the latest first */
export function watchFinding(servers: readonly ServerRecord[], now: Date): AdminSeqrFinding {
  const alive = aliveOf(servers, now).length;
  const [latest] = servers;
  const values = {
    servers: alive,
    ...(latest && { seconds: Math.max(0, Math.round((now.getTime() - latest.swept_at.getTime()) / 1_000)) }),
  };
  return finding(alive > 0 ? "watch_alive" : "watch_dead", values);
}

/** Says what the locking and event modules mean for the number of servers that there are. */
export function moduleFindings(
  { locking, events, isWatching }: Surroundings,
  servers: readonly ServerRecord[],
  now: Date,
): AdminSeqrFinding[] {
  const alive = aliveOf(servers, now).length;
  // A process that only answers requests is a server too, and has no record.
  const isOneOfSeveral = alive + (isWatching ? 0 : 1) > 1;
  return [
    moduleFinding("locking", locking, locking === "in-memory", isOneOfSeveral),
    moduleFinding("events", events, events === "LocalEventBusService", isOneOfSeveral),
  ];
}

function moduleFinding(
  check: "locking" | "events",
  module: string | undefined,
  isInMemory: boolean,
  isOneOfSeveral: boolean,
): AdminSeqrFinding {
  if (module === undefined) return finding(`${check}_unknown`);
  if (!isInMemory) return finding(`${check}_shared`, { module });
  return finding(isOneOfSeveral ? `${check}_in_memory_on_several_servers` : `${check}_in_memory`, { module });
}

/** Says whether payments are real. @param sandboxes of each terminal that the store sells with, whether it is in a sandbox */
export function modeFinding(sandboxes: readonly boolean[]): AdminSeqrFinding {
  const values = {
    live: sandboxes.filter((isSandbox) => !isSandbox).length,
    sandbox: sandboxes.filter(Boolean).length,
  };
  if (values.sandbox === 0) return finding("mode_live", values);
  return finding(values.live === 0 ? "mode_sandbox" : "mode_mixed", values);
}

/** Says how many notifications came with an unknown token. */
export function strangersFinding(requests: number): AdminSeqrFinding {
  return finding(requests === 0 ? "strangers_none" : "strangers", { requests });
}

function aliveOf(servers: readonly ServerRecord[], now: Date): ServerRecord[] {
  return servers.filter(({ swept_at }) => swept_at >= after(now, -ALIVE));
}
