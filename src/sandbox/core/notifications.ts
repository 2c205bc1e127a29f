import { NOTIFICATION } from "./faults";
import { STATUS, type Actor, type Stage } from "./life-cycle";
import type { Settings, NotificationBody } from "./settings";
import type { NotificationRecord, StoredInvoice } from "./state";
import { schedule, type World } from "./world";

/** Whether this change is notified: a payment always, others by setting (PROTOCOL 5.1). */
export function isNotified(settings: Settings, to: Stage, by: Actor): boolean {
  const statuses: readonly string[] = settings.notification.on;
  return statuses.includes(STATUS[to]) && (to !== "cancelled" || by === "shopper");
}

/** Notifies the merchant of an invoice's new status: one POST without retry, whatever the answer (PROTOCOL 5.1). */
export function notify(world: World, invoice: StoredInvoice): void {
  const url = invoice.invoice.notificationUrl?.trim();
  if (!url) return;
  const record = (): NotificationRecord => ({
    at: world.clock.now(),
    url,
    invoiceReference: invoice.reference,
    status: STATUS[invoice.stage],
    body: bodyOf(world.settings, invoice),
    outcome: "sending",
  });
  const first = record();
  const fault = world.faults.takeForNotification();
  switch (fault?.kind) {
    case undefined:
      return send(world, first);
    case "lost":
      return note(world, { ...first, outcome: "lost" });
    case "double":
      send(world, first);
      return send(world, record());
    case "late": {
      const at = world.clock.now() + fault.ms;
      return schedule(world, `${NOTIFICATION} ${fault.id}.${fault.times}`, at, () =>
        send(world, { ...first, at }),
      );
    }
  }
}

function send(world: World, record: NotificationRecord): void {
  note(world, record);
  world.notify({ url: record.url, body: record.body }, (outcome) => {
    record.outcome = outcome;
    world.changed();
  });
}

function note(world: World, record: NotificationRecord): void {
  world.state.notifications.push(record);
  world.changed();
}

function bodyOf({ notification, shopper }: Settings, { reference, invoice }: StoredInvoice): string {
  const form = { invoiceReference: reference, clientInvoiceId: invoice.clientInvoiceId ?? "" };
  const bodies: Record<NotificationBody, Record<string, string>> = {
    form,
    "four-field": { ...form, msisdn: shopper.msisdn, subscriberKey: shopper.subscriberKey },
    empty: {},
  };
  return new URLSearchParams(bodies[notification.body]).toString();
}
