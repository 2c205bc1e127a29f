import { MedusaError } from "@medusajs/framework/utils";
import { checkEndpoint, type SeqrClientOptions } from "../../seqr";
import { PROBLEMS, type ProblemCode } from "./problems";

/** Everything a store can set. One object serves plugin, module and provider; `withSeqr` hands it to all three. */
export interface SeqrOptions {
  /** Address of SEQR's SOAP service, or of the sandbox. https; http for this machine only. SEQR gives it to you. */
  endpoint: string;
  /** Id of the web shop terminal that SEQR made for you. Never one from registerTerminal: it keeps one open invoice. */
  terminalId: string;
  /** Password of the terminal, at least 4 characters. Keep it in an environment variable. */
  password: string;
  /** Public address of this Medusa server: SEQR posts its notification there, and the app comes back to it. */
  backendUrl: string;
  /** Currencies that the terminal takes, ISO 4217; most terminals take the one of their country. */
  currencies: string[];
  /** The shop's name: title of the bill in the app. */
  shopName: string;
  /** Storefront page to which the shopper's phone returns; `seqr_status` and `order_id` are added to it. Default: a plain page of ours. */
  returnUrl?: string;
  /** What the payment view calls the app. Default `SEQR`; in some places it was renamed to Glase. */
  brandName?: string;
  /** Picture that the payment view shows beside the shop's name. Default: a neutral mark. */
  logoUrl?: string;
  /** Where iPhones get the app; the payment view offers it when the app does not open. Default: none. */
  appStoreUrl?: string;
  /** The same for Android. */
  playStoreUrl?: string;
  /** Line at the foot of the bill. Default: empty. */
  footer?: string;
  /** Shown in SEQR's reconciliation reports. Default `webshop`. */
  cashierId?: string;
  /** Seconds that an invoice stays payable, 60 to 86400. Default 300. */
  lifetime?: number;
  /** Milliseconds to connect to SEQR, 100 to 60000. Default 3000. */
  connectTimeout?: number;
  /** Milliseconds to SEQR's whole answer, 500 to 120000. Default 10000. */
  responseTimeout?: number;
  /** Scheme of the link that opens the app. Default `seqr`. */
  linkScheme?: string;
  /** Name and version of your software as SEQR shall see it; for certification the company's name. Default `medusa-payment-seqr`. */
  clientId?: string;
  /** Days that SEQR's answers about a payment are kept after it is over, 30 to 36500. Default 400. */
  keepObservations?: number;
  /** Last part of the provider's id, `pp_seqr_<providerId>`. Changing it orphans earlier payments. Default `seqr`. */
  providerId?: string;
}

/** The options with every default filled in. */
export type ResolvedOptions = Required<Omit<SeqrOptions, Absent>> & Pick<SeqrOptions, Absent>;

/** Options without a default. */
type Absent = "returnUrl" | "logoUrl" | "appStoreUrl" | "playStoreUrl";

const DEFAULTS = {
  brandName: "SEQR",
  footer: "",
  cashierId: "webshop",
  lifetime: 300,
  connectTimeout: 3_000,
  responseTimeout: 10_000,
  linkScheme: "seqr",
  clientId: "medusa-payment-seqr",
  keepObservations: 400,
  providerId: "seqr",
};

type Check = (value: unknown) => string | undefined;

const CHECKS: Record<keyof SeqrOptions, Check> = {
  endpoint: endpointAddress,
  terminalId: filled,
  password: (value) => filled(value) ?? (String(value).length < 4 ? "at least 4 characters" : undefined),
  backendUrl: baseAddress,
  currencies: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isTwoDecimalCurrency)
      ? undefined
      : 'a list of ISO 4217 codes of currencies with two decimals, such as ["SEK"]',
  shopName: filled,
  returnUrl: httpAddress,
  brandName: filled,
  logoUrl: httpAddress,
  appStoreUrl: httpAddress,
  playStoreUrl: httpAddress,
  footer: isText,
  cashierId: filled,
  lifetime: between(60, 86_400, "seconds"),
  connectTimeout: between(100, 60_000, "milliseconds"),
  responseTimeout: between(500, 120_000, "milliseconds"),
  linkScheme: matching(/^[a-z][a-z0-9+.-]*$/i, "the scheme of a link, such as seqr"),
  clientId: filled,
  keepObservations: between(30, 36_500, "days"),
  providerId: matching(/^[a-zA-Z0-9_-]+$/, "letters, digits, _ and -"),
};

