import type { MedusaContainer } from "@medusajs/framework/types";
import { inTime } from "../clock";
import { seqrError } from "../errors/error-codes";
import { oneLine } from "../errors/one-line";
import { queryOf } from "../medusa/queries";
import { seqrOf } from "../modules/seqr";
import { readReceipt, type ReceiptSubject } from "../receipts/read-receipt";
import { forSeqr, htmlReceipt } from "../receipts/receipt-document";
import { sendDueReceipts } from "../receipts/send-due-receipts";
import type { ReceiptDocument } from "../seqr";
import { makeSeqrReceiptWorkflow } from "./make-receipt";

/** Milliseconds that a store's own receipt may take. */
const MAKING_TIME_LIMIT = 30_000;

/** Sends the receipts that are due to SEQR. @see sendDueReceipts */
export function sendSeqrReceipts(container: MedusaContainer): Promise<number> {
  return sendDueReceipts({
    seqr: seqrOf(container),
    documentOf: (subject) => documentOf(container, subject),
  });
}

/** The store's own document, or the plugin's when there is none, or it cannot be sent. */
async function documentOf(container: MedusaContainer, subject: ReceiptSubject): Promise<ReceiptDocument> {
  const { clock, logger } = seqrOf(container);
  const receipt = await readReceipt(queryOf(container), subject);
  try {
    const made = await inTime(
      clock,
      makeSeqrReceiptWorkflow(container).run({ input: { receipt } }),
      MAKING_TIME_LIMIT,
    );
    if (!made) throw seqrError("SEQR_RECEIPT_INVALID", "It was not made in time.");
    return forSeqr(made.result);
  } catch (error) {
    logger.error(`seqr: the store's own receipt ${subject.receipt.id} is replaced: ${oneLine(error)}`);
    return forSeqr(htmlReceipt(receipt));
  }
}
