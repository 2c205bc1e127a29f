import { fromHundredths } from "../../src/seqr";
import { resolveAttentionItem, listAttention, type Decision } from "../../src/attention/attention-list";
import type { AdminSeqrAttentionItem } from "../../src/http-types";
import { compareExactly, isAbout, sumExactly } from "./exact";
import type { World } from "./world";

/** Entries that staff see at once: in a store 200, here as much smaller as the world is. */
export const PAGE = 20;
/** Milliseconds that a clerk lets pass before deciding about something that may still be on its way. */
const IDLE_AFTER_BY_THEN = 70_000;

/** What somebody decided about a refund of unknown outcome, and what was true. */
export interface Verdict {
  invoiceId: string;
  refundId: string;
  action: Decision["action"];
  made: boolean;
}

/** A missing refund that somebody has made up for, or does not want: it is not made any more. */
export interface Closed {
  invoiceId: string;
  at: number;
  /** Medusa's id of the refund in its records that SEQR had not made. */
  refundIds: readonly string[];
}

/** Money on its way back of which somebody has said that it stays, or was returned in another way. */
export interface Kept {
  invoiceId: string;
  at: number;
}

/** An entry about a payment; those about the books are not decided here. */
type PaymentItem = AdminSeqrAttentionItem & { invoice_id: string };

function isAboutPayment(item: AdminSeqrAttentionItem): item is PaymentItem {
  return item.invoice_id !== null && item.period === null;
}

/** Somebody who reads the attention list, asks SEQR, and decides. */
export class Clerk {
  constructor(
    private readonly world: World,
    private readonly name: string,
  ) {}

  /** Looks now and then, until nobody looks any more. */
  start(first: number): void {
    const { world } = this;
    const { random, timeline } = world.runContext;
    timeline.after(first, () => {
      if (world.runContext.isClosed) return;
      void this.#look().finally(() => this.start(random.between(15_000, 60_000)));
    });
  }

  async #look(): Promise<void> {
    const { world } = this;
    const { random } = world.runContext;
    const seenAt = world.runContext.timeline.now();
    const list = await world.request("list", ({ context }) =>
      listAttention(context, { limit: PAGE, offset: 0 }),
    );
    for (const item of list?.attention_items.filter(isAboutPayment) ?? []) {
      const decision = this.#judge(item);
      if (!decision) continue;
      // Somebody else has the same page open, and thinks the same.
      const colleague = world.runContext.happens("stale")
        ? this.#decideLater(item, decision, seenAt, 3_000)
        : undefined;
      const done = await this.#decideLater(item, decision, seenAt, 3_000);
      // Pressed again, on the same page: the error does not say what was done.
      if (!done && random.chance(0.7)) await this.#decideLater(item, decision, seenAt, 20_000);
      await colleague;
    }
  }

  async #decideLater(
    item: PaymentItem,
    decision: Omit<Decision, "actorId">,
    seenAt: number,
    within: number,
  ): Promise<boolean> {
    const { world } = this;
    await world.sleep(world.runContext.random.between(0, within));
    // Asked for again meanwhile: what SEQR said of it is no longer true, and nobody decides by it.
    const { state } = world.ledger.refunds.find(({ id }) => id === item.refund?.id) ?? {};
    if (state === "unknown" && world.runContext.refundedAt(item.ers_reference) > seenAt) return true;
    return this.#decide(item, decision);
  }

  async #decide(item: PaymentItem, decision: Omit<Decision, "actorId">): Promise<boolean> {
    const { world, name } = this;
    world.runContext.count("decisions");
    world.runContext.note(item.invoice_id, `${name} decides ${decision.action} about ${item.kind}`);
    const left = await world.request("decide", (server) =>
      resolveAttentionItem(server.context, item.id, { ...decision, actorId: name }),
    );
    if (left && item.refund) {
      const { action } = decision;
      const { id: refundId } = item.refund;
      world.verdicts.push({ invoiceId: item.invoice_id, refundId, action, made: action === "accept" });
    }
    // The entry names the refund that it is about; what else is missing is listed after it.
    if (left && item.kind === "refund_missing") {
      const [, , refundId = ""] = item.id.split(".");
      world.runContext.count("refunds_closed");
      world.closed.push({
        invoiceId: item.invoice_id,
        at: world.runContext.timeline.now(),
        refundIds: [refundId],
      });
    }
    const isKept = item.kind === "refunding" && decision.action === "dismiss";
    if (left && isKept) world.kept.push({ invoiceId: item.invoice_id, at: world.runContext.timeline.now() });
    if (left === undefined) world.runContext.count("decisions_refused");
    return left !== undefined;
  }

  /** What is to be decided, by what SEQR and the records say when the list is read. */
  #judge(item: PaymentItem): Omit<Decision, "actorId"> | undefined {
    const { random, timeline } = this.world.runContext;
    const age = timeline.now() - Date.parse(item.since);
    const decision = (action: Decision["action"]): Omit<Decision, "actorId"> | undefined =>
      item.actions.includes(action) ? { action, reason: "as SEQR says" } : undefined;
    switch (item.kind) {
      case "refund_unknown":
        if (!item.refund) return undefined;
        if (timeline.now() - this.world.runContext.refundedAt(item.ers_reference) < IDLE_AFTER_BY_THEN)
          return undefined;
        if (this.world.isRefundMade(item.invoice_id, item.refund)) return decision("accept");
        return decision(random.chance(0.7) ? "retry" : "dismiss");
      case "order_pending":
        return age < 2 * IDLE_AFTER_BY_THEN ? undefined : decision(random.chance(0.7) ? "retry" : "refund");
      case "refund_missing":
        // Where the records agree by now it was made while the list was read; the entry goes with it.
        if (this.#isRefundMissing(item)) return decision(random.chance(0.7) ? "accept" : "dismiss");
        // SEQR refused to make it again: it is in nobody's records.
        return this.world.accounts.refundIds().has(item.id.split(".")[2] ?? "")
          ? undefined
          : decision("dismiss");
      case "refunded_elsewhere":
        return random.chance(0.3) ? decision(random.chance(0.5) ? "accept" : "dismiss") : undefined;
      case "amount_differs":
        return random.chance(0.3) ? decision("accept") : undefined;
      case "refunding":
        if (!random.chance(0.3)) return undefined;
        return decision(random.chance(0.5) ? "retry" : "dismiss");
      case "refund_refused":
      case "not_canceled":
        return random.chance(0.2) ? decision("retry") : undefined;
      case "reversed":
        return random.chance(0.3) ? decision("dismiss") : undefined;
      case "unreadable":
        return random.chance(0.2) ? decision("retry") : undefined;
      default:
        return undefined;
    }
  }

  /** Whether Medusa has more refunds in its records than SEQR has made. */
  #isRefundMissing({ invoice_id }: AdminSeqrAttentionItem): boolean {
    const { world } = this;
    const { accounts, ledger } = world;
    const invoice = ledger.invoices.find(({ id }) => id === invoice_id);
    const payment = invoice && accounts.paymentOfSession(invoice.session_id);
    if (!payment) return true;
    const made = world
      .transactions()
      .find(({ kind, ersReference }) => kind === "payment" && ersReference === invoice.ers_reference);
    const back = fromHundredths(BigInt(made?.refunded ?? "0"));
    const booked = sumExactly(payment.refunds.map(({ amount }) => amount));
    return compareExactly(booked, back) > 0 && !isAbout(booked, back);
  }
}
