import {
  attentionOf,
  problem,
  type AttentionAction,
  type AttentionEntry,
  type DecisionRecord,
  type InvoiceRecord,
} from "../modules/seqr/contract";
import { bookRefund } from "./book-refund";
import { settleInvoiceSoon, type SettleContext } from "./settlement";

/** What a person decides about an entry of the attention list. */
export interface Decision {
  action: AttentionAction;
  /** Medusa's id of the member of staff. */
  actorId: string;
  /** Why; kept with the decision. May be empty only when something is just tried again. */
  reason: string;
  /** SEQR's reference of a refund that turns out to have been made, if it is known. */
  refundReference?: string;
}

/** An entry as staff see it, with what was decided about its payment so far. */
export interface AttentionItem {
  id: string;
  kind: string;
  what: string;
  since: Date;
  /** What will happen by itself, and when. */
  by_itself: string | null;
  next_at: Date | null;
  /** What a person can do, and what it means here. */
  actions: Partial<Record<AttentionAction, string>>;
  invoice_id: string;
  invoice_reference: string | null;
  ers_reference: string | null;
  cart_id: string | null;
  order_id: string | null;
  state: string;
  reason: string | null;
  problem: string | null;
  amount: string;
  currency_code: string;
  refund: { id: string; amount: string; requested_at: Date } | null;
  decisions: Pick<DecisionRecord, "kind" | "action" | "actor_id" | "reason" | "decided_at">[];
}

/** Money that is neither an order nor a refund yet, or not as it should be; longest first. */
export async function listAttention(context: SettleContext, limit: number): Promise<AttentionItem[]> {
  const { seqr } = context;
  const invoices = await seqr.unfinished(limit);
  const entries = await Promise.all(
    invoices.map(async (invoice) => attentionOf(invoice, await seqr.refundsOf(invoice))),
  );
  return Promise.all(entries.flat().map((entry) => describe(context, entry)));
}

/**
 * Does what a person decided, and writes down who decided what and why.
 *
 * @param id of the entry
 * @returns what is left to attend to about the payment
 * @throws {MedusaError} SEQR_NO_SUCH_ENTRY, SEQR_DECISION, or why it could not be done
 */
export async function decide(
  context: SettleContext,
  id: string,
  decision: Decision,
): Promise<AttentionItem[]> {
  const { seqr } = context;
  const [invoiceId = ""] = id.split(".");
  const invoice = await seqr.find({ id: invoiceId });
  const entries = invoice ? attentionOf(invoice, await seqr.refundsOf(invoice)) : [];
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw problem("SEQR_NO_SUCH_ENTRY");
  const { action, actorId, reason } = decision;
  if (entry.actions[action] === undefined) {
    throw problem("SEQR_DECISION", `Possible: ${Object.keys(entry.actions).join(", ") || "nothing"}.`);
  }
  if (reason.trim() === "" && action !== "retry") throw problem("SEQR_DECISION", "The reason is missing.");
  await seqr.decide(entry.invoice, { kind: entry.kind, action, actor_id: actorId, reason });
  await carryOut(context, entry, decision);
  const current = await seqr.current(entry.invoice);
  const left = attentionOf(current, await seqr.refundsOf(current));
  return Promise.all(left.map((one) => describe(context, one)));
}

async function carryOut(context: SettleContext, entry: AttentionEntry, decision: Decision): Promise<void> {
  if (entry.kind === "refund_unknown") return judge(context, entry, decision);
  const { seqr } = context;
  const { invoice } = entry;
  switch (decision.action) {
    case "retry":
      await seqr.note(invoice, { problem: null, attempts: 0, due_at: seqr.now() });
      await settleInvoiceSoon(context, invoice, "staff");
      return;
    case "refund": {
      const returning = await seqr.transition(invoice, "returning", { reason: "staff", attempts: 0 });
      if (!returning) throw problem("SEQR_BUSY");
      await settleInvoiceSoon(context, returning, "staff");
      return;
    }
    default:
      return close(context, invoice);
  }
}

/** A person has taken it over: it is not listed any more. */
async function close(context: SettleContext, invoice: InvoiceRecord): Promise<void> {
  const { seqr } = context;
  // What has ended well or without money only had something to be seen; the rest would go on by itself.
  if (await seqr.transition(invoice, "waived", { reason: "staff", problem: null })) return;
  await seqr.note(invoice, { problem: null });
}

async function judge(
  context: SettleContext,
  { invoice, refund }: AttentionEntry,
  { action, refundReference }: Decision,
): Promise<void> {
  const { seqr } = context;
  const judged = await seqr.judgeRefund(invoice, {
    made: action === "accept",
    ...(refundReference !== undefined && { reference: refundReference }),
  });
  const current = await seqr.current(invoice);
  if (action === "retry" && current.state === "settled" && refund) {
    await seqr.refundInvoice(current, {
      amount: refund.amount,
      idempotencyKey: refund.idempotency_key,
      reason: refund.reason,
    });
  }
  if (action !== "dismiss" && current.state === "settled") await bookRefund(context, current, judged);
  else await settleInvoiceSoon(context, current, "staff");
}

async function describe(context: SettleContext, entry: AttentionEntry): Promise<AttentionItem> {
  const { id, kind, what, since, byItself, nextAt, actions, invoice, refund } = entry;
  const { invoice_reference, ers_reference, cart_id, order_id } = invoice;
  const { state, reason, problem: obstacle, amount, currency_code } = invoice;
  const decisions = await context.seqr.decisionsOf(invoice);
  return {
    ...{ id, kind, what, since, by_itself: byItself, next_at: nextAt, actions },
    ...{ invoice_id: invoice.id, invoice_reference, ers_reference, cart_id, order_id },
    ...{ state, reason, problem: obstacle, amount, currency_code },
    refund: refund ? { id: refund.id, amount: refund.amount, requested_at: refund.requested_at } : null,
    decisions: decisions.map(({ kind, action, actor_id, reason, decided_at }) => ({
      ...{ kind, action, actor_id, reason, decided_at },
    })),
  };
}
