import { parseArgs } from "node:util";
import { SandboxError } from "../errors";
import {
  NOTIFIED_STATUSES,
  PUBLIC_TEST_RESELLER,
  PUBLIC_TEST_TERMINAL,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
} from "../index";
import { DEFAULT_PORT } from "./help";

/** Starts a sandbox with the options of the command line, prints its addresses, and runs until it is interrupted. */
export async function serve(args: string[]): Promise<void> {
  const options = serveOptions(args);
  const sandbox = await startSandbox(options);
  const inCurrency = ({ id, currency }: { id: string; currency: string }): string => `${id} (${currency})`;
  const terminals = sandbox.core.terminals().map(inCurrency);
  const resellers = sandbox.core.resellers().map(inCurrency);
  const { id, userId, password } = PUBLIC_TEST_RESELLER;
  process.stdout.write(
    [
      `SEQR sandbox: it behaves like the service as far as public documents tell, and moves no money.`,
      ``,
      `  SOAP service    ${sandbox.endpoint}   (description: ?wsdl)`,
      `  Client session  ${sandbox.sessionEndpoint}`,
      `  Phone           ${sandbox.url}/`,
      `  Control API     ${sandbox.url}/sandbox`,
      `  Terminals       ${terminals.join(", ")}`,
      `                  public test terminal: ${PUBLIC_TEST_TERMINAL.id} / ${PUBLIC_TEST_TERMINAL.password}`,
      `  Resellers       ${resellers.join(", ")}`,
      `                  public test shop: ${id} / user ${userId} / ${password}`,
      `  State           ${options.stateFile ?? "in memory; --state <file> keeps it"}`,
      ...reachableFromElsewhere(sandbox, options.host),
      ``,
      `Ctrl-C stops it.`,
      ``,
    ].join("\n"),
  );
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await sandbox.stop();
}

/** Warns when other machines can reach the sandbox, because they can pay, refund and read the invoices. */
function reachableFromElsewhere({ url }: RunningSandbox, host = "127.0.0.1"): string[] {
  if (/^(localhost|127(\.\d+){3}|::1)$/.test(host)) return [];
  return [
    ``,
    `  !! LISTENING ON ${host}, and not for this machine only. Whoever reaches port ${new URL(url).port} can use`,
    `  !! the phone and every terminal. The control API answers this machine only. Keep it off the internet.`,
  ];
}

/**
 * Parses the options of `sandbox`.
 *
 * @throws {SandboxError} SANDBOX_OPTION
 */
export function serveOptions(args: string[]): SandboxOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      state: { type: "string" },
      clock: { type: "string" },
      terminal: { type: "string", multiple: true },
      reseller: { type: "string", multiple: true },
      "qr-host": { type: "string" },
      "reversal-after": { type: "string" },
      "expire-after": { type: "string" },
      "commit-timeout": { type: "string" },
      "notification-body": { type: "string" },
      "notification-on": { type: "string" },
      refunds: { type: "string" },
      "late-update-code": { type: "string" },
      emulate: { type: "string" },
      "refund-rows": { type: "boolean" },
      "refund-totals": { type: "boolean" },
      strict: { type: "boolean" },
    },
  });
  type Flag = "refund-rows" | "refund-totals" | "strict";
  const text = (name: Exclude<keyof typeof values, "terminal" | "reseller" | Flag>): string | undefined =>
    values[name];
  const seconds = (name: "reversal-after" | "expire-after" | "commit-timeout"): number | undefined => {
    const given = text(name);
    return given === undefined ? undefined : numberOf(name, given) * 1_000;
  };
  const one = <T extends string>(name: Parameters<typeof text>[0], allowed: readonly T[]): T | undefined => {
    const given = text(name);
    return given === undefined ? undefined : oneOf(name, given, allowed);
  };
  const lateUpdateCode = one("late-update-code", ["48", "90"]);
  const statuses = text("notification-on")?.split(",");
  return defined({
    port: values.port === undefined ? DEFAULT_PORT : portOf(values.port),
    host: values.host,
    stateFile: values.state,
    clock: one("clock", ["real", "turnable"]),
    terminals: values.terminal?.map((value) => accountOption("terminal", value)),
    resellers: values.reseller?.map((value) => accountOption("reseller", value)),
    qrHost: values["qr-host"],
    reversalAfter: seconds("reversal-after"),
    expireAfter: seconds("expire-after"),
    commitTimeout: seconds("commit-timeout"),
    notification: defined({
      body: one("notification-body", ["form", "four-field", "empty"]),
      on: statuses?.map((status) => oneOf("notification-on", status.trim(), NOTIFIED_STATUSES)),
    }),
    refunds: one("refunds", ["allowed", "forbidden-to-shop", "forbidden-by-account"]),
    refundRows: values["refund-rows"],
    refundTotals: values["refund-totals"],
    lateUpdateCode: lateUpdateCode === undefined ? undefined : lateUpdateCode === "48" ? 48 : 90,
    emulate: one("emulate", ["2.4", "2.9", "2.10"]),
    strict: values.strict,
  });
}

/**
 * Parses a terminal or reseller of the form `id:password:currency`; only the password may contain colons.
 *
 * @throws {SandboxError} SANDBOX_OPTION
 */
export function accountOption(
  name: "terminal" | "reseller",
  value: string,
): { id: string; password: string; currency: string } {
  const [, id, password, currency] = /^([^:]+):(.+):([A-Z]{3})$/.exec(value) ?? [];
  if (id && password && currency) return { id, password, currency };
  throw new SandboxError("SANDBOX_OPTION", `--${name} must be id:password:currency, as in shop:secret:SEK`);
}

function portOf(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new SandboxError("SANDBOX_OPTION", `--port must be 0 to 65535, not "${value}"`);
}

function numberOf(name: string, value: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new SandboxError("SANDBOX_OPTION", `--${name} must be seconds, not "${value}"`);
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((known) => known === value);
  if (found !== undefined) return found;
  throw new SandboxError("SANDBOX_OPTION", `--${name} must be ${allowed.join(" or ")}, not "${value}"`);
}

function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
