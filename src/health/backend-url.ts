import { isIP } from "node:net";
import type { Clock } from "../clock";
import type { AdminSeqrFinding } from "../http-types";
import { finding } from "./finding-codes";

/** In place of a token, in a request that only asks whether the plugin answers. It is no token, so no payment has it. */
export const HARMLESS_TOKEN = "health";

/** Milliseconds to the answer. */
const TIME_LIMIT = 3_000;
/** What the plugin answers to such a request. */
const OWN_CODES = new Set<unknown>(["SEQR_TOKEN", "SEQR_TOO_MANY_REQUESTS"]);

/**
 * Says whether the address is one that SEQR can reach, by how it is written.
 *
 * @param isSandboxOnly whether no terminal is at SEQR itself
 */
export function addressFinding(backendUrl: string, isSandboxOnly: boolean): AdminSeqrFinding {
  const { protocol, hostname, host } = new URL(backendUrl);
  const isNear = isPrivateHost(hostname);
  if (isSandboxOnly && (isNear || protocol === "http:")) return finding("backend_url_for_sandbox", { host });
  if (isNear) return finding("backend_url_not_public", { host });
  return finding(protocol === "http:" ? "backend_url_not_https" : "backend_url_public", { host });
}

/** Whether a host is this machine or in a private network, as the `hostname` of a `URL`. */
export function isPrivateHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(name) === 4) return isPrivateV4(name);
  if (isIP(name) === 6) {
    const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(name) ?? [];
    if (high !== undefined && low !== undefined) return isPrivateV4(v4Of(high, low));
    return /^(::1?$|f[cd]|fe[89ab])/.test(name);
  }
  // A name without a dot is of a local network, such as of Docker.
  return !name.includes(".") || /\.(local|localhost|internal|lan|home|test|invalid)$/.test(name);
}

function isPrivateV4(address: string): boolean {
  const [one = 0, two = 0] = address.split(".").map(Number);
  return (
    [0, 10, 127].includes(one) ||
    (one === 172 && two >= 16 && two <= 31) ||
    (one === 192 && two === 168) ||
    (one === 169 && two === 254) ||
    // Shared by customers of one network provider.
    (one === 100 && two >= 64 && two <= 127)
  );
}

function v4Of(high: string, low: string): string {
  const bytes = [high, low].flatMap((part) => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255]);
  return bytes.join(".");
}

/** Asks whether a request to the address reaches the plugin. @returns within three seconds */
export async function reachFinding(
  backendUrl: string,
  clock: Clock,
  get: typeof fetch = fetch,
): Promise<AdminSeqrFinding> {
  const aborting = new AbortController();
  const cancel = clock.schedule(TIME_LIMIT, () => aborting.abort());
  const askedAt = clock.now();
  try {
    const answer = await get(`${backendUrl}/hooks/seqr/${HARMLESS_TOKEN}`, {
      redirect: "manual",
      signal: aborting.signal,
      headers: { accept: "application/json" },
    });
    const { status } = answer;
    if (await isOwn(answer)) {
      return finding("backend_url_reached", { milliseconds: clock.now().getTime() - askedAt.getTime() });
    }
    return finding("backend_url_elsewhere", { status });
  } catch {
    return finding("backend_url_unreachable");
  } finally {
    cancel();
  }
}

async function isOwn(answer: Response): Promise<boolean> {
  const isJson = /\bjson\b/.test(answer.headers.get("content-type") ?? "");
  if (!isJson) {
    await answer.body?.cancel();
    return false;
  }
  try {
    const body = (await answer.json()) as { code?: unknown } | null;
    return OWN_CODES.has(body?.code);
  } catch {
    return false;
  }
}
