import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { dismissAttentionItems } from "../attention/attention-list";
import { attentionContext } from "../attention/attention-context";

export interface DismissSeqrAttentionInput {
  /** Of the entries. */
  ids: string[];
  /** Why; kept with each decision. */
  reason: string;
  /** Medusa's id of the member of staff. */
  actor_id: string;
}

/** Dismisses entries for information, and accepts differences of the books, each for itself. A decision stays on record, so there is no compensation. */
export const dismissSeqrAttentionStep = createStep(
  "seqr-dismiss-attention",
  async ({ ids, reason, actor_id }: DismissSeqrAttentionInput, { container }) =>
    new StepResponse(
      await dismissAttentionItems(attentionContext(container), ids, { reason, actorId: actor_id }),
    ),
);

/**
 * Takes entries from the attention list that only have to be acknowledged, and differences of the books, which it accepts. Gives for each whether it was dismissed, or why not.
 *
 * The hook `validate` runs before; when it throws, nothing is dismissed. The hook `attentionDismissed` gets the results.
 */
export const dismissSeqrAttentionWorkflow = createWorkflow(
  "seqr-dismiss-attention",
  (input: DismissSeqrAttentionInput) => {
    const validate = createHook("validate", { input });
    const results = dismissSeqrAttentionStep(input);
    const attentionDismissed = createHook("attentionDismissed", { input, results });
    return new WorkflowResponse(results, { hooks: [validate, attentionDismissed] });
  },
);
