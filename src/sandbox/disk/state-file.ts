import { open, readFile, rename, unlink } from "node:fs/promises";
import type { Snapshot } from "../core/state";
import { SandboxError } from "../errors";

/** Milliseconds within which a change that nobody waits for is written. */
const LAZY = 50;

/**
 * Keeps the state in a file: written whole to a neighbour, brought to the disk, then renamed over the old one, so that
 * the file is complete at every moment. Changes that come while a write is under way share the next one.
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

  /** Says that the state has changed; it is written soon. */
  changed(): void {
    this.#isDirty = true;
    this.#timer ??= setTimeout(() => {
      // Who waits for an answer gets the error; here nobody does.
      this.flush().catch(() => undefined);
    }, LAZY);
  }

  /**
   * Resolves when every change made so far is on the disk.
   *
   * @throws {SandboxError} SANDBOX_STATE_UNWRITABLE; the changes stay to be written
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
