import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { closePeriod } from "../books/close-period";
import { closingOf } from "../modules/seqr";

export interface CloseSeqrPeriodInput {
  /** The account's id at SEQR; may be left out where the options have one account. */
  reseller_id?: string;
  /** Address of SEQR's service; only where accounts at several have the same id. */
  endpoint?: string;
  /** Name of the terminal whose period is closed; left out, the shop's. */
  terminal?: string;
  /** Closes it even if the account's periods are those of another scope. */
  force?: boolean;
  /** Medusa's id of the member of staff; left out when none closes it. */
  actor_id?: string;
}

/** Closes the period at SEQR. It cannot be opened again, so there is no compensation. */
export const closeSeqrPeriodStep = createStep(
  "seqr-close-period",
  async ({ actor_id, force, ...query }: CloseSeqrPeriodInput, { container }) => {
    const books = closingOf(container);
    const closing = { actorId: actor_id ?? null, closingDay: null, isForced: force };
    return new StepResponse(await closePeriod(books, books.accounts.scope(query), closing));
  },
);

/**
 * Closes SEQR's transaction period of a shop or of a terminal, and gives it. Its reports are fetched and compared by a job afterwards,
 * or by `processSeqrPeriods`.
 *
 * The hook `validate` runs before; when it throws, nothing is closed. The hook `periodClosed` gets the period, also one that is `lost`
 * because SEQR's answer is.
 *
 * @throws {MedusaError} SEQR_ACCOUNT_UNKNOWN, SEQR_PERIOD_TERMINAL, SEQR_PERIOD_SCOPE, SEQR_PERIOD_CLOSING, SEQR_PERIOD_REPEATED, or why SEQR refused
 */
export const closeSeqrPeriodWorkflow = createWorkflow("seqr-close-period", (input: CloseSeqrPeriodInput) => {
  const validate = createHook("validate", { input });
  const period = closeSeqrPeriodStep(input);
  const periodClosed = createHook("periodClosed", { input, period });
  return new WorkflowResponse(period, { hooks: [validate, periodClosed] });
});
