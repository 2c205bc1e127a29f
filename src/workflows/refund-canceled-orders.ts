import {
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { refundCanceledOrder } from "../medusa/canceled-orders";
import { cancelOpenInvoicesOf } from "../medusa/process-order-payments";

export interface RefundCanceledSeqrOrdersInput {
  /** Orders that are cancelled in Medusa. */
  order_ids: string[];
}

export const cancelInvoicesOfCanceledSeqrOrdersStep = createStep(
  "seqr-cancel-invoices-of-canceled-orders",
  async ({ order_ids }: RefundCanceledSeqrOrdersInput, { container }) => {
    for (const id of order_ids) await cancelOpenInvoicesOf(container, id);
    return new StepResponse(undefined);
  },
);

export const refundCanceledSeqrOrdersStep = createStep(
  "seqr-refund-canceled-orders",
  async ({ order_ids }: RefundCanceledSeqrOrdersInput, { container }) => {
    for (const id of order_ids) await refundCanceledOrder(container, id);
    return new StepResponse(undefined);
  },
);

/**
 * Cancels the open codes of orders that were cancelled, and refunds what core could not. Runs on `order.canceled`; nothing is
 * refunded twice.
 */
export const refundCanceledSeqrOrdersWorkflow = createWorkflow(
  "seqr-refund-canceled-orders",
  (input: RefundCanceledSeqrOrdersInput) => {
    cancelInvoicesOfCanceledSeqrOrdersStep(input);
    refundCanceledSeqrOrdersStep(input);
    return new WorkflowResponse(undefined);
  },
);
