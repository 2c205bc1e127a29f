import { resolve } from "node:path";
import { startDemo, type RunningDemo } from "../../../demo/services";
import { Visitors } from "../visitors";

/** Where the demo of the tests is kept, so that the next test file and the next run need not make it again. */
export const folder = resolve(__dirname, "../../../.cache/test-demo");

/** How long an unpaid invoice can be paid at SEQR, in milliseconds. SEQR's clock stands still unless it is turned. */
const PAYABLE_FOR = 300_000;

/** How long SEQR takes to make a report, at most, in milliseconds. */
const REPORTS_TAKE = 10_000;

/** The demo's store, storefront and sandbox, and a browser. */
export class Shop {
  private constructor(
    readonly demo: RunningDemo,
    readonly visitors: Visitors,
  ) {}

  /**
   * @param options.admin whether the dashboard is built and served, which takes a minute the first time
   * @param options.env further environment of the store
   */
  static async open({ admin = false, env = {} } = {}): Promise<Shop> {
    const demo = await startDemo({
      folder,
      ports: {},
      admin,
      env,
      sandbox: { clock: "turnable", expireAfter: PAYABLE_FOR, stateFile: undefined },
    });
    return new Shop(demo, await Visitors.open());
  }

  async close(): Promise<void> {
    await this.visitors.close();
    await this.demo.stop();
  }

  /** The invoice is so old now that SEQR lets nobody pay it. */
  letInvoicesExpire(): void {
    this.#advance(PAYABLE_FOR);
  }

  /** It is so late now that SEQR has made the reports of all periods that were closed. */
  letReportsBeMade(): void {
    this.#advance(REPORTS_TAKE);
  }

  #advance(milliseconds: number): void {
    const { clock } = this.demo.sandbox;
    if (!("advance" in clock)) throw new Error("SEQR's clock cannot be turned");
    clock.advance(milliseconds);
  }

  /** The status of an invoice at SEQR. */
  statusAtSeqr(qrText: string): string {
    return this.demo.sandbox.core.phone.bill(qrText).status;
  }
}
