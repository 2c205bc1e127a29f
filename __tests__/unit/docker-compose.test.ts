// The compose example, as far as it can be checked without Docker.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { parseEnv } from "node:util";
import { parse } from "yaml";
import { bin } from "../../package.json";
import { DEFAULT_PATHS } from "../../src/sandbox/http/soap-site";

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

const root = join(__dirname, "../..");
const folder = join(root, "examples/docker-compose");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const guide = readFileSync(join(root, "docs/docker.md"), "utf8");
const written = read("compose.yaml");
const dockerfile = read("Dockerfile");
const given = parseEnv(read(".env.example")) as Record<string, string>;

/** What compose makes of `${NAME:?}`. */
const filled = written.replace(/\$\{(\w+):\?\}/g, (whole, name: string) => given[name] ?? whole);
const { services, volumes } = parse(filled) as {
  services: Record<"postgres" | "sandbox" | "store", Service>;
  volumes: Record<string, null>;
};
const { postgres, sandbox, store } = services;
const named = (pattern: RegExp, text: string): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ""))].sort();
/** What follows an option of the sandbox's command line. */
const optionOf = (name: string): string => sandbox.command?.[sandbox.command.indexOf(name) + 1] ?? "";

describe("the compose example", () => {
  it("takes every value from .env.example, and has no value there that nothing takes", () => {
    expect(named(/\$\{(\w+)/g, written)).toEqual(Object.keys(given).sort());
    expect(filled).not.toContain("${");
  });

  it("gives the store every variable that the guide's configuration reads, and no other of SEQR's", () => {
    const wanted = named(/process\.env\.(\w+)/g, guide);
    expect(wanted).toContain("SEQR_SANDBOX_HOSTS");
    const names = Object.keys(store.environment ?? {}).filter((name) => name.startsWith("SEQR_"));
    expect(names.sort()).toEqual(wanted);
    expect(guide).toContain(`currencies: ["${given.SEQR_CURRENCY}"]`);
  });

  it("leads the store to the sandbox by its service name, and to the database", () => {
    const { SEQR_ENDPOINT = "", SEQR_SANDBOX_HOSTS, DATABASE_URL = "" } = store.environment ?? {};
    const endpoint = new URL(SEQR_ENDPOINT);
    expect(Object.keys(services)).toContain(endpoint.hostname);
    expect(SEQR_SANDBOX_HOSTS).toBe(endpoint.hostname);
    expect(endpoint.port).toBe(optionOf("--port"));
    expect(DEFAULT_PATHS.service).toContain(endpoint.pathname);
    const { hostname, username, password, pathname } = new URL(DATABASE_URL);
    expect([hostname, username, password, pathname.slice(1)]).toEqual([
      "postgres",
      ...["USER", "PASSWORD", "DB"].map((name) => postgres.environment?.[`POSTGRES_${name}`]),
    ]);
    expect(Object.keys(store.depends_on ?? {})).toEqual(["postgres", "sandbox"]);
    expect([postgres, sandbox].every(({ healthcheck }) => healthcheck)).toBe(true);
    expect(optionOf("--terminal").split(":")).toEqual([
      store.environment?.SEQR_TERMINAL_ID,
      store.environment?.SEQR_PASSWORD,
      given.SEQR_CURRENCY,
    ]);
  });

  it("opens its ports to this machine only, where the codes and the store's own address lead", () => {
    const [phone, shop] = [sandbox, store].map(({ ports = [] }) => ports.join().split(":"));
    expect(phone).toEqual(["127.0.0.1", new URL(optionOf("--qr-host")).port, optionOf("--port")]);
    expect(shop).toEqual(["127.0.0.1", new URL(store.environment?.SEQR_BACKEND_URL ?? "").port, "9000"]);
    expect(postgres.ports).toBeUndefined();
  });

  it("keeps data in volumes that it declares, in folders that the image's user may write", () => {
    const mounts = [postgres, sandbox]
      .flatMap((service) => service.volumes ?? [])
      .map((one) => one.split(":"));
    expect(mounts.map(([name]) => name)).toEqual(Object.keys(volumes));
    const state = mounts.at(-1)?.[1] ?? "";
    expect(optionOf("--state")).toMatch(new RegExp(`^${state}/`));
    expect(dockerfile).toContain(`mkdir ${state} && chown node ${state}`);
  });

  it("runs commands and names files that exist", () => {
    const medusa = named(/npx medusa ([\w:]+)/g, written + dockerfile + guide);
    expect(medusa).toEqual(["build", "db:migrate", "start", "user"]);
    const commands = join(root, "node_modules/@medusajs/medusa/dist/commands");
    for (const name of medusa) expect(existsSync(join(commands, `${name.replace(":", "/")}.js`))).toBe(true);
    expect(dockerfile).toContain(`CMD ["npx", "medusa", "start"]`);
    expect(sandbox.command?.slice(0, 2)).toEqual(["npx", Object.keys(bin)[0]]);
    for (const name of readdirSync(folder)) expect(guide).toContain(`\`${name}\``);
    expect([sandbox.build, store.build]).toEqual([".", "."]);
  });
});

describe("the sandbox of the compose example", () => {
  let state: string;
  let running: ChildProcess;
  let printed = "";
  let url = "";

  /** Runs one of the package's commands from its sources. */
  const run = (line: string[]): ChildProcess =>
    spawn(execPath, ["-r", "ts-node/register/transpile-only", join(root, "src/sandbox/cli.ts"), ...line], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), "compose-"));
    // Another place and port, since those of the example may be taken here.
    const line = (sandbox.command ?? [])
      .slice(2)
      .map((word) => (word === optionOf("--port") ? "0" : word.replace(/^\/state\//, `${state}/`)));
    running = run(line);
    for await (const chunk of running.stdout ?? []) {
      printed += String(chunk);
      if (printed.includes("Ctrl-C")) break;
    }
    [, url = ""] = /Phone +(\S+)\/\n/.exec(printed) ?? [];
  }, 60_000);
  afterAll(async () => {
    const ended = once(running, "exit");
    running.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    rmSync(state, { recursive: true });
  });

  it("answers other machines, and says loudly that it does", async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((one) => one ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    const elsewhere = url.replace("127.0.0.1", outside?.address ?? "127.0.0.2");
    expect(elsewhere).not.toBe(url);
    const { pathname } = new URL(store.environment?.SEQR_ENDPOINT ?? "");
    expect((await fetch(`${elsewhere}${pathname}?wsdl`)).status).toBe(200);
    expect((await fetch(elsewhere)).status).toBe(200);
    expect(printed).toContain("!! LISTENING ON 0.0.0.0");
    expect(printed).toContain(`${given.SEQR_TERMINAL_ID} (${given.SEQR_CURRENCY})`);
  });

  it("is healthy by its own check", async () => {
    const check = (sandbox.healthcheck?.test ?? []).slice(3);
    const line = check.map((word) => word.replace(`http://127.0.0.1:${optionOf("--port")}`, url));
    expect(line).toContain(url);
    expect(await once(run(line), "exit")).toEqual([0, null]);
  });
});
