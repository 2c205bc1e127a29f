import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { stdout } from "node:process";
import { runsTypeScript } from "../../testkit/typescript";
import type { Answer, Coverage, Job } from "./jobs";

/** A worker keeps what a failed test left open. */
const JOBS_OF_A_WORKER = 150;

/** A process that does one job after the other, and is replaced when it hangs or has done many. */
export class Worker {
  #child: ChildProcess | undefined;
  #done = 0;

  /** @returns what the job says; `{ failed }` when the process died or took longer than `patience` milliseconds */
  ask(job: Job & { kind: "cover" }, patience: number): Promise<Partial<Coverage>>;
  ask(job: Job, patience: number): Promise<Answer>;
  ask(job: Job, patience: number): Promise<Answer> {
    if (this.#done++ % JOBS_OF_A_WORKER === 0) this.stop();
    this.#child ??= fork(join(__dirname, "worker.ts"), {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: runsTypeScript,
    });
    const child = this.#child;
    return new Promise((answer) => {
      const end = (what: Answer, isOver = true): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (isOver) this.stop();
        answer(what);
      };
      const timer = setTimeout(() => end({ failed: "takes for ever" }), patience);
      child.once("message", (said: Answer) => end(said, false));
      child.once("exit", () => end({ failed: "the process ended" }));
      child.send(job);
    });
  }

  stop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

/** Does something with each item, by as many workers as there are. */
export async function byAll<T>(
  workers: Worker[],
  items: T[],
  work: (worker: Worker, item: T) => Promise<void>,
): Promise<void> {
  const open = items.entries();
  const one = async (worker: Worker): Promise<void> => {
    for (const [number, item] of open) {
      await work(worker, item);
      if (stdout.isTTY || (number + 1) % 100 === 0) stdout.write(`  ${number + 1} of ${items.length}\n`);
    }
  };
  await Promise.all(workers.map(one));
}
