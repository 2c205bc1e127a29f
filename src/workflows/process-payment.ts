import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { processPaymentAndWaitIn } from "../medusa/processing-context";
import type { PollSource } from "../modules/seqr/public";
import { invoiceById, processed } from "./seqr-invoice";

export interface ProcessSeqrPaymentInput {
  invoice_id: string;
  /** What made the caller ask; kept with SEQR's answer. */
  source: PollSource;
}

/**
 * Brings Medusa to the state that SEQR reports. It cannot be compensated: SEQR's money is moved by refunds only, and
 * the ledger decides about those.
 */
export const processSeqrPaymentStep = createStep(
  "seqr-process-payment",
  async ({ invoice_id, source }: ProcessSeqrPaymentInput, { container }) => {
    const invoice = await invoiceById(container, invoice_id);
    return new StepResponse(processed(await processPaymentAndWaitIn(container, invoice, source)));
  },
);

/**
 * Brings Medusa to the state that SEQR reports about a payment: the order is placed and its payment captured, or the money is
 * refunded. While another process works on the payment, the workflow waits for it some seconds. What fails is tried
 * again by the watch; the result says how the payment stands.
 *
 * The hook `paymentProcessed` gets the result.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_INVOICE
 */
export const processSeqrPaymentWorkflow = createWorkflow(
  "seqr-process-payment",
  (input: ProcessSeqrPaymentInput) => {
    const payment = processSeqrPaymentStep(input);
    const paymentProcessed = createHook("paymentProcessed", { payment });
    return new WorkflowResponse(payment, { hooks: [paymentProcessed] });
  },
);
