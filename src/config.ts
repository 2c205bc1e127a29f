import { Modules } from "@medusajs/framework/utils";
import { resolveOptions, type SeqrOptions } from "./modules/seqr/contract";

/** A module entry of a Medusa configuration, as far as it matters here. */
interface ModuleEntry {
  resolve?: string;
  key?: string;
  options?: Record<string, unknown>;
  dependencies?: readonly string[];
}

/** The parts of a Medusa configuration that are read and written; the rest passes through untouched. */
interface Config {
  plugins?: readonly unknown[];
  modules?: object;
}

const PACKAGE = "medusa-payment-seqr";
const PAYMENT_MODULE = "@medusajs/medusa/payment";
/** What the provider reaches through the Payment module's container. */
const DEPENDENCIES = ["seqr", "query"];

/**
 * Wires SEQR into a Medusa configuration: the plugin with its ledger, and the payment provider beside those that are
 * there already. Takes the configuration before or after `defineConfig`.
 *
 * @example
 * module.exports = withSeqr(defineConfig({ projectConfig }), {
 *   endpoint: process.env.SEQR_ENDPOINT,
 *   terminalId: process.env.SEQR_TERMINAL_ID,
 *   password: process.env.SEQR_PASSWORD,
 *   backendUrl: "https://api.shop.example",
 *   currencies: ["SEK"],
 *   shopName: "My shop",
 * })
 *
 * @param config the store's configuration; it is not changed
 * @param options see SeqrOptions
 * @returns a configuration with SEQR in it
 * @throws {MedusaError} INVALID_DATA, code SEQR_OPTIONS, listing every option that is not usable
 */
export function withSeqr<C extends object>(config: C, options: SeqrOptions): C {
  const { providerId } = resolveOptions(options);
  const { plugins = [], modules = {} } = config as Config;
  const provider = { resolve: `${PACKAGE}/providers/seqr`, id: providerId, options };
  return {
    ...config,
    plugins: [...plugins, { resolve: PACKAGE, options }],
    modules: Array.isArray(modules)
      ? inList(modules as ModuleEntry[], provider)
      : {
          ...modules,
          [Modules.PAYMENT]: withProvider((modules as Record<string, unknown>)[Modules.PAYMENT], provider),
        },
  };
}

function inList(modules: ModuleEntry[], provider: object): ModuleEntry[] {
  const isPayment = ({ resolve, key }: ModuleEntry): boolean =>
    key === Modules.PAYMENT || resolve === PAYMENT_MODULE || resolve === "@medusajs/payment";
  const others = modules.filter((entry) => !isPayment(entry));
  return [...others, withProvider(modules.find(isPayment), provider)];
}

function withProvider(entry: unknown, provider: object): ModuleEntry {
  const existing: ModuleEntry = typeof entry === "object" && entry !== null ? entry : {};
  const { providers = [] } = (existing.options ?? {}) as { providers?: unknown[] };
  return {
    ...existing,
    resolve: existing.resolve ?? PAYMENT_MODULE,
    options: { ...existing.options, providers: [...providers, provider] },
    dependencies: [...new Set([...(existing.dependencies ?? []), ...DEPENDENCIES])],
  };
}
