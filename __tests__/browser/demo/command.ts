import { readFileSync } from "node:fs";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { root } from "../../../testkit/root";
import { runsTypeScript } from "../../../testkit/typescript";
import { folder } from "./shop";

/** The demo as a person runs it. */
class Demo {
  #printed = "";
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(...options: string[]) {
    const command = [...runsTypeScript, join(root, "demo", "run.ts"), "--folder", folder, ...options];
    this.#child = spawn(process.execPath, command, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk) => (this.#printed += String(chunk)));
    this.ended = new Promise((done) => this.#child.once("close", (code) => done(code)));
  }

  get printed(): string {
    return this.#printed;
  }

  async says(text: string): Promise<void> {
    const deadline = Date.now() + 300_000;
    while (!this.#printed.includes(text)) {
      if (Date.now() > deadline || this.#child.exitCode !== null)
        throw new Error(`It did not say "${text}":\n${this.#printed}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }
}

describe("npm run demo", () => {
  it("buys and refunds automatically, and ends with a line for programs", async () => {
    const demo = new Demo("--once");
    expect([await demo.ended, demo.printed]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(demo.printed.trim().split("\n").at(-1) ?? "")).toEqual({
      order_id: expect.stringMatching(/^order_/),
      display_id: expect.any(Number),
      invoice_reference: expect.stringMatching(/^\d+$/),
      ers_reference: expect.stringMatching(/^\d{25}$/),
      total: "356.00",
      captured: "356.00",
      refunded: "129.00",
      refund_reference: expect.stringMatching(/^\d{25}$/),
      soap_calls: expect.any(Number),
      seconds: expect.any(Number),
    });
  }, 400_000);

  it("stays until it is interrupted, and is there once only", async () => {
    const demo = new Demo();
    await demo.says("Ctrl-C ends it.");
    const [, storefront = ""] = /Storefront +(\S+)/.exec(demo.printed) ?? [];
    expect((await fetch(storefront)).status).toBe(200);

    const closing = new Demo("--close-day");
    expect([await closing.ended, closing.printed]).toEqual([0, expect.any(String)]);
    // Two purchases of this demo and the test before, and no refund: SEQR's reports have none.
    expect(closing.printed).toMatch(/SEK: SEQR reports \d+\.00, the shop expects \d+\.00/);
    expect(closing.printed).toMatch(/reconciled, 0 differences to decide about/);
    for (const [, file = ""] of closing.printed.matchAll(/File +(\S+)/g))
      expect(readFileSync(file, "utf8")).toContain(file.includes("overview") ? "SEK" : "agrees");

    const second = new Demo("--once");
    expect(await second.ended).toBe(1);
    expect(second.printed).toContain("The demo is running already");
    expect(second.printed).toContain(storefront);

    demo.interrupt();
    expect(await demo.ended).toBe(0);
    await expect(fetch(storefront)).rejects.toThrow();
  }, 400_000);
});
