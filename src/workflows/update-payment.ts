import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { updatePayment } from "../shopper/update-payment";

export interface UpdateSeqrPaymentInput {
  cart_id: string;
}

/** Changes the amount of a cart's open SEQR payment. When a later step fails, the payment gets the total that the cart has then. */
export const updateSeqrPaymentStep = createStep(
  "seqr-update-payment",
  async ({ cart_id }: UpdateSeqrPaymentInput, { container }) =>
    new StepResponse(await updatePayment(container, cart_id), cart_id),
  async (cartId, { container }) => {
    // A payment over another amount than the cart's never becomes its order.
    if (cartId !== undefined) await updatePayment(container, cartId).catch(() => undefined);
  },
);

/**
 * Changes the amount of a cart's open SEQR payment to the cart's present total, so that the shopper keeps the same code. Run it in the hook
 * `beforeRefreshingPaymentCollection` of core's `refreshCartItemsWorkflow`: core then finds the payment up to date, and does not delete its
 * session. Gives the session's data, or undefined when there was nothing to change.
 *
 * The hook `paymentUpdated` gets the session's data.
 *
 * @throws {MedusaError} SEQR_PAYMENT_IN_PROGRESS when the shopper is paying: the change of the cart has to be refused
 */
export const updateSeqrPaymentWorkflow = createWorkflow(
  "seqr-update-payment",
  (input: UpdateSeqrPaymentInput) => {
    const data = updateSeqrPaymentStep(input);
    const paymentUpdated = createHook("paymentUpdated", { data });
    return new WorkflowResponse(data, { hooks: [paymentUpdated] });
  },
);
