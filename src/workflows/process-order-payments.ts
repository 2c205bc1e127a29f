import {
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { processPaymentsOfOrder } from "../medusa/process-order-payments";

export interface ProcessSeqrOrderPaymentsInput {
  order_id: string;
}

export const processSeqrOrderPaymentsStep = createStep(
  "seqr-process-order-payments",
  async ({ order_id }: ProcessSeqrOrderPaymentsInput, { container }) => {
    await processPaymentsOfOrder(container, order_id);
    return new StepResponse(undefined);
  },
);

/**
 * Tells the ledger that an order was placed: its SEQR payment is completed, and a code that the order does not need is
 * cancelled. Runs on `order.placed`.
 */
export const processSeqrOrderPaymentsWorkflow = createWorkflow(
  "seqr-process-order-payments",
  (input: ProcessSeqrOrderPaymentsInput) => {
    processSeqrOrderPaymentsStep(input);
    return new WorkflowResponse(undefined);
  },
);
