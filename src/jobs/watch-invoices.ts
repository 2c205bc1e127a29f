import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn } from "../modules/seqr";
import { watchDueInvoices } from "../workflows/watch-due-invoices";

let running = false;

/** Polls the due invoices every second. This process runs one sweep at a time. */
export default async function watchInvoices(container: MedusaContainer): Promise<void> {
  if (running || !isOn(container)) return;
  running = true;
  try {
    await watchDueInvoices(container);
  } finally {
    running = false;
  }
}

export const config = { name: "seqr-watch-invoices", schedule: { interval: 1_000 } };
