import { open, readFile, rename, unlink } from "node:fs/promises";
import type { Snapshot } from "../core/state";
import { SandboxError } from "../errors";

/** Milliseconds within which a change is written without a call to `flush`. */
const LAZY = 50;

/**
 * Stores the state in a file. It writes a temporary file, syncs it to the disk and renames it over the old one, so that
 * the file is always complete. Changes during a write share the next write.
 */
export class StateFile {
  readonly #path: string;
  readonly #snapshot: () => Snapshot;
  #isDirty = false;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, snapshot: () => Snapshot) {
    this.#path = path;
    this.#snapshot = snapshot;
  }

  /** Schedules a write after a change of the state. */
  changed(): void {
    this.#isDirty = true;
    this.#timer ??= setTimeout(() => {
      // A caller that waits for the write receives the error; this write has none.
      this.flush().catch(() => undefined);
    }, LAZY);
  }

  /**
   * Resolves when all changes so far are on the disk.
   *
   * @throws {SandboxError} SANDBOX_STATE_UNWRITABLE; the changes are written by the next attempt
   */
  async flush(): Promise<void> {
    while (this.#writing || this.#isDirty) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDirty = false;
    const draft = `${this.#path}.${process.pid}.tmp`;
    try {
      const file = await open(draft, "w", 0o600);
      try {
        await file.writeFile(JSON.stringify(this.#snapshot()));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.#path);
    } catch (error) {
      this.#isDirty = true;
      await unlink(draft).catch(() => undefined);
      throw new SandboxError("SANDBOX_STATE_UNWRITABLE", `cannot write ${this.#path}: ${messageOf(error)}`);
    }
  }
}

/**
 * Reads a state file.
 *
 * @returns undefined when there is none yet
 * @throws {SandboxError} SANDBOX_STATE_UNREADABLE
 */
export async function readStateFile(path: string): Promise<Snapshot | undefined> {
  try {
    const snapshot = JSON.parse(await readFile(path, "utf8")) as Partial<Snapshot> | null;
    if (snapshot?.format === 1) return snapshot as Snapshot;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SandboxError("SANDBOX_STATE_UNREADABLE", `cannot read ${path}: ${messageOf(error)}`);
  }
  throw new SandboxError("SANDBOX_STATE_UNREADABLE", `${path} is not a state file of this version`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