const REQUIRED = ["endpoint", "terminalId", "password", "backendUrl", "currencies", "shopName"] as const;
const SECRET: ReadonlySet<string> = new Set(["password"]);

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {MedusaError} INVALID_DATA that lists every wrong option: which, what was given, what is expected
 */
export function resolveOptions(given: unknown): ResolvedOptions {
  if (typeof given !== "object" || given === null) throw invalid(["no options were given"]);
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const wrong: string[] = REQUIRED.filter((name) => !(name in values)).map(
    (name) => `"${name}" is missing: expected ${expected(name)}`,
  );
  for (const [name, value] of Object.entries(values)) {
    if (!isOption(name)) {
      wrong.push(`"${name}" is not an option`);
      continue;
    }
    const wanted = CHECKS[name](value);
    if (wanted) wrong.push(`"${name}" is ${show(name, value)}: expected ${wanted}`);
  }
  if (wrong.length > 0) throw invalid(wrong);
  const options = { ...DEFAULTS, ...(values as unknown as SeqrOptions) };
  return {
    ...options,
    backendUrl: options.backendUrl.replace(/\/+$/, ""),
    currencies: options.currencies.map((currency) => currency.toUpperCase()),
  };
}

/** The same for options that Medusa hands over: it adds some of its own, which are left aside. */
export function resolveInjectedOptions(given: unknown): ResolvedOptions {
  const entries = typeof given === "object" && given !== null ? Object.entries(given) : [];
  return resolveOptions(Object.fromEntries(entries.filter(([name]) => isOption(name))));
}

/** What the SEQR client needs of the options. */
export function clientOptions(options: ResolvedOptions): SeqrClientOptions {
  const { endpoint, terminalId, password, connectTimeout, responseTimeout, clientId } = options;
  return { endpoint, terminal: { id: terminalId, password }, connectTimeout, responseTimeout, clientId };
}

function invalid(wrong: string[]): MedusaError {
  const message = `medusa-payment-seqr: the options are not usable:\n${wrong.map((line) => `  - ${line}`).join("\n")}`;
  const code: ProblemCode = "SEQR_OPTIONS";
  return new MedusaError(PROBLEMS.SEQR_OPTIONS.type, message, code);
}

function expected(name: (typeof REQUIRED)[number]): string {
  return CHECKS[name](undefined) ?? "a value";
}

function isOption(name: string): name is keyof SeqrOptions {
  return Object.hasOwn(CHECKS, name);
}

/** What was given, without a password, be it the option or a part of an address. */
function show(name: string, value: unknown): string {
  if (SECRET.has(name)) return "not acceptable";
  const shown = JSON.stringify(value) ?? String(value);
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

/** An address that more is appended to. */
function baseAddress(value: unknown): string | undefined {
  const good = httpAddress(value) === undefined && !/[?#\s]/.test(String(value));
  return good ? undefined : "an http or https address without a user name, a query or blanks";
}

function endpointAddress(value: unknown): string | undefined {
  if (typeof value !== "string") return "the https address of the SOAP service";
  try {
    checkEndpoint(value);
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

function matching(pattern: RegExp, wanted: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? undefined : wanted);
}

function isTwoDecimalCurrency(value: unknown): boolean {
  if (typeof value !== "string" || !/^[A-Za-z]{3}$/.test(value)) return false;
  const { maximumFractionDigits } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: value,
  }).resolvedOptions();
  return maximumFractionDigits === 2;
}
