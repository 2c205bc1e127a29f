import { MedusaError } from "@medusajs/framework/utils";
import { checkEndpoint, type ResellerCredentials, type SeqrClientOptions } from "../seqr";
import { ERROR_CODES, type ErrorCode } from "../errors/error-codes";
import { resolvedBooks, wrongBooks, type BooksOptions, type ResolvedBooks } from "./books-options";
import {
  missingReseller,
  resolvedPeriods,
  wrongPeriods,
  type PeriodsOptions,
  type ResolvedPeriods,
} from "./periods-options";
import { KNOWN_PLACEHOLDERS, withoutPlaceholders } from "./return-url";

const RECEIPTS = ["html", "empty", "off"] as const;

/** The languages of receipts, as of the payment view. */
export const RECEIPT_LANGUAGES = [
  ...(["en", "sv", "de", "fi", "nb", "da", "nl"] as const),
  ...(["fr", "es", "pt", "pl", "ro", "it"] as const),
] as const;

/**
 * The options of the plugin, for a store with one terminal. Values may be undefined, as environment variables are. Missing and wrong values are reported
 * when a server starts, not before, so that commands and builds need none of them.
 */
export interface SeqrOptions {
  /** Address of SEQR's SOAP service, or of the sandbox. https; http on this machine and on `sandboxHosts`. SEQR gives it to you. */
  endpoint: string | undefined;
  /** Id of the web shop terminal that SEQR made for you. Never one from registerTerminal: it keeps one open invoice. */
  terminalId: string | undefined;
  /** Password of the terminal, at least 4 characters. Keep it in an environment variable. */
  password: string | undefined;
  /** Public address of this Medusa server: SEQR posts its notification there, and the app opens it after the payment. */
  backendUrl: string | undefined;
  /** Currencies that the terminal takes, ISO 4217; most terminals take the one of their country. */
  currencies: readonly string[] | undefined;
  /** The shop's name: title of the bill in the app. */
  shopName: string | undefined;
  /**
   * Storefront page that the shopper's phone opens after the app. It may contain `{order_id}`, `{country}`, `{status}` and
   * `{cart_id}`, such as `https://shop.example/{country}/order/{order_id}/confirmed`: the phone then waits on the payment's own page
   * for the result. An address without placeholders receives `seqr_status` and `order_id` in its query. Default: the payment's page.
   */
  returnUrl?: string | undefined;
  /** Name of the app in the payment view. Default `SEQR`; in some countries it was renamed to Glase. */
  brandName?: string | undefined;
  /** Picture that the payment view shows beside the shop's name. Default: a neutral mark. */
  logoUrl?: string | undefined;
  /** Link to the app for iPhones; the payment view shows it when the app does not open. Default: none. */
  appStoreUrl?: string | undefined;
  /** Link to the app for Android phones. Default: none. */
  playStoreUrl?: string | undefined;
  /** Line at the foot of the bill. Default: empty. */
  footer?: string | undefined;
  /**
   * What SEQR gets as receipt of each order and refund: `html`, a document with the order's rows; `empty`, one without content;
   * `off`, none. Certification requires one. Default `html`.
   */
  receipts?: (typeof RECEIPTS)[number] | undefined;
  /** Language of receipts whose order has no locale. Default `en`. */
  receiptLanguage?: (typeof RECEIPT_LANGUAGES)[number] | undefined;
  /** Terms for refunds on the receipt. Default: a sentence that says which account a refund is made to. */
  refundTerms?: string | undefined;
  /** Shown in SEQR's reconciliation reports. Default `webshop`. */
  cashierId?: string | undefined;
  /** Seconds that an invoice stays payable, 60 to 86400. Default 300. */
  lifetime?: number | undefined;
  /**
   * When the shopper is charged. `automatic`: at once. `manual`: SEQR reserves the amount, the order is placed with an authorized
   * payment, and the capture in Medusa charges it. Default `automatic`.
   */
  capture?: "automatic" | "manual" | undefined;
  /** Seconds for which SEQR keeps a reservation until it is captured, 60 to 2592000 (30 days). Default 604800 (7 days). */
  reservationTime?: number | undefined;
  /** Whether the plugin captures a reservation that would lapse soon. Default false: it is listed for staff. */
  captureBeforeLapse?: boolean | undefined;
  /** Time limit in milliseconds to connect to SEQR, 100 to 60000. Default 3000. */
  connectTimeout?: number | undefined;
  /** Time limit in milliseconds to SEQR's complete answer, 500 to 120000. Default 10000. */
  responseTimeout?: number | undefined;
  /** Scheme of the link that opens the app. Default `seqr`. */
  linkScheme?: string | undefined;
  /** Name and version of your software in requests to SEQR; for certification the company's name. Default `medusa-payment-seqr`. */
  clientId?: string | undefined;
  /** Days for which SEQR's answers about a payment are kept after it has ended, 30 to 36500. Default 400. */
  keepObservations?: number | undefined;
  /** Days for which requests to the address for notifications are kept, 1 to 36500. Default 90. */
  notificationsKept?: number | undefined;
  /** Last part of the provider's id, `pp_seqr_<providerId>`. Changing it orphans earlier payments. Default `seqr`. */
  providerId?: string | undefined;
  /**
   * Other hosts than this machine that may be reached over plain http, such as `["sandbox"]` in Docker. Only for a
   * sandbox: the password is sent as plain text. Default: none.
   */
  sandboxHosts?: readonly string[] | undefined;
  /**
   * Whether a server starts with SEQR off when required options are missing: on a colleague's machine, in a preview. Then no
   * payment can be started, and the log says so. Wrong options still stop the server. Default false.
   */
  optional?: boolean | undefined;
  /** The merchant's own account at SEQR, which closes periods and gets reports: SEQR gives it to you. Default: none. */
  reseller?: ResellerOptions | undefined;
  /** When the plugin closes the account's transaction period each day. Default: only when staff or the store's own code do. */
  periods?: PeriodsOptions | undefined;
  /** What the books are exported with. Default: accounts of the Swedish BAS chart. */
  books?: BooksOptions | undefined;
}

