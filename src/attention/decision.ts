import type { AttentionAction } from "../modules/seqr/public";

/** A decision of a member of staff about an entry of the attention list. */
export interface Decision {
  action: AttentionAction;
  /** Medusa's id of the member of staff. */
  actorId: string;
  /** Why; kept with the decision. May be empty only with `retry`. */
  reason: string;
  /** SEQR's reference of a refund that turns out to have been made, if it is known. */
  refundReference?: string;
  /** SEQR's id of a lost period, as SEQR's support gives it. */
  transactionPeriodId?: string;
}
