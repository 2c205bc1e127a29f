import type { AdminSeqrRefundDetails, AdminSeqrTimelineEntry } from "../http-types";
import type { CaptureInMedusa } from "../medusa/payment-records";
import {
  STATE_TABLE,
  type AttentionAction,
  type AttentionKind,
  type DecisionRecord,
  type InvoiceRecord,
  type Observation,
  type ReceiptRecord,
} from "../modules/seqr/public";

/** What is known of a payment's past. */
export interface PaymentFacts {
  invoice: InvoiceRecord;
  observations: readonly (Observation & { id: string })[];
  refunds: readonly AdminSeqrRefundDetails[];
  receipts: readonly ReceiptRecord[];
  decisions: readonly DecisionRecord[];
  captures: readonly CaptureInMedusa[];
  /** When the order was placed; undefined when there is none. */
  orderPlacedAt: Date | undefined;
  /** Names of members of staff, by Medusa's ids of them. */
  names: ReadonlyMap<string, string>;
}

/** The order of what has the same time: causes before effects. */
const KINDS: readonly AdminSeqrTimelineEntry["kind"][] = [
  ...(["sent", "notified", "decision", "asked", "reserved", "order_placed", "paid", "captured"] as const),
  ...(["receipt_sent", "receipt_refused", "refund_requested"] as const),
  ...(["refund_refused", "refund_unknown", "refund_done", "ended"] as const),
];

/** Writes down everything that happened to a payment, oldest first. */
export function timelineOf(facts: PaymentFacts): AdminSeqrTimelineEntry[] {
  return [
    ...ofInvoice(facts),
    ...facts.observations.map(asked),
    ...facts.captures.map((capture) => captured(capture, facts.names)),
    ...facts.refunds.flatMap(ofRefund),
    ...facts.receipts.flatMap((receipt) => ofReceipt(receipt, facts.refunds)),
    ...facts.decisions.map((decision) => decided(decision, facts.names)),
  ].sort(
    (one, other) =>
      Date.parse(one.at) - Date.parse(other.at) || KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
  );
}

function ofInvoice({ invoice, orderPlacedAt }: PaymentFacts): AdminSeqrTimelineEntry[] {
  const { id, amount, ers_reference, reserved_amount, reason, state } = invoice;
  const entry = (
    kind: AdminSeqrTimelineEntry["kind"],
    at: Date | null | undefined,
    more: Partial<AdminSeqrTimelineEntry> = {},
  ): AdminSeqrTimelineEntry[] => (at ? [{ id: `${id}.${kind}`, at: at.toISOString(), kind, ...more }] : []);
  const isEnded = STATE_TABLE[state].progress === "final" && state !== "completed";
  return [
    ...entry("sent", invoice.created_at, { reference: invoice.invoice_reference }),
    ...entry("notified", invoice.notified_at),
    ...entry("reserved", invoice.reserved_at, reserved_amount === null ? {} : { amount: reserved_amount }),
    ...entry("paid", invoice.paid_at, { amount, reference: ers_reference }),
    // An order of which a later change is paid was placed before.
    ...entry("order_placed", orderPlacedAt && orderPlacedAt >= invoice.created_at ? orderPlacedAt : null),
    ...entry("ended", isEnded ? invoice.state_since : null, { reason, result: state }),
  ];
}

function asked({ id, observed_at, source, operation, status, result }: Observation & { id: string }) {
  const answer = result === "0" ? status : result;
  return { id, at: observed_at.toISOString(), kind: "asked", operation, source, result: answer } as const;
}

function captured(
  { id, created_at, amount, created_by }: CaptureInMedusa,
  names: PaymentFacts["names"],
): AdminSeqrTimelineEntry {
  const actor = names.get(created_by ?? "") ?? null;
  return { id, at: created_at.toISOString(), kind: "captured", amount, actor };
}

function ofRefund(refund: AdminSeqrRefundDetails): AdminSeqrTimelineEntry[] {
  const { id, amount, state, actor, requested_at, finished_at, refund_reference, result } = refund;
  const reason = refund.note ?? refund.reason;
  return [
    { id: `${id}.requested`, at: requested_at, kind: "refund_requested", amount, reason, actor },
    ...(state === "requested"
      ? []
      : [
          {
            ...{ id: `${id}.${state}`, at: finished_at ?? requested_at, amount, result },
            kind: `refund_${state}` as const,
            reference: refund_reference,
          },
        ]),
  ];
}

function ofReceipt(
  { id, state, sent_at, updated_at, ers_reference, refund_id, result }: ReceiptRecord,
  refunds: PaymentFacts["refunds"],
): AdminSeqrTimelineEntry[] {
  if (state !== "sent" && state !== "refused") return [];
  const amount = refunds.find((refund) => refund.id === refund_id)?.amount;
  return [
    {
      ...{ id, at: (sent_at ?? updated_at).toISOString(), reference: ers_reference, result },
      kind: `receipt_${state}` as const,
      ...(amount !== undefined && { amount }),
    },
  ];
}

function decided(
  { id, kind, action, actor_id, reason, decided_at }: DecisionRecord,
  names: PaymentFacts["names"],
): AdminSeqrTimelineEntry {
  return {
    ...{ id, at: decided_at.toISOString(), kind: "decision", reason, actor: names.get(actor_id) ?? null },
    ...{ action: action as AttentionAction, attention_kind: kind as AttentionKind },
  };
}
