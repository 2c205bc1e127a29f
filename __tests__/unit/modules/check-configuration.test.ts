import { MedusaError } from "@medusajs/framework/utils";
import { DEPENDENCIES, refuseHalf } from "../../../src/modules/seqr/check-configuration";
import seqrProvider from "../../../src/providers/seqr";

const NAME = "medusa-payment-seqr";
const PLUGIN = `/shop/node_modules/${NAME}`;
const ledger = { resolve: `${PLUGIN}/.medusa/server/src/modules/seqr` };
const payment = (...resolves: unknown[]): object => ({
  resolve: "@medusajs/medusa/payment",
  options: { providers: resolves.map((resolve) => ({ resolve, id: "x" })) },
  dependencies: ["logger", ...DEPENDENCIES],
});
const stripe = "@medusajs/medusa/payment-stripe";

describe("a Medusa configuration, as Medusa loads it", () => {
  it.each<[string, unknown]>([
    ["its name", `${NAME}/providers/seqr`],
    ["its path", `/shop/node_modules/${NAME}/.medusa/server/src/providers/seqr/index.js`],
    [
      "its path on Windows",
      `C:\\shop\\node_modules\\${NAME}\\.medusa\\server\\src\\providers\\seqr\\index.js`,
    ],
    ["itself", seqrProvider],
    ["a file of the store's own", "./src/my-seqr-provider"],
  ])("may have the plugin once and its provider once, by %s", (_, provider) => {
    const config = { plugins: [PLUGIN], modules: { seqr: ledger, payment: payment(stripe, provider) } };
    expect(() => refuseHalf(config)).not.toThrow();
  });

  describe("with several terminals", () => {
    const seqr = { ...ledger, options: { terminals: { se: {}, fi: {} } } };
    const of = (...providers: { id: string; terminal?: string }[]): object => ({
      plugins: [PLUGIN],
      modules: {
        seqr,
        payment: {
          ...payment(),
          options: {
            providers: providers.map(({ id, terminal = id }) => ({
              ...{ resolve: `${NAME}/providers/seqr`, id, options: { terminal } },
            })),
          },
        },
      },
    });

    it("has a provider for each", () => {
      expect(() => refuseHalf(of({ id: "se" }, { id: "fi" }))).not.toThrow();
    });

    it.each([
      ["Terminals without a provider: fi.", of({ id: "se" })],
      ["Providers without a terminal, or more than once: dk.", of({ id: "se" }, { id: "fi" }, { id: "dk" })],
      ["Providers without a terminal, or more than once: se.", of({ id: "se" }, { id: "fi" }, { id: "se" })],
      [
        "The option `terminal` of the provider fi is not its id.",
        of({ id: "se" }, { id: "fi", terminal: "se" }),
      ],
    ])("is refused by name: %s", (message, config) => {
      expect(() => refuseHalf(config)).toThrow(message);
    });
  });

  const provider = `${NAME}/providers/seqr`;
  const both = { seqr: ledger, payment: payment(provider) };
  it.each<[string, object]>([
    ["The plugin is there without its provider", { plugins: [NAME], modules: { seqr: ledger } }],
    [
      "The plugin is there without its provider",
      { plugins: [NAME], modules: { seqr: ledger, payment: payment(stripe) } },
    ],
    ["The provider is there without its plugin", { modules: { payment: payment(provider) } }],
    ["The plugin is there more than once", { plugins: [NAME, { resolve: PLUGIN }], modules: both }],
    [
      "The plugin is there more than once",
      { plugins: [`C:\\a\\${NAME}`, { resolve: `/b/${NAME}` }], modules: both },
    ],
    [
      "The provider is there more than once",
      { plugins: [PLUGIN], modules: { seqr: ledger, payment: payment(provider, seqrProvider) } },
    ],
    [
      "The Payment module lacks one of the dependencies seqr and query",
      {
        plugins: [PLUGIN],
        modules: { seqr: ledger, payment: { ...payment(provider), dependencies: ["seqr"] } },
      },
    ],
  ])("is refused by name: %s", (message, config) => {
    expect(() => refuseHalf(config)).toThrow(MedusaError);
    expect(() => refuseHalf(config)).toThrow(message);
    expect(() => refuseHalf(config)).toThrow("Call `withSeqr` once");
  });
});
