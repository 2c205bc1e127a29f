import { cp, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { runCommand, startStore, type StoreEnvironment } from "../../testkit/store";
import { ApiError, send } from "../../testkit/http";
import { startTestStore, type TestStore } from "./kit/store";

const root = resolve(__dirname, "../..");

/** The environment of a build, or of a colleague: nothing of SEQR's is set. */
const NOTHING: StoreEnvironment = {
  SEQR_ENDPOINT: undefined,
  SEQR_TERMINAL_ID: undefined,
  // As Docker hands on a variable that is not set.
  SEQR_PASSWORD: "",
  SEQR_BACKEND_URL: undefined,
};

describe("a store", () => {
  let store: TestStore;
  let folder: string;
  beforeAll(async () => {
    store = await startTestStore();
    folder = join(store.directory, `started-${process.pid}`);
    await mkdir(folder, { recursive: true });
  });
  afterAll(async () => {
    await store?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a server says that does not start. */
  async function refusal(env: StoreEnvironment, directory = store.directory): Promise<string> {
    const started = startStore(directory, { env: { ...store.env, ...env } });
    return started.then(
      async (server) => {
        await server.stop();
        return "it has started";
      },
      // In production Medusa logs JSON.
      (error: unknown) => String(error).replaceAll('\\"', '"'),
    );
  }

  /** A Medusa project beside the store, whose configuration is made of the store's, `whole`. */
  async function project(name: string, config: string): Promise<string> {
    const directory = join(folder, name);
    await mkdir(directory, { recursive: true });
    await cp(join(store.directory, "package.json"), join(directory, "package.json"));
    await writeFile(
      join(directory, "medusa-config.js"),
      `const whole = require("../../medusa-config.js");\nmodule.exports = ${config};`,
    );
    return directory;
  }

  it("says at its start that SEQR is on, and where", () => {
    const lines = store.log().split("\n");
    const said = lines.filter((line) => line.includes("seqr: on"));
    expect(said).toEqual([
      expect.stringContaining(`seqr: on, sandbox: ${store.sandbox.endpoint}, terminal canary_terminal`),
    ]);
  });

  it("takes Medusa's commands without any of SEQR's values", async () => {
    const env = { ...store.env, ...NOTHING };
    await writeFile(
      join(folder, "script.js"),
      "exports.default = async ({ container }) => container.resolve('query');",
    );
    const script = join(folder, "script.js");
    for (const command of [
      ["db:migrate"],
      ["exec", script],
      ["user", "--email", "new@shop.example", "--password", "a-long-password"],
    ]) {
      await runCommand(store.directory, command, env);
    }
    expect(await store.sql('select email from "user" where email = $1', ["new@shop.example"])).toHaveLength(
      1,
    );
  });

  it.each(["shared", "worker"])("does not start as a %s without them, and lists them", async (mode) => {
    const said = await refusal({ ...NOTHING, MEDUSA_WORKER_MODE: mode });
    for (const name of ["endpoint", "terminalId", "password", "backendUrl"]) {
      expect(said).toContain(`"${name}" is missing`);
    }
    expect(said).not.toContain("it has started");
  });

  it("starts with SEQR off if that is allowed, accepts other payments, and refuses SEQR with a reason", async () => {
    const { url, output } = await store.startServer({ ...NOTHING, SEQR_OPTIONAL: "true" });
    expect(output()).toContain(
      "seqr: off, because these options are missing: endpoint, terminalId, password, backendUrl",
    );
    const shopper = store.shopper({ url });
    await shopper.fillCart();
    await expect(shopper.startPayment()).rejects.toMatchObject({
      status: 400,
      body: {
        code: "SEQR_OFF",
        message: expect.stringContaining("Missing: endpoint, terminalId, password, backendUrl."),
      },
    });
    for (const [method, path] of [
      ["POST", "/hooks/seqr/token"],
      ["GET", "/seqr/payments/token/status"],
      ["GET", "/seqr/return/token"],
    ] as const) {
      await expect(send(method, `${url}${path}`)).rejects.toMatchObject({
        status: 503,
        body: { code: "SEQR_OFF", message: expect.stringContaining("SEQR is off on this server") },
      });
    }
    await shopper.startPayment("pp_system_default");
    await shopper.addItem("NOTE-A5");
    await shopper.startPayment("pp_system_default");
    expect(await shopper.complete()).toMatchObject({ type: "order" });
    // A second of jobs has passed by then.
    expect(output()).not.toMatch(/seqr-[a-z-]+ failed/);
  });

  it.each([
    [
      "The plugin is there without its provider",
      `modules: { ...whole.modules, payment: { resolve: "@medusajs/medusa/payment" } }`,
    ],
    ["The provider is there without its plugin", "plugins: []"],
  ])("is refused by name: %s", async (message, change) => {
    expect(await refusal({}, await project("half", `{ ...whole, ${change} }`))).toContain(message);
  });

  it("uses the copy that its configuration names, whichever copy another app of the workspace installed", async () => {
    const directory = await project("workspace", "whole");
    const medusa = dirname(await realpath(join(root, "node_modules/@medusajs/utils")));
    const copies = {
      "medusa-payment-seqr": join(store.directory, "node_modules/medusa-payment-seqr"),
      "@medusajs/utils": join(medusa, "utils"),
      "@medusajs/framework": join(medusa, "framework"),
    };
    for (const [name, path] of Object.entries(copies)) {
      await cp(path, join(directory, "node_modules", name), { recursive: true });
    }
    const server = await startStore(directory, { env: store.env });
    try {
      const shopper = store.shopper({ url: server.url });
      await shopper.fillCart();
      const session = await shopper.startPayment();
      await store.sandbox.phone.pay(session.data.qr_text);
      const { order } = await shopper.statusBecomes(session, "paid");
      await (await store.staff()).refund(order?.id ?? "", 100);
    } catch (error) {
      throw error instanceof ApiError ? new Error(server.output(), { cause: error }) : error;
    } finally {
      await server.stop();
    }
  });
});
