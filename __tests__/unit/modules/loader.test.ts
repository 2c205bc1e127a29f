import type { LoaderOptions } from "@medusajs/framework/types";
import { createMedusaContainer } from "@medusajs/framework/utils";
import { asValue } from "@medusajs/framework/awilix";
import { checkLedger, checkProvider } from "../../../src/modules/seqr/loader";

const payment = {
  options: { providers: [{ resolve: "medusa-payment-seqr/providers/seqr", id: "seqr" }] },
  dependencies: ["seqr", "query"],
};
const given = {
  endpoint: "https://seqr.example/soap",
  terminalId: "terminal-1",
  password: "correct horse battery",
  backendUrl: "https://api.shop.example",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
};

/** What Medusa hands to a loader, and the lines that were logged. */
function loading(config: object | undefined, options: object = {}): { lines: string[]; by: LoaderOptions } {
  const container = createMedusaContainer();
  if (config) container.register("configModule", asValue(config));
  const lines: string[] = [];
  const logger = { info: (line: string) => void lines.push(line) } as LoaderOptions["logger"];
  return { lines, by: { container, options: { ...options }, ...(logger && { logger }) } };
}
const store = (workerMode: string, modules: object = { seqr: {}, payment }): object => ({
  projectConfig: { workerMode },
  modules,
});

describe("what Medusa runs when it loads SEQR", () => {
  it.each(["shared", "server"])(
    "asks for no options in a process that may be a command (%s)",
    async (mode) => {
      const { lines, by } = loading(store(mode));
      await checkLedger(by);
      await checkProvider(by);
      expect(lines).toEqual([]);
    },
  );

  it("begins to serve in a worker, and refuses to without options", async () => {
    const { lines, by } = loading(store("worker"), given);
    await checkLedger(by);
    expect(lines).toEqual([expect.stringContaining("seqr: on, live")]);
    await expect(async () => checkLedger(loading(store("worker")).by)).rejects.toThrow(
      '"endpoint" is missing',
    );
  });

  it("refuses half of SEQR", async () => {
    const half = (modules: object) => loading(store("server", modules)).by;
    await expect(async () => checkLedger(half({ seqr: {} }))).rejects.toThrow("without its provider");
    await expect(async () => checkProvider(half({ payment }))).rejects.toThrow("without its plugin");
  });

  it("asks for nothing where there is no store", async () => {
    await checkLedger(loading(undefined).by);
    await checkProvider(loading(undefined).by);
  });
});
