// The watch as a process of its own, which a benchmark commands.
import { fork } from "node:child_process";
import { join } from "node:path";
import { runsTypeScript } from "../../testkit/typescript";
import type { BenchTerminal, Order, Pages, Sweep } from "./sweeper";

export interface Sweeper {
  order(order: "sweep"): Promise<Sweep>;
  order(order: "pages"): Promise<Pages>;
  /** Sweeps every second from now on, as the job does; ends that. */
  order(order: "watch" | "rest"): Promise<unknown>;
  stop(): Promise<void>;
}

/** The watch as a process of its own. */
export async function startSweeper(
  server: string,
  databaseUrl: string,
  terminals: BenchTerminal[],
): Promise<Sweeper> {
  const child = fork(join(__dirname, "sweeper.ts"), [server, databaseUrl, JSON.stringify(terminals)], {
    execArgv: ["--expose-gc", ...runsTypeScript],
    stdio: "inherit",
  });
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const answer = (): Promise<unknown> =>
    Promise.race([
      new Promise((done) => child.once("message", done)),
      ended.then((code) => Promise.reject(new Error(`a process of the benchmark ended (${code})`))),
    ]);
  await answer();
  return {
    order: (order: Order) => {
      const answered = answer();
      child.send(order);
      return answered as Promise<Sweep & Pages>;
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
