import { MedusaError } from "@medusajs/framework/utils";
import { missingReseller } from "./periods-options";
import {
  invalidOptions,
  isObject,
  isOption,
  isProviderId,
  missingFrom,
  missingLine,
  notAnOption,
  PROVIDER_ID_WANTED,
  providerIdOf,
  RESELLER_USER,
  resolveOptions,
  trueOrFalse,
  valuesOf,
  withDefaults,
  wrongIn,
  type ResolvedOptions,
  type SeqrOptions,
  type Values,
} from "./seqr-options";

/** Options that hold for the whole store, and never for one of its terminals. */
const STORE_WIDE = [
  ...(["backendUrl", "keepObservations", "notificationsKept", "sandboxHosts", "optional"] as const),
  ...(["providerId", "periods", "books"] as const),
] as const;
type StoreWideOption = (typeof STORE_WIDE)[number];

/** The options of one of several terminals: what they leave out is as for all. */
export type TerminalOptions = Partial<Omit<SeqrOptions, StoreWideOption>> & {
  /**
   * Whether the store no longer sells with this terminal. Its payments are still watched, captured and refunded, so keep the
   * entry as long as one of its orders may be refunded. Default false.
   */
  retired?: boolean | undefined;
};

/**
 * The options of a store with several terminals. Every option outside `terminals` holds for all of them, and each terminal may
 * set another value, except for the options of the store as a whole.
 */
export interface SeveralTerminalsOptions extends Partial<Omit<SeqrOptions, "providerId" | "backendUrl">> {
  /** See SeqrOptions. */
  backendUrl: string | undefined;
  /**
   * The terminals by their names. Each becomes a payment provider of its own: `se` becomes `pp_seqr_se`. A name stays with its
   * terminal: another terminal gets another name.
   */
  terminals: Record<string, TerminalOptions>;
}

/** Options of the store as a whole, with all defaults filled in. */
export type StoreOptions = Pick<ResolvedOptions, Exclude<StoreWideOption, "providerId">>;

/** The options with all defaults filled in, for the store and for each of its terminals. */
export interface ResolvedStore {
  options: StoreOptions;
  /** At least one. `providerId` is the terminal's name. */
  terminals: readonly ResolvedOptions[];
}

/** Whether SEQR is on, by the options. */
export type Standing =
  | { is: "on"; store: ResolvedStore }
  /** Required options are missing, and `optional` is set. */
  | { is: "off"; missing: string[] }
  | { is: "refused"; error: MedusaError };

/** What the options say of the terminals, checked. */
interface Reading {
  /** Options of all terminals. */
  shared: Values;
  /** What is wrong, in words. */
  wrong: string[];
  terminals: TerminalReading[];
}

