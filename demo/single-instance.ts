// Lets one demo run in a folder at a time. A demo that was killed does not stand in the way of the next one.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill, pid, platform } from "node:process";

/** What a running demo leaves for a second one to show. */
export interface Instance {
  pid: number;
  /** ISO 8601. */
  since: string;
  /** Address of its storefront, once it is up. */
  storefront?: string;
  /** Address of its store, once it is up. */
  store?: string;
}

type Facts = Pick<Instance, "storefront" | "store">;

/** Another demo runs in the folder. */
export class AlreadyRunning extends Error {
  constructor(readonly other: Instance | undefined) {
    super("The demo is running already");
  }
}

export interface TakenFolder {
  note(facts: Facts): void;
  release(): void;
}

/** Takes the folder for this process. Throws `AlreadyRunning` when another process has it. */
export function takeFolder(folder: string): TakenFolder {
  mkdirSync(folder, { recursive: true });
  const file = fileIn(folder);
  const since = new Date().toISOString();
  const write = (facts: Facts, flag: string): void =>
    writeFileSync(file, JSON.stringify({ pid, since, ...facts }), { flag });
  for (let attempt = 0; ; attempt++)
    try {
      write({}, "wx");
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const other = readInstance(file);
      if ((other && isDemo(other.pid)) || attempt > 2) throw new AlreadyRunning(other);
      rmSync(file, { force: true });
    }
  return {
    note: (facts) => write(facts, "w"),
    release: () => rmSync(file, { force: true }),
  };
}

/** The demo that runs in the folder, if one does. */
export function runningIn(folder: string): Instance | undefined {
  const instance = readInstance(fileIn(folder));
  return instance && isDemo(instance.pid) ? instance : undefined;
}

function fileIn(folder: string): string {
  return join(folder, "running.json");
}

function readInstance(file: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Instance;
  } catch {
    return undefined;
  }
}

/** Process ids are used again: whether this one is a process like ours. */
function isDemo(id: number): boolean {
  try {
    kill(id, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const command = commandOf(id);
  return command === undefined || /\bnode\b/.test(command);
}

function commandOf(id: number): string | undefined {
  try {
    if (platform === "linux") return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return undefined;
  }
  const { status, stdout } = spawnSync("ps", ["-ww", "-o", "args=", "-p", String(id)], { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}