/** The merchant's account at SEQR. */
export interface ResellerOptions {
  /** The shop's id at SEQR. */
  id: string | undefined;
  /** Default `9900`, as in every published example. */
  userId?: string | undefined;
  /** Keep it in an environment variable. */
  password: string | undefined;
}

/** The options of a terminal with all defaults filled in. */
export type ResolvedOptions = Filled<Omit<SeqrOptions, Absent>> &
  Pick<SeqrOptions, Exclude<Absent, "reseller" | "periods" | "books">> & {
    reseller?: Required<ResellerCredentials>;
    periods?: ResolvedPeriods;
    books?: ResolvedBooks;
    /** Whether the store no longer sells with the terminal. */
    retired: boolean;
  };

type Filled<T> = { [Name in keyof T]-?: NonNullable<T[Name]> };

/** Options without a default. */
type Absent = "returnUrl" | "logoUrl" | "appStoreUrl" | "playStoreUrl" | "reseller" | "periods" | "books";

const DEFAULTS = {
  brandName: "SEQR",
  footer: "",
  receipts: "html",
  receiptLanguage: "en",
  refundTerms: "",
  cashierId: "webshop",
  lifetime: 300,
  capture: "automatic",
  reservationTime: 604_800,
  captureBeforeLapse: false,
  connectTimeout: 3_000,
  responseTimeout: 10_000,
  linkScheme: "seqr",
  clientId: "medusa-payment-seqr",
  keepObservations: 400,
  notificationsKept: 90,
  providerId: "seqr",
  sandboxHosts: [],
  optional: false,
  retired: false,
};

/** User of a reseller's account, when none is given. */
export const RESELLER_USER = "9900";

/** Checks a value. @returns the expected value as text, or undefined when the value is acceptable */
type Check = (value: unknown, all: Values) => string | undefined;

/** Options that were given, by their names. */
export type Values = Record<string, unknown>;

const PROVIDER_ID = /^[a-zA-Z0-9_-]+$/;
/** What a provider's id may consist of, for people. */
export const PROVIDER_ID_WANTED = "letters, digits, _ and -";

