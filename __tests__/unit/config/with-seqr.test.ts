import { join, resolve } from "node:path";
import { defineConfig, MedusaError } from "@medusajs/framework/utils";
import { withSeqr } from "../../../src/config";
import type { SeqrOptions } from "../../../src/options/seqr-options";

const options: SeqrOptions = {
  endpoint: "https://seqr.example/soap",
  terminalId: "terminal-1",
  password: "correct horse battery",
  backendUrl: "https://api.shop.example",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
};
const root = resolve(__dirname, "../../..");
const PLUGIN = { resolve: root, options };
const SEQR = { resolve: join(root, "src/providers/seqr/index.ts"), id: "seqr" };
const stripe = { resolve: "@medusajs/medusa/payment-stripe", id: "stripe", options: { apiKey: "sk_test" } };

interface Entry {
  resolve?: string;
  key?: string;
  options?: { providers?: unknown[] } & Record<string, unknown>;
  dependencies?: string[];
}
/** The Payment module's entry of a configuration whose modules are a list. */
const paymentIn = (config: object): Entry[] =>
  (config as { modules: Entry[] }).modules.filter((entry) => /payment$/.test(entry.resolve ?? ""));
/** The same of a configuration whose modules are an object. */
const paymentAt = (config: object): Entry | undefined =>
  (config as { modules: Record<string, Entry> }).modules["payment"];

