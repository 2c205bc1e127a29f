import { dirname } from "node:path";
import { Modules } from "@medusajs/framework/utils";
import { DEPENDENCIES, refuseSecond, type Configuration, type Entry } from "./modules/seqr/public";
import type { SeqrOptions } from "./options/seqr-options";
import {
  hasSeveralTerminals,
  providerIdsOf,
  refuseUnknownOptions,
  type SeveralTerminalsOptions,
} from "./options/store-options";

const PAYMENT_MODULE = "@medusajs/medusa/payment";
// The path of this copy of the package. By name, Medusa might resolve another app's copy in the same workspace, with another copy of Medusa.
const PLUGIN = dirname(require.resolve("medusa-payment-seqr/package.json"));
const PROVIDER = require.resolve("./providers/seqr");

/**
 * Adds SEQR to a Medusa configuration: the plugin with its ledger, and a payment provider for each terminal after the existing
 * ones. Takes the configuration before or after `defineConfig`.
 *
 * @example
 * module.exports = withSeqr(defineConfig({ projectConfig }), {
 *   endpoint: process.env.SEQR_ENDPOINT,
 *   terminalId: process.env.SEQR_TERMINAL_ID,
 *   password: process.env.SEQR_PASSWORD,
 *   backendUrl: process.env.SEQR_BACKEND_URL,
 *   currencies: ["SEK"],
 *   shopName: "My shop",
 * })
 *
 * Missing and wrong values are not checked here, but when a server starts.
 *
 * @param config the store's configuration; it is not changed
 * @param options see SeqrOptions; SeveralTerminalsOptions for a store with more than one terminal
 * @returns a configuration with SEQR
 * @throws {MedusaError} INVALID_DATA: code SEQR_CONFIGURATION when SEQR is in the configuration already, and SEQR_OPTIONS when a
 * name is no option
 */
export function withSeqr<C extends object>(config: C, options: SeveralTerminalsOptions): C;
// In two signatures, so that the compiler names the option that is missing, and not `terminals`.
// eslint-disable-next-line @typescript-eslint/unified-signatures
export function withSeqr<C extends object>(config: C, options: SeqrOptions): C;
export function withSeqr<C extends object>(config: C, options: SeqrOptions | SeveralTerminalsOptions): C {
  refuseUnknownOptions(options);
  const { plugins = [], modules = {} } = config as Configuration;
  const providers = providerIdsOf(options).map((id) => ({
    ...{ resolve: PROVIDER, id },
    ...(hasSeveralTerminals(options) && { options: { terminal: id } }),
  }));
  const withProvider = (given: unknown): Entry => {
    const entry: Entry = typeof given === "object" && given !== null ? given : {};
    refuseSecond(plugins, PLUGIN, entry);
    return addTo(entry, providers);
  };
  return {
    ...config,
    plugins: [...plugins, { resolve: PLUGIN, options }],
    modules: Array.isArray(modules)
      ? [
          ...(modules as Entry[]).filter((entry) => !isPayment(entry)),
          withProvider((modules as Entry[]).find(isPayment)),
        ]
      : {
          ...modules,
          [Modules.PAYMENT]: withProvider((modules as Record<string, unknown>)[Modules.PAYMENT]),
        },
  };
}

function isPayment({ resolve, key }: Entry): boolean {
  return key === Modules.PAYMENT || resolve === PAYMENT_MODULE || resolve === "@medusajs/payment";
}

function addTo(entry: Entry, added: object[]): Entry {
  const { providers = [] } = (entry.options ?? {}) as { providers?: unknown[] };
  return {
    ...entry,
    resolve: entry.resolve ?? PAYMENT_MODULE,
    options: { ...entry.options, providers: [...providers, ...added] },
    dependencies: [...new Set([...(entry.dependencies ?? []), ...DEPENDENCIES])],
  };
}