const CHECKS: Record<keyof SeqrOptions, Check> = {
  endpoint: endpointAddress,
  terminalId: filled,
  password: (value) =>
    filled(value) ?? (String(value).length < 4 ? "a text of at least 4 characters" : undefined),
  backendUrl: baseAddress,
  currencies: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isTwoDecimalCurrency)
      ? undefined
      : 'a list of ISO 4217 codes of currencies with two decimals, such as ["SEK"]',
  shopName: filled,
  returnUrl: returnAddress,
  brandName: filled,
  logoUrl: httpAddress,
  appStoreUrl: httpAddress,
  playStoreUrl: httpAddress,
  footer: isText,
  receipts: oneOf(RECEIPTS),
  receiptLanguage: oneOf(RECEIPT_LANGUAGES),
  refundTerms: isText,
  cashierId: filled,
  lifetime: between(60, 86_400, "seconds"),
  capture: (value) => (value === "automatic" || value === "manual" ? undefined : '"automatic" or "manual"'),
  reservationTime: (value) =>
    Number.isInteger(value)
      ? between(60, 2_592_000, "seconds")(value, {})
      : "a whole number of seconds from 60 to 2592000",
  captureBeforeLapse: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  connectTimeout: between(100, 60_000, "milliseconds"),
  responseTimeout: between(500, 120_000, "milliseconds"),
  linkScheme: matching(/^[a-z][a-z0-9+.-]*$/i, "the scheme of a link, such as seqr"),
  clientId: filled,
  keepObservations: between(30, 36_500, "days"),
  notificationsKept: between(1, 36_500, "days"),
  providerId: matching(PROVIDER_ID, PROVIDER_ID_WANTED),
  sandboxHosts: (value) => (isHostList(value) ? undefined : 'a list of names of hosts, such as ["sandbox"]'),
  optional: trueOrFalse,
  reseller: resellerAccount,
  books: wrongBooks,
  periods: (value) => wrongPeriods(isObject(value) ? valuesOf(value) : undefined),
};

const REQUIRED = ["endpoint", "terminalId", "password", "backendUrl", "currencies", "shopName"] as const;
type RequiredOption = (typeof REQUIRED)[number];
const SECRET: ReadonlySet<string> = new Set(["password", "reseller"]);

/**
 * Checks the options of a store with one terminal, and fills in the defaults.
 *
 * @throws {MedusaError} INVALID_DATA, which lists every wrong option with the given and the expected value
 */
export function resolveOptions(given: unknown): ResolvedOptions {
  if (!isObject(given)) throw invalidOptions(["no options were given"]);
  const values = valuesOf(given);
  const wrong = [
    ...missingFrom(values).map((name) => missingLine(name)),
    ...missingReseller(values["periods"], [values["reseller"]]).map(({ line }) => line),
    ...wrongIn(values),
  ];
  if (wrong.length > 0) throw invalidOptions(wrong);
  return withDefaults(values);
}

/** Fills in the defaults of options that were checked. */
export function withDefaults(values: Values): ResolvedOptions {
  const { reseller, periods, books, ...options } = {
    ...DEFAULTS,
    ...(values as unknown as Filled<SeqrOptions>),
  };
  return {
    ...options,
    // As browsers write it: some spellings that they understand, such as https:host, lead elsewhere in a page.
    backendUrl: new URL(options.backendUrl).href.replace(/\/+$/, ""),
    currencies: options.currencies.map((currency) => currency.toUpperCase()),
    sandboxHosts: options.sandboxHosts.map((host) => host.toLowerCase()),
    ...(isObject(reseller) && {
      reseller: { userId: RESELLER_USER, ...valuesOf(reseller) } as Required<ResellerCredentials>,
    }),
    ...(isObject(periods) && { periods: resolvedPeriods(valuesOf(periods)) }),
    ...(isObject(books) && { books: resolvedBooks(books) }),
  };
}

/** Reads the last part of the only provider's id, also from invalid options. */
export function providerIdOf({ providerId }: Values): string {
  return isProviderId(providerId) ? providerId : DEFAULTS.providerId;
}

/** Whether a value can be the last part of a provider's id. */
export function isProviderId(value: unknown): value is string {
  return typeof value === "string" && PROVIDER_ID.test(value);
}

/** Selects the options of the SEQR client. */
export function clientOptions(options: ResolvedOptions): SeqrClientOptions {
  const { endpoint, terminalId, password, ...others } = options;
  const { sandboxHosts, connectTimeout, responseTimeout, clientId } = others;
  const terminal = { id: terminalId, password };
  return { endpoint, sandboxHosts, terminal, connectTimeout, responseTimeout, clientId };
}

/** Selects the values that were given. An environment variable that is not set is undefined, or empty in Docker and in an `.env`. */
export function valuesOf(given: object): Values {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => !isNothing(value)));
}

function isNothing(value: unknown): boolean {
  // A list of nothing is what `"".split(",")` makes.
  if (Array.isArray(value)) return value.every((one) => one === "");
  return value === undefined || value === "" || isUnsetAccount(value);
}

/** Whether it is an account of which neither id nor password are set. */
function isUnsetAccount(value: unknown): boolean {
  if (!isObject(value) || !("id" in value && "password" in value)) return false;
  return [value["id"], value["password"]].every((one) => one === undefined || one === "");
}

/** Lists the required options that are missing, by their names. */
export function missingFrom(values: Values): RequiredOption[] {
  return REQUIRED.filter((name) => !(name in values));
}

