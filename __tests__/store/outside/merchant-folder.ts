import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../testkit/root";

/** A command of the merchant that goes on until it is stopped. */
export interface Running {
  /** What it has printed. */
  output(): string;
  stop(): Promise<void>;
}

const onWindows = process.platform === "win32";
/** Ends a process when we are gone, even if we were killed. */
const exitWithParent = join(root, "testkit/exit-with-parent.js");
const stopWithinMilliseconds = 10_000;

/** A folder of a merchant, outside this repository, and what they do in it: with an editor, npm and npx. */
export class MerchantFolder {
  readonly #printed: { log: string };
  readonly #running: Set<Running>;

  private constructor(
    readonly path: string,
    printed = { log: "" },
    running = new Set<Running>(),
  ) {
    this.#printed = printed;
    this.#running = running;
  }

  static async make(): Promise<MerchantFolder> {
    return new MerchantFolder(await realpath(await mkdtemp(join(tmpdir(), "merchant-store-"))));
  }

  /** A folder in it, for commands that are given there. */
  inside(path: string): MerchantFolder {
    return new MerchantFolder(join(this.path, path), this.#printed, this.#running);
  }

  /** Everything that was run and what it printed. */
  get log(): string {
    return this.#printed.log;
  }

  has(path: string): boolean {
    return existsSync(join(this.path, path));
  }

  read(path: string): Promise<string> {
    return readFile(join(this.path, path), "utf8");
  }

  async readJson<T>(path: string): Promise<T> {
    return JSON.parse(await this.read(path)) as T;
  }

  write(path: string, text: string): Promise<void> {
    return writeFile(join(this.path, path), text);
  }

  /** Replaces a piece of a file that has to be there. */
  async edit(path: string, find: string, replacement: string): Promise<void> {
    const text = await this.read(path);
    if (!text.includes(find)) throw new Error(`${path} does not hold ${find}`);
    await this.write(
      path,
      text.replace(find, () => replacement),
    );
  }

  /** The files below a folder, with forward slashes. */
  async files(path: string): Promise<string[]> {
    const entries = await readdir(join(this.path, path), { recursive: true, withFileTypes: true });
    const folder = join(this.path, path);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll("\\", "/"),
      )
      .sort();
  }

  /** Runs a command line to its end; gives its exit code and what it printed. */
  async tryTo(
    commandLine: string,
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    const { child, output } = this.#spawn(commandLine, env);
    child.stdin?.end();
    const code = await new Promise<number | null>((done, fail) =>
      child.once("error", fail).once("close", done),
    );
    return { code, output: output() };
  }

  /** Runs a command line that has to succeed; gives what it printed. */
  async run(commandLine: string, env?: Record<string, string>): Promise<string> {
    const { code, output } = await this.tryTo(commandLine, env);
    if (code !== 0) throw new Error(`${commandLine} failed (${code}):\n${output.slice(-4000)}`);
    return output;
  }

  /** Starts a command line that goes on, and waits until it has printed something. */
  async start(commandLine: string, until: RegExp, seconds = 120): Promise<Running> {
    const { child, output } = this.#spawn(commandLine, {
      NODE_OPTIONS: `--require ${JSON.stringify(exitWithParent)}`,
    });
    const ended = new Promise<void>((done) => child.once("close", () => done()));
    const running: Running = {
      output,
      stop: async () => {
        this.#running.delete(running);
        signal(child, "SIGTERM");
        const late = setTimeout(() => signal(child, "SIGKILL"), stopWithinMilliseconds);
        await ended;
        clearTimeout(late);
      },
    };
    this.#running.add(running);
    const deadline = Date.now() + seconds * 1000;
    while (!until.test(output())) {
      const over = child.exitCode !== null || Date.now() > deadline;
      if (over) throw new Error(`${commandLine} never printed ${until}:\n${output().slice(-4000)}`);
      await new Promise((done) => setTimeout(done, 100));
    }
    return running;
  }

  /** Stops what runs and removes everything. */
  async remove(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.stop()));
    await rm(this.path, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(commandLine: string, env: Record<string, string>): { child: ChildProcess; output: () => string } {
    let output = "";
    const keep = (chunk: Buffer): void => {
      output += String(chunk);
      this.#printed.log += String(chunk);
    };
    this.#printed.log += `\n$ ${commandLine}\n`;
    const [command = "", ...args] = commandLine.split(" ");
    const child = spawn(command, args, {
      cwd: this.path,
      env: { ...merchantEnvironment(), ...env },
      // npx starts further processes: a group of their own can be ended as a whole.
      detached: !onWindows,
      shell: onWindows,
      stdio: "pipe",
    });
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.stdin.on("error", () => {});
    return { child, output: () => output };
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(onWindows ? child.pid : -child.pid, name);
  } catch {
    // It is gone already.
  }
}

/** What a merchant's own terminal would have: nothing of jest, nothing of the npm run that started us. */
function merchantEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^(NODE_ENV|NODE_OPTIONS|INIT_CWD|JEST_.*|SEQR_.*|DATABASE_URL|npm_(package|lifecycle)_.*|npm_config_local_prefix)$/i;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return {
    ...Object.fromEntries(kept),
    MEDUSA_DISABLE_TELEMETRY: "true",
    // Their types are not in question here, and checking them takes half of every command of Medusa's.
    TS_NODE_TRANSPILE_ONLY: "true",
    FORCE_COLOR: "0",
  };
}
