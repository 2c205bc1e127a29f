import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { processPaymentAndWaitIn } from "../medusa/processing-context";
import { seqrOf } from "../modules/seqr";
import { cancelInvoice, currentInvoice } from "../modules/seqr/public";
import { invoiceById, processed } from "./seqr-invoice";

export interface CancelSeqrPaymentInput {
  invoice_id: string;
  /** Who wants it cancelled. */
  reason: "shopper" | "merchant";
}

/** Cancels an invoice at SEQR. SEQR cannot take that back, so there is no compensation. */
export const cancelSeqrPaymentStep = createStep(
  "seqr-cancel-payment",
  async ({ invoice_id, reason }: CancelSeqrPaymentInput, { container }) => {
    const seqr = seqrOf(container);
    const invoice = await invoiceById(container, invoice_id);
    const outcome = await cancelInvoice(seqr, invoice, reason);
    if (outcome === "paying") await processPaymentAndWaitIn(container, invoice, "cancellation");
    return new StepResponse(processed(await currentInvoice(seqr, invoice)));
  },
);

/**
 * Cancels a payment that no one has paid yet. When the shopper is faster, the payment is processed instead: the order is
 * placed, or the money is refunded.
 *
 * The hook `paymentCanceled` gets how the payment stands.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_INVOICE
 */
export const cancelSeqrPaymentWorkflow = createWorkflow(
  "seqr-cancel-payment",
  (input: CancelSeqrPaymentInput) => {
    const payment = cancelSeqrPaymentStep(input);
    const paymentCanceled = createHook("paymentCanceled", { payment });
    return new WorkflowResponse(payment, { hooks: [paymentCanceled] });
  },
);
