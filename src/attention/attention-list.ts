import {
  ATTENTION_KINDS,
  canTransition,
  invoiceOfEntry,
  NEED_OF,
  NEEDS,
  REQUESTED_BY_MEDUSA,
  type AttentionAction,
  type AttentionEntry,
  type AttentionKind,
  type DecisionRecord,
  type InvoiceRecord,
  type StaffDecision,
  type Need,
  type RefundRecord,
  findAttentionEntries,
  entriesOfInvoices,
  recordDecision,
  resolveUnknownRefund,
  currentInvoice,
  carryOutRequestedRefund,
  patchInvoice,
  SHORT_WAIT,
  withLease,
  decisionsOfInvoices,
} from "../modules/seqr/public";
import { seqrError, type ErrorCode } from "../errors/error-codes";
import { recordRefundInMedusa } from "../processing/refunds/record-refund-in-medusa";
import { processPaymentAndWait } from "../processing/process-payment";
import type { ProcessingContext } from "../processing/processing-context";

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
  /** Names what it is about: a decision under the id of what has changed is refused. */
  id: string;
  kind: string;
  /** A person who decides, nothing, since it passes by itself, or only that somebody has seen it. */
  needs: Need;
  what: string;
  since: Date;
  /** What will happen by itself, and when. */
  by_itself: string | null;
  next_at: Date | null;
  /** What a person can do, and what it means here. */
  actions: Partial<Record<AttentionAction, string>>;
  invoice_id: string;
  invoice_reference: string | null;
  /** SEQR's reference of the payment; after a contradicting answer, the one that it names. */
  ers_reference: string | null;
  cart_id: string | null;
  order_id: string | null;
  state: string;
  reason: string | null;
  problem: string | null;
  amount: string;
  currency_code: string;
  /** What SEQR says it took, where that contradicts the amount. */
  disputed_amount: string | null;
  refund: { id: string; amount: string; requested_at: Date } | null;
  decisions: Pick<DecisionRecord, "kind" | "subject" | "action" | "actor_id" | "reason" | "decided_at">[];
}

/** What of the attention list is asked for. */
export interface AttentionQuery {
  limit: number;
  offset: number;
  /** Only these kinds. */
  kind?: AttentionKind[];
  /** Only what needs one of these. */
  needs?: Need[];
}

/** A part of the attention list, with how much there is in all. */
export interface AttentionList {
  attention: AttentionItem[];
  /** Entries that were asked for, on all pages. */
  count: number;
  offset: number;
  limit: number;
  /** All entries, whatever was asked for: how many there are, and how many of them need what. */
  totals: Record<Need | "all", number>;
}

/**
 * Money that is neither an order nor a refund yet, or not as it should be: what needs a person first, then what passes by
 * itself, then what only wants to be seen; oldest first.
 */
export async function listAttention(
  { seqr }: Pick<ProcessingContext, "seqr">,
  { limit, offset, kind = ATTENTION_KINDS, needs = [...NEEDS] }: AttentionQuery,
): Promise<AttentionList> {
  const kinds = kind.filter((one) => needs.includes(NEED_OF[one]));
  const entries = await findAttentionEntries(seqr, { limit, offset, kinds });
  const counts = await seqr.ledger.attentionCounts();
  const number = (of: readonly AttentionKind[]): number =>
    of.reduce((total, one) => total + (counts.get(one) ?? 0), 0);
  const needing = (need: Need): number => number(ATTENTION_KINDS.filter((one) => NEED_OF[one] === need));
  return {
    attention: await describe({ seqr }, entries),
    count: number(kinds),
    offset,
    limit,
    totals: {
      all: number(ATTENTION_KINDS),
      person: needing("person"),
      nothing: needing("nothing"),
      acknowledgement: needing("acknowledgement"),
    },
  };
}

/**
 * Does what a person decided, and writes down who decided what and why. The database decides whether it still can be
 * done: the decision and its first effect are written together, and only while what it is about is as it was seen. So a
 * decision that is written down was carried out, and of two at once one is. What follows, such as the refund, is not
 * part of that: should the process die before it, the watch does it, or the list has it again.
 *
 * @param id of the entry
 * @returns what is left to attend to about the payment
 * @throws {MedusaError} SEQR_NO_SUCH_ENTRY, SEQR_DECISION_STALE, SEQR_DECISION, SEQR_BUSY, or why it could not be done
 */
