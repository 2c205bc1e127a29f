import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { z } from "@medusajs/framework/zod";
import type { SeqrReceipt } from "../receipts/receipt-content";
import { htmlReceipt, type SeqrReceiptDocument } from "../receipts/receipt-document";

export interface MakeSeqrReceiptInput {
  receipt: SeqrReceipt;
}

const documentSchema = z
  .object({
    mime_type: z.string(),
    content: z.string(),
    encoding: z.enum(["utf8", "base64"]).optional(),
  })
  .optional();

export const makeSeqrReceiptStep = createStep(
  "seqr-make-receipt",
  ({ receipt, document }: MakeSeqrReceiptInput & { document?: SeqrReceiptDocument | undefined }) =>
    Promise.resolve(new StepResponse(document ?? htmlReceipt(receipt))),
);

/**
 * Makes the document that SEQR gets as receipt of a payment or a refund.
 *
 * The hook `setReceiptDocument` gets the receipt, and may return a document in place of the plugin's.
 */
export const makeSeqrReceiptWorkflow = createWorkflow("seqr-make-receipt", (input: MakeSeqrReceiptInput) => {
  const { receipt } = input;
  const setReceiptDocument = createHook(
    "setReceiptDocument",
    { receipt },
    { resultValidator: documentSchema },
  );
  const document = makeSeqrReceiptStep({ receipt, document: setReceiptDocument.getResult() });
  return new WorkflowResponse(document, { hooks: [setReceiptDocument] });
});
