// Lets one demo run in a folder at a time. A demo that was killed does not stand in the way of the next one.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill, pid, platform } from "node:process";

/**
 * Takes the folder for this process.
 * @returns `{ note(facts), release() }`: `note` leaves facts for a second demo to show
 * @throws when another process has it; its facts are in the error's `other`
 */
export function takeFolder(folder) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "running.json");
  const since = new Date().toISOString();
  const write = (facts, flag) => writeFileSync(file, JSON.stringify({ pid, since, ...facts }), { flag });
  for (let attempt = 0; ; attempt++)
    try {
      write({}, "wx");
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const other = readJson(file);
      if ((other && isDemo(other.pid)) || attempt > 2)
        throw Object.assign(new Error("The demo is running already"), { other });
      rmSync(file, { force: true });
    }
  return {
    note: (facts) => write(facts, "w"),
    release: () => rmSync(file, { force: true }),
  };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Process ids are used again: whether this one is a process like ours. */
function isDemo(id) {
  try {
    kill(id, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const command = commandOf(id);
  return command === undefined || /\bnode\b/.test(command);
}

function commandOf(id) {
  try {
    if (platform === "linux") return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return undefined;
  }
  const { status, stdout } = spawnSync("ps", ["-ww", "-o", "args=", "-p", String(id)], { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}
