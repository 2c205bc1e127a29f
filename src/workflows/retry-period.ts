import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { retryPeriod } from "../books/retry-period";
import { closingOf } from "../modules/seqr";

export interface RetrySeqrPeriodInput {
  id: string;
  /** SEQR's id of a lost period, as SEQR's support gives it. */
  transaction_period_id?: string;
  /** Medusa's id of the member of staff. */
  actor_id: string;
}

/** Makes the period due again. What is fetched replaces nothing, so there is no compensation. */
export const retrySeqrPeriodStep = createStep(
  "seqr-retry-period",
  async ({ id, transaction_period_id, actor_id }: RetrySeqrPeriodInput, { container }) =>
    new StepResponse(
      await retryPeriod(closingOf(container), id, {
        transactionPeriodId: transaction_period_id,
        actorId: actor_id,
      }),
    ),
);

/**
 * Has SEQR's reports on a period fetched and compared again, and gives the period, which is due now. With SEQR's id of it, a lost period
 * becomes one that was closed.
 *
 * The hook `validate` runs before; when it throws, nothing happens.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD, SEQR_PERIOD_STATE or SEQR_PERIOD_ID_TAKEN
 */
export const retrySeqrPeriodWorkflow = createWorkflow("seqr-retry-period", (input: RetrySeqrPeriodInput) => {
  const validate = createHook("validate", { input });
  const period = retrySeqrPeriodStep(input);
  return new WorkflowResponse(period, { hooks: [validate] });
});