/** Freezes everything, so that a change throws. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

describe("withSeqr", () => {
  it("adds this copy of the plugin, by where it lies, the Payment module with the provider, and what the provider reaches", () => {
    expect(withSeqr({}, options)).toEqual({
      plugins: [PLUGIN],
      modules: {
        payment: {
          resolve: "@medusajs/medusa/payment",
          options: { providers: [SEQR] },
          dependencies: ["seqr", "query"],
        },
      },
    });
  });

  it("leaves the rest of the configuration as it is", () => {
    const config = {
      projectConfig: { databaseUrl: "postgres://localhost/shop" },
      admin: { disable: true },
      plugins: ["a-plugin", { resolve: "another", options: {} }],
      modules: [{ resolve: "@medusajs/medusa/cache-redis", options: { redisUrl: "redis://" } }],
    };
    expect(withSeqr(config, options)).toEqual({
      ...config,
      plugins: [...config.plugins, PLUGIN],
      modules: [...config.modules, expect.objectContaining({ resolve: "@medusajs/medusa/payment" })],
    });
  });

  it.each([
    ["by its path", { resolve: "@medusajs/medusa/payment" }],
    ["by its package", { resolve: "@medusajs/payment" }],
    ["by its key", { key: "payment", resolve: "./src/modules/payment" }],
  ])("keeps the providers and dependencies of a Payment module that is there, %s", (_, naming) => {
    const entry = {
      ...naming,
      options: { webhook_delay: 1, providers: [stripe] },
      dependencies: ["logger", "query"],
    };
    const config = withSeqr({ modules: [{ resolve: "other" }, entry] }, options);
    expect(paymentIn(config)).toEqual([
      {
        ...naming,
        options: { webhook_delay: 1, providers: [stripe, SEQR] },
        dependencies: ["logger", "query", "seqr"],
      },
    ]);
    expect(config.modules).toHaveLength(2);
  });

  it("keeps them in the object form too", () => {
    const entry = { resolve: "./my-payment", options: { providers: [stripe] }, dependencies: ["seqr"] };
    expect(paymentAt(withSeqr({ modules: { payment: entry, cart: { resolve: "cart" } } }, options))).toEqual({
      resolve: "./my-payment",
      options: { providers: [stripe, SEQR] },
      dependencies: ["seqr", "query"],
    });
  });

  it("works before defineConfig and after it alike", () => {
    const input = {
      projectConfig: {},
      modules: [{ resolve: "@medusajs/medusa/payment", options: { providers: [stripe] } }],
    };
    const before = defineConfig(withSeqr(input, options) as never);
    const after = withSeqr(defineConfig(input as never), options);
    for (const config of [before, after]) {
      expect(paymentAt(config)).toMatchObject({
        resolve: "@medusajs/medusa/payment",
        options: { providers: [stripe, SEQR] },
        dependencies: ["seqr", "query"],
      });
      expect(config.plugins).toContainEqual(PLUGIN);
    }
    expect(Object.keys(after.modules ?? {}).sort()).toEqual(Object.keys(before.modules ?? {}).sort());
  });

  it("works after defineConfig without any module of the store's own", () => {
    const plain = defineConfig({ projectConfig: {} } as never);
    const config = withSeqr(plain, options);
    expect(paymentAt(config)?.options?.providers).toEqual([SEQR]);
    expect(Object.keys(config.modules ?? {}).sort()).toEqual(Object.keys(plain.modules ?? {}).sort());
  });

  it("does not change what it was given", () => {
    const list = {
      plugins: ["a"],
      modules: [
        { resolve: "@medusajs/medusa/payment", options: { providers: [stripe] }, dependencies: ["x"] },
      ],
    };
    const object = {
      modules: { payment: { resolve: "@medusajs/medusa/payment", options: { providers: [stripe] } } },
    };
    for (const config of [list, object]) {
      const copy: unknown = structuredClone(config);
      const result = withSeqr(frozen(config), frozen({ ...options, currencies: ["SEK"] }));
      expect(config).toEqual(copy);
      expect(result).not.toBe(config);
    }
  });

  it("names the provider as the options say", () => {
    const named = { ...options, providerId: "se" };
    expect(paymentAt(withSeqr({}, named))?.options?.providers).toEqual([{ ...SEQR, id: "se" }]);
  });

  it("adds a provider for each of several terminals, which knows its terminal", () => {
    const { endpoint, password, backendUrl, shopName } = options;
    const terminals = {
      se: { terminalId: "terminal-1", currencies: ["SEK"] },
      fi: { terminalId: process.env["NOT_SET"], currencies: ["EUR"], retired: true },
    };
    const several = { endpoint, password, backendUrl, shopName, terminals };
    const config = withSeqr({}, several);
    expect(paymentAt(config)?.options?.providers).toEqual(
      ["se", "fi"].map((id) => ({ ...SEQR, id, options: { terminal: id } })),
    );
    expect(config).toMatchObject({ plugins: [{ options: several }] });
    const misplaced = { ...several, terminals: { se: { ...terminals.se, backendUrl } } };
    expect(() => withSeqr({}, misplaced)).toThrow('"terminals.se.backendUrl" can be set for the whole store');
  });

  it("loads without the options' values, which commands and builds do not have", () => {
    const { env } = process;
    const config = withSeqr(defineConfig({ projectConfig: {} } as never), {
      endpoint: env["NOT_SET"],
      terminalId: env["NOT_SET"],
      password: env["NOT_SET"],
      backendUrl: env["NOT_SET"],
      currencies: env["NOT_SET"]?.split(","),
      shopName: env["NOT_SET"],
      returnUrl: env["NOT_SET"] && `${env["NOT_SET"]}/checkout`,
      lifetime: env["NOT_SET"] ? Number(env["NOT_SET"]) : undefined,
      optional: env["NODE_ENV"] !== "production",
    });
    expect(paymentAt(config)?.options?.providers).toEqual([SEQR]);
  });

  it("refuses a name that is no option", () => {
    expect(() => withSeqr({}, { ...options, pasword: "" } as SeqrOptions)).toThrow(
      '"pasword" is not an option',
    );
  });

  it.each<[string, object]>([
    ["was called before", withSeqr({}, options)],
    ["was called before, in another copy", { plugins: [{ resolve: "C:\\shop\\medusa-payment-seqr" }] }],
    [
      "was called before, around defineConfig",
      withSeqr(defineConfig({ projectConfig: {} } as never), options),
    ],
    ["finds the plugin", { plugins: ["medusa-payment-seqr"] }],
    [
      "finds the provider",
      {
        modules: [
          {
            resolve: "@medusajs/medusa/payment",
            options: { providers: [{ resolve: `${root}/providers/seqr` }] },
          },
        ],
      },
    ],
  ])("refuses a configuration in which it %s", (_, config) => {
    expect(() => withSeqr(config, options)).toThrow(MedusaError);
    expect(() => withSeqr(config, options)).toThrow(/is there already: .*Call `withSeqr` once/);
  });
});