export async function resolveAttentionItem(
  context: ProcessingContext,
  id: string,
  decision: Decision,
): Promise<AttentionItem[]> {
  const { seqr } = context;
  const entry = await find(context, id);
  const { action, reason } = decision;
  if (entry.actions[action] === undefined) {
    throw seqrError("SEQR_DECISION", `Possible: ${Object.keys(entry.actions).join(", ") || "nothing"}.`);
  }
  if (reason.trim() === "" && action !== "retry") throw seqrError("SEQR_DECISION", "The reason is missing.");
  await carryOut(context, entry, decision);
  return describe(context, await entriesOfInvoices(seqr, [entry.invoice.id]));
}

/** What became of one entry that was to be dismissed. */
export interface Dismissal {
  id: string;
  dismissed: boolean;
  /** Why it was not; both empty when it was. */
  code: string | null;
  message: string | null;
}

/**
 * Takes many entries from the list that only wanted to be seen. Each one for itself: one that has changed stays, and the
 * others go.
 */
export async function dismissAttentionItems(
  context: ProcessingContext,
  ids: string[],
  decision: Omit<Decision, "action">,
): Promise<Dismissal[]> {
  const entries = await entriesOf(context, ids);
  const results: Dismissal[] = [];
  for (const id of new Set(ids)) {
    const entry = entries.find((candidate) => candidate.id === id);
    try {
      if (!entry) throw seqrError(await whyMissing(context, id));
      if (entry.needs !== "acknowledgement") {
        throw seqrError(
          "SEQR_DECISION",
          "Together only those can be dismissed that inform; decide about it alone.",
        );
      }
      await carryOut(context, entry, { ...decision, action: "dismiss" });
      results.push({ id, dismissed: true, code: null, message: null });
    } catch (error) {
      const { code = null, message } = error as { code?: string; message: string };
      if (code === null) throw error;
      results.push({ id, dismissed: false, code, message });
    }
  }
  return results;
}

/** The entries of the invoices of which these entries were. */
function entriesOf({ seqr }: ProcessingContext, ids: string[]): Promise<AttentionEntry[]> {
  return entriesOfInvoices(
    seqr,
    ids.flatMap((id) => invoiceOfEntry(id) ?? []),
  );
}

async function find(context: ProcessingContext, id: string): Promise<AttentionEntry> {
  const entries = await entriesOf(context, [id]);
  const entry = entries.find((candidate) => candidate.id === id);
  if (!entry) throw seqrError(await whyMissing(context, id));
  return entry;
}

/** There was such an entry once, or there never was. */
async function whyMissing({ seqr }: ProcessingContext, id: string): Promise<ErrorCode> {
  const invoiceId = invoiceOfEntry(id);
  const was = invoiceId !== undefined && (await seqr.ledger.find({ id: invoiceId }));
  return was ? "SEQR_DECISION_STALE" : "SEQR_NO_SUCH_ENTRY";
}

async function carryOut(
  context: ProcessingContext,
  entry: AttentionEntry,
  decision: Decision,
): Promise<void> {
  if (entry.kind === "refund_unknown") return judge(context, entry, decision);
  const { seqr } = context;
  const { invoice } = entry;
  const made = madeBy(decision);
  switch (decision.action) {
    case "retry": {
      // What SEQR is asked about in vain is asked about once more, and goes on as rarely as before.
      const isOurs = !["open", "canceling"].includes(invoice.state);
      const patch = { problem: null, due_at: seqr.clock.now(), ...(isOurs && { attempts: 0 }) };
      await processPaymentAndWait(context, await recordDecision(seqr, entry, made, { patch }), "staff");
      return;
    }
    case "refund": {
      // After a contradicting answer what SEQR took goes back, not what it was asked for.
      const { disputed_amount, disputed_reference } = invoice;
      const taken = invoice.state !== "paid" &&
        disputed_amount !== null && { amount: disputed_amount, ers_reference: disputed_reference };
      const patch = { reason: "staff", attempts: 0, problem: null, ...taken } as const;
      await processPaymentAndWait(
        context,
        await recordDecision(seqr, entry, made, { to: "refunding", patch }),
        "staff",
      );
      return;
    }
    default:
      // What only informs is about nothing that anybody could be doing.
      if (entry.needs === "acknowledgement") await close(context, entry, decision);
      else await underLease(context, entry, (seen) => close(context, seen, decision));
  }
}

/** A person has taken it over. What has ended only had something to be seen; the rest would go on by itself. */
async function close({ seqr }: ProcessingContext, entry: AttentionEntry, decision: Decision): Promise<void> {
  const isGoingOn = canTransition(entry.invoice.state, "closed_by_staff");
  await recordDecision(seqr, entry, madeBy(decision), {
    ...(isGoingOn && { to: "closed_by_staff" }),
    patch: { problem: null, ...(isGoingOn && { reason: "staff" }) },
  });
}

/**
 * Decides under the lease of the payment: a process that had begun to refund it would do so after staff have said that the
 * money stays.
 *
 * @param work gets the entry, when it is still the one that was seen
 */
