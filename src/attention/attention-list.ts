import {
  ATTENTION_KINDS,
  canTransition,
  invoiceOfEntry,
  NEED_OF,
  NEEDS,
  REQUESTED_BY_MEDUSA,
  type AttentionEntry,
  type AttentionKind,
  type BooksEntry,
  type DecisionRecord,
  type InvoiceRecord,
  type StaffDecision,
  type Need,
  type RefundRecord,
  findAttentionEntries,
  entriesOfBooks,
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
import type { AdminSeqrAttentionItem, AdminSeqrAttentionList, AdminSeqrDismissal } from "../http-types";
import { recordRefundInMedusa } from "../processing/refunds/record-refund-in-medusa";
import { processPaymentAndWait } from "../processing/process-payment";
import type { ProcessingContext } from "../processing/processing-context";
import type { AttentionContext } from "./attention-context";
import { areBooksKnown, booksEntriesOf, booksItem, decideAboutBooks } from "./books-decisions";
import type { Decision } from "./decision";

export type { Decision } from "./decision";

/** What of the attention list is asked for. */
export interface AttentionQuery {
  limit: number;
  offset: number;
  /** Only these kinds. */
  kind?: AttentionKind[];
  /** Only what needs one of these. */
  needs?: Need[];
}

/** What the list is read from. */
type ListContext = Pick<AttentionContext, "books" | "actorNames"> & {
  seqr: Pick<AttentionContext["seqr"], "ledger">;
};

/**
 * Lists the payments that are neither an order nor a refund yet, or not as they should be, and what is open in the books: first what
 * needs a person, then what resolves automatically, then what is for information; oldest first.
 */
export async function listAttention(
  context: ListContext,
  { limit, offset, kind = ATTENTION_KINDS, needs = [...NEEDS] }: AttentionQuery,
): Promise<AdminSeqrAttentionList> {
  const { seqr, books } = context;
  const kinds = kind.filter((one) => needs.includes(NEED_OF[one]));
  const entries = await findAttentionEntries(seqr, { limit, offset, kinds }, books?.attention);
  const counts = await seqr.ledger.attentionCounts();
  const number = (of: readonly AttentionKind[]): number =>
    of.reduce((total, one) => total + (counts.get(one) ?? 0), 0);
  const needing = (need: Need): number => number(ATTENTION_KINDS.filter((one) => NEED_OF[one] === need));
  return {
    attention_items: await describe(context, entries),
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

/** Reads the entries of one payment. */
export async function attentionItemsOf(
  context: ListContext,
  invoiceId: string,
): Promise<AdminSeqrAttentionItem[]> {
  return describe(context, await entriesOfInvoices(context.seqr, [invoiceId]));
}

/**
 * Carries out a decision, and writes down who decided what and why. The decision and its first effect are written in one
 * transaction, and only while the entry is as it was seen: a decision on record was carried out, and of two concurrent
 * decisions one succeeds. What follows, such as the refund, is not part of that transaction. Should the process crash
 * before it, the watch does it, or the entry is listed again.
 *
 * @param id of the entry
 * @returns the entries that the payment, or the period as a whole, still has
 * @throws {MedusaError} SEQR_NO_SUCH_ENTRY, SEQR_DECISION_STALE, SEQR_DECISION, SEQR_BUSY, or why it could not be done
 */
export async function resolveAttentionItem(
  context: AttentionContext,
  id: string,
  decision: Decision,
): Promise<AdminSeqrAttentionItem[]> {
  const { seqr, books } = context;
  const entry = await findAny(context, id);
  const { action, reason } = decision;
  if (!entry.actions.includes(action)) {
    throw seqrError("SEQR_DECISION", `Possible: ${entry.actions.join(", ") || "nothing"}.`);
  }
  if (reason.trim() === "" && action !== "retry") throw seqrError("SEQR_DECISION", "The reason is missing.");
  if ("period" in entry) {
    if (!books) return [];
    await decideAboutBooks(books, entry, decision);
    const ofPeriod = { period_id: entry.period.id, item_id: null };
    return describe(context, await entriesOfBooks(books.attention, [ofPeriod]));
  }
  await carryOut(context, entry, decision);
  return describe(context, await entriesOfInvoices(seqr, [entry.invoice.id]));
}

/**
 * Dismisses entries for information, and accepts differences of the books. Each is decided for itself: an entry that has changed is not dismissed, and the others
 * are.
 */
export async function dismissAttentionItems(
  context: AttentionContext,
  ids: string[],
  decision: Omit<Decision, "action">,
): Promise<AdminSeqrDismissal[]> {
  const entries = [...(await entriesOf(context, ids)), ...(await booksEntriesOf(context.books, ids))];
  const results: AdminSeqrDismissal[] = [];
  for (const id of new Set(ids)) {
    const entry = entries.find((candidate) => candidate.id === id);
    try {
      if (!entry) throw seqrError(await whyMissing(context, id));
      if ("period" in entry && entry.kind === "books_difference" && context.books)
        await decideAboutBooks(context.books, entry, { ...decision, action: "accept" });
      else if ("period" in entry || entry.needs !== "acknowledgement")
        throw seqrError(
          "SEQR_DECISION",
          "Only entries for information and differences of the books can be dismissed together.",
        );
      else await carryOut(context, entry, { ...decision, action: "dismiss" });
      results.push({ id, dismissed: true, code: null, message: null });
    } catch (error) {
      const { code = null, message } = error as { code?: string; message: string };
      if (code === null) throw error;
      results.push({ id, dismissed: false, code, message });
    }
  }
  return results;
}

/** The present entries of the invoices that these ids name. */
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

async function findAny(context: AttentionContext, id: string): Promise<AttentionEntry | BooksEntry> {
  const entry = (await booksEntriesOf(context.books, [id])).find((candidate) => candidate.id === id);
  return entry ?? find(context, id);
}

/** Tells an entry that has changed from one that never existed. */
async function whyMissing({ seqr, books }: AttentionContext, id: string): Promise<ErrorCode> {
  if (await areBooksKnown(books, id)) return "SEQR_DECISION_STALE";
  const invoiceId = invoiceOfEntry(id);
  const was = invoiceId !== undefined && (await seqr.ledger.find({ id: invoiceId }));
  return was ? "SEQR_DECISION_STALE" : "SEQR_NO_SUCH_ENTRY";
}

async function carryOut(
  context: ProcessingContext,
  entry: AttentionEntry,
  decision: Decision,
): Promise<void> {
  if (entry.kind === "refund_unknown") return resolveRefund(context, entry, decision);
  const { seqr } = context;
  const { invoice } = entry;
  const made = madeDecision(decision);
  switch (decision.action) {
    case "retry": {
      // While SEQR gives no usable answer, one more poll must not make the polls after it more frequent.
      const resetsBackOff = !["open", "canceling"].includes(invoice.state);
      const patch = {
        ...{ problem: null, due_at: seqr.clock.now() },
        ...(resetsBackOff && { attempts: 0 }),
        // Other entries of a reservation are no request to charge it.
        ...(entry.kind === "reservation_lapses" && { reason: "lapses_soon" as const }),
      };
      await processPaymentAndWait(context, await recordDecision(seqr, entry, made, { patch }), "staff");
      return;
    }
    case "refund": {
      // After a contradicting answer, what SEQR took is refunded, and not what it was asked for.
      const { disputed_amount, disputed_reference } = invoice;
      const isPlacing = invoice.state === "paid" || invoice.state === "reserved";
      const taken = !isPlacing &&
        disputed_amount !== null && {
          ...{ amount: disputed_amount, ers_reference: disputed_reference },
          // In the books it belongs to the period in which the ledger learns that it was charged.
          paid_at: invoice.paid_at ?? seqr.clock.now(),
        };
      const to = invoice.state === "reserved" ? "releasing" : "refunding";
      const patch = { reason: "staff", attempts: 0, problem: null, ...taken } as const;
      await processPaymentAndWait(context, await recordDecision(seqr, entry, made, { to, patch }), "staff");
      return;
    }
    default:
      // An entry for information is about nothing that another process could be doing.
      if (entry.needs === "acknowledgement") await close(context, entry, decision);
      else await underLease(context, entry, (seen) => close(context, seen, decision));
  }
}

/** Closes an entry: a payment that is still processed is closed by staff, and an ended one only loses its problem. */
async function close({ seqr }: ProcessingContext, entry: AttentionEntry, decision: Decision): Promise<void> {
  const { state } = entry.invoice;
  const isProcessed = canTransition(state, "closed_by_staff");
  await recordDecision(seqr, entry, madeDecision(decision), {
    ...(isProcessed && { to: "closed_by_staff" }),
    patch: {
      problem: null,
      ...(isProcessed && { reason: "staff" }),
      // The problem may have hidden that the reservation lapses soon.
      ...(state === "awaiting_capture" && { due_at: seqr.clock.now() }),
    },
  });
}

/**
 * Decides under the invoice's lease. Otherwise a process that has begun a refund could make it after a member of staff has
 * decided against it.
 *
 * @param work gets the entry, if it is still the one that was seen
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
    // The process that asked for the refund may have crashed, and SEQR may still be making it.
    if (refunds.some(({ state }) => state === "requested"))
      throw seqrError("SEQR_REFUND_RUNNING", "Nothing was decided.");
    await work(entry);
    return leased;
  });
  if (!leased) throw seqrError("SEQR_BUSY", "Nothing was decided.");
}

async function resolveRefund(
  context: ProcessingContext,
  entry: AttentionEntry,
  decision: Decision,
): Promise<void> {
  await underLease(context, entry, (seen) => resolveRefundLeased(context, seen, decision));
  await processPaymentAndWait(context, entry.invoice, "staff");
}

async function resolveRefundLeased(
  context: ProcessingContext,
  entry: AttentionEntry,
  decision: Decision,
): Promise<void> {
  const { seqr } = context;
  const { invoice } = entry;
  const { action, refundReference } = decision;
  // The engine refunds such a payment itself.
  const isBeingRefunded = invoice.state === "refund_due" || invoice.state === "refunding";
  const again = action === "retry" && !isBeingRefunded;
  const resolved = await resolveUnknownRefund(seqr, entry, madeDecision(decision), {
    made: action === "accept",
    again,
    ...(refundReference !== undefined && { reference: refundReference }),
  });
  const refund = again ? await repeatRefund(context, invoice, resolved.idempotency_key) : resolved;
  if (refund?.state !== "done" || refund.reason !== REQUESTED_BY_MEDUSA || isBeingRefunded) return;
  await recordRefundInMedusa(context, await currentInvoice(seqr, invoice), refund);
}

/**
 * Asks SEQR for the refund again.
 *
 * @returns the refund that was made; undefined when SEQR did not answer, and the new refund is listed as unknown
 * @throws {MedusaError} why SEQR refused it; the missing refund is listed as well
 */
async function repeatRefund(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  key: string,
): Promise<RefundRecord | undefined> {
  try {
    return await carryOutRequestedRefund(context.seqr, invoice);
  } catch (error) {
    const unknown: ErrorCode = "SEQR_REFUND_UNKNOWN";
    if ((error as { code?: string }).code === unknown) return undefined;
    await listMissingRefund(context, invoice, key);
    throw error;
  }
}

/** Lists a refund that SEQR refused, unless Medusa has it on record: the reconciliation then makes or lists it. */
async function listMissingRefund(
  { seqr, store }: ProcessingContext,
  { id }: InvoiceRecord,
  key: string,
): Promise<void> {
  const [invoice, booked] = [await seqr.ledger.find({ id }), await store.recordedRefundIds([key])];
  if (!invoice || invoice.problem !== null || booked.has(key)) return;
  const notMade: ErrorCode = "SEQR_REFUND_NOT_MADE";
  await patchInvoice(seqr, invoice, { problem: notMade, problem_about: key });
}

function madeDecision({ action, actorId, reason }: Decision): StaffDecision {
  return { action, actor_id: actorId, reason };
}

async function describe(
  { seqr, books, actorNames }: ListContext,
  entries: readonly (AttentionEntry | BooksEntry)[],
): Promise<AdminSeqrAttentionItem[]> {
  const periods = [...new Set(entries.flatMap((entry) => ("period" in entry ? entry.period.id : [])))];
  const decided = await decisionsOfInvoices(
    seqr,
    entries.flatMap((entry) => ("period" in entry ? [] : entry.invoice.id)),
  );
  const ofBooks = books && periods.length > 0 ? await books.attention.decisionsOf(periods) : [];
  const all = [...[...decided.values()].flat(), ...ofBooks];
  const names = (await actorNames?.(all.map(({ actor_id }) => actor_id))) ?? new Map<string, string>();
  return entries.map((entry) =>
    "period" in entry
      ? booksItem(
          entry,
          ofBooks.filter(({ period_id }) => period_id === entry.period.id),
          names,
        )
      : itemOf(entry, decided.get(entry.invoice.id) ?? [], names),
  );
}

function itemOf(
  entry: AttentionEntry,
  decisions: readonly DecisionRecord[],
  names: ReadonlyMap<string, string>,
): AdminSeqrAttentionItem {
  const { invoice, refund } = entry;
  return {
    id: entry.id,
    kind: entry.kind,
    needs: entry.needs,
    since: entry.since.toISOString(),
    automatic_action: entry.automaticAction,
    next_attempt_at: entry.nextAttemptAt?.toISOString() ?? null,
    actions: [...entry.actions],
    invoice_id: invoice.id,
    terminal: invoice.terminal,
    invoice_reference: invoice.invoice_reference,
    ers_reference: invoice.ers_reference ?? invoice.disputed_reference,
    cart_id: invoice.cart_id,
    order_id: invoice.order_id,
    state: invoice.state,
    reason: invoice.reason,
    problem: invoice.problem,
    amount: invoice.amount,
    currency_code: invoice.currency_code,
    disputed_amount: invoice.disputed_amount,
    refund: refund
      ? { id: refund.id, amount: refund.amount, requested_at: refund.requested_at.toISOString() }
      : null,
    ...{ period: null, difference: null },
    decisions: decisions.map(({ kind, subject, action, actor_id, reason, decided_at }) => ({
      ...{ kind, subject, action, actor_id, actor: names.get(actor_id) ?? null, reason },
      decided_at: decided_at.toISOString(),
    })),
  };
}