/** Says of a required option that it is missing. @param path of the option in the store's options */
export function missingLine(name: RequiredOption, path: string = name): string {
  return `"${path}" is missing: expected ${CHECKS[name](undefined, {}) ?? "a value"}`;
}

/**
 * Lists what is wrong in options, with the given and the expected value.
 *
 * @param all what else was given, on which a check may depend
 * @param path before the option's name in the store's options
 */
export function wrongIn(values: Values, all: Values = values, path = ""): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (!isOption(name)) return [notAnOption(path + name)];
    const wanted = CHECKS[name](value, all);
    return wanted === undefined ? [] : [`"${path}${name}" is ${show(name, value)}: expected ${wanted}`];
  });
}

/** Makes the error that lists what is wrong in the options. */
export function invalidOptions(wrong: string[]): MedusaError {
  const message = `medusa-payment-seqr: the options are not usable:\n${wrong.map((line) => `  - ${line}`).join("\n")}`;
  const code: ErrorCode = "SEQR_OPTIONS";
  return new MedusaError(ERROR_CODES.SEQR_OPTIONS.type, message, code);
}

/** Says of a name that it is no option. */
export function notAnOption(name: string): string {
  return `"${name}" is not an option`;
}

/** Whether it is the name of an option of a store with one terminal. */
export function isOption(name: string): name is keyof SeqrOptions {
  return Object.hasOwn(CHECKS, name);
}

/** Whether a value has names of its own; a list has not. */
export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Checks that a value is true or false. */
export function trueOrFalse(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

/** Checks a reseller's account, of which a user may be left out. */
function resellerAccount(value: unknown): string | undefined {
  const wanted =
    "an object with the id and the password of the merchant's account at SEQR, and a userId if it is not 9900";
  if (!isObject(value)) return wanted;
  const { id, password, userId = RESELLER_USER, ...others } = valuesOf(value);
  const isGood = [id, password, userId].every((one) => filled(one) === undefined);
  return isGood && Object.keys(others).length === 0 ? undefined : wanted;
}

/** Formats a given value for a message, without passwords, also those in an address. */
function show(name: string, value: unknown): string {
  if (SECRET.has(name)) return "not acceptable";
  // JSON makes null of NaN, which is what an unset variable becomes as a number.
  const shown = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return shown.replace(/\/\/.*@/, "//***@").slice(0, 80);
}

function filled(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? undefined : "a text that is not empty";
}

function isText(value: unknown): string | undefined {
  return typeof value === "string" ? undefined : "a text";
}

function httpAddress(value: unknown): string | undefined {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const good = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  return good ? undefined : "an http or https address without a user name";
}

/** Checks an address that may contain placeholders outside its host. */
function returnAddress(value: unknown): string | undefined {
  if (typeof value !== "string" || !/[{}]/.test(value)) return httpAddress(value);
  const filled = withoutPlaceholders(value);
  const good =
    httpAddress(filled) === undefined && !/[{}]/.test(filled) && /^https?:\/\/[^/?#{}]+[/?#]/.test(value);
  return good
    ? undefined
    : `an http or https address without a user name, with no other placeholders than ${KNOWN_PLACEHOLDERS}, and none in its host`;
}

/** Checks an address to which paths are appended. */
function baseAddress(value: unknown): string | undefined {
  const good = httpAddress(value) === undefined && !/[?#\s]/.test(String(value));
  return good ? undefined : "an http or https address without a user name, a query or blanks";
}

function endpointAddress(value: unknown, { sandboxHosts }: Values): string | undefined {
  if (typeof value !== "string") return "the https address of the SOAP service";
  try {
    checkEndpoint(value, "endpoint", isHostList(sandboxHosts) ? sandboxHosts : []);
    return undefined;
  } catch (error) {
    return `the https address of the SOAP service (${error instanceof Error ? error.message : ""})`;
  }
}

function between(least: number, most: number, unit: string): Check {
  return (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `a number of ${unit} from ${least} to ${most}`;
}

function oneOf(words: readonly string[]): Check {
  return (value) => (words.some((word) => word === value) ? undefined : words.join(", "));
}

function matching(pattern: RegExp, wanted: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? undefined : wanted);
}

/** Checks a list of host names, without scheme and port. */
function isHostList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((host) => typeof host === "string" && /^[\w.-]+$/.test(host));
}

function isTwoDecimalCurrency(value: unknown): boolean {
  if (typeof value !== "string" || !/^[A-Za-z]{3}$/.test(value)) return false;
  const { maximumFractionDigits } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: value,
  }).resolvedOptions();
  return maximumFractionDigits === 2;
}
