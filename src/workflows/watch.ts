import type { MedusaContainer } from "@medusajs/framework/types";
import { SEQR_MODULE } from "../modules/seqr";
import type { SeqrModuleService } from "../modules/seqr/contract";
import { settleClaimed } from "./settle";

/** Invoices taken up at once. */
const BATCH = 20;
/** Rounds of one sweep: a bound, so that a sweep ends. */
const ROUNDS = 50;

/**
 * Looks at every invoice that is due: the way in which a payment is found when no notification, no browser and no
 * person tells of it.
 *
 * @returns how many invoices were looked at
 */
export async function watchDueInvoices(container: MedusaContainer): Promise<number> {
  const seqr = container.resolve<SeqrModuleService>(SEQR_MODULE);
  let looked = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const due = await seqr.claimDue(BATCH);
    if (due.length === 0) break;
    looked += due.length;
    const results = await Promise.allSettled(
      due.map((invoice) => settleClaimed(container, invoice, "watch")),
    );
    for (const result of results) {
      if (result.status === "rejected")
        container.resolve("logger").error(`seqr: watch: ${String(result.reason)}`);
    }
  }
  return looked;
}
