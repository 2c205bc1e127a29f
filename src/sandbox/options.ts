import type { CustomerToken } from "../seqr";
import { DEFAULT_SETTINGS, type Settings } from "./core/settings";
import type { Reseller, Terminal } from "./core/state";
import { SandboxError } from "./errors";
import type { SoapPaths } from "./http/soap-site";

/** A terminal that exists at the start. */
export interface TerminalOption {
  id: string;
  password: string;
  /** ISO 4217. Default: SEK. */
  currency?: string;
  /** Name of the shop in the app. Default: the reseller's name. */
  name?: string;
  /** Default: webshop, which may have several open invoices. */
  kind?: "webshop" | "cashregister";
  /** Default: `public_test_shop`. */
  resellerId?: string;
}

/** A shop that exists at the start. */
export interface ResellerOption {
  id: string;
  password: string;
  /** Default: `9900`. */
  userId?: string;
  /** Default: its id. */
  name?: string;
  /** ISO 4217; currency of the cash registers that it registers. Default: SEK. */
  currency?: string;
}

/** Options of a sandbox; every field has a default. */
export interface SandboxOptions extends Partial<Omit<Settings, "notification" | "shopper">> {
  /** 0 chooses a free port. Default: 0. */
  port?: number;
  /** Address to listen on. Default: 127.0.0.1. */
  host?: string;
  /** `turnable`: time stands still until `clock.advance`. Default: real. */
  clock?: "real" | "turnable";
  /** In addition to the public test terminal. */
  terminals?: readonly TerminalOption[];
  /** In addition to the public test shop. */
  resellers?: readonly ResellerOption[];
  notification?: Partial<Settings["notification"]>;
  shopper?: { msisdn?: string; subscriberKey?: string; tokens?: readonly CustomerToken[] };
  /** Time limit of a notification's answer in milliseconds. Default: 5000. */
  notificationTimeout?: number;
  /** Base of invoiceQRCode. `self`: the sandbox's own address, so that the code opens its phone page. */
  qrHost?: string;
  /** File that stores the state. Default: memory only. */
  stateFile?: string;
  /** Bytes; longer requests get 413. Default: 1 000 000. */
  maxRequestBytes?: number;
  /** Paths of the SOAP services. */
  paths?: Partial<SoapPaths>;
}

/** The credentials that SEQR published for testing (PROTOCOL 8). */
export const PUBLIC_TEST_RESELLER: Reseller = {
  id: "public_test_shop",
  userId: "9900",
  password: "1234",
  name: "Public test shop",
  currency: "SEK",
};
export const PUBLIC_TEST_TERMINAL: Terminal = {
  id: "public_test_shop_terminal",
  password: "12345678",
  kind: "webshop",
  currency: "SEK",
  resellerId: PUBLIC_TEST_RESELLER.id,
  name: PUBLIC_TEST_RESELLER.name,
};

/** @throws {SandboxError} SANDBOX_OPTION */
export function resellersOf({ resellers = [] }: SandboxOptions): Reseller[] {
  return [PUBLIC_TEST_RESELLER, ...resellers.map(resellerOf)];
}

/**
 * Fills in the defaults of a shop.
 *
 * @throws {SandboxError} SANDBOX_OPTION
 */
export function resellerOf(option: ResellerOption): Reseller {
  const { id, password, userId = "9900", name = id, currency = "SEK" } = option;
  if (!id || !password) throw new SandboxError("SANDBOX_OPTION", "a reseller needs an id and a password");
  checkCurrency(currency, `currency of reseller ${id}`);
  return { id, password, userId, name, currency };
}

/** @throws {SandboxError} SANDBOX_OPTION */
export function terminalsOf({ terminals = [] }: SandboxOptions, resellers: readonly Reseller[]): Terminal[] {
  return [PUBLIC_TEST_TERMINAL, ...terminals.map((terminal) => terminalOf(terminal, resellers))];
}

/**
 * Fills in the defaults of a terminal.
 *
 * @throws {SandboxError} SANDBOX_OPTION
 */
export function terminalOf(option: TerminalOption, resellers: readonly Reseller[]): Terminal {
  const { id, password, currency = "SEK", kind = "webshop", resellerId = PUBLIC_TEST_RESELLER.id } = option;
  const reseller = resellers.find((other) => other.id === resellerId);
  if (!id || !password) throw new SandboxError("SANDBOX_OPTION", "a terminal needs an id and a password");
  if (!reseller)
    throw new SandboxError("SANDBOX_OPTION", `terminal ${id}: there is no reseller "${resellerId}"`);
  checkCurrency(currency, `currency of terminal ${id}`);
  return { id, password, kind, currency, resellerId, name: option.name ?? reseller.name };
}

/**
 * Builds the core's settings.
 *
 * @throws {SandboxError} SANDBOX_OPTION
 */
export function settingsOf(options: SandboxOptions): Settings {
  const names = Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[];
  const given = Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    ...given,
    notification: { ...DEFAULT_SETTINGS.notification, ...options.notification },
    shopper: { ...DEFAULT_SETTINGS.shopper, ...options.shopper },
  };
  for (const name of [
    "reversalAfter",
    "expireAfter",
    "commitTimeout",
    "reportReadyAfter",
    "sessionLifetime",
  ] as const) {
    if (!(settings[name] >= 0))
      throw new SandboxError("SANDBOX_OPTION", `${name} must be 0 or more milliseconds`);
  }
  return settings;
}

function checkCurrency(currency: string, what: string): void {
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new SandboxError("SANDBOX_OPTION", `${what} must be three capitals (ISO 4217), not "${currency}"`);
  }
}
