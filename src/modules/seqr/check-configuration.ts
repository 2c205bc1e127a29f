import { Modules } from "@medusajs/framework/utils";
import { seqrError } from "../../errors/error-codes";
import { hasSeveralTerminals, providerIdsOf } from "../../options/store-options";

/** A Medusa configuration, as far as it names plugins and modules. */
export interface Configuration {
  plugins?: readonly unknown[];
  modules?: object;
}

/** A plugin, module or provider of a configuration. */
export interface Entry {
  resolve?: unknown;
  key?: string;
  /** Of a provider. */
  id?: string;
  options?: object;
  dependencies?: readonly string[];
}

/** What the provider reaches through the Payment module's container. */
export const DEPENDENCIES = ["seqr", "query"];

/**
 * Refuses to add SEQR to a configuration that names a part of it already.
 *
 * @param plugin what the plugin would be added by
 * @param payment the Payment module's entry
 * @throws {MedusaError} SEQR_CONFIGURATION
 */
export function refuseSecond(plugins: readonly unknown[], plugin: string, payment: Entry): void {
  if (plugins.some((entry) => isPlugin(entry) || resolveOf(entry) === plugin)) {
    throw refused("The plugin is there already: `withSeqr` was called before, or `plugins` names it.");
  }
  if (providersOf(payment).some(isProvider)) {
    throw refused("The provider is there already: the Payment module's `providers` name it.");
  }
}

/**
 * Refuses a configuration, as Medusa loads it, in which one half of SEQR is missing or is there twice.
 *
 * @throws {MedusaError} SEQR_CONFIGURATION
 */
export function refuseHalf({ plugins = [], modules = {} }: Configuration): void {
  const { seqr, [Modules.PAYMENT]: payment } = modules as Record<string, Entry | undefined>;
  const providers = providersOf(payment);
  if (!providers.some(mayBeProvider)) throw refused("The plugin is there without its provider.");
  if (!seqr) throw refused("The provider is there without its plugin.");
  if (plugins.filter(isPlugin).length > 1) throw refused("The plugin is there more than once.");
  refuseOtherProviders(providers.filter(isProvider), seqr.options);
  if (!DEPENDENCIES.every((name) => payment?.dependencies?.includes(name))) {
    throw refused(`The Payment module lacks one of the dependencies ${DEPENDENCIES.join(" and ")}.`);
  }
}

/**
 * Refuses providers that do not fit the terminals. The only provider of a store with one terminal may be the store's own, so
 * its id is not compared.
 */
function refuseOtherProviders(found: Entry[], options: unknown): void {
  if (!hasSeveralTerminals(options)) {
    if (found.length > 1) throw refused("The provider is there more than once.");
    return;
  }
  const names = providerIdsOf(options);
  const ids = found.map(({ id }) => String(id));
  const missing = names.filter((name) => !ids.includes(name));
  const others = ids.filter((id, at) => !names.includes(id) || ids.indexOf(id) !== at);
  if (missing.length > 0) throw refused(`Terminals without a provider: ${missing.join(", ")}.`);
  if (others.length > 0)
    throw refused(`Providers without a terminal, or more than once: ${others.join(", ")}.`);
  const strange = found.find(
    ({ id, options: own }) => (own as { terminal?: unknown } | undefined)?.terminal !== id,
  );
  if (strange) throw refused(`The option \`terminal\` of the provider ${strange.id} is not its id.`);
}

function refused(detail: string): Error {
  return seqrError("SEQR_CONFIGURATION", detail);
}

function providersOf(module: Entry | undefined): Entry[] {
  const { providers = [] } = (module?.options ?? {}) as { providers?: Entry[] };
  return providers;
}

function resolveOf(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null ? (entry as Entry).resolve : entry;
}

/** By its name, or by where it lies. */
function isPlugin(entry: unknown): boolean {
  return /(^|[\\/])medusa-payment-seqr$/.test(String(resolveOf(entry)));
}

/** By its name, by where it lies, or by what it is. */
function isProvider({ resolve }: Entry): boolean {
  if (typeof resolve === "string") return /[\\/]providers[\\/]seqr([\\/]index(\.js)?)?$/.test(resolve);
  const { services = [] } = (resolve ?? {}) as { services?: { identifier?: string }[] };
  return services.some(({ identifier }) => identifier === "seqr");
}

/** A store may hand the provider on in a file of its own. */
function mayBeProvider(entry: Entry): boolean {
  return isProvider(entry) || (typeof entry.resolve === "string" && /seqr/i.test(entry.resolve));
}