async function underLease(
  context: ProcessingContext,
  { id, invoice }: AttentionEntry,
  work: (entry: AttentionEntry) => Promise<void>,
): Promise<void> {
  const { seqr } = context;
  const leased = await withLease(seqr, invoice, SHORT_WAIT, async (leased) => {
    const entry = await find(context, id);
    const refunds = await seqr.ledger.refundsOf(invoice.id);
    // The process that asked for the refund may have crashed, and SEQR may be making it all the same.
    if (refunds.some(({ state }) => state === "requested"))
      throw seqrError("SEQR_REFUND_RUNNING", "Nothing was decided.");
    await work(entry);
    return leased;
  });
  if (!leased) throw seqrError("SEQR_BUSY", "Nothing was decided.");
}

async function judge(context: ProcessingContext, entry: AttentionEntry, decision: Decision): Promise<void> {
  await underLease(context, entry, (seen) => judgeAlone(context, seen, decision));
  await processPaymentAndWait(context, entry.invoice, "staff");
}

async function judgeAlone(
  context: ProcessingContext,
  entry: AttentionEntry,
  decision: Decision,
): Promise<void> {
  const { seqr } = context;
  const { invoice } = entry;
  const { action, refundReference } = decision;
  // What is on its way back anyway is refunded by the settlement.
  const isGoingBack = invoice.state === "refund_due" || invoice.state === "refunding";
  const again = action === "retry" && !isGoingBack;
  const judged = await resolveUnknownRefund(seqr, entry, madeBy(decision), {
    made: action === "accept",
    again,
    ...(refundReference !== undefined && { reference: refundReference }),
  });
  const refund = again ? await makeAgain(context, invoice, judged.idempotency_key) : judged;
  if (refund?.state !== "done" || refund.reason !== REQUESTED_BY_MEDUSA || isGoingBack) return;
  await recordRefundInMedusa(context, await currentInvoice(seqr, invoice), refund);
}

/**
 * @returns the refund that was made; undefined when SEQR did not answer again, and the new refund is in the list
 * @throws {MedusaError} why it was refused; that it was not made is in the list as well
 */
async function makeAgain(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  key: string,
): Promise<RefundRecord | undefined> {
  try {
    return await carryOutRequestedRefund(context.seqr, invoice);
  } catch (error) {
    const unknown: ErrorCode = "SEQR_REFUND_UNKNOWN";
    if ((error as { code?: string }).code === unknown) return undefined;
    await listNotMade(context, invoice, key);
    throw error;
  }
}

/** One that Medusa has in its books is made by the reconciliation, or listed by it. Of any other nobody else would know. */
async function listNotMade(
  { seqr, store }: ProcessingContext,
  { id }: InvoiceRecord,
  key: string,
): Promise<void> {
  const [invoice, booked] = [await seqr.ledger.find({ id }), await store.recordedRefundIds([key])];
  if (!invoice || invoice.problem !== null || booked.has(key)) return;
  const notMade: ErrorCode = "SEQR_REFUND_NOT_MADE";
  await patchInvoice(seqr, invoice, { problem: notMade, problem_about: key });
}

function madeBy({ action, actorId, reason }: Decision): StaffDecision {
  return { action, actor_id: actorId, reason };
}

async function describe(
  { seqr }: Pick<ProcessingContext, "seqr">,
  entries: AttentionEntry[],
): Promise<AttentionItem[]> {
  const decided = await decisionsOfInvoices(
    seqr,
    entries.map(({ invoice }) => invoice.id),
  );
  return entries.map((entry) => itemOf(entry, decided.get(entry.invoice.id) ?? []));
}

function itemOf(entry: AttentionEntry, decisions: readonly DecisionRecord[]): AttentionItem {
  const { id, kind, needs, what, since, byItself, nextAt, actions, invoice, refund } = entry;
  const { invoice_reference, cart_id, order_id } = invoice;
  const ers_reference = invoice.ers_reference ?? invoice.disputed_reference;
  const { state, reason, problem: obstacle, amount, currency_code, disputed_amount } = invoice;
  return {
    ...{ id, kind, needs, what, since, by_itself: byItself, next_at: nextAt, actions },
    ...{ invoice_id: invoice.id, invoice_reference, ers_reference, cart_id, order_id },
    ...{ state, reason, problem: obstacle, amount, currency_code, disputed_amount },
    refund: refund ? { id: refund.id, amount: refund.amount, requested_at: refund.requested_at } : null,
    decisions: decisions.map(({ kind, subject, action, actor_id, reason, decided_at }) => ({
      ...{ kind, subject, action, actor_id, reason, decided_at },
    })),
  };
}
