import type { ErrorCode } from "../../../errors/error-codes";
import { STATE_TABLE } from "../invoice/state-table";
import { statesNeeding, type InvoiceState } from "../invoice/states";

/**
 * What an entry of the attention list needs: a person who decides, nothing, since it passes by itself, or only that
 * somebody has seen it. In the order in which they are listed.
 */
export const NEEDS = ["person", "nothing", "acknowledgement"] as const;
export type Need = (typeof NEEDS)[number];

/** What each kind of entry needs. */
export const NEED_OF = {
  refund_unknown: "person",
  refund_refused: "person",
  refunded_elsewhere: "person",
  contradicting: "person",
  refund_missing: "person",
  amount_differs: "person",
  unexplained: "person",
  order_pending: "nothing",
  awaiting_reversal: "nothing",
  refunding: "nothing",
  unreadable: "nothing",
  not_canceled: "nothing",
  reversed: "acknowledgement",
  order_canceled: "acknowledgement",
} as const satisfies Record<string, Need>;

export type AttentionKind = keyof typeof NEED_OF;

export const ATTENTION_KINDS = Object.keys(NEED_OF) as AttentionKind[];

/** Why a return of money cannot be tried again by itself (PROTOCOL 4.8). */
export const PERMANENT_REFUND_ERRORS: readonly string[] = ["SEQR_97", "SEQR_98", "SEQR_99"];

interface Rule {
  kind: AttentionKind;
  /** Left out: all states. */
  states?: readonly InvoiceState[];
  /** Left out: with a problem or without; `any`: with one. */
  problems?: readonly string[] | "any";
}

const code = (...codes: ErrorCode[]): readonly string[] => codes;

/** Which kind an invoice is of: the first rule that fits. PostgreSQL and `kindOf` go by the same table. */
export const ATTENTION_RULES: readonly Rule[] = [
  { kind: "order_pending", states: statesNeeding("order") },
  { kind: "refunded_elsewhere", problems: code("SEQR_REFUNDED_ELSEWHERE") },
  { kind: "refund_refused", states: statesNeeding("refund"), problems: PERMANENT_REFUND_ERRORS },
  { kind: "refunding", states: statesNeeding("refund") },
  { kind: "contradicting", problems: code("SEQR_ANSWER_CONTRADICTS") },
  { kind: "awaiting_reversal", states: statesNeeding("reversal") },
  { kind: "not_canceled", states: statesNeeding("cancellation"), problems: "any" },
  { kind: "refund_missing", problems: code("SEQR_REFUND_NOT_MADE") },
  { kind: "amount_differs", problems: code("SEQR_ORDER_TOTAL_DIFFERS") },
  { kind: "reversed", problems: code("SEQR_REVERSED") },
  { kind: "order_canceled", problems: code("SEQR_ORDER_ABANDONED") },
  { kind: "unexplained", states: statesNeeding("finished"), problems: "any" },
  { kind: "unreadable", problems: "any" },
];

/** The kind of entry that an invoice is; undefined when there is nothing to attend to. */
export function kindOf(invoice: { state: InvoiceState; problem: string | null }): AttentionKind | undefined {
  if (STATE_TABLE[invoice.state].attention === "never") return undefined;
  return ATTENTION_RULES.find((rule) => fits(rule, invoice))?.kind;
}

function fits(
  { states, problems }: Rule,
  { state, problem }: { state: InvoiceState; problem: string | null },
): boolean {
  if (states && !states.includes(state)) return false;
  return problems === undefined || (problem !== null && (problems === "any" || problems.includes(problem)));
}