/** What the options say of one terminal. */
interface TerminalReading {
  /** Its own options and those of all; `providerId` is its name. */
  values: Values;
  /** Required options that are missing: their paths in the options, and words about each. */
  missing: { path: string; line: string }[];
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {MedusaError} INVALID_DATA, which lists every wrong option with the given and the expected value
 */
export function resolveStore(given: unknown): ResolvedStore {
  const [first, ...others] = resolveTerminals(given);
  const { backendUrl, keepObservations, notificationsKept, sandboxHosts, optional, periods, books } = first;
  const options = {
    ...{ backendUrl, keepObservations, notificationsKept, sandboxHosts, optional },
    ...(periods && { periods }),
    ...(books && { books }),
  };
  return { options, terminals: [first, ...others] };
}

function resolveTerminals(given: unknown): [ResolvedOptions, ...ResolvedOptions[]] {
  if (!hasSeveralTerminals(given)) return [resolveOptions(given)];
  const { wrong, terminals } = readSeveral(given);
  const lines = [...linesOf(terminals), ...wrong];
  const [first, ...others] = terminals.map(({ values }) => values);
  if (!first || lines.length > 0) throw invalidOptions(lines);
  return [withDefaults(first), ...others.map(withDefaults)];
}

/** Checks options that Medusa passes, to which it has added some of its own. It does not throw. */
export function standingOf(given: unknown): Standing {
  const entries = isObject(given) ? Object.entries(given) : [];
  const own = Object.fromEntries(entries.filter(([name]) => isStoreOption(name)));
  try {
    const { shared, wrong, terminals } = read(own);
    const missing = terminals.flatMap((terminal) => terminal.missing.map(({ path }) => path));
    const isOff = shared["optional"] === true && missing.length > 0 && wrong.length === 0;
    return isOff ? { is: "off", missing: [...new Set(missing)] } : { is: "on", store: resolveStore(own) };
  } catch (error) {
    if (!(error instanceof MedusaError)) throw error;
    return { is: "refused", error };
  }
}

/**
 * Refuses unknown option names, and options of the whole store in a terminal. Medusa adds names of its own to a store's
 * options, so only the caller that has the store's own options can check them.
 *
 * @throws {MedusaError} INVALID_DATA, which lists them
 */
export function refuseUnknownOptions(given: unknown): void {
  const values = isObject(given) ? given : {};
  const unknown = Object.keys(values).filter((name) => !isStoreOption(name));
  const inTerminals = entriesOf(values).flatMap(([name, own]) => misplacedIn(name, isObject(own) ? own : {}));
  const wrong = [...unknown.map(notAnOption), ...inTerminals];
  if (wrong.length > 0) throw invalidOptions(wrong);
}

/** Reads the last parts of the providers' ids, also from invalid options: at least one. */
export function providerIdsOf(given: unknown): string[] {
  const values = isObject(given) ? given : {};
  const names = entriesOf(values).flatMap(([name]) => (isProviderId(name) ? [name] : []));
  return names.length > 0 ? names : [providerIdOf(values)];
}

/** Whether the options name their terminals, instead of the short form for one. */
export function hasSeveralTerminals(given: unknown): given is Values {
  return isObject(given) && given["terminals"] !== undefined;
}

function isStoreOption(name: string): boolean {
  return name === "terminals" || isOption(name);
}

/** The entries of `terminals`. */
function entriesOf({ terminals }: Values): [string, unknown][] {
  return isObject(terminals) ? Object.entries(terminals) : [];
}

function read(given: Values): Reading {
  return hasSeveralTerminals(given) ? readSeveral(given) : readOne(valuesOf(given));
}

/** Reads the short form. */
function readOne(values: Values): Reading {
  const missing = [
    ...missingFrom(values).map((name) => ({ path: name, line: missingLine(name) })),
    ...missingReseller(values["periods"], [values["reseller"]]),
  ];
  return { shared: values, wrong: wrongIn(values), terminals: [{ values, missing }] };
}

function readSeveral({ terminals, ...others }: Values): Reading {
  const shared = valuesOf(others);
  const entries = entriesOf({ terminals });
  const read = entries.flatMap(([name, own]) =>
    isObject(own) ? [readTerminal(name, valuesOf(own), shared)] : [],
  );
  const accounts = read.map(({ values }) => values["reseller"]);
  read[0]?.missing.push(...missingReseller(shared["periods"], accounts));
  return {
    shared,
    terminals: read,
    wrong: [
      ...(entries.length > 0
        ? []
        : ['"terminals" has no terminal: expected an object such as { se: { … } }']),
      ...(shared["providerId"] === undefined
        ? []
        : ['"providerId" is for one terminal: of several, each name is the last part of its provider\'s id']),
      ...wrongIn(shared),
      ...entries.flatMap(([name, own]) => wrongInTerminal(name, own, shared)),
      ...doubled(read),
      ...differingAccounts(read),
    ],
  };
}

function readTerminal(name: string, own: Values, shared: Values): TerminalReading {
  const values = { ...shared, ...own, providerId: name };
  const missing = missingFrom(values).map((option) => {
    const path = isStoreWide(option) ? option : `${pathOf(name)}.${option}`;
    return { path, line: missingLine(option, path) };
  });
  return { values, missing };
}

function wrongInTerminal(name: string, own: unknown, shared: Values): string[] {
  const path = pathOf(name);
  const badName = isProviderId(name)
    ? []
    : [`"${path}" has a name with other characters than ${PROVIDER_ID_WANTED}`];
  if (!isObject(own)) return [...badName, `"${path}" is not an object: expected the terminal's options`];
  const { retired = false, ...values } = valuesOf(own);
  const rightPlace = Object.fromEntries(Object.entries(values).filter(([option]) => isOfTerminal(option)));
  const wanted = trueOrFalse(retired);
  return [
    ...badName,
    ...misplacedIn(name, own),
    ...(wanted === undefined ? [] : [`"${path}.retired" is ${JSON.stringify(retired)}: expected ${wanted}`]),
    ...wrongIn(rightPlace, { ...shared, ...values }, `${path}.`),
  ];
}

/** Lists the names in a terminal's options that are no option, or one of the whole store. */
function misplacedIn(name: string, own: Values): string[] {
  return Object.keys(own)
    .filter((option) => option !== "retired" && !isOfTerminal(option))
    .map((option) => {
      const path = `${pathOf(name)}.${option}`;
      return isStoreWide(option)
        ? `"${path}" can be set for the whole store only, beside "terminals"`
        : notAnOption(path);
    });
}

/** Terminals that the store sells with must differ: two providers for one terminal would be the same to SEQR. */
function doubled(terminals: TerminalReading[]): string[] {
  const first = new Map<string, string>();
  return terminals.flatMap(({ values: { terminalId, endpoint, providerId, retired } }) => {
    if (terminalId === undefined || endpoint === undefined || retired === true) return [];
    const key = JSON.stringify([String(terminalId).trim(), sameAddress(String(endpoint))]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, String(providerId));
    return earlier === undefined
      ? []
      : [
          `"${pathOf(String(providerId))}" has the terminalId and the endpoint of "${pathOf(earlier)}": ` +
            'expected another terminal, or "retired: true" for one of the two',
        ];
  });
}

/** An account at SEQR has one user and one password, whichever of its terminals names it. */
function differingAccounts(terminals: TerminalReading[]): string[] {
  const first = new Map<string, { name: string; said: string }>();
  return terminals.flatMap(({ values: { reseller, endpoint, providerId } }) => {
    if (!isObject(reseller)) return [];
    const { id, password, userId = RESELLER_USER } = valuesOf(reseller);
    const key = JSON.stringify([endpoint, id]);
    const said = JSON.stringify([userId, password]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, { name: String(providerId), said });
    return earlier === undefined || earlier.said === said
      ? []
      : [
          `"${pathOf(String(providerId))}" has the reseller's id of "${pathOf(earlier.name)}" at the same endpoint, ` +
            "and another userId or password: expected the same account",
        ];
  });
}

/** Writes an address as all its spellings mean it: without a slash at its end, the usual port, and capitals in the host. */
function sameAddress(address: string): string {
  const { href } = URL.canParse(address) ? new URL(address.trim()) : { href: address };
  return href.replace(/\/+$/, "");
}

/** Says once of each option that it is missing. */
function linesOf(terminals: TerminalReading[]): string[] {
  return [...new Set(terminals.flatMap(({ missing }) => missing.map(({ line }) => line)))];
}

function pathOf(name: string): string {
  return `terminals.${name}`;
}

/** Whether an option holds for the whole store, and never for one of its terminals. */
export function isStoreWide(option: string): option is StoreWideOption {
  return (STORE_WIDE as readonly string[]).includes(option);
}

function isOfTerminal(option: string): boolean {
  return isOption(option) && !isStoreWide(option);
}
