import { isVisible, transition, type Event } from "./life-cycle";
import { isNotified, notify } from "./notifications";
import type { Deadline, StoredInvoice } from "./state";
import { schedule, unschedule, type World } from "./world";

/**
 * Applies an event to an invoice: it changes stage and version, sets SEQR's next deadline, and sends a notification.
 *
 * @returns false, without a change, when the event is not possible in the invoice's stage
 */
export function move(world: World, invoice: StoredInvoice, event: Event): boolean {
  const from = invoice.stage;
  const row = transition(from, event);
  if (!row) return false;
  invoice.stage = row.to;
  if (isVisible(from, row.to)) invoice.version += 1;
  invoice.history.push({ at: world.clock.now(), event, stage: row.to, version: invoice.version });
  if (from !== row.to) setDeadline(world, invoice);
  if (event === "reverse") sayReversed(world, invoice);
  world.changed();
  if (isVisible(from, row.to) && isNotified(world.settings, row.to, row.by)) notify(world, invoice);
  return true;
}

/** Chooses the deadline of a new stage: SEQR's automatic action if neither side acts (PROTOCOL 4.4, 4.5). */
export function setDeadline(world: World, invoice: StoredInvoice): void {
  const deadline = deadlineOf(world, invoice);
  if (deadline && Number.isFinite(deadline.at)) invoice.deadline = deadline;
  else delete invoice.deadline;
  watchDeadline(world, invoice);
}

/** Sets the timer of the invoice's deadline, also after a restart. */
export function watchDeadline(world: World, invoice: StoredInvoice): void {
  const name = `invoice ${invoice.reference}`;
  const { deadline } = invoice;
  if (!deadline) return unschedule(world, name);
  schedule(world, name, deadline.at, () => move(world, invoice, deadline.event));
}

function deadlineOf(
  { clock, settings }: World,
  { stage, invoice, issuedAt }: StoredInvoice,
): Deadline | undefined {
  switch (stage) {
    case "open":
    case "scanned":
    case "pending":
      return { event: "expire", at: issuedAt + settings.expireAfter };
    case "reserved": {
      const seconds = invoice.commitReservationTimeout;
      return {
        event: "lapse",
        at: clock.now() + (seconds === undefined ? settings.commitTimeout : seconds * 1_000),
      };
    }
    case "paid":
      return { event: "reverse", at: clock.now() + settings.reversalAfter };
    default:
      return undefined;
  }
}

function sayReversed({ state, clock, settings }: World, { reference, payment }: StoredInvoice): void {
  const transaction = payment === undefined ? undefined : state.transactions.get(payment);
  if (!transaction) return;
  transaction.reversed = true;
  const { value, currency } = transaction.amount;
  state.sms.push({
    at: clock.now(),
    to: settings.shopper.msisdn,
    text: `Your payment of ${value} ${currency} was cancelled because the shop did not confirm it. You get the money back.`,
    invoiceReference: reference,
  });
}
