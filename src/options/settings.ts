import type { AccountsOptions } from "./books-options";
import type { PeriodsOptions } from "./periods-options";
import { isObject, valuesOf, type ResellerOptions, type SeqrOptions, type Values } from "./seqr-options";
import { hasSeveralTerminals, isStoreWide, resolveStore, type TerminalOptions } from "./store-options";
import { resolvedBooks } from "./books-options";

/** How an option is shown: as it is; only whether it is set; or as an address without its query, which may have a key in it. */
type Shown = "value" | "secret" | "address";

/** The parts of an option that is an object, by their paths in it. */
type Parts = Readonly<Record<string, Shown>>;

const RESELLER: Record<keyof ResellerOptions, Shown> = { id: "value", userId: "value", password: "secret" };
const PERIODS: Record<keyof PeriodsOptions, Shown> = { closeAt: "value", timeZone: "value", scope: "value" };
const BOOKS: Record<`accounts.${keyof AccountsOptions}`, Shown> = {
  "accounts.receivable": "value",
  "accounts.advances": "value",
  "accounts.differences": "value",
  "accounts.sales": "value",
  "accounts.tax": "value",
};

/** Every option, in the order in which it is shown. */
const OPTIONS: Record<keyof SeqrOptions | keyof TerminalOptions, Shown | Parts> = {
  endpoint: "address",
  terminalId: "value",
  password: "secret",
  backendUrl: "address",
  currencies: "value",
  shopName: "value",
  providerId: "value",
  retired: "value",
  capture: "value",
  reservationTime: "value",
  captureBeforeLapse: "value",
  lifetime: "value",
  returnUrl: "value",
  brandName: "value",
  logoUrl: "value",
  appStoreUrl: "value",
  playStoreUrl: "value",
  linkScheme: "value",
  footer: "value",
  receipts: "value",
  receiptLanguage: "value",
  refundTerms: "value",
  cashierId: "value",
  clientId: "value",
  connectTimeout: "value",
  responseTimeout: "value",
  reseller: RESELLER,
  periods: PERIODS,
  books: BOOKS,
  keepObservations: "value",
  notificationsKept: "value",
  sandboxHosts: "value",
  optional: "value",
};

/** An option as it is in force. */
export interface Setting {
  /** Its name; of a part of an option, with the option's name before it: `periods.closeAt`. */
  name: string;
  /** As text; null when it is not set. Of a secret only `set`. */
  value: string | null;
  is_secret: boolean;
  /** Where it is set: for the terminal, for all, or nowhere. */
  source: "terminal" | "options" | "default";
}

/** The options in force. */
export interface Settings {
  /** Those that hold for the whole store. */
  settings: Setting[];
  terminals: { terminal: string; settings: Setting[] }[];
}

/**
 * Lists every option with the value in force, without secrets.
 *
 * @param given the options as the store gives them; names that Medusa adds are left out
 * @throws {MedusaError} INVALID_DATA when they are not usable
 */
export function settingsOf(given: unknown): Settings {
  const entries = isObject(given) ? Object.entries(given) : [];
  const named = Object.fromEntries(
    entries.filter(([name]) => name === "terminals" || Object.hasOwn(OPTIONS, name)),
  );
  const store = resolveStore(named);
  const several = hasSeveralTerminals(named);
  const { terminals: own, ...shared } = named;
  const all = valuesOf(shared);
  const [first] = store.terminals;
  return {
    settings: first ? list(isOfStore, { ...first }, [{ source: "options", values: all }]) : [],
    terminals: store.terminals.map((options) => {
      const name = options.providerId;
      const entry = several && isObject(own) ? own[name] : undefined;
      const values = { ...(isObject(entry) ? valuesOf(entry) : {}), ...(several && { providerId: name }) };
      const sources = [
        { source: "terminal", values },
        { source: "options", values: all },
      ] as const;
      return { terminal: name, settings: list((option) => !isOfStore(option), { ...options }, sources) };
    }),
  };
}

/** A name is of the terminal, though it cannot be set in one. */
function isOfStore(option: string): boolean {
  return isStoreWide(option) && option !== "providerId";
}

interface Source {
  source: Setting["source"];
  values: Values;
}

function list(isWanted: (option: string) => boolean, inForce: Values, sources: readonly Source[]): Setting[] {
  // Without the option `books`, the books have the accounts of its default.
  const values: Values = { books: resolvedBooks(), ...inForce };
  return Object.entries(OPTIONS)
    .filter(([option]) => isWanted(option))
    .flatMap(([option, shown]) =>
      typeof shown === "string"
        ? [setting([option], shown, values, sources)]
        : Object.entries(shown).map(([path, part]) =>
            setting([option, ...path.split(".")], part, values, sources),
          ),
    );
}

function setting(path: string[], shown: Shown, inForce: Values, sources: readonly Source[]): Setting {
  const found = sources.find(({ values }) => at(values, path) !== undefined);
  return {
    name: path.join("."),
    value: written(at(inForce, path), shown),
    is_secret: shown === "secret",
    source: found?.source ?? "default",
  };
}

function at(values: unknown, [name, ...others]: string[]): unknown {
  if (name === undefined) return values;
  return isObject(values) ? at(valuesOf(values)[name], others) : undefined;
}

function written(value: unknown, shown: Shown): string | null {
  if (value === undefined || value === "") return null;
  if (shown === "secret") return "set";
  if (shown === "address") return withoutQuery(String(value));
  if (Array.isArray(value)) return value.join(", ");
  if (!isObject(value)) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${String(one)}`)
    .join(", ");
}

function withoutQuery(address: string): string {
  const { origin, pathname, search } = new URL(address);
  return `${origin}${pathname}${search ? "?…" : ""}`;
}
