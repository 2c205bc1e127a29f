import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn } from "../modules/seqr";
import { closeDueSeqrPeriods, processSeqrPeriods } from "../workflows/process-periods";

let running = false;

/** Closes the periods that are due by the schedule, and fetches and compares the reports, every 15 seconds. */
export default async function closePeriods(container: MedusaContainer): Promise<void> {
  if (running || !isOn(container)) return;
  running = true;
  try {
    await closeDueSeqrPeriods(container);
    await processSeqrPeriods(container);
  } finally {
    running = false;
  }
}

export const config = { name: "seqr-close-periods", schedule: { interval: 15_000 } };
