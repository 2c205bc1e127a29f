import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { freePort } from "../../testkit/free-port";
import { pack } from "../../testkit/npm";
import { startPostgres, type Postgres } from "../../testkit/postgres";
import { send, until } from "../../testkit/http";
import { Staff } from "./kit/staff";
import { MerchantFolder } from "./outside/merchant-folder";
import { dotEnv, writeStarter } from "./outside/starter";
import { typeCheck } from "./outside/type-check";

const root = resolve(__dirname, "../..");
const minutes = 60_000;
const install = "npm install --prefer-offline --no-audit --no-fund --ignore-scripts";
const database = `seqr_outside_${process.pid}`;
const staffLogin = { email: "owner@shop.example", password: "a-long-password" };

/**
 * The README's five steps, in a store that has nothing to do with this repository. Each test is a step and stands on the
 * ones before it.
 */
describe("a store outside this repository", () => {
  let folder: MerchantFolder;
  let postgres: Postgres;
  let tarball: string;
  let readme: string;
  let sandboxUrl: string;
  let storeUrl: string;
  let stuck = false;

  beforeAll(async () => {
    readme = await readFile(join(root, "README.md"), "utf8");
    postgres = await startPostgres({ directory: join(root, ".cache", "test-postgres"), persistent: true });
    await postgres.createDatabase(database);
    folder = await MerchantFolder.make();
    tarball = await pack(folder.path);
  }, 2 * minutes);
  afterAll(async () => {
    await folder?.remove();
    await postgres?.dropDatabase(database);
    await postgres?.stop();
  }, minutes);

  /** One step. After one that failed the others have nothing to stand on. */
  function step(title: string, act: () => Promise<void>, limit = 2 * minutes): void {
    it(
      title,
      async () => {
        if (stuck) throw new Error("a step before this one failed");
        try {
          await act();
        } catch (error) {
          stuck = true;
          console.error(folder.log);
          throw error;
        }
      },
      limit,
    );
  }

  /** A command that the README tells the merchant to give. */
  function asInReadme(command: string): string {
    expect(readme).toContain(command);
    return command;
  }

  step(
    "sells already, without SEQR",
    async () => {
      await writeStarter(folder, { DATABASE_URL: postgres.url(database) });
      await folder.run(install);
      await folder.run("npx medusa db:migrate");
      await folder.run("npx medusa exec ./src/scripts/seed.js", {
        ADMIN_EMAIL: staffLogin.email,
        ADMIN_PASSWORD: staffLogin.password,
        SEED_RESULT: join(folder.path, "seeded.json"),
      });
      expect(await postgres.query(database, "select id from payment_provider")).toEqual([
        { id: "pp_system_default" },
      ]);
    },
    6 * minutes,
  );

  step("1. installs the package", async () => {
    asInReadme("npm install medusa-payment-seqr");
    await folder.run(`${install} ./${basename(tarball)}`);
    const { dependencies } = await folder.readJson<{ dependencies: Record<string, string> }>("package.json");
    expect(dependencies).toHaveProperty("medusa-payment-seqr");
  });

  step("1. gets what a store needs and nothing else", async () => {
    const files = await folder.files("node_modules/medusa-payment-seqr");
    const needed =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|docs\/(decisions\/)?[\w-]+\.md|medusa-config\.example\.js|\.medusa\/server\/src\/(.+\.(js|mjs|d\.ts|d\.mts)|payment-view\/browser\/package\.json))$/;
    expect(files.filter((file) => !needed.test(file))).toEqual([]);
    expect(files.filter((file) => /test|fixture|golden|demo|bench/i.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE", "medusa-config.example.js"]));
  });

  step("1. has one copy of Medusa still", async () => {
    const { packages } = await folder.readJson<{ packages: object }>("node_modules/.package-lock.json");
    const copiesOf = (name: string): string[] =>
      Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`));
    for (const name of ["@medusajs/framework", "@medusajs/medusa", "@medusajs/utils", "@medusajs/types"])
      expect(copiesOf(name)).toEqual([`node_modules/${name}`]);
  });

  step("1. finds the package's types and its own description", async () => {
    expect(await typeCheck(folder, "node16")).toBe("");
    expect(await typeCheck(folder, "bundler")).toBe("");
    const program = `console.log(require("medusa-payment-seqr/package.json").name)`;
    await folder.write("describe.js", program);
    expect(await folder.run("node describe.js")).toContain("medusa-payment-seqr");
  });

  step("2. compiles the configuration as the README writes it", async () => {
    const config = await folder.read("medusa-config.ts");
    const [loading = "", own = ""] = config.split("module.exports = ");
    const [importing = "", wrapping = ""] = readmeConfig(readme).split("module.exports = ");
    const wrapped = wrapping.replace("defineConfig({/* as before */})", own.trim().replace(/;$/, ""));
    expect(wrapped).toContain("projectConfig");
    await folder.write("medusa-config.ts", `${importing}${loading}module.exports = ${wrapped}`);
    expect(await folder.tryTo("npx tsc -p .")).toEqual({ code: 0, output: "" });
  });

  step("2. loads the whole example", async () => {
    await folder.write("example.js", await readFile(join(root, "medusa-config.example.js"), "utf8"));
    const program = `console.log(JSON.stringify(require("./example.js").modules.payment))`;
    await folder.write("load-example.js", program);
    expect(await folder.run("node load-example.js")).toContain(`"id":"seqr"`);
  });

  step("3. makes the ledger's tables", async () => {
    const [sandboxPort, storePort] = [await freePort(), await freePort()];
    sandboxUrl = `http://localhost:${sandboxPort}`;
    storeUrl = `http://localhost:${storePort}`;
    const variables = readmeVariables(readme);
    expect(Object.keys(variables)).toEqual([
      "SEQR_ENDPOINT",
      "SEQR_TERMINAL_ID",
      "SEQR_PASSWORD",
      "SEQR_BACKEND_URL",
    ]);
    const here = dotEnv(variables)
      .replace("http://localhost:4080", sandboxUrl)
      .replace("http://localhost:9000", storeUrl);
    await folder.write(".env", `${await folder.read(".env")}${here}`);

    const output = await folder.run(asInReadme("npx medusa db:migrate"));
    expect(output).toContain("MODULE: seqr");
    const tables = await postgres.query<{ name: string }>(
      database,
      "select table_name as name from information_schema.tables where table_name like 'seqr_%' order by 1",
    );
    expect(tables.map(({ name }) => name)).toEqual([
      "seqr_decision",
      "seqr_invoice",
      "seqr_notification",
      "seqr_observation",
      "seqr_period",
      "seqr_period_report",
      "seqr_purchase_lock",
      "seqr_receipt",
      "seqr_reconciliation_item",
      "seqr_refund",
      "seqr_report_row",
      "seqr_server",
    ]);
  });

  step("4. does not start without a value, and says which", async () => {
    const env = await folder.read(".env");
    await folder.write(".env", env.replace(/^SEQR_TERMINAL_ID=.*$/m, ""));
    const store = await folder.start(
      `npx medusa develop --port ${new URL(storeUrl).port}`,
      /"terminalId" is/,
    );
    await store.stop();
    expect(store.output()).not.toContain("Server is ready");
    await folder.write(".env", env);
  });

  step("4. starts the sandbox and the store", async () => {
    const start = asInReadme(
      "npx medusa-payment-seqr sandbox --port 4080 --terminal my_shop:my-password:EUR",
    );
    const sandbox = await folder.start(start.replace("4080", new URL(sandboxUrl).port), /Ctrl-C stops it/);
    expect(sandbox.output()).toContain("my_shop (EUR)");
    const command = asInReadme("npx medusa develop");
    const store = await folder.start(`${command} --port ${new URL(storeUrl).port}`, /Server is ready/);
    expect(store.output()).not.toMatch(/^error|pp_seqr_seqr does not/im);
    expect((await fetch(`${storeUrl}/health`)).ok).toBe(true);
    const part = await dashboardPart(storeUrl, "medusa-payment-seqr");
    expect(part).toContain("order.details.side.before");
    expect(part).toContain("/seqr/attention");
  });

  step("5. switches SEQR on where shoppers pay in euros, and nowhere else", async () => {
    const output = await folder.run(asInReadme("npx medusa-payment-seqr ready-region"));
    expect(output).toContain("Finland (EUR): shoppers can pay with pp_seqr_seqr");
    const switchedOn = await postgres.query(
      database,
      `select r.name, array_agg(p.payment_provider_id order by p.payment_provider_id) as providers from region r
         join region_payment_provider p on p.region_id = r.id and p.deleted_at is null group by 1 order by 1`,
    );
    expect(switchedOn).toEqual([
      { name: "Finland", providers: ["pp_seqr_seqr", "pp_system_default"] },
      { name: "Sweden", providers: ["pp_system_default"] },
    ]);
  });

  step("5. buys, and refunds", async () => {
    const command = asInReadme("npx medusa-payment-seqr trial-purchase");
    const purchase = await folder.start(command, /Waiting for the payment/);
    const [page = ""] = /http\S+\/seqr\/payments\/\S+/.exec(purchase.output()) ?? [];
    expect(await (await fetch(page)).text()).toContain("<svg");
    const [invoice] = await send<{ invoiceReference: string }[]>("GET", `${sandboxUrl}/sandbox/invoices`);
    await folder.run(`npx medusa-payment-seqr pay ${invoice?.invoiceReference} --url ${sandboxUrl}`);
    const paid = /Paid: order #1 \((order_\w+)\), SEQR's receipt (\S+)/;
    const [, orderId = "", ersReference] =
      (await until(
        async () => paid.exec(purchase.output()),
        (found) => found !== null,
      )) ?? [];

    const staff = await Staff.login(storeUrl, staffLogin);
    expect(await staff.order(orderId)).toMatchObject({ payment_status: "captured" });
    await staff.refund(orderId, 2);
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment).toMatchObject({
      ers_reference: ersReference,
      refunds: [{ amount: "2.00", state: "done", refund_reference: expect.any(String) }],
    });
    const refunds = await send<{ refundOf: string }[]>("GET", `${sandboxUrl}/sandbox/refunds`);
    expect(refunds).toEqual([expect.objectContaining({ refundOf: ersReference })]);
  });
});

/** What a package adds to the dashboard, as the browser gets it. */
async function dashboardPart(store: string, name: string): Promise<string> {
  const read = async (path: string): Promise<string> => (await fetch(`${store}${path}`)).text();
  const importsOf = (code: string): string[] =>
    [...code.matchAll(/(?: from|^\s*import) "([^"]+)"/gm)].flatMap(([, path]) => path ?? []);
  const path = importsOf(await read("/app/entry.jsx")).find((one) => one.includes(name));
  const part = await read(path ?? "/app/nothing-of-it");
  return [part, ...(await Promise.all(importsOf(part).map(read)))].join("\n");
}

/** The configuration in the README's second step. */
function readmeConfig(readme: string): string {
  const [, block = ""] = /2\. \*\*Configure\.\*\*[^]*?```ts\n([^]*?)```/.exec(readme) ?? [];
  return block.replace(/^ {3}/gm, "");
}

/** What the README tells the merchant to put into `.env`. */
function readmeVariables(readme: string): Record<string, string> {
  return Object.fromEntries(
    [...readme.matchAll(/^ *([A-Z_]+)=(http\S+|\S+)$/gm)].map(([, name, value]) => [name, value]),
  );
}
