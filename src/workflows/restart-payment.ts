import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { restartPayment } from "../shopper/restart-payment";
import { invoiceById } from "./seqr-invoice";

export interface RestartSeqrPaymentInput {
  /** Any invoice of the purchase. */
  invoice_id: string;
  /** The shopper's token of that invoice. */
  token: string;
}

/** Gives the shopper a code that can be paid. The earlier one was cancelled at SEQR for it, so there is no compensation. */
export const restartSeqrPaymentStep = createStep(
  "seqr-restart-payment",
  async ({ invoice_id, token }: RestartSeqrPaymentInput, { container }) => {
    const invoice = await invoiceById(container, invoice_id);
    return new StepResponse(await restartPayment(container, invoice, token));
  },
);

/**
 * Gives the shopper a code that can be paid, for the same purchase: a new payment session, or the present one while its
 * code can be paid. Of a purchase that is paid, it gives the paid session.
 *
 * The hook `validate` runs before; when it throws, nothing is restarted. The hook `paymentRestarted` gets the session's data.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_INVOICE, SEQR_NOTHING_TO_PAY, SEQR_PAYMENT_IN_PROGRESS
 */
export const restartSeqrPaymentWorkflow = createWorkflow(
  "seqr-restart-payment",
  (input: RestartSeqrPaymentInput) => {
    const validate = createHook("validate", { input });
    const data = restartSeqrPaymentStep(input);
    const paymentRestarted = createHook("paymentRestarted", { data });
    return new WorkflowResponse(data, { hooks: [validate, paymentRestarted] });
  },
);
