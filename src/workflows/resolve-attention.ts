import {
  createHook,
  createStep,
  createWorkflow,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { resolveAttentionItem } from "../attention/attention-list";
import { attentionContext } from "../attention/attention-context";
import type { AttentionAction } from "../modules/seqr/public";

export interface ResolveSeqrAttentionInput {
  /** Of the entry. */
  id: string;
  action: AttentionAction;
  /** Why; kept with the decision. May be empty only with `retry`. */
  reason: string;
  /** Medusa's id of the member of staff. */
  actor_id: string;
  /** SEQR's reference of a refund that turns out to have been made. */
  refund_reference?: string;
  /** SEQR's id of a lost period: with `retry`. */
  transaction_period_id?: string;
}

/** Carries out a decision and writes it down. A decision stays on record, so there is no compensation. */
export const resolveSeqrAttentionStep = createStep(
  "seqr-resolve-attention",
  async (
    { id, action, reason, actor_id, refund_reference, transaction_period_id }: ResolveSeqrAttentionInput,
    { container },
  ) =>
    new StepResponse(
      await resolveAttentionItem(attentionContext(container), id, {
        action,
        reason,
        actorId: actor_id,
        ...(refund_reference !== undefined && { refundReference: refund_reference }),
        ...(transaction_period_id !== undefined && { transactionPeriodId: transaction_period_id }),
      }),
    ),
);

/**
 * Carries out what a member of staff decided about an entry of the attention list, and writes down who decided what and why.
 * Gives the entries that the payment, or the period, still has.
 *
 * The hook `validate` runs before; when it throws, nothing is decided. So a store can ask a second person, for example. The hook
 * `attentionResolved` gets what was decided and what is left.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_ENTRY, SEQR_DECISION, SEQR_DECISION_STALE, SEQR_BUSY, SEQR_REFUND_RUNNING, or
 * why SEQR refused what was decided
 */
export const resolveSeqrAttentionWorkflow = createWorkflow(
  "seqr-resolve-attention",
  (input: ResolveSeqrAttentionInput) => {
    const validate = createHook("validate", { input });
    const attentionItems = resolveSeqrAttentionStep(input);
    const attentionResolved = createHook("attentionResolved", { input, attention_items: attentionItems });
    return new WorkflowResponse(attentionItems, { hooks: [validate, attentionResolved] });
  },
);
