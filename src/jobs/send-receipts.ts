import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn } from "../modules/seqr";
import { sendSeqrReceipts } from "../workflows/send-receipts";

let running = false;

/** Sends receipts to SEQR every five seconds, apart from the watch, so that no receipt delays a payment. */
export default async function sendReceipts(container: MedusaContainer): Promise<void> {
  if (running || !isOn(container)) return;
  running = true;
  try {
    await sendSeqrReceipts(container);
  } finally {
    running = false;
  }
}

export const config = { name: "seqr-send-receipts", schedule: { interval: 5_000 } };
