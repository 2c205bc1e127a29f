import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { send, until } from "../../../testkit/http";
import type { TestStore } from "./store";

export type Answer = {
  result?: Record<string, unknown>;
  error?: { type: string; code: string; message: string };
};

/** The provider inside of a store, whose methods a test can call. */
export interface ServedProvider {
  /** Calls methods one after the other. */
  call(...calls: [method: string, input: unknown][]): Promise<Answer[]>;
  stop(): Promise<void>;
}

/** Starts a process of the store that serves the provider's methods. */
export async function serveProvider(store: TestStore): Promise<ServedProvider> {
  const folder = mkdtempSync(join(tmpdir(), "provider-"));
  const file = join(folder, "address");
  const ended = store.runScript("serve-provider.js", { PROVIDER_ADDRESS: file });
  const served = until(
    () => Promise.resolve(existsSync(file) ? readFileSync(file, "utf8") : ""),
    (address) => address !== "",
    { seconds: 120 },
  );
  const address = await Promise.race([served, ended.then(() => Promise.reject(new Error("it has ended")))]);
  rmSync(folder, { recursive: true });
  return {
    call: (...calls) => send("POST", address, { body: calls }),
    async stop() {
      await send("DELETE", address);
      await ended;
    },
  };
}
