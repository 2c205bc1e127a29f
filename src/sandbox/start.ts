import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { CustomerToken } from "../seqr";
import { realClock, TurnableClock, type Clock } from "./core/clock";
import type { FaultQueue } from "./core/faults";
import { randomIds } from "./core/ids";
import type { Bill, PaymentEnd } from "./core/phone";
import { Sandbox, type InvoiceView } from "./core/sandbox";
import type { NotificationRecord, Session, Sms } from "./core/state";
import { controlSite } from "./control/site";
import { readStateFile, StateFile } from "./disk/state-file";
import { SandboxError } from "./errors";
import { CallLog, type CallCount, type RecordedCall } from "./http/call-log";
import { httpNotifier } from "./http/notifier";
import { createSiteServer, type Site } from "./http/server";
import { DEFAULT_PATHS, soapSite } from "./http/soap-site";
import { resellersOf, settingsOf, terminalsOf, type SandboxOptions } from "./options";
import { phoneSite } from "./phone/site";

/**
 * The shopper's phone. A reference may be an invoice reference, or the text or link of a code. Each method takes effect at once
 * and resolves when its effect survives a restart.
 *
 * @throws {SandboxError} when the app cannot do it
 */
export interface RunningPhone {
  scan(reference: string): Promise<Bill>;
  /** Scans, confirms and pays. The bank refuses PIN `0000`. */
  pay(reference: string, pin?: string): Promise<Bill>;
  /** Starts a payment, which is executing until finishPay. */
  beginPay(reference: string): Promise<Bill>;
  /** Default: paid. */
  finishPay(reference: string, end?: PaymentEnd): Promise<Bill>;
  /** Pays, and the bank refuses: FAILED. */
  decline(reference: string): Promise<Bill>;
  /** Cancels in the app. */
  cancel(reference: string): Promise<Bill>;
  /** Sets the loyalty cards in the app. */
  setTokens(tokens: CustomerToken[]): Promise<void>;
  /** Reports a token to SEQR while the invoice is open. */
  offerToken(reference: string, token: CustomerToken): Promise<Bill>;
  /** Opens a shop inside the app. @returns the token that the shop's page receives */
  openSession(parameters?: Record<string, string>, state?: Session["state"]): Promise<Session>;
}

/** A running sandbox. */
export interface RunningSandbox<C extends Clock = Clock | TurnableClock> {
  /** `http://127.0.0.1:4080`; also the phone page. */
  url: string;
  /** Address of the SOAP service. */
  endpoint: string;
  /** Address of the client session service. */
  sessionEndpoint: string;
  port: number;
  core: Sandbox;
  clock: C;
  /** Faults of calls and notifications. */
  faults: FaultQueue;
  phone: RunningPhone;
  /** SOAP calls, oldest first. */
  calls(): RecordedCall[];
  invoices(): InvoiceView[];
  notifications(): NotificationRecord[];
  sms(): Sms[];
  /** Numbers of SOAP calls by operation. */
  stats(): Record<string, CallCount>;
  /** Stops the server, closes open connections, and writes the state file if there is one. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox.
 *
 * @example
 * const sandbox = await startSandbox({ clock: "turnable" });
 * const client = new SeqrClient({ endpoint: sandbox.endpoint, terminal: PUBLIC_TEST_TERMINAL });
 * @throws {SandboxError} SANDBOX_OPTION, SANDBOX_PORT_TAKEN, SANDBOX_STATE_UNREADABLE, SANDBOX_STATE_UNWRITABLE
 */
export async function startSandbox(
  options: SandboxOptions & { clock: "turnable" },
): Promise<RunningSandbox<TurnableClock>>;
export async function startSandbox(options?: SandboxOptions): Promise<RunningSandbox>;
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const { host = "127.0.0.1", maxRequestBytes = 1_000_000, notificationTimeout = 5_000, stateFile } = options;
  const paths = { ...DEFAULT_PATHS, ...options.paths };
  const resellers = resellersOf(options);
  const terminals = terminalsOf(options, resellers);
  const settings = settingsOf(options);
  const stored = stateFile === undefined ? undefined : await readStateFile(stateFile);
  const clock = options.clock === "turnable" ? new TurnableClock(stored?.at ?? Date.now()) : realClock;

  const sites: Site[] = [];
  const server = createSiteServer(sites);
  const port = await listen(server, options.port ?? 0, host);
  const url = `http://${hostName(host)}:${port}`;
  const endpoint = `${url}${paths.service[0] ?? ""}`;
  const sessionEndpoint = `${url}${paths.session[0] ?? ""}`;

  const core = new Sandbox({
    clock,
    ids: randomIds,
    notify: httpNotifier(notificationTimeout),
    changed: () => file?.changed(),
    settings: settings.qrHost === "self" ? { ...settings, qrHost: url } : settings,
    resellers,
    terminals,
  });
  const file = stateFile === undefined ? undefined : new StateFile(stateFile, () => core.snapshot());
  if (stored) core.restore(stored);
  const calls = new CallLog();
  const persist = async (): Promise<void> => file?.flush();
  const stop = async (): Promise<void> => {
    core.close();
    await close(server);
    file?.changed();
    await persist();
  };
  file?.changed();
  await persist().catch(async (error: unknown) => {
    await close(server);
    throw error;
  });
  sites.push(
    soapSite({ core, clock, calls, maxRequestBytes, persist }, paths),
    controlSite({ core, clock, calls, addresses: { url, endpoint, sessionEndpoint } }, persist),
    phoneSite(core, persist),
  );
  return {
    url,
    endpoint,
    sessionEndpoint,
    port,
    core,
    clock,
    faults: core.faults,
    phone: runningPhone(core, persist),
    calls: () => calls.list(),
    invoices: () => core.invoices(),
    notifications: () => core.notifications(),
    sms: () => core.sms(),
    stats: () => calls.counts(),
    stop,
  };
}

function runningPhone(core: Sandbox, persist: () => Promise<void>): RunningPhone {
  const { phone } = core;
  const lasting = async <T>(act: () => T): Promise<T> => {
    const result = act();
    await persist();
    return result;
  };
  return {
    scan: (reference) => lasting(() => phone.scan(reference)),
    pay: (reference, pin) => lasting(() => phone.pay(reference, pin)),
    beginPay: (reference) => lasting(() => phone.beginPay(reference)),
    finishPay: (reference, end) => lasting(() => phone.finishPay(reference, end)),
    decline: (reference) => lasting(() => phone.decline(reference)),
    cancel: (reference) => lasting(() => phone.cancel(reference)),
    setTokens: (tokens) => lasting(() => phone.setTokens(tokens)),
    offerToken: (reference, token) => lasting(() => phone.offerToken(reference, token)),
    openSession: (parameters, state) => lasting(() => core.openSession(parameters, state)),
  };
}

/** The host name by which this machine reaches a listening address. */
function hostName(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      const isTaken = code === "EADDRINUSE" || code === "EACCES";
      const problem = `cannot listen on ${host}:${port} (${code ?? "no code"})`;
      reject(new SandboxError(isTaken ? "SANDBOX_PORT_TAKEN" : "SANDBOX_OPTION", problem));
    });
    server.listen(port, host, resolve);
  });
  server.removeAllListeners("error");
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
