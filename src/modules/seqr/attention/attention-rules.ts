import type { ErrorCode } from "../../../errors/error-codes";
import type { AttentionKind } from "./attention-kinds";
import { STATE_TABLE } from "../invoice/state-table";
import { statesNeeding, type InvoiceState } from "../invoice/states";

export { NEED_OF, NEEDS, type AttentionKind } from "./attention-kinds";

/** Results of a refund after which trying again automatically is of no use (PROTOCOL 4.8). */
export const PERMANENT_REFUND_ERRORS: readonly string[] = ["SEQR_97", "SEQR_98", "SEQR_99"];

interface Rule {
  kind: AttentionKind;
  /** Left out: all states. */
  states?: readonly InvoiceState[];
  /** Left out: with a problem or without; `any`: with one. */
  problems?: readonly string[] | "any";
}

const code = (...codes: ErrorCode[]): readonly string[] => codes;

/** The kind of an invoice's entry is that of the first rule that fits. PostgreSQL and `kindOf` use this one table. */
export const ATTENTION_RULES: readonly Rule[] = [
  { kind: "order_pending", states: statesNeeding("order") },
  { kind: "terminal_unknown", problems: code("SEQR_TERMINAL_UNKNOWN") },
  { kind: "refunded_elsewhere", problems: code("SEQR_REFUNDED_ELSEWHERE") },
  { kind: "refund_refused", states: statesNeeding("refund"), problems: PERMANENT_REFUND_ERRORS },
  { kind: "refunding", states: statesNeeding("refund") },
  { kind: "contradicting", problems: code("SEQR_ANSWER_CONTRADICTS") },
  { kind: "awaiting_reversal", states: statesNeeding("reversal") },
  { kind: "capture_pending", states: statesNeeding("capture") },
  { kind: "releasing", states: statesNeeding("release") },
  { kind: "reservation_lapsed", problems: code("SEQR_RESERVATION_LAPSED") },
  { kind: "reservation_lapses", problems: code("SEQR_RESERVATION_LAPSES") },
  { kind: "capture_refused", states: statesNeeding("reservation"), problems: "any" },
  { kind: "not_canceled", states: statesNeeding("cancellation"), problems: "any" },
  { kind: "refund_missing", problems: code("SEQR_REFUND_NOT_MADE") },
  { kind: "amount_differs", problems: code("SEQR_ORDER_TOTAL_DIFFERS") },
  { kind: "reversed", problems: code("SEQR_REVERSED") },
  { kind: "order_canceled", problems: code("SEQR_ORDER_ABANDONED") },
  { kind: "unexplained", states: statesNeeding("finished"), problems: "any" },
  { kind: "unreadable", problems: "any" },
];

/** The kind of entry of an invoice; undefined when it has none. */
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
