import {
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { confirmCaptureOf } from "../medusa/process-order-payments";

export interface ConfirmSeqrCaptureInput {
  payment_id: string;
}

export const confirmSeqrCaptureStep = createStep(
  "seqr-confirm-capture",
  async ({ payment_id }: ConfirmSeqrCaptureInput, { container }) => {
    await confirmCaptureOf(container, payment_id);
    return new StepResponse(undefined);
  },
);

/** Records in the ledger that Medusa has the capture of a reservation. Runs on `payment.captured`. */
export const confirmSeqrCaptureWorkflow = createWorkflow(
  "seqr-confirm-capture",
  (input: ConfirmSeqrCaptureInput) => {
    confirmSeqrCaptureStep(input);
    return new WorkflowResponse(undefined);
  },
);
